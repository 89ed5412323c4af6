"""Points that a search goes through: rational coordinates of several kinds, and what is built from them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isqrt
from typing import NamedTuple, Protocol

from flint import fmpq

from reference.exact.rational_numbers import ceiling, floor

LARGEST = 10**9
"""Numerators and denominators are at most so large: a worst instance is to be read."""


class CoordinateKind(StrEnum):
    """What values a coordinate may have, and by which steps it changes."""

    SIZE = "size"
    """Positive, changed by a factor: ``beta``, a prompt's share, the mass of a response that is there."""
    MASS = "mass"
    """The same, or zero."""
    FREE = "free"
    """Any rational: features, baselines."""
    RATE = "rate"
    """Any rational, an entry of ``theta`` in multiples of ``beta``."""
    ODDS = "odds"
    """Positive: an entry of ``theta`` that is ``beta`` times its logarithm."""
    COUNT = "count"
    """A positive integer."""


class Coordinate(NamedTuple):
    """A kind and a value of that kind."""

    kind: CoordinateKind
    value: fmpq


class Shape(Protocol):
    """What is built from coordinates."""

    def member(self, values: "tuple[Coordinate, ...]") -> object:
        """Return what the claim is decided on.

        Raises:
            ValueError: for values with which there is no such thing.
        """

    def smaller(self, values: "tuple[Coordinate, ...]") -> "Iterator[Point]":
        """Yield points with a part left out."""


@dataclass(frozen=True)
class Point:
    """Coordinates and their shape."""

    shape: Shape
    values: tuple[Coordinate, ...]

    def member(self) -> object:
        """Return what the claim is decided on."""
        return self.shape.member(self.values)

    def smaller(self) -> "Iterator[Point]":
        """Yield points with a part left out."""
        return self.shape.smaller(self.values)

    def at(self, i: int, coordinate: Coordinate) -> "Point":
        """Return the point with another coordinate."""
        return replace(self, values=(*self.values[:i], coordinate, *self.values[i + 1 :]))

    @property
    def size(self) -> int:
        """How much there is to read: the bits of all fractions, and a few for each coordinate."""
        return sum(_bits(value) + _EACH for _, value in self.values)


_EACH = 4
"""Bits that a coordinate counts for, whatever it is."""


def _bits(value: fmpq) -> int:
    return int(abs(value.p)).bit_length() + int(value.q).bit_length()


def simplest(low: fmpq, high: fmpq) -> fmpq:
    """Return the fraction with the smallest denominator in ``[low, high]``.

    >>> simplest(fmpq(314, 100), fmpq(315, 100))
    22/7
    """
    if low <= 0 <= high:
        return fmpq(0)
    if high < 0:
        return -simplest(-high, -low)
    least = ceiling(low)
    if least <= high:
        return fmpq(least)
    whole = floor(low)
    return whole + 1 / simplest(1 / (high - whole), 1 / (low - whole))


def near(value: fmpq, share: fmpq) -> fmpq:
    """Return the simplest fraction that is off by at most this share of the value."""
    width = abs(value) * share
    return simplest(value - width, value + width)


def moved(coordinate: Coordinate, step: fmpq) -> list[Coordinate]:
    """Return the neighbours of a coordinate at this step, as simple fractions as the step allows."""
    kind, value = coordinate
    if kind is CoordinateKind.COUNT:
        jump = max(fmpq(1), fmpq(floor(value * step)))
        found = [value + jump, value - jump]
    elif kind in {CoordinateKind.SIZE, CoordinateKind.MASS, CoordinateKind.ODDS}:
        found = [value * (1 + step), value / (1 + step)] if value != 0 else [step]
        found += [fmpq(0)] * (kind is CoordinateKind.MASS)
    else:
        found = [value + step, value - step, value * (1 + step), value / (1 + step), -value]
    snapped = (value if kind is CoordinateKind.COUNT else near(value, step / _FINE) for value in found)
    return [Coordinate(kind, each) for each in dict.fromkeys(snapped) if each != value and allowed(kind, each)]


_FINE = 8
"""A new value may be off by a step over this."""


def simpler(coordinate: Coordinate) -> Iterator[Coordinate]:
    """Yield simpler values near a coordinate, the simplest first."""
    kind, value = coordinate
    if kind is CoordinateKind.COUNT:
        return
    seen = {value}
    for each in (fmpq(0), fmpq(1), _less_extreme(value), *(near(value, share) for share in _SHARES)):
        if each not in seen and allowed(kind, each) and _bits(each) < _bits(value):
            seen.add(each)
            yield Coordinate(kind, each)


def _less_extreme(value: fmpq) -> fmpq:
    """Return about the square root of a value, an integer or one over an integer."""
    if value == 0:
        return value
    root = isqrt(ceiling(max(abs(value), 1 / abs(value))))
    return (1 if value > 0 else -1) * (fmpq(root) if abs(value) > 1 else fmpq(1, root))


_SHARES = (fmpq(1, 2), fmpq(1, 4), fmpq(1, 16), fmpq(1, 64), fmpq(1, 1024))


def allowed(kind: CoordinateKind, value: fmpq) -> bool:
    """Return whether a coordinate of this kind may have this value."""
    if abs(value.p) > LARGEST or value.q > LARGEST:
        return False
    if kind is CoordinateKind.RATE:
        return abs(value) <= _STEEPEST
    if kind is CoordinateKind.COUNT:
        return value >= 1 and value.q == 1
    return kind is CoordinateKind.FREE or value > 0 or (kind is CoordinateKind.MASS and value == 0)


_STEEPEST = 10_000
"""An entry of ``theta`` over ``beta`` is at most this: its exponential has to be enclosed."""
