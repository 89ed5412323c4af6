"""What SoftmaxSampler's error costs where ``M`` and ``N`` suffice (ours)."""

from collections.abc import Iterator
from functools import partial
from itertools import product
from math import comb

from flint import arb, fmpq

from proofs_check.claims.families import prompts
from proofs_check.claims.rejection.listing import Values, normalisers, shipped, weight
from proofs_check.claims.rejection.sampler_mixture import (
    LOG_RATIONAL_INSTANCES,
    exact_values,
    gap_of_law,
    other_values,
    tilted_by,
)
from proofs_check.claims.rejection.softmax_sampler import two_points
from proofs_check.ledger import Case, Catalog, Check, Family, On, agree, claim, compare, fact
from reference.algorithms.softmax_sampling import number_of_draws
from reference.exact import ExpRatio, Real, exp_ratio, log, real, real_log
from reference.exact.law import Law
from reference.exact.precision import workprec
from reference.exact.reals import enclosed
from reference.laws.returned import gap_of_masses
from reference.laws.softmax_sampling import softmax_sampler_masses
from reference.model.linear_problem import LinearProblem
from reference.model.policy import optimum
from reference.model.values import oscillation

THREE_POINT_THREE = fmpq(33, 10)
"""``N = ceil(3.3 M log(2/delta))`` suffices."""


def failure(problem: LinearProblem, x: int, f: Values, M: fmpq, N: int) -> Real:
    """Return ``e = P(Zhat < Z/2) + P(Zhat >= Z/2, all rejected)``, by how often each value of ``f`` is drawn."""
    shares: dict[fmpq, fmpq] = {}
    for y, mass in problem.pi_ref(x).items():
        w = weight(problem, f, y).as_rational()
        shares[w] = shares.get(w, fmpq(0)) + exp_ratio(mass).as_rational()
    return enclosed(_failure, tuple(shares.items()), M, N)


def _failure(prec: int, shares: tuple[tuple[fmpq, fmpq], ...], M: fmpq, N: int) -> arb:
    Z = sum((w * share for w, share in shares), fmpq(0))
    with workprec(prec + 64):
        total = arb(0)
        for chance, summed in _sums(shares, N):
            # Nothing is cut where Zhat >= Z/2: a trial accepts with probability Z/(Zhat M).
            total += chance if summed < Z * N / 2 else chance * arb(1 - Z * N / (summed * M)) ** N
        return total


def _sums(shares: tuple[tuple[fmpq, fmpq], ...], N: int) -> Iterator[tuple[arb, fmpq]]:
    """Yield the sum of ``N`` weights with its probability, count by count; the shares need not add up to 1."""
    (w, share), rest = shares[0], shares[1:]
    if not rest:
        yield arb(share) ** N, w * N
        return
    for n in range(N + 1):
        for chance, summed in _sums(rest, N - n):
            yield chance * comb(N, n) * arb(share) ** n, summed + w * n


def decomposed(problem: LinearProblem, *, draws: tuple[int, ...] = (1, 2, 3)) -> Iterator[Case]:
    """Decide ``law = (1-e) pi_f + e nu`` for the shipped sampler, with ``e`` and ``nu`` by all strings of draws."""
    x = 0
    for (label, f), N in product((*exact_values(problem, x), *other_values(problem, x)), draws):
        target = tilted_by(problem, x, f)
        M = 2 * exp_ratio(target.coverage()).as_rational()
        e, rest = by_strings_apart(problem, x, f, M, N)
        name = f"{problem.name}, {label}, M={M}, N={N}"
        yield agree(name, failure(problem, x, f, M, N), e, "e, by counts and by strings")
        law = shipped(problem, x, f, M, N).map(lambda outcome: outcome[0])
        split = Law.of((y, mass * (1 - e) + rest[y]) for y, mass in target.law().items())
        yield fact(name, law == split, "SoftmaxSampler = (1-e) pi_f + e nu")


def by_strings_apart(
    problem: LinearProblem, x: int, f: Values, M: fmpq, N: int
) -> tuple[ExpRatio, dict[int, ExpRatio]]:
    """Return ``e`` and ``e nu`` over all strings of ``N`` draws, line by line."""
    base = {y: exp_ratio(mass) for y, mass in problem.pi_ref(x).items()}
    Z = sum((mass * weight(problem, f, y) for y, mass in base.items()), exp_ratio(0))
    e, rest = exp_ratio(0), dict.fromkeys(base, exp_ratio(0))
    for chance, z_hat in normalisers(problem, x, f, N):
        taken = {y: mass * min(weight(problem, f, y) / (z_hat * M), exp_ratio(1)) for y, mass in base.items()}
        once = sum(taken.values(), exp_ratio(0))
        rejected, low = (1 - once) ** N, z_hat < Z / 2
        e += chance if low else rejected * chance
        for y, mass in base.items():
            accepted = taken[y] / once * (1 - rejected) if low else 0
            rest[y] += (mass * rejected + accepted) * chance
    return e, rest


