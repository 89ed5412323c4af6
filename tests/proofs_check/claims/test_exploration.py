"""The claims dnf-exploration-* and dnf-baselines-* say something, and notice what is wrong."""

from itertools import islice

import pytest
from flint import fmpq

from proofs_check.claims.proper import proper_runs
from proofs_check.claims.proper.baselines import decoys, dnf_baselines_passive
from proofs_check.claims.proper.exploration import (
    coin_flips,
    dnf_exploration_luck,
    dnf_exploration_mean,
    dnf_exploration_search,
)
from proofs_check.claims.proper.proper_runs import ProperRun, found_by, small_runs
from proofs_check.ledger import Grade
from proofs_check.reduction.exploration import chance
from proofs_check.reduction.null_run import promised
from reference.constructions.dnf.best_vertex import best_assignment
from reference.constructions.dnf.formula import Formula

SAMPLED_TOO = {Grade.EXHAUSTIVE, Grade.SAMPLED}


def test_the_bounds_say_something() -> None:
    # where a 1 is found half the time, 1/(4T) - (L/A)/(1-p) is above 0
    found = [run for run in islice(small_runs(), 24) if list(dnf_exploration_search(run))]
    assert all(promised(run.instance, run.T) > 0 for run in found)
    assert {run.name for run in found} >= {"brute-force", "naming", "coin-flip", "xpo", "xpo-exhaustive"}
    assert not {run.name for run in found} & {"passive", "online-dpo", "online-dpo-preferences"}


def test_the_coin_by_hand() -> None:
    # !x1 & !x2, T = 5: heads 1 - (1-a)^5, tails 1 - (1-p)^5; the sum is just above 1
    run = next(iter(coin_flips()))
    p, a = fmpq(9, 10**6), fmpq(9) / (10 - fmpq(9, 10**6))
    assert found_by(run).q == 1 - ((1 - a) ** 5 + (1 - p) ** 5) / 2 > fmpq(1, 2)
    assert all(case.holds for case in dnf_exploration_luck(run))
    assert not all(case.holds for case in dnf_exploration_search(run, often=fmpq(51, 100)))
    assert all(case.holds for case in dnf_exploration_search(run, often=fmpq(1, 2)))


def test_xpo_is_not_passive() -> None:
    assert not all(case.holds for case in dnf_baselines_passive(ProperRun.of(Formula(1, ((1,),)), "xpo", 4)))
    assert all(case.holds for case in dnf_baselines_passive(ProperRun.of(Formula(1, ((1,),)), "xpo", 2)))


def test_decoys() -> None:
    formula = decoys(8)
    assert best_assignment(formula).value == fmpq(8, 15)
    assert best_assignment(formula).assignment == (1, 1, 1)
    assert len(set(formula.terms)) == 8


def test_odd_budgets_of_pairs_are_cut() -> None:
    # 5 draws of a method with pairs are 2 rounds: 4 draws
    assert not all(case.holds for case in dnf_baselines_passive(ProperRun.of(Formula(1, ((1,),)), "passive", 5)))


def test_a_learner_without_a_coin_has_a_good_iterate_in_every_transcript() -> None:
    cases = list(dnf_exploration_search(ProperRun.of(Formula(2, ((-1, -2),)), "naming", 1), often=fmpq(1)))
    assert len(cases) == 2
    assert all(case.holds for case in cases)


def test_a_soundness_that_is_too_strong_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    # were T E max c >= q + 1/100 claimed, naming with T = 1 would refute it: there it is an equality
    monkeypatch.setattr(proper_runs, "chance", lambda public, theta: chance(public, theta) - fmpq(1, 100))
    run = ProperRun.of(Formula(1, ((1,),)), "naming", 1)
    failed = {case.statement for case in dnf_exploration_mean(run) if not case.holds}
    assert failed == {"T E_null max_t c(theta_t) >= q"}
