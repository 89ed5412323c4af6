"""Section 6, linear algebra: how large the spanner gets, how far the regression errs, the elliptic potential."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import product

from flint import fmpq

from proofs_check.claims.spanner_sampling.section6_setting import (
    GRIDS,
    LOGS,
    MODES,
    PLAIN,
    SMALL,
    SMALL_NAMES,
    accepted,
    differences,
    errors,
    gram,
    one_prompt,
    parameters,
    rank,
    run,
    settings,
    spanners,
)
from proofs_check.ledger import Case, Catalog, Check, Claim, Family, Mutation, Random, compare, fact
from reference.algorithms.mtss import MTSS
from reference.algorithms.parts.cover import RidgeCover
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact import LogLinear, RationalLike, log, rational, real, real_log
from reference.exact.linalg import Vector
from reference.model import LinearProblem
from reference.model.parameter_set import Theta

# ------------------------------------------------------------------------------------------------ spanner-size


def size_bounds(
    name: str,
    vectors: Sequence[Vector],
    p: SpannerSampling | MTSS,
    dimension: int,
    most: int,
    *,
    squared: RationalLike = 4,
) -> Iterator[Case]:
    """Decide the claim for the differences that one run of phase 1 accepted; ``most`` is the rank of all of them.

    ``squared``: the largest ``||phi||_2^2`` of a difference; 4 for features in the unit ball.
    """
    n = len(vectors)
    if p.mode == "span":
        yield compare(name, n, "<=", most, "n <= rank")
        yield compare(name, rank(vectors, dimension), "==", n, "the accepted differences are independent")
        return
    growth = gram(vectors, dimension, p.ridge).determinant() / p.ridge**dimension
    yield compare(name, (1 + p.nu**2) ** n, "<=", growth, "(1+nu^2)^n <= det(Sigma)/lambda^d")
    bound = (1 + rational(squared) * n / (p.ridge * dimension)) ** dimension
    yield compare(name, growth, "<=", bound, f"det(Sigma)/lambda^d <= (1 + {squared}n/(lambda d))^d")


def size_in_law(problem: LinearProblem, *, n_prompt: int = 3, squared: int = 4) -> Iterator[Case]:
    """Decide it for every outcome of phase 1."""
    for mode in MODES:
        p = parameters(n_prompt, 1, mode)
        sets = {tuple(sorted(accepted(s), key=str)) for s in spanners(problem, p).outcomes}
        most = rank(differences(problem), problem.dimension)
        for vectors in sorted(sets, key=str):
            yield from size_bounds(f"{problem.name}, {mode}", vectors, p, problem.dimension, most, squared=squared)


def size_in_run(member: tuple[LinearProblem, SpannerSampling, int]) -> Iterator[Case]:
    """Decide it for one seeded run, and that phase 1 asked for the rewards of these pairs and no others."""
    problem, p, seed = member
    r = run(problem, p, seed)
    vectors = tuple(phi for phi, _ in r.policy.psi)
    most = rank(differences(problem), problem.dimension)
    yield from size_bounds(f"{problem.name}, {p.mode}, seed {seed}", vectors, p, problem.dimension, most)
    yield fact(problem.name, vectors == r.before(0), "Psi is what phase 1 asked rewards for")


def size_on(problem: LinearProblem) -> Iterator[Case]:
    """Decide it for one seeded run in each mode on one instance."""
    for mode in MODES:
        yield from size_in_run((problem, parameters(12, 2, mode), 1))


def size_is_sharp(problem: LinearProblem) -> Iterator[Case]:
    """Antipodal unit features on a line: the upper bound is attained after every number of acceptances."""
    for n_prompt in range(1, 5):
        p = SpannerSampling(n_prompt, 2, 1, 1, 1, ridge=2, nu=fmpq(1, 4))
        largest = max((accepted(s) for s in spanners(problem, p).outcomes), key=len)
        growth = gram(largest, 1, p.ridge).determinant() / p.ridge
        note = f"attained: n = {len(largest)}"
        yield compare(problem.name, growth, "==", 1 + 4 * n_prompt / p.ridge, "det(Sigma) = 1 + 4n/lambda", note=note)


SPANNER_SIZE = Claim(
    id="spanner-size",
    section=6,
    title="Phase 1 accepts few pairs",
    statement="After n acceptances (1+nu^2)^n <= det(Sigma)/lambda^d <= (1 + 4n/(lambda d))^d; in span mode n <= rank.",
    source="FMR25 Thm 3.1 (analysis of the spanner); constants ours",
    hypotheses="||phi(x,y)||_2 <= 1, so differences have norm at most 2",
    constants="4 = 2^2; attained for d = 1 and antipodal unit features",
    checks=(
        Check(Catalog(), size_on),
        Check(Catalog(*SMALL_NAMES), size_in_law),
        Check(SMALL, partial(size_in_law, n_prompt=2)),
        Check(Catalog("antipodal"), size_is_sharp),
        Check(Random(settings(), 60, seed=61, name="problems, inputs, seeds"), size_in_run),
    ),
    witness=Check(Catalog("antipodal", "two-arms-mixed"), size_in_law),
    mutation=Mutation(
        "2n for 4n, as if differences had norm at most sqrt(2)", Catalog("antipodal"), partial(size_in_law, squared=2)
    ),
)

# ------------------------------------------------------------------------------------------------- ridge-error


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
    for phi, missed in errors(problem, theta):
        u = sigma.solve(phi).scaled(ridge)
        elliptic = phi.dot(u) / share  # lambda ||phi||^2 in the norm of Sigma_D^-1
        yield compare(name, missed, "==", -u.dot_numbers(problem.theta), "<theta_t - theta*, phi> = -<theta*, u>")
        yield compare(name, u.norm_squared(), "<=", elliptic, "||u||^2 <= lambda ||phi||^2_{Sigma_D^-1}")
        bound = norm * elliptic
        yield compare(name, real(missed) ** 2, "<=", bound, "|<theta_t-theta*,phi>|^2 <= lambda ||theta*||^2 ||phi||^2")


def ridge_in_fit(member: tuple[LinearProblem, fmpq, tuple[Vector, ...]], *, share: int = 1) -> Iterator[Case]:
    """Fit noiseless data by line 10 of the algorithm."""
    problem, ridge, data = member
    exact = [(phi, phi.dot_numbers(problem.theta)) for phi in data]
    theta = RidgeCover.empty(problem.dimension, ridge, fmpq(1)).least_squares(exact)
    yield from ridge_errors(f"{problem.name}, {len(data)} data", problem, data, theta, ridge, share=share)


def ridge_in_run(member: tuple[LinearProblem, SpannerSampling, int]) -> Iterator[Case]:
    """Check every estimate of a seeded run, against the data that the transcript shows."""
    problem, p, seed = member
    if p.mode == "ridge":
        r = run(problem, p, seed)
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

RIDGE_ERROR = Claim(
    id="ridge-error",
    section=6,
    title="The error of noiseless ridge regression",
    statement="theta_t - theta* = -lambda Sigma_D^-1 theta*, so |<theta_t-theta*,phi>|^2 <= lambda ||theta*||^2 "
    "||phi||^2_{Sigma_D^-1} for every difference phi.",
    source="standard (FMR25 Thm 3.1, analysis); the certificate u = lambda Sigma_D^-1 phi is ours",
    hypotheses="noiseless rewards",
    constants="1 in front of lambda, attained without data",
    checks=(
        Check(REGRESSIONS, ridge_in_fit),
        Check(Catalog(), ridge_on),
        Check(Random(settings(), 50, seed=62, name="problems, inputs, seeds"), ridge_in_run),
    ),
    witness=Check(Catalog("two-arms", "different-supports"), ridge_on),
    mutation=Mutation("lambda/2 for lambda", REGRESSIONS, partial(ridge_in_fit, share=2)),
)

# ------------------------------------------------------------------------------------------- elliptic-potential


def potential(
    name: str, vectors: Sequence[Vector], dimension: int, ridge: fmpq, *, constant: LogLinear | None = None
) -> Iterator[Case]:
    """Decide the claim for one sequence of vectors."""
    before = (gram(vectors[:t], dimension, ridge) for t in range(len(vectors)))
    norms = [sigma.inverse_quadratic_form(phi) for sigma, phi in zip(before, vectors, strict=True)]
    left = (constant or log(2)) * sum((min(q, fmpq(1)) for q in norms), fmpq(0))
    growth = gram(vectors, dimension, ridge).determinant() / ridge**dimension
    yield compare(name, left, "<=", real_log(growth), "log 2 sum min(1, ||phi_t||^2) <= log(det Sigma_T/det Sigma_0)")


def potential_of(member: tuple[fmpq, tuple[Vector, ...]], *, constant: LogLinear | None = None) -> Iterator[Case]:
    """Decide it for one sequence of at least one vector."""
    ridge, vectors = member
    name = f"lambda = {ridge}, {', '.join(map(str, vectors))}"
    yield from potential(name, vectors, len(vectors[0]), ridge, constant=constant)


def potential_in_run(member: tuple[LinearProblem, SpannerSampling, int]) -> Iterator[Case]:
    """Decide it for the pairs that a seeded run asked rewards for."""
    problem, p, seed = member
    yield from potential(f"{problem.name}, seed {seed}", run(problem, p, seed).data, problem.dimension, p.ridge)


def potential_on(problem: LinearProblem) -> Iterator[Case]:
    """Decide it for two seeded runs on one instance."""
    for seed in range(2):
        yield from potential_in_run((problem, parameters(3, 2, "ridge", t_exp=3), seed))


def potential_is_sharp(ridge: fmpq) -> Iterator[Case]:
    """One unit vector on a line, ``lambda = 1``: both sides are log 2."""
    sigma = gram([], 1, ridge)
    norm = sigma.inverse_quadratic_form(Vector.of([1]))
    growth = gram([Vector.of([1])], 1, ridge).determinant() / sigma.determinant()
    yield compare("d = 1, lambda = 1, phi = 1, T = 1", log(2) * min(norm, fmpq(1)), "==", real_log(growth), "attained")


def sequences() -> Iterator[tuple[fmpq, tuple[Vector, ...]]]:
    """Yield all sequences of one to three vectors of two grids, for three values of lambda; the sharp one first."""
    lines = tuple(Vector.of([a]) for a in (1, fmpq(1, 2), -2))
    planes = tuple(Vector.of(v) for v in ((1, 0), (0, 1), (1, 1), (fmpq(3, 5), fmpq(-4, 5))))
    for ridge in (fmpq(1), fmpq(1, 2), fmpq(4)):
        for grid in (lines, planes):
            for size in (1, 2, 3):
                for vectors in product(grid, repeat=size):
                    yield ridge, vectors


SEQUENCES = Family("sequences of 1 to 3 vectors of two grids, lambda in {1/2, 1, 4}", 369, sequences)

ELLIPTIC_POTENTIAL = Claim(
    id="elliptic-potential",
    section=6,
    title="Elliptic potential",
    statement="log 2 * sum_{t<T} min(1, ||phi_t||^2_{Sigma_t^-1}) <= log(det Sigma_T / det Sigma_0) for "
    "Sigma_{t+1} = Sigma_t + phi_t phi_t^T.",
    source="standard (FMR25 Thm 3.1, analysis); constant ours",
    constants="log 2, attained for d = lambda = phi = T = 1",
    checks=(
        Check(SEQUENCES, potential_of),
        Check(Family("lambda = 1", 1, lambda: [fmpq(1)]), potential_is_sharp),
        Check(Catalog(), potential_on),
        Check(Random(settings(), 60, seed=63, name="problems, inputs, seeds"), potential_in_run),
    ),
    witness=Check(Catalog("two-arms", "different-supports"), potential_on),
    mutation=Mutation("1 for log 2", SEQUENCES, partial(potential_of, constant=LogLinear(fmpq(1)))),
)

CLAIMS = (SPANNER_SIZE, RIDGE_ERROR, ELLIPTIC_POTENTIAL)
