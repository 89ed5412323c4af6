"""What SoftmaxSampler asks of oracles, whether they answer prompts or contexts."""

from abc import abstractmethod
from typing import Generic, TypeVar

from flint import fmpq

from reference.exact.linalg import Vector
from reference.interaction.choice import Choice

X = TypeVar("X")

Draw = tuple[int, Vector]
"""A sampled response or token: its index and its features."""


class WeakOracles(Choice, Generic[X]):
    """Oracles that draw from ``pi_ref`` where they are asked: at a prompt, or one token in a context."""

    beta: fmpq

    @abstractmethod
    def weak(self, x: X, /) -> Draw:
        """Draw from ``pi_ref`` there, and reveal the features."""
