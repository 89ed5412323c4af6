"""KL divergence, the objective ``J``, its optimum and the gap, in nats of reward.

``J(pi) = E_{x~rho}[ E_{y~pi}[r(x,y)] - beta KL(pi(.|x) || pi_ref(.|x)) ]`` (FMR25 section 1).  Where both
laws are rational and rewards log-linear every value here is log-linear (``.exact`` says so): comparisons are decided.
"""

from collections.abc import Callable, Sequence

from reference.exact.law import SupportError
from reference.exact.log_linear import LogLinear
from reference.exact.reals import Real, real
from reference.model.linear import extremes
from reference.model.policy import Policy, closed_form, optimum, tilted
from reference.model.problem import Problem


def log_partition(problem: Problem, x: int, f: Callable[[int, int], LogLinear] | None = None) -> Real:
    """``log Z_f(x) = log E_{y~pi_ref(.|x)} exp(f(x,y)/beta)``; ``f`` is the reward unless given."""
    policy = optimum(problem) if f is None else tilted(problem, f)
    return policy.tilt(x).log_partition()


def objective(problem: Problem, policy: Policy | None = None) -> Real:
    """``J(policy)`` in nats of reward, of ``pi*`` unless a policy is given.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.objective(p), ref.objective(p, ref.base_policy(p))
    (Real(-log(2) + log(3)), Real(1/2*log(2)))

    Raises:
        SupportError: if the policy leaves the support of ``pi_ref``: then ``J = -inf``; names prompt and response.
    """
    chosen = policy or optimum(problem)
    return _mean(problem, lambda x: value_at(problem, chosen, x))


def value_at(problem: Problem, policy: Policy, x: int) -> Real:
    """``E_{y~policy}[r(x,y)] - beta KL(policy(.|x) || pi_ref(.|x))``; raises SupportError as :func:`objective`."""
    if tilt := closed_form(problem, policy, x):
        rewards = optimum(problem).tilt(x).scores
        left = [reward - score for reward, score in zip(rewards, tilt.scores, strict=True)]
        return tilt.expectation(left) + tilt.log_partition() * problem.beta
    law = policy.law(x)
    return law.expectation(lambda y: problem.reward(x, y)) - kl_at(problem, policy, x) * problem.beta


def kl(problem: Problem, policy: Policy | None = None) -> Real:
    """``E_{x~rho} KL(policy(.|x) || pi_ref(.|x))`` in nats, of ``pi*`` unless a policy is given.

    Between two laws it is :meth:`reference.exact.law.Law.kl`.

    >>> import reference as ref
    >>> ref.kl(ref.load("two-arms"))
    Real(5/3*log(2) - log(3))

    Raises:
        SupportError: as :func:`objective`.
    """
    chosen = policy or optimum(problem)
    return _mean(problem, lambda x: kl_at(problem, chosen, x))


def kl_at(problem: Problem, policy: Policy, x: int) -> Real:
    """``KL(policy(.|x) || pi_ref(.|x))`` in nats; raises SupportError as :func:`objective`."""
    if tilt := closed_form(problem, policy, x):
        return tilt.expectation(tilt.scores) / problem.beta - tilt.log_partition()
    law, base = policy.law(x), problem.pi_ref(x)
    supported = set(base.outcomes)
    for y in law.outcomes:
        if y not in supported:
            response, prompt = problem.responses(x)[y], problem.prompts[x].name
            msg = (
                f"J is -inf: response {response!r} to prompt {prompt!r} has positive mass under the policy "
                "and base mass 0; give it none"
            )
            raise SupportError(msg)
    return law.kl(base)


def optimal_value(problem: Problem) -> Real:
    """``J(pi*) = E_rho[ beta log Z(x) ]`` with the baseline inside ``Z`` (claim ``gibbs-optimum``).

    >>> import reference as ref
    >>> ref.optimal_value(ref.load("two-arms"))
    Real(-log(2) + log(3))
    """
    return _mean(problem, lambda x: log_partition(problem, x) * problem.beta)


def gap(problem: Problem, policy: Policy) -> Real:
    """``J(pi*) - J(policy) = beta E_rho KL(policy || pi*) >= 0``; exactly 0 where the policies are equal.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.gap(p, ref.base_policy(p)), ref.gap(p, ref.optimum(p))
    (Real(-3/2*log(2) + log(3)), Real(0))

    Raises:
        SupportError: as :func:`objective`; the gap is ``+inf``.
    """
    return _mean(problem, lambda x: gap_at(problem, policy, x))


def gap_at(problem: Problem, policy: Policy, x: int) -> Real:
    """The gap at prompt ``x``: ``beta KL(policy(.|x) || pi*(.|x))``."""
    best = optimum(problem).tilt(x)
    if tilt := closed_form(problem, policy, x):
        if tilt.exponents == best.exponents:
            return real(0)
    elif best.gives(policy.law(x)):
        return real(0)
    return best.log_partition() * problem.beta - value_at(problem, policy, x)


def oscillation(problem: Problem, x: int, f: Callable[[int, int], LogLinear] | None = None) -> LogLinear:
    """``osc_x(f) = max - min`` of ``f(x,.)`` over the support of ``pi_ref(.|x)``; ``f`` is the reward unless given."""
    score = f or problem.reward
    values = [score(x, y) for y in problem.support(x)]
    least, greatest = extremes(values)
    return greatest - least


def total(values: Sequence[Real]) -> Real:
    """Return the sum, added as a balanced tree: a left fold would copy the growing sum each time."""
    if len(values) <= 1:
        return values[0] if values else real(0)
    half = len(values) // 2
    return total(values[:half]) + total(values[half:])


def _mean(problem: Problem, value: Callable[[int], Real]) -> Real:
    return total([value(x) * mass for x, mass in problem.rho.items()])
