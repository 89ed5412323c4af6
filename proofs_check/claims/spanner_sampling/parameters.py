"""The inputs that theory asks for: whether they keep their promise."""

from collections.abc import Iterator
from dataclasses import replace
from math import comb
from typing import NamedTuple

from flint import fmpq

from proofs_check.claims.spanner_sampling.setting import Mode, one_prompt, seeded_run
from proofs_check.ledger import Case, Check, Family, On, claim, compare, fact
from reference.algorithms import SpannerSampling
from reference.algorithms.parts.theory import TheoryParameters, theory_parameters
from reference.algorithms.spanner_sampling import Spanner
from reference.exact import LogLinear, exp, exp_ratio, log
from reference.exact.binomial import fewest_trials
from reference.exact.linalg import Vector
from reference.laws.first_round import policy_after, probability_within, returned_policies
from reference.laws.returned import sampled_gap
from reference.model import LinearProblem, Prompt, Response, base_policy, gap
from reference.model.ratios import coverage_rounded_up


def covering(problem: LinearProblem) -> fmpq:
    """Return ``C_cov(pi*)``, rounded up to a multiple of 1/64."""
    return fmpq(coverage_rounded_up(problem, 64), 64)


class Target(NamedTuple):
    """A problem, and what theory is asked for on it."""

    problem: LinearProblem
    eps: fmpq
    delta: fmpq
    mode: Mode

    def __str__(self) -> str:
        return f"{self.problem.name}, {self.mode}, eps = {self.eps}, delta = {self.delta}"

    def inputs(self, *, with_coverage: bool = True) -> TheoryParameters:
        """Return the inputs for this target."""
        p = self.problem
        covered = covering(p) if with_coverage else fmpq(1)
        return theory_parameters(
            self.eps, self.delta, beta=p.beta, R_max=p.R_max, B=p.B,
            dimension=p.difference_rank(), coverage=covered, mode=self.mode,
        )  # fmt: skip


def arms(rare: fmpq, beta: fmpq, reward: int = 1) -> LinearProblem:
    """Return a response of this base mass and reward beside one of reward 0."""
    rows = [(Vector.of([0]), 1 - rare), (Vector.of([1]), rare)]
    return one_prompt(f"an arm of mass {rare} and reward {reward}", rows, [LogLinear(fmpq(reward))], beta)


def equal_prompts() -> LinearProblem:
    """Return two prompts with a fair arm each, whose features have nothing in common."""
    half = fmpq(1, 2)
    prompts = [
        Prompt(f"x{i}", half, responses=(Response("0", half, Vector.of([0, 0])), Response("1", half, Vector.of(phi))))
        for i, phi in enumerate(([1, 0], [0, 1]))
    ]
    return LinearProblem.of("two prompts with a fair arm each", prompts, theta=[1, 1], beta="1/8", B=2, R_max=1)


def targets() -> Iterator[Target]:
    """Yield targets below the gap of ``pi_ref`` whose exact law is short."""
    eighth, eps = fmpq(1, 8), fmpq(2, 5)
    fair = arms(fmpq(1, 2), eighth)
    yield Target(arms(fmpq(1, 20), eighth), fmpq(1, 2), eighth, "span")
    yield Target(fair, eps, eighth, "span")
    yield Target(fair, eps, eighth, "ridge")
    yield Target(equal_prompts(), eps, fmpq(1, 4), "span")


def rare_targets() -> Iterator[Target]:
    """Yield targets where thousands of prompts are needed, on two responses: the law of phase 1 has a closed form.

    At the first, inputs with ``N_prompt = 1275``, which this package once gave, return ``pi_ref`` too often.
    """
    problem = arms(fmpq(6, 10**4), fmpq(1000), 1000)
    yield Target(problem, fmpq(2, 5), fmpq(1, 10), "ridge")
    yield Target(problem, fmpq(2, 5), fmpq(1, 10), "span")


