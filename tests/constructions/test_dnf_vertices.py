"""val* and the vertex maximum against direct evaluation with fractions, and the bit-sliced adder by itself."""

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.constructions.dnf.assignments import Best, assignment_of, assignments
from reference.constructions.dnf.best_vertex import (
    add,
    best_assignment,
    literal_counts,
    variable_tables,
    vertex_maximum,
)
from reference.constructions.dnf.families import PLANTED
from reference.constructions.dnf.formula import DnfInstance, Formula, FormulaError
from reference.testing import dnf_instances, formulas
from tests.constructions import dnf_peer as peer


def fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def test_by_hand() -> None:
    formula = Formula(2, ((1, 2), (1, -2), (-1, 2)))
    assert variable_tables(2) == (0b1010, 0b1100)
    assert list(assignments(2)) == [(-1, -1), (1, -1), (-1, 1), (1, 1)] == peer.cube(2)
    assert best_assignment(formula) == Best(fmpq(1, 3), (1, -1), 3)
    # A = 3, L = 1, p = 1/9: weights 1/81, 1/9, 1 against 8/9
    instance = DnfInstance.of(formula, 3, 1, 1, (1, 1))
    none, one, both = instance.answers
    assert (none, one, both) == (fmpq(1, 73), fmpq(1, 9), fmpq(9, 17))
    # (+,+) has 2, 1, 1 literals true; (+,-) 1, 2, 0; (-,+) 1, 0, 2; (-,-) 0, 1, 1
    assert vertex_maximum(instance) == Best((both + 2 * one) / 3, (1, 1), 1)


@given(formulas(max_variables=5, max_terms=8))
def test_best_assignment_against_fractions(formula: Formula) -> None:
    best = best_assignment(formula)
    values = {a: peer.value(formula.terms, a) for a in peer.cube(formula.variables)}
    largest = max(values.values())
    assert fraction(best.value) == largest
    assert best.ties == list(values.values()).count(largest)
    assert best.assignment == next(a for a, value in values.items() if value == largest)


@given(dnf_instances(max_variables=5, max_terms=8))
def test_vertex_maximum_against_fractions(instance: DnfInstance) -> None:
    A, L, terms = fraction(instance.A), fraction(instance.L), instance.formula.terms
    chances = {a: peer.chance(A, L, terms, a) for a in peer.cube(instance.formula.variables)}
    largest, best = max(chances.values()), vertex_maximum(instance)
    assert fraction(best.value) == largest
    assert best.ties == list(chances.values()).count(largest)
    assert best.assignment == next(a for a, value in chances.items() if value == largest)
    assert instance.chance(best.assignment) == best.value


@given(formulas(max_variables=5, max_terms=8))
def test_literal_counts(formula: Formula) -> None:
    counts = literal_counts(formula)
    for number in range(1 << formula.variables):
        found = formula.satisfied(assignment_of(number, formula.variables))
        for s, tables in enumerate(counts):
            assert sum((table >> number & 1) << digit for digit, table in enumerate(tables)) == found.count(s)


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 1000)), max_size=8))
def test_the_adder_adds_in_every_lane(summands: list[tuple[int, int]]) -> None:
    total: list[int] = []
    for table, constant in summands:
        add(total, table, constant)
    for lane in range(8):
        expected = sum(constant for table, constant in summands if table >> lane & 1)
        assert sum((table >> lane & 1) << digit for digit, table in enumerate(total)) == expected


@pytest.mark.parametrize("planted", PLANTED[:3], ids=str)
def test_planted_formulas_against_fractions(planted: object) -> None:
    formula, _ = planted.formula()  # type: ignore[attr-defined]  # pytest's parameters have no type
    values = [peer.value(formula.terms, a) for a in peer.cube(formula.variables)]
    assert fraction(best_assignment(formula).value) == max(values)


def test_too_many_variables() -> None:
    with pytest.raises(FormulaError, match=r"^23 variables: all assignments are enumerated up to 22; beyond, a MaxSAT"):
        best_assignment(Formula(23, ((1,),)))
