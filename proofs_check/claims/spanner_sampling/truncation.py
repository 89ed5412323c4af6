"""What truncation (line 12) does to coverage and to the gap."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import combinations

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.claims.spanner_sampling.setting import (
    ONE_PROMPT,
    ONE_PROMPT_BOTH,
    covered_by,
    differences,
    drawn_inputs,
    one_prompt,
    problems_with_inputs,
)
from proofs_check.ledger import Case, Catalog, Check, Family, On, Random, claim, compare, fact
from reference.algorithms.parts.cover import Cover, RidgeCover, SpanCover, truncated
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact import LogLinear, Number, exp, exp_ratio, real
from reference.exact.linalg import Vector
from reference.exact.log_linear import ZERO
from reference.model import LinearProblem, Tilt, coverage_at, gap_at, optimum, oscillation, tilted
from reference.model.parameter_set import Theta
from reference.testing import loglinears
from reference.testing.parts import booleans, integers

_MOST_ANCHORS = 3
"""On instances with many responses only the first few are tried as ``y'``."""


@dataclass(frozen=True)
class Estimate:
    """A problem, the accepted differences and an estimate ``theta_t``, however it came about."""

    problem: LinearProblem
    p: SpannerSampling
    accepted: tuple[Vector, ...]
    theta: Theta

    @cached_property
    def cover(self) -> Cover:
        """The algorithm's own object for these differences."""
        p, d = self.p, self.problem.dimension
        cover: Cover = SpanCover.empty(d) if p.mode == "span" else RidgeCover.empty(d, p.ridge, p.nu)
        for phi in self.accepted:
            cover = cover.with_vector(phi)
        return cover

    @cached_property
    def covered(self) -> Callable[[Vector], bool]:
        """What the accepted differences cover, found without that object."""
        return covered_by(self.accepted, self.problem.dimension, self.p)

    def within(self, x: int, anchor: int) -> tuple[int, ...]:
        """Return ``G``: the supported responses that are covered relative to ``anchor``."""
        problem = self.problem
        reference = problem.phi(x, anchor)
        return tuple(y for y in problem.support(x) if self.covered(problem.phi(x, y) - reference))

    def __str__(self) -> str:
        return f"{self.problem.name}, {self.p.mode}, {len(self.accepted)} accepted, theta_t = {self.theta}"


def coverage_of_truncated(e: Estimate, x: int, anchor: int, *, power: int = 2) -> tuple[Number, Number] | None:
    """Return both sides of the claim at ``y' = anchor``, or ``None`` if the hypothesis does not hold there."""
    problem, f = e.problem, truncated(e.cover, e.theta, e.problem.phi(x, anchor))
    base, G = problem.pi_ref(x), e.within(x, anchor)
    scores = {y: f(problem.phi(x, y)) for y in base.outcomes}
    errors = (scores[y] - (problem.reward(x, y) - problem.reward(x, anchor)) for y in G)
    if not G or not all(-problem.beta <= error <= problem.beta for error in errors):
        return None
    return Tilt(base, tuple(scores.values()), problem.beta).coverage(), largest_coverage(problem, x, G, power)


@lru_cache(256)
def largest_coverage(problem: LinearProblem, x: int, G: tuple[int, ...], power: int) -> Number:
    """Return the bound; it depends on ``G`` and on nothing else that the estimate is."""
    best = optimum(problem)
    return exp_ratio(coverage_at(problem, best, x)) * exp(power) / best.law(x).probability(G.__contains__)


def coverage_kept(e: Estimate, *, power: int = 2) -> Iterator[Case]:
    """Decide the claim at every prompt and every ``y'`` in the support."""
    name = str(e)
    for x in range(len(e.problem.prompts)):
        for anchor in e.problem.support(x)[:_MOST_ANCHORS]:
            if sides := coverage_of_truncated(e, x, anchor, power=power):
                left, right = sides
                statement = f"C_cov(pi_f;x) <= e^{power} C_cov(pi*;x)/pi*(G|x)"
                yield compare(f"{name}, x={x}, y'={anchor}", left, "<=", right, statement)


