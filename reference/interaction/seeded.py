"""Randomness read as one run: exact sampling from a seed, the same on every platform.

Draw number ``n`` compares a uniform number with the cumulative masses.  Its binary digits are the SHA-256 digests of
``"spanner-reference:SEED:n:0"``, ``"spanner-reference:SEED:n:1"``, ... one after the other; 64 digits are read first,
and twice as many as long as they do not settle the outcome.  Nothing is rounded, and a draw never shifts later ones.
"""

from collections.abc import Hashable
from hashlib import sha256
from typing import TypeVar

from reference.exact.law import Law
from reference.interaction.choice import RunsOnce

T = TypeVar("T", bound=Hashable)

FIRST_BITS = 64
"""Binary digits that are read first."""

BLOCK_BITS = 256
"""Binary digits in one digest."""


class Seeded(RunsOnce):
    """A :class:`~reference.interaction.choice.Choice` that runs a program once; equal seeds give equal runs.

    >>> import reference as ref
    >>> ref.Seeded(1).draw(ref.Law.uniform("abc"))
    'a'
    """

    __slots__ = ("_draws", "_stream", "seed")

    def __init__(self, seed: int) -> None:
        """Start at draw 0 of the stream of ``seed``; :class:`TypeError` unless it is an ``int``."""
        if type(seed) is not int:
            msg = f"the seed must be an int, not {seed!r}"
            raise TypeError(msg)
        self.seed = seed
        self._stream = f"spanner-reference:{seed}:"
        self._draws = 0

    def draw(self, law: Law[T]) -> T:
        """Return an outcome of ``law``, independent of everything drawn before."""
        number = self._draws
        self._draws += 1
        bits, index = FIRST_BITS, None
        while index is None:
            index = law.locate(self._digits(number, bits), bits)
            bits *= 2
        return law.outcomes[index]

    def _digits(self, number: int, bits: int) -> int:
        """Return the first ``bits`` binary digits of draw ``number``, as an integer."""
        text = sha256(f"{self._stream}{number}:0".encode()).digest()
        if bits % 8 == 0 and bits <= BLOCK_BITS:  # nearly always
            return int.from_bytes(text[: bits // 8], "big")
        blocks = -(-bits // BLOCK_BITS)
        text += b"".join(sha256(f"{self._stream}{number}:{b}".encode()).digest() for b in range(1, blocks))
        return int.from_bytes(text, "big") >> (blocks * BLOCK_BITS - bits)
