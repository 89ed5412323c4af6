"""Randomness read from a script: hand-worked transcripts."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from reference.exact.law import Law

S = TypeVar("S")
T = TypeVar("T", bound=Hashable)


class Scripted:
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

    def iterate(
        self,
        state: S,
        step: Callable[[S], S],
        rounds: int,
        *,
        until: Callable[[S], bool] | None = None,
        key: Callable[[S], Hashable] | None = None,
    ) -> S:
        del key
        for _ in range(rounds):
            if until is not None and until(state):
                break
            state = step(state)
        return state
