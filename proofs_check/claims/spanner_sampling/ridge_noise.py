"""What noise does to the first estimate of line 10, exactly; later ones it may harm more."""

from collections.abc import Iterator
from dataclasses import replace

from flint import fmpq

from proofs_check.claims.spanner_sampling.ridge_runs import (
    FittedEstimates,
    differences_up_to_sign,
    estimates_of_runs,
    first_estimates,
    given_psi,
    runs,
)
from proofs_check.claims.spanner_sampling.setting import (
    SMALL_NAMES,
    gram,
    one_prompt,
    problems_with_inputs,
)
from proofs_check.ledger import Case, Catalog, Check, Family, On, Random, claim, compare, fact
from reference.algorithms.parts.cover import Datum, RidgeCover
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact import LogLinear, Real, exp_ratio, real, real_max, real_sum
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.model import LinearProblem
from reference.model.parameter_set import Theta


def two_point_noise(low: fmpq, mass: fmpq) -> Law[fmpq]:
    """Return the noise of mean 0 that is ``low < 0`` with probability ``1 - mass``."""
    return Law.of({low: 1 - mass, low * (mass - 1) / mass: mass})


FAIR, SKEWED = two_point_noise(fmpq(-1, 4), fmpq(1, 2)), two_point_noise(fmpq(-1, 10), fmpq(1, 10))
RARELY = two_point_noise(fmpq(-1, 100), fmpq(1, 100))
SIXTEENTH = fmpq(1, 16)


def one_run_agrees(problem: LinearProblem) -> Iterator[Case]:
    """``theta_1`` of a whole run has the law that phase 1 gives it; with ``nu = 1/2`` line 13 is quick: ``f_t = 0``."""
    p = SpannerSampling(1, 1, 1, 1, 1, ridge=SIXTEENTH, nu=fmpq(1, 2))
    whole = runs(problem, p, SKEWED).map(lambda run: run[0].thetas[0])
    first = first_estimates(problem, p, SKEWED).map(lambda fitted: fitted[1])
    yield fact(problem.name, whole == first, "theta_1 is fitted to Psi")


def errors(
    problem: LinearProblem,
    p: SpannerSampling,
    noise: Law[fmpq],
    law: FittedEstimates,
    *,
    factor: int = 2,
    idle: bool = False,
) -> Iterator[Case]:
    """Decide the claim given each ``Psi``; the equality where all estimates are fitted to ``Psi`` itself."""
    s2 = sum((exp_ratio(mass).as_rational() * xi**2 for xi, mass in noise.items()), fmpq(0)) * factor
    norm = real_sum(real(t) * t for t in problem.theta)
    worst = real_max([norm * p.ridge, s2])
    vectors = differences_up_to_sign(problem)[:_MOST_VECTORS]
    for psi in dict.fromkeys(psi for psi, _, _ in law.outcomes):
        part = given_psi(law, psi)
        name = f"{problem.name}, lambda={p.ridge}, Psi = {', '.join(map(str, psi)) or 'empty'}"
        sigmas = {phis: gram(phis, problem.dimension, p.ridge) for _, _, phis in part.outcomes}
        for phi in vectors:
            missed = {theta: error(problem, theta, phi, idle=idle) for _, theta, _ in part.outcomes}
            squared = part.expectation(lambda fitted, missed=missed: missed[fitted[1]])  # type: ignore[misc]  # a default
            norms = {phis: sigma.inverse_quadratic_form(phi) for phis, sigma in sigmas.items()}
            if set(sigmas) == {psi} and not idle:
                w = sigmas[psi].solve(phi)
                bias = w.dot_numbers(problem.theta) * p.ridge
                by_hand = real(bias) * bias + s2 * (norms[psi] - p.ridge * w.norm_squared())
                yield compare(f"{name}, phi={phi}", squared, "==", by_hand, "E <theta_1 - theta*, phi>^2, exactly")
            bound = worst * part.expectation(lambda fitted, norms=norms: norms[fitted[2]])  # type: ignore[misc]  # a default
            statement = "E <theta_t - theta*, phi>^2 <= max(lambda |theta*|^2, 2 s^2) E |phi|^2_(Sigma_t^-1)"
            yield compare(f"{name}, phi={phi}", squared, "<=", bound, statement)


_MOST_VECTORS = 4
"""On instances with many responses only the first few differences are looked at."""


def error(problem: LinearProblem, theta: Theta, phi: Vector, *, idle: bool) -> Real:
    """Return ``<theta - theta*, phi>^2``; ``idle``: of the zero parameter."""
    missed = phi.dot_numbers([(a * 0 if idle else a) - b for a, b in zip(theta, problem.theta, strict=True)])
    return real(missed) * missed


def errors_in(member: tuple[LinearProblem, SpannerSampling, int]) -> Iterator[Case]:
    """Decide it on a random problem."""
    problem, p, seed = member
    p = replace(p, n_prompt=1, mode="ridge")
    noise = (FAIR, SKEWED)[seed % 2]
    yield from errors(problem, p, noise, first_estimates(problem, p, noise))


def rare_arm() -> LinearProblem:
    """Return an arm of mass 1/4 and reward 10 ``beta`` beside one of reward 0."""
    rows = [(Vector.of([0]), fmpq(3, 4)), (Vector.of([1]), fmpq(1, 4))]
    return one_prompt("an arm of mass 1/4 and reward 1/2, beta = 1/20", rows, [LogLinear(fmpq(1, 2))], fmpq(1, 20))


