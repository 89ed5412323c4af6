"""The public strategies make valid instances of every kind they promise."""

import pytest
from flint import fmpq
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from reference.exact import LogLinear
from reference.exact.law import Law
from reference.model import LinearProblem, TabularPolicy, optimum
from reference.testing import FAMILIES, ThetaFamily, laws, linear_problems, loglinears, policies, rationals

# The first example found is enough: no shrinking.
QUICK = settings(max_examples=2000, derandomize=True, database=None, phases=[Phase.generate])


@given(rationals(fmpq(-1, 3), fmpq(1, 2)))
def test_rationals_stay_between_their_ends(q: fmpq) -> None:
    assert fmpq(-1, 3) <= q <= fmpq(1, 2)


@given(loglinears())
def test_loglinears_are_numbers(value: LogLinear) -> None:
    assert len(value.terms) <= 2


@given(laws("abc"))
def test_laws_live_on_their_outcomes(law: Law[str]) -> None:
    assert set(law.outcomes) <= set("abc")
    assert sum((mass for _, mass in law.items() if isinstance(mass, fmpq)), fmpq(0)) == 1


@pytest.mark.parametrize("family", FAMILIES)
@given(data=st.data())
def test_families(family: ThetaFamily, data: st.DataObject) -> None:
    problem = data.draw(linear_problems(family))
    if family == "rational":
        assert all(t.is_rational for t in problem.theta)
    if family == "log-rational":
        assert all(optimum(problem).law(x).is_rational for x in range(len(problem.prompts)))


@given(linear_problems(max_prompts=3, max_responses=5, max_dimension=4))
def test_sizes(problem: LinearProblem) -> None:
    assert len(problem.prompts) <= 3
    assert max(problem.response_count(x) for x in range(len(problem.prompts))) <= 5
    assert problem.dimension <= 4


@given(linear_problems(), st.data())
def test_policies_stay_on_the_support(problem: LinearProblem, data: st.DataObject) -> None:
    policy = data.draw(policies(problem))
    for x in range(len(problem.prompts)):
        assert set(policy.law(x).outcomes) <= set(problem.support(x))


def test_the_hard_cases_are_reached() -> None:
    find(linear_problems(), lambda p: len(p.support(0)) < p.response_count(0), settings=QUICK)
    find(linear_problems(), lambda p: p.difference_rank() == 0, settings=QUICK)
    find(linear_problems(), lambda p: p.difference_rank() == 2, settings=QUICK)
    find(linear_problems("rational"), lambda p: not p.is_log_rational(), settings=QUICK)
    find(linear_problems("mixed"), lambda p: not optimum(p).law(0).is_rational, settings=QUICK)
    example = find(linear_problems(), lambda p: len(p.prompts) == 2, settings=QUICK)
    find(policies(example), lambda policy: isinstance(policy, TabularPolicy), settings=QUICK)
    find(policies(example), lambda policy: not isinstance(policy, TabularPolicy), settings=QUICK)
