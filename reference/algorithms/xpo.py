"""XPO, exploratory preference optimisation: OnlineDPO with a bonus that makes it optimistic.

::

    1  D = {}
    2  for t = 1..T:
    3      theta_t <- 0 if t = 1, else argmin_{theta in Theta} sum_D loss(theta) + alpha beta log pi_theta(y'|x)
    4      commit to (theta_t, 0);  x ~ rho;  y ~ pi_{theta_t}(.|x),  y' ~ pi_ref(.|x)
    5      D += (x, y') and what is seen of the pair: the difference of rewards, or which one is preferred
    6  return pi_theta for theta <- argmin as in line 3

The bonus takes mass from what the base model answers, and so tries what it does not.  Lines 3 and 6 are minimised by an
optimiser over parameters: ``exhaustive`` is exact over a finite set, ties go to the least index; any other is a
heuristic, and then this is not XPO but what XPO is in practice.  The loss of one pair, with its derivatives, is
:func:`~reference.algorithms.parts.preference_losses.xpo_loss`.

Source: Xie et al. 2024 (arXiv 2405.21046), Algorithm 1; its alpha is ``alpha beta`` here.  Theirs returns the best of
all iterates by ``J``, estimated on more data; here it is the last one.  Compared with the implementations in
huggingface/trl (``trl/trainer/xpo_trainer.py``: ``dpo_losses + alpha * model_logprobs_ref_data``) and in sail-sg/oat,
whose bonus has the same sign and stands on the base model's responses.  The squared loss on rewards is ours.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from flint import fmpq

from reference.algorithms.parts.cover import counts
from reference.algorithms.parts.feedback import Feedback
from reference.algorithms.parts.optimisers import Optimiser
from reference.algorithms.parts.preference_losses import optimism, with_bonus
from reference.exact.plain import cached
from reference.exact.rational_numbers import RationalLike, rational, rational_text
from reference.exact.reals import Real, real_log, real_sum
from reference.interaction.proper_learners import ProperOracles
from reference.interaction.public import Public
from reference.model.parameter_set import Theta

D = TypeVar("D", bound=Hashable)

BaseAnswer = tuple[int, int]
"""A prompt and the base model's response to it."""


@dataclass(frozen=True, init=False)
class XPO(Generic[D]):
    """XPO for ``T`` rounds; ``T_data = 2T``.  ``alpha >= 0``: weight of the bonus; 0 leaves it out.

    >>> import reference as ref
    >>> from reference.algorithms.parts.feedback import Rewards
    >>> from reference.algorithms.parts.optimisers import exhaustive
    >>> box = ref.Box((ref.log(2),))
    >>> learner = ref.XPO(2, 1, Rewards(), exhaustive(ref.vertices(box)))
    >>> ref.play_proper(ref.load("two-arms"), box, learner, seed=1).policy
    SoftmaxPolicy(theta=(loglinear('log(2)'),))

    Raises:
        ValueError: if ``T`` or ``alpha`` is negative.
    """

    T: int
    alpha: fmpq
    feedback: Feedback[D]
    optimiser: Optimiser

    def __init__(self, T: int, alpha: RationalLike, feedback: Feedback[D], optimiser: Optimiser) -> None:
        weight = rational(alpha)
        if T < 0 or weight < 0:
            msg = f"T = {T}, alpha = {rational_text(weight)}: neither can be negative"
            raise ValueError(msg)
        for name, value in (("T", T), ("alpha", weight), ("feedback", feedback), ("optimiser", optimiser)):
            object.__setattr__(self, name, value)

    def __call__(self, oracles: ProperOracles, /) -> Theta:
        """Run it.

        Raises:
            Undecided: where the number tower cannot order two values of the objective.
        """

        @cached(None)  # the exhaustive reading asks again and again
        def fitted(counted: frozenset[tuple[tuple[BaseAnswer, D], int]]) -> Theta:
            seen: dict[D, int] = {}
            base: dict[BaseAnswer, int] = {}
            for (answer, datum), n in counted:
                seen[datum] = seen.get(datum, 0) + n
                base[answer] = base.get(answer, 0) + n
            return self.optimiser(
                lambda theta: with_bonus(
                    self.feedback.loss(theta, seen), bonus(oracles.public, theta, base), self.alpha
                )
            )

        def step(data: tuple[tuple[BaseAnswer, D], ...]) -> tuple[tuple[BaseAnswer, D], ...]:
            theta = fitted(counts(data)) if data else oracles.public.zero  # 3
            shown, datum = self.feedback.ask(oracles, theta, oracles.public.zero)  # 4
            return (*data, ((shown.x, shown.answers[1].y), datum))  # 5

        none: tuple[tuple[BaseAnswer, D], ...] = ()  # 1
        return fitted(counts(oracles.iterate(none, step, self.T, key=counts)))  # 2, 6


def bonus(public: Public, theta: Theta, base: Mapping[BaseAnswer, int]) -> Real:
    """Return ``sum n beta log pi_theta(y'|x)``."""
    tilt = public.tilts(theta)
    answered = real_sum(real_log(tilt(x).law().mass(y)) * n for (x, y), n in base.items())
    return optimism(answered, public.beta)
