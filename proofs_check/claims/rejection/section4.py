"""Section 4: sampling from a softmax by rejection (FMR25, Algorithm SoftmaxSampler; the constants are ours)."""

from collections.abc import Iterator
from functools import partial

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.ledger import Case, Catalog, Check, Claim, Family, Mutation, Random, compare, fact
from reference.algorithms.rejection import ideal_rejection
from reference.exact import ExpRatio, LogLinear, Real, exp_ratio, log, real
from reference.exact.law import Law
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import World
from reference.laws.softmax_sampling import softmax_sampler_law, softmax_sampler_masses
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prompt, Response
from reference.model.policy import Policy, TabularPolicy, optimum, softmax
from reference.model.ratios import coverage_at
from reference.model.tilt import Tilt
from reference.testing import linear_problems, policies, rationals

# ----------------------------------------------------------------------------------------- rejection-exact

Setting = tuple[LinearProblem, Policy, int, fmpq, int]
"""A problem, a policy on its support, a prompt, ``M - C_cov`` rounded up to a rational bound, and ``N``."""


def rejection(setting: Setting, *, lowered: bool = False) -> Iterator[Case]:
    """The exact law of :func:`ideal_rejection`: ``pi (1 - (1-1/M)^N)``, and failure ``(1-1/M)^N``."""
    problem, policy, x, slack, n = setting
    law, base = policy.law(x), problem.pi_ref(x)
    smallest = coverage_at(problem, policy, x)
    bound = (smallest if isinstance(smallest, fmpq) else fmpq(ceiling_of(smallest))) + slack
    ratios = {y: exp_ratio(law.mass(y)) / mass for y, mass in base.items()}
    if lowered:  # a false variant: M below the coverage, ratios cut off at M
        bound = bound / 2
        ratios = {y: min(ratio, exp_ratio(bound)) for y, ratio in ratios.items()}

    def drawn(choice: Choice) -> int | None:
        found = ideal_rejection(World(problem, choice).oracles, ratios.__getitem__, x, bound, n)
        return None if found is None else found[0]

    result = law_of(drawn)
    fails = (1 - 1 / bound) ** n
    name = f"x={problem.prompts[x].name}, M={bound}, N={n}"
    yield compare(name, result.mass(None), "==", fails, "all N trials fail with probability (1-1/M)^N")
    for y in problem.support(x):
        expected = exp_ratio(law.mass(y)) * (1 - fails)
        yield compare(f"{name}, y={y}", result.mass(y), "==", expected, "given acceptance the law is exactly pi")


def ceiling_of(value: ExpRatio) -> int:
    """Return the smallest integer at least ``value``, which is irrational."""
    guess = 1
    while guess < value:
        guess *= 2
    low = guess // 2
    while guess - low > 1:
        middle = (low + guess) // 2
        low, guess = (middle, guess) if middle < value else (low, middle)
    return guess


def rejection_on_problem(problem: LinearProblem, *, lowered: bool = False) -> Iterator[Case]:
    """``pi*`` and the base model at every prompt, ``M = C_cov`` and ``C_cov + 3/2``, ``N = 1, 2, 5``."""
    base = TabularPolicy(problem, [problem.pi_ref(x) for x in range(len(problem.prompts))])
    for policy in (optimum(problem), base):
        for x in range(len(problem.prompts)):
            for slack, n in ((fmpq(0), 1), (fmpq(0), 5), (fmpq(3, 2), 2)):
                yield from rejection((problem, policy, x, slack, n), lowered=lowered)


@st.composite
def rejection_settings(draw: st.DrawFn) -> Setting:
    """A random problem, policy, prompt, slack and number of trials."""
    problem = draw(linear_problems())
    policy = draw(policies(problem))
    x = draw(st.integers(0, len(problem.prompts) - 1))
    return problem, policy, x, draw(rationals(0, 4)), draw(st.integers(1, 4))


