"""OnlineDPO: fit the policy to all data so far, draw the next pair from it.

::

    1  D = {}
    2  for t = 1..T:
    3      theta_t <- 0 if t = 1, else argmin_{theta in Theta} sum_D loss(theta)
    4      commit to (theta_t, theta_t);  x ~ rho;  y, y' ~ pi_{theta_t}(.|x)
    5      D += what is seen of the pair: the difference of rewards, or which one is preferred
    6  return pi_theta for theta <- argmin_{theta in Theta} sum_D loss(theta)

Lines 3 and 6 take the squared loss on rewards or the logistic loss on preferences, of differences of ``beta``
log-ratios (:mod:`reference.algorithms.parts.feedback`); a *fit* says how (:mod:`reference.algorithms.parts.fits`).

Source: online DPO as in Guo et al. 2024 (arXiv 2402.04792) and Xie et al. 2024 (arXiv 2405.21046, XPO with alpha = 0
and both responses from ``pi_{theta_t}``); loss of Rafailov et al. 2023.  Fitting all data exactly in each round, and
the squared loss, are ours.  It explores as far as its own policy does: FMR25 section 4.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from reference.algorithms.parts.cover import counts
from reference.algorithms.parts.feedback import Feedback
from reference.algorithms.parts.fits import Fit
from reference.exact.plain import cached
from reference.interaction.proper_learners import ProperOracles
from reference.model.parameter_set import Theta

D = TypeVar("D", bound=Hashable)


@dataclass(frozen=True)
class OnlineDPO(Generic[D]):
    """OnlineDPO for ``T`` rounds; ``T_data = 2T``.

    >>> import reference as ref
    >>> from reference.algorithms.parts.fits import LeastSquares
    >>> from reference.algorithms.parts.feedback import Rewards
    >>> learner = ref.OnlineDPO(2, Rewards(), LeastSquares(ref.SpanCover.empty(1)))
    >>> ref.play_proper(ref.load("two-arms"), ref.Box((ref.log(2),)), learner, seed=1).t_data
    4

    Raises:
        ValueError: if ``T`` is negative.
    """

    T: int
    feedback: Feedback[D]
    fit: Fit[D]

    def __post_init__(self) -> None:
        if self.T < 0:
            msg = f"T = {self.T}: the number of rounds cannot be negative"
            raise ValueError(msg)

    def __call__(self, oracles: ProperOracles, /) -> Theta:
        """Run it.

        Raises:
            Undecided: where ``fit`` does.
        """

        @cached(None)  # the exhaustive reading asks again and again
        def fitted(counted: frozenset[tuple[D, int]]) -> Theta:
            return self.fit(oracles.public, dict(counted))

        def step(data: tuple[D, ...]) -> tuple[D, ...]:
            theta = fitted(counts(data)) if data else oracles.public.zero  # 3
            _, datum = self.feedback.ask(oracles, theta, theta)  # 4
            return (*data, datum)  # 5

        none: tuple[D, ...] = ()  # 1
        return fitted(counts(oracles.iterate(none, step, self.T, key=counts)))  # 2, 6
