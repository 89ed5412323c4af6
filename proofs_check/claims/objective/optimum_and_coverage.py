"""The optimum, the reward that a policy is, and the range of coverage (FMR25 section 1, Def. 1.1)."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from flint import fmpq

from proofs_check.claims.families import SMALL, problems_with_policies, prompts, some_policies
from proofs_check.ledger import Case, Catalog, Check, Identity, On, Random, agree, claim, compare, fact, identity
from reference.exact import Real, exp, exp_ratio, real, real_log, real_sum
from reference.exact.law import Law
from reference.model.linear import linear_score
from reference.model.linear_problem import LinearProblem
from reference.model.policy import Policy, TabularPolicy, base_policy, optimum, softmax
from reference.model.ratios import coverage, coverage_at, l1_coverage_at
from reference.model.values import gap, kl, log_partition, objective, optimal_value, oscillation
from reference.testing import linear_problems


def gibbs_symbolic(_: str) -> Iterator[Case]:
    """Three responses: a polynomial identity once logarithms are symbols and masses sum to 1."""
    import sympy

    beta, log_z, u, v = sympy.symbols("beta logZ u v")
    masses = (u, v, 1 - u - v)
    rewards, log_base, log_policy = (sympy.symbols(f"{name}:3") for name in ("r", "p", "q"))
    rows = list(zip(masses, rewards, log_base, log_policy, strict=True))
    value = sum(m * (r - beta * (q - p)) for m, r, p, q in rows)
    # log pi*(y) = log pi_ref(y) + r(y)/beta - log Z
    divergence = sum(m * (q - p - r / beta + log_z) for m, r, p, q in rows)
    yield identity(beta * log_z - value, beta * divergence, "beta log Z - J(pi) = beta KL(pi||pi*), |Y| = 3")


def gibbs_identity(problem: LinearProblem, name: str, policy: Policy, *, swapped: bool = False) -> Iterator[Case]:
    """The identity for one policy, both sides from the laws alone."""
    best = TabularPolicy(problem, [optimum(problem).law(x) for x in prompts(problem)])
    laws = TabularPolicy(problem, [policy.law(x) for x in prompts(problem)])
    if swapped and not all(set(best.law(x).outcomes) <= set(laws.law(x).outcomes) for x in prompts(problem)):
        return
    pairs = [(best.law(x), laws.law(x)) if swapped else (laws.law(x), best.law(x)) for x in prompts(problem)]
    divergence = problem.rho.expectation(lambda x: pairs[x][0].kl(pairs[x][1])) * problem.beta
    worth = objective(problem, laws)
    loss = optimal_value(problem) - worth
    yield agree(name, loss, divergence, "J(pi*) - J(pi) = beta E KL(pi||pi*)")
    if not swapped and not isinstance(policy, TabularPolicy):  # a softmax has closed forms: beside the laws alone
        yield agree(name, objective(problem, policy), worth, "J(pi), in closed form")
        yield agree(name, gap(problem, policy), divergence, "the gap, in closed form")
        yield agree(name, kl(problem, policy), kl(problem, laws), "KL(pi||pi_ref), in closed form")
    yield fact(name, _not_negative(pairs, divergence), "beta E KL(pi||pi*) >= 0, and 0 only for pi = pi*")


@claim(
    "gibbs-optimum",
    source="FMR25 section 1",
    every=Catalog(),
    on=(
        Check(Identity("pi, r, log pi_ref, beta with |Y| = 3"), gibbs_symbolic),
        On(SMALL, policies=("theta/2", "ramp"), value=False),
        Check(
            Random(problems_with_policies(), 60, name="problems with policies"),
            lambda pair: gibbs_identity(pair[0], "pi", pair[1]),
        ),
    ),
    witness=Catalog("two-arms", "two-arms-exp"),
    mutation=("KL(pi*||pi), the arguments swapped", On(Catalog("two-arms"), swapped=True)),
    trivial="none: an identity, of every policy",
)
def gibbs_optimum(
    problem: LinearProblem, *, policies: Collection[str] = (), value: bool = True, swapped: bool = False
) -> Iterator[Case]:
    r"""The softmax of the true reward is optimal.

    For every policy $\pi$ on the support,

    $$
    J(\pi^*) - J(\pi) = \beta\, \E_{x \sim \rho} \KL\bigl(\pi(\cdot \mid x) \,\|\, \pi^*(\cdot \mid x)\bigr) \ge 0,
    \qquad
    J(\pi^*) = \E_{x \sim \rho}\bigl[ b(x) + \beta \log Z_{\theta^*}(x) \bigr].
    $$

    In words: What a policy loses against the optimum is beta times its divergence from it, so nothing beats the
        softmax of the true reward.
    Hypotheses: none.
    Constants: none.
    Caveats: equality of general reals is decided up to $2^{-128}$; exactly where both laws are rational.
    """
    for name, policy in some_policies(problem):
        if not policies or name in policies:
            yield from gibbs_identity(problem, name, policy, swapped=swapped)
    if value:
        best = TabularPolicy(problem, [optimum(problem).law(x) for x in prompts(problem)])
        score = linear_score(problem.theta)  # without the baseline: log Z_theta
        partitions = [log_partition(problem, x, lambda x, y: score(problem.phi(x, y))) for x in prompts(problem)]
        expected = problem.rho.expectation(lambda x: partitions[x] * problem.beta + problem.baseline(x))
        yield agree("pi*", objective(problem, best), expected, "J(pi*) = E[b + beta log Z_theta]")


@claim(
    "policy-is-reward",
    source="FMR25 Def. 1.1",
    every=Catalog(),
    on=(SMALL, Random(linear_problems(), 100, name="problems")),
    witness=Catalog("two-arms", "two-arms-mixed"),
    mutation=("beta left out of the exponent", On(Catalog("two-arms-exp"), forget_beta=True)),
    trivial="none: an identity, of every parameter",
)
def policy_is_reward(problem: LinearProblem, *, forget_beta: bool = False) -> Iterator[Case]:
    r"""A softmax policy is its own reward model.

    For $y, y' \in Y_x$,

    $$
    \beta \log \frac{\pi_\theta(y \mid x)}{\piref(y \mid x)}
    - \beta \log \frac{\pi_\theta(y' \mid x)}{\piref(y' \mid x)} = \inner{\theta}{\phi(x,y) - \phi(x,y')} .
    $$

    In words: From the probabilities of a softmax policy one reads off the rewards it was made for, up to a constant
        for each prompt.
    Hypotheses: none.
    Constants: none.
    Caveats: checked exponentiated, where it is decidable; all pairs follow from pairs with the first response.
    """
    scale = 1 if forget_beta else problem.beta
    for name, sign in (("theta*", 1), ("-theta*", -1)):
        theta = [t * sign for t in problem.theta]
        policy = softmax(problem, theta)
        for x in prompts(problem):
            base, law = problem.pi_ref(x), policy.law(x)
            first, *others = problem.support(x)
            for y in others:
                difference = problem.phi(x, y) - problem.phi(x, first)
                left = exp_ratio(law.mass(y)) * base.mass(first)
                right = exp_ratio(law.mass(first)) * base.mass(y) * exp(difference.dot_numbers(theta) / scale)
                yield compare(
                    f"{name}, x={problem.prompts[x].name}, y={problem.responses(x)[y]}", left, "==", right,
                    "log-ratio differences are reward differences, exponentiated",
                )  # fmt: skip


@claim(
    "coverage-range",
    source="FMR25 section 1",
    every=Catalog(),
    on=(SMALL, Random(linear_problems(), 100, name="problems")),
    witness=Catalog("two-arms", "fair-coin"),
    mutation=("osc/(2 beta) in the exponent", On(Catalog("sampler-tight-n"), exponent=fmpq(1, 2))),
    trivial=("the zero parameter: pi_ref in place of pi*", On(Catalog("two-arms"), at_zero=True)),
)
def coverage_range(problem: LinearProblem, *, exponent: int | fmpq = 1, at_zero: bool = False) -> Iterator[Case]:
    r"""Coverage lies between 1 and the exponential of the reward's range.

    $$
    1 \le \Ccov(\pi^*) \le \max_x e^{\osc_x(r^*)/\beta},
    \qquad
    \KL\bigl(\pi^*(\cdot \mid x) \,\|\, \piref(\cdot \mid x)\bigr) \le \log \Ccov(\pi^*; x) .
    $$

    At a prompt $x$ each of these is an equality if and only if $r^*(x, \cdot)$ is constant on $Y_x$.

    In words: How much more often the optimum says a response than the base model is limited by the exponential of the
    rewards' range over beta.
    Hypotheses: none.
    Constants: 1 in the exponent.
    """
    best = base_policy(problem) if at_zero else optimum(problem)
    ranges = [oscillation(problem, x) for x in prompts(problem)]
    largest = max(ranges) * (exponent / problem.beta)
    bound, value = exp(largest), coverage(problem, best)
    constant = largest == 0
    yield compare("all prompts", 1, "==" if constant else "<", value, "1 <= C_cov(pi*), equal iff r is constant")
    yield compare("all prompts", value, "==" if constant else "<", bound, "C_cov(pi*) <= max_x exp(osc_x(r)/beta)")
    laws = [best.law(x) for x in prompts(problem)]
    for x, law in enumerate(laws):
        name = f"x={problem.prompts[x].name}"
        divergence = law.kl(problem.pi_ref(x))
        ceiling = real_log(coverage_at(problem, best, x))
        yield compare(name, divergence, "==" if ranges[x] == 0 else "<", ceiling, "KL(pi*||pi_ref) <= log C_cov(pi*;x)")
        if len(law.outcomes) <= FEW_RESPONSES:
            yield from coverages_by_definition(problem, law, (best, TabularPolicy(problem, laws)), x)


FEW_RESPONSES = 8
"""Up to so many responses coverages are computed from the masses, too."""


def coverages_by_definition(
    problem: LinearProblem, law: Law[int], policies: Iterable[Policy], x: int
) -> Iterator[Case]:
    """Compare both coverages of policies with this law, of which a softmax has closed forms, with their definitions."""
    base = problem.pi_ref(x)
    ratios = {y: exp_ratio(mass) / base.mass(y) for y, mass in law.items()}
    name = f"x={problem.prompts[x].name}"
    largest = max(ratios.values())
    mean = real_sum(real(law.mass(y)) * ratio for y, ratio in ratios.items())
    for policy in policies:
        yield compare(name, coverage_at(problem, policy, x), "==", largest, "C_cov(pi*;x) is the largest ratio")
        yield agree(name, l1_coverage_at(problem, policy, x), mean, "the mean ratio, E_pi*[pi*/pi_ref]")


def _not_negative(pairs: Sequence[tuple[Law[int], Law[int]]], divergence: Real) -> bool:
    return divergence.sign() > 0 if any(p != q for p, q in pairs) else divergence == 0
