"""What a training-time method learns from a round of two answers, and the loss that it fits to it.

* *Rewards*: the datum is ``(phi_1 - phi_2, r_1 - r_2)``, the loss ``(<theta, phi_1 - phi_2> - (r_1 - r_2))^2``.
* *Preferences*: the datum is ``phi_winner - phi_loser`` and no reward, the loss ``log(1 + exp(-<theta, datum>))``,
  minus the log-likelihood under Bradley-Terry on the scale of 1 nat.

``<theta, phi_1 - phi_2>`` is ``beta log(pi_theta(y_1|x)/pi_ref(y_1|x)) - beta log(pi_theta(y_2|x)/pi_ref(y_2|x))``: the
difference of ``beta`` log-ratios of DPO (Rafailov et al. 2023, arXiv 2305.18290), in which ``log Z_theta(x)`` cancels.
"""

from collections.abc import Hashable, Mapping
from typing import Protocol, TypeVar

from reference.algorithms.parts.cover import Datum
from reference.algorithms.parts.preference_losses import logistic
from reference.exact.linalg import Vector
from reference.exact.reals import Real, real, real_sum
from reference.interaction.proper_learners import ProperOracles, Round, preference
from reference.model.linear import linear_score
from reference.model.parameter_set import Theta

D = TypeVar("D", bound=Hashable)


class Feedback(Protocol[D]):
    """How data are asked for, and their loss."""

    def ask(self, oracles: ProperOracles, first: Theta, second: Theta, /) -> tuple[Round, D]:
        """Play one round of two parameters; return it, and the datum."""

    def loss(self, theta: Theta, data: Mapping[D, int], /) -> Real:
        """Return the sum of the losses of data with multiplicities."""


class Rewards:
    """Squared loss on differences of rewards."""

    def ask(self, oracles: ProperOracles, first: Theta, second: Theta, /) -> tuple[Round, Datum]:
        """Play one round; the datum is the difference of features and of rewards."""
        shown = oracles.round((first, second))
        one, two = shown.answers
        return shown, (one.phi - two.phi, one.r - two.r)

    def loss(self, theta: Theta, data: Mapping[Datum, int], /) -> Real:
        """Return ``sum n (<theta, phi> - r)^2``."""
        score = linear_score(theta)
        gaps = [(score(phi) - r, n) for (phi, r), n in data.items()]
        return real_sum(real(gap) * gap * n for gap, n in gaps if gap != 0)


class Preferences:
    """Logistic loss on Bradley-Terry preferences."""

    def ask(self, oracles: ProperOracles, first: Theta, second: Theta, /) -> tuple[Round, Vector]:
        """Play one round; the datum is the features of the winner minus those of the loser."""
        shown, answer = preference(oracles, first, second)
        return shown, answer.winner - answer.loser

    def loss(self, theta: Theta, data: Mapping[Vector, int], /) -> Real:
        """Return ``sum n log(1 + exp(-<theta, phi>))``."""
        score = linear_score(theta)
        return real_sum(logistic(score(phi)) * n for phi, n in data.items())
