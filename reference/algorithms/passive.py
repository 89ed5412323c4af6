"""Passive exploration: rewards of base-model pairs, then least squares; the baseline that SpannerSampling beats.

::

    1  for i = 1..n:
    2      x ~ rho;  y1, y2 ~ pi_ref(.|x)
    3      query r1, r2;  D += (x,y1,y2,r1,r2)
    4  theta <- argmin sum_D (<theta,phi> - (r1-r2))^2 + lambda ||theta||^2   (ridge), or of minimal norm (span)
    5  return pi_theta

Source: the passive baseline of FMR25 section 4.
"""

from collections import Counter

from reference.algorithms.cover import Cover, Datum
from reference.interaction.world import Oracles, SoftmaxPolicy


def passive(oracles: Oracles, n: int, cover: Cover) -> SoftmaxPolicy:
    """Run passive exploration on ``n`` pairs; ``T_data = 2n``.  ``cover`` says how to fit: its own data are unused.

    Raises:
        ValueError: if ``n`` is negative.
    """
    if n < 0:
        msg = f"n = {n}: the number of pairs cannot be negative"
        raise ValueError(msg)

    def add(data: tuple[Datum, ...]) -> tuple[Datum, ...]:
        x = oracles.prompt()
        (y1, phi1), (y2, phi2) = oracles.weak(x), oracles.weak(x)  # 2
        return (*data, (phi1 - phi2, oracles.reward(x, y1) - oracles.reward(x, y2)))  # 3

    none: tuple[Datum, ...] = ()
    data = oracles.iterate(none, add, n, key=lambda seen: frozenset(Counter(seen).items()))  # 1
    return SoftmaxPolicy(cover.least_squares(data))  # 4, 5
