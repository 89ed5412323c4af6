"""Passive exploration: rewards of base-model pairs, then least squares; the baseline that SpannerSampling beats.

::

    1  for i = 1..n:
    2      x ~ rho;  y1, y2 ~ pi_ref(.|x)
    3      query r1, r2;  D += (x,y1,y2,r1,r2)
    4  theta <- argmin sum_D (<theta,phi> - (r1-r2))^2 + lambda ||theta||^2   (ridge), or of minimal norm (span)
    5  return pi_theta

As a proper learner it commits to ``(0, 0)`` in every round, and projects ``theta`` into ``Theta`` before line 5.

Source: the passive baseline of FMR25 section 4.
"""

from collections.abc import Callable
from dataclasses import dataclass

from reference.algorithms.parts.cover import Cover, Datum, counts
from reference.algorithms.parts.projection import projected
from reference.interaction.choice import Choice
from reference.interaction.proper_learners import ProperOracles
from reference.interaction.runs import SoftmaxPolicy
from reference.interaction.world import Oracles
from reference.model.parameter_set import Theta


@dataclass(frozen=True, slots=True)
class Passive:
    """Passive exploration on ``n`` pairs; ``T_data = 2n``.  ``cover`` says how to fit: its own data are unused.

    >>> import reference as ref
    >>> learner = ref.Passive(3, ref.SpanCover.empty(1))
    >>> ref.play(ref.load("two-arms"), learner, seed=1).policy
    SoftmaxPolicy(theta=(loglinear('log(2)'),))

    Raises:
        ValueError: if ``n`` is negative.
    """

    n: int
    cover: Cover

    def __post_init__(self) -> None:
        _check(self.n)

    def __call__(self, oracles: Oracles) -> SoftmaxPolicy:
        """Run it."""

        def pair() -> Datum:
            x = oracles.prompt()
            (y1, phi1), (y2, phi2) = oracles.weak(x), oracles.weak(x)  # 2
            return phi1 - phi2, oracles.reward(x, y1) - oracles.reward(x, y2)  # 3

        return SoftmaxPolicy(_fitted(pair, oracles, self.n, self.cover))  # 5


@dataclass(frozen=True, slots=True)
class ProperPassive:
    """Passive exploration as a proper learner, with the same queries; ``theta`` is projected into ``Theta``.

    Raises:
        ValueError: if ``n`` is negative.
    """

    n: int
    cover: Cover

    def __post_init__(self) -> None:
        _check(self.n)

    def __call__(self, oracles: ProperOracles, /) -> Theta:
        """Run it."""
        base = oracles.public.zero

        def pair() -> Datum:
            one, two = oracles.round((base, base)).answers  # 2
            return one.phi - two.phi, one.r - two.r  # 3

        return projected(oracles.public.parameter_set, _fitted(pair, oracles, self.n, self.cover))  # 5


def _check(n: int) -> None:
    if n < 0:
        msg = f"n = {n}: the number of pairs cannot be negative"
        raise ValueError(msg)


def _fitted(pair: Callable[[], Datum], loops: Choice | ProperOracles, n: int, cover: Cover) -> Theta:
    def add(data: tuple[Datum, ...]) -> tuple[Datum, ...]:
        return (*data, pair())

    none: tuple[Datum, ...] = ()
    data = loops.iterate(none, add, n, key=counts)  # 1
    return cover.least_squares(data)  # 4
