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

from flint import fmpq

from reference.algorithms.barycentric_spanner import barycentric_spanner
from reference.algorithms.cover import SpanCover
from reference.exact.linalg import Vector
from reference.exact.loglinear import LogLinear
from reference.exact.rational import RationalLike
from reference.interaction.world import Oracles, SoftmaxPolicy

Table = Sequence[Sequence[tuple[int, Vector]]]
"""For each prompt the supported responses with their features: what unlimited sampling reveals."""


def enumerating(oracles: Oracles, table: Table, *, C: RationalLike = 2, n: int = 1) -> SoftmaxPolicy:
    """Run the enumerating learner on the whole feature table.

    Raises:
        ValueError: if ``n < 1``, or as :func:`~reference.algorithms.barycentric_spanner.barycentric_spanner`.
    """
    if n < 1:
        msg = f"n = {n}: each spanner pair is queried at least once"
        raise ValueError(msg)
    pairs = [  # 1
        (x, y, z, phi - psi)
        for x, responses in enumerate(table)
        for i, (y, phi) in enumerate(responses)
        for z, psi in responses[i + 1 :]
    ]
    cover = SpanCover.empty(oracles.dimension)
    if not pairs:
        return SoftmaxPolicy(cover.least_squares(()))
    spanner = barycentric_spanner([difference for *_, difference in pairs], C)  # 2
    data: list[tuple[Vector, LogLinear]] = []
    for k in spanner.indices:
        x, y, z, difference = pairs[k]
        total = LogLinear(fmpq(0))
        for _ in range(n):
            total += oracles.reward(x, y) - oracles.reward(x, z)  # 3
        data.append((difference, total / n))
    return SoftmaxPolicy(cover.least_squares(data))  # 4, 5
