"""What phase 2 learns in ridge mode: errors on the pairs that it asks for add up to a logarithm."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from flint import fmpq

from proofs_check.claims.spanner_sampling.setting import (
    covered_by,
    gram,
    one_prompt,
    problems_with_inputs,
    seeded_run,
)
from proofs_check.ledger import Case, Catalog, Check, Family, On, Random, claim, compare
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact import LogLinear, log, real, real_log, real_sum
from reference.exact.linalg import Vector
from reference.model import LinearProblem

_RIDGE = LARGEST_NU = fmpq(1)
SEEDS = 2
"""So many seeded runs are looked at."""


def explored(
    problem: LinearProblem, p: SpannerSampling, seed: int, *, base: int = 2, relation: str = "<=", idle: bool = False
) -> Iterator[Case]:
    """Decide the claim for one seeded run; ``idle``: with the zero parameter in place of every estimate."""
    r = seeded_run(problem, p, seed)
    psi = r.before(0)
    covered = covered_by(psi, problem.dimension, p)
    squares = []
    for phi, theta in zip(r.data[len(psi) :], r.policy.thetas, strict=True):
        missed = [(a * 0 if idle else a) - b for a, b in zip(theta, problem.theta, strict=True)]
        error = real(phi.dot_numbers(missed) if covered(phi) else 0)
        squares.append(error * error)
    growth = (
        gram(r.data, problem.dimension, p.ridge).determinant() / gram(psi, problem.dimension, p.ridge).determinant()
    )
    norm = real_sum(real(t) * t for t in problem.theta)
    name = f"{problem.name}, lambda={p.ridge}, nu={p.nu}, T_exp={p.t_exp}, seed {seed}, {len(psi)} accepted"
    statement = (
        f"log {base} sum_t <theta_t - theta*, phi_t>^2 {relation} lambda |theta*|^2 log(det Sigma_(T+1)/det Sigma_1)"
    )
    yield compare(name, log(base) * real_sum(squares), relation, norm * p.ridge * real_log(growth), statement)


def explored_in(member: tuple[LinearProblem, SpannerSampling, int]) -> Iterator[Case]:
    """Decide it for a seeded run of a random problem, with ``nu <= 1``."""
    problem, p, seed = member
    yield from explored(problem, replace(p, mode="ridge", t_exp=2 * p.t_exp), seed)


def one_arm() -> LinearProblem:
    """Return a fair arm of reward 1 beside one of reward 0, ``beta = 1``."""
    rows = [(Vector.of([0]), fmpq(1, 2)), (Vector.of([1]), fmpq(1, 2))]
    return one_prompt("a fair arm of reward 1", rows, [LogLinear(fmpq(1))], fmpq(1))


def errors_by_hand(problem: LinearProblem) -> Iterator[Case]:
    """One arm, ``lambda = nu = 1``: the ``k``-th pair of two arms is off by ``1/k``, the first attains the bound."""
    for t_exp, seed in product((1, 16), range(4)):
        p = SpannerSampling(1, 1, t_exp, 1, 1, ridge=1, nu=1)
        data, thetas = (r := seeded_run(problem, p, seed)).data, r.policy.thetas
        errors = [phi.dot_numbers([theta[0] - problem.theta[0]]) for phi, theta in zip(data, thetas, strict=True)]
        total = real_sum(real(error) * error for error in errors)
        n = sum(1 for phi in data if not phi.is_zero)
        name = f"{problem.name}, T_exp={t_exp}, seed {seed}, {n} pairs of two arms"
        by_hand = sum((fmpq(1, k * k) for k in range(1, n + 1)), fmpq(0))
        yield compare(name, total, "==", by_hand, "sum_t <theta_t - theta*, phi_t>^2 = 1 + 1/4 + .. + 1/n^2")
        if n == 1:
            yield from explored(problem, p, seed, relation="==")


ARM = Family("a fair arm of reward 1, beta = 1", 1, lambda: [one_arm()])


@claim(
    "ridge-exploration",
    source="ours (FMR25 Thm 3.1, analysis)",
    depends=("ridge-error", "elliptic-potential"),
    every=On(Catalog(), rounds=3),
    on=(
        Check(ARM, errors_by_hand),
        On(ARM, rounds=24),
        Check(Random(problems_with_inputs(), 40, seed=75, name="problems, inputs, seeds"), explored_in),
    ),
    witness=ARM,
    mutation=("nu = 10 for nu <= 1: 15 times the bound", On(ARM, ridge=fmpq(1, 100), nu=fmpq(10), rounds=1)),
    trivial=("the zero parameter is returned", On(ARM, rounds=24, idle=True)),
)
def ridge_exploration(
    problem: LinearProblem,
    *,
    ridge: fmpq = _RIDGE,
    nu: fmpq = LARGEST_NU,
    rounds: int = 6,
    base: int = 2,
    idle: bool = False,
) -> Iterator[Case]:
    r"""What phase 2 asks for, it learns.

    In every run in ridge mode let $\phi_t$ be the difference that round $t$ asks rewards for, and
    $\Sigma_t = \lambda I + \sum_{\phi \in D} \phi\phi^\top$ with the data $D$ of line 10. Then

    $$
    \sum_{t \le \Texp} \inner{\theta_t - \theta^*}{\phi_t}^2 \ind{\phi_t \text{ covered}}
    \le \frac{\lambda B^2}{\log 2} \log \frac{\det \Sigma_{\Texp+1}}{\det \Sigma_1} .
    $$

    In words: Each round of phase 2 asks where it is unsure, so its errors add up to a logarithm.
    Hypotheses: noiseless rewards, $\nu \le 1$: false without, 15 times for $d = B = 1$, $\lambda = 1/100$, $\nu = 10$.
    Constants: $\log 2$, sharp: attained for $d = \lambda = \nu = B = \Texp = 1$.
    Caveats: without noise only $\lambda > 0$ gives phase 2 something to learn: in span mode every term is 0.
    """
    for seed in range(SEEDS):
        yield from explored(
            problem, SpannerSampling(2, 1, rounds, 1, 1, ridge=ridge, nu=nu), seed, base=base, idle=idle
        )
