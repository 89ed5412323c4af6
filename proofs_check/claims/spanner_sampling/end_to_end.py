"""The whole algorithm: exactness in span mode, and the rate with constants."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from flint import fmpq

from proofs_check.claims.spanner_sampling import two_prompts
from proofs_check.claims.spanner_sampling.setting import (
    SMALL_NAMES,
    binomial_at_most,
    covered_by,
    differences,
    drawn_inputs,
    one_prompt_problems,
    problems_with_inputs,
    rank,
    seeded_run,
    spanners,
)
from proofs_check.ledger import Case, Catalog, Check, Family, On, Random, claim, compare, fact
from reference.algorithms.parts.cover import truncated
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.spanner_sampling import Spanner, SpannerSampling
from reference.constructions.needles import needle
from reference.exact import LogLinear, Number, Real, real, real_max
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.meter import Reading
from reference.interaction.world import World
from reference.laws.returned import ideal_law
from reference.model import (
    LinearProblem,
    TabularPolicy,
    Tilt,
    base_policy,
    coverage_at,
    gap,
    optimum,
    oscillation,
)

_ONE = fmpq(1)


def exact_where_covered(
    name: str, problem: LinearProblem, policy: SpannerPolicy, p: SpannerSampling, *, where_covered: bool = True
) -> Iterator[Case]:
    """Decide ``pi_{f_t} = pi*`` for every ``t``, prompt and ``y'`` relative to which the whole support is covered."""
    covered = covered_by(tuple(phi for phi, _ in policy.psi), problem.dimension, p)
    for x in range(len(problem.prompts)):
        base, best = problem.pi_ref(x), optimum(problem).law(x)
        for anchor in base.outcomes:
            reference = problem.phi(x, anchor)
            if where_covered and not all(covered(problem.phi(x, y) - reference) for y in base.outcomes):
                continue
            for theta in dict.fromkeys(policy.thetas):
                f = truncated(policy.cover, theta, reference)
                law = Tilt(base, tuple(f(problem.phi(x, y)) for y in base.outcomes), problem.beta).law()
                yield fact(f"{name}, x={x}, y'={anchor}", law == best, "pi_{f_t}(.|x) = pi*(.|x)")


def data_used(
    name: str, problem: LinearProblem, policy: SpannerPolicy, reading: Reading, p: SpannerSampling
) -> Iterator[Case]:
    """Decide ``T_data = 2n + 2 T_exp`` and ``n <= rank``."""
    n = len(policy.psi)
    yield compare(name, reading.t_data, "==", 2 * n + 2 * p.t_exp, "T_data = 2n + 2 T_exp")
    yield compare(name, n, "<=", rank(differences(problem), problem.dimension), "n <= rank")


def span_run(member: tuple[LinearProblem, SpannerSampling, int]) -> Iterator[Case]:
    """Decide it for one seeded run."""
    problem, p, seed = member
    p = replace(p, mode="span")
    r = seeded_run(problem, p, seed)
    yield from exact_where_covered(f"{problem.name}, seed {seed}", problem, r.policy, p)
    yield from data_used(problem.name, problem, r.policy, r.reading, p)


def span_on(problem: LinearProblem) -> Iterator[Case]:
    """Decide it for three seeded runs on one instance."""
    for seed in range(3):
        yield from span_run((problem, drawn_inputs(8, 3, "span", t_exp=3), seed))


