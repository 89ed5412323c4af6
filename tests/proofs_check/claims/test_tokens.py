"""The claims on soft values and token coverage: every check can fail."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from flint import fmpq

from proofs_check.claims import registry
from proofs_check.claims.multi_turn import coverage_of_tokens, values
from proofs_check.claims.multi_turn.token_trees import REALIZABLE_BITS, TWO_LAYERS, bits
from proofs_check.ledger import fact
from reference.catalog import load
from reference.exact import exp_ratio, log
from reference.exact.law import Law
from reference.model.parts import Edge
from reference.model.policy import NodePolicy, base_policy, optimum
from reference.model.problem import Problem
from reference.model.ratios import coverage, layer_coverages, layer_product, token_coverage
from reference.model.realizability import Realizable, decide_realizability
from reference.model.soft_bellman import SoftValues
from reference.model.tilt import Tilt
from tests.proofs_check.claim_trials import evidence, fails, says


def test_families_hold_both_kinds() -> None:
    assert all(decide_realizability(problem) for problem in REALIZABLE_BITS.each())
    answers = [bool(decide_realizability(problem)) for problem in TWO_LAYERS.each()]
    assert True in answers
    assert False in answers


def test_the_catalog_is_in_the_domains() -> None:
    for name in ("soft-bellman", "q-linear", "path-consistency"):
        assert str(registry()[name].checks[0].domain) == "whole catalog without fair-bits-64, needle-path-16"
    assert str(registry()["coverage-tokens"].checks[0].domain) == "whole catalog"


def test_the_search_is_recorded_and_finds_the_smallest() -> None:
    searched = coverage_of_tokens.tree_search()
    assert len(searched.members) == 48
    sizes = [size for size, _ in searched.members]
    assert sizes == sorted(sizes)
    first, *_ = coverage_of_tokens.smallest_counterexample(searched)
    assert "48 trees searched, " in first.note
    # Nothing smaller: one token, two leaves, or all leaf weights equal
    smaller = [problem for size, problem in searched.members if size < (2, 3, 1)]
    assert all(token_coverage(problem) <= coverage(problem) for problem in smaller)


# ------------------------------------------------------------------------------------------ broken code is noticed


def tree() -> Problem:
    return next(p for p in REALIZABLE_BITS.each() if "(1, 1), (3, 1), (1, 1)" in p.name)


@pytest.mark.parametrize("check", [values.path_consistency, values.q_linear, coverage_of_tokens.coverage_gap])
def test_a_wrong_ratio_or_value_is_noticed(monkeypatch: pytest.MonkeyPatch, check: Callable[..., object]) -> None:
    member = bits(1, log(3)) if check is coverage_of_tokens.coverage_gap else tree()
    assert not fails(check, member)
    right = SoftValues.ratio
    covers = Tilt.coverage
    monkeypatch.setattr(Tilt, "coverage", lambda self: covers(self) * fmpq(3, 2))
    monkeypatch.setattr(SoftValues, "ratio", lambda self, h, i, edge: right(self, h, i, edge) * fmpq(3, 2))

    def q_value(self: SoftValues, h: int, edge: Edge) -> object:
        return self.value(h, 0) + edge.reward * 2

    monkeypatch.setattr(SoftValues, "q_value", q_value)
    assert fails(check, member)


def test_soft_bellman_notices_a_wrong_law_and_a_wrong_value(monkeypatch: pytest.MonkeyPatch) -> None:
    member = tree()
    assert not fails(values.soft_bellman, member)
    with monkeypatch.context() as patch:
        patch.setattr(values, "optimum", lambda p: base_policy(p) if p.horizon > 1 else optimum(p))
        assert says(values.soft_bellman, member) == "pi*(a_1..a_H|x) = prod_h pi*_h(a_h|x,a_<h)"
    right = SoftValues.value
    monkeypatch.setattr(SoftValues, "value", lambda self, h, i: right(self, h, i) + fmpq(1, 10**30))
    assert says(values.soft_bellman, member) == "V_1(x) = beta log Z(x)"


def test_soft_bellman_notices_one_node_that_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def off(problem: Problem) -> NodePolicy:
        best = values.myopic(problem)
        return NodePolicy(problem, lambda h, i: Law.of({0: 1}) if (h, i) == (1, 1) else best.at(h, i))

    monkeypatch.setattr(values, "optimum", off)
    assert fails(values.soft_bellman, load("clean-sweep"))


def test_q_linear_notices_a_wrong_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(problem: Problem) -> Realizable:
        found = decide_realizability(problem)
        assert isinstance(found, Realizable)
        return replace(found, thetas=tuple(tuple(entry * 2 for entry in theta) for theta in found.thetas))

    monkeypatch.setattr(values, "decide_realizability", wrong)
    assert "differs from Q - Q'" in evidence(values.q_linear, tree()).trouble  # its certificate is refused
    monkeypatch.setattr(values, "check_realizable", lambda *_: None)
    assert says(values.q_linear, tree()) == "pi*_h = pi_{h,theta}"
    monkeypatch.setattr(values, "in_the_class", lambda *_: fact("", True, ""))
    assert says(values.q_linear, tree()).startswith("Q_h(.a) - Q_h(.a') =")


def test_q_linear_with_a_given_parameter_notices_that_it_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    member = load("fair-bits-3")
    right = tuple((log(4),) for _ in range(3))
    assert not fails(values.q_linear_with_theta, (member, right))
    wrong = ((log(4),), (log(4),), (log(5),))
    assert says(values.q_linear_with_theta, (member, wrong)) == "pi*_h = pi_{h,theta}"
    monkeypatch.setattr(values, "in_the_class", lambda *_: fact("", True, ""))
    assert says(values.q_linear_with_theta, (member, wrong)).startswith("Q_h(.a) - Q_h(.a') =")


def test_the_chain_notices_a_missing_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_the_last(problem: Problem) -> object:
        first, *others = layer_coverages(problem)[:-1]
        product = exp_ratio(first)
        for other in others:
            product = product * other
        return product

    chain, member = coverage_of_tokens.coverage_tokens, load("fair-bits-3")
    assert not fails(chain, member)
    monkeypatch.setattr(coverage_of_tokens, "layer_product", without_the_last)
    assert says(chain, member) == "C_cov <= prod_h max pi*_h/pi_ref,h"


def test_the_chain_notices_a_layer_that_counts_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage_of_tokens, "layer_product", lambda p: exp_ratio(layer_product(p)) * fmpq(8, 5))
    assert says(coverage_of_tokens.coverage_tokens, load("fair-bits-3")).endswith("<= C_cond^H")


def test_the_chain_notices_a_token_coverage_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    # C_cond = 8 and R_max = 3, beta = 1: 8 < e^3 < 64
    chain, member = coverage_of_tokens.coverage_tokens, load("clean-sweep")
    assert not fails(chain, member)
    monkeypatch.setattr(coverage_of_tokens, "token_coverage", lambda p: token_coverage(p) ** 2)
    assert says(chain, member) == "C_cond <= e^(R_max/beta)"


def test_the_chain_notices_different_coverages_at_one_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    chain, member = coverage_of_tokens.coverage_tokens, bits(1, log(3))
    assert not fails(chain, member)
    monkeypatch.setattr(coverage_of_tokens, "coverage", lambda p: coverage(p) / 2)
    assert says(chain, member) == "C_cond = C_cov at H = 1"


def test_a_search_without_the_smallest_counterexamples_does_not_find_it() -> None:
    searched = coverage_of_tokens.tree_search()
    assert not fails(coverage_of_tokens.smallest_counterexample, searched)
    others = tuple(member for member in searched.members if member[0] != (2, 3, 1))
    assert 0 < len(others) < 48
    missing = replace(searched, members=others)
    assert says(coverage_of_tokens.smallest_counterexample, missing).startswith("the smallest has H = 2, 3 leaves")
    found = [m for m in searched.members if token_coverage(m[1]) > coverage(m[1])]
    one_less = replace(searched, members=tuple(m for m in searched.members if m is not found[-1]))
    assert says(coverage_of_tokens.smallest_counterexample, one_less) == "8 trees have C_cond > C_cov"


def test_equal_weights_refute_nothing() -> None:
    family = coverage_of_tokens.refuting_family
    assert not fails(family, fmpq(99, 100))
    assert says(family, fmpq(1)) == "C_cond > C_cov"


def test_the_gap_notices_rewards_that_are_not_the_same_at_every_layer() -> None:
    problem = bits(2, log(3))
    (first,), (zero, one) = problem.layers[0], problem.layers[1][0]
    uneven = replace(problem, layers=((first,), ((zero, replace(one, reward=log(2))),)))
    assert not fails(coverage_of_tokens.coverage_gap, problem)
    assert says(coverage_of_tokens.coverage_gap, uneven) == "C_cov = C_cond^H"


def test_the_gap_has_its_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    member = bits(8, log(3))
    stronger = partial(coverage_of_tokens.coverage_gap, base=3)
    assert not fails(coverage_of_tokens.coverage_gap, member)
    assert not fails(stronger, member)  # 1 - 8/3 < 0: nothing is claimed at so small a reward
    assert says(stronger, bits(8, log(10**6))) == "C_cov >= 2^H (1 - H e^(-r/beta))"
    monkeypatch.setattr(coverage_of_tokens, "token_coverage", lambda p: token_coverage(p) * 2)
    assert says(coverage_of_tokens.coverage_gap, member) == "C_cond < 2"
