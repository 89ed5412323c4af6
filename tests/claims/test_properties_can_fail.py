"""Faults that the properties of sections 6 to 8 are there for: each is noticed on one small instance."""

import importlib
from collections.abc import Callable

import pytest
from flint import fmpq

import reference as ref
from reference.algorithms.parts.cover import SpanCover
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.exact.linalg import Vector
from tests.claims import test_dnf, test_enumerating, test_proper, test_spanner_policy, test_spanner_sampling
from tests.claims.second_opinion_dnf import Formulas
from tests.claims.second_opinion_float import instance
from tests.claims.second_opinion_spanner import Setting

ARMS = ref.load_linear("two-arms")
SETTING = Setting(ARMS, instance(ARMS), SpannerSampling(2, 1, 1, 1, 1, mode="span"))
BOTH = DnfInstance.of(Formula(2, ((1, 2),)), 8, 2, 1, (1, 1))


def notices(the_property: object, *example: object) -> bool:
    """Whether the property fails on this example."""
    checked: Callable[..., None] = the_property.hypothesis.inner_test  # type: ignore[attr-defined]  # put there by given
    try:
        checked(*example)
    except AssertionError:
        return True
    return False


def test_accepting_what_is_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not notices(test_spanner_sampling.test_phase_1_accepts_few_pairs, SETTING)
    monkeypatch.setattr(SpanCover, "covers", lambda _self, _phi: False)
    assert notices(test_spanner_sampling.test_phase_1_accepts_few_pairs, SETTING)


def test_returning_the_base_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not notices(test_spanner_policy.test_the_rate_of_span_mode, SETTING)
    monkeypatch.setattr(test_spanner_policy, "ideal_law", lambda problem, _policy, x: problem.pi_ref(x))
    assert notices(test_spanner_policy.test_the_rate_of_span_mode, SETTING)


def test_rounding_zero_to_minus_one(monkeypatch: pytest.MonkeyPatch) -> None:
    member = Formulas(BOTH), BOTH.theta((1, 0))
    assert not notices(test_dnf.test_a_parameter_is_no_better_than_what_it_rounds_to, member)
    monkeypatch.setattr(DnfInstance, "assignment", lambda _, theta: tuple(1 if t.sign() > 0 else -1 for t in theta))
    assert notices(test_dnf.test_a_parameter_is_no_better_than_what_it_rounds_to, member)


def test_a_bonus_of_the_wrong_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not notices(test_proper.test_what_the_usual_learners_find, BOTH, "xpo", 4)
    module = importlib.import_module("reference.algorithms.xpo")
    bonus = module.bonus
    monkeypatch.setattr(module, "bonus", lambda *given: -bonus(*given))
    assert notices(test_proper.test_what_the_usual_learners_find, BOTH, "xpo", 4)


def test_no_swaps(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = [Vector(v) for v in ((2, 1), (-2, -2), (-2, 0))]
    assert not notices(test_enumerating.test_a_barycentric_spanner_has_small_coefficients, vectors, fmpq(3, 2))
    monkeypatch.setattr(
        importlib.import_module("reference.algorithms.parts.barycentric_cofactors"), "_violation", lambda *_: None
    )
    assert notices(test_enumerating.test_a_barycentric_spanner_has_small_coefficients, vectors, fmpq(3, 2))
