"""The interface of training-time methods (FMR25 section 4): a *proper* learner, by construction.

A proper learner runs in rounds.  In each it commits to parameters ``theta_1..theta_k`` in ``Theta``, and only then is
the prompt ``x ~ rho`` drawn, one response ``y_i ~ pi_{theta_i}(.|x)`` for each, unfiltered, and every one of them is
rewarded.  It returns ``theta_hat`` in ``Theta``.  ``ProperOracles.round`` is the only way to a reward, and it takes
the parameters first; so a learner that is proper only in name cannot be written down.

Source: ours.  That a learner commits before the prompt, and that nothing is filtered, is stronger than what is known of
FMR25's wording.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

from flint import fmpq

from reference.exact.expratio import ExpRatio
from reference.exact.expsum import exp
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.interaction.choice import Choice, Loop
from reference.interaction.meter import Budget
from reference.interaction.public import Public
from reference.interaction.runs import Outcome, SoftmaxPolicy
from reference.interaction.runs import play as play_any
from reference.interaction.world import UNLIMITED, Event, Oracles
from reference.model.linear_problem import LinearProblem
from reference.model.parameter_set import ParameterSet, Theta

S = TypeVar("S")
T = TypeVar("T", bound=Hashable)


class Answer(NamedTuple):
    """A response drawn in a round: its index, its features, its reward."""

    y: int
    phi: Vector
    r: LogLinear


class Round(NamedTuple):
    """What a round shows: the prompt, and one answer for each parameter committed to."""

    x: int
    answers: tuple[Answer, ...]


class Rounds(Protocol):
    """``ProperOracles.round``."""

    def __call__(self, thetas: Sequence[Theta], /) -> Round:
        """Commit to ``thetas``; then draw ``x ~ rho`` and each ``y_i ~ pi_{theta_i}(.|x)``, and reward all of them.

        One prompt; for each parameter one weak query if it is 0, else a strong one, and one reward query.

        Raises:
            ValueError: if a parameter is neither in ``Theta`` nor 0; nothing counts then.
        """


class DrawnRewards(Protocol):
    """``ProperOracles.draw``."""

    def __call__(self, law: Law[T], /) -> T:
        """Draw from a law of the learner's own; no query."""


class Loops(Protocol):
    """``ProperOracles.loop``."""

    def __call__(self, loop: Loop[S], /) -> S:
        """Run a loop of the learner's own, as :meth:`reference.interaction.choice.Choice.loop`."""


@dataclass(frozen=True, slots=True)
class ProperOracles:
    """All that a proper learner may touch: what is public, and three functions, none of which is bound to a world.

    Python can hide nothing from a learner that takes functions apart (``__closure__``); to any other there is no way
    around ``round``.
    """

    public: Public
    round: Rounds
    draw: DrawnRewards
    loop: Loops

    def iterate(
        self,
        state: S,
        step: Callable[[S], S],
        rounds: int,
        *,
        until: Callable[[S], bool] | None = None,
        key: Callable[[S], Hashable] | None = None,
    ) -> S:
        """Repeat ``state <- step(state)``, as :meth:`reference.interaction.choice.Choice.iterate`."""
        return self.loop(Loop(state, step, rounds, until, key))


class ProperLearner(Protocol):
    """A training-time method: a function of :class:`ProperOracles` that returns ``theta_hat``, and nothing else."""

    def __call__(self, oracles: ProperOracles, /) -> Theta:
        """Run the learner."""


def proper(
    learner: ProperLearner, public: Public, *, observer: Callable[[Event], None] | None = None
) -> Callable[[Oracles], SoftmaxPolicy]:
    """Return a proper learner as a learner like any other: for :func:`~reference.interaction.runs.play`, say.

    ``observer`` is told ``("commit", thetas)`` before each prompt; give the world the same one for a whole transcript.

    Raises:
        ValueError: when run, if ``public`` does not fit the oracles, or ``theta_hat`` is outside ``Theta``.
    """

    def run(oracles: Oracles) -> SoftmaxPolicy:
        if (oracles.beta, oracles.dimension) != (public.beta, public.dimension):
            msg = "the public part and the oracles belong to different problems: beta or the dimension differ"
            raise ValueError(msg)

        def round_(thetas: Sequence[Theta], /) -> Round:
            committed = public.committed(thetas)
            if observer is not None:
                observer(("commit", committed))
            x = oracles.prompt()
            drawn = [oracles.weak(x) if theta == public.zero else oracles.strong(x, theta) for theta in committed]
            return Round(x, tuple([Answer(y, phi, oracles.reward(x, y)) for y, phi in drawn]))

        view = ProperOracles(public, round_, only_draw(oracles), only_loop(oracles))
        return SoftmaxPolicy(public.check(learner(view), "the returned theta"))

    return run


def play_proper(
    problem: LinearProblem,
    parameter_set: ParameterSet,
    learner: ProperLearner,
    choice: Choice,
    *,
    budget: Budget = UNLIMITED,
    noise: Law[fmpq] | None = None,
) -> Outcome[SoftmaxPolicy]:
    """Run a proper learner on ``problem`` once, with the randomness ``choice``."""
    return play_any(problem, proper(learner, Public.of(problem, parameter_set)), choice, budget=budget, noise=noise)


class Preference(NamedTuple):
    """A compared pair: the prompt, the features of the winner and of the loser, and whether the first one won."""

    x: int
    winner: Vector
    loser: Vector
    first_won: bool


def preference(oracles: ProperOracles, first: Theta, second: Theta) -> tuple[Round, Preference]:
    """Play a round of two parameters and compare its answers; who uses the preference alone sees no reward.

    ``P(first wins) = 1/(1 + exp(r_2 - r_1))``, Bradley-Terry on the scale of 1 nat of reward.
    """
    shown = oracles.round((first, second))
    one, two = shown.answers
    won = oracles.draw(bradley_terry(one.r - two.r))
    return shown, Preference(shown.x, *((one.phi, two.phi) if won else (two.phi, one.phi)), won)


def bradley_terry(difference: LogLinear) -> Law[bool]:
    """Return the coin that says whether a response beats another, whose reward is ``difference`` nats lower."""
    return Law.bernoulli(ExpRatio(1, 1 + exp(-difference)))


def only_draw(source: Choice) -> DrawnRewards:
    """Return a function with nothing to read, unlike a bound method."""

    def draw(law: Law[T], /) -> T:
        return source.draw(law)

    return draw


def only_loop(source: Choice) -> Loops:
    """Return a function with nothing to read, unlike a bound method."""

    def loop(loop: Loop[S], /) -> S:
        return source.loop(loop)

    return loop