def bound_is_sharp(problem: LinearProblem) -> Iterator[Case]:
    """``lambda theta*^2 = 2 s^2 = 1/8``: the bound is attained, with data and without."""
    p = SpannerSampling(1, 1, 1, 1, 1, ridge=fmpq(1, 2), nu=1)
    for case in list(errors(problem, p, FAIR, first_estimates(problem, p, FAIR)))[1::2]:
        if case.left is not None and case.right is not None:
            yield compare(case.instance, case.left, "==", case.right, "E <theta_1 - theta*, phi>^2 attains the bound")


def greedy_design(member: tuple[int, fmpq]) -> Iterator[Case]:
    """Differences chosen by what noise made of the estimate, as at ``beta -> 0``, always against ``e1``.

    Responses 0, e1, e2; ``Psi`` = (-e1, e2); the noise of a difference is -1 or 1 with probability 1/100 each;
    ``theta* = (0, 1/2)``, ``lambda = 10^-6``.  At ``e1`` the mean of the square over ``||e1||^2`` is above ``2 s^2``.
    """
    t, times = member
    ridge, theta = fmpq(1, 10**6), (LogLinear(fmpq(0)), LogLinear(fmpq(1, 2)))
    cover, noise = RidgeCover.empty(2, ridge, fmpq(1)), {-1: fmpq(1, 100), 0: fmpq(98, 100), 1: fmpq(1, 100)}
    first, phi = (Vector.of([-1, 0]), Vector.of([0, 1])), Vector.of([1, 0])
    choices = [Vector.of(response) - phi for response in ((0, 0), (1, 0), (0, 1))]
    ways: list[tuple[fmpq, tuple[Datum, ...]]] = [(fmpq(1), ())]
    for k in range(t + 1):
        longer = []
        for mass, data in ways:
            new = first[k] if k < len(first) else _best(choices, cover.least_squares(data))
            seen = new.dot_numbers(theta)
            longer += [(mass * share, (*data, (new, seen + xi))) for xi, share in noise.items()]
        ways = longer
    total = real(0)
    for mass, data in ways:
        missed = phi.dot_numbers([a - b for a, b in zip(cover.least_squares(data), theta, strict=True)])
        norm = gram([v for v, _ in data], 2, ridge).inverse_quadratic_form(phi)
        total += real(missed) * missed * (mass / norm)
    statement = f"E[<theta_t - theta*, e1>^2/|e1|^2_(Sigma_t^-1)] > {times} 2 s^2"
    yield compare(f"greedy design, t={t}", total, ">", times * fmpq(2, 100), statement)


def _best(choices: list[Vector], theta: Theta) -> Vector:
    """Return the first choice of the largest estimate."""
    return max(choices, key=lambda phi: phi.dot_numbers(theta))


def counterexamples() -> Iterator[tuple[int, fmpq]]:
    """Yield rounds, and by how much the bound is exceeded in them."""
    yield from ((2, fmpq(1082, 1000)), (3, fmpq(1114, 1000)), (4, fmpq(1116, 1000)))


RARE_ARM = Family("an arm of mass 1/4 and reward 10 beta", 1, lambda: [rare_arm()])


@claim(
    "ridge-noise",
    source="ours",
    depends=("ridge-error",),
    every=On(Catalog(), n_prompt=1),
    on=(
        Catalog(*SMALL_NAMES),
        Check(Catalog("two-arms"), one_run_agrees),
        Check(RARE_ARM, bound_is_sharp),
        Check(Family("greedy designs, t = 2, 3, 4", 3, counterexamples), greedy_design),
        Check(Random(problems_with_inputs(), 30, seed=76, name="problems, inputs, noises"), errors_in),
    ),
    witness=Catalog("two-arms"),
    mutation=(
        "theta_2 for theta_1: 1.2 times the bound",
        On(RARE_ARM, n_prompt=1, ridge=fmpq(1, 1000), t=2, noise=RARELY),
    ),
    trivial=("the zero parameter is returned", On(Catalog("two-arms"), idle=True)),
)
def ridge_noise(
    problem: LinearProblem,
    *,
    n_prompt: int = 2,
    ridge: fmpq = SIXTEENTH,
    factor: int = 2,
    t: int = 1,
    noise: Law[fmpq] = FAIR,
    idle: bool = False,
) -> Iterator[Case]:
    r"""What noise does to the first estimate.

    In ridge mode let $\Psi$ be the accepted differences, $\Sigma = \lambda I + \sum_{\phi \in \Psi} \phi\phi^\top$. If
    each reward has fresh noise of variance $s^2$, then given $\Psi$, for every $\phi$,

    $$
    \E \inner{\theta_1 - \theta^*}{\phi}^2
    = \lambda^2 \inner{\theta^*}{\Sigma^{-1}\phi}^2
    + 2 s^2 \bigl( \norm{\phi}^2_{\Sigma^{-1}} - \lambda \norm{\Sigma^{-1}\phi}^2 \bigr)
    \le \max(\lambda B^2, 2 s^2)\, \norm{\phi}^2_{\Sigma^{-1}} .
    $$

    In words: Noise adds to the squared error of the first estimate in proportion to its variance, and to what is left
    unknown in that direction.
    Hypotheses: none. False for $\theta_2$, with $\E \norm{\phi}^2$ in the matrix of its data on the right: 1.2 times
        the bound on two arms (the mutation), as pairs are then chosen by what noise made of $\theta_1$.
    Constants: 2, as a difference has two rewards; the bound is attained where $\lambda B^2 = 2 s^2$ and $d = 1$.
    """
    p = SpannerSampling(n_prompt, 1, max(t - 1, 1), 1, 1, ridge=ridge, nu=1)
    law = first_estimates(problem, p, noise) if t == 1 else estimates_of_runs(problem, p, noise)
    yield from errors(problem, p, noise, law, factor=factor, idle=idle)
