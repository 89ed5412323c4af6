"""Exp-sums: ``sum_i c_i exp(L_i)`` with rational ``c_i`` and log-linear ``L_i``, in a unique normal form.

An exponent ``a + sum_p a_p log p`` stands for ``e^a prod_p p^(a_p)``.  The integer part of every ``a_p`` (floor, also
for negative ``a_p``) is folded into the coefficient; the fractional parts, in ``[0, 1)``, form the *radical*.  Terms
with equal ``(radical, a)`` are collected.  Distinct terms that are left are linearly independent over Q
(Lindemann-Weierstrass between different ``a``; Besicovitch 1940 for radicals of primes at one ``a``), so the sum is
zero exactly when no term is left, and equality compares normal forms.

Within one radical, exponents ``a`` lie on the lattice ``Z/step`` and coefficients are integers over one ``scale``: a
Laurent polynomial in ``t = exp(1/step)``, kept as a sorted tuple and handed to FLINT's dense polynomials for products
and for evaluation wherever it is dense enough.
"""

from collections.abc import Iterable
from math import gcd, lcm
from typing import Self

from flint import arb, ctx, fmpq, fmpz_poly

from reference.exact.loglinear import LogLinear, LogLinearLike, loglinear
from reference.exact.number import ExactNumber, refine_floor, refine_sign, shortened
from reference.exact.rational import BadNumber, rational_text

Radical = tuple[tuple[int, int, int], ...]
"""``(p, a, b)`` for the factor ``p^(a/b)``, primes ascending, ``0 < a/b < 1`` in lowest terms."""

Part = tuple[Radical, tuple[int, ...], tuple[int, ...]]
"""A radical, the exponents as multiples of ``1/step`` (ascending), the non-zero integer coefficients."""

Table = dict[Radical, dict[int, int]]

MAX_FOLDED_BITS = 1_000_000
"""Integer powers of primes longer than this are refused."""

MAX_EXPONENT = 10**12
"""Rational exponents beyond this are refused."""

HASH_SCALE = 1 << 32