@claim(
    "span-mode-exact",
    source="ours (span mode needs exact arithmetic)",
    depends=("softmax-sampler-tv",),
    every=Check(Catalog(), span_on),
    on=(
        Catalog("two-arms", "zero-base-mass", "fair-coin"),
        Check(two_prompts.BESIDE, two_prompts.draws_relative_to_another),
        Check(Random(problems_with_inputs(), 60, seed=68, name="problems, inputs, seeds"), span_run),
    ),
    witness=Catalog("two-arms"),
    mutation=(
        "the hypothesis 'covered relative to y'' dropped",
        On(Catalog("two-arms"), n_prompt=0, where_covered=False),
    ),
    trivial=("every estimate is 0: pi_ref is returned", On(Catalog("two-arms"), at_zero=True)),
)
def span_mode_exact(
    problem: LinearProblem, *, n_prompt: int = 2, where_covered: bool = True, at_zero: bool = False
) -> Iterator[Case]:
    r"""Span mode is exact where everything is covered.

    For every $x$ and $y' \in Y_x$ with all of $Y_x$ covered relative to $y'$,
    $\pi_{f_t}(\cdot \mid x) = \pi^*(\cdot \mid x)$ exactly. And $\Tdata = 2n + 2\Texp$ after $n$ acceptances, with
    $n \le \rank$.

    In words: Where everything is covered the learner has the optimal policy exactly, from at most two rewards a
    dimension and two a round.
    Hypotheses: noiseless rewards, span mode.
    Constants: 2 rewards a pair.
    Caveats: the returned law is still that of SoftmaxSampler: compose with {prf:ref}`softmax-sampler-tv`.
    """
    p = drawn_inputs(n_prompt, 1, "span")

    def outcome(choice: Choice) -> tuple[SpannerPolicy, Reading]:
        world = World(problem, choice)
        return p(world.oracles), world.meter.reading

    for policy, reading in law_of(outcome).outcomes:
        if at_zero:
            nothing = (LogLinear(fmpq(0)),) * problem.dimension
            policy = replace(policy, thetas=(nothing,) * p.t_exp)  # noqa: PLW2901 - in its place
        yield from exact_where_covered(problem.name, problem, policy, p, where_covered=where_covered)
        yield from data_used(problem.name, problem, policy, reading, p)


def first_policy(spanner: Spanner, p: SpannerSampling) -> SpannerPolicy:
    """Return what SpannerSampling returns after this phase 1 if ``T_exp = 1``: its estimate is fitted to ``Psi``."""
    return SpannerPolicy(spanner.cover, (spanner.cover.least_squares(spanner.psi),), p.M, p.draws, spanner.psi)


def first_policy_is_right(problem: LinearProblem) -> Iterator[Case]:
    """Compare with the exact law of the whole algorithm."""
    p = drawn_inputs(2, 1, "span")
    whole = law_of(lambda choice: p(World(problem, choice).oracles))
    shortened = spanners(problem, p).map(lambda spanner: first_policy(spanner, p))
    yield fact(problem.name, whole == shortened, "T_exp = 1: the law of the returned policy follows from phase 1")


def ideal_gap(problem: LinearProblem, policy: SpannerPolicy) -> Real:
    """Return the gap of the mixture over ``y'`` and ``t`` of ``pi_{f_t}``, sampled exactly."""
    return gap(problem, TabularPolicy(problem, [ideal_law(problem, policy, x) for x in range(len(problem.prompts))]))


def largest_loss(problem: LinearProblem, *, with_coverage: bool = True) -> Number:
    """Return ``max_x C_cov(pi*; x) R_max(x)``, with the least ``R_max`` that may be declared at each prompt."""
    best = optimum(problem)
    return real_max(
        real(oscillation(problem, x)) * (coverage_at(problem, best, x) if with_coverage else 1)
        for x in range(len(problem.prompts))
    )


def quotient(bound: Real, base: Real) -> str:
    """Return ``bound / base`` to three digits, rounded: for notes."""
    return str((bound.enclosure(64) / base.enclosure(64)).str(3, radius=False))


def prompts_to_halve(problem: LinearProblem) -> int:
    """Return the least ``2^k - 1 >= 1`` with ``C R_max rank/(N_prompt+1)`` at most half of ``pi_ref``'s gap.

    Raises:
        ValueError: if ``pi_ref`` is optimal.
    """
    lost = gap(problem, base_policy(problem)) * fmpq(1, 2)
    if lost.sign() == 0:
        msg = f"{problem.name}: pi_ref is optimal, no bound is below its gap"
        raise ValueError(msg)
    most, rounds = real(largest_loss(problem)) * rank(differences(problem), problem.dimension), 2
    while most * fmpq(1, rounds) > lost:
        rounds *= 2
    return rounds - 1


def below_the_base(problem: LinearProblem, *, lazy: bool = False) -> Iterator[Case]:
    """Decide the rate where the bound is at most half of the gap of ``pi_ref``."""
    yield from spanner_end_to_end(problem, rounds=(prompts_to_halve(problem),), lazy=lazy)


def end_to_end_in(member: tuple[LinearProblem, SpannerSampling, int]) -> Iterator[Case]:
    """Decide the rate on a random problem."""
    problem, _, _ = member
    yield from spanner_end_to_end(problem, rounds=(0, 2))


def hidden_treasure() -> Iterator[LinearProblem]:
    """Yield the needle of base mass 1/64: without ``C_cov`` it would have to be found within 32 prompts."""
    yield needle(64, fmpq(3, 25), 1)