REJECTION = Claim(
    id="rejection-exact",
    section=4,
    title="Rejection sampling is exact",
    statement="if M >= C_cov(pi;x), each trial accepts with probability exactly 1/M, an accepted response has law pi, "
    "and N trials fail with probability (1-1/M)^N",
    source="FMR25 section 3",
    hypotheses="M >= C_cov(pi;x), N >= 1",
    constants="none",
    checks=(
        Check(Catalog(), rejection_on_problem),
        Check(Random(rejection_settings(), 100, name="problems, policies, M, N"), rejection),
    ),
    witness=Check(Catalog("two-arms", "two-arms-exp"), rejection_on_problem),
    mutation=Mutation(
        "M = C_cov/2 with ratios cut off", Catalog("two-arms"), partial(rejection_on_problem, lowered=True)
    ),
)

# -------------------------------------------------------------------------------------- softmax-sampler-tv

Sampling = tuple[LinearProblem, int, tuple[LogLinear, ...], fmpq, fmpq]
"""A problem, a prompt, ``f`` on its support, ``M``, and ``delta``."""

SHARP, STATED = fmpq(2), fmpq(4)
"""``N = ceil(4 M log(c/delta))`` with ``c = 2`` (enough) and ``c = 4`` (as the algorithm has it)."""


def draws(m: fmpq, delta: fmpq, inside: fmpq, factor: int = 4) -> int:
    """``ceil(factor M log(inside/delta))``."""
    return max((log(inside / delta) * (factor * m)).ceil(), 1)


def sampler_tv(sampling: Sampling, *, inside: fmpq = SHARP, factor: int = 4) -> Iterator[Case]:
    """``TV(law of SoftmaxSampler, pi_f) <= delta``; ``M`` is checked against ``2 C_cov(pi_f;x)`` only in the claim."""
    problem, x, f, m, delta = sampling
    base = problem.pi_ref(x)
    scores = dict(zip(base.outcomes, f, strict=True))
    target = Tilt(base, f, problem.beta).law()
    n = draws(m, delta, inside, factor)
    name = f"{problem.name}, x={problem.prompts[x].name}, M={m}, N={n}, delta={delta}"
    if len(set(f)) == 1 or (n <= EXACT_DRAWS and target.is_rational and len(set(f)) <= EXACT_VALUES):
        distance = softmax_sampler_law(base, scores.__getitem__, problem.beta, m, n).total_variation(target)
        yield compare(name, distance, "<=", delta, "TV(SoftmaxSampler, pi_f) <= delta")
        return
    masses = softmax_sampler_masses(base, scores.__getitem__, problem.beta, m, n)
    yield compare(name, total_variation(masses, target), "<=", delta, "TV(SoftmaxSampler, pi_f) <= delta")


EXACT_DRAWS, EXACT_VALUES = 120, 2
"""Up to this size the law is computed over Q; beyond, in balls."""


def total_variation(masses: dict[int, Real], target: Law[int]) -> Real:
    """``sum (target - mass)^+``; Undecided if some difference is zero."""
    total = real(0)
    for y, mass in masses.items():
        difference = real(target.mass(y)) - mass
        if difference > 0:
            total += difference
    return total


def sampler_on_problem(problem: LinearProblem, *, inside: fmpq = SHARP) -> Iterator[Case]:
    """``pi*`` at every prompt with ``M = 2 C_cov`` and ``delta = 1/4, 1/50``."""
    for x in range(len(problem.prompts)):
        if len(set(problem.rewards(x))) > MOST_VALUES:
            continue
        f = tuple(problem.reward(x, y) for y in problem.support(x))
        c = coverage_at(problem, optimum(problem), x)
        m = 2 * (c if isinstance(c, fmpq) else fmpq(ceiling_of(c)))
        for delta in (fmpq(1, 4), fmpq(1, 50)):
            yield from sampler_tv((problem, x, f, m, delta), inside=inside)


MOST_VALUES = 3
"""With more values of ``f`` the counts are too many to list."""


def two_points(ratio: int, base: fmpq) -> LinearProblem:
    """A response of base probability ``base`` whose weight is ``ratio`` times that of the other."""
    rows = [("rare", base, [1]), ("common", 1 - base, [0])]
    return _problem(f"ratio {ratio}, pi_ref {base}", rows, log(ratio))


