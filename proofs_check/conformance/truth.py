"""What an answer is compared with: of each entry the value or an enclosure, its roundings, and what is allowed.

All of it is in the vector; :class:`Standard` reads it once, so that judging an answer is a few comparisons.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from flint import fmpq

from proofs_check.conformance.inputs import steps
from reference.conformance.functions import Function
from reference.conformance.vectors import Answer, Vector
from reference.exact.binary import BINARY_FORMATS, Format, FormatName
from reference.exact.precision import workprec
from reference.exact.reals import real
from reference.exact.text import read

_ENCLOSURE: Final = 320
"""Bits to which a value is enclosed that is given by its exact text alone."""


class BadVector(ValueError):
    """A vector that cannot be judged by; it was not written by the tool that writes them."""


@dataclass(frozen=True, slots=True)
class Truth:
    """The value of one entry: ``lower <= value <= upper``, equal where it is rational, and its roundings.

    ``allowed``: how far ``stable`` reaches, ``ulp``: the unit in the last place, ``unit``: half that of 1.  An infinite
    value has both bounds 0, and no use for them.
    """

    lower: fmpq
    upper: fmpq
    nearest: float
    down: float
    up: float
    ulp: fmpq
    allowed: fmpq
    unit: fmpq
    infinite: bool = False

    @property
    def is_zero(self) -> bool:
        """Whether the value is 0."""
        return not self.infinite and self.lower == self.upper == 0

    @property
    def sign(self) -> int:
        """The sign of the value, 0 if it is not known."""
        return 1 if self.lower > 0 else -1 if self.upper < 0 else 0

    @property
    def representable(self) -> bool:
        """Whether the value is a number of the format."""
        return self.down == self.up

    def __str__(self) -> str:
        return f"{self.nearest:.17g}"


@dataclass(frozen=True, slots=True)
class Standard:
    """A vector as answers in one format are judged by it.

    ``values``: integers and booleans; ``truths``: numbers; ``alternatives``: others that pass, both.
    ``unit``: half the distance from 1 to the next number; ``size``: the ``n`` of what is allowed, how many steps a
    program takes.
    """

    vector: Vector
    function: Function
    format: FormatName
    unit: fmpq
    size: int
    truths: tuple[Truth, ...]
    values: tuple[Any, ...]
    alternatives: tuple[tuple[tuple[Truth, ...], tuple[Any, ...]], ...]

    @staticmethod
    def of(vector: Vector, function: Function, format: FormatName, *, flush: bool = False) -> "Standard":  # noqa: A002 - the field's word
        """Return the standard of a vector; it is made once.

        Raises:
            BadVector: if the vector lacks what the format needs.
        """
        key = (id(vector), format, flush)
        known = _KNOWN.get(key)
        if known is None or known.vector is not vector or known.function is not function:
            _KNOWN[key] = known = _standard(vector, function, format, flush=flush)
        return known


_KNOWN: dict[tuple[int, FormatName, bool], Standard] = {}
"""Each holds its vector, whose id is therefore nobody else's."""


def _standard(vector: Vector, function: Function, format: FormatName, *, flush: bool) -> Standard:  # noqa: A002 - the field's word
    size = steps(vector, function)
    precision = BINARY_FORMATS[format].precision
    unit = fmpq(2) ** -precision
    truths: tuple[Truth, ...] = ()
    values: tuple[Any, ...] = ()
    try:
        if function.result in {"number", "law", "numbers"}:
            truths = tuple(truth_of(each, format, size, flush=flush) for each in vector.answer)
            if function.solves:
                allowed = max((each.allowed for each in truths), default=fmpq(0))
                truths = tuple(replace(each, allowed=allowed) for each in truths)
        else:
            values = tuple(int(each.value) if isinstance(each.value, str) else each.value for each in vector.answer)
            if function.result != "certificate" and len(values) != 1:
                raise BadVector("one value is needed")
        others = tuple(
            (tuple(_other(text, truth, format) for text, truth in zip(row, truths, strict=True)), ())
            if truths
            else ((), tuple(map(int, row)))
            for row in vector.also
            if row != ["refused"]
        )
    except (ValueError, TypeError) as error:
        raise BadVector(f"vector {vector.id}: {error}") from None
    return Standard(vector, function, format, unit, size, truths, values, others)


def truth_of(answer: Answer, format: FormatName, size: int, *, flush: bool) -> Truth:  # noqa: A002 - the field's word
    """Return what a number is judged by: the value, and how far ``stable`` reaches after ``size`` steps.

    Raises:
        BadVector: if the answer has no roundings to the format.
    """
    if answer.decimal in {"inf", "-inf"}:
        return _infinite(float(answer.decimal))
    roundings = getattr(answer, format, None)
    if roundings is None:
        raise BadVector(f"no roundings to {format}")
    lower, upper = _enclosure(answer)
    nearest, down, up = map(float.fromhex, roundings)
    return _finite(lower, upper, (nearest, down, up), answer.condition, format, size, flush=flush)


