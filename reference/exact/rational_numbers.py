"""Rational numbers: ``flint.fmpq`` inside, several exact spellings at the door.

Everything above this module computes with ``flint.fmpq``.  A user may write ``3``, ``"3/4"``, ``"0.125"``,
``"1e-6"``, ``Fraction(3, 4)`` or ``fmpq(3, 4)``; a float is refused, because ``0.1`` is not one tenth.
"""

import re
from fractions import Fraction
from math import gcd

from flint import fmpq, fmpz

RationalLike = int | Fraction | fmpq | fmpz | str
"""What :func:`rational` accepts."""

MAX_DIGITS = 10_000
"""A numeral longer than this many characters is refused before it is read."""

MAX_EXPONENT = 10_000
"""A decimal exponent beyond this is refused."""


_MAX_SHOWN = 60
"""Error messages quote this many characters of their input."""

HASH_MODULUS = 2 * hash(Fraction(1, 2)) - 1
"""What Python hashes numbers modulo: a prime, in whose field the hash of 1/2 is 1/2."""

MAX_FRACTION = 40
"""Error messages write a float's value as a fraction up to this many characters; 0.1 needs 34."""

_NARROW = frozenset({"float16", "float32"})
"""NumPy's floats that ``Fraction`` does not take; their ``item()`` is a Python float of the same value."""


class InexactInput(TypeError):
    """The value is not exact (a float, a complex number, ...)."""


class BadNumber(ValueError):
    """The text is not a number in an accepted form, or it is too large to accept."""


_WORD = 1 << 63

_FRACTION = re.compile(r"([+-]?[0-9]+)(?:/([0-9]+))?", re.ASCII)
_DECIMAL = re.compile(r"([+-]?)([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?", re.ASCII)


def rational(value: RationalLike) -> fmpq:
    """Return ``value`` as an exact rational number.

    Text is an integer, a fraction ``"3/4"`` or a decimal ``"0.125"``, ``"1e-6"``, which is read exactly.

    >>> import reference as ref
    >>> ref.rational("0.125"), ref.rational("3/4")
    (1/8, 3/4)

    Raises:
        InexactInput: for floats and other types; the message names the value that a float has and how to pass it, and
            apart from that the decimal that was perhaps meant.
        BadNumber: for text that is not a number, a zero denominator, or a numeral beyond the size limits.
    """
    if type(value) is fmpq:  # nearly always
        return value
    if type(value) is int:
        return fmpq(value)
    match value:
        case bool():
            msg = f"{value!r} is a truth value, not a number; write 0 or 1"
            raise InexactInput(msg)
        case fmpq():
            return value
        case int() | fmpz():
            return fmpq(value)
        case Fraction():
            return fmpq(value.numerator, value.denominator)
        case str():
            return _parse(value)
        case _:
            raise InexactInput(_refusal(value))


def rational_hash(value: fmpq) -> int:
    """Return ``hash(value)``, Python's for a rational number; FLINT makes a ``Fraction`` for it."""
    p, q = int(value.p), int(value.q)
    if q == 1:
        return hash(p)
    if q % HASH_MODULUS == 0:  # there is no inverse: a rule of its own
        return hash(Fraction(p, q))
    size = hash(abs(p) * pow(q, -1, HASH_MODULUS))
    return size if p > 0 else -2 if size == 1 else -size


def rational_sign(value: fmpq) -> int:
    """Return -1, 0 or 1: that of the numerator, which FLINT compares faster than it compares with 0.

    ``is_zero()`` of a fraction is always false (python-flint 0.9); ``bool`` is right.
    """
    return (1 if value.p > 0 else -1) if bool(value) else 0


def rational_text(value: fmpq) -> str:
    """Return ``"3/4"`` or ``"-2"``: the text that :func:`rational` reads back, up to :data:`MAX_DIGITS`."""
    return lowest_text(int(value.p), int(value.q))


def lowest_text(p: int, q: int) -> str:
    """Return ``rational_text(p / q)`` of a fraction in lowest terms, ``q`` positive."""
    if -_WORD < p < _WORD and q < _WORD:  # Python writes short integers three times as fast as FLINT
        return str(p) if q == 1 else f"{p}/{q}"
    return str(fmpz(p)) if q == 1 else f"{fmpz(p)}/{fmpz(q)}"


