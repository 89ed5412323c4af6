"""Vectors that are made when they are asked, beyond those that ship: random ones, and all of a kind.

Their answers are computed as those of the vectors that ship are: exactly, then rounded, with condition numbers by the
second source.  What the exact program refuses is not asked, for it may be a limit of this program alone; nor is what
lies so near a float that its rounding takes seconds.
"""

import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from math import isfinite, isinf
from pathlib import Path
from typing import Any, Final

from proofs_check.conformance.condition import log_partition_condition
from proofs_check.conformance.kit import EXHAUSTED, Kit, KitError
from proofs_check.conformance.making import answers_to
from proofs_check.conformance.random_inputs import random_inputs
from proofs_check.conformance.truth import BadVector, Standard
from reference.conformance.answers import answer_of, formats_of
from reference.conformance.functions import FUNCTIONS, Function
from reference.conformance.kinds import Value
from reference.conformance.questions import Refused, exact_answer
from reference.conformance.vectors import GENERATOR, LICENCE, SCHEMA, VERSION, FloatFormat, Vector, VectorFile
from reference.exact.binary import Rounding, to_float
from reference.exact.number import Undecided
from reference.exact.precision import workprec
from reference.exact.rational_numbers import rational
from reference.exact.reals import Real, lowest, real, real_log

_TRIES: Final = 60
"""Random inputs that are looked at for each that is asked; few are numbers of a short format."""

_BITS: Final = 1 << 14
"""Bits that have to tell between which floats a random answer lies; what takes more is not asked."""

_FAR: Final = 1 << 16
"""Powers of two from here on are beyond all floats, whatever the digits."""

_BEYOND: Final = 10**8
"""From here on ``exp(-x)`` changes no digit that is looked at: it is below ``10^-43,000,000``."""


def random_kit(names: Sequence[str], number: int, seed: int, format: FloatFormat) -> Kit:  # noqa: A002 - the field's word
    """Return so many random questions of each function, with their answers in one format; equal seeds give equal ones.

    Raises:
        KitError: if there are none of a function whose inputs are numbers of the format.
    """
    files = {}
    for name in names:
        vectors = list(islice(_random_vectors(FUNCTIONS[name], number, seed, format), number))
        if not vectors:
            raise KitError(f"--random: {_TRIES * number} inputs of {name} were tried; in {format} none has an answer")
        files[name] = _file(name, f"random, seed {seed}", vectors)
    return Kit(files, Path("random"))


def exhaustive_kit(format: FloatFormat) -> Kit:  # noqa: A002 - the field's word
    """Return the questions of :data:`EXHAUSTED` for all finite ``x`` of bfloat16, with answers in one format."""
    vectors = [_of_two(bits, format) for bits in all_bfloat16()]
    return Kit({EXHAUSTED: _file(EXHAUSTED, "exhaustive", vectors)}, Path("exhaustive"))


def all_bfloat16() -> Iterator[int]:
    """Yield the bits of every finite number of bfloat16, and 0 once."""
    for sign in (0, 1 << 15):
        yield from range(sign + (sign > 0), sign + _INFINITE)


_INFINITE = 0x7F80


def _random_vectors(function: Function, number: int, seed: int, format: FloatFormat) -> Iterator[Vector]:  # noqa: A002 - the field's word
    for tried, inputs in zip(range(_TRIES * number), random_inputs(function.name, seed), strict=False):
        given = {name: _written(value) for name, value in inputs.items()}
        try:
            if format not in formats_of(each for each in given.values()):
                continue
            values = exact_answer(function.name, given)
            if not all(_is_settled(value, format) for value in values):
                continue
            vector = Vector(
                f"{function.name}-random-{seed}-{tried}", "random", [], "valid", [format], given,
                answers_to(function, given, values, [format]), also=_also(values),
            )  # fmt: skip
            Standard.of(vector, function, format)
        except (Refused, Undecided, BadVector, ValueError, ZeroDivisionError):  # there is no truth to judge by
            continue
        yield vector


def _is_settled(value: Value, format: FloatFormat) -> bool:  # noqa: A002 - the field's word
    """Whether few bits tell between which floats a value lies; ``1/2 + exp(-10^6)`` takes a million, and seconds."""
    number = value if isinstance(value, bool | int | float) else lowest(value)
    if not isinstance(number, Real):
        return True
    ball = number.enclosure(_BITS)
    if not ball.is_finite() or ball.contains(0):
        return False
    if abs(int(ball.abs_lower().man_exp()[1])) > _FAR:
        return True
    with workprec(_BITS):
        low, high = ball.lower().fmpq(), ball.upper().fmpq()
    roundings: tuple[Rounding, ...] = ("nearest-even", "down", "up")
    return all(to_float(low, format, rounding=each) == to_float(high, format, rounding=each) for each in roundings)


def _also(values: Sequence[Any]) -> list[list[str]]:
    """Return what passes beside the answer: a refusal, where the answer is infinite, as in the vectors that ship."""
    return [["refused"]] if any(isinstance(value, float) and isinf(value) for value in values) else []


def _written(value: Any) -> Any:  # noqa: ANN401 - of any depth
    if isinstance(value, list):
        return [_written(each) for each in value]
    if isinstance(value, float):
        return str(Fraction(value)) if isfinite(value) else str(value)
    return value


def _of_two(bits: int, format: FloatFormat) -> Vector:  # noqa: A002 - the field's word
    x = Fraction(struct.unpack(">f", struct.pack(">I", bits << 16))[0])
    given: dict[str, Any] = {"pi": ["1/2", "1/2"], "r": [str(x), "0"], "beta": "1"}
    answer = answer_of(_log_mean(x), [format], log_partition_condition(given))
    return Vector(f"{EXHAUSTED}-{bits:04x}", "one of all numbers of bfloat16", [], "valid", [format], given, [answer])


def _log_mean(x: Fraction) -> Real:
    """``log((e^x + 1)/2)``; beyond the exponents of the package all but ``e^-|x|`` of it."""
    if abs(x) > _BEYOND:
        return real(rational(str(max(x, Fraction(0))))) - real_log(rational(2))
    (value,) = exact_answer(EXHAUSTED, {"pi": ["1/2", "1/2"], "r": [str(x), "0"], "beta": "1"})
    return real(value)


def _file(function: str, what: str, vectors: Sequence[Vector]) -> VectorFile:
    return VectorFile(
        schema=SCHEMA, version=f"{VERSION}, {what}", function=function, result=FUNCTIONS[function].result,
        licence=LICENCE, generator=GENERATOR, number_of_vectors=len(vectors), notes={}, vectors=list(vectors),
    )  # fmt: skip
