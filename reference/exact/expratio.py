"""Exp-ratios: quotients of exp-sums, a field with decidable equality (cross-multiply) and order.

Softmax probabilities are exp-ratios.  A quotient is reduced where that is cheap: a denominator of one term is folded
into the numerator, proportional sums become rationals, and dense polynomials in one ``exp(1/step)`` lose their common
factor.  Elsewhere the two sides are kept as they are; equality does not depend on it.
"""

from math import lcm

from flint import arb, ctx, fmpq, fmpz_poly

from reference.exact.expsum import HASH_SCALE, ONE, ExpSum, dense_polynomial, exp_sum
from reference.exact.number import ExactNumber, refine_floor, shortened

MAX_GCD_DEGREE = 4096
"""Beyond this degree common factors of polynomials are left in place."""


class ExpRatio(ExactNumber):
    """``numerator / denominator`` with a positive denominator; immutable, hashable by value, totally ordered.

    Raises:
        ZeroDivisionError: for a zero denominator.
    """

    __slots__ = ("denominator", "numerator")
    numerator: ExpSum
    denominator: ExpSum

    def __init__(self, numerator: int | fmpq | ExpSum, denominator: int | fmpq | ExpSum = 1) -> None:
        above, below = _reduced(_lift(numerator), _lift(denominator))
        object.__setattr__(self, "numerator", above)
        object.__setattr__(self, "denominator", below)

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"ExpRatio is immutable: cannot set {name}"
        raise AttributeError(msg)

    def __reduce__(self) -> tuple[type["ExpRatio"], tuple[ExpSum, ExpSum]]:
        return ExpRatio, (self.numerator, self.denominator)

    @property
    def is_rational(self) -> bool:
        """Whether the value is a rational number; decided."""
        return self.denominator == ONE and self.numerator.is_rational

    def as_rational(self) -> fmpq:
        """Return the value of a rational ratio; :class:`ValueError` otherwise."""
        if not self.is_rational:
            msg = f"{self!s:.200} is not rational"
            raise ValueError(msg)
        return self.numerator.as_rational()

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains the number, computed with ``prec`` bits."""
        above, below = self.numerator.enclosure(prec), self.denominator.enclosure(prec)
        with ctx.workprec(prec):
            return above / below

    def sign(self) -> int:
        """Return -1, 0 or 1; always decided."""
        return self.numerator.sign()

    def __add__(self, other: "int | fmpq | ExpSum | ExpRatio") -> "ExpRatio":
        if not isinstance(other, (int, fmpq, ExpSum, ExpRatio)):
            return NotImplemented
        that = exp_ratio(other)
        if self.denominator == that.denominator:
            return ExpRatio(self.numerator + that.numerator, self.denominator)
        above = self.numerator * that.denominator + that.numerator * self.denominator
        return ExpRatio(above, self.denominator * that.denominator)

    __radd__ = __add__

    def __neg__(self) -> "ExpRatio":
        return _trusted(-self.numerator, self.denominator)

    def __sub__(self, other: "int | fmpq | ExpSum | ExpRatio") -> "ExpRatio":
        if not isinstance(other, (int, fmpq, ExpSum, ExpRatio)):
            return NotImplemented
        return self + -other

    def __rsub__(self, other: int | fmpq | ExpSum) -> "ExpRatio":
        return -self + other

    def __mul__(self, other: "int | fmpq | ExpSum | ExpRatio") -> "ExpRatio":
        if isinstance(other, (int, fmpq)):
            return _trusted(self.numerator * other, self.denominator) if other != 0 else exp_ratio(0)
        if not isinstance(other, (ExpSum, ExpRatio)):
            return NotImplemented
        that = exp_ratio(other)
        return ExpRatio(self.numerator * that.numerator, self.denominator * that.denominator)

    __rmul__ = __mul__

    def __truediv__(self, other: "int | fmpq | ExpSum | ExpRatio") -> "ExpRatio":
        if not isinstance(other, (int, fmpq, ExpSum, ExpRatio)):
            return NotImplemented
        that = exp_ratio(other)
        return ExpRatio(self.numerator * that.denominator, self.denominator * that.numerator)

    def __rtruediv__(self, other: int | fmpq | ExpSum) -> "ExpRatio":
        return exp_ratio(other) / self

    def __pow__(self, power: int) -> "ExpRatio":
        return _trusted(self.numerator**power, self.denominator**power)

    def _minus(self, other: object) -> "ExpRatio | None":
        return self - other if isinstance(other, (int, fmpq, ExpSum, ExpRatio)) else None

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ExpRatio):
            return self.numerator * other.denominator == other.numerator * self.denominator
        return ExactNumber.__eq__(self, other)

    def __hash__(self) -> int:
        if self.denominator == ONE:
            return hash(self.numerator)
        # Reduction finds every rational value, so the scaled value is not an integer and its floor is decided.
        return hash(refine_floor(self, HASH_SCALE, decidable=True))

    def __str__(self) -> str:
        return str(self.numerator) if self.denominator == ONE else f"({self.numerator})/({self.denominator})"

    def __repr__(self) -> str:
        text = str(self)
        return f"ExpRatio({shortened(text)})"


def exp_ratio(value: int | fmpq | ExpSum | ExpRatio) -> ExpRatio:
    """Return ``value`` as an exp-ratio."""
    return value if isinstance(value, ExpRatio) else _trusted(_lift(value), ONE)


def _lift(value: int | fmpq | ExpSum) -> ExpSum:
    return value if isinstance(value, ExpSum) else exp_sum([(value, fmpq(0))])


def _trusted(above: ExpSum, below: ExpSum) -> ExpRatio:
    """Build a ratio that is already reduced."""
    ratio = ExpRatio.__new__(ExpRatio)
    object.__setattr__(ratio, "numerator", above)
    object.__setattr__(ratio, "denominator", below)
    return ratio


def _reduced(above: ExpSum, below: ExpSum) -> tuple[ExpSum, ExpSum]:
    if below == ONE:
        return above, below
    sign = below.sign()
    if sign == 0:
        msg = "division by an exp-sum that is zero"
        raise ZeroDivisionError(msg)
    if not above.parts:
        return above, ONE
    above, below = _by_leading_term(*_without_common_factor(above, below))
    ratio = above.terms()[0][0]
    if above == below * ratio:
        return _lift(ratio), ONE
    return (above, below) if below.sign() > 0 else (-above, -below)


def _by_leading_term(above: ExpSum, below: ExpSum) -> tuple[ExpSum, ExpSum]:
    """Divide both by the first term of the denominator, so that denominators are alike more often."""
    coefficient, exponent = below.terms()[0]
    inverse = exp_sum([(1 / coefficient, -exponent)])
    return above * inverse, below * inverse


def _without_common_factor(above: ExpSum, below: ExpSum) -> tuple[ExpSum, ExpSum]:
    """Remove the common polynomial factor where both sides are dense polynomials in one ``exp(1/step)``."""
    if not (len(above.parts) == len(below.parts) == 1 and above.parts[0][0] == below.parts[0][0]):
        return above, below
    step = lcm(above.step, below.step)
    (_, p, c), (_, q, d) = above.parts[0], below.parts[0]
    p, q = tuple(k * (step // above.step) for k in p), tuple(k * (step // below.step) for k in q)
    f, g = dense_polynomial(p, c), dense_polynomial(q, d)
    if f is None or g is None or max(f.degree(), g.degree()) > MAX_GCD_DEGREE:
        return above, below
    common = f.gcd(g)
    if common.degree() == 0:
        return above, below
    return _from_polynomial(f // common, step, p[0], above.scale), _from_polynomial(
        g // common, step, q[0], below.scale
    )


def _from_polynomial(polynomial: fmpz_poly, step: int, shift: int, scale: int) -> ExpSum:
    row = {shift + k: int(c) for k, c in enumerate(polynomial.coeffs())}
    return ExpSum(step, scale, {(): row})
