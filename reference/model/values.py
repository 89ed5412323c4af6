"""KL divergence, the objective ``J``, its optimum and the gap, in nats of reward.

``J(pi) = E_{x~rho}[ E_{y~pi}[r(x,y)] - beta KL(pi(.|x) || pi_ref(.|x)) ]`` (FMR25 section 1), token by token by KL's
chain rule.  Where both laws are rational and rewards log-linear every value here is log-linear (``.exact`` says so):
comparisons are decided.
"""

from collections.abc import Callable, Mapping, Sequence

from reference.exact.law import Mass
from reference.exact.log_linear import LogLinear
from reference.exact.reals import Real, real
from reference.model.forms import Form
from reference.model.linear import extremes
from reference.model.linear_problem import LinearProblem
from reference.model.policy import Policy, optimum, tilt_at
from reference.model.problem import Problem
from reference.model.soft_bellman import soft_values
from reference.model.walk import Below, Walk

_INFINITE = "J is -inf"


def log_partition(problem: LinearProblem, x: int, f: Callable[[int, int], LogLinear] | None = None) -> Real:
    """``log Z_f(x) = log E_{y~pi_ref(.|x)} exp(f(x,y)/beta)``; ``f`` is the reward unless given."""
    tilt = soft_values(problem).tilt(x) if f is None else tilt_at(problem, x, f)
    return tilt.log_partition()


def objective(problem: Problem, policy: Policy | None = None) -> Real:
    """``J(policy)`` in nats of reward, of ``pi*`` unless a policy is given.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.objective(p), ref.objective(p, ref.base_policy(p))
    (Real(-log(2) + log(3)), Real(1/2*log(2)))

    Raises:
        SupportError: if the policy leaves the support of ``pi_ref``: then ``J = -inf``; names the token and where.
        TreeTooLarge: if the policy is not a :class:`NodePolicy` and the problem has too many responses to expand.
    """
    return _mean(problem, _values(problem, policy or optimum(problem)))


def value_at(problem: Problem, policy: Policy, x: int) -> Real:
    """``E_{y~policy}[r(x,y)] - beta KL(policy(.|x) || pi_ref(.|x))``; raises as :func:`objective`."""
    return _values(problem, policy, [x])[x]


def mean_rewards(problem: Problem, policy: Policy, prompts: Sequence[int] | None = None) -> dict[int, Real]:
    """``E_{y~policy}[r(x,y)]`` for each prompt, or for some; raises as :func:`objective`."""

    def here(h: int, i: int, form: Form) -> Real:
        return form.mean(_rewards(problem, h, i))

    return _summed(problem, policy, here, prompts)


def kl(problem: Problem, policy: Policy | None = None) -> Real:
    """``E_{x~rho} KL(policy(.|x) || pi_ref(.|x))`` in nats, of whole responses; of ``pi*`` unless a policy is given.

    Between two laws it is :meth:`reference.exact.law.Law.kl`.

    >>> import reference as ref
    >>> ref.kl(ref.load("two-arms"))
    Real(5/3*log(2) - log(3))

    Raises:
        SupportError, TreeTooLarge: as :func:`objective`.
    """
    return _mean(problem, _divergences(problem, policy or optimum(problem)))


def kl_at(problem: Problem, policy: Policy, x: int) -> Real:
    """``KL(policy(.|x) || pi_ref(.|x))`` in nats; raises as :func:`objective`."""
    return _divergences(problem, policy, [x])[x]


def optimal_value(problem: Problem) -> Real:
    """``J(pi*) = E_rho[V_1(x)] = E_rho[beta log Z(x)]`` with the baseline inside ``Z`` (claim ``gibbs-optimum``).

    >>> import reference as ref
    >>> ref.optimal_value(ref.load("two-arms"))
    Real(-log(2) + log(3))
    """
    values = soft_values(problem)
    return _mean(problem, {x: values.value(0, entry.root) for x, entry in enumerate(problem.prompts)})


def gap(problem: Problem, policy: Policy) -> Real:
    """``J(pi*) - J(policy) = beta E_rho KL(policy || pi*) >= 0``; exactly 0 where the policies are equal.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.gap(p, ref.base_policy(p)), ref.gap(p, ref.optimum(p))
    (Real(-3/2*log(2) + log(3)), Real(0))

    Raises:
        SupportError, TreeTooLarge: as :func:`objective`; the gap is ``+inf``.
    """
    return _mean(problem, _gaps(problem, policy))


def gap_at(problem: Problem, policy: Policy, x: int) -> Real:
    """The gap at prompt ``x``: ``beta KL(policy(.|x) || pi*(.|x))``."""
    return _gaps(problem, policy, [x])[x]


def oscillation(problem: LinearProblem, x: int, f: Callable[[int, int], LogLinear] | None = None) -> LogLinear:
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


def _values(problem: Problem, policy: Policy, prompts: Sequence[int] | None = None) -> dict[int, Real]:
    def here(h: int, i: int, form: Form) -> Real:
        return form.value(_rewards(problem, h, i), problem.beta)

    return _summed(problem, policy, here, prompts)


def _rewards(problem: Problem, h: int, i: int) -> Sequence[LogLinear]:
    """Return the rewards of the supported edges; those of the last layer are kept, and know themselves as integers."""
    if h + 1 == problem.horizon:
        return soft_values(problem).tilt(i).scores
    return [edge.reward for edge in problem.supported(h, i)]


def _divergences(problem: Problem, policy: Policy, prompts: Sequence[int] | None = None) -> dict[int, Real]:
    return _summed(problem, policy, lambda _h, _i, form: form.kl(), prompts)


def _gaps(problem: Problem, policy: Policy, prompts: Sequence[int] | None = None) -> dict[int, Real]:
    best = optimum(problem)
    return _summed(problem, policy, lambda h, i, form: best.form(h, i).regret(form, problem.beta), prompts)


def _summed(
    problem: Problem, policy: Policy, here: Callable[[int, int, Form], Real], prompts: Sequence[int] | None
) -> dict[int, Real]:
    """Return for each prompt the mean, over the policy's prefixes, of the sum of ``here`` along the way."""

    def inner(h: int, i: int, form: Form, below: Below[Real]) -> Real:
        return here(h, i, form) + form.law().expectation(below.__getitem__)

    last = problem.horizon - 1
    return Walk(problem, policy, _INFINITE, prompts).total(lambda i, form: here(last, i, form), inner)


def _mean(problem: Problem, values: Mapping[int, Real]) -> Real:
    if len(problem.prompts) == 1:
        return values[0]
    shares: dict[int, Mass] = {}  # by the value itself: like prompts have one value, which is added once
    for x, mass in problem.rho.items():
        of = id(values[x])
        shares[of] = shares[of] + mass if of in shares else mass
    each = {id(value): value for value in values.values()}
    return total([each[of] * share for of, share in shares.items()])