def quotient_text(above: int, below: int) -> str:
    """Return ``rational_text(above / below)``, ``below`` positive; the number is not formed where both are short.

    >>> quotient_text(-6, 4), quotient_text(6, 3)
    ('-3/2', '2')
    """
    if not (-_WORD < above < _WORD and below < _WORD):
        return rational_text(fmpq(above, below))
    common = gcd(above, below)
    return str(above // below) if common == below else f"{above // common}/{below // common}"


def floor(value: fmpq) -> int:
    """Return the largest integer that is at most ``value``."""
    return int(value.p // value.q)


def ceiling(value: fmpq) -> int:
    """Return the smallest integer that is at least ``value``."""
    return -floor(-value)


def _parse(text: str) -> fmpq:
    if len(text) > MAX_DIGITS:
        msg = f"numeral of {len(text)} characters; at most {MAX_DIGITS} are read"
        raise BadNumber(msg)
    return written_rational(text)


def written_rational(text: str) -> fmpq:
    """Return the integer, fraction or decimal that ``text`` says, of any length; :class:`BadNumber` if it says none."""
    stripped = text.strip()
    if found := _FRACTION.fullmatch(stripped):
        # fmpz reads long numerals; Python's int() stops at 4,300 digits.
        numerator, denominator = fmpz(found[1].removeprefix("+")), fmpz(found[2] or "1")
        if denominator == 0:
            msg = f"{_cut(repr(stripped))} has denominator zero"
            raise BadNumber(msg)
        return fmpq(numerator, denominator)
    if (found := _DECIMAL.fullmatch(stripped)) and found[2] + found[3]:
        exponent = fmpz((found[4] or "0").removeprefix("+"))
        if abs(exponent) > MAX_EXPONENT:
            msg = f"decimal exponent {_cut(str(exponent))}; at most {MAX_EXPONENT} either way is read"
            raise BadNumber(msg)
        digits = fmpq(fmpz(found[1].removeprefix("+") + found[2] + found[3]))
        return digits * fmpq(10) ** (int(exponent) - len(found[3]))
    msg = f'{_cut(repr(stripped))} is not an exact number; write an integer, a fraction "3/4" or a decimal "0.125"'
    raise BadNumber(msg)


def _refusal(value: object) -> str:
    kind = type(value).__name__
    if isinstance(value, float):  # numpy's float64 too: float's own repr shows the digits without a type name
        return _float_refusal("float", float.__repr__(value), value)
    if kind in _NARROW and isinstance(same := getattr(value, "item", str)(), float):
        return _float_refusal(kind, str(value), same)
    shown = _cut(repr(value))
    return f"{shown} of type {kind} is not taken for exact; pass an int, a Fraction, an fmpq or text such as '3/4'"


def _float_refusal(kind: str, digits: str, value: float) -> str:
    """Return the advice for a float that prints as ``digits``, the shortest decimal that its format reads back."""
    if digits in {"nan", "inf", "-inf"}:
        return f"{digits} is not a number; write a finite exact value such as '3/4'"
    exact = fmpq(*float.as_integer_ratio(value))
    said, itself = f"{digits} is a {kind}, of value {_dyadic(exact)}", f"Fraction({float.__repr__(value)})"
    if exact == _parse(digits):
        return f"{said}; pass {itself} or the text '{digits}'"
    return f"{said}; if you mean that, pass {itself}; if you mean {digits}, pass the text '{digits}'"


def _dyadic(value: fmpq) -> str:
    """Return a fraction whose denominator is a power of two, with powers of two where it would be long."""
    if len(text := rational_text(value)) <= MAX_FRACTION:
        return text
    if value.q != 1:
        return f"{value.p}/2^{int(value.q).bit_length() - 1}"
    twos = (int(abs(value.p)) & -int(abs(value.p))).bit_length() - 1
    return f"{value.p >> twos}*2^{twos}"


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 3] + "..."
