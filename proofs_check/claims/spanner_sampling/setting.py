"""What the claims share: small families of problems, runs, and a second way to compute what "covered" means.

The bounds are computed from the list of accepted differences with ranks and inverses of whole matrices, while the
algorithms keep determinants and echelon forms incrementally: the two share no code beyond the integer matrices.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import combinations_with_replacement, product
from math import comb
from typing import Literal

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.claims.noting import noting
from proofs_check.ledger import Family
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.spanner_sampling import Spanner, SpannerSampling, phase_1
from reference.exact import LogLinear, log
from reference.exact.law import Law
from reference.exact.linalg import Matrix, Vector
from reference.interaction.exhaustive import law_of
from reference.interaction.meter import Reading
from reference.interaction.seeded import Seeded
from reference.interaction.world import World
from reference.model import LinearProblem, Prompt, Response
from reference.testing import linear_problems
from reference.testing.parts import integers, made_once

Mode = Literal["ridge", "span"]

MODES: tuple[Mode, ...] = ("ridge", "span")

SMALL_NAMES = (
    "antipodal", "different-supports", "fair-coin", "rank-deficient", "single-response", "truncated-coverage-tight",
    "two-arms", "two-arms-exp", "two-arms-mixed", "zero-base-mass",
)  # fmt: skip
"""Catalog instances with at most three responses a prompt, small enough for exact laws of whole phases."""


def drawn_inputs(n_prompt: int, n_pair: int, mode: Mode, *, t_exp: int = 1) -> SpannerSampling:
    """Return inputs of SpannerSampling with the fewest draws in SoftmaxSampler; ``lambda = 1``, ``nu = 1/2``."""
    return SpannerSampling(n_prompt, n_pair, t_exp, 1, 1, ridge=1, nu=fmpq(1, 2), mode=mode)


def spanners(problem: LinearProblem, p: SpannerSampling) -> Law[Spanner]:
    """Return the exact law of what phase 1 leaves behind."""
    return law_of(lambda choice: phase_1(World(problem, choice, metered=False).oracles, p))


@dataclass(frozen=True)
class SeededRun:
    """One seeded run: the returned policy, the meter, and ``D``: all rewarded pairs as differences, in order."""

    policy: SpannerPolicy
    reading: Reading
    data: tuple[Vector, ...]

    def before(self, t: int) -> tuple[Vector, ...]:
        """Return the differences that the ``t``-th estimate was fitted to, ``t = 0, 1, ..``."""
        return self.data[: len(self.policy.psi) + t]


def seeded_run(problem: LinearProblem, p: SpannerSampling, seed: int) -> SeededRun:
    """Run SpannerSampling and note, from the transcript alone, which pairs were rewarded."""
    rewarded, observe = noting(int, "reward")
    world = World(problem, Seeded(seed), observer=observe)
    policy = p(world.oracles)
    phis = [problem.phi(x, y) for x, y in rewarded]
    pairs = tuple(a - b for a, b in zip(phis[::2], phis[1::2], strict=True))
    return SeededRun(policy, world.meter.reading, pairs)


def differences(problem: LinearProblem) -> tuple[Vector, ...]:
    """Return the distinct ``phi(x,y) - phi(x,y')`` over prompts and supported pairs."""
    distinct = (dict.fromkeys(problem.phi(x, y) for y in problem.support(x)) for x in range(len(problem.prompts)))
    return tuple(dict.fromkeys(a - b for features in distinct for a, b in product(features, repeat=2)))


def gram(vectors: Sequence[Vector], dimension: int, ridge: fmpq) -> Matrix:
    """Return ``lambda I + sum phi phi^T``, in one product."""
    rows = Matrix.of(vectors, columns=dimension)
    return Matrix.identity(dimension, ridge) + rows.transpose() @ rows


def rank(vectors: Sequence[Vector], dimension: int) -> int:
    """Return the dimension of the span."""
    return Matrix.of(vectors, columns=dimension).rank()


def covered_by(accepted: Sequence[Vector], dimension: int, p: SpannerSampling) -> Callable[[Vector], bool]:
    """Return the test of lines 6 and 12 for these accepted differences: by a rank, or by an inverse.

    What it answers is remembered: it is asked about few differences again and again.
    """
    if p.mode == "span":
        size = rank(accepted, dimension)
        return cache(lambda phi: rank([*accepted, phi], dimension) == size)
    inverse, most = gram(accepted, dimension, p.ridge).inverse(), p.nu**2
    return cache(lambda phi: bool(phi.dot(inverse @ phi) <= most))


def binomial_at_most(n: int, p: fmpq, most: int) -> fmpq:
    """Return ``P(Bin(n, p) <= most)``, term by term."""
    return sum((comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(min(most, n) + 1)), fmpq(0))


def accepted(spanner: Spanner) -> tuple[Vector, ...]:
    """Return the accepted differences, in the order of acceptance."""
    return tuple(phi for phi, _ in spanner.psi)


@lru_cache(64)
def at_prompt(problem: LinearProblem, x: int) -> LinearProblem:
    """Return the problem that has prompt ``x`` only."""
    if len(problem.prompts) == 1:
        return problem
    return replace(problem, prompts=(replace(problem.prompts[x], rho=fmpq(1)),))


def one_prompt(name: str, rows: Iterable[tuple[Vector, fmpq]], theta: Sequence[LogLinear], beta: fmpq) -> LinearProblem:
    """Return a problem of one prompt from features with base masses; the declared bounds are the least integers."""
    responses = [Response(f"y{j}", mass, phi) for j, (phi, mass) in enumerate(rows)]
    rewards = [response.phi.dot_numbers(theta) for response in responses if response.pi_ref != 0]
    r_max = (max(rewards) - min(rewards)).ceil()
    norm = sum(abs(t).ceil() for t in theta)
    return LinearProblem.of(
        name, [Prompt("x", fmpq(1), responses=tuple(responses))], theta=theta, beta=beta, B=norm, R_max=r_max
    )


GRIDS = (
    tuple(Vector.of([a]) for a in (-1, 0, 1)),
    tuple(Vector.of(v) for v in ((0, 0), (1, 0), (0, 1), (-1, 0))),
)
"""Features for ``d = 1`` and ``d = 2``."""

LOGS = (log(2), log(3))
PLAIN = (LogLinear(fmpq(1)), LogLinear(fmpq(-3, 2)))
"""``theta*`` with ``beta = 1``: log-rational weights, and weights that are no logarithms."""


def one_prompt_problems(*thetas: Sequence[LogLinear]) -> Iterator[LinearProblem]:
    """Yield one prompt, ``d <= 2``, ``|Y| <= 3``, features in :data:`GRIDS`, ``pi_ref`` uniform or ``1 : 3 : 9``.

    Under the uniform law the order of the responses does not matter, so features go up to order there.
    """
    for theta in thetas or (LOGS,):
        yield from _of_theta(tuple(theta))


@lru_cache(4)
def _of_theta(theta: tuple[LogLinear, ...]) -> tuple[LinearProblem, ...]:
    """Return those with these entries of ``theta*``: one object each, whatever claim asks."""
    return tuple(_each_of_theta(theta))


def _each_of_theta(theta: Sequence[LogLinear]) -> Iterator[LinearProblem]:
    for grid, size in product(GRIDS, (1, 2, 3)):
        uniform = [fmpq(1, size)] * size
        skewed = [fmpq(3**j, (3**size - 1) // 2) for j in range(size)]
        for phis in combinations_with_replacement(grid, size):
            yield _problem_of(phis, uniform, theta)
        for phis in product(grid, repeat=size) if size > 1 else ():  # a single response has mass 1: it came above
            yield _problem_of(phis, skewed, theta)


def _problem_of(phis: Sequence[Vector], masses: Sequence[fmpq], theta: Sequence[LogLinear]) -> LinearProblem:
    """Return the problem with these features and base masses, ``beta = 1``; its name says what they are."""
    parameter = theta[: len(phis[0])]
    words = (" ".join(map(str, phis)), " ".join(map(str, masses)), " ".join(map(str, parameter)))
    return one_prompt("phi {}, pi_ref {}, theta {}".format(*words), zip(phis, masses, strict=True), parameter, fmpq(1))


ONE_PROMPT = Family("one prompt, d <= 2, |Y| <= 3, features in {-1,0,1} or {0,e1,e2,-e1}", 169, one_prompt_problems)
ONE_PROMPT_BOTH = Family(
    "one prompt, d <= 2, |Y| <= 3, log-rational and rational rewards", 338, lambda: one_prompt_problems(LOGS, PLAIN)
)


_RIDGES = st.sampled_from((fmpq(1, 3), fmpq(1), fmpq(2)))
_NUS = st.sampled_from((fmpq(1, 3), fmpq(1, 2), fmpq(1)))
_MODES = st.sampled_from(MODES)


@made_once
@st.composite
def problems_with_inputs(draw: st.DrawFn) -> tuple[LinearProblem, SpannerSampling, int]:
    """A random problem, random inputs of SpannerSampling with few draws, and a seed."""
    p = SpannerSampling(
        draw(integers(0, 4)), draw(integers(1, 3)), draw(integers(1, 3)), 1, 1,
        ridge=draw(_RIDGES), nu=draw(_NUS), mode=draw(_MODES),
    )  # fmt: skip
    return draw(linear_problems(max_dimension=3)), p, draw(integers(0, 1000))