def grid() -> Iterator[Sampling]:
    """Two responses: ratios 2, 10, 100, base masses 1/2, 1/10, 1/100, ``M = 2C`` and ``3C``, delta 1/2, 1/10."""
    for ratio in (2, 10, 100):
        for mass in (fmpq(1, 2), fmpq(1, 10), fmpq(1, 100)):
            problem = two_points(ratio, mass)
            c = exp_ratio(coverage_at(problem, optimum(problem), 0)).as_rational()
            f = tuple(problem.rewards(0))
            for m in (2 * c, 3 * c):
                for delta in (fmpq(1, 2), fmpq(1, 10)):
                    yield problem, 0, f, m, delta


@st.composite
def samplings(draw: st.DrawFn) -> Sampling:
    """A random problem, prompt and linear ``f``; ``M`` from ``2 C_cov(pi_f)`` up to 2 more; ``delta``."""
    problem = draw(linear_problems(max_responses=3))
    x = draw(st.integers(0, len(problem.prompts) - 1))
    theta = [draw(st.sampled_from((t, -t, t * fmpq(1, 2)))) for t in problem.theta]
    policy = softmax(problem, theta)
    c = coverage_at(problem, policy, x)
    m = 2 * (c if isinstance(c, fmpq) else fmpq(ceiling_of(c))) + draw(rationals(0, 2))
    f = tuple(problem.phi(x, y).dot_numbers(theta) for y in problem.support(x))
    return problem, x, f, m, draw(st.sampled_from((fmpq(1, 2), fmpq(1, 5))))


LARGE = fmpq(40)


def moderate(sampling: Sampling) -> Iterator[Case]:
    """Leave out draws whose number of counts would make the check slow."""
    if sampling[3] <= LARGE:
        yield from sampler_tv(sampling)


def too_small_m(problem: LinearProblem) -> Iterator[Case]:
    """``M = C_cov`` in place of ``2 C_cov``, with the algorithm's own ``N``."""
    c = exp_ratio(coverage_at(problem, optimum(problem), 0)).as_rational()
    return sampler_tv((problem, 0, tuple(problem.rewards(0)), c, fmpq(1, 100)), inside=STATED)


def too_few_draws(problem: LinearProblem) -> Iterator[Case]:
    """``N = ceil(M log(2/delta))`` with ``M = 2 C_cov``: the factor 4 left out."""
    c = exp_ratio(coverage_at(problem, optimum(problem), 0)).as_rational()
    return sampler_tv((problem, 0, tuple(problem.rewards(0)), 2 * c, fmpq(1, 1000)), factor=1)


def refuted(problem: LinearProblem) -> Iterator[Case]:
    """The second false variant fails too: kept as a fact beside the claim."""
    (case,) = too_few_draws(problem)
    yield fact(problem.name, not case.holds, "without the factor 4 in N the distance exceeds delta")


SAMPLER = Claim(
    id="softmax-sampler-tv",
    section=4,
    title="SoftmaxSampler is close to the softmax law",
    statement="if M >= 2 C_cov(pi_f;x), TV(SoftmaxSampler, pi_f(.|x)) <= delta, already for N = ceil(4 M log(2/delta))",
    source="FMR25 Alg. SoftmaxSampler; constants ours",
    hypotheses="M >= 2 C_cov(pi_f;x), 0 < delta <= 1",
    constants="2 in M, 4 and 2 in N",
    caveats="slack in N: the constants are not claimed to be the best",
    checks=(
        Check(Family("two responses, grid", 36, grid), sampler_tv),
        Check(Family("the same, N as in the algorithm", 36, grid), partial(sampler_tv, inside=STATED)),
        Check(Catalog(), sampler_on_problem),
        Check(Random(samplings(), 40, name="problems with linear f"), moderate),
        Check(Catalog("sampler-tight-n"), refuted),
    ),
    witness=Check(Catalog("two-arms"), sampler_on_problem),
    mutation=Mutation("M = C_cov", Catalog("sampler-tight-m"), too_small_m),
)

CLAIMS = (REJECTION, SAMPLER)


def _problem(name: str, rows: list[tuple[str, fmpq, list[int]]], theta: LogLinear) -> LinearProblem:
    responses = [Response.of(*row) for row in rows]
    bound = theta.ceil()
    return LinearProblem.of(name, [Prompt.of("x", responses)], theta=[theta], beta=1, B=bound, R_max=bound)
