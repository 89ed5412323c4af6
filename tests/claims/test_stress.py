"""Extreme problems: every function of a problem survives them, and agrees with mpmath at 90 or 1000 digits."""

from collections.abc import Callable
from fractions import Fraction
from math import exp, fsum

import pytest
from flint import fmpq
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import reference as ref
from reference.exact import LogLinear, Number, real
from reference.model import LinearProblem, NodePolicy, oscillation
from reference.testing import STRESSES, Stress, extreme_problems, float_problems, float_tables
from tests.claims.second_opinion_float import Instance, digits, divergence, instance, mp, near, number

SOME = settings(max_examples=5, suppress_health_check=list(HealthCheck))
"""Examples of each kind of stress; thousands of responses are large by intent."""

FIRST = settings(max_examples=2000, derandomize=True, database=None, phases=[Phase.generate])


def precision(stress: Stress) -> int:
    """Digits: with 1000 ``1 - mass`` is right for masses of 1e-320; thousands of responses are cheaper at 90."""
    return 90 if stress == "many-responses" else 1000


@pytest.mark.parametrize("stress", STRESSES)
@SOME
@given(data=st.data())
def test_what_is_computed_of_a_policy_agrees_with_mpmath(stress: Stress, data: st.DataObject) -> None:
    problem = data.draw(extreme_problems(stress, max_responses=1500))
    half = ref.softmax(problem, [t / 2 for t in problem.theta])
    with digits(precision(stress)):
        mine = instance(problem)
        for policy, scores in (
            (ref.optimum(problem), mine.reward),
            (ref.base_policy(problem), [[mp.mpf(0)] * len(row) for row in mine.pi]),
            (half, [[mp.fdot(mine.theta, phi) / 2 for phi in row] for row in mine.phi]),
        ):
            agrees(problem, mine, policy, [mine.tilt(x, row) for x, row in enumerate(scores)])


