"""KL, J, the optimum and the gap: by hand, against mpmath, and the identities between them."""

import mpmath
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.catalog import load
from reference.exact import ExpRatio, LogLinear, log, loglinear, precision_cap, real, real_log
from reference.exact.expsum import exp
from reference.exact.law import Law
from reference.model import (
    LinearProblem,
    Policy,
    ProblemError,
    SupportError,
    TabularPolicy,
    base_policy,
    gap,
    gap_at,
    kl_at,
    log_partition,
    mixed,
    objective,
    optimal_value,
    optimum,
    oscillation,
    softmax,
    tilted,
)
from reference.testing import laws, linear_problems, policies
from tests.model import peer


class TestTwoArms:
    """theta = log 2, beta = 1, a fair base coin: pi* = (2/3, 1/3), Z = 3/2."""

    problem = load("two-arms")

    def test_optimum_is_rational(self) -> None:
        law = optimum(self.problem).law(0)
        assert law.weights == (2, 1)
        assert law.items() == ((0, fmpq(2, 3)), (1, fmpq(1, 3)))

    def test_values_are_log_linear(self) -> None:
        assert log_partition(self.problem, 0).exact == loglinear("log(3/2)")
        assert optimal_value(self.problem).exact == log(fmpq(3, 2))
        assert objective(self.problem, optimum(self.problem)) == log(fmpq(3, 2))
        assert objective(self.problem, base_policy(self.problem)).exact == log(2) / 2
        assert gap(self.problem, base_policy(self.problem)).exact == log(3) - log(2) * fmpq(3, 2)
        # KL(pi* || pi_ref) = 2/3 log(4/3) + 1/3 log(2/3)
        assert kl_at(self.problem, optimum(self.problem), 0).exact == log(2) * fmpq(5, 3) - log(3)
        assert oscillation(self.problem, 0) == log(2)

    def test_the_gap_of_the_optimum_in_any_guise_is_zero(self) -> None:
        guises: list[Policy] = [
            optimum(self.problem),
            softmax(self.problem, ["log(2)"]),
            tilted(self.problem, lambda _, y: loglinear("7/2 + log(2)" if y == 0 else "7/2")),
            TabularPolicy(self.problem, [Law.of({1: "1/3", 0: "2/3"})]),
        ]
        assert [gap(self.problem, policy).exact for policy in guises] == [0] * 4
        assert gap(self.problem, softmax(self.problem, ["log(3)"])) > 0


def test_rational_rewards_by_hand() -> None:
    problem = load("two-arms-exp")
    best = optimum(problem)
    assert best.law(0).mass(0) == ExpRatio(exp(2), 1 + exp(2))
    assert optimal_value(problem) == (real_log(1 + exp(2)) - real_log(2)) * fmpq(1, 2)
    assert optimal_value(problem).exact is None
    assert objective(problem, base_policy(problem)).exact == fmpq(1, 2)


def test_the_value_of_the_optimum_includes_the_baseline() -> None:
    problem = load("single-response")
    # r = <(1,-1), (3/5,4/5)> + 1/2 = 3/10, and there is nothing to choose.
    assert optimal_value(problem).exact == fmpq(3, 10)
    assert gap(problem, base_policy(problem)).exact == 0


class TestKl:
    def test_zero_log_zero_is_zero(self) -> None:
        assert Law.point(0).kl(Law.of({0: "1/4", 1: "3/4"})).exact == log(4)

    def test_leaving_the_support_names_the_outcome(self) -> None:
        with pytest.raises(SupportError, match=r"KL is \+inf: 'b' has positive mass"):
            Law.uniform(["a", "b"]).kl(Law.point("a"))

    def test_large_weights_that_will_not_factor(self) -> None:
        n = (2**521 - 1) * (2**607 - 1)
        law = Law.weighted([0, 1], [n, n + 2])
        assert law.kl(Law.uniform([0, 1])) > 0
        assert law.kl(law).exact == 0

    @given(laws(), laws())
    def test_rational_laws(self, p: Law[int], q: Law[int]) -> None:
        if set(p.outcomes) <= set(q.outcomes):
            value = p.kl(q)
            assert value.exact is not None
            assert (value == 0) is (p == q)
            assert value >= 0
            assert peer.close(value, peer.divergence(peer.masses(p, 3), peer.masses(q, 3)))
        else:
            with pytest.raises(SupportError):
                p.kl(q)

    @given(linear_problems(), st.data())
    def test_any_laws(self, problem: LinearProblem, data: st.DataObject) -> None:
        count = problem.response_count(0)
        p, q = (data.draw(policies(problem)).law(0) for _ in range(2))
        if set(p.outcomes) <= set(q.outcomes):
            assert peer.close(p.kl(q), peer.divergence(peer.masses(p, count), peer.masses(q, count)))


