"""Exact laws of what a proper learner commits to: on null runs, and on true runs up to the first response 1.

Read by the exhaustive interpreter, which runs the learner for every outcome of its draws.  ``T`` counts draws, in
order: a round may be cut.  Runs end with the ``T``-th draw; what the learner would return is not computed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from flint import fmpq

from proofs_check.reduction.null_run import public_of
from reference.constructions.dnf.formula import DnfInstance
from reference.exact import LogLinear, Real, real_sum
from reference.exact.law import Law
from reference.interaction import Choice, ProperLearner, ProperOracles, Round, World, law_of, proper, recorded
from reference.interaction.null_runs import null_oracles
from reference.interaction.public import Public
from reference.model.parameter_set import Theta

S = TypeVar("S")

_MAX_LEAVES = 10**7
"""Steps that an enumeration may take, unless told otherwise."""


class Explored(NamedTuple):
    """What a true run came to: whether one of the first ``T`` responses was 1, and the parameters used until then."""

    hit: bool
    used: frozenset[Theta]


class Null(NamedTuple):
    """What a null run came to: the parameters of its first ``T`` draws, and how likely all of them answer 0.

    ``miss``: the product of ``pi_theta(0|x)`` over the draws, each at the prompt that came.
    """

    used: frozenset[Theta]
    miss: fmpq


def true_law(instance: DnfInstance, learner: ProperLearner, T: int) -> Law[Explored]:
    """Return the exact law of a run on the problem itself, without noise, up to the first response 1."""
    public = public_of(instance)

    def note(seen: _Seen, thetas: tuple[Theta, ...], shown: Round) -> _Seen:
        for theta, answer in zip(thetas, shown.answers, strict=True):
            seen = _Seen(seen.draws + 1, seen.used | {theta}, seen.miss)
            if answer.y == 1 or seen.draws == T:
                raise _Ended(seen, hit=answer.y == 1)
        return seen

    def program(choice: Choice) -> Explored:
        ended = _end(lambda: proper(_Ending(learner, note), public)(World(instance.problem, choice).oracles))
        return Explored(ended.hit, ended.seen.used)

    return law_of(program)


def null_law(instance: DnfInstance, learner: ProperLearner, T: int, *, max_leaves: int = _MAX_LEAVES) -> Law[Null]:
    """Return the exact law of a null run.

    Raises:
        ValueError: where :func:`answers` does.
        TooLarge: past ``max_leaves`` steps.
    """
    public = public_of(instance)
    known: dict[Theta, tuple[fmpq, ...]] = {}

    def note(seen: _Seen, thetas: tuple[Theta, ...], shown: Round) -> _Seen:
        for theta in thetas:
            if theta not in known:
                known[theta] = answers(public, theta)
            seen = _Seen(seen.draws + 1, seen.used | {theta}, seen.miss * (1 - known[theta][shown.x]))
            if seen.draws == T:
                raise _Ended(seen, hit=False)
        return seen

    def program(choice: Choice) -> Null:
        ended = _end(lambda: _Ending(learner, note)(null_oracles(public, choice)))
        return Null(ended.seen.used, ended.seen.miss.constant)

    return law_of(program, max_leaves=max_leaves)


def hit_probability(law: Law[Null]) -> Real:
    """Return the probability that a *true* run has a response 1 within ``T`` draws, from null runs alone.

    A true run without a 1 is a null run: with the same prompts and draws, and the probability ``miss`` besides.
    """
    return 1 - law.expectation(lambda found: found.miss)


def chance(public: Public, theta: Theta) -> fmpq:
    """Return ``E_j[pi_theta(1|j)]``, prompt by prompt from the model; raises ValueError as :func:`answers`."""
    masses = answers(public, theta)  # terms are uniform
    return sum(masses, fmpq(0)) / len(masses)


def answers(public: Public, theta: Theta) -> tuple[fmpq, ...]:
    """Return ``pi_theta(1|j)`` for each prompt.

    Raises:
        ValueError: if one is not rational; all are where each ``theta_v`` is 0 or plus or minus ``beta k log A``.
    """
    masses = [real_sum([public.tilt(theta, x).law().mass(1)]).exact for x in public.rho.outcomes]
    found = tuple(mass for mass in masses if isinstance(mass, fmpq))
    if len(found) < len(masses):
        msg = "pi_theta(1|j) is not rational"
        raise ValueError(msg)
    return found


class _Seen(NamedTuple):
    """The draws so far, what they were committed to, and how likely all of them answer 0.

    The last is rational, as a log-linear number, which remembers its hash.
    """

    draws: int
    used: frozenset[Theta]
    miss: LogLinear


START = _Seen(0, frozenset(), LogLinear(fmpq(1)))


class _Ended(Exception):
    """Not an error: how a run is left in the middle of a learner."""

    def __init__(self, seen: _Seen, *, hit: bool) -> None:
        super().__init__(seen, hit)  # what ended runs are told apart by
        self.seen = seen
        self.hit = hit


def _end(run: Callable[[], object]) -> _Ended:
    try:
        run()
    except _Ended as ended:
        return ended.with_traceback(None)  # frames that have the error among their names are not kept by it
    msg = "a run that is to end has returned"
    raise AssertionError(msg)


@dataclass(frozen=True, slots=True)
class _Ending:
    """A learner whose rounds are noted, and that is left by :class:`_Ended`: where ``note`` says, or at its end."""

    learner: ProperLearner
    note: Callable[[_Seen, tuple[Theta, ...], Round], _Seen]

    def __call__(self, oracles: ProperOracles, /) -> Theta:
        _, seen = recorded(self.learner, START, self.note, (_Ended,))(oracles)
        raise _Ended(seen, hit=False)
