"""Section 8: barycentric spanners and the learner that reads every response, against mpmath and numpy."""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import reference as ref
from reference.algorithms.barycentric import barycentric_spanner
from reference.exact import LogLinear
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction import Seeded, World
from reference.interaction.world import Event
from reference.model import LinearProblem
from reference.testing import extreme_problems, features, linear_problems
from tests.claims.second_opinion_float import Numbers, at_most, digits, gram, instance, minus, mp, near, number, vector

SOME = settings(max_examples=30)


def coefficients(basis: list[Numbers], phi: Numbers) -> list[mp.mpf]:
    """``c`` with ``sum_s c_s s = phi``, from the normal equations."""
    if not basis:
        return []
    rows = mp.matrix([list(s) for s in basis])
    return list(mp.lu_solve(rows * rows.T, rows * mp.matrix(list(phi))))


@pytest.mark.claim("barycentric-spanner")
@SOME
@given(
    st.one_of(
        st.integers(1, 4).flatmap(lambda d: st.lists(features(d), min_size=1, max_size=8)),
        st.lists(st.tuples(*[st.integers(-3, 3)] * 3).map(Vector), min_size=3, max_size=8),
    ),
    st.sampled_from((fmpq(2), fmpq(3, 2), fmpq(101, 100))),
)
def test_a_barycentric_spanner_has_small_coefficients(vectors: list[Vector], C: fmpq) -> None:
    """Rank by numpy, coefficients by normal equations: a set that is too small, or stops before C, is noticed."""
    found = barycentric_spanner(vectors, C)
    rows = [vector(v) for v in vectors]
    basis: list[Numbers] = [rows[i] for i in found.indices]
    size = np.linalg.matrix_rank(np.array([[float(v) for v in row] for row in rows]), tol=1e-9)
    assert len(set(found.indices)) == len(basis) == size
    for row, theirs in zip(rows, found.coefficients(vectors), strict=True):
        mine = coefficients(basis, row)
        assert all(near(a, b) for a, b in zip(theirs, mine, strict=True))
        assert all(at_most(abs(c), number(C)) for c in mine)
        rest = minus(row, [mp.fdot(mine, [s[k] for s in basis]) for k in range(len(row))])
        assert mp.fdot(rest, rest) < mp.mpf(10) ** -90


@st.composite
def noisy_runs(draw: st.DrawFn) -> tuple[LinearProblem, fmpq, fmpq, int, int]:
    """A problem, ``C``, the size of the noise, queries of each pair, and a seed."""
    return (
        draw(linear_problems(max_responses=4)),
        draw(st.sampled_from((fmpq(2), fmpq(11, 10)))),
        draw(st.sampled_from((fmpq(1, 2), fmpq(1, 10)))),
        draw(st.integers(1, 3)),
        draw(st.integers(0, 10**6)),
    )


def observed(
    problem: LinearProblem, learner: ref.Enumerating, noise: Law[fmpq], seed: int
) -> tuple[ref.SoftmaxPolicy, list[tuple[int, int, LogLinear]], tuple[int, int]]:
    """Run the learner: its policy, the rewards that it saw, and what the meter says of rewards and of sampling."""
    seen: list[tuple[int, int, LogLinear]] = []

    def observe(event: Event) -> None:
        oracle, details = event
        if oracle == "reward":
            x, y, r = details
            assert isinstance(x, int)
            assert isinstance(y, int)
            assert isinstance(r, LogLinear)
            seen.append((x, y, r))

    world = World(problem, Seeded(seed), noise=noise, observer=observe)
    policy = learner(world.oracles)
    return policy, seen, (world.meter.reading.t_data, world.meter.reading.t_comp)


def table(problem: LinearProblem) -> list[list[tuple[int, Vector]]]:
    return [[(y, problem.phi(x, y)) for y in problem.support(x)] for x in range(len(problem.prompts))]


@pytest.mark.claim("enumerating-error")
@SOME
@given(noisy_runs())
def test_noise_in_the_enumerating_learner(member: tuple[LinearProblem, fmpq, fmpq, int, int]) -> None:
    """Its error on every difference is written out from the noise on its pairs: a mean over other queries differs."""
    problem, C, size, n, seed = member
    mine = instance(problem)
    learner = ref.Enumerating(table(problem), C=C, n=n)
    policy, seen, _ = observed(problem, learner, Law.uniform([-size, size]), seed)
    noise = [number(r) - mine.reward[x][y] for x, y, r in seen]
    assert all(abs(abs(e) - number(size)) < mp.mpf(10) ** -50 for e in noise)
    pairs = [(x, y, z) for (x, y, _), (_, z, _) in zip(seen[:: 2 * n], seen[1 :: 2 * n], strict=True)]
    basis: list[Numbers] = [minus(mine.phi[x][y], mine.phi[x][z]) for x, y, z in pairs]
    errors = [a - b for a, b in zip(noise[::2], noise[1::2], strict=True)]
    means = [mp.fsum(errors[i : i + n]) / n for i in range(0, len(errors), n)]
    total = mp.fsum(abs(m) for m in means)
    error = minus([number(t) for t in policy.theta], mine.theta)
    for x in range(len(mine.rho)):
        for y in mine.support(x):
            for z in mine.support(x):
                phi = minus(mine.phi[x][y], mine.phi[x][z])
                off = mp.fdot(error, phi)
                assert abs(off - mp.fdot(coefficients(basis, phi), means)) < mp.mpf(10) ** -50
                assert at_most(abs(off), number(C) * total)
    estimate = [number(t) for t in policy.theta]
    lost = mine.mean(lambda x: mine.gap(x, mine.tilt(x, [mp.fdot(estimate, phi) for phi in mine.phi[x]])))
    assert near(ref.gap(problem, ref.softmax(problem, policy.theta)), lost)
    assert at_most(lost, (number(C) * total) ** 2 / (8 * mine.beta))


@pytest.mark.claim("data-without-coverage")
@settings(max_examples=20)
@given(
    st.one_of(
        linear_problems(max_responses=4, max_dimension=3),
        extreme_problems("tiny-masses"),
        extreme_problems("steep-rewards"),
        extreme_problems("near-dependent"),
    )
)
def test_without_noise_the_enumerating_learner_is_exact(problem: LinearProblem) -> None:
    """On extreme problems too; the rank is that of the Gram matrix at 1000 digits, which sees a small direction."""
    policy, seen, (t_data, t_comp) = observed(problem, ref.Enumerating(table(problem)), Law.point(fmpq(0)), 0)
    assert t_comp == 0
    assert len(seen) == t_data
    with digits(1000):
        mine = instance(problem)
        d = len(mine.theta)
        differences = [
            minus(row[y], row[z]) for x, row in enumerate(mine.phi) for y in mine.support(x) for z in mine.support(x)
        ]
        eigenvalues = mp.eigsy(gram(differences, d, mp.mpf(0)), eigvals_only=True)
        assert t_data <= 2 * sum(value > mp.mpf(10) ** -100 for value in eigenvalues)
        estimate = [number(t) for t in policy.theta]
        for x in range(len(mine.rho)):
            law = mine.tilt(x, [mp.fdot(estimate, phi) for phi in mine.phi[x]])
            for y, mass in enumerate(mine.best(x)):
                assert abs(law[y] - mass) <= mp.mpf(10) ** -500
                assert near(ref.softmax(problem, policy.theta).law(x).mass(y), mass, scale=mass)
    assert ref.gap(problem, ref.softmax(problem, policy.theta)) == 0
