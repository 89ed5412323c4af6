"""Random formulas, drawn through a :class:`~reference.interaction.choice.Choice`: seeded, or all with their law.

The variables of a term are a uniform subset of size ``k``; terms are independent, so a term may come twice.
"""

from reference.constructions.dnf.formula import Assignment, Formula, FormulaError
from reference.exact.law import Law
from reference.exact.plain import cached
from reference.interaction.choice import Choice

SIGNS = Law.uniform((-1, 1))


def random_formula(choice: Choice, variables: int, k: int, terms: int) -> Formula:
    """Return a formula with ``terms`` terms of ``k`` literals, every sign a fair coin.

    Raises:
        FormulaError: unless ``1 <= k <= variables`` and ``terms >= 1``.
    """
    _check(variables, k, terms)
    drawn = []
    for _ in range(terms):
        chosen = _variables(choice, variables, k)
        drawn.append(tuple(choice.draw(SIGNS) * v for v in chosen))
    return Formula(variables, tuple(drawn))


def planted_formula(choice: Choice, variables: int, k: int, terms: int, satisfied: int) -> tuple[Formula, Assignment]:
    """Return a formula and a uniform assignment of which ``val`` is exactly ``satisfied/terms``.

    The positions of the satisfied terms are uniform; the signs of any other term are uniform among the ``2^k - 1``
    patterns that the assignment does not satisfy.  Nothing keeps another assignment from having a larger ``val``.

    Raises:
        FormulaError: as :func:`random_formula`, and unless ``0 <= satisfied <= terms``.
    """
    _check(variables, k, terms)
    if not 0 <= satisfied <= terms:
        raise FormulaError(f"{satisfied} satisfied terms of {terms}: needs 0 <= satisfied <= terms")
    star = tuple(choice.draw(SIGNS) for _ in range(variables))
    places = set(_subset(choice, terms, satisfied))
    others = Law.uniform(range(1, 2**k))  # bit i says that literal i is false
    drawn = []
    for j in range(terms):
        chosen = _variables(choice, variables, k)
        false = 0 if j in places else choice.draw(others)
        drawn.append(tuple(v * star[v - 1] * (-1) ** (false >> i & 1) for i, v in enumerate(chosen)))
    return Formula(variables, tuple(drawn)), star


def _variables(choice: Choice, variables: int, k: int) -> list[int]:
    return [v + 1 for v in _subset(choice, variables, k)]


def _subset(choice: Choice, n: int, size: int) -> list[int]:
    """Return a uniform subset of ``range(n)``, ascending: the first ``size`` of a random order."""
    left = list(range(n))
    return sorted(left.pop(choice.draw(_places(len(left)))) for _ in range(size))


@cached(256)
def _places(n: int) -> Law[int]:
    return Law.uniform(range(n))


def _check(variables: int, k: int, terms: int) -> None:
    if not 1 <= k <= variables:
        raise FormulaError(f"k = {k} literals over {variables} variables: needs 1 <= k <= variables")
    if terms < 1:
        raise FormulaError(f"{terms} terms: needs at least one")
