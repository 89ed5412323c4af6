"""The page on how tight the claims are: what its record says is decided again."""

import runpy
from pathlib import Path

import pytest

from proofs_check.claims import registry
from proofs_check.search.listed import TIED
from proofs_check.search.spaces import searchable
from proofs_check.search.unsearched import NOT_SEARCHED

SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "tightness" / "record.py"))  # no package

RECORD = SCRIPT["recorded_tightness"]()


def test_every_checked_claim_is_in_the_record_or_has_a_reason_why_not() -> None:
    assert list(RECORD) == list(searchable())
    checked = [claim for claim in registry() if claim.checks]
    assert {claim.id for claim in checked} == set(RECORD) | set(NOT_SEARCHED)
    assert not set(RECORD) & set(NOT_SEARCHED)
    assert list(NOT_SEARCHED) == [claim.id for claim in checked if claim.id in NOT_SEARCHED]
    assert all(1 <= number <= len(registry()[claim].checks) for claim, number in TIED)


def test_no_recorded_case_is_violated() -> None:
    assert all(RECORD.values())
    assert all(entry["holds"] for entries in RECORD.values() for entry in entries)


@pytest.mark.parametrize(
    "claim", ["gap-oscillation", "coverage-range", "needle-hit", "tradeoff-first-hit", "mtss-sweep"]
)
def test_a_recorded_ratio_is_what_is_decided(claim: str) -> None:
    assert list(SCRIPT["differing"]({claim: RECORD[claim]})) == []


def test_another_ratio_is_seen() -> None:
    (entry,) = RECORD["gap-oscillation"]
    (line,) = SCRIPT["differing"]({"gap-oscillation": [entry | {"ratio": "1/2"}]})
    assert line.startswith(f"gap-oscillation: {entry['statement']}: recorded 1/2, now ")
    (line,) = SCRIPT["differing"]({"gap-oscillation": [entry | {"statement": "none"}]})
    assert line == "gap-oscillation: none: is not reached any more"


@pytest.mark.slow
def test_every_recorded_ratio_is_what_is_decided() -> None:
    assert list(SCRIPT["differing"](RECORD)) == []
