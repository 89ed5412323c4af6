"""Randomness as an argument: one program, two readings.

A randomised algorithm is an ordinary function that receives a :class:`Choice` and draws from finite laws.  Read with
:class:`Seeded` it runs once; read with :func:`~reference.interaction.exhaustive.law_of` it yields the exact law of its
result.
"""

from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar

from reference.exact.law import Law
from reference.interaction.exhaustive import NotReproducible, TooLarge, law_of
from reference.interaction.seeded import Seeded

__all__ = ["Choice", "NotReproducible", "Seeded", "TooLarge", "law_of"]

S = TypeVar("S")
T = TypeVar("T", bound=Hashable)


class Choice(Protocol):
    """A source of independent draws."""

    def draw(self, law: Law[T]) -> T:
        """Return an outcome of ``law``, independent of everything drawn before."""

    def iterate(
        self,
        state: S,
        step: Callable[[S], S],
        rounds: int,
        *,
        until: Callable[[S], bool] | None = None,
        key: Callable[[S], Hashable] | None = None,
    ) -> S:
        """Apply ``state <- step(state)`` up to ``rounds`` times, stopping before a round once ``until(state)`` holds.

        Every round begins with a checkpoint, where an interpreter may merge states with equal ``key(state)``; without
        ``key``, equal hashable states.  The program promises:

        - ``step``, ``until`` and whatever the program does with the final state depend on nothing but the state and
          the draws (objects outside that ``step`` uses must be restored from the state before they are read);
        - states with equal keys have the same future: they may be exchanged without changing the law of the result;
        - an error that ``step`` raises belongs to the branch that raises it.
        """
