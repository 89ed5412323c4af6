"""Small runs of SpannerSampling against numbers worked out by hand: where it explores, and what it draws."""

from collections.abc import Iterator
from functools import partial

from flint import fmpq

from proofs_check.claims.spanner_sampling.setting import one_prompt, spanners
from proofs_check.ledger import Case, Family, agree, compare
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact import LogLinear, log
from reference.exact.linalg import Vector
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import World
from reference.laws.returned import spanner_law
from reference.model import LinearProblem, Prompt, Response
from reference.model.parameter_set import Theta

THETA = (log(2), log(3))
RHO = (fmpq(1, 3), fmpq(2, 3))

Path = tuple[tuple[int, int], ...]
"""How often each prompt's difference was seen before ``theta_1``, ``theta_2``, ..."""


def two_fair_prompts() -> LinearProblem:
    """Return two prompts of masses 1/3 and 2/3, each with two fair responses that show a direction of its own."""
    nothing, half = Vector.of([0, 0]), fmpq(1, 2)
    prompts = [
        Prompt(name, rho, responses=(Response("a", half, nothing), Response("b", half, Vector.of(phi))))
        for name, rho, phi in zip("xz", RHO, ((1, 0), (0, 1)), strict=True)
    ]
    return LinearProblem.of("two fair prompts", prompts, theta=THETA, beta=1, B=2, R_max=2)


def explores_by_hand(rounds: int) -> Iterator[Case]:
    """Decide the law of the estimates: a chain of two counts, as every ``f_t`` is 0.

    ``lambda = 1`` and ``nu = 1/4``: no difference is covered so soon, so all responses come from ``pi_ref``.  Phase 1
    and each round see one pair each, of different responses with probability 1/2.
    """
    problem = two_fair_prompts()
    p = SpannerSampling(1, 1, rounds, 1, 1, ridge=1, nu=fmpq(1, 4))
    law = law_of(lambda choice: p(World(problem, choice, metered=False).oracles).thetas)
    paths: dict[Path, fmpq] = {((0, 0),): fmpq(1)}
    for _ in range(rounds):
        after: dict[Path, fmpq] = {}
        for path, mass in paths.items():
            one, two = path[-1]
            for seen, chance in (((one, two), fmpq(1, 2)), ((one + 1, two), RHO[0] / 2), ((one, two + 1), RHO[1] / 2)):
                after[*path, seen] = mass * chance
        paths = after
    for path, mass in paths.items():
        thetas = tuple(map(_fitted, path[1:]))  # before line 10 first runs, phase 1 has seen a pair
        yield compare(f"T_exp = {rounds}", law.mass(thetas), "==", mass, f"P(pairs seen: {path[1:]})")


def _fitted(seen: tuple[int, int]) -> Theta:
    """Return the ridge estimate after so many unit vectors in each direction: ``n/(n + 1)`` of the truth."""
    return tuple(t * fmpq(n, n + 1) for t, n in zip(THETA, seen, strict=True))


def draws_relative_to_another(problem: LinearProblem) -> Iterator[Case]:
    """Decide that draws from the returned policy, with ``N = 2``, have the law of SoftmaxSampler for ``f_t``.

    Features are covered as differences only: relative to ``y'``, not by themselves.
    """
    p = SpannerSampling(1, 1, 1, 1, 1, mode="span")
    for spanner in spanners(problem, p).outcomes:
        theta = spanner.cover.least_squares(spanner.psi)
        policy = SpannerPolicy(spanner.cover, (theta,), fmpq(1), 2, spanner.psi)
        law = law_of(partial(_drawn, problem, policy))
        for y, mass in spanner_law(problem, policy, 0).items():
            yield agree(f"{problem.name}, {len(spanner.psi)} found", law.mass(y), mass, f"P(y = {y}) in draws")


def _drawn(problem: LinearProblem, policy: SpannerPolicy, choice: Choice) -> int:
    return policy.sample(World(problem, choice, metered=False).oracles, 0)


def beside_the_origin() -> Iterator[LinearProblem]:
    """Yield two and three responses whose features share a part that no difference shows."""
    rows = [(1, 0), (1, 1), (1, -1)]
    for masses in ((fmpq(1, 3), fmpq(2, 3)), (fmpq(1, 2), fmpq(1, 4), fmpq(1, 4))):
        features = [Vector.of([fmpq(a, 2), fmpq(b, 2)]) for a, b in rows[: len(masses)]]
        theta = (LogLinear(fmpq(0)), log(4))
        yield one_prompt(
            f"{len(masses)} responses beside the origin", zip(features, masses, strict=True), theta, fmpq(1)
        )


EXPLORATIONS = Family("T_exp = 1, 2", 2, lambda: [1, 2])
BESIDE = Family("two and three responses beside the origin", 2, beside_the_origin)
