"""What MTSS remembers: accepted pairs, roll-ins, and layers."""

from typing import Final, NamedTuple

from reference.algorithms.parts.cover import Cover, RidgeCover, SpanCover
from reference.algorithms.parts.mtss_inputs import MTSSInputs
from reference.exact.linalg import Vector
from reference.interaction.world import At
from reference.model.parameter_set import Theta


class AcceptedPair(NamedTuple):
    """An accepted pair: where its two tokens were drawn, the tokens, and the difference of their features."""

    at: At
    first: int
    second: int
    phi: Vector


class RollIn(NamedTuple):
    """A roll-in: where it has come to, and the pair that ended it."""

    at: At
    found: AcceptedPair | None = None


class Layer(NamedTuple):
    """What MTSS knows of a layer: ``Sigma_h``, ``Psi_h``, and ``theta_h``, empty before line 3."""

    cover: Cover
    psi: tuple[AcceptedPair, ...] = ()
    theta: Theta = ()

    def with_pair(self, pair: AcceptedPair) -> "Layer":
        """Return the layer with one more accepted pair."""
        return Layer(self.cover.with_vector(pair.phi), (*self.psi, pair))

    @staticmethod
    def empty(dimension: int, p: MTSSInputs) -> "Layer":
        """Return ``Sigma_h = lambda I``, or the empty span, and no pairs."""
        ridge = p.mode == "ridge"
        return Layer(RidgeCover.empty(dimension, p.ridge, p.nu) if ridge else SpanCover.empty(dimension))


NO_PAIR: Final[AcceptedPair | None] = None


def is_pair(pair: AcceptedPair | None) -> bool:
    """Whether a pair was accepted."""
    return pair is not None
