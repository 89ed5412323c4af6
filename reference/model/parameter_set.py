"""``Theta``, the set of parameters that a proper learner may commit to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flint import fmpq

from reference.exact.log_linear import LogLinear
from reference.exact.plain import cached
from reference.exact.reals import real, real_sum
from reference.model.checks import ProblemError, shown_value

Theta = tuple[LogLinear, ...]
"""A parameter: one log-linear number for each feature."""


class ParameterSet(Protocol):
    """A declared set of parameters."""

    @property
    def dimension(self) -> int:
        """Number of entries of its members."""

    def contains(self, theta: Sequence[LogLinear]) -> bool:
        """Whether ``theta`` is in the set; another number of entries is not."""


@dataclass(frozen=True, slots=True)
class Ball:
    """All ``theta`` with ``dimension`` entries and ``||theta||_2 <= radius``.

    >>> import reference as ref
    >>> ref.Ball(1, ref.rational(2)).contains((ref.log(7),))
    True

    Raises:
        ProblemError: unless ``dimension >= 1`` and ``radius >= 0``.
    """

    dimension: int
    radius: fmpq

    def __post_init__(self) -> None:
        if type(self.dimension) is not int or self.dimension < 1:
            raise ProblemError("dimension", f"{self.dimension!r} is not a positive integer")
        if self.radius < 0:
            raise ProblemError("radius", f"{shown_value(self.radius)} is negative")

    def contains(self, theta: Sequence[LogLinear]) -> bool:
        """Whether ``theta`` is in the ball.

        Raises:
            Undecided: if ``||theta||_2`` is so close to the radius that enclosures cannot tell them apart.
        """
        if len(theta) != self.dimension:
            return False
        return real_sum(real(entry) * entry for entry in theta) <= self.radius**2


@dataclass(frozen=True, slots=True)
class Box:
    """All ``theta`` with ``|theta_i| <= bounds[i]``.

    >>> import reference as ref
    >>> ref.Box((ref.log(2),)).contains((ref.log(3),))
    False

    Raises:
        ProblemError: if there are no bounds, or one is negative.
    """

    bounds: tuple[LogLinear, ...]

    def __post_init__(self) -> None:
        if not self.bounds:
            raise ProblemError("bounds", "the list is empty; at least one is needed")
        for i, bound in enumerate(self.bounds):
            if bound < 0:
                raise ProblemError(f"bounds[{i}]", f"{shown_value(bound)} is negative")

    @property
    def dimension(self) -> int:
        """Number of entries of its members."""
        return len(self.bounds)

    def contains(self, theta: Sequence[LogLinear]) -> bool:
        """Whether ``theta`` is in the box; always decided."""
        return _in_box(self.bounds, tuple(theta))


@cached(4096)  # learners commit to few parameters, again and again
def _in_box(bounds: tuple[LogLinear, ...], theta: Theta) -> bool:
    if len(theta) != len(bounds):
        return False
    return all(-bound <= entry <= bound for entry, bound in zip(theta, bounds, strict=True))


@dataclass(frozen=True, slots=True)
class FiniteSet:
    """Finitely many parameters, in order: where an algorithm has ties, the least index is taken.

    >>> import reference as ref
    >>> ref.FiniteSet(((ref.log(2),), (ref.log(3),))).dimension
    1

    Raises:
        ProblemError: if there are none, one is there twice, or their numbers of entries differ.
    """

    members: tuple[Theta, ...]

    def __post_init__(self) -> None:
        if not self.members or not self.members[0]:
            raise ProblemError("members", "the list is empty; at least one parameter with at least one entry is needed")
        first: dict[Theta, int] = {}
        for i, theta in enumerate(self.members):
            if len(theta) != len(self.members[0]):
                raise ProblemError(f"members[{i}]", f"{len(theta)} entries, but members[0] has {len(self.members[0])}")
            if theta in first:
                raise ProblemError(f"members[{i}]", f"the same as members[{first[theta]}]")
            first[theta] = i

    @property
    def dimension(self) -> int:
        """Number of entries of its members."""
        return len(self.members[0])

    def contains(self, theta: Sequence[LogLinear]) -> bool:
        """Whether ``theta`` is one of the members; always decided."""
        return tuple(theta) in self.members