def far_in_gap(mass: fmpq) -> Iterator[Case]:
    """A law within 1/8 of ``pi*``, with a gap that no function of that distance and ``R_max = 0`` bounds."""
    problem = two_points(1, mass)
    law = Law.of({0: fmpq(1, 8), 1: fmpq(7, 8)})
    yield compare(problem.name, law.total_variation(optimum(problem).law(0)), "<=", fmpq(1, 8), "TV(law, pi*) <= 1/8")
    yield compare(problem.name, oscillation(problem, 0), "==", 0, "R_max = 0")
    yield compare(problem.name, gap_of_law(problem, 0, law), ">", 80, "gap > 80")


def far_apart() -> Iterator[LinearProblem]:
    """Yield two responses, the heavier 2, 10 and 10^4 times as heavy."""
    yield from (two_points(2, fmpq(1, 10)), two_points(10, fmpq(1, 10)), two_points(10**4, fmpq(1, 4)))


RATIOS = Family("two responses, ratios 2, 10, 10^4", 3, far_apart)


@claim(
    "sampler-gap",
    source="ours",
    depends=("gibbs-optimum", "sampler-mixture", "softmax-sampler-tv"),
    on=(
        LOG_RATIONAL_INSTANCES,
        On(RATIOS, deltas=(fmpq(1), fmpq(1, 20))),
        Check(Catalog("two-arms", "zero-base-mass"), decomposed),
        Check(Catalog("rank-deficient"), partial(decomposed, draws=(2,))),
        Check(Family("equal rewards, pi_ref(0) = 2^-1000", 1, lambda: [fmpq(1, 2**1000)]), far_in_gap),
    ),
    witness=Catalog("two-arms"),
    mutation=("1 for 3.3 in N", On(RATIOS, factor=fmpq(1))),
    trivial=("draws from pi_ref are returned", On(Catalog("two-arms"), lazy=True)),
)
def sampler_gap(
    problem: LinearProblem,
    *,
    factor: fmpq = THREE_POINT_THREE,
    times: int = 2,
    deltas: tuple[fmpq, ...] = (fmpq(1, 4),),
    lazy: bool = False,
) -> Iterator[Case]:
    r"""What SoftmaxSampler's error costs in gap.

    If $M \ge 2\Ccov(\pi_f; x)$ and $N \ge 3.3\, M \log(2/\delta)$, the law of SoftmaxSampler is
    $(1-e)\, \pi_f + e\, \nu$ with $e \le \delta$ and a mixture $\nu$ of $\pi_{\min(f,t)}$, $t \ge -\infty$. At $x$

    $$
    \text{gap} \le (1 - e)\, \text{gap}(\pi_f) + e\, (\Rmax + \beta \log \Ccov(\pi_f; x)) ,
    $$

    without the logarithm if $f = (r^* - r^*(y'))\ind{G}$, $y' \in G$.

    In words: The sampler's small chance of failure costs at most that chance times the range of rewards plus beta times
    the logarithm of coverage.
    Hypotheses: those in the statement; the algorithm's own $N = \lceil 4M \log(4/\delta) \rceil$ is larger.
    Constants: 3.3 and 2 in $N$, with slack; 2 in $M$.
    Caveats: total variation alone bounds no gap: checked on an instance with $\Rmax = 0$ and gap above 80.
    """
    for x in prompts(problem):
        base, reach = problem.pi_ref(x), real(oscillation(problem, x))
        for (label, f), delta in product((*exact_values(problem, x), *other_values(problem, x)), deltas):
            target = tilted_by(problem, x, f)
            cover = exp_ratio(target.coverage()).as_rational()
            M = times * cover
            aimed, extra = (
                gap_of_law(problem, x, target.law()),
                real(0) if "G" in label else real_log(cover) * problem.beta,
            )
            for N in (number_of_draws(M, delta), max((log(2 / delta) * (factor * M)).ceil(), 1)):
                name = f"{problem.name}, x={x}, {label}, M={M}, N={N}, delta={delta}"
                e = failure(problem, x, f, M, N)
                yield compare(name, e, "<=", delta, "e <= delta")
                if cover == 1:  # pi_f = pi_ref, and so is whatever is sampled
                    continue
                masses = {y: real(mass) for y, mass in base.items()}
                if not lazy:
                    masses = softmax_sampler_masses(base, f.__getitem__, problem.beta, M, N)
                for y, mass in target.law().items():
                    yield compare(f"{name}, y={y}", masses[y], ">=", (1 - e) * mass, "law >= (1-e) pi_f")
                bound = aimed * (1 - e) + (reach + extra) * e
                lost = gap_of_masses(problem, x, masses)
                yield compare(name, lost, "<=", bound, "gap <= (1-e) gap(pi_f) + e (R_max + ..)")
