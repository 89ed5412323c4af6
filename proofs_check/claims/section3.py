"""Section 3: the objective and coverage (FMR25 section 1, Def. 1.1; two inequalities are ours)."""

from collections.abc import Iterator, Sequence
from functools import partial

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.claims.families import (
    SMALL,
    Scores,
    problems_with_policies,
    problems_with_scores,
    some_policies,
)
from proofs_check.ledger import Case, Catalog, Check, Claim, Identity, Mutation, Random, agree, compare, fact, identity
from reference.exact import ExpSum, Real, exp, exp_ratio, real, real_log
from reference.exact.law import Law
from reference.model.linear import linear_score
from reference.model.linear_problem import LinearProblem
from reference.model.policy import Policy, TabularPolicy, optimum, softmax, tilted
from reference.model.ratios import coverage, coverage_at
from reference.model.values import gap, log_partition, objective, optimal_value, oscillation
from reference.testing import linear_problems, rationals

E_MINUS_2 = exp(1) - 2


def prompts(problem: LinearProblem) -> range:
    """Indices of the prompts."""
    return range(len(problem.prompts))


# ------------------------------------------------------------------------------------------- gibbs-optimum


def gibbs(problem: LinearProblem, name: str, policy: Policy, *, swapped: bool = False) -> Iterator[Case]:
    """``J(pi*) - J(pi) = beta E KL(pi||pi*) >= 0``, both sides from the laws alone."""
    best = TabularPolicy(problem, [optimum(problem).law(x) for x in prompts(problem)])
    laws = TabularPolicy(problem, [policy.law(x) for x in prompts(problem)])
    if swapped and not all(set(best.law(x).outcomes) <= set(laws.law(x).outcomes) for x in prompts(problem)):
        return
    pairs = [(best.law(x), laws.law(x)) if swapped else (laws.law(x), best.law(x)) for x in prompts(problem)]
    divergence = problem.rho.expectation(lambda x: pairs[x][0].kl(pairs[x][1])) * problem.beta
    loss = optimal_value(problem) - objective(problem, laws)
    yield agree(name, loss, divergence, "J(pi*) - J(pi) = beta E KL(pi||pi*)")
    yield fact(name, _not_negative(pairs, divergence), "beta E KL(pi||pi*) >= 0, and 0 only for pi = pi*")


def gibbs_on_problem(problem: LinearProblem, *, swapped: bool = False) -> Iterator[Case]:
    """The identity for several policies, and the value of the optimum."""
    for name, policy in some_policies(problem):
        yield from gibbs(problem, name, policy, swapped=swapped)
    best = TabularPolicy(problem, [optimum(problem).law(x) for x in prompts(problem)])
    score = linear_score(problem.theta)  # without the baseline: log Z_theta
    partitions = [log_partition(problem, x, lambda x, y: score(problem.phi(x, y))) for x in prompts(problem)]
    value = problem.rho.expectation(lambda x: partitions[x] * problem.beta + problem.baseline(x))
    yield agree("pi*", objective(problem, best), value, "J(pi*) = E[b + beta log Z_theta]")


def gibbs_for_two_policies(problem: LinearProblem) -> Iterator[Case]:
    """The identity for two policies: enough on a family with many members."""
    for name, policy in some_policies(problem):
        if name in {"theta/2", "ramp"}:
            yield from gibbs(problem, name, policy)


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


def _not_negative(pairs: Sequence[tuple[Law[int], Law[int]]], divergence: Real) -> bool:
    return divergence.sign() > 0 if any(p != q for p, q in pairs) else divergence == 0


GIBBS = Claim(
    id="gibbs-optimum",
    section=3,
    title="The softmax of the reward is the optimum",
    statement="J(pi*) - J(pi) = beta E KL(pi||pi*) >= 0 for every pi on the support; J(pi*) = E[b + beta log Z_theta*]",
    source="FMR25 section 1",
    constants="none",
    caveats="equality of general reals is decided up to 2^-128; exactly where both laws are rational",
    checks=(
        Check(Identity("pi, r, log pi_ref, beta with |Y| = 3"), gibbs_symbolic),
        Check(SMALL, gibbs_for_two_policies),
        Check(Catalog(), gibbs_on_problem),
        Check(
            Random(problems_with_policies(), 60, name="problems with policies"),
            lambda pair: gibbs(pair[0], "pi", pair[1]),
        ),
    ),
    witness=Check(Catalog("two-arms", "two-arms-exp"), gibbs_on_problem),
    mutation=Mutation(
        "KL(pi*||pi), the arguments swapped", Catalog("two-arms"), partial(gibbs_on_problem, swapped=True)
    ),
)

# ---------------------------------------------------------------------------------------- policy-is-reward


def policy_is_reward(problem: LinearProblem, *, forget_beta: bool = False) -> Iterator[Case]:
    """The identity exponentiated: ``pi(y) pi_ref(y') = exp(<theta,phi(y)-phi(y')>/beta) pi(y') pi_ref(y)``."""
    scale = fmpq(1) if forget_beta else problem.beta
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


