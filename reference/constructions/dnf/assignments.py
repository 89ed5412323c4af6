"""Assignments in order, and the best of all ``2^n`` of them, one after the other.

These are the definitions; :mod:`reference.constructions.dnf.best_vertex` has the same answers for all at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flint import fmpq

from reference.constructions.dnf.formula import Assignment, DnfInstance, Formula, FormulaError

_MAX_VARIABLES = 22
"""Beyond this a table alone has more than half a megabyte, and a number for every assignment has hundreds of tables."""


@dataclass(frozen=True, slots=True)
class Best:
    """The largest value over all assignments, one that attains it, and how many do (``None``: not counted)."""

    value: fmpq
    assignment: Assignment
    ties: int | None


def assignment_of(number: int, variables: int) -> Assignment:
    """Return the assignment with this number: ``x_v`` is true where bit ``v-1`` is 1."""
    return tuple(1 if number >> v & 1 else -1 for v in range(variables))


def assignments(variables: int) -> Iterable[Assignment]:
    """Yield all ``2^n`` assignments in the order of their numbers."""
    return (assignment_of(number, variables) for number in range(1 << variables))


def best_value(formula: Formula) -> Best:
    """Return ``val* = max_a val(a)``; the first ``a`` that attains it, in the order of :func:`assignments`."""
    return _best(formula, formula.value)


def best_chance(instance: DnfInstance) -> Best:
    """Return ``max_a E_j[pi_a(1|j)]`` over the vertices of ``Theta``."""
    formula, answers = instance.formula, instance.answers

    def chance(assignment: Assignment) -> fmpq:
        return sum((answers[true] for true in formula.satisfied(assignment)), fmpq(0)) / len(formula.terms)

    return _best(formula, chance)


def patterns_one_by_one(formula: Formula) -> frozenset[tuple[int, ...]]:
    """Return, over all assignments, how many terms have exactly ``0, .., k`` literals true."""
    check_variables(formula.variables)
    found = set()
    for assignment in assignments(formula.variables):
        satisfied = formula.satisfied(assignment)
        found.add(tuple(satisfied.count(true) for true in range(formula.k + 1)))
    return frozenset(found)


def check_variables(variables: int) -> None:
    """Refuse formulas with more than :data:`MAX_VARIABLES` variables.

    Raises:
        FormulaError: one line that says what finds ``val*`` then.
    """
    if variables > _MAX_VARIABLES:
        said = f"{variables} variables: all assignments are enumerated up to {_MAX_VARIABLES}"
        raise FormulaError(f"{said}; beyond, a MaxSAT solver finds val*")


def _best(formula: Formula, worth: Callable[[Assignment], fmpq]) -> Best:
    check_variables(formula.variables)
    values = {assignment: worth(assignment) for assignment in assignments(formula.variables)}
    largest = max(values.values())
    attain = [assignment for assignment, value in values.items() if value == largest]
    return Best(largest, attain[0], len(attain))
