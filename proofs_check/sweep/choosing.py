"""What an instance of a sweep is made of: integers that its seed and its number alone decide, on every machine."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import count
from typing import TypeVar

T = TypeVar("T")

STREAM = "spanner-sweep 1"
"""The name of the stream; another one would make other instances of the same seeds."""


class Choices:
    r"""A sequence of choices, each one of ``0..n-1``, from a seed and the number of an instance.

    The bits are those of ``SHA-256("spanner-sweep 1\nSEED\nINDEX\nBLOCK")`` for ``BLOCK = 0, 1, ...``, most significant
    first.  A choice among ``n`` takes as many bits as ``n - 1`` has, and again until they are a number below ``n``.

    ``made`` are the choices so far.  :meth:`again` makes the same ones, and 0 when these are used up: so an instance
    becomes smaller when choices are left out or lowered.

    >>> choices = Choices(seed=1, index=0)
    >>> choices.integer(-3, 3), choices.of("abc"), choices.made
    (0, 'b', [3, 1])
    >>> Choices.again(choices.made).integer(-3, 3)
    0
    """

    def __init__(self, seed: int, index: int) -> None:
        self.made: list[int] = []
        self._bits: Iterator[int] | None = _bits(seed, index)
        self._given: Iterator[int] = iter(())

    @classmethod
    def again(cls, made: Sequence[int]) -> "Choices":
        """Return these choices, then zeros; one that is too large for its place is the largest that is not."""
        found = cls(0, 0)
        found._bits, found._given = None, iter(made)
        return found

    def below(self, n: int) -> int:
        """Return one of ``0..n-1``."""
        choice = min(next(self._given, 0), n - 1) if self._bits is None else _uniform(self._bits, n)
        self.made.append(choice)
        return choice

    def integer(self, low: int, high: int) -> int:
        """Return an integer between two, both included."""
        return low + self.below(high - low + 1)

    def of(self, options: Sequence[T]) -> T:
        """Return one of several things, the simplest first."""
        return options[self.below(len(options))]


def _bits(seed: int, index: int) -> Iterator[int]:
    for block in count():
        value = int.from_bytes(sha256(f"{STREAM}\n{seed}\n{index}\n{block}".encode()).digest())
        yield from (value >> place & 1 for place in range(255, -1, -1))


def _uniform(bits: Iterator[int], n: int) -> int:
    while True:
        found = 0
        for _ in range((n - 1).bit_length()):
            found = found << 1 | next(bits)
        if found < n:
            return found
