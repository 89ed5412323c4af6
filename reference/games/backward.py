"""The same draws the other way round: an enumeration that takes the last outcome of every law first."""

from collections.abc import Hashable
from typing import Any, TypeVar

from reference.exact.law import Law
from reference.interaction.choice import Choice, Loop

S = TypeVar("S")
T = TypeVar("T", bound=Hashable)

Turned = dict[int, tuple[Law[Any], Law[Any]]]
"""Laws, each with itself turned round, by the id of the first, which is held so that the id stays."""

_KNOWN_LAWS = 4096


class Backward(Choice):
    """A :class:`~reference.interaction.choice.Choice` that draws from another, with the outcomes in opposite order."""

    def __init__(self, choice: Choice, turned: Turned) -> None:
        """Draw from ``choice``; ``turned`` is kept from run to run, so that a law stays one object."""
        self._choice = choice
        self._turned = turned

    def draw(self, law: Law[T]) -> T:
        """Return an outcome of ``law``, independent of everything drawn before."""
        if id(law) not in self._turned:
            if len(self._turned) >= _KNOWN_LAWS:
                self._turned.clear()
            self._turned[id(law)] = law, Law(law.outcomes[::-1], law.weights[::-1], law.total)
        outcome: T = self._choice.draw(self._turned[id(law)][1])
        return outcome

    def loop(self, loop: Loop[S]) -> S:
        """Run the loop on the other choice; its steps draw from here, too."""
        return self._choice.loop(loop)
