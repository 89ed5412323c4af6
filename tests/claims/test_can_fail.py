"""The properties can fail: three of them, each on one instance and with one thing broken."""

from collections.abc import Callable
from importlib import import_module

import pytest
from flint import fmpq

from reference.algorithms.mtss import MTSS
from reference.algorithms.softmax_sampling import softmax_sampler
from reference.catalog import load_linear
from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import log
from reference.model.policy import base_policy
from reference.model.values import gap
from tests.claims import test_mtss, test_objective, test_softmax_sampler


def once(run: Callable[..., object], *case: object) -> None:
    """Run a property on one case, without Hypothesis around it."""
    run.hypothesis.inner_test(*case)  # type: ignore[attr-defined]  # Hypothesis puts it there


def test_a_gap_that_is_off_in_the_thirtieth_digit_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = load_linear("two-arms")
    case = test_objective.test_the_loss_of_a_policy_is_its_divergence_from_the_optimum, (problem, base_policy(problem))
    once(*case)
    monkeypatch.setattr(test_objective, "gap", lambda *a: gap(*a) * (1 + fmpq(1, 10**30)))
    with pytest.raises(AssertionError):
        once(*case)


def test_a_sampler_with_one_draw_more_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = load_linear("two-arms")
    scores = [log(3), log(2)]
    case = (
        test_softmax_sampler.test_softmax_sampler_draws_from_the_law_of_its_listing,
        (problem, scores, fmpq(0), fmpq(1)), 1, fmpq(2),
    )  # fmt: skip
    once(*case)
    monkeypatch.setattr(
        test_softmax_sampler, "softmax_sampler", lambda o, f, x, M, N: softmax_sampler(o, f, x, M, N + 1)
    )
    with pytest.raises(AssertionError):
        once(*case)


def test_targets_that_are_asked_for_twice_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("reference.algorithms.mtss")
    right = module.target
    case = test_mtss.test_each_pass_but_the_last_adds_one_pair, fair_bits(2, log(4)), MTSS(1), 0
    once(*case)
    monkeypatch.setattr(module, "target", lambda *a: (right(*a), right(*a))[1])
    with pytest.raises(AssertionError):
        once(*case)
