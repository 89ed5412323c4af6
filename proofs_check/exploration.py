"""Exact laws of what a proper learner commits to: on null runs, and on true runs up to the first response 1.

Read by the exhaustive interpreter, which runs the learner for every outcome of its draws.  A run ends with the
``T``-th draw, or with the first response 1; a round is cut there, since its answers are in order.
"""

from collections.abc import Callable, Hashable
from typing import NamedTuple, TypeVar

from flint import fmpq

from proofs_check.reduction import public_of
from reference.constructions.dnf import DnfInstance
from reference.exact import real_sum
from reference.exact.law import Law
from reference.interaction import Choice, ProperLearner, ProperOracles, Round, World, law_of, proper, recorded
from reference.interaction.null_run import null_oracles
from reference.interaction.proper import Iterations
from reference.interaction.public import Public
from reference.model.parameter_set import Theta

S = TypeVar("S")


class Explored(NamedTuple):
    """What a run came to: whether a response was 1, and the parameters of the draws up to it, of the first ``T``."""

    hit: bool
    used: frozenset[Theta]


def true_law(instance: DnfInstance, learner: ProperLearner, T: int) -> Law[Explored]:
    """Return the exact law of a run on the problem itself, without noise, up to the first response 1."""
    public, wrapped = public_of(instance), _Ending(learner, T)

    def program(choice: Choice) -> Explored:
        try:
            proper(wrapped, public)(World(instance.problem, choice).oracles)
        except _Ended as ended:
            return ended.explored
        raise AssertionError(UNREACHABLE)

    return law_of(program)


def null_law(instance: DnfInstance, learner: ProperLearner, T: int) -> Law[frozenset[Theta]]:
    """Return the exact law of the parameters that the first ``T`` draws of a null run are committed to."""
    public, wrapped = public_of(instance), _Ending(learner, T)

    def program(choice: Choice) -> frozenset[Theta]:
        try:
            wrapped(null_oracles(public, choice))
        except _Ended as ended:
            return ended.explored.used
        raise AssertionError(UNREACHABLE)

    return law_of(program)


UNREACHABLE = "a wrapped learner always ends with what it has explored"


def chance(public: Public, theta: Theta) -> fmpq:
    """Return ``E_j[pi_theta(1|j)]``, prompt by prompt from the model.

    Raises:
        ValueError: if it is not rational; it is where all ``theta_v`` are 0 or plus or minus ``beta k log A``.
    """
    mean = real_sum(public.tilt(theta, x).law().mass(1) for x in public.rho.outcomes) / len(public.rho.outcomes)
    if not isinstance(mean.exact, fmpq):
        msg = "the chance is not rational"
        raise ValueError(msg)  # noqa: TRY004 - it is of the right type and has a value that is not
    return mean.exact


class _Seen(NamedTuple):
    """The draws so far, and what they were committed to."""

    draws: int
    used: frozenset[Theta]


class _Ended(Exception):  # noqa: N818 - not an error: how a run is left in the middle of a learner
    def __init__(self, explored: Explored) -> None:
        super().__init__()
        self.explored = explored


class _Ending:
    """A learner that is left, by :class:`_Ended`, at its first response 1, at its ``T``-th draw, or when it returns."""

    def __init__(self, learner: ProperLearner, T: int) -> None:
        self.learner = learner
        self.T = T

    def __call__(self, oracles: ProperOracles, /) -> Theta:
        view = ProperOracles(oracles.public, oracles.round, oracles.draw, _catching(oracles))
        _, seen = recorded(self.learner, _Seen(0, frozenset()), self.note)(view)
        raise _Ended(Explored(hit=False, used=seen.used))

    def note(self, seen: _Seen, thetas: tuple[Theta, ...], shown: Round) -> _Seen:
        """Add a round, draw by draw."""
        for theta, answer in zip(thetas, shown.answers, strict=True):
            seen = _Seen(seen.draws + 1, seen.used | {theta})
            if answer.y == 1 or seen.draws == self.T:
                raise _Ended(Explored(answer.y == 1, seen.used))
        return seen


def _catching(oracles: ProperOracles) -> Iterations:
    """Return ``iterate`` such that runs that have ended are a state of the loop: they merge, and the others go on."""

    def iterate(
        state: S,
        step: Callable[[S], S],
        rounds: int,
        *,
        until: Callable[[S], bool] | None = None,
        key: Callable[[S], Hashable] | None = None,
    ) -> S:
        def guarded(pair: tuple[S, Explored | None]) -> tuple[S, Explored | None]:
            try:
                return step(pair[0]), None
            except _Ended as ended:
                return pair[0], ended.explored

        def done(pair: tuple[S, Explored | None]) -> bool:
            return pair[1] is not None or (until is not None and until(pair[0]))

        def named(pair: tuple[S, Explored | None]) -> Hashable:
            if pair[1] is not None:
                return pair[1]
            return (pair[0] if key is None else key(pair[0]),)

        last, explored = oracles.iterate((state, None), guarded, rounds, until=done, key=named)
        if explored is not None:
            raise _Ended(explored)
        return last

    return iterate
