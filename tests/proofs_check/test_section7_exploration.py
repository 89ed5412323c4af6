"""The claims dnf-exploration and dnf-baselines reject their mutations, and notice what is wrong."""

from itertools import islice

import pytest
from flint import fmpq

from proofs_check.claims import section7_baselines, section7_exploration
from proofs_check.claims.section7_baselines import as_passive, decoys
from proofs_check.claims.section7_exploration import Run, coins, exploration, finding, laws, methods, transcripts
from proofs_check.ledger import Claim, Grade, Verdict, run_claim
from proofs_check.training_time.exploration import chance
from proofs_check.training_time.reduction import promised
from reference.constructions.dnf import Formula
from reference.constructions.dnf_vertices import best_assignment
from tests.proofs_check.claim_trials import mutation_is_rejected

CLAIMS = (*section7_exploration.CLAIMS, *section7_baselines.CLAIMS)

GRADES = {"dnf-exploration": {Grade.EXHAUSTIVE, Grade.SAMPLED}, "dnf-baselines": {Grade.EXHAUSTIVE}}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_mutation_is_rejected(claim: Claim) -> None:
    mutation_is_rejected(claim)


@pytest.mark.slow  # verify decides it, in CI too
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_claim_holds(claim: Claim) -> None:
    report = run_claim(claim)
    assert report.verdict is Verdict.HOLDS, report.reason
    assert {check.grade for check in report.checks} == GRADES[report.id]


def test_the_bounds_say_something() -> None:
    # where a 1 is found half the time, 1/(4T) - (L/A)/(1-p) is above 0
    found = [run for run in islice(methods(), 24) if list(finding(run))]
    assert all(promised(run.instance, run.T) > 0 for run in found)
    assert {run.name for run in found} >= {"brute-force", "naming", "coin-flip", "xpo", "xpo-exhaustive"}
    assert not {run.name for run in found} & {"passive", "online-dpo", "online-dpo-preferences"}


def test_the_coin_by_hand() -> None:
    # !x1 & !x2, T = 5: heads 1 - (1-a)^5, tails 1 - (1-p)^5; the sum is just above 1
    run = next(iter(coins()))
    p, a = fmpq(9, 10**6), fmpq(9) / (10 - fmpq(9, 10**6))
    explored, _ = laws(run)
    q = explored.probability(lambda found: found.hit)
    assert q == 1 - ((1 - a) ** 5 + (1 - p) ** 5) / 2 > fmpq(1, 2)
    assert all(case.holds for case in transcripts(run))
    assert not all(case.holds for case in finding(run, often=fmpq(51, 100)))
    assert all(case.holds for case in finding(run, often=fmpq(1, 2)))


def test_xpo_is_not_passive() -> None:
    assert not all(case.holds for case in as_passive(Run.of(Formula(1, ((1,),)), "xpo", 4)))
    assert all(case.holds for case in as_passive(Run.of(Formula(1, ((1,),)), "xpo", 2)))


def test_decoys() -> None:
    formula = decoys(8)
    assert best_assignment(formula).value == fmpq(8, 15)
    assert best_assignment(formula).assignment == (1, 1, 1)
    assert len(set(formula.terms)) == 8


def test_odd_budgets_of_pairs_are_cut() -> None:
    # 5 draws of a method with pairs are 2 rounds: 4 draws
    assert not all(case.holds for case in as_passive(Run.of(Formula(1, ((1,),)), "passive", 5)))


def test_a_learner_without_a_coin_has_a_good_iterate_in_every_transcript() -> None:
    cases = list(finding(Run.of(Formula(2, ((-1, -2),)), "naming", 1), often=fmpq(1)))
    assert len(cases) == 3
    assert all(case.holds for case in cases)


def test_a_soundness_that_is_too_strong_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    # were T E max c >= q + 1/100 claimed, naming with T = 1 would refute it: there it is an equality
    monkeypatch.setattr(section7_exploration, "chance", lambda public, theta: chance(public, theta) - fmpq(1, 100))
    failed = {case.statement for case in exploration(Run.of(Formula(1, ((1,),)), "naming", 1)) if not case.holds}
    assert "T E_null max_t c(theta_t) >= q" in failed