FAIR_TARGET = Family(
    "a fair arm, eps below the gap of pi_ref",
    1,
    lambda: [Target(arms(fmpq(1, 2), fmpq(1, 8)), fmpq(2, 5), fmpq(1, 8), "span")],
)
TARGETS = Family("arms and prompts, eps below the gap of pi_ref", 4, targets)
RARE_TARGETS = Family("an arm of mass 6/10^4, beta = R_max = 1000", 2, rare_targets)


class StatedFactors(NamedTuple):
    """Constants of the statement: ``h = h eps/(C R_max)`` and ``M = M C``, the powers of ``e`` left out."""

    h: fmpq
    M: fmpq


STATED: dict[Mode, StatedFactors] = {
    "span": StatedFactors(fmpq(7, 16), fmpq(4)),
    "ridge": StatedFactors(fmpq(3, 4), fmpq(4)),
}


def with_factors(target: Target, found: TheoryParameters, factors: StatedFactors) -> SpannerSampling:
    """Return the inputs as they would be with other constants."""
    stated, p = STATED[target.mode], found.parameters
    h, n_max = (fmpq(one.value) for one in found.quantities)
    n_prompt = fewest_trials(int(n_max.p), min(h * factors.h / stated.h, fmpq(1)), target.delta)
    return SpannerSampling(
        n_prompt, p.n_pair, p.t_exp, p.M * factors.M / stated.M, p.delta, ridge=p.ridge, nu=p.nu, mode=p.mode
    )


def tail(trials: int, h: fmpq, below: int) -> fmpq:
    """Return ``P(Bin(trials, h) < below)`` as a sum of rationals."""
    return sum((comb(trials, k) * h**k * (1 - h) ** (trials - k) for k in range(min(below, trials + 1))), fmpq(0))


def fewest_prompts(target: Target) -> Iterator[Case]:
    """The constants are those of the statement, and ``N_prompt`` the least number that the binomial law allows."""
    found = target.inputs()
    h, n_max = (fmpq(one.value) for one in found.quantities)
    N, below = found.parameters.n_prompt, int(n_max.p)
    share = target.eps / (covering(target.problem) * target.problem.R_max)
    power = 1 if target.mode == "span" else exp(1)  # e is rounded up, so h down and M up
    relations = ("==", "==") if target.mode == "span" else ("<=", ">=")
    stated, M = STATED[target.mode], found.parameters.M
    yield compare(str(target), power * h, relations[0], stated.h * share, "h is the constant times eps/(C R_max)")
    yield compare(
        str(target), M, relations[1], power * power * (stated.M * covering(target.problem)), "M is the constant times C"
    )
    yield compare(str(target), tail(N, h, below), "<=", target.delta, "P(Bin(N_prompt, h) < n_max) <= delta")
    yield compare(str(target), tail(N - 1, h, below), ">", target.delta, "P(Bin(N_prompt - 1, h) < n_max) > delta")


def within_the_count(target: Target) -> Iterator[Case]:
    """A listed run returns what follows from its phase 1, with a small gap and no more queries than is said before."""
    found = target.inputs()
    run = seeded_run(target.problem, found.parameters, 1)
    cost = run.reading.t_comp + run.policy.queries_per_draw
    yield compare(str(target), cost, "<=", found.t_comp, "T_comp is at most what is said beforehand")
    expected = policy_after(Spanner(run.policy.cover, run.policy.psi), found.parameters)
    yield fact(str(target), run.policy == expected, "what is returned follows from phase 1")
    yield compare(str(target), sampled_gap(target.problem, run.policy), "<=", target.eps, "gap <= eps in a listed run")
    yield compare(str(target), run.reading.t_data, "<=", found.t_data, "T_data is at most what is said beforehand")


