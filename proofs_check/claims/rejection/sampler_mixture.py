"""What SoftmaxSampler returns for any ``M`` and ``N``: a mixture of softmax laws of ``f`` cut from above (ours)."""

from collections.abc import Iterator
from itertools import combinations, product

from flint import fmpq

from proofs_check.claims.families import prompts
from proofs_check.claims.rejection.listing import Values, normalisers, shipped, weight
from proofs_check.ledger import Case, Catalog, On, claim, compare, fact
from reference.exact import LogLinear, Real, exp_ratio, log, real_max
from reference.exact.law import Law
from reference.model.linear import extremes
from reference.model.linear_problem import LinearProblem
from reference.model.policy import TabularPolicy
from reference.model.tilt import Tilt
from reference.model.values import gap_at, oscillation

NOTHING = LogLinear(fmpq(0))
_ONE = fmpq(1)

LOG_RATIONAL_INSTANCES = Catalog("two-arms", "rank-deficient", "zero-base-mass")
"""Log-rational instances of one prompt, with up to three values of the reward."""


def tilted_by(problem: LinearProblem, x: int, f: Values) -> Tilt:
    """Return ``pi_f(.|x)``."""
    base = problem.pi_ref(x)
    return Tilt(base, tuple(f[y] for y in base.outcomes), problem.beta)


def gap_of_law(problem: LinearProblem, x: int, law: Law[int]) -> Real:
    """Return the gap of a law at prompt ``x``."""
    rows = [law if z == x else problem.pi_ref(z) for z in prompts(problem)]
    return gap_at(problem, TabularPolicy(problem, rows), x)


def exact_values(problem: LinearProblem, x: int) -> Iterator[tuple[str, Values]]:
    """Yield ``f = (r - r(y')) 1_G`` for every ``y'`` and ``G``."""
    support = problem.support(x)
    for anchor in support:
        others = [y for y in support if y != anchor]
        for G in (c for size in range(len(others) + 1) for c in combinations(others, size)):
            kept = {y: problem.reward(x, y) - problem.reward(x, anchor) if y in G else NOTHING for y in support}
            yield f"y'={anchor}, G={[anchor, *G]}", kept


def other_values(problem: LinearProblem, x: int) -> Iterator[tuple[str, Values]]:
    """Yield scores that are not the reward: it reversed, and it doubled."""
    first = problem.reward(x, problem.support(x)[0])
    for times in (-1, 2):
        yield f"f={times}r", {y: (problem.reward(x, y) - first) * times for y in problem.support(x)}


def parts_of(problem: LinearProblem, x: int, f: Values, M: fmpq, N: int) -> list[tuple[fmpq, Values]]:
    """Return the parts ``min(f, t)`` with their weights, over all strings of draws; the fallback has ``f = 0``."""
    base, parts = problem.pi_ref(x), list[tuple[fmpq, Values]]()
    for mass, z_hat in normalisers(problem, x, f, N):
        accept = sum((base.mass(y) * min(weight(problem, f, y) / (z_hat * M), exp_ratio(1)) for y in f), exp_ratio(0))
        fails = (1 - accept.as_rational()) ** N
        t = log((z_hat * M).as_rational()) * problem.beta
        parts.append((mass * (1 - fails), {y: extremes([value, t])[0] for y, value in f.items()}))
        parts.append((mass * fails, dict.fromkeys(f, NOTHING)))
    return [(share, values) for share, values in parts if share != 0]


@claim(
    "sampler-mixture",
    source="ours",
    depends=("gibbs-optimum",),
    on=(LOG_RATIONAL_INSTANCES, On(Catalog("two-arms"), draws=(3,))),
    witness=Catalog("two-arms"),
    mutation=("osc(f - r): as if nothing was cut", On(Catalog("two-arms"), cut=False)),
    trivial=("draws from pi_ref are returned", On(Catalog("two-arms"), lazy=True)),
)
def sampler_mixture(
    problem: LinearProblem,
    *,
    draws: tuple[int, ...] = (1, 2),
    bounds: tuple[fmpq, ...] = (fmpq(1, 10), fmpq(2)),
    times: fmpq = _ONE,
    cut: bool = True,
    lazy: bool = False,
) -> Iterator[Case]:
    r"""SoftmaxSampler never does worse than a softmax of scores cut from above.

    For all $f$, $x$, $M > 0$, $N \ge 1$ the law of SoftmaxSampler is a mixture of $\pi_{\min(f,t)}(\cdot \mid x)$ over
    $t = \beta \log(\hat Z M)$ and $t = -\infty$, which is $\piref$. Its ratio to $\piref$ is at most
    $\Ccov(\pi_f; x)$. Its gap at $x$ is at most $\max_t \osc_x(\min(f,t) - r^*)$; if
    $f = (r^* - r^*(y'))\ind{G}$ with $y' \in G$, that is at most $\Rmax$.

    In words: Where SoftmaxSampler errs, it errs only by holding high scores down.
    Hypotheses: none on $M$ and $N$.
    Constants: 1 and 1.
    """
    for x in prompts(problem):
        r = {y: problem.reward(x, y) for y in problem.support(x)}
        reach = oscillation(problem, x)
        for (label, f), N, M in product((*exact_values(problem, x), *other_values(problem, x)), draws, bounds):
            name = f"{problem.name}, x={x}, {label}, M={M}, N={N}"
            law = problem.pi_ref(x) if lazy else shipped(problem, x, f, M, N).map(lambda outcome: outcome[0])
            parts = parts_of(problem, x, f, M, N)
            whole = Law.mixture((share, tilted_by(problem, x, values).law()) for share, values in parts)
            yield fact(name, law == whole, "SoftmaxSampler is a mixture of pi_{min(f,t)}")
            ratio = max(exp_ratio(law.mass(y)) / mass for y, mass in problem.pi_ref(x).items())
            most = exp_ratio(tilted_by(problem, x, f).coverage()) * times
            yield compare(name, ratio, "<=", most, "its ratio to pi_ref <= C_cov(pi_f;x)")
            lost, spans = gap_of_law(problem, x, law), []
            for _, values in parts if cut else [(fmpq(1), f)]:
                low, high = extremes([values[y] - r[y] for y in r])
                spans.append(high - low)
            yield compare(name, lost, "<=", real_max(spans) * times, "gap <= max_t osc(min(f,t) - r)")
            if "G" in label:
                yield compare(
                    name, real_max(spans), "<=", reach * times, "f = (r - r(y')) 1_G: osc(min(f,t) - r) <= R_max"
                )
