"""A learner to begin from: copy this file, and change it.

``spanner play --learner proofs_check.example_learner:ten_draws`` runs it.  It makes ten sampling queries, and
returns the policy that always names what it found.
"""

from dataclasses import dataclass

from reference.interaction.world import Oracles


@dataclass(frozen=True)
class AlwaysNames:
    """The policy that answers ``y`` to every prompt; a draw from it makes no queries."""

    y: int
    queries_per_draw: int = 0

    def sample(self, oracles: Oracles, x: int) -> int:  # noqa: ARG002 - what a policy is asked
        """Return a response to the prompt ``x``: always ``y``."""
        return self.y


def ten_draws(oracles: Oracles) -> AlwaysNames:
    """Draw from the base model ten times: the needle is a response whose features are not 0.  Else guess."""
    for _ in range(10):
        y, phi = oracles.weak(0)
        if not phi.is_zero:
            return AlwaysNames(y)
    return AlwaysNames(1)
