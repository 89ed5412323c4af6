"""The best of all ``2^n`` assignments, exactly: ``val*`` and the largest chance ``E_j[pi_a(1|j)]`` at a vertex.

Bit-sliced: a *table* is one integer of ``2^n`` bits, bit ``i`` for the assignment with number ``i``, and ``&``, ``^``
act on all assignments at once.  A number for every assignment is a list of tables, one for each binary digit.  The
chance at a vertex depends only on how many terms have how many literals true, so it is a sum of such counts times
integers over one common denominator.  Nothing is rounded.
"""

from collections.abc import Sequence
from math import gcd, lcm

from flint import fmpq

from reference.constructions.dnf.assignments import (
    Best,
    assignment_of,
    best_chance,
    best_value,
    check_variables,
    patterns_one_by_one,
)
from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.exact.plain import cached, quick

Tables = list[int]
"""One number for every assignment: its binary digits, lowest first."""


@quick(best_value)
def best_assignment(formula: Formula) -> Best:
    """Return ``val*`` with an assignment that attains it; the first of them in the order of their numbers.

    Raises:
        FormulaError: beyond :data:`MAX_VARIABLES` variables.
    """
    variables = variable_tables(formula.variables)
    count: Tables = []
    for term in formula.terms:
        satisfied = full_table(formula.variables)
        for literal in term:
            satisfied &= _literal(variables, literal)
        add(count, satisfied, 1)
    return _largest(formula, count, fmpq(1, len(formula.terms)), fmpq(0))


@quick(best_chance)
def vertex_maximum(instance: DnfInstance) -> Best:
    """Return ``max_a E_j[pi_a(1|j)]`` over the vertices of ``Theta``; raises FormulaError as there."""
    formula, answers = instance.formula, instance.answers
    terms = len(formula.terms)
    denominator = lcm(*(int(answer.q) for answer in answers))
    weights = [int(answer.p) * (denominator // int(answer.q)) for answer in answers]
    least = weights[0]  # answers grow with the number of true literals, and the counts of each term sum to 1
    step = gcd(*(weight - least for weight in weights))
    total: Tables = []
    for count, weight in zip(literal_counts(formula), weights, strict=True):
        for digit, table in enumerate(count):
            add(total, table, (weight - least) // step << digit)
    return _largest(formula, total, fmpq(step, denominator * terms), fmpq(least, denominator))


@quick(patterns_one_by_one)
def literal_patterns(formula: Formula) -> frozenset[tuple[int, ...]]:
    """Return, over all assignments, how many terms have exactly ``0, .., k`` literals true.

    Raises:
        FormulaError: as :func:`best_assignment`.
    """
    alike: dict[tuple[int, ...], int] = {(): full_table(formula.variables)}
    for count in literal_counts(formula):
        values = {(pattern, 0): table for pattern, table in alike.items()}
        for digit, ones in enumerate(count):  # which tells apart what has been alike so far
            values = {
                (pattern, value | bit << digit): part
                for (pattern, value), table in values.items()
                for bit, part in ((0, table & ~ones), (1, table & ones))
                if part
            }
        alike = {(*pattern, value): table for (pattern, value), table in values.items()}
    return frozenset(alike)


def literal_counts(formula: Formula) -> list[Tables]:
    """Return, for ``s = 0..k``, how many terms have exactly ``s`` literals true, at every assignment."""
    variables, full = variable_tables(formula.variables), full_table(formula.variables)
    counts: list[Tables] = [[] for _ in range(formula.k + 1)]
    for term in formula.terms:
        exactly = [full]
        for literal in term:
            true = _literal(variables, literal)
            below, above = [table & ~true for table in exactly], [table & true for table in exactly]
            exactly = [low | high for low, high in zip([*below, 0], [0, *above], strict=True)]
        for count, table in zip(counts, exactly, strict=True):
            add(count, table, 1)
    return counts


def full_table(variables: int) -> int:
    """Return the table that is 1 everywhere."""
    return (1 << (1 << variables)) - 1


@cached(4)
def variable_tables(variables: int) -> tuple[int, ...]:
    """Return, for each variable, the table of the assignments in which it is true."""
    check_variables(variables)
    tables = []
    for v in range(variables):
        table = full_table(v) << (1 << v)  # 2^v zeros, then 2^v ones; and again, until all 2^n places are filled
        for w in range(v + 1, variables):
            table |= table << (1 << w)
        tables.append(table)
    return tuple(tables)


def add(total: Tables, table: int, constant: int) -> None:
    """Add ``constant >= 0`` to the numbers of the assignments in ``table``: one ripple-carry adder for all of them."""
    carry, digit = 0, 0
    while constant >> digit or carry:
        if digit == len(total):
            total.append(0)
        old = total[digit]
        if constant >> digit & 1:
            total[digit] = old ^ table ^ carry
            carry |= old & table  # carries stay inside the table
        else:
            total[digit] = old ^ carry
            carry &= old
        digit += 1


def _literal(variables: Sequence[int], literal: int) -> int:
    true = variables[abs(literal) - 1]
    return true if literal > 0 else full_table(len(variables)) ^ true


def _largest(formula: Formula, total: Tables, unit: fmpq, base: fmpq) -> Best:
    """Return the largest ``base + unit * number``, digit by digit from the top."""
    left, value = full_table(formula.variables), 0
    for digit in reversed(range(len(total))):
        if with_digit := left & total[digit]:
            left, value = with_digit, value | 1 << digit
    first = (left & -left).bit_length() - 1
    return Best(base + unit * value, assignment_of(first, formula.variables), left.bit_count())
