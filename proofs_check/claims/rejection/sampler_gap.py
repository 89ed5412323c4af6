"""What SoftmaxSampler's error costs: its law as a mixture, and the gap of that."""

from collections.abc import Iterator
from itertools import combinations, product
from math import factorial, prod

from flint import fmpq

from proofs_check.claims.families import prompts, rational_coverage
from proofs_check.claims.rejection.listing import Values, estimates, shipped, weight
from proofs_check.claims.rejection.softmax_sampler import two_points
from proofs_check.ledger import Case, Catalog, Check, Family, On, claim, compare, fact
from reference.algorithms.softmax_sampling import number_of_draws
from reference.exact import ExpRatio, LogLinear, Real, exp_ratio, log, real, real_log, real_max
from reference.exact.law import Law
from reference.laws.softmax_sampling import softmax_sampler_law
from reference.model.linear import extremes
from reference.model.linear_problem import LinearProblem
from reference.model.policy import TabularPolicy, base_policy, optimum
from reference.model.tilt import Tilt
from reference.model.values import gap_at, oscillation

NOTHING = LogLinear(fmpq(0))
ENOUGH = fmpq(33, 10)
"""``N = ceil(3.3 M log(2/delta))`` suffices."""
DELTAS = (fmpq(1, 2), fmpq(1, 20))

TRUNCATED = Catalog("two-arms", "rank-deficient", "zero-base-mass")
"""Log-rational instances of one prompt, with up to three values of the reward."""


def tilted_by(problem: LinearProblem, x: int, f: Values) -> Tilt:
    """Return ``pi_f(.|x)``."""
    base = problem.pi_ref(x)
    return Tilt(base, tuple(f[y] for y in base.outcomes), problem.beta)


def gap_of_law(problem: LinearProblem, x: int, law: Law[int]) -> Real:
    """Return the gap of a law at prompt ``x``."""
    return gap_at(problem, TabularPolicy(problem, [law if z == x else problem.pi_ref(z) for z in prompts(problem)]), x)


def exact_values(problem: LinearProblem, x: int) -> Iterator[tuple[str, Values]]:
    """Yield ``f = (r - r(y')) 1_G`` for every ``y'`` and ``G``."""
    support = problem.support(x)
    for anchor in support:
        others = [y for y in support if y != anchor]
        for G in (c for size in range(len(others) + 1) for c in combinations(others, size)):
            kept = {y: problem.reward(x, y) - problem.reward(x, anchor) if y in G else NOTHING for y in support}
            yield f"y'={anchor}, G={[anchor, *G]}", kept


def any_values(problem: LinearProblem, x: int) -> Iterator[tuple[str, Values]]:
    """Yield some scores that are not the reward: it reversed, and it doubled."""
    first = problem.reward(x, problem.support(x)[0])
    for times in (-1, 2):
        yield f"f={times}r", {y: (problem.reward(x, y) - first) * times for y in problem.support(x)}


def mixture(problem: LinearProblem, x: int, f: Values, M: fmpq, N: int) -> list[tuple[fmpq, Values]]:
    """Return the parts ``min(f, t)`` with their weights, over all strings; the fallback has ``f = 0``."""
    base, parts = problem.pi_ref(x), list[tuple[fmpq, Values]]()
    for mass, z_hat in estimates(problem, x, f, N):
        accept = sum((base.mass(y) * min(weight(problem, f, y) / (z_hat * M), exp_ratio(1)) for y in f), exp_ratio(0))
        fails = (1 - accept.as_rational()) ** N
        t = log((z_hat * M).as_rational()) * problem.beta
        parts.append((mass * (1 - fails), {y: extremes([value, t])[0] for y, value in f.items()}))
        parts.append((mass * fails, dict.fromkeys(f, NOTHING)))
    return [(share, values) for share, values in parts if share != 0]


def is_a_mixture(problem: LinearProblem) -> Iterator[Case]:
    """Decide the first part for the shipped sampler, at ``N = 1, 2, 3`` and with any ``M``."""
    x = 0
    r = {y: problem.reward(x, y) for y in problem.support(x)}
    for (label, f), N, M in product((*exact_values(problem, x), *any_values(problem, x)), (1, 2, 3), (fmpq(1, 10), fmpq(2))):
        name = f"{problem.name}, {label}, M={M}, N={N}"
        law = shipped(problem, x, f, M, N).map(lambda outcome: outcome[0])
        parts = mixture(problem, x, f, M, N)
        whole = Law.mixture((share, tilted_by(problem, x, values).law()) for share, values in parts)
        yield fact(name, law == whole, "SoftmaxSampler is a mixture of pi_{min(f,t)}")
        most = tilted_by(problem, x, f).coverage()
        ratio = max(law.mass(y) / mass for y, mass in problem.pi_ref(x).items())
        yield compare(name, ratio, "<=", most, "its ratio to pi_ref <= C_cov(pi_f;x)")
        lost = gap_of_law(problem, x, law)
        apart = [extremes([values[y] - r[y] for y in r]) for _, values in parts]
        yield compare(name, lost, "<=", real_max([high - low for low, high in apart]), "gap <= max_t osc(min(f,t) - r)")
        if "G" in label:
            yield compare(name, lost, "<=", oscillation(problem, x), "f = (r - r(y')) 1_G: gap <= R_max")


