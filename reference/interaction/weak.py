"""What SoftmaxSampler asks of oracles, whether they answer prompts or prefixes."""

from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar

from flint import fmpq

from reference.exact.law import Law
from reference.interaction.world import Draw

S = TypeVar("S")
T = TypeVar("T")
X_contra = TypeVar("X_contra", contravariant=True)


class WeakOracles(Protocol[X_contra]):
    """Oracles that draw from ``pi_ref`` where they are asked: at a prompt, or one token at a prefix."""

    beta: fmpq

    def weak(self, x: X_contra, /) -> Draw:
        """Draw from ``pi_ref`` there, and reveal the features."""

    def draw(self, law: Law[T], /) -> T:
        """Draw from a law of the learner's own."""

    def iterate(
        self,
        state: S,
        step: Callable[[S], S],
        rounds: int,
        *,
        until: Callable[[S], bool] | None = None,
        key: Callable[[S], Hashable] | None = None,
    ) -> S:
        """Repeat ``state <- step(state)``."""
