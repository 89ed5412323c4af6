"""Randomness read from a script: hand-worked transcripts."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

from reference.exact.law import Law
from reference.interaction.choice import Choice, Loop

S = TypeVar("S")
T = TypeVar("T", bound=Hashable)


class Scripted(Choice):
    """A Choice that returns the outcomes of a script, each of which must be possible under the law asked.

    ``asked``: the laws, in order.
    """

    def __init__(self, outcomes: Iterable[object]) -> None:
        self.left = list(outcomes)
        self.asked: list[object] = []

    def draw(self, law: Law[T]) -> T:
        assert self.left, f"the script is over, and {law} is asked"
        named = self.left.pop(0)
        self.asked.append(law)
        for outcome in law.outcomes:
            if outcome == named:
                return outcome
        raise AssertionError(f"the script says {named!r}, the law allows {law.outcomes}")

    def loop(self, loop: Loop[S]) -> S:
        return loop.run()
