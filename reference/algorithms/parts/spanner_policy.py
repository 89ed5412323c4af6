"""What SpannerSampling returns (line 15): a mixture over its rounds, drawn by SoftmaxSampler."""

from dataclasses import dataclass, field

from flint import fmpq

from reference.algorithms.parts.cover import Cover, Datum, truncated
from reference.algorithms.softmax_sampling import softmax_sampler
from reference.exact.law import Law
from reference.exact.table import Shown, Table, short
from reference.interaction.world import Oracles
from reference.model.parameter_set import Theta


@dataclass(frozen=True, slots=True, repr=False)
class SpannerPolicy(Shown):
    """The returned mixture (line 15): ``cover`` and ``thetas`` define ``f_t``; ``psi`` are the accepted pairs."""

    cover: Cover
    thetas: tuple[Theta, ...]
    M: fmpq = field(hash=False)  # hashed slowly, and the same in all policies of a run
    draws: int
    psi: tuple[Datum, ...]

    def table(self) -> Table:
        """Return the accepted pairs and the estimates."""
        pairs = [(f"psi_{i}", f"{phi}, rewards differ by {short(r)}") for i, (phi, r) in enumerate(self.psi, 1)]
        estimates = [(f"theta_{t}", f"({', '.join(map(short, theta))})") for t, theta in enumerate(self.thetas, 1)]
        return Table.of("policy of SpannerSampling", ("what", "value"), [*pairs, *estimates])

    @property
    def queries_per_draw(self) -> int:
        """Weak queries that one draw makes at most: ``y'``, and SoftmaxSampler's ``2N + 1``."""
        return 2 * self.draws + 2

    def sample(self, oracles: Oracles, x: int) -> int:
        """Draw a response to prompt ``x``."""
        t = oracles.draw(Law.uniform(range(len(self.thetas))))
        _, reference = oracles.weak(x)
        y, _ = softmax_sampler(oracles, truncated(self.cover, self.thetas[t], reference), x, self.M, self.draws)
        return y
