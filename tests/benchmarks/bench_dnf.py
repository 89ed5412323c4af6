"""Max-k-DNF at n = 16, m = 60: the best of 65,536 assignments, bit-sliced, against direct evaluation with fractions."""

import resource
from fractions import Fraction
from itertools import product

from frame import Row, check, compare, main

from proofs_check.reduction.maxsat import best_by_maxsat
from reference.constructions.dnf.best_vertex import best_assignment, vertex_maximum
from reference.constructions.dnf.formula import DnfInstance
from reference.constructions.dnf.generate import planted_formula
from reference.exact import rational
from reference.interaction import Seeded

VARIABLES, TERMS, FASTER, MEGABYTES = 16, 60, 20, 500

Terms = tuple[tuple[int, ...], ...]


def best_directly(terms: Terms) -> Fraction:
    """Return ``val*``: every assignment, every term, as it is defined."""
    best = Fraction(0)
    for a in product((-1, 1), repeat=VARIABLES):
        satisfied = sum(all(n * a[abs(n) - 1] > 0 for n in term) for term in terms)
        best = max(best, Fraction(satisfied, len(terms)))
    return best


def vertex_maximum_directly(terms: Terms, answers: tuple[Fraction, ...]) -> Fraction:
    """Return ``max_a E_j[pi_a(1|j)]``; the answers of a term, by its true literals, are tabulated for it."""
    best = Fraction(0)
    for a in product((-1, 1), repeat=VARIABLES):
        total = sum((answers[sum(n * a[abs(n) - 1] > 0 for n in term)] for term in terms), Fraction(0))
        best = max(best, total / len(terms))
    return best


def rows() -> list[Row]:
    """``val*`` and the vertex maximum for planted formulas, k = 3 and 4; the peak memory of both sides together."""
    found = [row for k in (3, 4) for row in _rows(k)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    check(agree=peak < MEGABYTES, work=f"peak memory {peak:.0f} MiB, the limit is {MEGABYTES}")
    found.append(Row(f"peak memory {peak:.0f} MiB (limit {MEGABYTES})", "-", 0, None))
    return found


def _rows(k: int) -> list[Row]:
    formula, star = planted_formula(Seeded(k), VARIABLES, k, TERMS, 40)
    instance = DnfInstance.of(formula, "7/2", "3/2", 1, star)
    answers = tuple(Fraction(int(q.p), int(q.q)) for q in instance.answers)
    size = f"n = {VARIABLES}, k = {k}, m = {TERMS}"
    direct, vertices = best_directly(formula.terms), vertex_maximum_directly(formula.terms, answers)
    check(agree=best_assignment(formula).value == rational(direct), work=f"val*, {size}")
    check(agree=vertex_maximum(instance).value == rational(vertices), work=f"vertices, {size}")
    check(agree=best_by_maxsat(formula).value == best_assignment(formula).value, work=f"MaxSAT, {size}")
    fractions = "fractions.Fraction, term by term"
    return [
        Row(
            f"val*, {size}",
            fractions,
            *compare(lambda: best_assignment(formula), lambda: best_directly(formula.terms)),
            limit=FASTER,
            faster=True,
        ),
        Row(
            f"vertex maximum, {size}",
            fractions,
            *compare(lambda: vertex_maximum(instance), lambda: vertex_maximum_directly(formula.terms, answers)),
            limit=FASTER,
            faster=True,
        ),
        Row(
            f"val*, {size}",
            "RC2 of python-sat",
            *compare(lambda: best_assignment(formula), lambda: best_by_maxsat(formula)),
        ),
    ]


if __name__ == "__main__":
    main(rows)
