"""The cells of an array as numbers of Python, which hold every one of them exactly."""

from collections.abc import Sequence
from math import prod
from struct import unpack
from typing import Final, NamedTuple

from reference.model.checks import ProblemError

Cell = float | int
"""A number as it was written, truth values among them; not a number, and infinities, too."""

MOST_CELLS: Final = 1 << 22
"""Cells that are read at once."""

MOST_AXES: Final = 32
"""Axes of an array that is read."""

_CODES: Final = {
    "float64": "d", "float32": "f", "float16": "e", "int64": "q", "int32": "i", "int16": "h", "int8": "b",
    "uint64": "Q", "uint32": "I", "uint16": "H", "uint8": "B", "bool": "?",
}  # fmt: skip
_SIZES: Final = {"d": 8, "f": 4, "e": 2, "q": 8, "i": 4, "h": 2, "b": 1, "Q": 8, "I": 4, "H": 2, "B": 1, "?": 1}

OPAQUE: Final = "16 bits"
"""Cells of two bytes of which the file does not say what they are."""

TYPES: Final = (*list(_CODES)[:3], "bfloat16", *list(_CODES)[3:])
"""What is read."""

_VIEWED: Final = ("float16", "bfloat16")
"""What two bytes may be."""


class Wanted(NamedTuple):
    """Which numbers of a file: ``key`` names an array or a field, ``row`` says where along its first axes.

    In records ``row`` is the line and the place in the text.  ``choice``: which answer.  ``axes``: how many a row has.
    ``shared``: an array without further axes belongs to every row.
    """

    key: str = ""
    row: tuple[int, ...] = ()
    dtype: str = ""
    choice: int = 0
    axes: int = 1
    shared: bool = False


class Layout(NamedTuple):
    """An array in a file: the type of its cells, their order of bytes (``<`` or ``>``), its axes, where it begins."""

    dtype: str
    order: str
    shape: tuple[int, ...]
    start: int

    @property
    def size(self) -> int:
        """Bytes of a cell."""
        return 2 if self.dtype in {"bfloat16", OPAQUE} else _SIZES[_CODES[self.dtype]]

    @property
    def length(self) -> int:
        """Bytes of the array."""
        return prod(self.shape) * self.size

    def __str__(self) -> str:
        return f"{self.dtype} of shape ({', '.join(map(str, self.shape))}{',' * (len(self.shape) == 1)})"

    def viewed(self, dtype: str, where: str) -> "Layout":
        """Return the array with two-byte cells taken for another type; itself unless one is given."""
        if dtype and (dtype not in _VIEWED or self.size != 2):  # noqa: PLR2004 - two bytes
            if dtype == self.dtype:
                return self
            reason = f"its cells are {self.dtype}; --dtype says of two bytes whether they are {' or '.join(_VIEWED)}"
            raise ProblemError(where, reason)
        if not dtype and self.dtype == OPAQUE:
            reason = "cells of two bytes and no type, as numpy writes bfloat16"
            raise ProblemError(where, f"{reason}; say --dtype bfloat16 if they are")
        return self._replace(dtype=dtype or self.dtype)

    def row(self, wanted: Wanted, where: str) -> "Layout":
        """Return the part at an index along the first axes; axes of length 1 in front need none."""
        shape, start, stride = list(self.shape), 0, prod(self.shape)
        axes = wanted.axes
        given = [] if wanted.shared and len(shape) <= axes else list(wanted.row)
        while len(shape) > axes and shape[0] == 1 and len(shape) - axes > len(given):
            shape.pop(0)
        if len(shape) - axes != len(given):
            raise ProblemError(where, f"{self}; {_choice(shape, axes, len(given))}")
        for place in given:
            length = shape.pop(0)
            if not -length <= place < length:
                reason = f"there is no row {place}: that axis has {length}, counted from 0"
                raise ProblemError(where, f"{self}; {reason}")
            stride //= length
            start += (place % length) * stride
        found = self._replace(shape=tuple(shape), start=self.start + start * self.size)
        if (cells := prod(shape)) > MOST_CELLS:
            raise ProblemError(where, f"{self}; a row of {cells} cells: at most {MOST_CELLS} are read")
        if cells == 0:
            raise ProblemError(where, f"{self}; a row of no cells")
        return found

    def decoded(self, raw: bytes) -> list[Cell]:
        """Return the numbers in the bytes of the array."""
        if self.dtype == "bfloat16":  # the upper half of a float32
            wide = bytearray(2 * len(raw))
            first = 2 if self.order == "<" else 0
            wide[first::4], wide[first + 1 :: 4] = raw[::2], raw[1::2]
            return list(unpack(f"{self.order}{len(raw) // 2}f", wide))
        return list(unpack(f"{self.order}{len(raw) // self.size}{_CODES[self.dtype]}", raw))


def checked_shape(where: str, shape: Sequence[int]) -> tuple[int, ...]:
    """Return the axes of an array; refuse too many, and negative lengths."""
    if len(shape) > MOST_AXES:
        raise ProblemError(where, f"an array of {len(shape)} axes; at most {MOST_AXES} are read")
    if any(length < 0 for length in shape):
        raise ProblemError(where, f"a negative length in the shape ({', '.join(map(str, shape))})")
    return tuple(shape)


def _choice(shape: Sequence[int], axes: int, given: int) -> str:
    if len(shape) < axes:
        return f"{axes} axes are needed here"
    over = len(shape) - axes
    rows = " x ".join(map(str, shape[:over]))
    example = ",".join(["0"] * over)
    if over == 0:
        return f"it is one row itself: leave --row out, of which {given} were given"
    return f"{rows} rows: choose one, as in --row {example}"
