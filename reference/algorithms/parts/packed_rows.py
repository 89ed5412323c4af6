"""Rows of integers, each column packed into one long integer: products, and their largest entry, without a number each.

A column ``x`` is kept as ``sum_k x_k 2^(8 L k)``, so that a sum of multiples of columns is a few products of long
integers; its entries are read apart again where ``L`` bytes hold each of them, which is seen beforehand.  Source: ours.
"""

from collections.abc import Sequence
from itertools import chain

from flint import fmpz, fmpz_mat

_WORDS = 1, 2, 4, 8
"""Bytes that each number of the rows may take."""

_WIDE = 8
"""Entries of products take a multiple of so many bytes."""

_FROM_ABOVE = (*range(127, -1, -1), *range(255, 127, -1))
"""The bytes, from the largest to the smallest, as numbers with a sign."""

_MANY = 8
"""If more than one entry in so many has an outermost leading byte, all are read at once, by machine words."""

_LITTLE = memoryview(b"\1\0").cast("H")[0] == 1
"""Whether the low byte of a machine word comes first."""


class PackedRows:
    """A matrix of integers below ``2^63`` in size."""

    def __init__(self, rows: Sequence[Sequence[int]]) -> None:
        """Pack the rows (at least one, of equal length).

        Raises:
            OverflowError: if a number is too long.
        """
        self._rows, self._count, self._width = rows, len(rows), len(rows[0])
        for self._word in _WORDS:
            half = 1 << (8 * self._word - 1)
            shifted = [n + half for n in chain.from_iterable(rows)]
            try:
                self._words = (
                    bytes(shifted) if self._word == 1 else b"".join([n.to_bytes(self._word, "little") for n in shifted])
                )
            except (ValueError, OverflowError):
                continue
            break
        else:
            msg = "a number takes more than 64 bits"
            raise OverflowError(msg)
        self._length, self._halves = 0, fmpz(0)
        self._packed: list[fmpz] = []

    def ncols(self) -> int:
        """Return how long the rows are."""
        return self._width

    def __getitem__(self, place: tuple[int, int]) -> int:
        k, j = place
        return self._rows[k][j]

    def __mul__(self, other: fmpz_mat) -> "PackedProduct":
        """Return the product with a matrix of any integers."""
        columns = other.transpose().tolist()
        longest = max([int(sum([abs(n) for n in column])) for column in columns])
        bits = 8 * self._word - 1 + longest.bit_length()
        leading = bits // 8  # with one bit more, for the sign, this byte is the last that an entry reaches
        self._pack(_WIDE * (leading // _WIDE + 1))
        shift = 8 * leading + 7 - bits  # and is full
        columns = [[n << shift for n in column] for column in columns]
        products = [
            int(sum([n * x for n, x in zip(column, self._packed, strict=True) if n != 0], self._halves))
            for column in columns
        ]
        return PackedProduct(products, self._count, self._length, leading, shift)

    def _pack(self, length: int) -> None:
        """Give each number so many bytes."""
        if length == self._length:
            return
        self._length = length
        self._halves, halves = fmpz(self._repeated(length)), self._repeated(self._word)
        self._packed = []
        for j in range(self._width):
            wide = bytearray(length * self._count)
            for t in range(self._word):
                wide[t::length] = self._words[j * self._word + t :: self._width * self._word]
            self._packed.append(fmpz(int.from_bytes(wide, "little") - halves))

    def _repeated(self, length: int) -> int:
        """Return, for each row, half of what so many bytes hold."""
        return int.from_bytes((b"\x80".rjust(length, b"\0")).ljust(self._length, b"\0") * self._count, "little")


class PackedProduct:
    """The entries of a product, row by row.

    Each of its columns is packed: each entry times ``2^shift``, which is less than half of what the bytes up to
    ``leading`` hold, and half of what ``length`` bytes hold added to it.
    """

    def __init__(self, columns: Sequence[int], count: int, length: int, leading: int, shift: int) -> None:
        self._columns, self._count, self._length = columns, count, length
        self._leading, self._shift = leading, shift

    def entries(self) -> "PackedProduct":
        """Return this: what is asked of the entries is answered here."""
        return self

    def largest(self) -> tuple[int, int]:
        """Return the first place where an entry is largest in size, row by row, and its size."""
        found = [(*self._largest(column), i) for i, column in enumerate(self._columns)]
        size, k, i = min(found, key=lambda each: (-each[0], each[1]))  # in the first of several columns
        return k * len(self._columns) + i, size

    def _largest(self, column: int) -> tuple[int, int]:
        """Return the size of the largest entry of a column, and where it stands first.

        The largest in size is among those with the largest and the smallest leading byte.
        """
        length, half = self._length, 1 << (8 * self._length - 1)
        whole = column.to_bytes(length * self._count, "little")
        leading = whole[self._leading :: length]
        order = range(255, -1, -1) if self._leading == length - 1 else _FROM_ABOVE  # a half was added to the last byte
        ends = {next(b for b in each if b in leading) for each in (order, order[::-1])}
        if length == _WIDE and _MANY * sum(map(leading.count, ends)) > self._count and _LITTLE:
            values = memoryview(whole).cast("Q").tolist()
            low, high = min(values), max(values)
            best = max(high - half, half - low)
            return best >> self._shift, min(values.index(end) for end in (low, high) if abs(end - half) == best)
        best, place = -1, 0
        for end in ends:
            k = leading.find(end)
            while k >= 0:
                size = abs(int.from_bytes(whole[length * k : length * (k + 1)], "little") - half)
                if size > best or (size == best and k < place):
                    best, place = size, k
                k = leading.find(end, k + 1)
        return best >> self._shift, place