_Shifts = tuple[tuple[fmpq, fmpq], ...]

_NO_SHIFTS: _Shifts = ((fmpq(0), fmpq(0)),)
_SHIFTS: _Shifts = ((fmpq(1, 2), fmpq(-1)), (fmpq(-1), fmpq(1, 2)))


def estimates_off_by(problem: LinearProblem, shifts: _Shifts) -> Iterator[Estimate]:
    """Yield estimates off by multiples of ``beta`` in two coordinates, for spanners of the first few differences."""
    found = [phi for phi in differences(problem) if not phi.is_zero]
    for mode, n in (("span", 0), ("span", 1), ("span", len(found)), ("ridge", 0), ("ridge", len(found))):
        p = drawn_inputs(1, 1, "span" if mode == "span" else "ridge")
        for shift in shifts:
            padded = (*shift, *[fmpq(0)] * problem.dimension)
            theta = tuple(t + s * problem.beta for t, s in zip(problem.theta, padded, strict=False))
            yield Estimate(problem, p, tuple(found[:n]), theta)


def worst_errors(problem: LinearProblem, *, power: int = 2) -> Iterator[Case]:
    """Decide it on the sharp instance: ``theta_t = 1`` is off by ``beta`` on both sides of the anchor."""
    yield from coverage_kept(tight_estimate(problem), power=power)


def tight_estimate(problem: LinearProblem) -> Estimate:
    """Return the estimate that makes ``truncated-coverage-tight`` tight."""
    return Estimate(problem, drawn_inputs(1, 1, "span"), (Vector.of([1]),), (LogLinear(fmpq(1)),))


def coverage_is_sharp(problem: LinearProblem) -> Iterator[Case]:
    """The constant ``e^2`` is nearly attained."""
    if sides := coverage_of_truncated(tight_estimate(problem), 0, 1):
        left, right = sides
        yield compare(
            problem.name, left, ">=", real(right) * fmpq(98, 100), "C_cov(pi_f) >= 0.98 e^2 C_cov(pi*)/pi*(G)"
        )


def support_is_needed(problem: LinearProblem) -> Iterator[Case]:
    """With ``y'`` off the support the statement is false: the hypothesis stays."""
    e = Estimate(problem, drawn_inputs(1, 1, "span"), (Vector.of([1, 0]),), problem.theta)
    if sides := coverage_of_truncated(e, 0, 2):
        left, right = sides
        yield compare(problem.name, left, ">", right, "y' off the support: C_cov(pi_f) > e^2 C_cov(pi*)/pi*(G)")


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    """A random problem, some of its differences as accepted, and an error of up to ``beta`` in each coordinate."""
    problem, p, _ = draw(problems_with_inputs())
    found = [phi for phi in differences(problem) if not phi.is_zero]
    chosen = draw(st.lists(st.sampled_from(found), max_size=4)) if found else []
    if draw(booleans()):
        errors = [fmpq(draw(integers(-4, 4)), 4) * problem.beta for _ in problem.theta]
        theta = tuple(t + error for t, error in zip(problem.theta, errors, strict=True))
    else:
        theta = tuple(draw(loglinears(1)) for _ in problem.theta)
    return Estimate(problem, p, tuple(chosen), theta)