def agrees(problem: LinearProblem, mine: Instance, policy: NodePolicy, laws: list[list[mp.mpf]]) -> None:
    """Compare everything that is asked of a policy; a gap and a divergence may be as small as the smallest mass."""
    for x, law in enumerate(laws):
        there = policy.law(x)
        probed = {*mine.support(x)[:3], *mine.support(x)[-2:]}
        assert all(near(there.mass(y), law[y], scale=law[y]) for y in probed)
        assert near(oscillation(problem, x), mine.spread(x))
    near_zero = mp.mpf(10) ** (-mp.dps // 3)
    pairs: list[tuple[Number, Callable[[int], mp.mpf]]] = [
        (ref.objective(problem, policy), lambda x: mine.value(x, laws[x])),
        (ref.gap(problem, policy), lambda x: mine.gap(x, laws[x])),
        (ref.kl(problem, policy), lambda x: divergence(laws[x], mine.pi[x])),
        (
            ref.l1_coverage(problem, policy),
            lambda x: mp.fsum(a * a / p for a, p in zip(laws[x], mine.pi[x], strict=True) if p),
        ),
    ]
    for exact, at in pairs:
        assert near(exact, mine.mean(at), scale=near_zero)
    assert near(ref.coverage(problem, policy), max(mine.coverage(x, law) for x, law in enumerate(laws)))


@pytest.mark.parametrize("stress", STRESSES)
@SOME
@given(data=st.data())
def test_what_is_certified_agrees_with_mpmath_and_files_keep_it(stress: Stress, data: st.DataObject) -> None:
    problem = data.draw(extreme_problems(stress, max_responses=1500))
    found = ref.certify(problem)
    assert ref.parse_linear(ref.dump(problem)) == problem
    with digits(precision(stress)):
        mine = instance(problem)
        laws = [mine.best(x) for x in range(len(mine.rho))]
        assert near(found.coverage.value, max(mine.coverage(x, law) for x, law in enumerate(laws)))
        assert near(ref.optimal_value(problem), mine.mean(lambda x: mine.value(x, laws[x])))
        for x, Z in enumerate(found.optimum.partition):
            shifted = [mp.exp((r - number(problem.baseline(x))) / mine.beta) for r in mine.reward[x]]
            total = mp.fdot(mine.pi[x], shifted)
            assert near(Z, total, scale=total) or near(Z, total * mp.exp(number(problem.baseline(x)) / mine.beta))
    assert len(found.spanner.pairs) == problem.difference_rank()


@pytest.mark.parametrize("stress", ["none", *STRESSES])
@SOME
@given(data=st.data())
def test_tables_of_floats_are_the_problem(stress: Stress, data: st.DataObject) -> None:
    problem = data.draw(float_problems(stress))
    tables = float_tables(problem)
    assert fsum(tables.rho) == 1
    assert Fraction(tables.beta) == Fraction(str(problem.beta))
    for x, entry in enumerate(problem.prompts):
        assert fsum(tables.pi_ref[x]) == 1
        for y in {0, 1, len(entry.responses) - 1}:
            assert exactly(tables.pi_ref[x][y]) == entry.responses[y].pi_ref
            assert [exactly(v) for v in tables.phi[x][y]] == list(entry.responses[y].phi)
            assert exactly(tables.rewards[x][y]) == problem.reward(x, y)
    assert [exactly(t) for t in tables.theta] == list(problem.theta)


def exactly(value: float) -> fmpq:
    return fmpq(*value.as_integer_ratio())


def test_a_number_that_is_no_float_is_named() -> None:
    x = ref.Prompt.of("x", [ref.Response.of("good", "1/3", [1]), ref.Response.of("bad", "2/3", [0])])

    def problem(theta: ref.LogLinear | int, beta: str = "1") -> LinearProblem:
        return LinearProblem.of("coin", [x], theta=[theta], beta=beta, B=2, R_max=2)

    with pytest.raises(ValueError, match="pi_ref of response 0 to prompt 0: 1/3 is not a binary64 number"):
        float_tables(problem(1))
    y = ref.Prompt.of("x", [ref.Response.of("good", "1/2", [1]), ref.Response.of("bad", "1/2", [0])])
    for theta, beta, said in (
        (ref.log(2), "1", r"reward of response 0 to prompt 0: log\(2\) is not"),
        (1, f"1/{2**1100}", "beta: 1/.* is not"),
        (1, str(2**1100), "beta: .* is not"),
    ):
        with pytest.raises(ValueError, match=said):
            float_tables(LinearProblem.of("coin", [y], theta=[theta], beta=beta, B=2, R_max=2))


def overflows(problem: LinearProblem) -> bool:
    """Whether the softmax that exponentiates before it subtracts the largest reward fails."""
    tables = float_tables(problem)
    try:
        for rewards in tables.rewards:
            1 / fsum(exp(r / tables.beta) for r in rewards)
    except (OverflowError, ZeroDivisionError):
        return True
    return False


def test_what_a_stress_is_for_is_reached() -> None:
    find(float_problems("steep-rewards"), overflows, settings=FIRST)
    find(float_problems("tiny-masses"), lambda p: float_tables(p).pi_ref[0][0] < 1e-300, settings=FIRST)
    find(float_problems("none"), lambda p: len(p.prompts) == 2, settings=FIRST)
    rare = fmpq(1, 10**300)
    find(extreme_problems("tiny-masses"), lambda p: p.pi_ref(0).mass(0) < rare, settings=FIRST)
    find(extreme_problems("steep-rewards"), lambda p: oscillation(p, 0) > 500 * p.beta, settings=FIRST)
    nearby = extreme_problems("near-dependent", "rational")
    large, ordinary = LogLinear(fmpq(10**15)), LogLinear(fmpq(4))
    for nearly in (
        find(nearby, lambda p: abs(p.theta[1]) > large, settings=FIRST),
        find(nearby, lambda p: p.theta[1] != 0 and abs(p.theta[1]) < ordinary, settings=FIRST),
    ):
        assert nearly.difference_rank() >= 1
        assert all(r.phi[1] < fmpq(1, 10**17) for r in nearly.prompts[0].responses)


@pytest.mark.parametrize("stress", STRESSES)
@SOME
@given(data=st.data())
def test_extremes_are_as_large_as_they_are_said_to_be(stress: Stress, data: st.DataObject) -> None:
    problem = data.draw(extreme_problems(stress, max_responses=1100))
    first, spread = problem.pi_ref(0).mass(0), oscillation(problem, 0)
    assert real(first) > 0
    if stress == "tiny-masses":
        assert ref.rational("1e-320") < first < ref.rational("1e-289")
    elif stress == "steep-rewards":
        assert 138 * problem.beta < spread < 2000 * problem.beta
    elif stress == "many-responses":
        assert 1000 <= problem.response_count(0) <= 1100
        assert len({r.phi for r in problem.prompts[0].responses}) <= 8
    else:
        assert max(abs(r.phi[1]) for entry in problem.prompts for r in entry.responses) <= ref.rational("1e-17")


@SOME
@given(extreme_problems("tiny-masses", "log-rational"))
def test_the_family_is_kept(problem: LinearProblem) -> None:
    assert problem.is_log_rational()
