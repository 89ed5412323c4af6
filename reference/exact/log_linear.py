"""Log-linear numbers: ``a_1 + sum_p a_p log p`` with rational coefficients, over primes ``p``.

The representation is unique, so equality compares coefficients: the logarithms of primes and the number 1 are
linearly independent over Q (unique factorisation, and ``e^q`` is transcendental for rational ``q != 0``).  Order is
decided by enclosures, which terminates because a difference is known not to be zero first.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, overload

from flint import arb, fmpq, fmpz

from reference.exact.number import ExactNumber, Undecided, refine_floor, refine_sign, setter
from reference.exact.plain import cached
from reference.exact.precision import workprec
from reference.exact.rational_numbers import (
    MAX_DIGITS,
    BadNumber,
    RationalLike,
    rational,
    rational_hash,
    rational_sign,
    rational_text,
)
from reference.exact.rational_numbers import floor as rational_floor

if TYPE_CHECKING:  # what :func:`log` takes, too
    from reference.exact.expratio import ExpRatio
    from reference.exact.expsum import ExpSum
    from reference.exact.reals import Real

MAX_FACTOR_BITS = 128
"""Composite cofactors without small primes that are longer than this are not factored."""

MAX_PRIME_BITS = 512
"""Cofactors longer than this are not tested for primality."""

MAX_ROUGH_BITS = 1 << 16
"""Where the part without primes below 2^15 is longer, nothing is factored: to look for a power takes minutes."""


_Terms = tuple[tuple[int, fmpq], ...]
"""Primes, ascending, and their coefficients, not zero."""


class LogLinear(ExactNumber):
    """``constant + sum coefficient * log(prime)``.

    ``terms`` holds ``(prime, coefficient)`` pairs, primes ascending, coefficients non-zero.  Build values with
    :func:`log` and :func:`loglinear` and with arithmetic; the fields are not checked.

    >>> import reference as ref
    >>> ref.log(8) - ref.log(2) * 3 == 0
    True
    """

    __slots__ = ("_hash", "constant", "terms")
    constant: fmpq
    terms: tuple[tuple[int, fmpq], ...]
    _hash: int
    """Not there until it is asked for."""

    def __init__(self, constant: fmpq, terms: tuple[tuple[int, fmpq], ...] = ()) -> None:
        _put_constant(self, constant)
        _put_terms(self, terms)

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"LogLinear is immutable: cannot set {name}"
        raise AttributeError(msg)

    def __reduce__(self) -> tuple[type["LogLinear"], tuple[fmpq, tuple[tuple[int, fmpq], ...]]]:
        return LogLinear, (self.constant, self.terms)

    @property
    def is_rational(self) -> bool:
        """Whether no logarithm is left."""
        return not self.terms

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains the number, computed with ``prec`` bits."""
        with workprec(prec):
            total = arb(self.constant)
            for prime, coefficient in self.terms:
                total += arb(prime).log() * coefficient
            return total

    def sign(self) -> int:
        """Return -1, 0 or 1; always decided."""
        sign = rational_sign(self.constant)
        for _, a in self.terms:  # logarithms of primes are positive
            one = 1 if a.p > 0 else -1
            if sign == -one:
                return refine_sign(self, nonzero=True)
            sign = one
        return sign

    def floor(self) -> int:
        """Return the largest integer that is at most the number; always decided."""
        return rational_floor(self.constant) if not self.terms else refine_floor(self, decidable=True)

    def ceil(self) -> int:
        """Return the smallest integer that is at least the number; always decided."""
        return -(-self).floor()

    def __add__(self, other: "int | fmpq | LogLinear") -> "LogLinear":
        if isinstance(other, LogLinear):
            return LogLinear(self.constant + other.constant, _merged(self.terms, other.terms))
        if isinstance(other, (int, fmpq)):
            return LogLinear(self.constant + other, self.terms)
        return NotImplemented

    __radd__ = __add__

    def __neg__(self) -> "LogLinear":
        return LogLinear(-self.constant, _opposite(self.terms))

    def __sub__(self, other: "int | fmpq | LogLinear") -> "LogLinear":
        if isinstance(other, LogLinear):
            if self.terms == other.terms:
                return LogLinear(self.constant - other.constant)
            return LogLinear(self.constant - other.constant, _merged(self.terms, _opposite(other.terms)))
        if isinstance(other, (int, fmpq)):
            return LogLinear(self.constant - other, self.terms)
        return NotImplemented

    def __rsub__(self, other: int | fmpq) -> "LogLinear":
        return -self + other

    def __mul__(self, other: int | fmpq) -> "LogLinear":
        if not isinstance(other, (int, fmpq)):
            return NotImplemented
        if not self.terms:
            return LogLinear(self.constant * other)
        if other == 0:
            return LogLinear(fmpq(0))
        return LogLinear(self.constant * other, tuple([(prime, a * other) for prime, a in self.terms]))

    __rmul__ = __mul__

    def __truediv__(self, other: int | fmpq) -> "LogLinear":
        if not isinstance(other, (int, fmpq)):
            return NotImplemented
        return self * (1 / fmpq(other))

    def _rational(self) -> fmpq | None:
        return None if self.terms else self.constant

    def _minus(self, other: object) -> "LogLinear | None":
        return self - other if isinstance(other, (int, fmpq, LogLinear)) else None

    def _order(self, other: object) -> int | None:
        if isinstance(other, LogLinear) and self.terms == other.terms:  # the constants decide
            return rational_sign(self.constant - other.constant)
        if not self.terms and isinstance(other, (int, fmpq)):
            return rational_sign(self.constant - other)
        return super()._order(other)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, LogLinear):
            return self.constant == other.constant and self.terms == other.terms
        return ExactNumber.__eq__(self, other)

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            if self.terms:
                pairs = [(prime, int(a.p), int(a.q)) for prime, a in self.terms]
                found = hash((int(self.constant.p), int(self.constant.q), *pairs))
            else:
                found = rational_hash(self.constant)
            _put_hash(self, found)
            return found

    def __str__(self) -> str:
        parts = [rational_text(self.constant)] if self.constant != 0 or not self.terms else []
        for prime, a in self.terms:
            size = "" if abs(a) == 1 else f"{rational_text(abs(a))}*"
            joint = ("-" if a < 0 else "") if not parts else (" - " if a < 0 else " + ")
            parts.append(f"{joint}{size}log({prime})")
        return "".join(parts)

    def __repr__(self) -> str:
        return f"loglinear('{self}')"


