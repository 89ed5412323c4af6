"""What a family of cases is, and how inputs are written down."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from typing import Literal, NamedTuple

from reference.conformance.cases.shown import SHOWN_BESIDE
from reference.conformance.vectors import Argument, Entries, Note
from reference.exact.binary import to_float
from reference.exact.text import read

NumberIn = int | Fraction | str
"""A number as cases have it: an integer, a fraction, or the text of a rational number."""


class Asked(NamedTuple):
    """A question: its inputs by name, why it is asked, and the flags that it has beside those of the family's rules."""

    input: Mapping[str, Argument]
    comment: str
    flags: str = ""
    result: Literal["valid", "acceptable", "invalid"] = "valid"
    also: Sequence[Sequence[str]] = ()
    ideal: Mapping[str, Argument] = {}


@dataclass(frozen=True)
class CaseFamily:
    """The cases of a function.

    ``blocks``: from a first number to the cases that are numbered from there.  ``rules``: flags that any case has whose
    inputs are so; a rule is never asked about an invalid case.
    """

    function: str
    notes: Mapping[str, Note]
    blocks: Mapping[int, Sequence[Asked]]
    rules: Mapping[str, Callable[[Mapping[str, Argument]], bool]] = field(default_factory=dict)

    def numbered(self) -> Iterator[tuple[int, Asked]]:
        """Yield the cases in order, each with the number of its vector and all its flags."""
        starts = sorted(self.blocks)
        for start, end in zip(starts, [*starts[1:], 10**9], strict=True):
            for number, case in enumerate(self.blocks[start], start):
                if number >= end:
                    msg = f"{self.function}: the block from {start} runs into the next at {end}"
                    raise ValueError(msg)
                yield number, case._replace(flags=" ".join(self._flags(number, case)))

    def _flags(self, number: int, case: Asked) -> list[str]:
        beside = SHOWN_BESIDE.get(self.function, {})
        named = [*case.flags.split(), *(flag for flag, numbers in beside.items() if number in numbers)]
        ruled = [] if case.result == "invalid" else [flag for flag, rule in self.rules.items() if rule(case.input)]
        return [flag for flag in self.notes if flag in {*named, *ruled}] + [f for f in named if f not in self.notes]


def in_row(*values: NumberIn) -> Entries:
    """Return a row of numbers as texts."""
    return [str(value) for value in values]


def in_rows(*given: Iterable[NumberIn]) -> Entries:
    """Return rows of numbers as texts."""
    return [[str(value) for value in each] for each in given]


def two(exponent: int) -> Fraction:
    """Return a power of 2."""
    return Fraction(2) ** exponent


def nearest_floats(*texts: str) -> list[Fraction]:
    """Return the numbers of binary64 nearest to exact ones."""
    return [Fraction(to_float(read(text))) for text in texts]


def over(below: int, *above: int) -> list[Fraction]:
    """Return fractions with one denominator."""
    return [Fraction(each, below) for each in above]


class Stream:
    """Numbers from a seed, the same on every machine and in every version of Python."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._asked = 0

    def below(self, bound: int) -> int:
        """Return an integer from 0 to ``bound - 1``."""
        self._asked += 1
        return int.from_bytes(sha256(f"{self._seed} {self._asked}".encode()).digest()) % bound

    def dyadic(self, low: int, high: int, bits: int) -> Fraction:
        """Return a multiple of ``2^-bits`` from ``low`` to ``high``."""
        return low + Fraction(self.below(((high - low) << bits) + 1), 1 << bits)

    def dyadics(self, count: int, low: int, high: int, bits: int) -> list[Fraction]:
        """Return a row of them."""
        return [self.dyadic(low, high, bits) for _ in range(count)]

    def weights(self, size: int, total: int) -> list[int]:
        """Return positive integers with a given sum, for more of them than :meth:`law` is quick for."""
        found = [1] * size
        for _ in range((total - size) // 64):
            found[self.below(size)] += 64
        found[0] += total - sum(found)
        return found

    def law(self, size: int, bits: int) -> list[Fraction]:
        """Return masses that are positive multiples of ``2^-bits`` and sum to 1."""
        cuts = set[int]()
        while len(cuts) < size - 1:
            cuts.add(1 + self.below((1 << bits) - 1))
        ends = [0, *sorted(cuts), 1 << bits]
        return [Fraction(high - low, 1 << bits) for low, high in pairwise(ends)]
