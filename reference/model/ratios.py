"""Coverage: how far a policy's probabilities exceed those of the base model.

``C_cov(pi) = max_{x, y in Y_x} pi(y|x)/pi_ref(y|x)`` (FMR25 section 1), and the smaller ``E_{x~rho, y~pi}[pi/pi_ref]``.
"""

from collections.abc import Callable, Iterable
from functools import reduce

from flint import arb, ctx, fmpq

from reference.exact.expratio import ExpRatio, exp_ratio
from reference.exact.expsum import ExpSum
from reference.exact.law import Law, Mass, SupportError
from reference.exact.linalg import Vector
from reference.exact.reals import Real, enclosed, real
from reference.model.policy import Policy, closed_form, optimum
from reference.model.problem import Problem
from reference.model.tilt import MAX_EXPANDED, integer_weights, lowered
from reference.model.values import total


def coverage(problem: Problem, policy: Policy | None = None) -> Mass:
    """``C_cov(policy)``, the largest over prompts, of ``pi*`` unless a policy is given; ``fmpq`` where it is rational.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.coverage(p), ref.coverage(p, ref.base_policy(p))
    (4/3, 1)

    Raises:
        SupportError: if the policy leaves the support of ``pi_ref``: then the coverage is ``+inf``.
    """
    chosen = policy or optimum(problem)
    return largest(coverage_at(problem, chosen, x) for x in range(len(problem.prompts)))


def coverage_at(problem: Problem, policy: Policy, x: int) -> Mass:
    """``C_cov(policy; x) = max_{y in Y_x} policy(y|x)/pi_ref(y|x)``; raises SupportError as :func:`coverage`."""
    if tilt := closed_form(problem, policy, x):
        return tilt.coverage()
    law = policy.law(x)
    return lowered(_over(max(weight * scale for weight, scale in _ratios(problem, law, x)), law))


def l1_coverage(problem: Problem, policy: Policy | None = None) -> Real:
    """``E_{x~rho, y~policy}[policy(y|x)/pi_ref(y|x)]``, of ``pi*`` unless a policy is given.

    Raises SupportError as :func:`coverage`.

    An exp-ratio (``.exact``) on small problems; the sum of enclosed reals where common denominators would explode.

    >>> import reference as ref
    >>> ref.l1_coverage(ref.load("two-arms"))
    Real(10/9)
    """
    chosen = policy or optimum(problem)
    values = [(rho, l1_coverage_at(problem, chosen, x)) for x, rho in problem.rho.items()]
    terms = reduce(lambda n, pair: n * _denominator_size(pair[1]), values, 1)
    kept = values if terms <= MAX_EXPANDED**2 else [(rho, _opaque(value)) for rho, value in values]
    return total([value * rho for rho, value in kept])


def l1_coverage_at(problem: Problem, policy: Policy, x: int) -> Real:
    """``E_{y~policy}[policy(y|x)/pi_ref(y|x)]``; raises SupportError as :func:`coverage`."""
    if tilt := closed_form(problem, policy, x):
        return tilt.l1_coverage()
    law = policy.law(x)
    squares = [weight * weight * scale for weight, scale in _ratios(problem, law, x)]
    return real(_over(_over(sum(squares[1:], squares[0]), law), law))


def uncovered_mass(
    covered: Callable[[Vector], bool],
    problem: Problem,
    x: int,
    left: Law[int] | None = None,
    right: Law[int] | None = None,
) -> Mass:
    """Return the probability that ``phi(x,y) - phi(x,y')`` is not covered, ``y ~ left`` and ``y' ~ right`` independent.

    Both laws are ``pi_ref(.|x)`` unless given.  ``covered`` is asked once for each difference.
    """
    base = problem.pi_ref(x)
    answers: dict[Vector, bool] = {}

    def uncovered(pair: tuple[int, int]) -> bool:
        difference = problem.phi(x, pair[0]) - problem.phi(x, pair[1])
        if difference not in answers:
            answers[difference] = covered(difference)
        return not answers[difference]

    return (left or base).product(right or base).probability(uncovered)


def largest(values: Iterable[Mass]) -> Mass:
    """Return the largest of at least one mass: enclosures first, exact comparison among those they do not separate."""
    left = list(values)
    for prec in (64, 256, 1024):
        if len(left) == 1:
            break
        balls = [_ball(value, prec) for value in left]
        highest = max(balls, key=arb.lower)
        left = [value for value, ball in zip(left, balls, strict=True) if not ball < highest]
    return max(left)


def _ratios(problem: Problem, law: Law[int], x: int) -> list[tuple[int | ExpSum, fmpq]]:
    """Pairs of the law's weight and ``1/pi_ref`` over the law's outcomes."""
    base = problem.pi_ref(x)
    weights = integer_weights(base)
    total = sum(weights)
    inverses = {y: fmpq(total, w) for y, w in zip(base.outcomes, weights, strict=True)}
    pairs = []
    for y, weight in zip(law.outcomes, law.weights, strict=True):
        if y not in inverses:
            response, prompt = problem.responses(x)[y], problem.prompts[x].name
            msg = f"coverage is +inf: response {response!r} to prompt {prompt!r} has base mass 0; give it none"
            raise SupportError(msg)
        pairs.append((weight, inverses[y]))
    return pairs


def _over(value: fmpq | ExpSum | ExpRatio, law: Law[int]) -> Mass:
    if isinstance(value, fmpq) and isinstance(law.total, int):
        return value / law.total
    return exp_ratio(value) / law.total


def _denominator_size(value: Real) -> int:
    exact = value.exact
    if not isinstance(exact, ExpRatio):
        return 1
    return len(exact.denominator.terms())


def _opaque(value: Real) -> Real:
    exact = value.exact
    return enclosed(_enclosure, exact) if isinstance(exact, ExpRatio) else value


def _ball(mass: Mass, prec: int) -> arb:
    if isinstance(mass, fmpq):
        with ctx.workprec(prec):
            return arb(mass)
    return mass.enclosure(prec)


def _enclosure(prec: int, mass: ExpRatio) -> arb:
    return mass.enclosure(prec)