_put_constant, _put_terms, _put_hash = (setter(LogLinear, slot) for slot in ("constant", "terms", "_hash"))

LogLinearLike = RationalLike | LogLinear
"""What :func:`loglinear` accepts."""

_NUMBER = r"[0-9./]+(?:[eE][+-]?[0-9]+)?"
_LOG = r"log\(([^()]*)\)(?:\s*/\s*([0-9]+)(?![0-9./]))?"
_TERM = re.compile(rf"\s*([+-]?)\s*(?:({_NUMBER})\s*\*\s*)?(?:{_LOG}|({_NUMBER}))\s*", re.ASCII)


def loglinear(value: LogLinearLike) -> LogLinear:
    """Return ``value`` as a log-linear number; text such as ``"1/2 + 3*log(2) - log(3/5)/2"`` is read exactly.

    >>> import reference as ref
    >>> ref.loglinear("1/2 + 3*log(2)") > 2
    True

    Raises:
        InexactInput, BadNumber: as :func:`reference.exact.rational_numbers.rational`, and for text of another form.
    """
    if isinstance(value, LogLinear):
        return value
    if not isinstance(value, str):
        return LogLinear(rational(value))
    if len(value) > MAX_DIGITS:
        msg = f"number of {len(value)} characters; at most {MAX_DIGITS} are read"
        raise BadNumber(msg)
    try:
        return _read(value)
    except BadNumber as error:
        if hint := _hint(value):
            raise BadNumber(f"{error}; {hint}") from None
        raise


def _hint(text: str) -> str:
    """Return what was perhaps meant by a text that is no log-linear number."""
    mended = text.translate(_SIGNS).replace("ln(", "log(")
    mended = re.sub(r"(?<=[0-9)])\s*(?=log\()", "*", mended)
    if mended != text:
        with suppress(BadNumber):
            _read(mended)
            return f"did you mean {mended[:60]!r}?"
    for name in ("sqrt", "exp"):
        if f"{name}(" in text:
            return f"{name} is not read here: numbers are sums of rationals and of rational multiples of log(c)"
    return ""


_SIGNS = str.maketrans(
    {"\N{MINUS SIGN}": "-", "\N{MULTIPLICATION SIGN}": "*", "\N{MIDDLE DOT}": "*", "\N{FRACTION SLASH}": "/"}
)
"""Signs that look like those that are read."""


def _read(value: str) -> LogLinear:
    if "log" not in value:
        return LogLinear(rational(value))
    total, position, text = LogLinear(fmpq(0)), 0, value.strip()
    while position < len(text):
        found = _TERM.match(text, position)
        if found is None or (position > 0 and not found[1]) or (found[2] and found[5]):
            msg = f"{text[:60]!r} is not of the form 'a + b*log(c) - ...' with exact a, b, c"
            raise BadNumber(msg)
        sign, factor, argument, divisor, number = found.groups()
        if argument is None:
            term = LogLinear(rational(number))
        else:
            below = rational(divisor or 1)
            if below == 0:
                raise BadNumber(f"{text[:60]!r} divides by zero")
            term = log(argument) * (rational(factor or 1) / below)
        total = total - term if sign == "-" else total + term
        position = found.end()
    return total


