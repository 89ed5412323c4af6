"""The certificate of a formula's ``val*``: an assignment that attains it, and the branch and bound that none beats it.

The kernel runs branch and bound itself, on the order of variables that is proposed here; it trusts neither the order
nor the assignment.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import formula_form

from reference.constructions.dnf.best_vertex import best_assignment
from reference.constructions.dnf.families import PLANTED
from reference.constructions.dnf.formula import Assignment, Formula
from reference.constructions.dnf.text import parse_formula

LOOKS_PER_SECOND = 400_000
"""Terms that the kernel looks at, of at most four literals, as measured on one core."""


class ValCertificate(NamedTuple):
    """``val*``, an assignment that attains it, the order of splitting, and how many terms branch and bound looks at."""

    value: Fraction
    assignment: Assignment
    order: tuple[int, ...]
    looks: int

    def text(self, name: str, formula: Formula) -> str:
        """Return the file for Coq."""
        instance = formula_form.instance_term((formula.variables, [list(term) for term in formula.terms]))
        claimed = formula_form.best_term(self.value, self.assignment, self.order)
        return formula_form.LAYOUT.file_text(name, instance, claimed)


class TooManyLooks(ValueError):
    """Branch and bound would look at more terms than allowed."""


def certified_value(formula: Formula, most_looks: int) -> ValCertificate:
    """Return the certificate of a formula's ``val*``.

    Raises:
        TooManyLooks: before they are made.
        FormulaError: beyond the variables whose assignments are enumerated.
    """
    best = best_assignment(formula)
    value = Fraction(int(best.value.p), int(best.value.q))
    order = splitting_order(formula)
    looks = _looks(formula, int(value * len(formula.terms)), order, most_looks)
    return ValCertificate(value, best.assignment, order, looks)


def splitting_order(formula: Formula) -> tuple[int, ...]:
    """Return the variables by how many terms they stand in, the most first."""
    count = Counter(abs(literal) for term in formula.terms for literal in term)
    return tuple(sorted(range(1, formula.variables + 1), key=lambda v: (-count[v], v)))


def named_formulas() -> Iterator[tuple[str, str, Formula]]:
    """Yield name, comment and formula of each file in ``proofs_check/coq/formulas``: those planted for the ledger."""
    yield "halfway", "x1 & x2 | !x1 & x2", parse_formula("x1 & x2 | !x1 & x2")
    for planted in PLANTED:
        yield f"planted-{planted.seed}", str(planted), planted.formula()[0]


def _looks(formula: Formula, most: int, order: Sequence[int], most_looks: int) -> int:
    """Count the terms that the kernel looks at; TooManyLooks where they get too many."""
    left, looks = [(list(formula.terms), 0)], 0
    while left:
        terms, depth = left.pop()
        looks += 1 + len(terms)
        if looks > most_looks:
            raise TooManyLooks(f"more than {most_looks} looks at terms")
        if len(terms) > most:
            v = order[depth]
            left += [([term for term in terms if -literal not in term], depth + 1) for literal in (v, -v)]
    return looks
