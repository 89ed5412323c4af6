"""Section 7's claims about formulas: mutations are rejected; domains and searches are what they say."""

from itertools import product

import pytest
from flint import fmpq

from proofs_check.claims import section7_dnf, section7_dnf_commitment, section7_dnf_decoding
from proofs_check.claims.section7_dnf import Aim, bound, planted_instances, small_instances, tight
from proofs_check.claims.section7_dnf_commitment import WITNESSES, Chooser, instance_of, loss, options, quarter
from proofs_check.claims.section7_dnf_decoding import divergence
from proofs_check.ledger import Claim, Grade, Verdict, run_claim
from reference.constructions.dnf import DnfInstance, Formula
from reference.constructions.dnf_vertices import assignments
from reference.exact import log, real
from tests.proofs_check.claim_trials import mutation_is_rejected

CLAIMS = (*section7_dnf.CLAIMS, *section7_dnf_decoding.CLAIMS, *section7_dnf_commitment.CLAIMS)

GRADES = {
    "dnf-completeness": {Grade.SYMBOLIC, Grade.EXHAUSTIVE, Grade.SAMPLED},
    "dnf-soundness": {Grade.SYMBOLIC, Grade.EXHAUSTIVE, Grade.ENCLOSED, Grade.SAMPLED},
    "dnf-decoding": {Grade.SYMBOLIC, Grade.EXHAUSTIVE, Grade.ENCLOSED, Grade.SAMPLED},
    "dnf-commitment": {Grade.EXHAUSTIVE},
}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_mutation_is_rejected(claim: Claim) -> None:
    mutation_is_rejected(claim)


@pytest.mark.slow  # verify decides it, in CI too
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_claim_holds(claim: Claim) -> None:
    report = run_claim(claim)
    assert report.verdict is Verdict.HOLDS, report.reason
    # of the checks: whether the Coq proofs were audited here is another matter
    assert {check.grade for check in report.checks} == GRADES[report.id]


def test_the_bound_is_the_instance_s() -> None:
    for instance in (*list(small_instances())[:20], *list(planted_instances())[:3]):
        for value in (fmpq(0), fmpq(1, 3), fmpq(1)):
            assert bound(instance, value) == instance.bound(value)


def test_chance_by_hand() -> None:
    # x1 & !x2 at t = (1, 0): weight L/A = 1/4 against 31/32
    aim = Aim(DnfInstance.of(Formula(2, ((1, -2),)), 8, 2, 1, (1, -1)), (fmpq(1), fmpq(0)))
    assert aim.rounded == (1, 1)
    assert aim.chance == aim.instance.chance(aim.t) == fmpq(8, 39)


def test_tight_parameters_do_not_satisfy_everything() -> None:
    assert any(aim.instance.formula.value(aim.rounded) not in {0, 1} for aim in tight())
    assert {aim.instance.formula.k for aim in tight()} == {2, 3}


def test_divergence_by_hand() -> None:
    # A = 3, L = 1, p = 1/9, k = 2: a = 9/17, b = (1/3)/(11/9) = 3/11
    a, b = fmpq(9, 17), fmpq(3, 11)
    expected = (log(b) - log(a)) * b + (log(1 - b) - log(1 - a)) * (1 - b)
    assert divergence(fmpq(1, 9), fmpq(1), fmpq(3)) == real(expected)


def test_options_are_undominated_and_attained() -> None:
    instance = instance_of(Formula(2, ((1, 2), (1, -2), (-1, 2))))
    for j in range(3):
        listed = options(instance, j)
        for value, chance, vertex in listed:
            assert instance.formula.value(vertex) == value
            assert instance.answers[instance.formula.satisfied(vertex)[j]] == chance
        for a in assignments(2):
            value, chance = instance.formula.value(a), instance.answers[instance.formula.satisfied(a)[j]]
            assert any(v <= value and c >= chance for v, c, _ in listed)


def test_the_quarter_search_against_all_choosers() -> None:
    # every one of the 4^5 choosers on the witness, by the definition
    instance = instance_of(WITNESSES["quarter"])
    formula, level = instance.formula, fmpq(1, 4) - loss(instance)
    vertices = list(assignments(2))
    found = []
    for choice in product(vertices, repeat=5):
        hit = sum((instance.answers[formula.satisfied(a)[j]] for j, a in enumerate(choice)), fmpq(0)) / 5
        often = fmpq(sum(formula.value(a) >= level for a in choice), 5)
        if hit >= fmpq(1, 2) and often < fmpq(1, 4):
            found.append(choice)
    chooser = quarter(instance)
    assert chooser is not None
    assert chooser.vertices in found


def test_a_chooser_s_law() -> None:
    instance = instance_of(WITNESSES["chance"])
    law = Chooser(instance, ((1,), (-1,))).law()
    assert law.mass((fmpq(1, 2), True)) == instance.hit
