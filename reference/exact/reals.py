"""Reals: polynomials, with exp-ratio coefficients, in logarithms and other atoms that have enclosures.

KL divergences, objectives and gaps are of this kind: ``sum_p c_p log p + c log(Z) + ...``.  The normal form cancels
equal monomials.  Decided are exp-ratios, log-linear numbers, and sums of logarithms with rational coefficients
(:mod:`reference.exact.log_sums`); sums of logarithms with exp-ratios as coefficients, where what belongs to each
exponential cancels by itself (:mod:`reference.exact.collapsing`).  Otherwise a comparison refines enclosures up to the
precision cap and then raises :class:`~reference.exact.number.Undecided`: equality of general reals is never guessed.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from flint import arb, fmpq

from reference.exact.atoms import (
    UNIT,
    Divisor,
    Enclosed,
    Exponential,
    LogInt,
    LogSum,
    Monomial,
    enclosure_of,
    monomial_product,
    terms_text,
)
from reference.exact.collapsing import collapsed
from reference.exact.expratio import ExpRatio, exp_ratio, ratio_total
from reference.exact.expsum import ExpSum, exp_sum, lifted
from reference.exact.log_linear import ZERO, LogLinear, combination, known_log, loglinear
from reference.exact.log_sums import FIRST_LOOK, PowerProduct, sign_of_logs
from reference.exact.log_terms import Logs, combined, linear_terms, log_terms, once
from reference.exact.number import START_PRECISION, ExactNumber, glance, refine_sign, setter, shortened
from reference.exact.plain import cached
from reference.exact.precision import workprec
from reference.exact.rational_numbers import BadNumber, RationalLike, rational, rational_sign
from reference.exact.sizes import Size, multisets, product_size

Number: TypeAlias = "int | fmpq | LogLinear | ExpSum | ExpRatio | Real"
"""Every number of the tower."""


class Real(ExactNumber):
    """A polynomial over atoms; build values with :func:`real`, :func:`real_log` and arithmetic.

    Comparisons are decided where the class documentation says so and raise
    :class:`~reference.exact.number.Undecided` otherwise.  Not hashable, since equality may be undecided.

    >>> import reference as ref
    >>> ref.real(ref.log(2)) * ref.log(3) < 1
    True
    """

    __slots__ = ("linear", "rational", "terms")  # the first two are always there
    terms: Mapping[Monomial, ExpRatio]
    rational: fmpq | None
    """The value if no atom and no exponential is left."""
    linear: fmpq | LogLinear | None
    """The number, if it was made of log-linear numbers: sums and multiples need no terms, and comparisons neither."""

    def __init__(self, terms: Mapping[Monomial, ExpRatio]) -> None:
        kept = {m: c for m, c in terms.items() if c.rational is None or bool(c.rational)}
        value = (kept[UNIT].rational if UNIT in kept else None) if len(kept) == 1 else None if kept else _0
        _put_terms(self, MappingProxyType(kept))
        _put_rational(self, value)
        _put_linear(self, value)

    if not TYPE_CHECKING:  # the attributes are those that are declared

        def __getattr__(self, name: str) -> object:
            """Make the terms of a log-linear number."""
            if name != "terms":
                msg = f"Real has no {name}"
                raise AttributeError(msg)
            terms = {m: exp_ratio(c) for m, c in linear_terms(loglinear(self.linear)).items() if bool(c)}
            _put_terms(self, MappingProxyType(terms))
            return self.terms

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"Real is immutable: cannot set {name}"
        raise AttributeError(msg)

    def __reduce__(self) -> tuple[type["Real"], tuple[dict[Monomial, ExpRatio]]]:
        return Real, (dict(self.terms),)

    @property
    def exact(self) -> fmpq | LogLinear | ExpRatio | None:
        """The same number lower in the tower, where it is there: a rational, log-linear or an exp-ratio."""
        if self.linear is not None:
            return self.linear
        if len(self.terms) == 1 and UNIT in self.terms:
            return self.terms[UNIT]
        logs = Logs.of(self.terms)
        value = None if logs is None else PowerProduct.of(logs).logarithm()
        return value if value is None or not value.is_rational else value.constant

    @property
    def is_decided(self) -> bool:
        """Whether a normal form settles whether it is zero: for exp-ratios, for sums of logarithms of moderate size."""
        if self.linear is not None or not self.terms.keys() - {UNIT}:
            return True
        logs = Logs.of(self.terms)
        return logs is not None and (logs.are_of_integers or PowerProduct.of(logs).is_decided)

    @property
    def is_irrational(self) -> bool:
        """Whether it is known to be irrational."""
        exact = self.exact
        if exact is not None:
            return not isinstance(exact, fmpq)
        logs = Logs.of(self.terms)
        return logs is not None and PowerProduct.of(logs).is_irrational

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains the number, computed with ``prec`` bits."""
        if self.rational is not None:
            with workprec(prec):
                return arb(self.rational)
        if isinstance(self.linear, LogLinear):
            return self.linear.enclosure(prec)
        return enclosure_of(self.terms.items(), prec)

    def sign(self) -> int:
        """Return -1, 0 or 1.

        Raises:
            Undecided: at the precision cap, where no normal form applies.
        """
        if self.rational is not None:
            return rational_sign(self.rational)
        if isinstance(self.linear, LogLinear):
            return self.linear.sign()
        if not self.terms.keys() - {UNIT}:
            return self.terms[UNIT].sign()
        if len(self.terms) == 1 and all(atom.is_nonzero for monomial in self.terms for atom, _ in monomial):
            return refine_sign(self, nonzero=True)
        logs = Logs.of(self.terms)
        return self._sign_of_general() if logs is None else sign_of_logs(self, logs)

    def _sign_of_general(self) -> int:
        if (seen := glance(self, FIRST_LOOK)) is not None:
            return seen
        if (smaller := collapsed(self.terms)) is not None and not smaller.keys() - {UNIT}:
            return smaller[UNIT].sign() if smaller else 0
        return refine_sign(self, nonzero=False)

    def __add__(self, other: Number) -> "Real":
        if not isinstance(other, _NUMBERS):
            return NotImplemented
        that = real(other)
        if self.linear is not None and that.linear is not None:
            return _of_linear(self.linear + that.linear)
        terms = dict(self.terms)
        for monomial, c in that.terms.items():
            terms[monomial] = terms[monomial] + c if monomial in terms else c
        return Real(terms)

    __radd__ = __add__

    def __neg__(self) -> "Real":
        if self.linear is not None:
            return _of_linear(-self.linear)
        return Real({m: -c for m, c in self.terms.items()})

    def __sub__(self, other: Number) -> "Real":
        if not isinstance(other, _NUMBERS):
            return NotImplemented
        that = real(other)
        if self.linear is not None and that.linear is not None:
            return _of_linear(self.linear - that.linear)
        return self + -that

    def __rsub__(self, other: Number) -> "Real":
        return -self + other

    def __mul__(self, other: Number) -> "Real":
        if not isinstance(other, _NUMBERS):
            return NotImplemented
        that = real(other)
        if that.rational is not None:  # the common case
            if self.linear is not None:
                return _of_linear(self.linear * that.rational)
            return Real({m: c * that.rational for m, c in self.terms.items()} if bool(that.rational) else {})
        factors = that.terms
        if len(factors) == 1 and UNIT in factors:  # a factor without atoms
            factor = factors[UNIT]
            return Real({m: c * factor for m, c in self.terms.items()})
        terms: dict[Monomial, ExpRatio] = {}
        for m, c in self.terms.items():
            for n, d in factors.items():
                monomial = monomial_product(m, n)
                terms[monomial] = terms[monomial] + c * d if monomial in terms else c * d
        return Real(terms)

    __rmul__ = __mul__

    def __truediv__(self, other: Number) -> "Real":
        if not isinstance(other, _NUMBERS):
            return NotImplemented
        that = real(other)
        return self * _inverse(that)

    def __rtruediv__(self, other: Number) -> "Real":
        if not isinstance(other, _NUMBERS):
            return NotImplemented
        return real(other) / self

    def __pow__(self, power: int) -> "Real":
        if power < 0:
            return _inverse(self) ** -power
        if len(self.terms) == 1:
            ((monomial, c),) = self.terms.items()
            return Real({frozenset((atom, k * power) for atom, k in monomial if power): c**power})
        if not (size := Size(multisets(len(self.terms), power), power)).is_formed:
            msg = f"a power {power!s:.20} of {len(self.terms)} terms would have {size}: too large to form"
            raise BadNumber(msg)
        result, base = real(1), self
        while power:
            result = result * base if power & 1 else result
            base, power = (base * base if power > 1 else base), power >> 1
        return result

    def _rational(self) -> fmpq | None:
        exact = self.exact
        return exact if isinstance(exact, fmpq) else None

    def _minus(self, other: object) -> "Real | None":
        return self - other if isinstance(other, _NUMBERS) else None

    def __str__(self) -> str:
        return terms_text(self.terms.items())

    def __repr__(self) -> str:
        text = str(self)
        return f"Real({shortened(text)})"


