"""Exp-ratios: quotients of exp-sums, a field with decidable equality (cross-multiply) and order.

Softmax probabilities are exp-ratios.  A quotient is reduced where that is cheap: a denominator of one term is folded
into the numerator, proportional sums become rationals, and dense polynomials in one ``exp(1/step)`` lose their common
factor.  Elsewhere the two sides are kept as they are; equality does not depend on it.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flint import arb, fmpq

from reference.exact.expsum import ONE, ExpSum, exp_total, lifted, proportion
from reference.exact.laurent import Laurent, common_lattice
from reference.exact.number import SHORT_TEXT, ExactNumber, hash_irrational, setter, shortened
from reference.exact.precision import workprec
from reference.exact.rational_numbers import rational, rational_sign

MAX_GCD_DEGREE = 1024
"""Beyond this degree common factors of polynomials are left in place."""


class ExpRatio(ExactNumber):
    """``numerator / denominator`` with a positive denominator; immutable, hashable by value, totally ordered.

    >>> import reference as ref
    >>> ref.ExpRatio(ref.exp(1), 1 + ref.exp(1)) < ref.rational("3/4")
    True

    Raises:
        ZeroDivisionError: for a zero denominator.
    """

    __slots__ = ("denominator", "numerator", "rational")  # the last one is always there
    numerator: ExpSum
    denominator: ExpSum
    rational: fmpq | None

    def __init__(self, numerator: int | fmpq | ExpSum, denominator: int | fmpq | ExpSum = 1) -> None:
        above, below = _reduced(lifted(numerator), lifted(denominator))
        _put_numerator(self, above)
        _put_denominator(self, below)
        _put_rational(self, above.rational if below.rational is not None else None)

    if not TYPE_CHECKING:  # the attributes are those that are declared

        def __getattr__(self, name: str) -> object:
            """Make the two sides of a rational ratio."""
            if name == "numerator":
                above = lifted(self.rational)
                _put_numerator(self, above)
                return above
            if name == "denominator":
                _put_denominator(self, ONE)
                return ONE
            msg = f"ExpRatio has no {name}"
            raise AttributeError(msg)

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"ExpRatio is immutable: cannot set {name}"
        raise AttributeError(msg)

    def __reduce__(self) -> tuple[type["ExpRatio"], tuple[ExpSum, ExpSum]]:
        return ExpRatio, (self.numerator, self.denominator)

    @property
    def is_rational(self) -> bool:
        """Whether the value is a rational number; decided."""
        return self.rational is not None

    def as_rational(self) -> fmpq:
        """Return the value of a rational ratio; :class:`ValueError` otherwise."""
        if self.rational is None:
            msg = f"{self!s:.200} is not rational"
            raise ValueError(msg)
        return self.rational

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains the number, computed with ``prec`` bits."""
        if self.rational is not None:
            with workprec(prec):
                return arb(self.rational)
        above, below = self.numerator.enclosure(prec), self.denominator.enclosure(prec)
        with workprec(prec):
            return above / below

    def sign(self) -> int:
        """Return -1, 0 or 1; always decided."""
        if self.rational is not None:
            return rational_sign(self.rational)
        return self.numerator.sign()

    def __add__(self, other: "int | fmpq | ExpSum | ExpRatio") -> "ExpRatio":
        if not isinstance(other, (ExpRatio, int, fmpq, ExpSum)):
            return NotImplemented
        that = exp_ratio(other)
        if that.rational is not None:
            return _plus(self, that.rational)
        if self.rational is not None:
            return _plus(that, self.rational)
        if self.denominator == that.denominator:
            return ExpRatio(self.numerator + that.numerator, self.denominator)
        above = self.numerator * that.denominator + that.numerator * self.denominator
        return ExpRatio(above, self.denominator * that.denominator)

    __radd__ = __add__

    def __neg__(self) -> "ExpRatio":
        if self.rational is not None:
            return _of_rational(-self.rational)
        return _trusted(-self.numerator, self.denominator)

    def __sub__(self, other: "int | fmpq | ExpSum | ExpRatio") -> "ExpRatio":
        if not isinstance(other, (ExpRatio, int, fmpq, ExpSum)):
            return NotImplemented
        return self + -other

    def __rsub__(self, other: int | fmpq | ExpSum) -> "ExpRatio":
        return -self + other

    def __mul__(self, other: "int | fmpq | ExpSum | ExpRatio") -> "ExpRatio":
        if not isinstance(other, (ExpRatio, int, fmpq, ExpSum)):
            return NotImplemented
        if type(other) is fmpq:  # the common case
            return _scaled(self, other) if self.rational is None else _of_rational(self.rational * other)
        that = exp_ratio(other)
        if that.rational is not None:
            if self.rational is not None:
                return _of_rational(self.rational * that.rational)
            return _scaled(self, that.rational)
        if self.rational is not None:
            return _scaled(that, self.rational)
        return ExpRatio(self.numerator * that.numerator, self.denominator * that.denominator)

    __rmul__ = __mul__

    def __truediv__(self, other: "int | fmpq | ExpSum | ExpRatio") -> "ExpRatio":
        if not isinstance(other, (ExpRatio, int, fmpq, ExpSum)):
            return NotImplemented
        that = exp_ratio(other)
        if that.rational is not None and that.rational != 0:
            return self * (1 / that.rational)
        return ExpRatio(self.numerator * that.denominator, self.denominator * that.numerator)

    def __rtruediv__(self, other: int | fmpq | ExpSum) -> "ExpRatio":
        if not isinstance(other, (int, fmpq, ExpSum)):
            return NotImplemented
        return exp_ratio(other) / self

    def __pow__(self, power: int) -> "ExpRatio":
        if power < 0:
            return 1 / self**-power
        return ExpRatio(self.numerator**power, self.denominator**power)

    def _rational(self) -> fmpq | None:
        return self.rational

    def _minus(self, other: object) -> "ExpRatio | None":
        return self - other if isinstance(other, (ExpRatio, int, fmpq, ExpSum)) else None

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ExpRatio):
            if self.rational is not None or other.rational is not None:  # reduction finds every rational value
                return self.rational == other.rational
            if self.denominator == other.denominator:
                return self.numerator == other.numerator
            return self.numerator * other.denominator == other.numerator * self.denominator
        return ExactNumber.__eq__(self, other)

    def __hash__(self) -> int:
        # Reduction finds every rational value: over another denominator the value is irrational.
        return hash(self.numerator) if self.denominator.rational == 1 else hash_irrational(self)

    def __str__(self) -> str:
        return str(self.numerator) if self.denominator.rational == 1 else f"({self.numerator})/({self.denominator})"

    def __repr__(self) -> str:
        text = self.numerator.start_of_text(SHORT_TEXT)
        if self.denominator.rational != 1:
            text = f"({text})/({self.denominator.start_of_text(SHORT_TEXT)})"
        return f"ExpRatio({shortened(text)})"