def enough_when_rare(target: Target) -> Iterator[Case]:
    """Two responses: nothing is found with probability ``(1 - 2p(1-p))^N_prompt``, else everything is covered."""
    problem, p = target.problem, target.inputs().parameters
    rare = exp_ratio(problem.pi_ref(0).mass(1)).as_rational()
    miss = 1 - 2 * rare * (1 - rare)
    nothing, *found = returned_policies(problem, replace(p, n_prompt=3)).items()
    yield compare(str(target), nothing[1], "==", miss**3, "N_prompt = 3: P(nothing found) = (1-2p(1-p))^N_prompt")
    yield fact(str(target), gap(problem, base_policy(problem)) > target.eps, "gap(pi_ref) > eps")
    for policy, _ in found:
        yield compare(str(target), sampled_gap(problem, policy), "<=", target.eps, "gap <= eps once a pair is found")
    yield compare(
        str(target), log(miss) * p.n_prompt, "<=", log(target.delta), "P(nothing found) = (1-2p(1-p))^N_prompt <= delta"
    )


@claim(
    "theory-parameters",
    source="ours (FMR25 Thm 3.1 has rates)",
    depends=(
        "spanner-size",
        "spanner-coverage",
        "spanner-coverage-tail",
        "truncated-coverage",
        "spanner-as-listed",
        "sampler-gap",
        "ridge-error",
        "ridge-end-to-end",
    ),
    on=(
        TARGETS,
        Check(RARE_TARGETS, enough_when_rare),
        Check(TARGETS, fewest_prompts),
        Check(TARGETS, within_the_count),
    ),
    witness=FAIR_TARGET,
    mutation=("1 for C_cov(pi*)", On(TARGETS, with_coverage=False)),
    trivial=("pi_ref is returned", On(FAIR_TARGET, idle=True)),
)
def theory_parameters_suffice(
    target: Target,
    *,
    span_h: fmpq = STATED["span"].h,
    span_M: fmpq = STATED["span"].M,
    ridge_h: fmpq = STATED["ridge"].h,
    ridge_M: fmpq = STATED["ridge"].M,
    with_coverage: bool = True,
    idle: bool = False,
) -> Iterator[Case]:
    r"""The inputs for a target accuracy suffice.

    Let $C \ge \Ccov(\pi^*)$. With the inputs of `theory_parameters` the gap of SpannerSampling, drawn as listed, is
    at most $\varepsilon$ with probability at least $1 - \delta$: $\Npair = \Texp = 1$, $\Nprompt$ the least $N$ with
    $\P(\mathrm{Bin}(N, h) < n_{\max}) \le \delta$. In span mode $h = \frac{7 \varepsilon}{16 C \Rmax}$,
    $n_{\max} = \rank$, $M = 4C$; in ridge mode $h = \frac{3 \varepsilon}{4 e C \Rmax}$, $n_{\max}$ of
    {prf:ref}`spanner-size`, $M = 4 e^2 C$.

    In words: Told how accurate and how sure to be, and given a bound on coverage, a formula gives inputs with which
    SpannerSampling keeps the promise.
    Hypotheses: $0 < \varepsilon < \Rmax$, else $\Nprompt = 0$; $0 < \delta < 1$; noiseless rewards.
    Constants: those of $h$. On two responses, the better one rare and all of $\Rmax$ apart, the hazard at which
    $\piref$ fails is 4.6 times the $h$ of span mode: 2 for the pairs' two orders, 2 where half of $\pi^*$ is uncovered,
    8/7 for SoftmaxSampler.
    """
    factors = StatedFactors(span_h, span_M) if target.mode == "span" else StatedFactors(ridge_h, ridge_M)
    problem, p = target.problem, with_factors(target, target.inputs(with_coverage=with_coverage), factors)
    yield fact(str(target), gap(problem, base_policy(problem)) > target.eps, "gap(pi_ref) > eps")
    law = returned_policies(problem, replace(p, n_prompt=0) if idle else p)
    success = probability_within(problem, law, target.eps)
    yield compare(str(target), success, ">=", 1 - target.delta, "P(gap <= eps) >= 1 - delta")