@claim(
    "truncated-coverage",
    source="ours, constants included (FMR25 Thm 3.1 needs M = O(C_cov))",
    depends=("coverage-range",),
    every=Catalog(),
    on=(
        ONE_PROMPT,
        Check(Catalog("truncated-coverage-tight"), coverage_is_sharp),
        Check(Catalog("off-support-anchor"), support_is_needed),
        Check(Random(estimates(), 150, seed=66, name="problems, spanners, errors"), coverage_kept),
    ),
    witness=Check(Catalog("truncated-coverage-tight"), worst_errors),
    mutation=("e for e^2", Check(Catalog("truncated-coverage-tight"), partial(worst_errors, power=1))),
    trivial="none: it bounds coverage from above, and pi_ref, of coverage 1, keeps it; nearly attained",
)
def truncated_coverage(problem: LinearProblem) -> Iterator[Case]:
    r"""Truncation keeps coverage.

    Fix $x$ and $y' \in Y_x$, and let $G$ be the covered responses (so $y' \in G$). If
    $|f_t - (r^*(\cdot) - r^*(y'))| \le \beta$ on $G$, then

    $$
    \Ccov(\pi_{f_t}; x) \le \frac{e^2\, \Ccov(\pi^*; x)}{\pi^*(G \mid x)} .
    $$

    In words: If covered responses are known to within beta and most of the optimum is covered, ignoring the rest makes
    sampling harder by a constant factor only.
    Hypotheses: $y' \in Y_x$: false without (catalog `off-support-anchor`).
    Constants: $e^2$, nearly attained (catalog `truncated-coverage-tight`).
    """
    for e in estimates_off_by(problem, _SHIFTS):
        yield from coverage_kept(e)


_ONE = fmpq(1)

_Score = Callable[[int], LogLinear]


def gap_bounds(
    name: str,
    problem: LinearProblem,
    x: int,
    f: _Score,
    G: Iterable[int],
    *,
    with_coverage: bool = True,
    times: fmpq = _ONE,
    lazy: bool = False,
) -> Iterator[Case]:
    """Decide both bounds for scores ``f`` that are exact on ``G`` and 0 elsewhere; ``lazy``: for ``pi_ref``."""
    inside = set(G)
    u = problem.pi_ref(x).probability(lambda y: y not in inside)
    gap = gap_at(problem, tilted(problem, lambda _, y: ZERO if lazy else f(y)), x)
    R, most = largest_gaps(problem, x, times, u, with_coverage=with_coverage)
    yield compare(name, gap, "<=", R, "gap <= R_max")
    yield compare(name, gap, "<=", most, "gap <= R_max C u")


@lru_cache(256)
def largest_gaps(
    problem: LinearProblem, x: int, times: fmpq, u: fmpq, *, with_coverage: bool
) -> tuple[LogLinear, Number]:
    """Return both bounds; of ``G`` they know its base mass alone."""
    R = oscillation(problem, x) * times
    C = exp_ratio(coverage_at(problem, optimum(problem), x) if with_coverage else fmpq(1))
    return R, real(R) * (C * u)


def exact_on(problem: LinearProblem, x: int, anchor: int, G: frozenset[int], y: int) -> LogLinear:
    """Return ``(r(y) - r(y')) 1[y in G]``."""
    return problem.reward(x, y) - problem.reward(x, anchor) if y in G else ZERO


def gap_of_truncated(problem: LinearProblem) -> Iterator[Case]:
    """Decide it for line 12 itself, with ``theta*`` and spans of the first few differences."""
    for e in estimates_off_by(problem, _NO_SHIFTS):
        for x in range(len(problem.prompts)):
            for anchor in problem.support(x)[:_MOST_ANCHORS]:
                f, G = truncated(e.cover, e.theta, problem.phi(x, anchor)), e.within(x, anchor)
                name = f"{e}, x={x}, y'={anchor}"
                inside = frozenset(G)
                exact = all(f(problem.phi(x, y)) == exact_on(problem, x, anchor, inside, y) for y in problem.support(x))
                yield fact(name, exact, "f_t = (r - r(y')) on G, 0 elsewhere")
                yield from gap_bounds(name, problem, x, _by_response(f, problem, x), G)


def _by_response(f: Callable[[Vector], LogLinear], problem: LinearProblem, x: int) -> _Score:
    return lambda y: f(problem.phi(x, y))


def gap_of_estimate(e: Estimate) -> Iterator[Case]:
    """Decide it for all sets ``G`` of a random problem."""
    yield from truncation_gap(e.problem)


