"""Powers of sums over a coprime base: whether a product of large powers is one term, without forming it.

Sums without radicals are polynomials in one ``exp(1/step)``, a transcendental number, so they factor uniquely; gcds
alone find a base of pairwise coprime polynomials in which all of them factor.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq, fmpz_poly

from reference.exact.expsum import ExpSum
from reference.exact.fast.products import common_step, is_polynomial
from reference.exact.log_linear import ZERO, LogLinear, known_log

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


def _refined(base: list[fmpz_poly], polynomial: fmpz_poly) -> list[fmpz_poly]:
    """Return a pairwise coprime base in which the primitive polynomial and every member of ``base`` factor."""
    base, left = list(base), [polynomial]
    while left:
        f = left.pop()
        for i, b in enumerate(base):
            if (g := b.gcd(f)).degree() > 0:
                del base[i]
                left += [f // g, g, b // g]
                break
        else:
            base += [f] * (f.degree() > 0)
    return base


def _valuation(f: fmpz_poly, b: fmpz_poly) -> int:
    count = 0
    while f.degree() >= b.degree():
        quotient, rest = divmod(f, b)
        if rest.degree() >= 0:
            break
        f, count = quotient, count + 1
    return count
