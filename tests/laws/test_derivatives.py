"""Derivatives, exactly, against differences at 60 digits, and the estimators of KL against sums over two draws."""

from collections.abc import Callable, Sequence

import mpmath
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

import reference as ref
from reference.exact import real
from reference.laws.derivatives import EstimatorName
from reference.testing import linear_problems
from tests.exact.tower import mp

STEP = mpmath.mpf(10) ** -25

NAMES: tuple[EstimatorName, ...] = ("k1", "k2", "k3")

weights = st.lists(st.integers(1, 9), min_size=2, max_size=4)


def pair(p: Sequence[int], q: Sequence[int]) -> tuple[ref.Law[int], ref.Law[int]]:
    size = min(len(p), len(q))
    return ref.Law.weighted(range(size), p[:size]), ref.Law.weighted(range(size), q[:size])


def masses(law: ref.Law[int]) -> list[mpmath.mpf]:
    return [mp(mass) for _, mass in law.items()]  # type: ignore[arg-type]  # rational here


def value(x: ref.Real) -> mpmath.mpf:
    return mpmath.mpf(ref.to_decimal(x, 40).text)


def slope(function: Callable[[list[mpmath.mpf]], mpmath.mpf], law: ref.Law[int], j: int) -> mpmath.mpf:
    """Differentiate a function of masses by a logit, by a symmetric difference."""

    def at(shift: mpmath.mpf) -> mpmath.mpf:
        raw = [mass * (mpmath.exp(shift) if y == j else 1) for y, mass in enumerate(masses(law))]
        return function([each / mpmath.fsum(raw) for each in raw])

    return (at(STEP) - at(-STEP)) / (2 * STEP)


def near(got: ref.Real, expected: mpmath.mpf) -> bool:
    return bool(abs(value(got) - expected) < mpmath.mpf(10) ** -20)


@given(weights, st.lists(st.fractions(-3, 3), min_size=4, max_size=4))
def test_the_derivative_of_a_mean(p: list[int], f: list[object]) -> None:
    law = ref.Law.weighted(range(len(p)), p)
    values = [ref.rational(str(each)) for each in f]
    found = ref.logit_gradient(law, values.__getitem__)
    with mpmath.workdps(60):
        for j in law.outcomes:
            assert near(
                found[j], slope(lambda m: mpmath.fsum(w * mp(v) for w, v in zip(m, values, strict=False)), law, j)
            )
    assert sum(found.values(), real(0)) == 0


@given(weights, weights)
def test_the_derivative_of_a_divergence(p: list[int], q: list[int]) -> None:
    law, other = pair(p, q)
    found = ref.kl_gradient(law, other)
    with mpmath.workdps(60):
        fixed = masses(other)
        for j in law.outcomes:
            expected = slope(
                lambda m: mpmath.fsum(w * mpmath.log(w / v) for w, v in zip(m, fixed, strict=True)), law, j
            )
            assert near(found[j], expected)


def one_draw(name: str, p: mpmath.mpf, q: mpmath.mpf) -> mpmath.mpf:
    w = mpmath.log(p / q)
    return {"k1": w, "k2": w**2 / 2, "k3": q / p - 1 + w}[name]


@given(st.sampled_from(NAMES), weights, weights)
def test_an_estimator_is_the_sum_over_its_draws(name: EstimatorName, p: list[int], q: list[int]) -> None:
    law, other = pair(p, q)
    found = ref.kl_estimator(name, law, other)
    with mpmath.workdps(60):
        mine, theirs = masses(law), masses(other)
        drawn = [one_draw(name, a, b) for a, b in zip(mine, theirs, strict=True)]
        mean = mpmath.fsum(a * k for a, k in zip(mine, drawn, strict=True))
        assert near(found.mean, mean)
        assert near(found.variance, mpmath.fsum(a * (k - mean) ** 2 for a, k in zip(mine, drawn, strict=True)))
        for j in law.outcomes:

            def loss(m: list[mpmath.mpf]) -> mpmath.mpf:  # the draws keep their law
                return mpmath.fsum(a * one_draw(name, w, b) for a, w, b in zip(mine, m, theirs, strict=True))

            assert near(found.gradient[j], slope(loss, law, j))


