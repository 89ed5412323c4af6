"""What MTSS's policy answers, seen from outside the oracles: for evaluation, not for learners."""

from reference.algorithms.parts.cover import truncated
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.exact.law import Law
from reference.model.policy import NodePolicy
from reference.model.problem import Problem
from reference.model.tilt import Tilt


def ideal_token_policy(problem: Problem, policy: MTSSPolicy) -> NodePolicy:
    """Return the policy of line 8 with every draw exact: ``E_{a' ~ pi_ref} pi_{f_h(.;a')}`` at every prefix.

    That is what ``sample`` draws from with ``sampler="listed"``; by rejection it is within SoftmaxSampler's error.

    >>> import reference as ref
    >>> p = ref.load("needle-path-8")
    >>> found = ref.play_tokens(p, ref.MTSS(n_roll=8), seed=1).policy
    >>> ref.gap(p, ref.ideal_token_policy(p, found))
    Real(0)
    """

    def law(h: int, i: int) -> Law[int]:
        layer, base, edges = policy.layers[h], problem.base(h, i), problem.supported(h, i)
        scores = [truncated(layer.cover, layer.theta, reference.phi) for reference in edges]
        tilts = [Tilt(base, tuple(f(edge.phi) for edge in edges), problem.beta) for f in scores]
        return Law.mixture((mass, tilt.law()) for (_, mass), tilt in zip(base.items(), tilts, strict=True))

    return NodePolicy(problem, law)
