"""What MTSS's policy answers, seen from outside the oracles: for evaluation, not for learners."""

from flint import fmpq

from reference.algorithms.parts.cover import NamedScore, truncated
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.exact.law import Law
from reference.exact.plain import cached
from reference.interaction.world import Listing
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
        scores = tuple(truncated(layer.cover, layer.theta, reference.phi) for reference in edges)
        listing = Listing(base, tuple(edge.phi for edge in edges))
        return _mixture(scores, listing, base.outcomes, int(problem.beta.p), int(problem.beta.q))

    return NodePolicy(problem, law)


@cached(1024)  # runs end with the same parameters
def _mixture(
    scores: tuple[NamedScore, ...],
    listing: Listing,
    outcomes: tuple[int, ...],  # noqa: ARG001 - equal laws may have them in another order
    p: int,
    q: int,
) -> Law[int]:
    tilts = [Tilt(listing.base, tuple(map(f, listing.phi)), fmpq(p, q)) for f in scores]
    return Law.mixture((mass, tilt.law()) for (_, mass), tilt in zip(listing.base.items(), tilts, strict=True))
