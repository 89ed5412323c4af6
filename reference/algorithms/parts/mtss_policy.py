"""What MTSS returns: the autoregressive policy of line 8, which is its state between passes, too."""

from dataclasses import dataclass, field

from reference.algorithms.parts.mtss_inputs import MTSSInputs
from reference.algorithms.parts.mtss_state import Layer
from reference.algorithms.parts.mtss_step import choose
from reference.exact.table import Shown, Table, short
from reference.interaction.world import At, TokenOracles
from reference.model.parts import Prefix, counted


@dataclass(frozen=True, slots=True, repr=False)
class MTSSPolicy(Shown):
    """The state between passes, and what is returned (line 10); ``passes`` so far, ``clean`` if the last added none."""

    layers: tuple[Layer, ...]
    p: MTSSInputs = field(hash=False)  # its rationals are hashed slowly, and it is the same in all states of a run
    passes: int = 0
    clean: bool = False

    def table(self) -> Table:
        """Return the accepted pairs and the estimate of each layer; tokens by index."""
        rows = [
            (str(h), f"{pair.at.prefix}: {pair.first} - {pair.second} = {pair.phi}" if pair else "nothing", theta)
            for h, layer in enumerate(self.layers, 1)
            for theta in [f"({', '.join(map(short, layer.theta))})"]
            for pair in layer.psi or [None]
        ]
        return Table.of(
            f"policy of MTSS after {counted(self.passes, 'pass', 'passes')}", ("layer", "pair", "theta"), rows
        )

    @staticmethod
    def start(dimensions: tuple[int, ...], p: MTSSInputs) -> "MTSSPolicy":
        """Return the state of line 1: nothing is covered in layers of these dimensions."""
        return MTSSPolicy(tuple(Layer.empty(d, p) for d in dimensions), p)

    def queries_per_draw(self, alphabet: int) -> int:
        """Token queries that one response makes at most, with ``alphabet`` tokens at a prefix."""
        return len(self.layers) * (alphabet if self.p.sampler == "listed" else 2 * self.p.draws + 2)

    def sample(self, oracles: TokenOracles, x: int) -> Prefix:
        """Draw a response to prompt ``x``, token by token."""
        at = At(x, ())
        for layer in self.layers:
            at = at.then(choose(oracles, layer, at, self.p).token)
        return at.prefix
