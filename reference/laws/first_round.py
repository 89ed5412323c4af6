"""What SpannerSampling returns after one round, over all runs, and how often its gap is at most ``eps``.  Source: ours.

With ``T_exp = 1`` the estimate is fitted to ``Psi``, so the law of the returned policy is that of phase 1, whatever
SoftmaxSampler draws in phase 2.
"""

from flint import fmpq

from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.spanner_sampling import Spanner, SpannerSampling, phase_1
from reference.exact.law import Law, Mass
from reference.exact.reals import Real
from reference.interaction.choice import Choice
from reference.interaction.every_run import MAX_LEAVES
from reference.interaction.exhaustive import law_of
from reference.interaction.world import World
from reference.laws.returned import sampled_gap
from reference.model.linear_problem import LinearProblem
from reference.model.problem import NO_NOISE


def policy_after(spanner: Spanner, p: SpannerSampling) -> SpannerPolicy:
    """Return what SpannerSampling with ``T_exp = 1`` returns after this phase 1.

    Raises:
        ValueError: for another ``T_exp``.
    """
    if p.t_exp != 1:
        msg = f"t_exp = {p.t_exp}: what is returned follows from phase 1 only if t_exp = 1"
        raise ValueError(msg)
    return SpannerPolicy(spanner.cover, (spanner.cover.least_squares(spanner.psi),), p.M, p.draws, spanner.psi)


def returned_policies(
    problem: LinearProblem, p: SpannerSampling, *, max_leaves: int = MAX_LEAVES
) -> Law[SpannerPolicy]:
    """Return the exact law of what SpannerSampling with ``T_exp = 1`` returns, for noiseless rewards.

    >>> import reference as ref
    >>> learner = ref.SpannerSampling(2, 1, 1, M="16/3", delta="1/8", mode="span")
    >>> law = returned_policies(ref.load("two-arms"), learner)
    >>> law.probability(lambda policy: not policy.psi)  # the responses of both pairs were equal
    1/4

    Raises:
        ValueError: for another ``T_exp``.
        TooLarge: past ``max_leaves`` steps.
    """

    def phase(choice: Choice) -> Spanner:
        return phase_1(World(problem, choice, noise=NO_NOISE, metered=False).oracles, p)

    return law_of(phase, max_leaves=max_leaves).map(lambda spanner: policy_after(spanner, p))


def gaps_returned(problem: LinearProblem, law: Law[SpannerPolicy]) -> dict[SpannerPolicy, Real]:
    """Return the gap of each policy as it is sampled; those that cover and estimate the same are the same."""
    gaps: dict[object, Real] = {}
    for policy in law.outcomes:
        if (policy.cover, policy.thetas) not in gaps:
            gaps[policy.cover, policy.thetas] = sampled_gap(problem, policy)
    return {policy: gaps[policy.cover, policy.thetas] for policy in law.outcomes}


def probability_within(problem: LinearProblem, law: Law[SpannerPolicy], eps: fmpq) -> Mass:
    """Return ``P(gap <= eps)`` over the returned policies, each as it is sampled: exactly.

    Raises:
        TooManyCounts: if SoftmaxSampler's law is too large for one of them.
        Undecided: if a gap cannot be told from ``eps``.
    """
    good = {policy for policy, value in gaps_returned(problem, law).items() if value <= eps}
    return law.probability(good.__contains__)