HIDDEN_TREASURE = Family("the needle with C = 64, beta = 3/25", 1, hidden_treasure)
WITH_SOMETHING_TO_LEARN = Catalog(
    "two-arms-exp", "rank-deficient", "zero-base-mass", "two-arms-mixed", "smollm2-two-plus-two"
)
"""Small instances with something to learn."""


@claim(
    "spanner-end-to-end",
    source="ours (the shape of FMR25 Thm 3.1)",
    depends=("spanner-coverage", "spanner-coverage-tail", "truncation-gap", "span-mode-exact"),
    every=On(Catalog(), rounds=(0,)),
    on=(
        Check(Catalog("two-arms", "zero-base-mass"), first_policy_is_right),
        Check(WITH_SOMETHING_TO_LEARN, below_the_base),
        Check(HIDDEN_TREASURE, below_the_base),
        On(Catalog("two-arms"), rounds=(3,), n_pair=3),
        Catalog(*SMALL_NAMES, "needle-1024"),
        On(Family("one prompt, d <= 2, |Y| <= 3, log-rational", 169, one_prompt_problems), rounds=(1,)),
        Check(Random(problems_with_inputs(), 40, seed=69, name="problems"), end_to_end_in),
    ),
    witness=Check(Catalog("two-arms-exp"), below_the_base),
    mutation=("C_cov dropped", On(HIDDEN_TREASURE, rounds=(32,), with_coverage=False)),
    trivial=("pi_ref is returned", Check(Catalog("two-arms-exp"), partial(below_the_base, lazy=True))),
)
def spanner_end_to_end(
    problem: LinearProblem,
    *,
    rounds: tuple[int, ...] = (0, 1, 4),
    n_pair: int = 1,
    with_coverage: bool = True,
    times: fmpq = _ONE,
    lazy: bool = False,
) -> Iterator[Case]:
    r"""The rate of SpannerSampling, with ideal sampling.

    In span mode, with $C \ge \Ccov(\pi^*)$,

    $$
    \E[\text{gap}] \le \frac{C\, \Rmax \rank}{\Nprompt + 1},
    \qquad
    \P(\text{gap} > C \Rmax h) \le \P\bigl( \mathrm{Bin}(\Nprompt, h) \le \rank - 1 \bigr)
    \quad (0 < h \le 1) .
    $$

    In words: With ideal sampling the loss falls like coverage times dimension over the number of prompts.
    Hypotheses: noiseless rewards, exact sampling from $\pi_{f_t}$, $\Texp = 1$ (in span mode later data change
    nothing).
    Constants: 1 and 1; $C \Rmax$ may be the largest $\Ccov(\pi^*; x) \osc_x(r^*)$ over prompts.
    Caveats: the sampler is the ideal one: {prf:ref}`spanner-as-listed` has the real one. The bound is checked where it
        is at most half of the gap of $\piref$; their quotient stands in the notes.
    """
    most = rank(differences(problem), problem.dimension)
    loss = real(largest_loss(problem, with_coverage=with_coverage)) * times
    base = gap(problem, base_policy(problem))
    gaps: dict[object, Real] = {}  # what span mode returns depends on the span, and on theta in it
    for n_prompt in rounds:
        p = drawn_inputs(n_prompt, n_pair, "span")
        law = spanners(problem, p).map(partial(first_policy, p=p))
        for policy in law.outcomes:
            if (policy.cover, policy.thetas) not in gaps:
                gaps[policy.cover, policy.thetas] = base if lazy else ideal_gap(problem, policy)
        known = {policy: gaps[policy.cover, policy.thetas] for policy in law.outcomes}

        name = f"{problem.name}, N_prompt={n_prompt}, N_pair={n_pair}"
        bound = loss * fmpq(most, n_prompt + 1)
        note = f"bound / gap(pi_ref) = {quotient(bound, base)}" if bound < base else ""
        statement = "E[gap] <= C R_max rank/(N_prompt+1)"
        yield compare(name, law.expectation(known.__getitem__), "<=", bound, statement, note=note)
        for h in (fmpq(1, 8), fmpq(1, 2)):
            large = {key for key, value in gaps.items() if value > loss * h}
            missed = law.probability(lambda policy, large=large: (policy.cover, policy.thetas) in large)  # type: ignore[misc]  # a lambda's default
            tail = binomial_at_most(n_prompt, h, most - 1)
            statement = "P(gap > C R_max h) <= P(Bin(N_prompt,h) <= rank-1)"
            yield compare(f"{name}, h={h}", missed, "<=", tail, statement)
