"""Floats, the door out: the formats of IEEE 754 and bfloat16, correctly rounded, and decimals as format strings ask.

A tie is decided exactly: a number that is known to be irrational is never half-way between two floats, and for a
rational one integers say where it is.  Nothing here goes back: no exact function takes a float.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from math import copysign, inf, ldexp
from typing import Final, Literal, NamedTuple, get_args

from flint import arb, fmpq, fmpz

from reference.exact.decimals import to_decimal
from reference.exact.number import DECIDABLE_CAP, START_PRECISION, refine
from reference.exact.precision import workprec
from reference.exact.reals import Number, Real, lowest, real

FormatName = Literal["binary64", "binary32", "binary16", "bfloat16"]
"""The interchange formats of IEEE 754-2019, and the upper half of binary32."""

Rounding = Literal["nearest-even", "nearest-away", "toward-zero", "up", "down"]
"""The rounding-direction attributes of IEEE 754-2019: ties to even, ties away from 0, towards 0, +inf, -inf."""


class Format(NamedTuple):
    """A binary format: ``precision`` bits; its numbers are multiples of ``2^least`` below ``2^(top+1)`` in size."""

    precision: int
    least: int
    top: int


BINARY_FORMATS: Final[dict[FormatName, Format]] = {
    "binary64": Format(53, -1074, 1023),
    "binary32": Format(24, -149, 127),
    "binary16": Format(11, -24, 15),
    "bfloat16": Format(8, -133, 127),
}


_GUARD = 32
"""Bits that enclosures may lose beyond the first 64, so that one is mostly enough for binary64."""


def to_float(value: Number, format: FormatName = "binary64", *, rounding: Rounding = "nearest-even") -> float:  # noqa: A002 - the field's word
    """Return the number of a binary format that ``value`` rounds to; all of them are Python floats.

    Subnormal numbers are rounded as the format's own; what rounds beyond the largest number is infinite, or the largest
    number where ``rounding`` points inwards.  A negative number that vanishes is ``-0.0``.

    >>> import reference as ref
    >>> ref.to_float(ref.log(2)), ref.to_float(ref.log(2), "bfloat16"), ref.to_float(ref.exp(800))
    (0.6931471805599453, 0.69140625, inf)
    >>> ref.to_float(ref.exp(-800), rounding="up"), float(ref.exp(1))
    (5e-324, 2.718281828459045)

    Raises:
        Undecided: for a real so close to a tie, or to a float in a directed rounding, that enclosures cannot tell.
        ValueError: for an unknown format or rounding.
    """
    chosen = _known(format)
    if rounding not in get_args(Rounding):
        msg = f"rounding {rounding!r:.60}; one of {', '.join(get_args(Rounding))}"
        raise ValueError(msg)
    place = _in_binade(value, chosen)
    count, sign = place.rounded(rounding), -1 if place.negative else 1
    if count.bit_length() + place.exponent > chosen.top + 1:
        inwards = rounding in {"toward-zero", "up" if place.negative else "down"}
        return copysign(ldexp((1 << chosen.precision) - 1, chosen.top + 1 - chosen.precision) if inwards else inf, sign)
    return copysign(ldexp(count, place.exponent), sign)


def ulps(got: float, exact: Number, format: FormatName = "binary64") -> Real:  # noqa: A002 - the field's word
    """Return ``|got - exact|`` in units in the last place of ``exact``: at most 1/2 if rounded to nearest.

    The unit of ``x`` with ``2^e <= |x| < 2^(e+1)`` is ``2^(e+1-precision)``, no less than the smallest subnormal number
    (that of 0 too) and no more than the unit of the largest.  An infinite ``got`` is right where
    ``exact`` rounds to it, and counts as ``2^(top+1)`` elsewhere.

    >>> import reference as ref
    >>> ref.ulps(0.1, ref.rational("1/10"))
    Real(2/5)
    >>> import math
    >>> ref.ulps(math.exp(1), ref.exp(1)) < ref.rational("1/2")
    True

    Raises:
        Undecided: if the sign of the difference, or the unit, is beyond enclosures.
        ValueError: for NaN, or an unknown format.
    """
    chosen = _known(format)
    if got != got:  # noqa: PLR0124 - NaN alone differs from itself
        msg = f"ulps({got!r}): NaN is not a number; count it as a failure of its own"
        raise ValueError(msg)
    if abs(got) == inf and got == to_float(exact, format):
        return real(0)
    beyond = fmpq(2) ** (chosen.top + 1)
    point = fmpq(*got.as_integer_ratio()) if abs(got) != inf else beyond if got > 0 else -beyond
    exponent = min(_in_binade(exact, chosen).exponent, chosen.top + 1 - chosen.precision)
    return abs(real(exact) - point) / fmpq(2) ** exponent


def formatted(value: Number, spec: str) -> str:
    """Return ``value`` as ``format`` writes a ``decimal.Decimal``, each digit correct; as text without type, precision.

    >>> import reference as ref
    >>> f"{ref.log(2):.3f} {ref.exp(1):.5e} {ref.log(2):>8}"
    '0.693 2.71828e+0   log(2)'

    Raises:
        Undecided: where enclosures do not settle a digit.
        ValueError: for a specification that decimals do not take, text cut short, or more than 10,000 digits.
    """
    found = _SPECIFICATION.fullmatch(spec)
    if found is None:
        if "." in spec:
            msg = f"format {spec!r:.40} of an exact number: a precision goes with e, f, g or %"
            raise ValueError(msg)
        return format(str(value), spec)
    head, kind = found[1], found[3] or found[4] or "g"
    digits = int((found[2] or "6").lstrip("0")[:_LENGTH] or "0")
    large = abs(real(value).enclosure(START_PRECISION)) > arb(10) ** MOST_PLACES
    if digits > MOST_PLACES or (large and kind not in "eEgG"):
        msg = f"format {spec!r:.40}: the number would have more than {MOST_PLACES:,} digits; ask for fewer, or for e"
        raise ValueError(msg)
    if kind in "eEgG":
        text = to_decimal(value, digits + 1 if kind in "eE" else max(digits, 1)).text
        text = f"0e-{digits}" if text == "0" and kind in "eE" else text
    else:
        places = digits + 2 if kind == "%" else digits
        place = _scaled(value, fmpq(10) ** places)
        text = f"{'-' if place.negative else ''}{fmpz(place.rounded('nearest-even'))}e{-places}"
    return format(Decimal(text), f"{head}.{digits}{kind}")


def _known(name: str) -> Format:
    for known, chosen in BINARY_FORMATS.items():
        if name == known:
            return chosen
    msg = f"format {name!r:.60}; one of {', '.join(BINARY_FORMATS)}"
    raise ValueError(msg)


MOST_PLACES, _LENGTH = 9_990, 5
"""Digits that are written, and the length of their number."""

_SPECIFICATION = re.compile(r"(.*?)(?:\.([0-9]+)([eEfFgG%]?)|([eEfFgG%]))", re.ASCII | re.DOTALL)
"""What stands before a precision, a type, or both; and these."""


class _Halves(NamedTuple):
    """A number between ``halves`` and ``halves + 1`` (``exact``: equal to the first) half units of ``2^exponent``."""

    negative: bool
    halves: int
    exact: bool
    exponent: int = 0

    def rounded(self, rounding: Rounding) -> int:
        """Return the size in whole units."""
        units, half = divmod(self.halves, 2)
        match rounding:
            case "nearest-even":
                return units + (half and (not self.exact or units % 2))
            case "nearest-away":
                return units + half
            case "toward-zero":
                return units
            case _:
                away = self.negative == (rounding == "down")
                return units + (away and (half == 1 or not self.exact))


def _scaled(value: Number, scale: fmpq) -> _Halves:
    """Return where ``value * scale`` is among the multiples of 1/2."""
    number = lowest(value)
    if isinstance(number, fmpq):
        halves, rest = divmod(2 * abs(int(number.p)) * int(scale.p), int(number.q) * int(scale.q))
        return _Halves(number < 0, halves, rest == 0)

    def answer(prec: int) -> _Halves | None:
        ball = number.enclosure(prec)
        with workprec(prec):
            halves = (abs(ball) * arb(2 * scale)).floor().unique_fmpz() if ball.is_finite() else None
        return None if halves is None or ball.contains(0) else _Halves(bool(ball < 0), int(halves), exact=False)

    return _asked(number, answer)


def _in_binade(value: Number, chosen: Format) -> _Halves:
    """Return where ``value`` is among the halves of the unit in its last place; far off, of a unit of that side."""
    number = lowest(value)
    if isinstance(number, fmpq):
        p, q = abs(int(number.p)), int(number.q)
        unit = max(_exponent(p, q) + 1 - chosen.precision, chosen.least)
        halves, rest = divmod(p << max(1 - unit, 0), q << max(unit - 1, 0))
        return _Halves(number < 0, halves, rest == 0, unit)

    def answer(precision: int) -> _Halves | None:
        prec = precision + _GUARD
        ball = number.enclosure(prec)
        if not ball.is_finite() or ball.contains(0):
            return None
        negative = bool(ball < 0)
        with workprec(prec):
            size = abs(ball)
            mantissa, shift = size.lower().man_exp()
            exponent = int(mantissa).bit_length() - 1 + int(shift)
            if exponent > chosen.top:
                return _Halves(negative, 3, exact=False, exponent=chosen.top + 1)
            if exponent < chosen.least - 2 and size < arb(2) ** (chosen.least - 1):
                return _Halves(negative, 0, exact=False, exponent=chosen.least)
            unit = max(exponent + 1 - chosen.precision, chosen.least)
            halves = (size * arb(2) ** (1 - unit)).floor().unique_fmpz()
        if halves is None:
            return None
        if halves.bit_length() > chosen.precision + 1:  # the ball reaches over a power of 2, the number is beyond it
            return _Halves(negative, int(halves) >> 1, exact=False, exponent=unit + 1)
        return _Halves(negative, int(halves), exact=False, exponent=unit)

    return _asked(number, answer)


def _exponent(p: int, q: int) -> int:
    """Return ``e`` with ``2^e <= p/q < 2^(e+1)`` (and a small number for ``p = 0``)."""
    e = p.bit_length() - q.bit_length()
    return e - (p << max(-e, 0) < q << max(e, 0))


def _asked(number: Real, answer: Callable[[int], _Halves | None]) -> _Halves:
    cap = DECIDABLE_CAP if number.is_irrational else None  # then it is no multiple of 1/2
    return refine(answer, question=lambda: f"to which side {number!s:.200} rounds", cap=cap)
