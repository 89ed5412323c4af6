"""Every function of the front door that takes a problem gets extreme ones, and answers."""

import inspect
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import reference as ref
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.exact import LogLinear
from reference.model import LinearProblem
from reference.testing import STRESSES, Stress, extreme_problems

SPAN = ref.SpannerSampling(n_prompt=4, n_pair=2, t_exp=1, M=1, delta=1, mode="span")
"""Inputs with few draws."""


def played(problem: LinearProblem) -> SpannerPolicy:
    policy = ref.play(problem, SPAN, 1).policy
    assert policy is not None
    assert all(r == phi.dot_numbers(problem.theta) for phi, r in policy.psi)
    return policy


def played_tokens(problem: LinearProblem) -> MTSSPolicy:
    policy = ref.play_tokens(problem, ref.MTSS(n_roll=4), 1).policy
    assert policy is not None
    return policy


def answered(law: ref.Law[int]) -> object:
    """Masses are positive; that they sum to 1 every law has checked."""
    assert all(mass > 0 for _, mass in law.items()[:3])
    return law


def enumerated(problem: LinearProblem) -> object:
    """The law of the enumerating learner on a few responses: one run, as there is no noise."""
    table = [[(y, problem.phi(x, y)) for y in problem.support(x)[:4]] for x in range(len(problem.prompts))]
    return ref.law_of(problem, ref.Enumerating(table), of=lambda policy: policy.theta)


def searched(problem: LinearProblem) -> object:
    """One round of brute force over 0 and the true parameter."""
    members = tuple(dict.fromkeys((tuple(LogLinear(ref.rational(0)) for _ in problem.theta), problem.theta)))
    return ref.play_proper(problem, ref.FiniteSet(members), ref.BruteForce(1, members), 1)


def certified(problem: LinearProblem) -> object:
    """Certificates survive being written and read."""
    found = ref.certify(problem)
    ref.check(problem, found)
    written = ref.certificate_json(problem, found.spanner)
    assert ref.read_certificate(problem, written) == found.spanner
    return written


def realizability(problem: LinearProblem) -> object:
    """A linear problem is realizable, by its own parameter."""
    ref.check(problem, ref.certify_realizability(problem))
    return ref.decide_realizability(problem)


def mixture(problem: LinearProblem) -> object:
    """Half of the base model and half of the optimum, if there are few responses."""
    parts = [("1/2", ref.base_policy(problem)), ("1/2", ref.optimum(problem))]
    return answered(ref.mixed(problem, parts).law(0))


CALLS: dict[str, Callable[[LinearProblem], object]] = {
    "arrays": lambda p: ref.arrays(p).beta,
    "base_policy": lambda p: answered(ref.base_policy(p).law(0)),
    "certificate_json": certified,
    "certify": certified,
    "certify_realizability": realizability,
    "check": certified,
    "coverage": lambda p: ref.coverage(p, ref.optimum(p)),
    "coverage_profile": ref.coverage_profile,
    "decide_realizability": realizability,
    "dump": lambda p: ref.parse(ref.dump(p)),
    "gap": lambda p: ref.gap(p, ref.base_policy(p)),
    "ideal_law": lambda p: answered(ref.ideal_law(p, played(p), len(p.prompts) - 1)),
    "ideal_token_policy": lambda p: ref.ideal_token_policy(p, played_tokens(p)),
    "kl": lambda p: ref.kl(p, ref.optimum(p)),
    "l1_coverage": lambda p: ref.l1_coverage(p, ref.optimum(p)),
    "law_of": enumerated,
    "law_of_tokens": lambda p: ref.law_of_tokens(p, lambda oracles: oracles.prompt(), of=lambda x: x),
    "mixed": mixture,
    "objective_gradient": lambda p: ref.objective_gradient(p, p.theta),
    "objective": lambda p: ref.objective(p, ref.optimum(p)),
    "optimal_value": ref.optimal_value,
    "optimum": lambda p: answered(ref.optimum(p).law(0)),
    "play": played,
    "play_proper": searched,
    "play_tokens": played_tokens,
    "read_certificate": certified,
    "soft_values": ref.soft_values,
    "softmax": lambda p: answered(ref.softmax(p, p.theta).law(0)),
    "tilted": lambda p: answered(ref.tilted(p, p.reward).law(0)),
    "token_coverage": lambda p: ref.token_coverage(p, ref.optimum(p)),
}


SLOW = {"ideal_law", "ideal_token_policy", "play_proper", "play_tokens"}
"""Seconds each with a thousand responses."""


def test_every_function_that_takes_a_problem_is_called() -> None:
    found = {name: getattr(ref, name) for name in ref.__all__ if inspect.isfunction(getattr(ref, name))}
    taking = {name for name, value in found.items() if next(iter(inspect.signature(value).parameters), "") == "problem"}
    assert taking == set(CALLS)


@pytest.mark.parametrize("stress", STRESSES)
@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_it_answers(stress: Stress, data: st.DataObject) -> None:
    problem = data.draw(extreme_problems(stress, max_responses=1100))
    called = dict.fromkeys(call for name, call in CALLS.items() if stress != "many-responses" or name not in SLOW)
    for call in called:
        assert call(problem) is not None