_NUMBERS = (Real, int, fmpq, LogLinear, ExpRatio, ExpSum)  # the most frequent first

_0, _1 = fmpq(0), fmpq(1)
_new = object.__new__
_put_terms, _put_rational, _put_linear = (setter(Real, slot) for slot in ("terms", "rational", "linear"))


def _of_linear(value: fmpq | LogLinear) -> Real:
    """Build a log-linear number; its terms are made when they are asked for, as linear arithmetic does not."""
    if isinstance(value, LogLinear) and not value.terms:
        value = value.constant
    number = _new(Real)
    _put_rational(number, value if isinstance(value, fmpq) else None)
    _put_linear(number, value)
    return number


def real(value: "Number | RationalLike") -> Real:
    """Return any number of the tower as a real; text is read if it is written as numbers print themselves.

    >>> import reference as ref
    >>> ref.real(2), ref.real("log(1 + exp(1))/2 - 3/4*log(2)")
    (Real(2), Real(-3/4*log(2) + 1/2*log(1 + exp(1))))

    Raises:
        BadNumber: for text that is no number, or too large; the message says where.
        InexactInput: for floats.
    """
    if isinstance(value, Real):
        return value
    if isinstance(value, (fmpq, LogLinear)):
        return _of_linear(value)
    if isinstance(value, (ExpSum, ExpRatio)):
        return _of_linear(value.rational) if value.rational is not None else Real({UNIT: exp_ratio(value)})
    if isinstance(value, str):
        from reference.exact.text import read  # noqa: PLC0415 - the reader makes reals

        return read(value)
    return _of_linear(rational(value))


