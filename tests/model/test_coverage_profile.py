"""The coverage profile: a step function on every problem, and its edges."""

from itertools import pairwise

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.catalog import load, load_linear
from reference.exact import ExpRatio, exp, log, real
from reference.exact.law import Law, Mass
from reference.laws import best_of_n_law, truncated_rejection
from reference.model import (
    Problem,
    SupportError,
    TabularPolicy,
    base_policy,
    coverage,
    coverage_profile,
    coverage_profile_at,
    optimum,
)
from reference.model.comparison import ascending
from reference.model.policy import sequence_law
from reference.testing import problems, rationals


@given(problems(), rationals(fmpq(1, 4), 4))
@settings(max_examples=25)
def test_the_profile_of_a_tree_is_that_of_its_sequences(problem: Problem, N: fmpq) -> None:
    profile = coverage_profile(problem)
    mean = real(0)
    for x, rho in problem.rho.items():
        law, base = sequence_law(problem, optimum(problem), x), sequence_law(problem, base_policy(problem), x)
        covered = sum((mass for y, mass in law.items() if mass >= base.mass(y) * N), fmpq(0))
        assert coverage_profile_at(problem, optimum(problem), x).at(N) == real(covered)
        mean += real(covered) * rho
    assert profile.at(N) == mean
    top = coverage(problem)
    assert profile.at(top) > 0
    assert profile.at(top + 1) == 0
    assert profile.cut(top) == 0
    assert [row.N for row in profile.rows()][-1] == top


def test_steps_are_closed_on_the_right_and_every_number_may_be_asked() -> None:
    profile = coverage_profile(load("two-arms-exp"))
    (found,) = profile.prompts
    low, high = found.ratios
    assert profile.at(low) == 1 == profile.at(-1) == profile.at("1/1000")
    assert profile.at((low + high) / 2) == profile.at(high) == found.mass_from(1)
    assert profile.at(high + fmpq(1, 10**30)) == 0
    assert profile.at(exp(log(3))) == profile.at(3)


def test_a_profile_shows_its_steps_and_how_many_are_left() -> None:
    assert str(coverage_profile(load("two-arms"))).splitlines()[2:] == ["x       2/3  1", "        4/3  2/3"]
    assert str(coverage_profile(load("fair-bits-64"))).endswith("... 45 more")


def test_powers_are_fewer_where_the_coverage_is_large() -> None:
    rows = coverage_profile(load("fair-bits-64")).rows()
    assert len(rows) <= 13
    assert [row.N for row in rows[:3]] == [1, 16, 256]
    assert [row.N for row in coverage_profile(load("fair-coin")).rows()] == [1]


@pytest.mark.parametrize(("M", "said"), [(0, "M = 0"), ("-1/2", "M = -1/2"), (exp(0) * -1, "M = -1")])
def test_a_cap_is_positive(M: str | int, said: str) -> None:
    problem = load_linear("two-arms")
    with pytest.raises(ValueError, match=f"^{said}: a cap needs M > 0$"):
        coverage_profile(problem).cut(M)
    with pytest.raises(ValueError, match=f"^{said}: a cap needs M > 0$"):
        truncated_rejection(optimum(problem).law(0), problem.pi_ref(0), M)


def test_a_policy_off_the_support_has_no_profile() -> None:
    problem = load_linear("zero-base-mass")
    outside = next(y for y in range(problem.response_count(0)) if y not in problem.support(0))
    policy = TabularPolicy(problem, [Law.point(outside)])
    with pytest.raises(SupportError, match=r"coverage is \+inf"):
        coverage_profile(problem, policy)


def test_what_rejection_with_a_cap_shows_and_how_many_trials_fail() -> None:
    problem = load_linear("two-arms")
    found = truncated_rejection(optimum(problem).law(0), problem.pi_ref(0), 1)
    assert str(found).splitlines() == ["accepted 0  3/5", "accepted 1  2/5", "acceptance  5/6", "cut         1/6"]
    assert found.of_trials(2) == Law.of({None: "1/36", 0: "7/12", 1: "7/18"})
    assert found.of_trials(0) == Law.point(None)
    everything = truncated_rejection(optimum(problem).law(0), problem.pi_ref(0), fmpq(1, 2))
    assert everything.acceptance == 1
    assert everything.accepted == Law.of({0: "1/2", 1: "1/2"})


def test_the_best_of_n_by_hand() -> None:
    base = Law.of({"a": "1/4", "b": "1/4", "c": "1/2"})
    values = {"a": log(2), "b": log(2), "c": log(1)}
    assert best_of_n_law(base, values.__getitem__, 2) == Law.of({"a": "7/16", "b": "5/16", "c": "1/4"})
    assert best_of_n_law(base, values.__getitem__, 2, ties="first") == Law.of({"a": "3/8", "b": "3/8", "c": "1/4"})
    with pytest.raises(ValueError, match=r"^n = 0: the best of n draws needs n >= 1$"):
        best_of_n_law(base, values.__getitem__, 0)


@given(st.lists(st.builds(ExpRatio, st.integers(1, 5).map(exp), st.integers(1, 5)), max_size=6))
def test_masses_in_order(values: list[ExpRatio]) -> None:
    mixed: list[Mass] = [*values, fmpq(3)]
    found = ascending(mixed)
    assert all(left <= right for left, right in pairwise(found))
    assert sorted(map(str, found)) == sorted(map(str, mixed))