class ExpSum(ExactNumber):
    """A finite sum of ``c exp(L)``; build values with :func:`exp`, :func:`exp_sum` and arithmetic.

    ``step``: exponents are multiples of ``1/step``.  ``scale``: coefficients are integers over ``scale``.
    ``parts``: see :data:`Part`.  Immutable; equality, order and hash are those of the number.
    """

    __slots__ = ("_dense", "_hash", "parts", "scale", "step")
    step: int
    scale: int
    parts: tuple[Part, ...]
    _hash: int | None
    _dense: tuple[fmpz_poly | None, ...] | None

    def __init__(self, step: int, scale: int, table: Table) -> None:
        """Normalise ``table``: exponents over ``step``, coefficients over ``scale``.  Not for users."""
        kept = {radical: {k: c for k, c in row.items() if c} for radical, row in table.items()}
        common = gcd(scale, *(c for row in kept.values() for c in row.values()))
        stride = gcd(step, *(k for row in kept.values() for k in row))
        parts = tuple(
            (radical, tuple(k // stride for k in powers), tuple(kept[radical][k] // common for k in powers))
            for radical in sorted(kept)
            if (powers := sorted(kept[radical]))
        )
        object.__setattr__(self, "step", step // stride)
        object.__setattr__(self, "scale", scale // common)
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "_hash", None)
        object.__setattr__(self, "_dense", None)

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"ExpSum is immutable: cannot set {name}"
        raise AttributeError(msg)

    def __reduce__(self) -> tuple[type[Self], tuple[int, int, Table]]:
        return type(self), (self.step, self.scale, self._table(1, 1))

    @property
    def is_rational(self) -> bool:
        """Whether the sum is a rational number."""
        return not self.parts or (len(self.parts) == 1 and self.parts[0][:2] == ((), (0,)))

    def as_rational(self) -> fmpq:
        """Return the value of a rational sum; :class:`ValueError` otherwise."""
        if not self.is_rational:
            msg = f"{self!s:.200} is not rational"
            raise ValueError(msg)
        return fmpq(self.parts[0][2][0], self.scale) if self.parts else fmpq(0)

    def terms(self) -> tuple[tuple[fmpq, LogLinear], ...]:
        """Return the ``(coefficient, exponent)`` pairs of the normal form."""
        return tuple(
            (
                fmpq(c, self.scale),
                LogLinear(fmpq(k, self.step), tuple((p, fmpq(a, b)) for p, a, b in radical)),
            )
            for radical, powers, coefficients in self.parts
            for k, c in zip(powers, coefficients, strict=True)
        )

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains the number, computed with ``prec`` bits."""
        with ctx.workprec(prec):
            total = arb(0)
            dense = self._polynomials()
            for (radical, powers, coefficients), polynomial in zip(self.parts, dense, strict=True):
                if polynomial is not None:
                    value = polynomial(_unit(self.step, 1)) * _unit(self.step, powers[0])
                else:
                    value = arb(0)
                    for k, c in zip(powers, coefficients, strict=True):
                        value += _unit(self.step, k) * c
                for p, a, b in radical:
                    value *= (arb(p).log() * arb(fmpq(a, b))).exp()
                total += value
            return total / self.scale

    def sign(self) -> int:
        """Return -1, 0 or 1; always decided."""
        signs = {c > 0 for _, _, coefficients in self.parts for c in coefficients}
        if len(signs) == 1:
            return 1 if signs.pop() else -1
        return refine_sign(self, nonzero=True) if signs else 0

    def __add__(self, other: "int | fmpq | ExpSum") -> "ExpSum":
        if not isinstance(other, (int, fmpq, ExpSum)):
            return NotImplemented
        that = _lift(other)
        step, scale = lcm(self.step, that.step), lcm(self.scale, that.scale)
        table = self._table(step // self.step, scale // self.scale)
        for radical, row in that._table(step // that.step, scale // that.scale).items():
            mine = table.setdefault(radical, {})
            for k, c in row.items():
                mine[k] = mine.get(k, 0) + c
        return ExpSum(step, scale, table)

    __radd__ = __add__

    def __neg__(self) -> "ExpSum":
        return ExpSum(self.step, self.scale, self._table(1, -1))

    def __sub__(self, other: "int | fmpq | ExpSum") -> "ExpSum":
        if not isinstance(other, (int, fmpq, ExpSum)):
            return NotImplemented
        return self + -other

    def __rsub__(self, other: int | fmpq) -> "ExpSum":
        return -self + other

    def __mul__(self, other: "int | fmpq | ExpSum") -> "ExpSum":
        if isinstance(other, int):
            return ExpSum(self.step, self.scale, self._table(1, other))
        if isinstance(other, fmpq):
            return ExpSum(self.step, self.scale * int(other.q), self._table(1, int(other.p)))
        if not isinstance(other, ExpSum):
            return NotImplemented
        step = lcm(self.step, other.step)
        table: Table = {}
        for mine in self._spread(step):
            for theirs in other._spread(step):
                radical, factor = _times(mine[0], theirs[0])
                row = table.setdefault(radical, {})
                for k, c in _product(mine[1:], theirs[1:]):
                    row[k] = row.get(k, 0) + c * factor
        return ExpSum(step, self.scale * other.scale, table)

    __rmul__ = __mul__

    def __pow__(self, power: int) -> "ExpSum":
        result, base, k = ONE, self, power
        while k:
            result = result * base if k & 1 else result
            base, k = (base * base if k > 1 else base), k >> 1
        return result

    def _minus(self, other: object) -> "ExpSum | None":
        return self - other if isinstance(other, (int, fmpq, ExpSum)) else None

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ExpSum):
            return (self.step, self.scale, self.parts) == (other.step, other.scale, other.parts)
        return ExactNumber.__eq__(self, other)

    def __hash__(self) -> int:
        known = self._hash
        if known is None:
            known = hash_by_value(self)
            object.__setattr__(self, "_hash", known)
        return known

    def __str__(self) -> str:
        return " + ".join(_term_text(c, exponent) for c, exponent in self.terms()) or "0"

    def __repr__(self) -> str:
        text = str(self)
        return f"ExpSum({shortened(text)})"

    def _table(self, stretch: int, factor: int) -> Table:
        return {
            radical: {k * stretch: c * factor for k, c in zip(powers, coefficients, strict=True)}
            for radical, powers, coefficients in self.parts
        }

    def _spread(self, step: int) -> list[Part]:
        stretch = step // self.step
        return [(radical, tuple(k * stretch for k in powers), c) for radical, powers, c in self.parts]

    def _polynomials(self) -> tuple[fmpz_poly | None, ...]:
        """For each part the dense polynomial in ``exp(1/step)``, shifted to start at 0, where it is dense enough."""
        known = self._dense
        if known is None:
            known = tuple(dense_polynomial(powers, coefficients) for _, powers, coefficients in self.parts)
            object.__setattr__(self, "_dense", known)
        return known


def exp(exponent: LogLinearLike) -> ExpSum:
    """Return ``e`` to a log-linear power, such as ``exp("1/2 + log(2)")``.

    Raises:
        BadNumber: if the exponent is absurdly large.
    """
    return exp_sum([(1, loglinear(exponent))])


def exp_sum(terms: Iterable[tuple[int | fmpq, LogLinear | fmpq | int]]) -> ExpSum:
    """Return ``sum c exp(L)`` over the pairs ``(c, L)``, normalised once: linear in the number of terms."""
    folded = [_fold(c, exponent) for c, exponent in terms]
    step = lcm(*(int(a.q) for _, a, _ in folded))
    scale = lcm(*(int(c.q) for c, _, _ in folded))
    table: Table = {}
    for c, a, radical in folded:
        row = table.setdefault(radical, {})
        k = int(a.p) * (step // int(a.q))
        row[k] = row.get(k, 0) + int(c.p) * (scale // int(c.q))
    return ExpSum(step, scale, table)


def dense_polynomial(powers: tuple[int, ...], coefficients: tuple[int, ...]) -> fmpz_poly | None:
    """Return ``sum c t^(k - min k)`` as a dense polynomial, or ``None`` if most of its coefficients would be zero."""
    span = powers[-1] - powers[0]
    if len(powers) < 2 or span > 32 * len(powers):
        return None
    dense = [0] * (span + 1)
    for k, c in zip(powers, coefficients, strict=True):
        dense[k - powers[0]] = c
    return fmpz_poly(dense)


def hash_by_value(number: ExpSum) -> int:
    """Hash by the value: equal numbers of any type in the tower hash alike, rationals like ``fmpq``."""
    return hash(number.as_rational()) if number.is_rational else hash(refine_floor(number, HASH_SCALE, decidable=True))


def _lift(value: int | fmpq | ExpSum) -> ExpSum:
    return value if isinstance(value, ExpSum) else exp_sum([(value, fmpq(0))])


def _fold(c: int | fmpq, exponent: LogLinear | fmpq | int) -> tuple[fmpq, fmpq, Radical]:
    """Return coefficient, rational exponent and radical of ``c exp(exponent)``."""
    if not isinstance(exponent, LogLinear):
        exponent = LogLinear(fmpq(exponent))
    if abs(exponent.constant) > MAX_EXPONENT:
        msg = f"exp({exponent!s:.60}): the exponent is beyond {MAX_EXPONENT}"
        raise BadNumber(msg)
    coefficient, radical = fmpq(c), []
    for p, a in exponent.terms:
        whole = int(a.p // a.q)
        if abs(whole) * p.bit_length() > MAX_FOLDED_BITS:
            msg = f"exp({exponent!s:.60}): the power {p}^{whole!s:.20} has more than {MAX_FOLDED_BITS} bits"
            raise BadNumber(msg)
        if whole:
            coefficient *= fmpq(p) ** whole
        rest = a - whole
        if rest != 0:
            radical.append((p, int(rest.p), int(rest.q)))
    return coefficient, exponent.constant, tuple(radical)


def _times(left: Radical, right: Radical) -> tuple[Radical, int]:
    """Return the radical of a product and the integer that splits off."""
    if not left or not right:
        return left or right, 1
    total = {p: fmpq(a, b) for p, a, b in left}
    factor = 1
    for p, a, b in right:
        total[p] = total.get(p, fmpq(0)) + fmpq(a, b)
        if total[p] >= 1:
            total[p] -= 1
            factor *= p
    return tuple((p, int(q.p), int(q.q)) for p, q in sorted(total.items()) if q != 0), factor


def _product(
    left: tuple[tuple[int, ...], tuple[int, ...]], right: tuple[tuple[int, ...], tuple[int, ...]]
) -> Iterable[tuple[int, int]]:
    """Multiply two Laurent polynomials given as (powers, coefficients)."""
    a, b = dense_polynomial(*left), dense_polynomial(*right)
    if a is not None and b is not None:
        shift = left[0][0] + right[0][0]
        return ((shift + k, int(c)) for k, c in enumerate((a * b).coeffs()) if c != 0)
    return ((j + k, c * d) for j, c in zip(*left, strict=True) for k, d in zip(*right, strict=True))


def _unit(step: int, k: int) -> arb:
    return arb(fmpq(k, step)).exp()


def _term_text(c: fmpq, exponent: LogLinear) -> str:
    if exponent == 0:
        return rational_text(c)
    return f"exp({exponent})" if c == 1 else f"{rational_text(c)}*exp({exponent})"


ONE = exp_sum([(1, fmpq(0))])
"""The exp-sum 1."""