def lowest(value: Number) -> fmpq | Real:
    """Return a number as a rational if it is known to be one: ``.exact`` goes as low in the tower as it can."""
    if isinstance(value, LogLinear) and value.is_rational:
        return value.constant
    if isinstance(value, fmpq):
        return value
    number = real(value)
    if isinstance(exact := number.exact, fmpq):
        return exact
    if exact is not None:  # irrational
        return number
    return fmpq(0) if number.enclosure(START_PRECISION).contains(0) and number.sign() == 0 else number


def real_sum(values: Iterable[Number]) -> Real:
    """Return the sum, collected once: repeated ``+`` copies a long sum at every step."""
    collected: dict[Monomial, list[ExpRatio]] = defaultdict(list)
    linear: list[tuple[LogLinear, fmpq]] = []
    constant = _0
    for value in values:
        number = real(value)
        if number.rational is not None:
            constant += number.rational
        elif isinstance(number.linear, LogLinear):
            linear.append((number.linear, _1))
        else:
            for monomial, c in number.terms.items():
                collected[monomial].append(c)
    total = _of_linear(combination(linear) + constant)
    if not collected:
        return total
    for monomial, c in total.terms.items():
        collected[monomial].append(c)
    return Real({monomial: ratio_total(coefficients) for monomial, coefficients in collected.items()})


