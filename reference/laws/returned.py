"""The law of what a returned policy answers, seen from outside the oracles: for evaluation, not for learners."""

from dataclasses import dataclass

from flint import arb, fmpq

from reference.algorithms.parts.cover import truncated
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.exact.law import Law, Mass
from reference.exact.log_linear import LogLinear
from reference.exact.precision import workprec
from reference.exact.reals import Real, enclosed, real, real_log, real_sum
from reference.laws.softmax_sampling import softmax_sampler_masses
from reference.model.linear_problem import LinearProblem
from reference.model.parameter_set import Theta
from reference.model.policy import optimum
from reference.model.tilt import Tilt
from reference.model.values import oscillation


def spanner_law(problem: LinearProblem, policy: SpannerPolicy, x: int) -> dict[int, Real]:
    """Return the masses of SpannerSampling's policy at prompt ``x``, through SoftmaxSampler's law."""
    masses = dict.fromkeys(problem.support(x), real(0))
    for weight, f in _components(problem, policy, x):
        sampled = softmax_sampler_masses(problem.pi_ref(x), f.__getitem__, problem.beta, policy.M, policy.draws)
        for y, mass in sampled.items():
            masses[y] += mass * weight
    return masses


def gap_of_masses(problem: LinearProblem, x: int, masses: dict[int, Real]) -> Real:
    """Return ``beta KL(masses || pi*)`` at a prompt, for masses that are known by enclosures."""
    best = optimum(problem).law(x)
    return enclosed(_divergence, _Pairs(tuple((masses[y], real(best.mass(y))) for y in best.outcomes))) * problem.beta


def sampled_gap(problem: LinearProblem, policy: SpannerPolicy) -> Real:
    """Return the gap of SpannerSampling's policy as it is sampled, through SoftmaxSampler's law: enclosed.

    Raises:
        TooManyCounts: if SoftmaxSampler's law is too large.
    """
    return real_sum(gap_of_masses(problem, x, spanner_law(problem, policy, x)) * rho for x, rho in problem.rho.items())


def largest_gap(problem: LinearProblem, policy: SpannerPolicy, delta: fmpq) -> Real:
    """Return an upper bound on :func:`sampled_gap` that does not need SoftmaxSampler's law (claim ``sampler-gap``).

    For every component ``f`` at ``x`` the law is ``(1-e) pi_f + e nu`` with ``e <= delta`` if ``M >= 2 C_cov(pi_f;x)``,
    and the gap of ``nu``, or of the law if ``M`` is less, is at most ``osc r* + beta log C_cov(pi_f;x)``.  The gap is
    convex.  ``delta``: that from which ``policy.draws`` was made.
    """
    bounds: list[tuple[Real, Real]] = []
    for x, rho in problem.rho.items():
        base, best = problem.pi_ref(x), optimum(problem).form(0, x)
        for weight, f in _components(problem, policy, x):
            tilt = Tilt(base, tuple(f[y] for y in base.outcomes), problem.beta)
            covered = tilt.coverage()
            other = real_log(covered) * problem.beta + oscillation(problem, x)
            enough = covered * 2 <= policy.M
            bound = best.regret(tilt, problem.beta) + other * delta if enough else other
            bounds.append((real(weight * rho), bound))
    return enclosed(_weighted, _Pairs(tuple(bounds)))  # an exact sum of many ratios would be long


def ideal_law(problem: LinearProblem, policy: SpannerPolicy, x: int) -> Law[int]:
    """Return the mixture of ``pi_{f_t}`` itself: the policy with every SoftmaxSampler replaced by exact sampling.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> learner = ref.SpannerSampling(8, 1, 1, M="16/3", delta="1/8", mode="span")
    >>> ref.ideal_law(p, ref.play(p, learner, seed=7).policy, 0).mass(0)
    2/3
    """
    base = problem.pi_ref(x)
    return Law.mixture(
        (weight, Tilt(base, tuple(f[y] for y in base.outcomes), problem.beta).law())
        for weight, f in _components(problem, policy, x)
    )


def truncated_values(
    problem: LinearProblem, policy: SpannerPolicy, theta: Theta, x: int, y: int
) -> dict[int, LogLinear]:
    """Return ``f_t(.)`` on the support at prompt ``x``, relative to the response ``y``."""
    f = truncated(policy.cover, theta, problem.phi(x, y))
    return {z: f(problem.phi(x, z)) for z in problem.support(x)}


def _components(problem: LinearProblem, policy: SpannerPolicy, x: int) -> list[tuple[Mass, dict[int, LogLinear]]]:
    """Return the weight and the truncated function of every pair ``(t, y')``."""
    share = fmpq(1, len(policy.thetas))
    base = problem.pi_ref(x)
    return [
        (base.mass(y) * share, truncated_values(problem, policy, theta, x, y))
        for theta in policy.thetas
        for y in base.outcomes
    ]


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Pairs of reals, compared by identity: they have no hash."""

    pairs: tuple[tuple[Real, Real], ...]


def _divergence(prec: int, known: _Pairs) -> arb:
    balls = [(p.enclosure(prec), q.enclosure(prec)) for p, q in known.pairs]
    with workprec(prec):
        return sum((p * (p / q).log() for p, q in balls), arb(0))


def _weighted(prec: int, known: _Pairs) -> arb:
    balls = [(weight.enclosure(prec), value.enclosure(prec)) for weight, value in known.pairs]
    with workprec(prec):
        return sum((weight * value for weight, value in balls), arb(0))
