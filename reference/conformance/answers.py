"""From an exact value to the numbers of an answer: text, decimal, and in each format the float with its neighbours."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, get_args

from flint import fmpq
from msgspec.structs import replace

from reference.conformance.functions import Value
from reference.conformance.vectors import Answer, Argument, FloatFormat
from reference.exact.binary import FormatName, Rounding, to_float
from reference.exact.decimals import to_decimal
from reference.exact.rational_numbers import BadNumber, rational
from reference.exact.reals import Number, real
from reference.exact.text import read, text_within

LONGEST: Final = 400
"""Characters of an exact number."""

DECIMAL_DIGITS: Final = 40
"""Of a decimal."""

EXACT_INTEGERS: Final = 2**53
"""From here on integers are text: JSON readers make floats of them."""

_ROUNDINGS: Final[tuple[Rounding, ...]] = ("nearest-even", "down", "up")


def answer_of(value: Value, formats: Sequence[FloatFormat], condition: str | None = None) -> Answer:
    """Return a value as a vector's file has it.

    Raises:
        Undecided: for a number whose rounding enclosures do not settle.
    """
    if isinstance(value, bool | int):
        return Answer(value=value if abs(value) < EXACT_INTEGERS else str(value))
    if isinstance(value, float):
        text = hex_text(value)
        return _with(Answer(decimal=text), {name: [text] * 3 for name in formats})
    answer = Answer(exact=exact_text(value), decimal=to_decimal(value, DECIMAL_DIGITS).text, condition=condition)
    return _with(answer, {name: floats_of(value, name) for name in formats})


def _with(answer: Answer, floats: Mapping[FloatFormat, list[str]]) -> Answer:
    return replace(answer, **{str(name): row for name, row in floats.items()})


def exact_text(value: Number) -> str | None:
    """Return the text of a number if it is in the grammar, read back as the same number, and short."""
    text = text_within(value, LONGEST)
    if text is None:
        return None
    try:
        found = read(text)
    except BadNumber:  # an enclosed real, which has a name and no formula
        return None
    return text if found == real(value) else None


def floats_of(value: Number, name: FloatFormat) -> list[str]:
    """Return the nearest number of a format, and those below and above, as hexadecimal floats of C99."""
    return [hex_text(to_float(value, name, rounding=rounding)) for rounding in _ROUNDINGS]


def hex_text(value: float) -> str:
    """Return a float as C99 writes it, shortest; ``inf`` and ``-inf`` are themselves."""
    mantissa, mark, exponent = value.hex().partition("p")
    whole, point, digits = mantissa.partition(".")
    digits = digits.rstrip("0")
    return whole + (point if digits else "") + digits + mark + exponent


def formats_of(inputs: Iterable[Argument]) -> list[FloatFormat]:
    """Return the formats in which every number of the inputs is exact; integers are integers in all of them."""
    numbers = [rational(text) for argument in inputs for text in _texts(argument)]
    return [name for name in get_args(FloatFormat) if all(is_exact_in(number, name) for number in numbers)]


def _texts(argument: Argument | list[str]) -> Iterable[str]:
    if isinstance(argument, str):
        yield argument
    elif not isinstance(argument, int):
        for entry in argument:
            yield from _texts(entry)


def is_exact_in(number: fmpq, name: FormatName) -> bool:
    """Whether a rational is a number of a format."""
    nearest = to_float(number, name)
    return abs(nearest) != float("inf") and fmpq(*nearest.as_integer_ratio()) == number
