"""How far the regression of line 10 errs without noise, and the elliptic potential."""

from collections.abc import Iterator, Sequence
from itertools import product

from flint import fmpq

from proofs_check.claims.spanner_sampling.setting import (
    GRIDS,
    LOGS,
    PLAIN,
    differences,
    drawn_inputs,
    gram,
    one_prompt,
    problems_with_inputs,
    seeded_run,
)
from proofs_check.claims.spanner_sampling.two_prompts import EXPLORATIONS, explores_by_hand
from proofs_check.ledger import Case, Catalog, Check, Family, On, Random, claim, compare
from reference.algorithms.parts.cover import RidgeCover
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact import LogLinear, log, real, real_log
from reference.exact.linalg import Vector
from reference.model import LinearProblem
from reference.model.parameter_set import Theta


def ridge_errors(
    name: str, problem: LinearProblem, data: Sequence[Vector], theta: Theta, ridge: fmpq, *, share: int = 1
) -> Iterator[Case]:
    """Decide the identity, the certificate and the bound for one estimate ``theta`` fitted to ``data``."""
    sigma = gram(data, problem.dimension, ridge)
    error = [mine - truth for mine, truth in zip(theta, problem.theta, strict=True)]
    for row, truth in zip(sigma.rows, problem.theta, strict=True):
        image = row.dot_numbers(error)
        yield compare(name, image, "==", -truth * ridge, "Sigma_D (theta_t - theta*) = -lambda theta*")
    norm = sum((real(t) * t for t in problem.theta), real(0))
    for phi, missed in errors_of_estimate(problem, theta):
        u = sigma.solve(phi).scaled(ridge)
        elliptic = phi.dot(u) / share  # lambda ||phi||^2 in the norm of Sigma_D^-1
        yield compare(name, missed, "==", -u.dot_numbers(problem.theta), "<theta_t - theta*, phi> = -<theta*, u>")
        yield compare(name, u.norm_squared(), "<=", elliptic, "||u||^2 <= lambda ||phi||^2_{Sigma_D^-1}")
        bound = norm * elliptic
        yield compare(name, real(missed) ** 2, "<=", bound, "|<theta_t-theta*,phi>|^2 <= lambda ||theta*||^2 ||phi||^2")


def errors_of_estimate(problem: LinearProblem, theta: Theta) -> Iterator[tuple[Vector, LogLinear]]:
    """Yield every difference with the error ``<theta - theta*, phi>`` of an estimate on it."""
    error = [mine - truth for mine, truth in zip(theta, problem.theta, strict=True)]
    for phi in differences(problem):
        yield phi, phi.dot_numbers(error)


def ridge_in_run(member: tuple[LinearProblem, SpannerSampling, int]) -> Iterator[Case]:
    """Check every estimate of a seeded run, against the data that the transcript shows."""
    problem, p, seed = member
    if p.mode == "ridge":
        r = seeded_run(problem, p, seed)
        for t, theta in enumerate(r.policy.thetas):
            yield from ridge_errors(f"{problem.name}, seed {seed}, t={t}", problem, r.before(t), theta, p.ridge)


def ridge_on(problem: LinearProblem) -> Iterator[Case]:
    """Check two seeded runs on one instance."""
    for seed in range(2):
        p = SpannerSampling(2, 2, 2, 1, 1, ridge=fmpq(1, 3), nu=fmpq(1, 2))
        yield from ridge_in_run((problem, p, seed))


def grid_problems() -> Iterator[LinearProblem]:
    """Yield one problem of each dimension and kind of parameter, with all features of the grid."""
    for grid in GRIDS:
        for theta in (LOGS, PLAIN):
            masses = [fmpq(1, len(grid))] * len(grid)
            name = f"grid of dimension {len(grid[0])}, theta {', '.join(map(str, theta[: len(grid[0])]))}"
            yield one_prompt(name, zip(grid, masses, strict=True), theta[: len(grid[0])], fmpq(1))


def regressions() -> Iterator[tuple[LinearProblem, fmpq, tuple[Vector, ...]]]:
    """Yield the grid problems with every sequence of up to two of their differences (up to sign) as data."""
    for problem in grid_problems():
        vectors = [phi for phi in differences(problem) if not phi.is_zero]
        vectors = [phi for i, phi in enumerate(vectors) if -phi not in vectors[:i]]
        for ridge in (fmpq(1, 3), fmpq(2)):
            for size in range(3):
                for data in product(vectors, repeat=size):
                    yield problem, ridge, data


REGRESSIONS = Family("sequences of up to 2 differences in two grids", 152, regressions)


