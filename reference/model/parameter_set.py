"""``Theta``, the set of parameters that a proper learner may commit to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from reference.exact.loglinear import LogLinear
from reference.model.checks import ProblemError, shown

Theta = tuple[LogLinear, ...]
"""A parameter: one log-linear number for each feature."""


class ParameterSet(Protocol):
    """A declared set of parameters."""

    def contains(self, theta: Sequence[LogLinear]) -> bool:
        """Whether ``theta`` is in the set; another number of entries is not."""


@dataclass(frozen=True, slots=True)
class Box:
    """All ``theta`` with ``|theta_i| <= bounds[i]``.

    Raises:
        ProblemError: if there are no bounds, or one is negative.
    """

    bounds: tuple[LogLinear, ...]

    def __post_init__(self) -> None:
        if not self.bounds:
            raise ProblemError("bounds", "the list is empty; at least one is needed")
        for i, bound in enumerate(self.bounds):
            if bound < 0:
                raise ProblemError(f"bounds[{i}]", f"{shown(bound)} is negative")

    def contains(self, theta: Sequence[LogLinear]) -> bool:
        """Whether ``theta`` is in the box; always decided."""
        if len(theta) != len(self.bounds):
            return False
        return all(-bound <= entry <= bound for entry, bound in zip(theta, self.bounds, strict=True))
