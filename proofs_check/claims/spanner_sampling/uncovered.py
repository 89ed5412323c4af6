"""What the pairs that phase 1 did not find amount to."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from itertools import product

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.claims.spanner_sampling.setting import (
    MODES,
    ONE_PROMPT,
    PLAIN,
    SMALL_NAMES,
    Mode,
    accepted,
    at_prompt,
    covered_by,
    differences,
    drawn_inputs,
    one_prompt,
    problems_with_inputs,
    rank,
    spanners,
)
from proofs_check.ledger import Case, Catalog, Check, Family, On, Random, claim, compare
from reference.algorithms.spanner_sampling import Spanner, SpannerSampling, phase_1_round
from reference.exact import exp_ratio, log, real
from reference.exact.law import Mass
from reference.exact.linalg import Vector
from reference.interaction.exhaustive import law_of
from reference.interaction.world import World
from reference.model import LinearProblem, coverage_at, optimum, uncovered_mass
from reference.testing import linear_problems


def base_pair_mass(problem: LinearProblem, x: int, covered: Callable[[Vector], bool]) -> fmpq:
    """Return the uncovered mass of pairs from the base model, which is rational."""
    return exp_ratio(uncovered_mass(covered, problem, x)).as_rational()


def hazards(problem: LinearProblem, p: SpannerSampling) -> Callable[[Spanner], fmpq]:
    """Return the function from spanners to the probability that one more prompt would lead to an acceptance.

    It depends on which differences were accepted how often, and neither on their order nor on their signs: what is
    covered depends on ``sum phi phi^T``, or on a span.
    """
    known: dict[Hashable, fmpq] = {}

    def hazard(spanner: Spanner) -> fmpq:
        vectors = accepted(spanner)
        key = frozenset(Counter((max(phi.numerators, (-phi).numerators), phi.denominator) for phi in vectors).items())
        if key not in known:
            covered = covered_by(vectors, problem.dimension, p)
            missed = ((1 - base_pair_mass(problem, x, covered)) ** p.n_pair for x in range(len(problem.prompts)))
            shares = zip(problem.prompts, missed, strict=True)
            known[key] = sum((entry.rho * (1 - miss) for entry, miss in shares), fmpq(0))
        return known[key]

    return hazard


def nothing_found(only_x: LinearProblem, spanner: Spanner, n_pair: int) -> Mass:
    """Return the probability that lines 4-7 of the algorithm accept nothing at the only prompt."""
    after = law_of(lambda choice: phase_1_round(World(only_x, choice, metered=False).oracles, spanner, n_pair))
    return after.mass(spanner)


def uncovered(
    problem: LinearProblem,
    spanner: Spanner,
    p: SpannerSampling,
    *,
    with_coverage: bool = True,
    n_pairs: tuple[int, ...] = (1, 3),
) -> Iterator[Case]:
    """Decide the claim for one spanner matrix, at every prompt."""
    covered = covered_by(accepted(spanner), problem.dimension, p)
    for x in range(len(problem.prompts)):
        name = f"{problem.name}, x={x}, {p.mode}, {len(spanner.psi)} accepted"
        base, best = problem.pi_ref(x), optimum(problem).law(x)
        u = base_pair_mass(problem, x, covered)
        for n_pair in n_pairs:
            found_nothing = nothing_found(at_prompt(problem, x), spanner, n_pair)
            yield compare(name, found_nothing, "==", (1 - u) ** n_pair, "P(nothing found) = (1-u)^N_pair")
            for delta in (fmpq(1, 2), fmpq(1, 10)):
                if log(1 / delta) < u * n_pair:
                    yield compare(
                        name, found_nothing, "<", delta, "u > log(1/delta)/N_pair => P(nothing found) < delta"
                    )
        c = exp_ratio(coverage_at(problem, optimum(problem), x) if with_coverage else fmpq(1))
        mixed = uncovered_mass(covered, problem, x, best, base)
        yield compare(name, mixed, "<=", c * u, "pi* x pi_ref mass <= C_cov(pi*;x) u")
        both = uncovered_mass(covered, problem, x, best, best)
        yield compare(name, both, "<=", c * c * u, "pi* x pi* mass <= C_cov(pi*;x)^2 u")


def uncovered_in(member: tuple[LinearProblem, SpannerSampling, int]) -> Iterator[Case]:
    """Decide it on a random problem before anything is accepted, and after its first difference."""
    problem, p, _ = member
    for n_prompt in (0, 1):
        q = SpannerSampling(n_prompt, 1, 1, 1, 1, ridge=p.ridge, nu=p.nu, mode=p.mode)
        yield from uncovered(problem, spanners(problem, q).outcomes[-1], q)


@claim(
    "uncovered-mass",
    source="FMR25 Thm 3.1 (analysis); constants ours",
    depends=("coverage-range",),
    every=On(Catalog(), n_prompt=0),
    on=(
        Catalog(*SMALL_NAMES, "needle-1024"),
        On(ONE_PROMPT, n_prompt=0),
        Check(Random(problems_with_inputs(), 60, seed=64, name="problems, inputs"), uncovered_in),
    ),
    witness=Catalog("two-arms", "different-supports"),
    mutation=(
        "u for C_cov u: the coverage coefficient dropped",
        On(Catalog("two-arms", "needle-1024"), with_coverage=False),
    ),
    trivial="none: about any spanner, the empty one, too: an equality, and two bounds on masses",
)
def uncovered_pairs(problem: LinearProblem, *, n_prompt: int = 1, with_coverage: bool = True) -> Iterator[Case]:
    r"""Uncovered pairs are found, or rare.

    Fix $\Sigma$ and $x$, and let $u$ be the probability that a pair from $\piref \times \piref$ at $x$ is uncovered.
    Then

    $$
    \P(\Npair \text{ draws find nothing}) = (1-u)^{\Npair} ,
    $$

    which is below $\delta$ if $u > \log(1/\delta)/\Npair$. The mass of uncovered pairs under $\pi^* \times \piref$ is
    at most $\Ccov(\pi^*; x)\, u$, and under $\pi^* \times \pi^*$ at most $\Ccov(\pi^*; x)^2\, u$.

    In words: If uncovered pairs were common, drawing a few would have shown one; so they are rare, and under the
        optimum rare up to coverage.
    Hypotheses: none.
    Constants: 1 in front of $\Ccov(\pi^*; x)\, u$ and of $\Ccov(\pi^*; x)^2\, u$.
    """
    for mode in MODES:
        p = drawn_inputs(n_prompt, 1, mode)
        seen = set()
        for spanner in spanners(problem, p).outcomes:
            if spanner.cover not in seen:
                seen.add(spanner.cover)
                yield from uncovered(problem, spanner, p, with_coverage=with_coverage)


_RIDGE_ROUNDS = 2
"""In ridge mode the number of spanner matrices grows fast."""


def most_acceptances(problem: LinearProblem, p: SpannerSampling) -> int:
    """Return ``n_max``: the rank in span mode, else the largest ``n`` that ``spanner-size`` allows."""
    if p.mode == "span":
        return rank(differences(problem), problem.dimension)
    d, n = problem.dimension, 0
    while (1 + p.nu**2) ** (n + 1) <= (1 + 4 * (n + 1) / (p.ridge * d)) ** d:
        n += 1
    return n


def missed(problem: LinearProblem, p: SpannerSampling, *, one: int = 1, idle: bool = False) -> Iterator[Case]:
    """Decide the claim from the exact law of phase 1; ``idle``: of a phase 1 of no prompts, in its place."""
    left = spanners(problem, replace(p, n_prompt=0) if idle else p).expectation(hazards(problem, p))
    bound = fmpq(most_acceptances(problem, p), p.n_prompt + one)
    name = f"{problem.name}, {p.mode}, N_prompt={p.n_prompt}, N_pair={p.n_pair}"
    yield compare(name, left, "<=", bound, "E[E_x(1-(1-u_x)^N_pair)] <= n_max/(N_prompt+1)")


@st.composite
def short_phases(draw: st.DrawFn) -> tuple[LinearProblem, int, Mode]:
    """A random problem, a number of prompts and a mode."""
    return draw(linear_problems(max_dimension=3)), draw(st.integers(0, 2)), draw(st.sampled_from(MODES))


def missed_in(member: tuple[LinearProblem, int, Mode]) -> Iterator[Case]:
    """Decide it on a random problem."""
    problem, n_prompt, mode = member
    yield from missed(problem, drawn_inputs(n_prompt, 1, mode))


def basis_problem(d: int) -> LinearProblem:
    """Return a problem whose responses 0, e1, .., ed leave something uncovered until ``d`` pairs are accepted."""
    vectors = [Vector.of([int(i == j) for j in range(d)]) for i in range(d + 1)]
    masses = [fmpq(1, d + 1)] * (d + 1)
    return one_prompt(f"basis of dimension {d}", zip(vectors, masses, strict=True), [PLAIN[0]] * d, fmpq(1))


def missed_is_sharp(d: int) -> Iterator[Case]:
    """``rank = N_prompt + 1`` and many pairs a prompt: the left side comes to within 1% of the bound."""
    problem = basis_problem(d)
    p = drawn_inputs(d - 1, 16, "span")
    (case,) = missed(problem, p)
    left = case.left
    if left is not None:
        yield compare(case.instance, real(left) * fmpq(100, 99), ">=", 1, "E[..] >= 0.99 n_max/(N_prompt+1)")


@claim(
    "spanner-coverage",
    source="ours (hazards only fall, and at most n_max pairs are accepted)",
    depends=("spanner-size", "uncovered-mass"),
    every=On(Catalog(), rounds=(0, 1), n_pairs=(1,)),
    on=(
        Catalog(*SMALL_NAMES, "needle-1024"),
        On(ONE_PROMPT, rounds=(1,), n_pairs=(2,)),
        Check(Family("bases of dimension 1, 2", 2, lambda: (1, 2)), missed_is_sharp),
        Check(Random(short_phases(), 60, seed=65, name="problems, N_prompt <= 2, modes"), missed_in),
    ),
    witness=Catalog("two-arms", "different-supports"),
    mutation=(
        "N_prompt+2 for N_prompt+1",
        On(Family("the basis of dimension 1", 1, lambda: [basis_problem(1)]), rounds=(0,), n_pairs=(8,), one=2),
    ),
    trivial=("nothing is accepted", On(Catalog("two-arms"), rounds=(4,), idle=True)),
)
def spanner_coverage(
    problem: LinearProblem,
    *,
    rounds: tuple[int, ...] = (0, 1, 2, 4),
    n_pairs: tuple[int, ...] = (1, 2),
    one: int = 1,
    idle: bool = False,
) -> Iterator[Case]:
    r"""After phase 1 little is left to find.

    Let $u_x$ be the uncovered pair mass at $x$ after phase 1, under $\piref \times \piref$, and $n_{\max}$ the largest
    number of acceptances that {prf:ref}`spanner-size` allows. Then

    $$
    \E\Bigl[ \E_{x \sim \rho}\bigl( 1 - (1 - u_x)^{\Npair} \bigr) \Bigr] \le \frac{n_{\max}}{\Nprompt + 1} .
    $$

    In words: After phase 1 the chance that one more prompt shows something new is at most the number of pairs that can
    be kept over prompts, on average.
    Hypotheses: as in {prf:ref}`spanner-size`.
    Constants: 1, nearly attained where $\rank = \Nprompt + 1$.
    """
    for mode, n_prompt, n_pair in product(MODES, rounds, n_pairs):
        if mode == "ridge" and n_prompt > _RIDGE_ROUNDS:
            continue
        yield from missed(problem, drawn_inputs(n_prompt, n_pair, mode), one=one, idle=idle)
