"""The coverage profile: a step function, and what the mean ratio and the divergence say of it (finite forms ours)."""

from collections.abc import Iterator
from itertools import pairwise

from flint import fmpq

from proofs_check.claims.families import problems_with_policies, prompts, some_policies
from proofs_check.ledger import ANY, Case, Catalog, Check, Family, On, Random, agree, claim, compare, fact
from reference.exact import ExpRatio, Real, exp, exp_ratio, log, real, real_log
from reference.exact.law import Mass
from reference.model import Problem, coverage_profile, coverage_profile_at
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prompt, Response
from reference.model.policy import Policy, base_policy, optimum
from reference.model.values import kl


def profile_of(problem: LinearProblem, name: str, policy: Policy, *, lazy: bool = False) -> Iterator[Case]:
    """Decide it at every prompt, at the breakpoints, between and beyond them; ``lazy``: the profile of ``pi_ref``."""
    for x in prompts(problem):
        law, base = policy.law(x), problem.pi_ref(x)
        w = {y: exp_ratio(law.mass(y)) / mass for y, mass in base.items()}
        profile = coverage_profile_at(problem, base_policy(problem) if lazy else policy, x)
        steps = sorted({w[y] for y in law.outcomes})
        label = f"{name}, x={problem.prompts[x].name}"
        between = [(low + high) * fmpq(1, 2) for low, high in pairwise(steps)]
        values = []
        for N in sorted([*steps, *between, exp_ratio(1), steps[-1] + 1]):
            values.append(profile.at(N))
            expected = law.probability(lambda y, N=N, w=w: w[y] >= N)  # type: ignore[misc]  # N is bound as a default
            yield compare(f"{label}, N={N}", values[-1], "==", expected, "Cov_N = P_pi[w >= N], breakpoints included")
        falls = all(left >= right for left, right in pairwise(values))
        yield fact(label, falls and values[-1] == 0, "Cov_N does not increase, and is 0 above C_cov")
        yield from _bounds(problem, label, policy, x, steps)


def _bounds(problem: LinearProblem, label: str, policy: Policy, x: int, steps: list[ExpRatio]) -> Iterator[Case]:
    law, base = policy.law(x), problem.pi_ref(x)
    profile, divergence = coverage_profile_at(problem, policy, x), law.kl(base)
    mean = law.expectation(lambda y: exp_ratio(law.mass(y)) / base.mass(y))
    two_points = len({law.mass(y) if law.mass(y) == 0 else exp_ratio(law.mass(y)) / m for y, m in base.items()}) <= 2  # noqa: PLR2004 - values
    for N in steps:
        mass, name = profile.at(N).exact, f"{label}, N={N}"
        assert isinstance(mass, fmpq | ExpRatio)  # noqa: S101 - of one prompt it is exact
        yield compare(name, real(exp_ratio(mass) * N), "<=", mean, "N Cov_N <= E_pi[w]")
        if N > 1:
            yield compare(name, real_log(N) * mass, "<=", divergence + exp(-1), "Cov_N log N <= KL + 1/e")
            at_most = two_coins(exp_ratio(mass), N)
            if two_points:
                yield agree(name, at_most, divergence, "kl(Cov_N || Cov_N/N) = KL where w has two values")
            else:
                yield compare(name, at_most, "<", divergence, "kl(Cov_N || Cov_N/N) < KL where w has more")


def two_coins(c: ExpRatio, N: ExpRatio) -> Real:
    """``kl(c || c/N)``, the divergence of two coins, for ``N > 1``."""
    heads = real_log(N) * c
    return heads if c == 1 else heads + (real_log(1 - c) - real_log(1 - c / N)) * (1 - c)


def sharp_mean() -> LinearProblem:
    """Return the instance where ``1/e`` is nearly needed: mass 1 - 1/e, nearly, at ratio 1000."""
    top = Response.of("top", "632/1000000", [1])
    rest = Response.of("rest", "999368/1000000", [0])
    return LinearProblem.of(
        "mass 632/1000 at ratio 1000",
        [Prompt.of("x", [top, rest])],
        theta=[log(fmpq(124921, 46))],
        beta=1,
        B=8,
        R_max=8,
    )


