"""Best of ``n``: its exact law, with both ways to break ties, and its divergence (the law with ties is ours)."""

from collections.abc import Callable, Iterator

from flint import fmpq

from proofs_check.claims.families import SMALL, prompts
from proofs_check.ledger import Case, Catalog, Family, On, Random, claim, compare, fact
from reference.algorithms.best_of import Ties, best_of_n
from reference.exact import LogLinear, exp_ratio, log
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import World
from reference.laws.best_of import best_of_n_law
from reference.model.linear import linear_score
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prompt, Response
from reference.testing import linear_problems

_ZERO = fmpq(0)


def listed_law(problem: LinearProblem, f: Callable[[Vector], LogLinear], x: int, n: int, ties: Ties) -> Law[int]:
    """Return the exact law of what :func:`best_of_n` answers, over all its draws."""

    def drawn(choice: Choice) -> int:
        return best_of_n(World(problem, choice).oracles, f, x, n, ties=ties)[0]

    return law_of(drawn)


def order_statistics(problem: LinearProblem, x: int, n: int) -> tuple[Law[int], Law[int]]:
    """Return both laws from what is up to a response and what is below it; the first breaks ties by index."""
    base, r = problem.pi_ref(x), problem.rewards(x)

    def mass(event: Callable[[int], bool]) -> fmpq:
        return exp_ratio(base.probability(event)).as_rational()

    by_index, by_draw = {}, {}
    for y, own in base.items():
        below, level = mass(lambda z, y=y: r[z] < r[y]), mass(lambda z, y=y: r[z] == r[y])  # type: ignore[misc]  # y is bound as a default
        under = below + mass(lambda z, y=y: r[z] == r[y] and z > y)  # type: ignore[misc]  # the same
        by_index[y] = (under + exp_ratio(own)) ** n - under**n
        by_draw[y] = exp_ratio(own) / level * ((below + level) ** n - below**n)
    return Law.of(by_index), Law.of(by_draw)


def uniform(count: int) -> LinearProblem:
    """Return the instance with ``count`` equally likely responses of distinct rewards."""
    rows = [Response.of(f"y{j}", fmpq(1, count), [fmpq(j, count)]) for j in range(count)]
    return LinearProblem.of(f"{count} equal masses", [Prompt.of("x", rows)], theta=[1], beta=1, B=1, R_max=1)


NEARLY = Family("64 equal masses", 1, lambda: [uniform(64)])


@claim(
    "best-of-n",
    source="ours: ties, strictness; distinct values: Beirami et al. 2024, arXiv 2401.01879",
    every=Catalog(),
    on=(
        On(SMALL, draws=(2,)),
        On(NEARLY, draws=(2,), within=fmpq(1, 1000)),
        Random(linear_problems(), 20, seed=83, name="problems"),
    ),
    witness=Catalog("two-arms", "smollm2-two-plus-two"),
    mutation=("log n - (n-1)/n - 1/1000", On(NEARLY, draws=(2,), less=fmpq(1, 1000))),
    trivial=("one draw from pi_ref in place of the best of n", On(Catalog("two-arms"), lazy=True)),
)
def best_of_n_exact(
    problem: LinearProblem,
    *,
    draws: tuple[int, ...] = (1, 2, 5),
    less: fmpq = _ZERO,
    within: fmpq | None = None,
    lazy: bool = False,
) -> Iterator[Case]:
    r"""The best of $n$ draws has a law in closed form, and stays close to the base model.

    Let $F(y)$ be the base mass of the responses up to $y$ in the order by reward, the smaller index on top among equal
    rewards. The best of $n$ draws is $y$ with probability $F(y)^n - F(y-)^n$. Its ratio to $\piref$ is at most $n$, and

    $$
    \KL(\pi_n \,\|\, \piref) \le \log n - \frac{n-1}{n}, \quad\text{strictly for } n \ge 2 .
    $$

    If the first of equal draws wins, $\pi_n$ is $\piref$ within each value; another law where values repeat.

    In words: Taking the best of n draws moves a policy away from the base model by less than log n, whatever the
        rewards.
    Hypotheses: $n \ge 1$.
    Constants: 1 and $(n-1)/n$, nearly attained by 64 equal masses.
    """
    score = linear_score(problem.theta)
    for x in prompts(problem):
        base, rewards = problem.pi_ref(x), problem.rewards(x)
        distinct = len({rewards[y] for y in base.outcomes}) == len(base.outcomes)
        for n in draws:
            name = f"{problem.name}, x={problem.prompts[x].name}, n={n}"
            by_index, by_draw = order_statistics(problem, x, n)
            asked = 1 if lazy else n
            yield fact(name, listed_law(problem, score, x, asked, "index") == by_index, "best_of_n has the law of F^n")
            first = listed_law(problem, score, x, asked, "first")
            yield fact(name, first == by_draw, "ties to the first draw: pi_ref within each value")
            yield fact(name, (first == by_index) == (distinct or n == 1), "another law where values repeat, n >= 2")
            closed = (
                best_of_n_law(base, rewards.__getitem__, n),
                best_of_n_law(base, rewards.__getitem__, n, ties="first"),
            )
            yield fact(name, closed == (by_index, by_draw), "best_of_n_law says the same")
            ratio = max(exp_ratio(by_index.mass(y)) / mass for y, mass in base.items())
            yield compare(name, ratio, "<" if n > 1 else "==", n, "the ratio to pi_ref is at most n")
            divergence, most = by_index.kl(base), log(n) - fmpq(n - 1, n)
            yield compare(
                name, divergence, "<" if n > 1 else "==", most - less, "KL < log n - (n-1)/n, equal for n = 1"
            )
            yield compare(name, by_draw.kl(base), "<=", divergence, "ties to the first draw: no larger KL")
            if within is not None:
                yield compare(name, divergence, ">=", most - within, f"KL >= log n - (n-1)/n - {within}")
