"""The claims on soft values and token coverage: witnesses hold, mutations are rejected, broken code is noticed."""

from collections.abc import Callable

import pytest
from flint import fmpq

from proofs_check.claims import section9_coverage, section9_values
from proofs_check.claims.section9_setting import REALIZABLE_BITS, TWO_LAYERS
from proofs_check.ledger import Check, Claim, Family, run_claim
from proofs_check.ledger.kernel import gather
from reference.model.realizability import decide_realizability
from reference.model.soft_values import SoftValues
from reference.model.token_coverage import sequence_coverage, token_coverage
from reference.model.tokens import Edge

CLAIMS = section9_values.CLAIMS + section9_coverage.CLAIMS


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_witness_holds_and_the_mutation_is_rejected(claim: Claim) -> None:
    assert claim.witness is not None
    assert claim.mutation is not None
    witness = gather(claim.witness)
    assert (witness.verdict.value, witness.trouble) == ("holds", "")
    assert gather(claim.mutation.check, until_violated=True).violated


@pytest.mark.slow
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_claim_holds(claim: Claim) -> None:
    report = run_claim(claim)
    assert (report.verdict.value, report.reason) == ("holds", "")


def test_families_hold_both_kinds() -> None:
    assert all(decide_realizability(problem) for problem in REALIZABLE_BITS.each())
    answers = [bool(decide_realizability(problem)) for problem in TWO_LAYERS.each()]
    assert True in answers
    assert False in answers


def test_the_search_is_recorded_and_finds_the_smallest() -> None:
    searched = section9_coverage.search()
    assert len(searched.members) == 48
    sizes = [size for size, _ in searched.members]
    assert sizes == sorted(sizes)
    first, *_ = section9_coverage.smallest_counterexample(searched)
    assert "48 trees searched, " in first.note
    # Nothing smaller: one token, two leaves, or all leaf weights equal
    smaller = [problem for size, problem in searched.members if size < (2, 3, 1)]
    assert all(token_coverage(problem) <= sequence_coverage(problem) for problem in smaller)


def fails(run_on: Callable[..., object], member: object) -> bool:
    check: Check[object] = Check(Family("test", 1, lambda: [member]), run_on)  # type: ignore[arg-type]  # any member
    return gather(check).violated > 0


@pytest.mark.parametrize(
    "check", [section9_values.path_consistency, section9_values.q_linear, section9_coverage.coverage_gap]
)
def test_a_wrong_ratio_or_value_is_noticed(monkeypatch: pytest.MonkeyPatch, check: Callable[..., object]) -> None:
    bits = next(iter(section9_coverage.FAIR_BITS.each()))
    tree = next(p for p in REALIZABLE_BITS.each() if "(1, 1), (3, 1), (1, 1)" in p.name)
    member = bits if check is section9_coverage.coverage_gap else tree
    assert not fails(check, member)
    right = SoftValues.ratio
    monkeypatch.setattr(SoftValues, "ratio", lambda self, h, i, edge: right(self, h, i, edge) * fmpq(3, 2))

    def q_value(self: SoftValues, h: int, edge: Edge) -> object:
        return self.value(h, 0) + edge.reward * 2

    monkeypatch.setattr(SoftValues, "q_value", q_value)
    assert fails(check, member)