_new = object.__new__
_put_numerator, _put_denominator, _put_rational = (
    setter(ExpRatio, slot) for slot in ("numerator", "denominator", "rational")
)


def exp_ratio(value: int | fmpq | ExpSum | ExpRatio) -> ExpRatio:
    """Return ``value`` as an exp-ratio.

    >>> import reference as ref
    >>> ref.exp_ratio(2) / 3
    ExpRatio(2/3)
    """
    if isinstance(value, ExpRatio):
        return value
    if isinstance(value, ExpSum):
        return _trusted(value, ONE) if value.rational is None else _of_rational(value.rational)
    return _of_rational(rational(value))


def ratio_total(values: Iterable[ExpRatio]) -> ExpRatio:
    """Return the sum of exp-ratios; numerators over one denominator are added in one pass."""
    listed = list(values)
    rationals = [value.rational for value in listed if value.rational is not None]
    if len(rationals) == len(listed):
        return _of_rational(sum(rationals, fmpq(0)))
    numerators: list[tuple[ExpSum, list[ExpSum]]] = []
    for value in listed:
        for denominator, above in numerators:
            if value.denominator == denominator:
                above.append(value.numerator)
                break
        else:
            numerators.append((value.denominator, [value.numerator]))
    return sum((ExpRatio(exp_total(above), below) for below, above in numerators), _trusted(exp_total([]), ONE))


def _trusted(above: ExpSum, below: ExpSum) -> ExpRatio:
    """Build a ratio that is already reduced."""
    ratio = _new(ExpRatio)
    _put_numerator(ratio, above)
    _put_denominator(ratio, below)
    _put_rational(ratio, above.rational if below.rational is not None else None)
    return ratio


def _plus(ratio: ExpRatio, value: fmpq) -> ExpRatio:
    """Add a rational, which keeps a reduced ratio reduced."""
    if ratio.rational is not None:
        return _of_rational(ratio.rational + value)
    return _trusted(ratio.numerator + ratio.denominator * value, ratio.denominator) if bool(value) else ratio


def _scaled(ratio: ExpRatio, value: fmpq) -> ExpRatio:
    """Multiply by a rational, which keeps a reduced ratio reduced."""
    return _trusted(ratio.numerator * value, ratio.denominator) if bool(value) else _of_rational(value)


def _of_rational(value: fmpq) -> ExpRatio:
    """Build a rational ratio; its two sides are made when they are asked for, as rational arithmetic does not."""
    ratio = _new(ExpRatio)
    _put_rational(ratio, value)
    return ratio


def _reduced(above: ExpSum, below: ExpSum) -> tuple[ExpSum, ExpSum]:
    """Return numerator and denominator of ``above / below``; the denominator is 1 if the value is rational."""
    if below.rational is not None:
        return above / below.rational, ONE
    if above.rational == 0:
        return above, ONE
    above, below = _without_common_factor(above, below)
    factor, positive = below.monic()
    if positive.rational is not None:
        return above * factor, ONE
    ratio = proportion(above, below)
    return (above * factor, positive) if ratio is None else (lifted(ratio), ONE)


def _without_common_factor(above: ExpSum, below: ExpSum) -> tuple[ExpSum, ExpSum]:
    """Remove the common polynomial factor where each side is a radical times a polynomial in one ``exp(1/step)``."""
    if not len(above.parts) == len(below.parts) == 1:
        return above, below
    (r, left), (s, right) = above.parts[0], below.parts[0]
    if left.monomial or right.monomial or not (found := common_lattice(left, right, MAX_GCD_DEGREE)):
        return above, below
    step, (low, f), (start, g) = found
    if max(f.degree(), g.degree()) > MAX_GCD_DEGREE:
        return above, below
    common = f.gcd(g)
    if common.degree() == 0:
        return above, below
    return (
        ExpSum(above.scale, {r: Laurent.on_lattice(step, low, f // common)}),
        ExpSum(below.scale, {s: Laurent.on_lattice(step, start, g // common)}),
    )
