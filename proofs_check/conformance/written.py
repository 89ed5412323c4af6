"""The numbers of an answer, as people and languages write them: read exactly, or refused in a few words.

Whoever answers may write anything.  Nothing here takes long, needs much memory, or raises anything but
:class:`Malformed`: a numeral has a greatest length, and a power of ten a greatest size.
"""

import math
import re
from fractions import Fraction
from typing import Any, Final

from flint import fmpq

from reference.exact.binary import FormatName, to_float


class Malformed(ValueError):
    """What was answered is not what was asked for, whatever its value; the message says what is wrong."""


class WrittenNumber(str):
    """A number of JSON, as it is written: what it is read as depends on what was asked for."""

    __slots__ = ()


ReadNumber = float | fmpq
"""A binary64 number, or what is none; infinities and NaN are floats."""

LONGEST_NUMBER: Final = 1_000
"""Characters of a number; the longest number that is right to the last bit has 767 digits."""

_LARGEST_POWER: Final = 5_000
"""Of ten or two, beyond that of every format: what is beyond it is 0 or infinite in each."""

_NAN = re.compile(r"[+-]?(?:[qs]?nan(?:\(.*\))?|1\.?\#(?:qnan|snan|ind|nan)\d*)", re.ASCII | re.IGNORECASE)
_INF = re.compile(r"([+-]?)(?:inf|infinity|1\.?\#inf\d*)", re.ASCII | re.IGNORECASE)
_FRACTION = re.compile(r"([+-]?[0-9]+)/([0-9]+)", re.ASCII)
_DECIMAL = re.compile(r"([+-]?)([0-9]*+)\.?([0-9]*+)(?:e([+-]?[0-9]+))?", re.ASCII | re.IGNORECASE)
_HEX = re.compile(r"([+-]?)0x([0-9a-f]*+)\.?([0-9a-f]*+)(?:p([+-]?[0-9]+))?", re.ASCII | re.IGNORECASE)


def read_number(entry: Any, format: FormatName) -> ReadNumber:  # noqa: A002, ANN401 - the field's word; an answer is anything
    """Return the number that an entry of an answer says.

    Decimals and floats are read as the number of the format that is nearest to them, since that is what a program
    prints; fractions and hexadecimal floats are what they say.

    Raises:
        Malformed: for what is no number.
    """
    match entry:
        case float():
            return _rounded(entry, format)
        case bool():
            raise Malformed(f"{str(entry).lower()} in place of a number")
        case str():
            return _of_text(entry, format)
        case int():
            if entry.bit_length() > 4 * LONGEST_NUMBER:
                raise Malformed(f"an integer of {entry.bit_length()} bits")
            return fmpq(entry)
        case Fraction():
            if max(entry.numerator.bit_length(), entry.denominator.bit_length()) > 4 * LONGEST_NUMBER:
                raise Malformed("a fraction of too many digits")
            return fmpq(entry.numerator, entry.denominator)
        case fmpq():
            return entry
        case None:
            raise Malformed('null in place of a number (write "nan" or "inf" as text: JSON has neither)')
    raise Malformed(f"{_kind_of(entry)} in place of a number")


def read_integer(entry: Any) -> int:  # noqa: ANN401 - an answer is anything
    """Return the integer that an entry says; text is an integer, too, for those beyond 2^53.

    Raises:
        Malformed: for anything else, ``true`` and ``4.0`` too.
    """
    if type(entry) is int:
        if entry.bit_length() > 4 * LONGEST_NUMBER:
            raise Malformed(f"an integer of {entry.bit_length()} bits")
        return entry
    if isinstance(entry, str):
        if len(entry) <= LONGEST_NUMBER and re.fullmatch(r"[+-]?[0-9]+", entry, re.ASCII):
            return int(entry)
        raise Malformed(f"{shown(entry)} in place of an integer")
    raise Malformed(f"{_kind_of(entry)} in place of an integer")


