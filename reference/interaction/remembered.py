"""What the exhaustive reading remembers of the named parts of a program."""

from collections.abc import Hashable
from math import lcm
from typing import Any, TypeVar

from reference.exact.law import Law
from reference.exact.weights import Weight
from reference.interaction.choice import Loop
from reference.interaction.every_run import TooLarge
from reference.interaction.leaves import Denominator

T = TypeVar("T", bound=Hashable)

DrawOptions = list[tuple[Any, Weight]]
"""The outcomes of a draw, or the final states of a loop, with their weights."""


class Part:
    """A part, as a loop: whether its law is rational, as it seems; its results, with weight 1; its law with the total.

    ``None`` or nothing as long as it was not asked for.
    """

    __slots__ = ("is_rational", "law", "loop", "results")

    def __init__(self, loop: Loop[Any]) -> None:
        self.loop = loop
        self.is_rational: bool | None = None
        self.results: DrawOptions = []
        self.law: tuple[DrawOptions, Denominator] | None = None


class Glance:
    """One run that takes outcomes in turn: draw number ``n`` takes number ``first + n``, round and round.

    A run that begins a multiple of its ``period`` later is the same.
    """

    __slots__ = ("_draws", "_first", "_most", "is_rational", "period")

    def __init__(self, most: int, first: int = 0) -> None:
        self.is_rational = True  # the laws so far
        self.period = 1
        self._draws, self._first, self._most = 0, first, most

    def draw(self, law: Law[T]) -> T:
        """Return an outcome; TooLarge after ``most`` draws."""
        if self._draws > self._most:
            raise TooLarge("a run that draws without end")
        self._draws += 1
        self.is_rational &= law.is_rational
        self.period = lcm(self.period, len(law.outcomes))
        return law.outcomes[(self._first + self._draws) % len(law.outcomes)]