def excess_is_sharp(problem: LinearProblem) -> Iterator[Case]:
    """Decide that ``1/e`` is attained up to 1/1000."""
    mass, N = coverage_profile(problem).at(1000), log(1000)
    bound = kl(problem) + exp(-1) - fmpq(1, 1000)
    yield compare(problem.name, mass * N, ">=", bound, "Cov_N log N >= KL + 1/e - 1/1000")


def of_sequences(problem: Problem) -> Iterator[Case]:
    """Decide that the profile of a tree, where equal ratios are brought together, is that of its sequences."""
    tree, listed = coverage_profile(problem), coverage_profile(problem.sequences("tabular"))
    for each in tree.prompts:
        for N in each.ratios:
            yield compare(f"{problem.name}, N={N}", tree.at(N), "==", listed.at(N), "by tokens = by sequences")


SHARP = Family("mass 632/1000 at ratio 1000", 1, lambda: [sharp_mean()])


@claim(
    "coverage-profile",
    source="ours: finite form and constants; the notion is from Chen et al. 2025, arXiv 2510.15020",
    depends=("coverage-range",),
    every=Catalog(),
    on=(
        SHARP,
        Check(SHARP, excess_is_sharp),
        Check(Catalog("fair-bits-3", "needle-path-8", "markov-bits", of=ANY), of_sequences),
        Check(
            Random(problems_with_policies(), 30, seed=81, name="problems with policies"),
            lambda pair: profile_of(pair[0], "pi", pair[1]),
        ),
    ),
    witness=Catalog("two-arms", "sampler-tight-m"),
    mutation=("9/25 for 1/e", On(SHARP, excess=fmpq(9, 25))),
    trivial=("the profile of pi_ref", On(Catalog("two-arms"), lazy=True)),
)
def coverage_profile_bounds(
    problem: LinearProblem, *, excess: fmpq | None = None, lazy: bool = False
) -> Iterator[Case]:
    r"""The coverage profile is a step function that the divergence bounds.

    Let $w = \pi/\piref$ and $\mathrm{Cov}_N = \P_\pi[w \ge N]$: non-increasing, continuous from the left, and 0 if and
    only if $N > \Ccov(\pi)$. For $N > 1$, with $\mathrm{kl}$ the divergence of two coins,

    $$
    N\, \mathrm{Cov}_N \le \E_\pi[w], \qquad
    \mathrm{kl}(\mathrm{Cov}_N \,\|\, \mathrm{Cov}_N/N) \le \KL(\pi \| \piref), \qquad
    \mathrm{Cov}_N \log N \le \KL(\pi \| \piref) + 1/e .
    $$

    In words: The divergence bounds how much of a policy can be where the base model rarely goes.
    Hypotheses: $\pi$ is on the support of $\piref$; at each prompt, or over $x \sim \rho$.
    Constants: $1/e$, sharp; the second is an equality if $w$ has two values and $N$ is the larger.
    """
    for name, policy in (("pi*", optimum(problem)), *some_policies(problem)):
        if name in _POLICIES:
            yield from profile_of(problem, name, policy, lazy=lazy)
            yield from _over_prompts(problem, name, policy, excess)


_POLICIES = {"pi*", "ramp", "first response"}


def _over_prompts(problem: LinearProblem, name: str, policy: Policy, excess: fmpq | None) -> Iterator[Case]:
    profile, most = coverage_profile(problem, policy), kl(problem, policy) + (exp(-1) if excess is None else excess)
    tops: set[Mass] = {each.ratios[-1] for each in profile.prompts}
    for N in sorted({exp_ratio(2), *map(exp_ratio, tops)}):
        if N > 1:
            bound = real_log(N)
            yield compare(f"{name}, N={N}", profile.at(N) * bound, "<=", most, "Cov_N log N <= KL + 1/e")
    highest = max(map(exp_ratio, tops))
    gone = profile.at(highest) > 0 and profile.at(highest + fmpq(1, 10**6)) == 0
    yield fact(name, gone, "Cov_N = 0 if and only if N > C_cov")