def _finite(
    lower: fmpq,
    upper: fmpq,
    roundings: tuple[float, float, float],
    condition: str | None,
    format: FormatName,  # noqa: A002 - the field's word
    size: int,
    *,
    flush: bool,
) -> Truth:
    chosen = BINARY_FORMATS[format]
    least = fmpq(2) ** chosen.least
    away = min(abs(lower), abs(upper))
    quantum = least * fmpq(2) ** (chosen.precision - 1) if flush else least
    unit = fmpq(2) ** -chosen.precision
    allowed = (4 + 2 * size) * unit * (_rational_of(condition or "0") + away) + quantum
    return Truth(lower, upper, *roundings, ulp=_ulp(away, chosen), allowed=allowed, unit=unit)


def _ulp(size: fmpq, chosen: Format) -> fmpq:
    exponent = max(_binade(size) + 1 - chosen.precision, chosen.least)
    return fmpq(2) ** min(exponent, chosen.top + 1 - chosen.precision)


def _infinite(value: float) -> Truth:
    return Truth(fmpq(0), fmpq(0), value, value, value, fmpq(1), fmpq(1), fmpq(1), infinite=True)


def _other(text: str, truth: Truth, format: FormatName) -> Truth:  # noqa: A002 - the field's word
    """Return what else is accepted in place of an entry: a number, and nothing near it."""
    if not text:
        return truth
    if text in {"inf", "-inf"}:
        return _infinite(float(text))
    value = _rational_of(text)
    as_float = int(value.p) / int(value.q)
    chosen = BINARY_FORMATS[format]
    least = fmpq(2) ** chosen.least
    return Truth(value, value, as_float, as_float, as_float, least, least / 2, fmpq(2) ** -chosen.precision)


def _enclosure(answer: Answer) -> tuple[fmpq, fmpq]:
    """Return bounds of a value: itself if it is rational, else half a unit around its 40 digits, or a ball."""
    if answer.exact is not None and not ("log" in answer.exact or "exp" in answer.exact):
        value = _rational_of(answer.exact)
        return value, value
    if answer.decimal is not None:
        sign, digits, power = Decimal(answer.decimal).as_tuple()
        if not isinstance(power, int):
            raise BadVector(f"the decimal {answer.decimal}")
        count = fmpq(int("".join(map(str, digits))) * (-1 if sign else 1))
        scale, half = fmpq(10) ** power, fmpq(1, 2)
        return (count - half) * scale, (count + half) * scale
    if answer.exact is None:
        raise BadVector("an entry without a value")
    number = real(read(answer.exact))
    with workprec(_ENCLOSURE):
        ball = number.enclosure(_ENCLOSURE)
        return ball.lower().fmpq(), ball.upper().fmpq()


def _rational_of(text: str) -> fmpq:
    """Return a fraction or a decimal of a vector file."""
    head, _, below = text.partition("/")
    if below:
        return fmpq(int(head), int(below))
    sign, digits, power = Decimal(head).as_tuple()
    if not isinstance(power, int) or abs(power) > _LARGEST_POWER:
        raise BadVector(f"the number {text[:40]}")
    count = int("".join(map(str, digits))) * (-1 if sign else 1)
    return fmpq(count) * fmpq(10) ** power


_LARGEST_POWER = 20_000
"""Powers of two beyond this, either way, are not formed from an answer."""


def _binade(size: fmpq) -> int:
    """Return ``e`` with ``2^e <= size < 2^(e+1)``, and a small number for 0."""
    if size == 0:
        return -10_000
    p, q = int(size.p), int(size.q)
    e = p.bit_length() - q.bit_length()
    return e - (p << max(-e, 0) < q << max(e, 0))


def ideal_distance(vector: Vector, answer: Sequence[fmpq], format: FormatName) -> fmpq | None:  # noqa: A002 - the field's word
    """Return how far an answer is from that to the ideal inputs, in units in the last place, where inputs are rounded.

    An infinite entry, and a vector without ideal inputs, have no distance.
    """
    if len(vector.ideal) != len(answer) or any(each.decimal in {"inf", "-inf"} for each in vector.ideal):
        return None
    chosen, found = BINARY_FORMATS[format], fmpq(0)
    for each, got in zip(vector.ideal, answer, strict=True):
        lower, upper = _enclosure(each)
        found = max(found, max(abs(got - lower), abs(upper - got)) / _ulp(min(abs(lower), abs(upper)), chosen))
    return found


def entries(vector: Vector) -> Sequence[str]:
    """Return the entries of the answer as people read them."""
    return [
        str(each.value).lower() if each.value is not None else (each.exact if _is_short(each) else each.decimal) or "?"
        for each in vector.answer
    ]


_SHORT = 24


def _is_short(answer: Answer) -> bool:
    return answer.exact is not None and (len(answer.exact) <= _SHORT or answer.decimal is None)
