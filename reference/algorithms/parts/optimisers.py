"""Minimising an objective that can only be evaluated: over all of a finite set, or cheaply over the vertices of a box.

Values are compared exactly; where enclosures cannot order two of them and no normal form shows that they are equal,
:class:`~reference.exact.number.Undecided` is raised.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Protocol

from reference.exact.reals import Real
from reference.model.parameter_set import Box, Theta

Objective = Callable[[Theta], Real]


class Optimiser(Protocol):
    """A way to look for a minimiser; deterministic."""

    @property
    def evaluations(self) -> int:
        """The most evaluations of the objective that one call makes: its work."""

    def __call__(self, objective: Objective, /) -> Theta:
        """Return a parameter whose objective is small, least for an exhaustive one."""


@dataclass(frozen=True, slots=True)
class exhaustive:  # noqa: N801 - used as a function
    """All members are looked at; the one of least index among the minimisers is returned.

    Raises:
        ValueError: if there are no members.
    """

    members: tuple[Theta, ...]

    def __post_init__(self) -> None:
        if not self.members:
            msg = "an exhaustive search needs at least one parameter to look at"
            raise ValueError(msg)

    @property
    def evaluations(self) -> int:
        """One for each member."""
        return len(self.members)

    def __call__(self, objective: Objective, /) -> Theta:
        """Return the minimiser."""
        best, least = self.members[0], objective(self.members[0])
        for theta in self.members[1:]:
            value = objective(theta)
            if value < least:
                best, least = theta, value
        return best


@dataclass(frozen=True, slots=True)
class coordinate_descent:  # noqa: N801 - used as a function
    """A cheap search over the vertices of a box: entries are flipped in turn, where that makes the objective smaller.

    It starts from the vertex of lower bounds and makes at most ``sweeps`` passes, fewer if one changes nothing.

    Raises:
        ValueError: if ``sweeps`` is negative.
    """

    box: Box
    sweeps: int = 2

    def __post_init__(self) -> None:
        if self.sweeps < 0:
            msg = f"sweeps = {self.sweeps}: the number of passes cannot be negative"
            raise ValueError(msg)

    @property
    def evaluations(self) -> int:
        """One at the start, and one for each entry and pass."""
        return 1 + self.sweeps * self.box.dimension

    def __call__(self, objective: Objective, /) -> Theta:
        """Return a vertex that no single flip improves, unless the passes ran out."""
        theta = tuple(-bound for bound in self.box.bounds)
        value = objective(theta)
        for _ in range(self.sweeps):
            before = theta
            for i in range(len(theta)):
                flipped = (*theta[:i], -theta[i], *theta[i + 1 :])
                if (other := objective(flipped)) < value:
                    theta, value = flipped, other
            if theta == before:
                break
        return theta


def vertices(box: Box) -> tuple[Theta, ...]:
    """Return the ``2^n`` vertices; number ``i`` has the upper bound in entry ``v`` where bit ``v`` of ``i`` is 1.

    >>> import reference as ref
    >>> ref.vertices(ref.Box((ref.log(2),)))
    ((loglinear('-log(2)'),), (loglinear('log(2)'),))
    """
    ends = [(-bound, bound) for bound in reversed(box.bounds)]
    return tuple(vertex[::-1] for vertex in product(*ends))