def test_j_is_minus_infinity_off_the_support() -> None:
    problem = load("zero-base-mass")
    best = TabularPolicy(problem, [Law.point(0)])
    with pytest.raises(
        SupportError, match="J is -inf: response 'best' to prompt 'x' has positive mass under the policy"
    ):
        objective(problem, best)
    with pytest.raises(SupportError):
        gap(problem, best)


def test_policies_must_fit_the_problem() -> None:
    problem = load("two-arms")
    with pytest.raises(ProblemError, match=r"policy\[0\]: 2 is not the index of a response"):
        TabularPolicy(problem, [Law.uniform([0, 2])])
    with pytest.raises(ProblemError, match=r"policy: 2 laws for 1 prompt$"):
        TabularPolicy(problem, [Law.point(0), Law.point(0)])
    with pytest.raises(ProblemError, match="theta: 2 entries, but the features have 1"):
        softmax(problem, [1, 2])


@given(linear_problems(), st.data())
def test_j_agrees_with_mpmath(problem: LinearProblem, data: st.DataObject) -> None:
    policy = data.draw(policies(problem))
    assert peer.close(objective(problem, policy), peer.value(problem, policy))


@given(linear_problems())
def test_softmax_agrees_with_mpmath(problem: LinearProblem) -> None:
    best = optimum(problem)
    for x in range(len(problem.prompts)):
        expected = peer.softmax(problem, x, peer.reward(problem, x))
        assert all(
            abs(a - b) < mpmath.mpf(10) ** -40
            for a, b in zip(peer.masses(best.law(x), problem.response_count(x)), expected, strict=True)
        )


@given(linear_problems(), st.data())
def test_gibbs(problem: LinearProblem, data: st.DataObject) -> None:
    """J(pi*) - J(pi) = beta E KL(pi || pi*) >= 0."""
    policy, best = data.draw(policies(problem)), optimum(problem)
    expected = sum(
        (policy.law(x).kl(best.law(x)) * problem.beta * rho for x, rho in problem.rho.items()), start=real(0)
    )
    measured = gap(problem, policy)
    assert peer.close(measured, peer.number(expected))
    assert peer.close(optimal_value(problem) - objective(problem, policy), peer.number(measured))
    with precision_cap(256):
        same = all(policy.law(x) == best.law(x) for x in range(len(problem.prompts)))
        assert (measured.exact == 0) is same
        assert same or measured > 0


@given(linear_problems(family="log-rational"), st.data())
def test_log_rational_problems_stay_in_the_tower(problem: LinearProblem, data: st.DataObject) -> None:
    best = optimum(problem)
    assert all(best.law(x).is_rational for x in range(len(problem.prompts)))
    tables = TabularPolicy(problem, [data.draw(laws(problem.support(x))) for x in range(len(problem.prompts))])
    for value in (optimal_value(problem), gap(problem, tables), gap(problem, base_policy(problem))):
        assert isinstance(value.exact, (fmpq, LogLinear))
    assert (gap(problem, tables) == 0) is all(tables.law(x) == best.law(x) for x in range(len(problem.prompts)))


@given(linear_problems(), st.data())
def test_closed_forms_agree_with_the_definitions(problem: LinearProblem, data: st.DataObject) -> None:
    """A softmax policy and the table of its laws have the same value and divergence."""
    soft = softmax(problem, [data.draw(st.sampled_from(problem.theta)) for _ in problem.theta])
    table = TabularPolicy(problem, [soft.law(x) for x in range(len(problem.prompts))])
    assert peer.close(objective(problem, soft) - objective(problem, table), mpmath.mpf(0))
    for x in range(len(problem.prompts)):
        assert peer.close(kl_at(problem, soft, x) - kl_at(problem, table, x), mpmath.mpf(0))
        assert peer.close(gap_at(problem, soft, x) - gap_at(problem, table, x), mpmath.mpf(0))


@given(linear_problems())
def test_a_mixture_is_no_better_than_its_parts(problem: LinearProblem) -> None:
    """J is concave, so the gap is convex."""
    parts: list[Policy] = [optimum(problem), base_policy(problem)]
    blend = mixed(problem, [("1/3", parts[0]), ("2/3", parts[1])])
    assert not gap(problem, blend).enclosure(128) > (gap(problem, parts[1]) * fmpq(2, 3)).enclosure(128)
