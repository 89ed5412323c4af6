"""Exp-sums: ``sum_i c_i exp(L_i)`` with rational ``c_i`` and log-linear ``L_i``, in a unique normal form.

An exponent ``a + sum_p a_p log p`` stands for ``e^a prod_p p^(a_p)``.  The integer part of every ``a_p`` (floor, also
for negative ``a_p``) is folded into the coefficient; the fractional parts, in ``[0, 1)``, form the *radical*.  Terms
with equal ``(radical, a)`` are collected.  Distinct terms that are left are linearly independent over Q
(Lindemann-Weierstrass between different ``a``; Besicovitch 1940 for radicals of primes at one ``a``), so the sum is
zero exactly when no term is left, and equality compares normal forms.

For each radical there is one :class:`~reference.exact.laurent.Laurent`, a sum of ``c e^a``; the coefficients of all of
them are integers over one ``scale``, without a common divisor.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import gcd, lcm
from typing import TYPE_CHECKING, overload

from flint import arb, fmpq

from reference.exact.exp_terms import (
    LARGEST_EXPONENT,
    TermTable,
    apart_from_scale,
    exp_term_text,
    exponent_of,
    fold_term,
    over_one_scale,
    terms_on_lattice,
)
from reference.exact.fast.lattice import at_places
from reference.exact.fast.roots import product_of_parts
from reference.exact.laurent import Exponent, Laurent, _Coefficients, accumulate
from reference.exact.log_linear import LogLinear, LogLinearLike, loglinear
from reference.exact.number import SHORT_TEXT, ExactNumber, hash_irrational, refine_sign, setter, shortened, sum_text
from reference.exact.precision import workprec
from reference.exact.radical import Radical, ball
from reference.exact.rational_numbers import (
    BadNumber,
    lowest_text,
    quotient_text,
    rational,
    rational_hash,
    rational_sign,
    rational_text,
)
from reference.exact.sizes import product_size

if TYPE_CHECKING:  # what :func:`exp` takes, too
    from reference.exact.expratio import ExpRatio
    from reference.exact.reals import Real

_MADE_LATER = frozenset({"_ball", "_form_hash", "_hash", "_sign", "_monic", "_terms"})
"""What is ``None`` until it is known."""

_new = object.__new__
_put = object.__setattr__


class ExpSum(ExactNumber):
    """A finite sum of ``c exp(L)``; build values with :func:`exp`, :func:`exp_sum` and arithmetic.

    ``parts``: pairs of a :data:`Radical` and its sum, radicals ascending.  ``scale``: the coefficients are integers
    over it.  ``rational``: the value if it is rational, else ``None``.  Equality, order and hash are the number's.

    >>> import reference as ref
    >>> ref.exp(1) * ref.exp(-1) == 1
    True
    """

    # rational is always there
    __slots__ = ("_ball", "_form_hash", "_hash", "_monic", "_sign", "_terms", "parts", "rational", "scale")
    parts: tuple[tuple[Radical, Laurent], ...]
    scale: int
    rational: fmpq | None
    _ball: tuple[int, arb] | None
    _form_hash: int | None
    _hash: int | None
    _sign: int | None
    _monic: "tuple[ExpSum, ExpSum] | None"
    _terms: TermTable | None
    """The terms of a sum whose parts are not made yet, as the common denominator of many fractions is very long."""

    def __init__(self, scale: int, parts: Mapping[Radical, Laurent]) -> None:
        """Normalise the sum of radical times part, over ``scale``.  Not for users."""
        kept = [(radical, parts[radical]) for radical in (sorted(parts) if len(parts) > 1 else parts) if parts[radical]]
        common = scale
        for _, part in kept:
            if common == 1:
                break
            common = part.content(common)
        if common != 1:
            kept = [(radical, part.scaled(1, common)) for radical, part in kept]
        scale //= common
        value = None if kept else fmpq(0)
        if len(kept) == 1 and not kept[0][0] and (term := kept[0][1].monomial) and term[0] == (0, 1):
            value = fmpq(term[1], scale)
        _put_parts(self, tuple(kept))
        _put_scale(self, scale)
        _put_rational(self, value)

    if not TYPE_CHECKING:  # the attributes are those that are declared

        def __getattr__(self, name: str) -> object:
            """Make what is not there yet: parts and scale, and the first value of what is kept."""
            if name in _MADE_LATER:
                value = None
            elif name in {"parts", "scale"} and self._terms is not None:
                whole = ExpSum(*over_one_scale((c, a, radical) for (radical, a), c in self._terms.items()))
                _put(self, "parts", whole.parts)
                _put(self, "scale", whole.scale)
                _put(self, "_terms", None)
                return getattr(self, name)
            elif name == "parts":
                value = (((), Laurent.scattered({(0, 1): int(self.rational.p)})),) if self.rational != 0 else ()
            elif name == "scale":
                value = int(self.rational.q)
            else:
                msg = f"ExpSum has no {name}"
                raise AttributeError(msg)
            _put(self, name, value)
            return value

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"ExpSum is immutable: cannot set {name}"
        raise AttributeError(msg)

    def __reduce__(self) -> tuple[object, tuple[int, list[tuple[Radical, dict[Exponent, int]]]]]:
        return _rebuilt, (self.scale, [(radical, dict(part.items())) for radical, part in self.parts])

    @property
    def is_rational(self) -> bool:
        """Whether the sum is a rational number."""
        return self.rational is not None

    def as_rational(self) -> fmpq:
        """Return the value of a rational sum; :class:`ValueError` otherwise."""
        if self.rational is None:
            msg = f"{self!s:.200} is not rational"
            raise ValueError(msg)
        return self.rational

    @property
    def content(self) -> fmpq:
        """The largest rational that divides every coefficient with an integer quotient; 0 for the sum 0."""
        common = 0
        for _, part in self.parts:
            common = part.content(common)
        return fmpq(common, self.scale)

    @property
    def number_of_terms(self) -> int:
        """How many terms the normal form has."""
        return len(self._terms) if self._terms is not None else sum(len(part) for _, part in self.parts)

    def terms_up_to(self, most: int) -> int:
        """Return :attr:`number_of_terms`, or ``most`` if it is more: no more are counted."""
        if self._terms is not None:
            return min(len(self._terms), most)
        count = 0
        for _, part in self.parts:
            count += part.terms_up_to(most - count)
        return count

    def terms(self) -> tuple[tuple[fmpq, LogLinear], ...]:
        """Return the ``(coefficient, exponent)`` pairs of the normal form: radicals, then exponents ascending."""
        return tuple(self._written())

    def _written(self) -> Iterator[tuple[fmpq, LogLinear]]:
        for radical, part in self.parts:
            for a, c in part.ascending():
                yield fmpq(c, self.scale), exponent_of(radical, a)

    def term_texts(self) -> list[list[str]]:
        """Return the texts of coefficient and exponent of each of :meth:`terms`; numbers are not formed."""
        return [
            [quotient_text(c, self.scale), str(exponent_of(radical, a)) if radical else lowest_text(*a)]
            for radical, part in self.parts
            for a, c in part.ascending()
        ]

    def stretched(self, factor: int) -> "ExpSum | None":
        """Return the sum with each rational exponent times ``factor``, a positive integer; ``None`` with radicals.

        Coefficients stay as they are, powers of primes among them.
        """
        if self._terms is not None or len(self.parts) != 1 or self.parts[0][0]:
            return None
        return _bounded(ExpSum(self.scale, {(): self.parts[0][1].stretched(factor)}))

    def first_positive_terms(self) -> list[tuple[fmpq, LogLinear]]:
        """Return the term of smallest exponent among those of each radical with positive coefficients."""
        found = []
        for radical, part in self.parts:
            if (term := next((term for term in part.ascending() if term[1] > 0), None)) is not None:
                found.append((fmpq(term[1], self.scale), exponent_of(radical, term[0])))
        return found

    def start_of_text(self, limit: int) -> str:
        """Return more than the first ``limit`` characters of the text, or all of it; no long text is made."""
        texts: list[str] = []
        for c, exponent in self._written():
            texts.append(exp_term_text(c, exponent))
            limit -= len(texts[-1])
            if limit < 0:
                break
        return sum_text(texts)

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains the number, computed with ``prec`` bits."""
        if self.rational is not None:
            with workprec(prec):
                return arb(self.rational)
        if self._ball is not None and self._ball[0] == prec:  # a denominator is asked for again and again
            return self._ball[1]
        with workprec(prec):
            total = arb(0)
            for (radical, (p, q)), c in (self._terms or {}).items():
                term = arb(fmpq(p, q)).exp() * c if p else arb(c)
                total += term * ball(radical) if radical else term
            for radical, part in self.parts if self._terms is None else ():
                total += part.ball() * ball(radical) if radical else part.ball()
            if self._terms is None:
                total /= self.scale
        _put(self, "_ball", (prec, total))
        return total

    def sign(self) -> int:
        """Return -1, 0 or 1; always decided."""
        if self.rational is not None:
            return rational_sign(self.rational)
        if self._sign is None:
            _put(self, "_sign", refine_sign(self, nonzero=True))
        return self._sign or 0

    def monic(self) -> "tuple[ExpSum, ExpSum]":
        """Return ``(m, m * self)`` for the single term ``m`` that makes the first coefficient +-1 and the sum positive.

        Raises:
            ZeroDivisionError: for the sum 0.
        """
        if self._monic is not None:
            return self._monic
        if not self.parts:
            msg = "division by an exp-sum that is zero"
            raise ZeroDivisionError(msg)
        radical, part = self.parts[0]
        (a, b), c = part.smallest()
        exponent = exponent_of(radical, (a, b))
        factor = exp_sum([(self.sign() * fmpq(self.scale, abs(c)), -exponent)])
        found = factor, self * factor
        _put(self, "_monic", found)
        return found

    def __add__(self, other: "int | fmpq | ExpSum") -> "ExpSum":
        if not isinstance(other, (ExpSum, int, fmpq)):
            return NotImplemented
        that = lifted(other)
        if self.rational is not None and that.rational is not None:
            return _constant(self.rational + that.rational)
        scale = lcm(self.scale, that.scale)
        parts = dict(self.parts)
        if scale != self.scale:
            parts = {radical: part.scaled(scale // self.scale) for radical, part in self.parts}
        for radical, part in that.parts:
            addend = part.scaled(scale // that.scale)
            parts[radical] = parts[radical] + addend if radical in parts else addend
        return ExpSum(scale, parts)

    __radd__ = __add__

    def __neg__(self) -> "ExpSum":
        if self.rational is not None:
            return _constant(-self.rational)
        return _irrational(tuple([(radical, part.scaled(-1)) for radical, part in self.parts]), self.scale)

    def __sub__(self, other: "int | fmpq | ExpSum") -> "ExpSum":
        if not isinstance(other, (ExpSum, int, fmpq)):
            return NotImplemented
        return self + -other

    def __rsub__(self, other: int | fmpq) -> "ExpSum":
        return -self + other

    def __mul__(self, other: "int | fmpq | ExpSum") -> "ExpSum":
        if not isinstance(other, (ExpSum, int, fmpq)):
            return NotImplemented
        factor = other.rational if isinstance(other, ExpSum) else fmpq(other)
        if factor is None and self.rational is not None and isinstance(other, ExpSum):
            return other * self.rational
        if factor is not None:
            return self._times(factor) if self.rational is None else _constant(self.rational * factor)
        factors = lifted(other)
        return _bounded(ExpSum(self.scale * factors.scale, product_of_parts(self.parts, factors.parts)))

    __rmul__ = __mul__

    def _times(self, factor: fmpq) -> "ExpSum":
        """Return an irrational sum times a rational: what cancels is found between factor, scale and coefficients."""
        if factor == 1:
            return self
        p, q = int(factor.p), int(factor.q)
        if p == 0:
            return _constant(factor)
        common, content = gcd(p, self.scale), q
        for _, part in self.parts:
            if content == 1:
                break
            content = part.content(content)
        p, scale = p // common, self.scale // common * (q // content)
        return _irrational(tuple([(radical, part.scaled(p, content)) for radical, part in self.parts]), scale)

    def __truediv__(self, other: int | fmpq) -> "ExpSum":
        if not isinstance(other, (int, fmpq)):
            return NotImplemented
        return self * (1 / fmpq(other))

    def __pow__(self, power: int) -> "ExpSum":
        if power < 0:
            msg = f"an exp-sum to the power {power} is an exp-ratio: write exp_ratio(x)**{power}"
            raise ValueError(msg)
        if power > 1 and self.parts and not (size := product_size([(self.scale, self.parts, power)])).is_formed:
            msg = f"a power {power!s:.20} of {self.number_of_terms} terms in exp would have {size}: too large to form"
            raise BadNumber(msg)
        if len(self.parts) == 1 and not self.parts[0][0]:
            return _bounded(ExpSum(self.scale**power, {(): self.parts[0][1] ** power}))
        result, base, k = ONE, self, power
        while k:
            result = result * base if k & 1 else result
            base, k = (base * base if k > 1 else base), k >> 1
        return result

    def _rational(self) -> fmpq | None:
        return self.rational

    def _minus(self, other: object) -> "ExpSum | None":
        return self - other if isinstance(other, (int, fmpq, ExpSum)) else None

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ExpSum):
            if self.rational is not None or other.rational is not None:
                return self.rational == other.rational
            return self is other or (self.scale == other.scale and self.parts == other.parts)
        return ExactNumber.__eq__(self, other)

    def __hash__(self) -> int:
        if self._hash is None:
            value = self.rational
            _put(self, "_hash", hash_irrational(self) if value is None else rational_hash(value))
        return self._hash or 0

    def form_hash(self) -> int:
        """Hash the normal form: sums that are close, whose hashes may be equal as those are of leading bits, differ."""
        if self._form_hash is None:
            _put(self, "_form_hash", hash((self.scale, self.parts)))
        return self._form_hash or 0

    def __str__(self) -> str:
        return sum_text(exp_term_text(c, exponent) for c, exponent in self.terms())

    def __repr__(self) -> str:
        return f"ExpSum({shortened(self.start_of_text(SHORT_TEXT))})"


_put_parts, _put_scale, _put_rational = (setter(ExpSum, slot) for slot in ("parts", "scale", "rational"))


@overload
def exp(exponent: LogLinearLike) -> ExpSum: ...
@overload
def exp(exponent: "ExpSum | ExpRatio | Real") -> "Real": ...
def exp(exponent: "LogLinearLike | ExpSum | ExpRatio | Real") -> "ExpSum | Real":
    """Return ``e`` to a log-linear power, such as ``exp("1/2 + log(2)")``; for any other number a real with enclosures.

    >>> import reference as ref
    >>> ref.exp("log(3)"), ref.exp(1) > 2, ref.exp(ref.exp(1)) > 15
    (ExpSum(3), True, True)

    Raises:
        BadNumber: if the exponent is absurdly large.
    """
    if isinstance(exponent, ExactNumber) and not isinstance(exponent, LogLinear):
        from reference.exact.reals import real_exp  # noqa: PLC0415 - reals are made of exp-sums

        return real_exp(exponent)
    return exp_sum([(1, loglinear(exponent))])


def exp_sum(terms: Iterable[tuple[int | fmpq, LogLinear | fmpq | int]]) -> ExpSum:
    """Return ``sum c exp(L)`` over the pairs ``(c, L)``, normalised once: linear in the number of terms."""
    listed = list(terms)
    if len(listed) == 1:
        return _single(*fold_term(*listed[0]))
    if (found := terms_on_lattice(listed)) is not None:
        scale, part = found
        return ExpSum(scale, {(): part})
    folded = [fold_term(c, exponent) for c, exponent in listed]
    apart = apart_from_scale(folded)
    return ExpSum(*over_one_scale(folded)) if apart is None else _of_terms(apart)


def on_one_lattice(
    scale: int, coefficients: Sequence[int], places: Sequence[int], shift: int, step: int
) -> ExpSum | None:
    """Return ``sum coefficient exp((shift + place)/step) / scale``, the least place 0; ``None`` if it does not pay."""
    found = at_places(coefficients, places, shift, step)
    return None if found is None or found.exceeds(LARGEST_EXPONENT) else ExpSum(scale, {(): found})


def exp_text(c: fmpq, exponent: LogLinear | fmpq) -> str:
    """Return the text of ``c exp(exponent)``; where the exponent is an ``fmpq``, the number is not formed."""
    if isinstance(exponent, LogLinear):
        return str(exp_sum([(c, exponent)]))
    return exp_term_text(c, exponent)


def exp_total(values: Iterable[ExpSum]) -> ExpSum:
    """Return the sum of exp-sums, normalised once: linear in the number of terms."""
    listed = list(values)
    scale = lcm(*(value.scale for value in listed))
    tables: dict[Radical, dict[Exponent, int]] = defaultdict(dict)
    for value in listed:
        for radical, part in value.parts:
            accumulate(tables[radical], part, scale // value.scale)
    return _rebuilt(scale, tables.items())


def proportion(left: ExpSum, right: ExpSum) -> fmpq | None:
    """Return the rational ``left / right`` if it is rational, else ``None``; ``right`` is not zero."""
    if left.rational is not None and right.rational is not None:
        return left.rational / right.rational
    if [radical for radical, _ in left.parts] != [radical for radical, _ in right.parts]:
        return fmpq(0) if not left.parts else None
    if any(
        (p.monomial is None) != (q.monomial is None) for (_, p), (_, q) in zip(left.parts, right.parts, strict=True)
    ):
        return None
    (a, c), (b, d) = left.parts[0][1].smallest(), right.parts[0][1].smallest()
    ratio = fmpq(c * right.scale, d * left.scale)
    return ratio if a == b and right * ratio == left else None


def lifted(value: int | fmpq | ExpSum) -> ExpSum:
    """Return ``value`` as an exp-sum."""
    return value if isinstance(value, ExpSum) else _constant(rational(value))


def _constant(value: fmpq) -> ExpSum:
    """Build a rational sum; its parts are made when they are asked for, as rational arithmetic does not."""
    result = _new(ExpSum)
    _put_rational(result, value)
    return result


def _bounded(product: ExpSum) -> ExpSum:
    """Return a product, unless it has an exponent beyond the limit."""
    for _, part in product.parts:
        if part.exceeds(LARGEST_EXPONENT):
            p, q = max(part.ends(), key=lambda end: abs(fmpq(*end)))
            msg = f"exp({rational_text(fmpq(p, q)):.60}) arises in a product: the exponent is beyond {LARGEST_EXPONENT}"
            raise BadNumber(msg)
    return product


def _rebuilt(scale: int, tables: Iterable[tuple[Radical, _Coefficients]]) -> ExpSum:
    return ExpSum(scale, {radical: Laurent(table) for radical, table in tables})


def _of_terms(terms: TermTable) -> ExpSum:
    """Build the sum of different terms; their common denominator is left until it is asked for."""
    if terms.keys() <= {((), (0, 1))}:
        return _constant(sum(terms.values(), fmpq(0)))
    whole = _new(ExpSum)
    _put(whole, "_terms", terms)
    _put_rational(whole, None)
    return whole


def _single(c: fmpq, exponent: Exponent, radical: Radical) -> ExpSum:
    """Return ``c radical e^exponent``: there is nothing to collect."""
    if c == 0 or (exponent == (0, 1) and not radical):
        return _constant(c)
    return _irrational(((radical, Laurent.scattered({exponent: int(c.p)})),), int(c.q))


def _irrational(parts: tuple[tuple[Radical, Laurent], ...], scale: int) -> ExpSum:
    """Build a sum that is known not to be rational and to be normal."""
    whole = _new(ExpSum)
    _put_parts(whole, parts)
    _put_scale(whole, scale)
    _put_rational(whole, None)
    return whole


ONE = _constant(fmpq(1))
"""The exp-sum 1."""
