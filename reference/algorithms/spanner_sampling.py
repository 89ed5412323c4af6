"""SpannerSampling (FMR25, Algorithm SpannerSampling, Theorem 3.1): exploration by inference-time computation.

With ``phi(x,y,y') = phi(x,y) - phi(x,y')``::

     1  Sigma <- lambda I;  Psi <- {}
     2  for i = 1..N_prompt:                                     # phase 1: spanner
     3      x ~ rho
     4      for j = 1..N_pair:
     5          y1, y2 ~ pi_ref(.|x)
     6          if ||phi(x,y1,y2)||^2_{Sigma^-1} > nu^2:
     7              query r1, r2;  Psi += (x,y1,y2,r1,r2);  Sigma += phi phi^T;  break
     8  D <- Psi
     9  for t = 1..T_exp:                                        # phase 2: exploration
    10      theta_t <- argmin sum_D (<theta,phi> - (r1-r2))^2 + lambda ||theta||^2
    11      x ~ rho;  y2 ~ pi_ref(.|x)
    12      f_t(y) = <theta_t, phi(x,y,y2)> 1[ ||phi(x,y,y2)||^2_{Sigma^-1} <= nu^2 ]
    13      y1 ~ SoftmaxSampler(f_t; x, M, delta)
    14      query r1, r2;  D += (x,y1,y2,r1,r2)
    15  return the mixture over t of: x -> ( y' ~ pi_ref(.|x);  SoftmaxSampler(f_t(.;y'); x, M, delta) )

``Sigma`` in line 12 is the spanner matrix, fixed after phase 1.  A response that it does not cover keeps its base
weight, ``f_t = 0``.  Lines 6, 10 and 12 have two readings, ridge mode and span mode: see
:mod:`reference.algorithms.parts.cover`.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field

from reference.algorithms.parts.cover import Cover, Datum, RidgeCover, SpanCover, counts, truncated
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.parts.spanner_sampling_inputs import SpannerSamplingInputs
from reference.algorithms.softmax_sampling import softmax_sampler
from reference.exact.linalg import Vector
from reference.exact.table import Shown, Table, short
from reference.interaction.world import Oracles
from reference.model.parameter_set import Theta


@dataclass(frozen=True, slots=True, init=False)
class SpannerSampling(SpannerSamplingInputs):
    """SpannerSampling with its inputs; a learner.

    >>> import reference as ref
    >>> learner = SpannerSampling(n_prompt=2, n_pair=1, t_exp=1, M="16/3", delta="1/8", mode="span")
    >>> ref.play(ref.load("two-arms"), learner, seed=1).t_data
    4
    """

    def __call__(self, oracles: Oracles) -> SpannerPolicy:
        """Run it; ``T_data <= 2 (n + T_exp)`` reward queries for ``n`` acceptances, weak queries only."""
        spanner = phase_1(oracles, self)
        exploration = oracles.iterate(  # 9
            Exploration(spanner.psi, ()),  # 8
            lambda e: _remembered_round(oracles, e, spanner.cover, self),
            self.t_exp,
            key=lambda e: e.state(self),
        )
        return SpannerPolicy(spanner.cover, exploration.thetas, self.M, self.draws, spanner.psi)  # 15


def phase_1(oracles: Oracles, p: SpannerSamplingInputs) -> "Spanner":
    """Build the spanner (lines 1-7)."""
    empty = (
        RidgeCover.empty(oracles.dimension, p.ridge, p.nu) if p.mode == "ridge" else SpanCover.empty(oracles.dimension)
    )
    return oracles.iterate(Spanner(empty, ()), lambda s: phase_1_round(oracles, s, p.n_pair), p.n_prompt)  # 1, 2


def phase_1_round(oracles: Oracles, spanner: "Spanner", n_pair: int) -> "Spanner":
    """Look at one prompt, and accept at most one pair (lines 3-7)."""
    x = oracles.prompt()  # 3

    def pair(_: tuple[int, int, Vector] | None) -> tuple[int, int, Vector] | None:
        (y1, phi1), (y2, phi2) = oracles.weak(x), oracles.weak(x)  # 5
        phi = phi1 - phi2
        return None if spanner.cover.covers(phi) else (y1, y2, phi)  # 6

    found = oracles.iterate(None, pair, n_pair, until=lambda new: new is not None)  # 4
    if found is None:
        return spanner
    y1, y2, phi = found
    datum = phi, oracles.reward(x, y1) - oracles.reward(x, y2)  # 7
    return Spanner(spanner.cover.with_vector(phi), (*spanner.psi, datum))


@dataclass(frozen=True, slots=True, repr=False)
class Spanner(Shown):
    """Phase 1's state: what is covered, and the accepted pairs ``Psi`` as differences with their rewards."""

    cover: Cover
    psi: tuple[Datum, ...]
    _hash: int = field(init=False, compare=False)  # a state of loops, and of their names

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.cover, self.psi)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type["Spanner"], tuple[Cover, tuple[Datum, ...]]]:
        return Spanner, (self.cover, self.psi)  # texts have another hash elsewhere

    def table(self) -> Table:
        """Return the accepted differences, and those of their rewards."""
        return Table.of("spanner", ("difference", "of rewards"), ((str(phi), short(r)) for phi, r in self.psi))


@dataclass(frozen=True, slots=True)
class Exploration:
    """Phase 2's state: the data ``D`` and the estimates ``theta_1, ..`` so far."""

    data: tuple[Datum, ...]
    thetas: tuple[Theta, ...]

    def state(self, p: SpannerSamplingInputs) -> Hashable:
        """What the future depends on: in ``D`` the order does not matter, and after the last round nothing does."""
        return self.thetas if len(self.thetas) == p.t_exp else (counts(self.data), self.thetas)


def _remembered_round(oracles: Oracles, e: Exploration, cover: Cover, p: SpannerSamplingInputs) -> Exploration:
    """Run a round; the exhaustive reading asks once for each state."""
    name = _phase_2_round, e, cover, p
    return oracles.part(lambda: _phase_2_round(oracles, e, cover, p), name, key=lambda after: after.state(p))


def _phase_2_round(oracles: Oracles, e: Exploration, cover: Cover, p: SpannerSamplingInputs) -> Exploration:
    theta = cover.least_squares(e.data)  # 10
    x = oracles.prompt()  # 11
    y2, phi2 = oracles.weak(x)
    f = truncated(cover, theta, phi2)  # 12
    y1, phi1 = softmax_sampler(oracles, f, x, p.M, p.draws)  # 13
    datum = phi1 - phi2, oracles.reward(x, y1) - oracles.reward(x, y2)  # 14
    return Exploration((*e.data, datum), (*e.thetas, theta))