def read_boolean(entry: Any) -> bool:  # noqa: ANN401 - an answer is anything
    """Return the boolean that an entry is.

    Raises:
        Malformed: for anything else, 0 and 1 too.
    """
    if type(entry) is bool:
        return entry
    raise Malformed(f"{_kind_of(entry)} in place of true or false")


def shown(entry: Any, most: int = 40) -> str:  # noqa: ANN401 - an answer is anything
    """Return an entry of an answer for a message: one short line."""
    if isinstance(entry, int) and not isinstance(entry, bool) and entry.bit_length() > 4 * LONGEST_NUMBER:
        return f"an integer of {entry.bit_length()} bits"
    if isinstance(entry, list | dict):
        return _kind_of(entry)
    text = str(entry)[: most + 1]
    text = "".join(c if c.isprintable() else "?" for c in text)
    text = text if len(text) <= most else f"{text[: most - 3]}..."
    return repr(text) if isinstance(entry, str) and not isinstance(entry, WrittenNumber) else text


def _kind_of(entry: object) -> str:
    match entry:
        case bool():
            return str(entry).lower()
        case list():
            return f"a list of {len(entry)}"
        case dict():
            return "an object"
        case None:
            return "null"
        case int() | float() | str():
            return shown(entry)
    return f"a Python {type(entry).__name__:.40}"


def _rounded(value: float, format: FormatName) -> float:  # noqa: A002 - the field's word
    if format == "binary64" or not math.isfinite(value):
        return value
    return to_float(fmpq(*value.as_integer_ratio()), format)


def _of_text(entry: str, format: FormatName) -> ReadNumber:  # noqa: A002 - the field's word
    if len(entry) > LONGEST_NUMBER:
        raise Malformed(f"a number of {len(entry)} characters; at most {LONGEST_NUMBER} are read")
    if isinstance(entry, WrittenNumber) and format == "binary64":
        return float(entry)  # as JSON, or Python for its constants, has it; correctly rounded
    text = entry.strip(" ")
    found: ReadNumber | None = None
    if match := _DECIMAL.fullmatch(text):
        found = _of_decimal(text, match, format)
    elif match := _FRACTION.fullmatch(text):
        found = fmpq(int(match[1]), int(match[2])) if int(match[2]) else None
    elif match := _HEX.fullmatch(text):
        found = _of_hex(match)
    elif match := _INF.fullmatch(text):
        found = -math.inf if match[1] == "-" else math.inf
    elif _NAN.fullmatch(text):
        found = math.nan
    if found is None:
        raise Malformed(f"{shown(entry)} in place of a number")
    return found


def _of_decimal(text: str, found: re.Match[str], format: FormatName) -> float | None:  # noqa: A002 - the field's word
    if not found[2] and not found[3]:
        return None
    if format == "binary64" or abs(_power(found[4])) > _LARGEST_POWER:
        return float(text)
    digits = fmpq(int(f"{found[1]}{found[2]}{found[3]}"))
    return to_float(digits * fmpq(10) ** (_power(found[4]) - len(found[3])), format)


def _of_hex(found: re.Match[str]) -> ReadNumber | None:
    if not found[2] and not found[3]:
        return None
    digits, power = fmpq(int(f"{found[2]}{found[3]}", 16)), _power(found[4]) - 4 * len(found[3])
    sign = -1 if found[1] == "-" else 1
    if abs(power) > _LARGEST_POWER:
        return sign * (math.inf if power > 0 and digits != 0 else 0.0)
    value = sign * digits * fmpq(2) ** power
    if value == 0:
        return sign * 0.0
    try:
        nearest = float(Fraction(int(value.p), int(value.q)))
    except OverflowError:
        return value
    return nearest if fmpq(*nearest.as_integer_ratio()) == value else value


def _power(text: str | None) -> int:
    """Return the power, or one that is beyond all formats."""
    if text is None:
        return 0
    digits = text.lstrip("+-0")
    size = 2 * _LARGEST_POWER if len(digits) > len(str(_LARGEST_POWER)) else int(digits or "0")
    return -size if text[0] == "-" else size