POLICY_IS_REWARD = Claim(
    id="policy-is-reward",
    section=3,
    title="A softmax policy is its own reward model",
    statement="beta log(pi(y)/pi_ref(y)) - beta log(pi(y')/pi_ref(y')) = <theta, phi(x,y)-phi(x,y')> for y, y' in Y_x",
    source="FMR25 Def. 1.1",
    constants="none",
    caveats="checked exponentiated, where it is decidable; all pairs follow from pairs with the first response",
    checks=(
        Check(SMALL, policy_is_reward),
        Check(Catalog(), policy_is_reward),
        Check(Random(linear_problems(), 100, name="problems"), policy_is_reward),
    ),
    witness=Check(Catalog("two-arms", "two-arms-mixed"), policy_is_reward),
    mutation=Mutation(
        "beta left out of the exponent", Catalog("two-arms-exp"), partial(policy_is_reward, forget_beta=True)
    ),
)

# ------------------------------------------------------------------------------------------ coverage-range


def coverage_range(problem: LinearProblem, *, halved: bool = False) -> Iterator[Case]:
    """``1 <= C_cov(pi*) <= max exp(osc/beta)``; ``KL(pi*||pi_ref) <= log C_cov`` at each prompt; when equal."""
    best = optimum(problem)
    ranges = [oscillation(problem, x) for x in prompts(problem)]
    largest = max(ranges) / (2 * problem.beta if halved else problem.beta)
    bound, value = exp(largest), coverage(problem, best)
    constant = largest == 0
    yield compare("all prompts", 1, "==" if constant else "<", value, "1 <= C_cov(pi*), equal iff r is constant")
    yield compare("all prompts", value, "==" if constant else "<", bound, "C_cov(pi*) <= max_x exp(osc_x(r)/beta)")
    for x in prompts(problem):
        name = f"x={problem.prompts[x].name}"
        divergence = best.law(x).kl(problem.pi_ref(x))
        ceiling = real_log(coverage_at(problem, best, x))
        yield compare(name, divergence, "==" if ranges[x] == 0 else "<", ceiling, "KL(pi*||pi_ref) <= log C_cov(pi*;x)")


COVERAGE_RANGE = Claim(
    id="coverage-range",
    section=3,
    title="Coverage lies between 1 and the exponential of the reward's range",
    statement="1 <= C_cov(pi*) <= max_x exp(osc_x(r*)/beta); KL(pi*(.|x)||pi_ref(.|x)) <= log C_cov(pi*;x); "
    "equal iff r*(x,.) is constant on Y_x",
    source="FMR25 section 1",
    constants="1 in the exponent",
    checks=(
        Check(SMALL, coverage_range),
        Check(Catalog(), coverage_range),
        Check(Random(linear_problems(), 100, name="problems"), coverage_range),
    ),
    witness=Check(Catalog("two-arms", "fair-coin"), coverage_range),
    mutation=Mutation("osc/(2 beta) in the exponent", Catalog("sampler-tight-n"), partial(coverage_range, halved=True)),
)

# ----------------------------------------------------------------------------------------- gap-oscillation


def gap_oscillation(problem: LinearProblem, name: str, scores: Scores, *, constant: int = 8) -> Iterator[Case]:
    """``J(pi*) - J(pi_f) <= E osc(f-r)^2 / (8 beta)``."""

    def error(x: int) -> Real:
        width = real(oscillation(problem, x, lambda x, y: scores[x][y] - problem.reward(x, y)))
        return width * width

    loss = gap(problem, tilted(problem, lambda x, y: scores[x][y]))
    bound = problem.rho.expectation(error) / (constant * problem.beta)
    yield compare(name, loss, "<=", bound, f"gap <= E osc(f-r)^2/({constant} beta)")


def zero_scores(problem: LinearProblem) -> Scores:
    """``f = 0``: the base model."""
    return tuple(tuple(r * 0 for r in problem.rewards(x)) for x in prompts(problem))


def gap_oscillation_on_problem(problem: LinearProblem, *, constant: int = 8) -> Iterator[Case]:
    """The bound for ``f = 0``, ``f = -r`` and ``f = r/2 + 1``."""
    rewards = [problem.rewards(x) for x in prompts(problem)]
    half = tuple(tuple(r * fmpq(1, 2) + 1 for r in row) for row in rewards)
    opposite = tuple(tuple(-r for r in row) for row in rewards)
    for name, scores in (("f=0", zero_scores(problem)), ("f=-r", opposite), ("f=r/2+1", half)):
        yield from gap_oscillation(problem, name, scores, constant=constant)


