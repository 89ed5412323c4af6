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
from dataclasses import dataclass

from reference.algorithms.cover import Cover, Datum
from reference.exact.loglinear import LogLinear
from reference.interaction.world import Oracles


@dataclass(frozen=True, slots=True)
class SoftmaxPolicy:
    """The returned policy ``pi_theta``, drawn by one strong query."""

    theta: tuple[LogLinear, ...]

    @property
    def queries_per_draw(self) -> int:
        """One strong query."""
        return 1

    def sample(self, oracles: Oracles, x: int) -> int:
        """Draw a response to prompt ``x``.

        Raises:
            ValueError: if noise has carried ``theta`` out of the declared ball: the strong oracle refuses it.
        """
        y, _ = oracles.strong(x, self.theta)
        return y


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