@overload
def log(value: RationalLike) -> LogLinear: ...
@overload
def log(value: "ExpSum | ExpRatio | Real") -> "Real": ...
def log(value: "RationalLike | ExpSum | ExpRatio | Real") -> "LogLinear | Real":
    """Return the natural logarithm of a positive rational, or of a positive exp-sum or exp-ratio, which is a real.

    >>> import reference as ref
    >>> ref.log("3/4"), ref.log(1 + ref.exp(1))
    (loglinear('-2*log(2) + log(3)'), Real(log(1 + exp(1))))

    Raises:
        BadNumber: if ``value`` is not positive.
        Undecided: if ``value`` is rational and has a large part that is not factored (see :data:`MAX_FACTOR_BITS`).
    """
    if not isinstance(value, int | fmpq | str) and isinstance(value, ExactNumber):  # the second test is slow
        from reference.exact.reals import real_log  # noqa: PLC0415 - reals are made of log-linear numbers

        return real_log(value)
    q = rational(value)
    if q <= 0:
        msg = f"log({rational_text(q):.40}): the argument must be positive"
        raise BadNumber(msg)
    above, below = factored(int(q.p)), factored(int(q.q))
    return LogLinear(fmpq(0), _collect([*((p, fmpq(k)) for p, k in above), *((p, fmpq(-k)) for p, k in below)]))


@cached(4096)
def known_log(q: int | fmpq) -> LogLinear | None:
    """Return ``log q``, or ``None`` if ``q`` has a part that is not factored."""
    try:
        return log(q)
    except Undecided:
        return None


@cached(4096)
def factored(n: int) -> tuple[tuple[int, int], ...]:
    """Return the prime factorisation of ``n >= 1`` as ``(prime, exponent)`` pairs, or raise :class:`Undecided`."""
    if n.bit_length() > MAX_ROUGH_BITS and (bits := _rough_part(fmpz(n)).bit_length()) > MAX_ROUGH_BITS:
        raise Undecided(_not_factored(bits))
    found = [(int(p), k) for p, k in fmpz(n).factor_smooth(15)] if n > 1 else []
    factors: dict[int, int] = {}
    for p, k in found:
        if p.bit_length() <= MAX_PRIME_BITS and fmpz(p).is_prime():
            factors[p] = factors.get(p, 0) + k
        elif p.bit_length() <= MAX_FACTOR_BITS:
            for r, m in fmpz(p).factor():  # FLINT 3.6 may give a prime twice
                factors[int(r)] = factors.get(int(r), 0) + k * m
        else:
            raise Undecided(_not_factored(p.bit_length()))
    return tuple(sorted(factors.items()))


def _rough_part(n: fmpz) -> fmpz:
    """Return what is left of ``n`` without its prime factors below ``2^15``."""
    rest, factors = n, fmpz.primorial_ui(fmpz(1 << 15))
    while (common := rest.gcd(factors)) > 1:
        rest //= common
        factors = common * common  # powers, too, and in a few steps
    return rest


def _not_factored(bits: int) -> str:
    return f"log of an integer with a part of {bits} bits that is not factored; use real_log"


def _collect(terms: Iterable[tuple[int, fmpq]]) -> tuple[tuple[int, fmpq], ...]:
    totals: dict[int, fmpq] = {}
    for prime, a in terms:
        totals[prime] = totals[prime] + a if prime in totals else a
    return tuple([(prime, totals[prime]) for prime in sorted(totals) if bool(totals[prime])])


def _merged(left: _Terms, right: _Terms) -> _Terms:
    """Return the terms of a sum; nothing is sorted where the primes are the same, or all of one side come first."""
    if not left or not right:
        return left or right
    if left[-1][0] < right[0][0]:
        return left + right
    if right[-1][0] < left[0][0]:
        return right + left
    if [prime for prime, _ in left] != [prime for prime, _ in right]:
        return _collect(left + right)
    sums = [(prime, a + b) for (prime, a), (_, b) in zip(left, right, strict=True)]
    return tuple([term for term in sums if bool(term[1])])


def _opposite(terms: _Terms) -> _Terms:
    return tuple([(prime, -a) for prime, a in terms]) if terms else terms


def combination(terms: Iterable[tuple[LogLinear, fmpq]]) -> LogLinear:
    """Return ``sum number * factor``, collected once."""
    constant, primes = fmpq(0), []
    for number, factor in terms:
        if bool(number.constant):
            constant += number.constant * factor
        if number.terms:
            primes += [(prime, a * factor) for prime, a in number.terms]
    return LogLinear(constant, _collect(primes) if primes else ())


ZERO = LogLinear(fmpq(0))
"""The number 0."""
