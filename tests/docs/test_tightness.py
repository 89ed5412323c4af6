"""The page on how tight the claims are: what its record says is decided again."""

import runpy
from pathlib import Path

import pytest

from proofs_check.search.spaces import searchable

SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "tightness" / "record.py"))  # no package

RECORD = SCRIPT["recorded_tightness"]()


def test_the_record_speaks_of_claims_that_can_be_searched() -> None:
    assert [claim for claim in searchable() if claim in RECORD] == list(RECORD)
    assert all(entry["holds"] for entries in RECORD.values() for entry in entries)


@pytest.mark.parametrize("claim", ["gap-oscillation", "coverage-range", "needle-hit"])
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