@claim(
    "ridge-error",
    source="standard (FMR25 Thm 3.1, analysis); the certificate is ours",
    every=Check(Catalog(), ridge_on),
    on=(
        REGRESSIONS,
        Check(EXPLORATIONS, explores_by_hand),
        Check(Random(problems_with_inputs(), 50, seed=62, name="problems, inputs, seeds"), ridge_in_run),
    ),
    witness=Check(Catalog("two-arms", "different-supports"), ridge_on),
    mutation=("lambda/2 for lambda", On(REGRESSIONS, share=2)),
    trivial=("the zero parameter is returned", On(REGRESSIONS, at_zero=True)),
)
def ridge_error(
    member: tuple[LinearProblem, fmpq, tuple[Vector, ...]], *, share: int = 1, at_zero: bool = False
) -> Iterator[Case]:
    r"""The error of noiseless ridge regression.

    Let $\Sigma_D = \lambda I + \sum_{\phi \in D} \phi\phi^\top$. Then
    $\theta_t - \theta^* = -\lambda \Sigma_D^{-1} \theta^*$, and for every difference $\phi$

    $$
    \inner{\theta_t - \theta^*}{\phi}^2 \le \lambda\, \norm{\theta^*}^2\, \norm{\phi}^2_{\Sigma_D^{-1}} .
    $$

    In words: What ridge regression gets wrong about a pair of responses is small where the data have looked in its
        direction.
    Hypotheses: noiseless rewards.
    Constants: 1 in front of $\lambda$, attained without data.
    """
    problem, ridge, data = member
    exact = [(phi, phi.dot_numbers(problem.theta)) for phi in data]
    theta = RidgeCover.empty(problem.dimension, ridge, fmpq(1)).least_squares([] if at_zero else exact)
    yield from ridge_errors(f"{problem.name}, {len(data)} data", problem, data, theta, ridge, share=share)


def potential_bound(
    name: str, vectors: Sequence[Vector], dimension: int, ridge: fmpq, *, constant: LogLinear | None = None
) -> Iterator[Case]:
    """Decide the claim for one sequence of vectors."""
    before = (gram(vectors[:t], dimension, ridge) for t in range(len(vectors)))
    norms = [sigma.inverse_quadratic_form(phi) for sigma, phi in zip(before, vectors, strict=True)]
    left = (constant or log(2)) * sum((min(q, fmpq(1)) for q in norms), fmpq(0))
    growth = gram(vectors, dimension, ridge).determinant() / ridge**dimension
    yield compare(name, left, "<=", real_log(growth), "log 2 sum min(1, ||phi_t||^2) <= log(det Sigma_T/det Sigma_0)")


def potential_in_run(member: tuple[LinearProblem, SpannerSampling, int]) -> Iterator[Case]:
    """Decide it for the pairs that a seeded run asked rewards for."""
    problem, p, seed = member
    data = seeded_run(problem, p, seed).data
    yield from potential_bound(f"{problem.name}, seed {seed}", data, problem.dimension, p.ridge)


def potential_on(problem: LinearProblem) -> Iterator[Case]:
    """Decide it for two seeded runs on one instance."""
    for seed in range(2):
        yield from potential_in_run((problem, drawn_inputs(3, 2, "ridge", t_exp=3), seed))


def potential_is_sharp(ridge: fmpq) -> Iterator[Case]:
    """One unit vector on a line, ``lambda = 1``: both sides are log 2."""
    sigma = gram([], 1, ridge)
    norm = sigma.inverse_quadratic_form(Vector.of([1]))
    growth = gram([Vector.of([1])], 1, ridge).determinant() / sigma.determinant()
    yield compare("d = 1, lambda = 1, phi = 1, T = 1", log(2) * min(norm, fmpq(1)), "==", real_log(growth), "attained")


def vector_sequences() -> Iterator[tuple[fmpq, tuple[Vector, ...]]]:
    """Yield all sequences of one to three vectors of two grids, for three values of lambda; the sharp one first."""
    lines = tuple(Vector.of([a]) for a in (1, fmpq(1, 2), -2))
    planes = tuple(Vector.of(v) for v in ((1, 0), (0, 1), (1, 1), (fmpq(3, 5), fmpq(-4, 5))))
    for ridge in (fmpq(1), fmpq(1, 2), fmpq(4)):
        for grid in (lines, planes):
            for size in (1, 2, 3):
                for vectors in product(grid, repeat=size):
                    yield ridge, vectors


VECTOR_SEQUENCES = Family("sequences of 1 to 3 vectors of two grids, lambda in {1/2, 1, 4}", 369, vector_sequences)


@claim(
    "elliptic-potential",
    source="standard (FMR25 Thm 3.1, analysis); constant ours",
    every=Check(Catalog(), potential_on),
    on=(
        VECTOR_SEQUENCES,
        Check(Family("lambda = 1", 1, lambda: [fmpq(1)]), potential_is_sharp),
        Check(Random(problems_with_inputs(), 60, seed=63, name="problems, inputs, seeds"), potential_in_run),
    ),
    witness=Check(Catalog("two-arms", "different-supports"), potential_on),
    mutation=("1 for log 2", On(VECTOR_SEQUENCES, constant=LogLinear(fmpq(1)))),
    trivial="none: about vectors; no algorithm is in it",
)
def elliptic_potential(member: tuple[fmpq, tuple[Vector, ...]], *, constant: LogLinear | None = None) -> Iterator[Case]:
    r"""Elliptic potential.

    If $\Sigma_{t+1} = \Sigma_t + \phi_t \phi_t^\top$ for $t < T$, then

    $$
    \log 2 \cdot \sum_{t < T} \min\bigl(1, \norm{\phi_t}^2_{\Sigma_t^{-1}}\bigr)
    \le \log \frac{\det \Sigma_T}{\det \Sigma_0} .
    $$

    In words: One cannot be surprised often: the total novelty of a sequence of directions grows with the logarithm
        only.
    Hypotheses: $\Sigma_0 = \lambda I$ with $\lambda > 0$.
    Constants: $\log 2$, sharp: $d = \lambda = \phi_0 = T = 1$.
    """
    ridge, vectors = member
    name = f"lambda = {ridge}, {', '.join(map(str, vectors))}"
    yield from potential_bound(name, vectors, len(vectors[0]), ridge, constant=constant)
