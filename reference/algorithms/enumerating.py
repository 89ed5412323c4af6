"""The enumerating learner: few rewards, whatever the coverage, at the price of reading every response.

::

    1  F <- all differences phi(x,y) - phi(x,y')  of supported responses
    2  S <- C-approximate barycentric spanner of F
    3  for each s in S:  query both responses n times;  m_s <- mean of r - r'
    4  theta <- interpolate <theta, s> = m_s  for s in S  (minimal norm)
    5  return pi_theta

``T_data = 2 n |S| <= 2 n rank`` reward queries.  With noise in ``[-s, s]`` the error on every difference is at most
``C`` times the sum of the errors of the means.  Source: FMR25 section 2 (data efficiency without coverage).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq

from reference.algorithms.barycentric import barycentric_spanner
from reference.algorithms.parts.cover import SpanCover
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.rational_numbers import RationalLike, rational
from reference.interaction.runs import SoftmaxPolicy
from reference.interaction.world import Oracles

FeatureTable = Sequence[Sequence[tuple[int, Vector]]]
"""For each prompt the supported responses with their features: what unlimited sampling reveals."""


@dataclass(frozen=True, slots=True, init=False)
class Enumerating:
    """The enumerating learner on the whole feature table; ``C > 1``: how near to barycentric its spanner is.

    ``n``: queries of each spanner pair.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> learner = ref.Enumerating([[(y, p.phi(0, y)) for y in p.support(0)]])
    >>> ref.play(p, learner).t_data
    2

    Raises:
        ValueError: if ``n < 1`` or ``C <= 1``.
    """

    table: FeatureTable
    C: fmpq
    n: int

    def __init__(self, table: FeatureTable, *, C: RationalLike = 2, n: int = 1) -> None:
        if n < 1:
            msg = f"n = {n}: each spanner pair is queried at least once"
            raise ValueError(msg)
        for name, value in (("table", table), ("C", rational(C)), ("n", n)):
            object.__setattr__(self, name, value)

    def __call__(self, oracles: Oracles) -> SoftmaxPolicy:
        """Run it."""
        pairs = [  # 1
            (x, y, z, phi - psi)
            for x, responses in enumerate(self.table)
            for i, (y, phi) in enumerate(responses)
            for z, psi in responses[i + 1 :]
        ]
        cover = SpanCover.empty(oracles.dimension)
        if not pairs:
            return SoftmaxPolicy(cover.least_squares(()))
        spanner = barycentric_spanner([difference for *_, difference in pairs], self.C)  # 2
        data: list[tuple[Vector, LogLinear]] = []
        for k in spanner.indices:
            x, y, z, difference = pairs[k]
            total = LogLinear(fmpq(0))
            for _ in range(self.n):
                total += oracles.reward(x, y) - oracles.reward(x, z)  # 3
            data.append((difference, total / self.n))
        return SoftmaxPolicy(cover.least_squares(data))  # 4, 5
