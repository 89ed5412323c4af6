"""The reduction behind FMR25 Thm 4.1, executed: a formula in, a null run of any proper learner, assignments out.

On the instance of a formula a learner that finds a response 1 must have committed to a parameter that answers 1 often
enough, and such a parameter rounds to an assignment that satisfies many terms (claims ``dnf-exploration-chance`` and
``dnf-soundness``).  Up to the first response 1 all it sees is what a *null run* shows: every answer 0, with reward 0.
A null run needs neither ``theta*`` nor rewards, only the formula; so what is run here is an algorithm for Max-k-DNF::

    1  put the learner on a null run of the instance of the formula
    2  round each of the first T parameters that it commits to:  a_s = sgn theta_s,  sgn 0 = +1
    3  return the assignment with the largest val(a_s)

``dnf-decoding`` rounds the ``theta_hat`` that the learner returns in the same way.

Source: FMR25 Thm 4.1 is proved by a reduction from Max-k-DNF; this one is ours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from flint import fmpq

from proofs_check.reduction import maxsat
from reference.constructions.dnf.assignments import Best
from reference.constructions.dnf.formula import Assignment, DnfInstance, Formula, FormulaError
from reference.exact import RationalLike
from reference.interaction import Choice, ProperLearner, Public, Round, recorded
from reference.interaction.null_runs import null_oracles
from reference.model.parameter_set import Theta


@dataclass(frozen=True, slots=True)
class Rounded:
    """A parameter, the assignment ``sgn theta`` that it rounds to, and ``val`` of that."""

    theta: Theta
    assignment: Assignment
    val: fmpq


@dataclass(frozen=True, slots=True)
class NullRound:
    """One round: what the learner committed to, and the term that was drawn after it; all its answers were 0."""

    committed: tuple[Rounded, ...]
    term: int


@dataclass(frozen=True)
class Reduction:
    """A null run of a learner on the instance of a formula; ``T`` of its draws count."""

    instance: DnfInstance
    T: int
    rounds: tuple[NullRound, ...]
    returned: Rounded

    @property
    def committed(self) -> tuple[Rounded, ...]:
        """What the first ``T`` draws were committed to, in order."""
        return tuple(found for shown in self.rounds for found in shown.committed)[: self.T]

    @property
    def best(self) -> Rounded | None:
        """The first of :attr:`committed` with the largest ``val``; ``None`` if there are none."""
        return max(self.committed, key=lambda found: found.val, default=None)

    @property
    def bound(self) -> fmpq:
        """``1/(4T) - (L/A)/(1-p)``, which the best ``val`` reaches in one null run of four.

        So ``dnf-exploration-search``, of a learner that finds a response 1 within ``T`` draws half the time.
        """
        return promised(self.instance, self.T)

    @cached_property
    def star(self) -> Best:
        """``val*``, with an assignment that attains it; the reduction does not use it.

        Raises:
            Undecided, FormulaError: as :func:`proofs_check.reduction.maxsat.best`.
        """
        return maxsat.best(self.instance.formula)


def reduction(
    instance: DnfInstance,
    learner: ProperLearner,
    T: int,
    choice: Choice,
    *,
    observer: Callable[[NullRound], None] | None = None,
) -> Reduction:
    """Run the reduction.  ``T``: how many draws count; the learner itself ends when it will.

    Of ``instance`` the learner is told what is public, and that does not depend on ``star`` (:func:`instance_of`).
    ``observer`` is told every round as it ends: for seeded runs.

    Raises:
        FormulaError: unless ``T >= 1``.
        ValueError, Undecided: as the learner.
    """
    check_draws(T)

    def note(seen: tuple[NullRound, ...], thetas: tuple[Theta, ...], shown: Round) -> tuple[NullRound, ...]:
        after = NullRound(tuple(rounded(instance, theta) for theta in thetas), shown.x)
        if observer is not None:
            observer(after)
        return (*seen, after)

    public = public_of(instance)
    none: tuple[NullRound, ...] = ()
    theta, rounds = recorded(learner, none, note)(null_oracles(public, choice))  # 1, 2
    return Reduction(instance, T, rounds, rounded(instance, public.check(theta, "the returned theta")))  # 3


def instance_of(formula: Formula, A: RationalLike, L: RationalLike, beta: RationalLike = 1) -> DnfInstance:
    """Return the instance of a formula whose best assignment is not known: ``star`` is all +1, and nobody asks.

    Raises:
        FormulaError: as :class:`~reference.constructions.dnf.formula.DnfInstance`.
    """
    return DnfInstance.of(formula, A, L, beta, (1,) * formula.variables)


def public_of(instance: DnfInstance) -> Public:
    """Return what a proper learner is told: the terms, ``pi_ref``, ``beta``, and the box."""
    return Public.of(instance.problem, instance.parameter_set)


def rounded(instance: DnfInstance, theta: Theta) -> Rounded:
    """Return ``theta`` with ``sgn theta`` and its ``val``."""
    assignment = instance.assignment(theta)
    return Rounded(theta, assignment, instance.formula.value(assignment))


def promised(instance: DnfInstance, T: int) -> fmpq:
    """``1/(4T) - (L/A)/(1-p)``."""
    return fmpq(1, 4 * T) - slack(instance)


def slack(instance: DnfInstance) -> fmpq:
    """``(L/A)/(1-p)``: how much more often a parameter may answer 1 than ``val`` of its rounding."""
    return instance.L / instance.A / (1 - instance.p)


def check_draws(T: int) -> None:
    """Raise :class:`~reference.constructions.dnf.formula.FormulaError` unless ``T >= 1``."""
    if T < 1:
        raise FormulaError(f"T = {T}: the number of draws that count must be at least 1")
