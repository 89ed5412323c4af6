"""The claims on MTSS: every check can fail."""

from dataclasses import replace
from functools import partial
from importlib import import_module
from itertools import islice

import pytest
from flint import fmpq

from proofs_check.claims.multi_turn import mtss, mtss_by_hand, mtss_limits, mtss_runs
from reference.algorithms.mtss import MTSS
from reference.catalog import load
from reference.constructions.fair_bit_strings import fair_bits
from reference.constructions.opposites import opposite_rewards
from reference.exact import log, real
from reference.interaction import law_of
from reference.model.policy import base_policy
from tests.proofs_check.claim_trials import evidence, fails, says

# ------------------------------------------------------------------------------------------ what is looked at


@pytest.mark.parametrize("p", mtss.LOOKS, ids=["listing", "draws"])
def test_line_3_has_the_same_outcomes_and_transcripts_if_runs_are_merged(p: MTSS) -> None:
    problem = next(islice(mtss.some_realizable_bits(), 3, None))
    for state in mtss_runs.states(problem, p):
        program = partial(mtss_runs.fitted, problem, state)
        assert law_of(program) == law_of(program, merge=False)


# ------------------------------------------------------------------------------------------ broken code is noticed


def test_restarts_notices_a_run_that_passes_or_asks_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    check, member = partial(mtss.mtss_restarts, seeds=1), load("fair-bits-3")
    right = mtss_runs.run_mtss
    with monkeypatch.context() as patch:
        patch.setattr(mtss, "run_mtss", lambda *a: right(*a)._replace(passes=9))
        assert says(check, member) == "passes = n + 1"
    with monkeypatch.context() as patch:
        patch.setattr(mtss, "run_mtss", lambda *a: right(*a)._replace(t_data=99))
        assert says(check, member) == "T_data <= n (n + 1) N_out"
    with monkeypatch.context() as patch:
        patch.setattr(mtss, "run_mtss", lambda *a: right(*a)._replace(t_data=1))
        assert says(check, member) == "T_data >= 2 n N_out"
    with monkeypatch.context() as patch:
        patch.setattr(mtss, "run_mtss", lambda q, p, c: right(q, replace(p, n_out=2), c))
        assert says(mtss.restarts_in_law, mtss_by_hand.one_layer()) == "T_data == n (n + 1) N_out"
    assert not fails(check, member)


def test_restarts_notices_vectors_that_are_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    right = mtss_runs.run_mtss

    def twice(*arguments: object) -> mtss_runs.MTSSRun:
        found = right(*arguments)  # type: ignore[arg-type]  # passed on
        return found._replace(vectors=tuple(v * 4 for v in found.vectors), passes=1, t_data=0)

    monkeypatch.setattr(mtss, "run_mtss", twice)
    assert fails(partial(mtss.mtss_restarts, seeds=1), load("fair-bits-3"))


def test_exactness_notices_a_wrong_parameter_and_a_wrong_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    check, member = partial(mtss.mtss_exact_where_covered, seeds=2), load("fair-bits-3")
    right = mtss_runs.fitted

    def off(*arguments: object) -> mtss_runs.Fitted:
        found = right(*arguments)  # type: ignore[arg-type]  # passed on
        assert found is not None
        first, *others = found.layers
        return found._replace(layers=(first._replace(theta=(log(3),)), *others))

    with monkeypatch.context() as patch:
        patch.setattr(mtss, "fitted", off)
        assert says(check, member).startswith("(i) theta_1 = theta*_1")
    with monkeypatch.context() as patch:
        patch.setattr(mtss, "ideal_token_policy", lambda problem, _: base_policy(problem))
        assert says(check, member).startswith("(ii) line 8 draws from pi*_")
    monkeypatch.setattr(mtss, "gap", lambda *_: fmpq(1))
    assert says(check, member) == "(iii) the returned policy is pi*"


def test_exactness_notices_returns_that_are_not_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("reference.algorithms.mtss"), "real_sum", lambda _: real(0))
    assert fails(mtss.exact_in_law, load("clean-sweep"))
    assert fails(partial(mtss.mtss_exact_where_covered, seeds=2), load("markov-bits"))


def test_the_probability_of_a_wrong_sweep_notices_cached_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    check, member = partial(mtss.mtss_clean_sweep, sweeps=2), load("clean-sweep")
    assert not fails(check, member)
    monkeypatch.setattr(mtss, "log", lambda _: log(3))
    assert fails(check, member)


def test_rounding_notices_a_coarser_grid_and_a_larger_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    fit, lost, member = mtss_limits.mtss_rounded_fit, mtss_limits.mtss_rounded_gap, fair_bits(3, log(3))
    assert not fails(partial(fit, seeds=2), member)
    assert not fails(partial(lost, seeds=2), member)
    with monkeypatch.context() as patch:
        patch.setattr(mtss_limits, "gap", lambda *_: fmpq(100))
        assert says(lost, member) == "gap <= 2 sum_h eta_h"
    monkeypatch.setattr(mtss_limits, "kappa", lambda *_: fmpq(1, 10**6))
    assert says(fit, member).startswith("|f_")


def test_the_rounding_claim_sees_runs_that_cover_everything() -> None:
    for member in mtss_limits.EXACT_BITS.each():
        assert evidence(mtss_limits.mtss_rounded_fit, member).cases >= 4


def test_unrealizable_notices_a_wrong_gap_and_a_wrong_probability(monkeypatch: pytest.MonkeyPatch) -> None:
    check, member = mtss_limits.mtss_unrealizable, opposite_rewards(log(3))
    assert not fails(check, member)
    with monkeypatch.context() as patch:
        patch.setattr(mtss_limits, "decide_realizability", lambda _: True)
        assert says(check, member) == "not realizable"
    right = mtss_limits.end
    with monkeypatch.context() as patch:
        patch.setattr(mtss_limits, "end", lambda q, p, c: right(q, replace(p, n_pair=3), c))
        assert says(check, member) == "P(pi_ref is returned)"
    monkeypatch.setattr(mtss_limits, "gap", lambda *_: fmpq(0))
    assert fails(partial(mtss_limits.left_with, seeds=1), load("linear-not-realizable"))
