"""What SoftmaxSampler asks of oracles, whether they answer prompts or prefixes."""

from typing import Protocol, TypeVar

from flint import fmpq

from reference.interaction.choice import Choice
from reference.interaction.world import Draw

X_contra = TypeVar("X_contra", contravariant=True)


class WeakOracles(Choice, Protocol[X_contra]):
    """Oracles that draw from ``pi_ref`` where they are asked: at a prompt, or one token at a prefix."""

    beta: fmpq

    def weak(self, x: X_contra, /) -> Draw:
        """Draw from ``pi_ref`` there, and reveal the features."""
