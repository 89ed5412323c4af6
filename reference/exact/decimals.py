"""Decimals for people: correctly rounded, and marked when rounded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from flint import arb, fmpq, fmpz

from reference.exact.number import DECIDABLE_CAP, START_PRECISION, Undecided, refine
from reference.exact.plain import cached
from reference.exact.precision import workprec
from reference.exact.reals import Number, Real, lowest, real

POSITIONAL = range(-6, 16)
"""Decimal exponents written without an ``e``."""

_MAX_DIGITS = 10_000
"""More digits are refused."""


ENCLOSURE_DIGITS = 20
"""As many decimal digits as :data:`START_PRECISION` bits hold."""


@dataclass(frozen=True, slots=True)
class Decimal:
    """A decimal numeral: ``text``, and whether it is the number itself (``exact``) or rounded to nearest."""

    text: str
    exact: bool

    def __str__(self) -> str:
        return self.text if self.exact else f"≈{self.text}"


class Bracket(NamedTuple):
    """Neighbouring numerals of so many digits, ``lower <= value <= upper``, and ``nearest``, which is one of them.

    All three are the same where the value is such a numeral.  Where a number is too close to a numeral to tell on which
    side of it, that is ``nearest``, and the others are on both sides of it.
    """

    nearest: str
    lower: str
    upper: str


Numerals = tuple[str, str, str]
"""What a :class:`Bracket` holds, where there are many."""


def to_decimal(value: Number, digits: int = 6) -> Decimal:
    """Return ``value`` to ``digits`` significant digits, rounded to nearest, ties to even.

    >>> import reference as ref
    >>> print(ref.to_decimal(ref.log(2), 12), ref.to_decimal(ref.rational("1/4")))
    ≈0.693147180560 0.25

    Raises:
        Undecided: for a real whose digits the enclosures do not settle up to the precision cap.
        ValueError: if ``digits`` is not between 1 and :data:`MAX_DIGITS`.
    """
    nearest, lower, upper = _found(value, digits, lambda number, cap: _refined(number, digits, cap, wide=True))
    return Decimal(nearest, exact=lower == upper)


def bracket(value: Number, digits: int = 6) -> Bracket:
    """Return the numerals of ``digits`` significant digits next to ``value``, and which is nearest (ties to even).

    Raises:
        Undecided, ValueError: as :func:`to_decimal`.
    """

    def of_irrational(number: Real, cap: int | None) -> Numerals:
        try:
            return _refined(number, digits, None, wide=False)
        except Undecided:  # too close to a numeral to tell on which side, and that says more than enough
            return _refined(number, digits, cap, wide=True)

    return Bracket(*_found(value, digits, of_irrational))


def _found(value: Number, digits: int, of_irrational: Callable[[Real, int | None], Numerals]) -> Numerals:
    if not 1 <= digits <= _MAX_DIGITS:
        msg = f"digits = {digits}: between 1 and {_MAX_DIGITS} digits can be asked for"
        raise ValueError(msg)
    number = value if type(value) is fmpq else lowest(value)
    if isinstance(number, fmpq):
        return of_quotient(int(number.p), int(number.q), digits)
    return of_irrational(number, DECIDABLE_CAP if number.is_irrational else None)


def _refined(number: Real, digits: int, cap: int | None, *, wide: bool) -> Numerals:
    def answer(prec: int) -> Numerals | None:
        ball = number.enclosure(prec)
        with workprec(prec):
            return settled(ball, prec, digits, wide=wide)

    return refine(answer, question=lambda: f"the digits of {number!s:.200}", cap=cap)


def enclosing(value: Number, digits: int = 6) -> Bracket | tuple[None, str, str]:
    """Return the nearest decimal, one that is at most ``value``, and one that is at least ``value``.

    The first is ``None`` where enclosures do not settle it: for a real that is zero, or half-way, to every precision
    asked for.  The others then have the digits of an enclosure, :data:`ENCLOSURE_DIGITS` at least.
    """
    try:
        return bracket(value, digits)
    except Undecided:
        ball = real(value).enclosure(START_PRECISION)
        low, high = (bracket(end.fmpq(), max(digits, ENCLOSURE_DIGITS)) for end in (ball.lower(), ball.upper()))
        return None, low.lower, high.upper


def settled(ball: arb, prec: int, digits: int, *, wide: bool = False) -> Numerals | None:
    """Return what :func:`bracket` says of an irrational number in the ball; ``None`` if the ball is too wide.

    ``wide``: the nearest numeral is enough, with bounds on both sides of it.  FLINT's working precision has to be
    ``prec`` already.
    """
    if not ball.is_finite():
        return None
    size = abs(ball)  # rounds, too
    mantissa, power = size.abs_lower().man_exp()
    if mantissa == 0:
        return None
    exponent = _least_exponent(mantissa.bit_length() + int(power) - 1)
    least = 10 ** (digits - 1)
    while True:
        scaled = size * _doubled(digits - 1 - exponent, prec)
        # An irrational number is never half-way: where it is among the multiples of 1/2 says everything.
        if (found := scaled.floor().unique_fmpz()) is None:
            return _around(ball, scaled / 2, exponent, digits) if wide else None
        if (halves := int(found)) < 20 * least:
            break
        exponent += 1
    return _of_size(ball < 0, halves // 2, halves % 2 == 1, exponent, digits)


def floored(units: int, places: int, digits: int) -> Numerals | None:
    """Return what :func:`bracket` says of a positive irrational number, ``units`` and a bit of ``10^-places``.

    ``None`` if ``units`` has too few digits for it.
    """
    text = str(units)
    if len(text) <= digits:
        return None
    return _of_size(False, int(text[:digits]), text[digits] >= "5", len(text) - 1 - places, digits)


def of_quotient(p: int, q: int, digits: int) -> Numerals:
    """Return what :func:`bracket` says of ``p/q``, ``q`` positive."""
    if not p:
        return "0", "0", "0"
    negative, p = p < 0, abs(p)
    exponent = _least_exponent(p.bit_length() - q.bit_length() - 1)
    least = 10 ** (digits - 1)
    while True:
        places = digits - 1 - exponent
        below = q if places >= 0 else q * 10**-places
        floor, rest = divmod(p * 10**places if places > 0 else p, below)
        if floor < 10 * least:
            break
        exponent += 1
    if rest == 0:
        text = _numeral(negative, floor, exponent, digits, exact=True)
        return text, text, text
    rounds_up = 2 * rest > below or (2 * rest == below and floor % 2 == 1)
    return _of_size(negative, floor, rounds_up, exponent, digits)


def _around(ball: arb, scaled: arb, exponent: int, digits: int) -> Numerals | None:
    """Return the numeral nearest to ``scaled``, and bounds on both sides."""
    found = (scaled + arb(fmpq(1, 2))).floor().unique_fmpz()
    if found is None or found > 10**digits:
        return None
    nearest, negative = int(found), bool(ball < 0)
    if nearest == 10**digits:  # the exponent was one too low
        nearest, exponent = 10 ** (digits - 1), exponent + 1
    low = nearest - 1, exponent
    if nearest - 1 < 10 ** (digits - 1):  # has a digit less; the number is at least nearest - 1/2
        low = 10 * nearest - 5, exponent - 1
    texts = [
        _numeral(negative, n, e, digits, exact=False) for n, e in (low, (nearest, exponent), (nearest + 1, exponent))
    ]
    lower, middle, upper = reversed(texts) if negative else texts
    return middle, lower, upper


@cached(64)
def _doubled(places: int, prec: int) -> arb:
    with workprec(prec):
        return arb(2) * arb(10) ** places  # a ball: exactly, 10^(4 10^8) would take the memory


def _least_exponent(power: int) -> int:
    """Return the decimal exponent of ``2^power``, ``floor(power log_10 2)``: at most that of what is not smaller."""
    return power * (_LOG_TWO + (power < 0)) // 10**20


_LOG_TWO = 30102_99956_63981_19521
"""Of ``log_10 2``, after the point, rounded down."""


def _of_size(negative: bool, floor: int, rounds_up: bool, exponent: int, digits: int) -> Numerals:  # noqa: FBT001 - private
    """Return the numerals next to a number whose size, in units of its last digit, is above ``floor``, by less than 1.

    ``rounds_up``: it is nearer to ``floor + 1``.
    """
    before = _BEFORE.get(exponent)
    if before is None or digits > MOST_DIGITS:
        low, high = (_numeral(False, n, exponent, digits, exact=False) for n in (floor, floor + 1))
    else:  # as most often
        low, high = f"{before}{floor}", f"{before}{floor + 1}"
        if len(low) != len(high):  # a carry into a new digit
            high = _numeral(False, floor + 1, exponent, digits, exact=False)
    if negative:
        low, high = f"-{low}", f"-{high}"
        return (high if rounds_up else low), high, low
    return (high if rounds_up else low), low, high


_BEFORE = {exponent: f"0.{'0' * (-exponent - 1)}" for exponent in range(POSITIONAL.start, 0)}
"""What comes before the first digit."""

MOST_DIGITS = 4_000
"""Digits that Python writes of an integer; more are left to FLINT."""


def _numeral(negative: bool, nearest: int, exponent: int, digits: int, *, exact: bool) -> str:  # noqa: FBT001 - private
    text = str(nearest) if digits <= MOST_DIGITS else str(fmpz(nearest))
    if len(text) > digits:  # rounding carried into a new digit
        text, exponent = text[:-1], exponent + 1
    if exact:  # the zeros of a rounded numeral are digits that are known; those of an exact one say nothing
        text = text.rstrip("0")
    head = "-" if negative else ""
    if exponent not in POSITIONAL or (not exact and exponent >= digits):  # no zeros that are not known
        return f"{head}{text[0]}{'.' if text[1:] else ''}{text[1:]}e{exponent}"
    if exponent < 0:
        return f"{head}0.{'0' * (-exponent - 1)}{text}"
    whole, fraction = text[: exponent + 1].ljust(exponent + 1, "0"), text[exponent + 1 :]
    return f"{head}{whole}{'.' if fraction else ''}{fraction}"
