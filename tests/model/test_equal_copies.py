"""An equal copy of a problem (unpickled, loaded again) is served as the problem itself, and as fast."""

import gc
import pickle
from collections.abc import Callable
from typing import TypeVar
from weakref import ref

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import LogLinear, Real, log
from reference.exact.law import Law
from reference.model import (
    LinearProblem,
    Policy,
    Prompt,
    Response,
    SupportError,
    TabularPolicy,
    coverage,
    gap,
    kl_at,
    objective,
    optimum,
    softmax,
    tilted,
    value_at,
)
from reference.model.forms import Form, Plain
from reference.model.policy import NodePolicy, base_policy
from reference.model.problem import Problem
from reference.model.tilt import Tilt
from reference.model.walk import Walk
from reference.testing import linear_problems

P = TypeVar("P", LinearProblem, Problem)


def copied(problem: P) -> P:
    copy: P = pickle.loads(pickle.dumps(problem))  # noqa: S301 (our own)
    assert copy is not problem
    assert copy == problem
    return copy


def wide(n: int) -> LinearProblem:
    """Irrational masses, all exponents different."""
    total = n * (n + 1) // 2
    responses = [Response.of(f"y{i}", fmpq(i + 1, total), [fmpq(i, n), 0]) for i in range(n)]
    return LinearProblem.of("wide", [Prompt.of("x", responses)], theta=[1, 0], beta=1, B=1, R_max=1)


def square(_x: int, y: int) -> LogLinear:
    return LogLinear(fmpq(y * y, 100))


POLICIES: dict[str, Callable[[LinearProblem], NodePolicy]] = {
    "optimum": optimum,
    "softmax": lambda problem: softmax(problem, ["1/3", 2]),
    "tilted": lambda problem: tilted(problem, square),
}


def form_on(problem: LinearProblem, policy: Policy) -> Form:
    """What the policy is at the first prompt, for all that is computed of it."""
    walk = Walk(problem, policy, "J is -inf")
    return walk.layers[0][walk.roots[0]]


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_keeps_its_closed_forms_on_an_equal_copy(name: str) -> None:
    problem = wide(5)
    copy, again = copied(problem), copied(problem)
    policy = POLICIES[name](problem)
    mine = policy.form(0, 0)
    assert isinstance(mine, Tilt)
    assert form_on(copy, policy) is form_on(again, policy) is form_on(problem, policy) is mine
    assert form_on(problem, POLICIES[name](copy)) == mine


def test_the_optimum_of_a_copy_belongs_to_the_copy() -> None:
    problem = wide(3)
    assert optimum(problem) is optimum(problem)
    copy = copied(problem)
    assert optimum(copy) is optimum(copy)
    assert optimum(copy).problem is copy


@pytest.mark.parametrize("measure", [kl_at, value_at, coverage, gap], ids=lambda measure: measure.__name__)
@pytest.mark.parametrize("name", POLICIES)
def test_no_law_is_formed_for_an_equal_copy(
    measure: Callable[..., object], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Laws are the long way: each mass over one long sum, then as many logarithms."""
    problem = wide(5)
    policy, copy = POLICIES[name](problem), copied(problem)
    place = () if measure in {coverage, gap} else (0,)
    expected = measure(problem, policy, *place)

    def refuse(*_: object) -> None:
        pytest.fail("a law was formed")

    monkeypatch.setattr("reference.model.policy.NodePolicy.law", refuse)
    found = measure(copy, policy, *place)
    measure(copy, POLICIES[name](copy), *place)
    assert (
        found.exact == expected.exact if isinstance(expected, Real) and isinstance(found, Real) else found == expected
    )


@given(linear_problems(), st.integers(-2, 2))
def test_an_equal_copy_has_the_same_values(problem: LinearProblem, t: int) -> None:
    copy, policy = copied(problem), softmax(problem, [t] * problem.dimension)
    by_laws = TabularPolicy(problem, [policy.law(x) for x in range(len(problem.prompts))])
    assert coverage(copy, policy) == coverage(problem, policy) == coverage(copy, by_laws)
    for measure in (gap, objective):
        assert (measure(copy, policy) - measure(problem, policy)).exact == 0
        assert abs((measure(copy, policy) - measure(copy, by_laws)).enclosure(128)) < fmpq(1, 2**64)


def test_other_problems_have_no_closed_form() -> None:
    problem = wide(3)
    policy = softmax(problem, [1, 0])
    common = {"theta": problem.theta, "B": problem.B, "R_max": 5}
    warmer = LinearProblem.of("wide", problem.prompts, beta=2, **common)  # type: ignore[arg-type]  # a mixed dictionary
    shorter = LinearProblem.of("wide", wide(2).prompts, beta=1, **common)  # type: ignore[arg-type]  # a mixed dictionary
    assert isinstance(form_on(warmer, policy), Plain)
    with pytest.raises(SupportError, match="response 2 to prompt 'x' has positive mass"):
        form_on(shorter, policy)
    assert isinstance(form_on(wide(3), policy), Tilt)


def test_a_copy_is_compared_once_however_often_it_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    prompts = [
        Prompt.of(f"x{i}", [Response.of("a", "1/2", [1]), Response.of("b", "1/2", [0])], rho="1/20") for i in range(20)
    ]
    problem = LinearProblem.of("many", prompts, theta=[1], beta=1, B=1, R_max=1)
    policy, copy = softmax(problem, ["1/2"]), copied(problem)
    compared = 0
    plain = LinearProblem.__eq__

    def counting(self: LinearProblem, other: object) -> bool:
        nonlocal compared
        compared += 1
        return plain(self, other)

    def hashed(_: LinearProblem) -> int:
        pytest.fail("a problem was hashed")

    monkeypatch.setattr(LinearProblem, "__eq__", counting)
    monkeypatch.setattr(LinearProblem, "__hash__", hashed)
    for _ in range(3):
        assert objective(copy, policy) < objective(copy, optimum(copy))
        assert gap(copy, policy) > 0
    assert compared == 1


def test_what_is_remembered_goes_with_its_problem() -> None:
    problem = wide(3)
    plain = pickle.dumps(problem)
    policy, copy = optimum(problem), copied(problem)
    assert isinstance(form_on(copy, policy), Tilt)
    assert pickle.dumps(problem) == plain
    gone = ref(copy)
    del copy
    gc.collect()
    assert gone() is None  # a policy does not hold the copies it was asked about
    gone = ref(problem)
    del problem, policy
    gc.collect()
    assert gone() is None


def test_token_policies_of_an_equal_copy_are_not_expanded() -> None:
    """Prefix by prefix these would be 2^64 sequences."""
    problem = fair_bits(64, log(3))
    copy, best = copied(problem), optimum(problem)
    assert gap(copy, best).exact == 0
    assert optimum(copy).problem is copy
    assert gap(problem, optimum(copy)).exact == 0
    assert objective(copy, base_policy(problem)).exact == log(3) * 32
    other = fair_bits(64, log(5))
    always = NodePolicy(problem, lambda _h, _i: Law.point(1))
    with pytest.raises(ValueError, match="sequences"):
        gap(other, always)