@given(weights, weights)
def test_what_each_estimator_is_good_for(p: list[int], q: list[int]) -> None:
    law, other = pair(p, q)
    k1, k2, k3 = (ref.kl_estimator(name, law, other) for name in NAMES)
    assert k1.mean == k3.mean == law.kl(other)
    assert not any(k1.gradient.values())
    assert k2.gradient == ref.kl_gradient(law, other)
    reverse = {y: real(mass) - other.mass(y) for y, mass in law.items()}  # the derivative of KL(other || law)
    assert k3.gradient == reverse


def test_the_third_estimator_misses_what_the_law_leaves_out() -> None:
    law, other = ref.Law.of({0: 1}), ref.Law.of({0: "1/4", 1: "3/4"})
    assert ref.kl_estimator("k3", law, other).mean == law.kl(other) - fmpq(3, 4)


def test_different_supports_by_hand() -> None:
    problem = ref.load("different-supports")
    x = problem.index("die")
    law, other = ref.optimum(problem).law(x), problem.pi_ref(x)
    third, true = ref.kl_estimator("k3", law, other), ref.kl_gradient(law, other)
    assert third.mean == law.kl(other)
    yes = law.outcomes[0]
    assert third.gradient[yes] == fmpq(59049, 59051) - fmpq(1, 3)
    assert f"{third.gradient[yes] / true[yes]:.4g}" == "1792"


@given(linear_problems(), st.integers(-2, 2))
def test_the_gradient_of_the_objective_is_a_covariance(problem: ref.LinearProblem, k: int) -> None:
    theta = tuple(t * fmpq(k, 2) for t in problem.theta)
    policy = ref.softmax(problem, theta)
    for i, found in enumerate(ref.objective_gradient(problem, theta)):
        expected = real(0)
        for x, rho in problem.rho.items():
            law = policy.law(x)
            gain = {
                y: problem.reward(x, y) - problem.baseline(x) - value for y, value in _scores(problem, theta, x).items()
            }
            mean = law.expectation(gain.__getitem__)
            feature = law.expectation(lambda y, x=x, i=i: problem.phi(x, y)[i])  # type: ignore[misc]  # bound as defaults
            both = law.expectation(lambda y, x=x, i=i, gain=gain: gain[y] * problem.phi(x, y)[i])  # type: ignore[misc]  # the same
            expected += (both - mean * feature) * rho / problem.beta
        assert abs(value(found - expected)) < mpmath.mpf(10) ** -30
    assert ref.objective_gradient(problem, problem.theta) == (0,) * problem.dimension


def _scores(problem: ref.LinearProblem, theta: tuple[ref.LogLinear, ...], x: int) -> dict[int, ref.LogLinear]:
    zero = ref.loglinear(0)
    return {y: sum((t * v for t, v in zip(theta, problem.phi(x, y), strict=True)), zero) for y in problem.support(x)}


def test_bad_input() -> None:
    law = ref.Law.of({0: "1/2", 1: "1/2"})
    with pytest.raises(ValueError, match=r"^estimator 'k4'; one of k1, k2, k3$"):
        ref.kl_estimator("k4", law, law)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match=r"^KL is \+inf: 1 has positive mass"):
        ref.kl_gradient(law, ref.Law.point(0))


@pytest.mark.parametrize("beta", [0, fmpq(0), -1])
def test_a_beta_that_divides_nothing_is_refused(beta: fmpq | int) -> None:
    with pytest.raises(ValueError, match=rf"^beta = {beta}: needs beta > 0$"):
        ref.theta_gradient({0: ref.real(1)}, [ref.Vector.of([1])].__getitem__, beta)
