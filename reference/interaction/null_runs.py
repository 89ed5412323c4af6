"""Null runs of proper learners, and records of what they commit to.

On a null run every answer is the null response with reward 0, and there is no problem: what the learner commits to
then, it has found without rewards.  The reduction from Max-k-DNF reads assignments off these commitments.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from reference.exact.law import Law
from reference.exact.log_linear import ZERO
from reference.interaction.choice import Carrying, Choice, Loop
from reference.interaction.proper_learners import Answer, ProperLearner, ProperOracles, Round, only_draw, only_loop
from reference.interaction.public import Public
from reference.model.parameter_set import Theta

S = TypeVar("S")
T = TypeVar("T", bound=Hashable)
R = TypeVar("R", bound=Hashable)


class NullRun(NamedTuple):
    """A run without rewards: what the learner committed to, round by round, and the ``theta_hat`` it returned."""

    committed: tuple[tuple[Theta, ...], ...]
    theta: Theta


def null_run(public: Public, learner: ProperLearner, choice: Choice) -> NullRun:
    """Run a proper learner where every answer is response 0 with reward 0: no problem, no ``theta*``, no rewards."""
    none: tuple[tuple[Theta, ...], ...] = ()
    theta, committed = recorded(learner, none, lambda seen, thetas, _: (*seen, thetas))(null_oracles(public, choice))
    return NullRun(committed, public.check(theta, "the returned theta"))


def null_oracles(public: Public, choice: Choice) -> ProperOracles:
    """Return the oracles of a null run: prompts come from ``rho``, every answer is response 0 with reward 0."""

    def round_(thetas: Sequence[Theta], /) -> Round:
        committed = public.committed(thetas)
        x = choice.draw(public.rho)
        return Round(x, (Answer(0, public.features[x][0], ZERO),) * len(committed))

    return ProperOracles(public, round_, only_draw(choice), only_loop(choice))


@dataclass(frozen=True, slots=True)
class recorded(Generic[R]):  # noqa: N801 - used as a function
    """A proper learner with a record of its rounds: ``record <- note(record, thetas, round)``, from ``start``.

    The record is made part of every state under ``iterate``, so that merging states never mixes records.  A record
    that keeps less (the best value so far, say) lets more states merge.  ``ends``: errors that end a branch of a loop
    with its record; they are raised again after it.
    """

    learner: ProperLearner
    start: R
    note: Callable[[R, tuple[Theta, ...], Round], R]
    ends: tuple[type[Exception], ...] = ()

    def __call__(self, oracles: ProperOracles, /) -> tuple[Theta, R]:
        """Run the learner; return what it returned, and the record."""
        carrying = Carrying(_Source(oracles), self.start, self.ends)

        def round_(thetas: Sequence[Theta], /) -> Round:
            shown = oracles.round(thetas)
            carrying.carried = self.note(carrying.carried, tuple(tuple(theta) for theta in thetas), shown)
            return shown

        theta = self.learner(ProperOracles(oracles.public, round_, oracles.draw, only_loop(carrying)))
        return theta, carrying.carried


@dataclass(frozen=True)
class _Source(Choice):
    """The draws and loops of a proper learner's oracles."""

    oracles: ProperOracles

    def draw(self, law: Law[T]) -> T:
        return self.oracles.draw(law)

    def loop(self, loop: Loop[S]) -> S:
        return self.oracles.loop(loop)
