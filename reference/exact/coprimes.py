"""Powers over a coprime base: whether a product of large powers is 1, or one term, without forming it.

Gcds alone find a base of pairwise coprime elements in which all the factors factor.  Sums without radicals are
polynomials in one ``exp(1/step)``, a transcendental number, so they factor uniquely, as integers do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from flint import fmpq, fmpz, fmpz_poly

from reference.exact.expsum import ExpSum
from reference.exact.fast.products import common_step, is_polynomial
from reference.exact.log_linear import ZERO, LogLinear, known_log

C = TypeVar("C", fmpz, fmpz_poly)

MAX_DEGREE = 4096
"""The sum of the degrees up to which a base is looked for."""


@dataclass(frozen=True, slots=True)
class Coprimes:
    """``prod sum**power = e^unit`` times powers of the base, all zero if it ``cancels``."""

    unit: LogLinear
    cancels: bool


def over_coprimes(powers: Sequence[tuple[ExpSum, int]]) -> Coprimes | None:
    """Return what ``prod sum**power`` is; ``None`` for radicals, high degrees, integers that are not factored."""
    longer = [(s, n) for s, n in powers if s.rational is None]
    step = common_step([s for s, _ in longer]) if all(is_polynomial(s) for s, _ in longer) else 0
    unit = ZERO
    polynomials: list[tuple[fmpz_poly, int]] = []
    for s, n in powers if step else ():
        shift, polynomial = s.parts[0][1].on_step(step)
        content = polynomial.content()
        if (logarithm := known_log(fmpq(content, s.scale))) is None:
            return None
        unit += (logarithm + fmpq(shift, step)) * n
        polynomials.append((polynomial // content, n))
    if not step or sum(polynomial.degree() for polynomial, _ in polynomials) > MAX_DEGREE:
        return None
    base: list[fmpz_poly] = []
    for polynomial, _ in polynomials:
        base = _refined(base, polynomial)
    cancels = all(sum(n * _valuation(f, b) for f, n in polynomials) == 0 for b in base)
    return Coprimes(unit, cancels)


def independent(powers: Sequence[tuple[int, fmpq]]) -> bool:
    """Whether ``prod n**c``, of integers that need not be factored, is not 1."""
    base: list[fmpz] = []
    for n, _ in powers:
        base = _refined(base, fmpz(n))
    return any(sum((c * _valuation(fmpz(n), b) for n, c in powers), fmpq(0)) != 0 for b in base)


def _refined(base: list[C], element: C) -> list[C]:
    """Return a pairwise coprime base in which the element and every member of ``base`` factor, up to sign."""
    base, left = list(base), [element]
    while left:  # not recursive: log 2 against log 2^1000 takes a thousand steps
        f = left.pop()
        for i, b in enumerate(base):
            if not _is_unit(g := b.gcd(f)):
                del base[i]
                left += [f // g, g, b // g]
                break
        else:
            base += [] if _is_unit(f) else [f]
    return base


def _valuation(f: C, b: C) -> int:
    count = 0
    while True:
        quotient, rest = divmod(f, b)
        if rest != 0:
            return count
        f, count = quotient, count + 1


def _is_unit(f: fmpz | fmpz_poly) -> bool:
    return f in (1, -1)