def rare_response(rare: fmpq, reward: int) -> LinearProblem:
    """Return a rare response of this base mass and reward beside a common one of reward 0; ``beta = 1``."""
    rows = [(Vector.of([0]), 1 - rare), (Vector.of([1]), rare)]
    return one_prompt(f"mass {rare}, reward {reward}", rows, [LogLinear(fmpq(reward))], fmpq(1))


def gap_is_sharp(problem: LinearProblem) -> Iterator[Case]:
    """A rare uncovered response of very low reward nearly attains the second bound, one of very high reward the first.

    Their rewards are in units of ``beta``: only where ``R_max/beta`` is large do the bounds come near.
    """
    f = partial(exact_on, problem, 0, 0, frozenset({0}))
    first, second = gap_bounds(problem.name, problem, 0, f, {0})
    low = problem.reward(0, 1) < 0
    case, share = (second, fmpq(9998, 10000)) if low else (first, fmpq(998, 1000))
    if case.left is not None and case.right is not None:
        statement = "gap >= 0.9998 R_max C u" if low else "gap >= 0.998 R_max"
        yield compare(problem.name, case.left, ">=", real(case.right) * share, statement)


def extreme_rewards() -> Iterator[LinearProblem]:
    """Yield a response of mass ``10^-6`` and reward ``-10^4 beta``, one of mass 1/1000 and reward ``10^4 beta``."""
    yield rare_response(fmpq(1, 10**6), -(10**4))
    yield rare_response(fmpq(1, 1000), 10**4)


EXTREMES = Family(
    "an uncovered response of mass 10^-6 and reward -10^4, of mass 1/1000 and reward 10^4", 2, extreme_rewards
)
RARE_TREASURE = Family("a response of mass 1/1000 and reward 6", 1, lambda: [rare_response(fmpq(1, 1000), 6)])


@claim(
    "truncation-gap",
    source="ours",
    depends=("gibbs-optimum",),
    every=Check(Catalog(), gap_of_truncated),
    on=(
        ONE_PROMPT_BOTH,
        Check(EXTREMES, gap_is_sharp),
        Check(Random(estimates(), 60, seed=67, name="problems"), gap_of_estimate),
    ),
    witness=RARE_TREASURE,
    mutation=("C_cov dropped", On(RARE_TREASURE, with_coverage=False)),
    trivial=("pi_ref is returned", On(Catalog("two-arms"), lazy=True)),
)
def truncation_gap(
    problem: LinearProblem, *, with_coverage: bool = True, times: fmpq = _ONE, lazy: bool = False
) -> Iterator[Case]:
    r"""What is not covered costs little.

    Let $f = r^*(\cdot) - r^*(y')$ on $G$ and $f = 0$ off $G$, where $y' \in G \subseteq Y_x$, and let
    $u = \piref(G^c \mid x)$. The gap of $\pi_f$ at $x$ is at most

    $$
    \Rmax \min\bigl( 1,\; \Ccov(\pi^*; x)\, u \bigr) .
    $$

    In words: Leaving rare uncovered responses alone costs their base mass times coverage, and never more than the
        range of rewards.
    Hypotheses: $y' \in Y_x$.
    Constants: 1 and 1, sharp as $\Rmax/\beta \to \infty$: 0.9998 of the second for a rare response of very low reward,
        0.998 of the first for one of very high reward.
    """
    for x in range(len(problem.prompts)):
        for anchor in problem.support(x):
            others = [y for y in problem.support(x) if y != anchor]
            for size in range(len(others) + 1):
                for chosen in combinations(others, size):
                    G = {anchor, *chosen}
                    f = partial(exact_on, problem, x, anchor, frozenset(G))
                    name = f"{problem.name}, x={x}, y'={anchor}, G={sorted(G)}"
                    knobs = {"with_coverage": with_coverage, "lazy": lazy}
                    yield from gap_bounds(name, problem, x, f, G, times=times, **knobs)