GAP_OSCILLATION = Claim(
    id="gap-oscillation",
    section=3,
    title="The gap is quadratic in the oscillation of the error",
    statement="J(pi*) - J(pi_f) <= E_rho[osc_x(f-r*)^2] / (8 beta)",
    source="ours (Hoeffding's lemma)",
    constants="8, sharp on gap-oscillation-tight",
    depends=("gibbs-optimum",),
    checks=(
        Check(SMALL, gap_oscillation_on_problem),
        Check(Catalog(), gap_oscillation_on_problem),
        Check(
            Random(problems_with_scores(), 100, name="problems with arbitrary f"),
            lambda pair: gap_oscillation(pair[0], "f", pair[1]),
        ),
    ),
    witness=Check(Catalog("gap-oscillation-tight"), gap_oscillation_on_problem),
    mutation=Mutation(
        "9 in place of 8", Catalog("gap-oscillation-tight"), partial(gap_oscillation_on_problem, constant=9)
    ),
)

# ------------------------------------------------------------------------------------------- gap-quadratic

Errors = tuple[LinearProblem, tuple[fmpq, ...], tuple[tuple[fmpq, ...], ...]]
"""A problem, a baseline ``c(x)`` per prompt, and errors ``f - r - c`` in multiples of ``beta``."""


def gap_quadratic(case: Errors, *, constant: "ExpSum | fmpq" = E_MINUS_2) -> Iterator[Case]:
    """``gap <= ((e-2)/beta) E_rho E_{pi_f} (f-r-c)^2`` wherever ``r + c - f <= beta``."""
    problem, shifts, errors = case
    beta = problem.beta
    if any(errors[x][y] < -1 for x in prompts(problem) for y in problem.support(x)):
        return
    policy = tilted(problem, lambda x, y: problem.reward(x, y) + shifts[x] + errors[x][y] * beta)
    squared = problem.rho.expectation(lambda x: policy.law(x).expectation(lambda y: (errors[x][y] * beta) ** 2))
    yield compare("f", gap(problem, policy), "<=", squared * constant / beta, "gap <= (e-2)/beta E_pi_f (f-r-c)^2")


def base_model_errors(problem: LinearProblem) -> Errors:
    """``f = 0`` and ``c = 0``, where the rewards are rational multiples of ``beta``."""
    rows = [tuple(-r.constant / problem.beta for r in problem.rewards(x)) for x in prompts(problem)]
    return problem, (fmpq(0),) * len(rows), tuple(rows)


@st.composite
def problems_with_errors(draw: st.DrawFn) -> Errors:
    """A random problem, baselines, and errors in ``[-1, 3]``: only ``r + c - f <= beta`` is assumed."""
    problem = draw(linear_problems(max_responses=3))
    shifts = tuple(draw(rationals()) for _ in problem.prompts)
    rows = [tuple(draw(rationals(-1, 3)) for _ in range(problem.response_count(x))) for x in prompts(problem)]
    return problem, shifts, tuple(rows)


def gap_quadratic_at_zero(problem: LinearProblem, *, constant: "ExpSum | fmpq" = E_MINUS_2) -> Iterator[Case]:
    """The bound for the base model, on an instance with rational rewards."""
    return gap_quadratic(base_model_errors(problem), constant=constant)


def gap_quadratic_on_problem(problem: LinearProblem) -> Iterator[Case]:
    """The bound for errors of both signs that are within the hypothesis, the largest included."""
    steps = (fmpq(-1), fmpq(1), fmpq(1, 2), fmpq(2))
    rows = tuple(tuple(steps[(y + x) % len(steps)] for y in range(problem.response_count(x))) for x in prompts(problem))
    return gap_quadratic((problem, (fmpq(1, 3),) * len(rows), rows))


GAP_QUADRATIC = Claim(
    id="gap-quadratic",
    section=3,
    title="The gap is quadratic in the error under the learned policy: the fast rate",
    statement="if r*+c-f <= beta on the support, J(pi*) - J(pi_f) <= ((e-2)/beta) E_rho E_{pi_f}[(f-r*-c)^2]",
    source="ours",
    hypotheses="f - r* - c >= -beta on the support, for one baseline c(x) per prompt",
    constants="e - 2, sharp on gap-quadratic-tight",
    depends=("gibbs-optimum",),
    checks=(
        Check(SMALL, gap_quadratic_on_problem),
        Check(Catalog(), gap_quadratic_on_problem),
        Check(Random(problems_with_errors(), 100, name="problems with errors"), gap_quadratic),
        Check(Catalog("gap-quadratic-tight"), gap_quadratic_at_zero),
    ),
    witness=Check(Catalog("gap-quadratic-tight"), gap_quadratic_at_zero),
    mutation=Mutation(
        "7/10 in place of e - 2 = 0.718...",
        Catalog("gap-quadratic-tight"),
        partial(gap_quadratic_at_zero, constant=fmpq(7, 10)),
    ),
)

CLAIMS = (GIBBS, POLICY_IS_REWARD, COVERAGE_RANGE, GAP_OSCILLATION, GAP_QUADRATIC)