def real_log(value: Number) -> Real:
    """Return the natural logarithm of a positive number: log-linear where it can be, opaque otherwise.

    Raises:
        BadNumber: if ``value`` is not positive, or is no exp-ratio.
    """
    number = real(value)
    if number.rational is not None and rational_sign(number.rational) > 0:
        return _log_of_quotient(int(number.rational.p), int(number.rational.q))
    terms = number.terms
    if terms.keys() - {UNIT}:
        msg = f"log({value!s:.60}): the argument is no quotient of sums of exponentials"
        raise BadNumber(msg)
    ratio = terms.get(UNIT, exp_ratio(0))
    if ratio.sign() <= 0:
        msg = f"log({ratio!s:.60}): the argument must be positive"
        raise BadNumber(msg)
    logs = combined(log_terms(ratio.numerator), log_terms(ratio.denominator), -1)
    return Real({monomial: exp_ratio(c) for monomial, c in logs.items()})


@cached(4096)
def _log_of_quotient(p: int, q: int) -> Real:
    if (known := known_log(p if q == 1 else fmpq(p, q))) is not None:
        return _of_linear(known)
    logs = combined(log_terms(lifted(p)), log_terms(lifted(q)), -1)
    return Real({monomial: exp_ratio(c) for monomial, c in logs.items()})


def real_exp(value: Number) -> Real:
    """Return ``e`` to a power: an exp-ratio for log-linear powers and integer multiples of logarithms of exp-sums.

    Elsewhere the number is known by enclosures, and compared by them.
    """
    number = real(value)
    if number.linear is not None:
        return real(exp_sum([(1, number.linear)]))
    linear, ratio, left = ZERO, exp_ratio(1), {}
    for monomial, c in number.terms.items():
        atom, power = next(iter(monomial)) if len(monomial) == 1 else (None, 0)
        if c.is_rational and not monomial:
            linear += c.as_rational()
        elif c.is_rational and power == 1 and isinstance(atom, LogSum) and _is_small_power(atom.s, c.as_rational()):
            ratio *= exp_ratio(atom.s) ** int(c.as_rational().p)
        elif c.is_rational and power == 1 and isinstance(atom, LogInt) and (found := known_log(atom.n)) is not None:
            linear += found * c.as_rational()
        else:
            left[monomial] = c
    whole = real(ratio * exp_sum([(1, linear)]))
    return whole * Real({once(Exponential(frozenset(left.items()))): exp_ratio(1)}) if left else whole


def _is_small_power(s: ExpSum, power: fmpq) -> bool:
    return power.q == 1 and product_size([(s.scale, s.parts, abs(int(power.p)))]).is_formed


def enclosed(function: Callable[..., arb], *arguments: Hashable) -> Real:
    """Return the real that ``function(prec, *arguments)`` encloses at every precision ``prec`` in bits."""
    return Real({once(Enclosed(function, arguments)): exp_ratio(1)})


def real_max(values: Iterable[Number]) -> Real:
    """Return the largest of at least one number; may raise Undecided."""
    return reduce(max, map(real, values))


def real_min(values: Iterable[Number]) -> Real:
    """Return the smallest of at least one number; may raise Undecided."""
    return reduce(min, map(real, values))


def _inverse(divisor: Real) -> Real:
    """Return ``1 / divisor``, an atom by itself where it has several terms; refuse zero."""
    if divisor.rational is not None and divisor.rational != 0:
        return _of_linear(1 / divisor.rational)
    if not divisor.terms.keys() - {UNIT}:
        return Real({UNIT: 1 / divisor.terms.get(UNIT, exp_ratio(0))})
    if divisor.sign() == 0:
        msg = f"division by {divisor!s:.60}, which is zero"
        raise ZeroDivisionError(msg)
    if len(divisor.terms) > 1:
        return Real({frozenset({(Divisor(frozenset(divisor.terms.items())), -1)}): exp_ratio(1)})
    ((monomial, c),) = divisor.terms.items()
    back = {atom: k for atom, k in monomial if isinstance(atom, Divisor)}  # 1/(1/x) is x
    inverse = Real({frozenset((atom, -k) for atom, k in monomial if atom not in back): 1 / c})
    return reduce(Real.__mul__, [Real(dict(atom.whole)) ** -k for atom, k in back.items()], inverse)