def failure(problem: LinearProblem, x: int, f: Values, M: fmpq, N: int) -> fmpq:
    """Return ``e = P(Zhat < Z/2) + P(Zhat >= Z/2, all rejected)``, by the counts of the values of ``f``."""
    base = problem.pi_ref(x)
    shares: dict[LogLinear, fmpq] = {}
    for y, mass in base.items():
        shares[f[y]] = shares.get(f[y], fmpq(0)) + exp_ratio(mass).as_rational()
    w = [weight(problem, {0: value}, 0).as_rational() for value in shares]
    p, Z = list(shares.values()), sum((a * b for a, b in zip(shares.values(), w, strict=True)), fmpq(0))
    total = fmpq(0)
    for counts in compositions(N, len(w)):
        chance = factorial(N) * prod(q**n / factorial(n) for q, n in zip(p, counts, strict=True))
        z_hat = sum((n * value for n, value in zip(counts, w, strict=True)), fmpq(0)) / N
        total += chance * (1 if z_hat < Z / 2 else (1 - Z / (z_hat * M)) ** N)  # nothing is cut: accepted w.p. Z/(Zhat M)
    return total


def compositions(n: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Yield all ways to write ``n`` as an ordered sum of so many numbers from 0 on."""
    if parts == 1:
        yield (n,)
        return
    for first in range(n + 1):
        yield from ((first, *rest) for rest in compositions(n - first, parts - 1))


def rare_responses() -> Iterator[LinearProblem]:
    """Yield two responses, the rare one of weight 2, 10, 10^4."""
    yield from (two_points(2, fmpq(1, 10)), two_points(10, fmpq(1, 10)), two_points(10**4, fmpq(1, 4)))


RARE = Family("two responses, ratios 2, 10, 10^4", 3, rare_responses)


def divergence_is_not_distance(mass: int) -> Iterator[Case]:
    """A law near ``pi*`` in total variation, far in gap: why the sampler's kind of error matters."""
    problem = two_points(1, fmpq(1, 2**mass))
    law = Law.of({0: fmpq(1, 8), 1: fmpq(7, 8)})
    name = f"{problem.name}"
    yield compare(name, law.total_variation(optimum(problem).law(0)), "<=", fmpq(1, 8), "TV(law, pi*) <= 1/8")
    yield compare(name, oscillation(problem, 0), "==", 0, "R_max = 0")
    yield compare(name, gap_of_law(problem, 0, law), ">", 80, "its gap is above 80")


@claim(
    "sampler-gap",
    source="ours",
    depends=("gibbs-optimum", "softmax-sampler-tv", "truncated-coverage"),
    on=(
        TRUNCATED,
        RARE,
        Check(TRUNCATED, is_a_mixture),
        Check(Family("beta = 1, equal rewards, pi_ref(0) = 2^-1000", 1, lambda: [1000]), divergence_is_not_distance),
    ),
    witness=Catalog("two-arms"),
    mutation=("1 for 3.3 in N", On(RARE, factor=fmpq(1))),
    trivial=("draws from pi_ref are returned", On(Catalog("two-arms"), lazy=True)),
)
def sampler_gap(
    problem: LinearProblem, *, factor: fmpq = ENOUGH, deltas: tuple[fmpq, ...] = DELTAS, lazy: bool = False
) -> Iterator[Case]:
    r"""What SoftmaxSampler's error costs.

    For all $f$, $x$, $M > 0$, $N \ge 1$ the law of SoftmaxSampler is a mixture of $\pi_{\min(f,t)}$, $t \ge -\infty$. Its
    ratio to $\piref$ is at most $\Ccov(\pi_f; x)$, its gap at most $\max_t \osc_x(\min(f,t) - r^*)$, which is at most
    $\Rmax$ if $f = (r^* - r^*(y'))\ind{G}$, $y' \in G$. If $M \ge 2\Ccov(\pi_f; x)$ and $N \ge 3.3\, M \log(2/\delta)$,

    $$
    \text{gap} \le (1 - e)\, \text{gap}(\pi_f) + e\, (\Rmax + \beta \log \Ccov(\pi_f; x))
    $$

    for some $e \le \delta$; without the last logarithm for such $f$.

    Hypotheses: those in the statement; the algorithm's own $N = \lceil 4M \log(4/\delta) \rceil$ is larger.
    Constants: 3.3 and 2 in $N$, not the best; 2 in $M$.
    """
    for x in prompts(problem):
        reach = oscillation(problem, x)
        for (label, f), delta in product((*exact_values(problem, x), *any_values(problem, x)), deltas):
            target = tilted_by(problem, x, f)
            cover = exp_ratio(target.coverage()).as_rational()
            M = 2 * cover
            extra = real(0) if "G" in label else real_log(cover) * problem.beta
            aimed = gap_of_law(problem, x, target.law())
            for N in (number_of_draws(M, delta), (log(2 / delta) * (factor * M)).ceil()):
                name = f"{problem.name}, x={x}, {label}, M={M}, N={N}, delta={delta}"
                e = failure(problem, x, f, M, N)
                yield compare(name, e, "<=", delta, "e <= delta")
                law = problem.pi_ref(x) if lazy else softmax_sampler_law(problem.pi_ref(x), f.__getitem__, problem.beta, M, N)
                kept = all(law.mass(y) >= mass * (1 - e) for y, mass in target.law().items())
                yield fact(name, kept, "law >= (1-e) pi_f")
                bound = aimed * (1 - e) + (real(reach) + extra) * e
                yield compare(name, gap_of_law(problem, x, law), "<=", bound, "gap <= (1-e) gap(pi_f) + e (R_max + ..)")
