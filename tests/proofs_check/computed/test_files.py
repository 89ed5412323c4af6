"""The files of computed laws: they are what Python's listings come to, and no other text passes for one."""

import json
from fractions import Fraction
from hashlib import sha256

import pytest

from proofs_check.computed import files
from proofs_check.computed.cost import seconds_of_law
from proofs_check.computed.laws import laws_of_listing
from proofs_check.ledger.coq import FOLDER
from reference.catalog import load_linear, parse_linear
from reference.catalog.loading import file_of

import certified_form  # isort: skip - scripts beside the audit; their folder is known after proofs_check.ledger
import computed_form as form  # isort: skip

CATALOG = (FOLDER / "computed" / "catalog.v").read_text(encoding="utf-8")
RANDOM = (FOLDER / "computed" / "random.v").read_text(encoding="utf-8")
KNOWN = [certified_form.read(file_of(name)) for name in files.catalog_names()]
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def test_the_committed_file_of_the_catalog_has_pythons_laws() -> None:
    assert files.catalog_text() == CATALOG
    assert form.claimed_runs(CATALOG, KNOWN) == [["Rejection", "Sampler", "Returned"]] * len(KNOWN)


def test_the_random_instances_are_the_recorded_ones() -> None:
    assert sha256(RANDOM.encode()).hexdigest()[:16] == "978f6193037dc9c5"
    runs = form.claimed_runs(RANDOM, [(name, written) for name, _, written in form.random_instances()])
    assert len(runs) == form.RANDOM == 200
    assert all(kinds[:2] == ["Rejection", "Sampler"] for kinds in runs)


@pytest.mark.parametrize("number", range(1, form.RANDOM, 13))
def test_some_random_laws_are_pythons(number: int) -> None:
    document = form.random_document(number)
    _, written = certified_form.of_document(document)
    problem = parse_linear(json.dumps(document))
    for setting in files.random_runs(number, written):
        assert form.run_text(setting, laws_of_listing(problem, setting)) in RANDOM


@pytest.mark.slow
def test_the_committed_file_of_random_instances_has_pythons_laws() -> None:
    assert files.random_text() == RANDOM


def test_laws_by_hand() -> None:
    problem = load_linear("two-arms")  # pi/pi_ref is 4/3 and 2/3; a trial accepts 1/2 (1 + 2/3)
    assert laws_of_listing(problem, ("Rejection", (Fraction(1), 1))) == [[HALF, THIRD, Fraction(1, 6)]]
    # One draw, weight 1 or 1/2: acceptance is 1 and 1/2, or 1 and 1; what is not accepted is drawn anew.
    assert laws_of_listing(problem, ("Sampler", (Fraction(1), 1))) == [[Fraction(9, 16), Fraction(7, 16)]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Lemma computed", "Axiom a : False.\nLemma computed"),
        ("(26#81)", "(let x := 1 in x)"),
        ("Response (1#2) [:: 1]", "Response (1#2) [:: 0]"),
        ("Rejection (3#2) 3", "Rejection (3#2) 3 (* *)"),
        ("Import QArith", "Import Reals"),
    ],
)
def test_other_text_is_refused(old: str, new: str) -> None:
    assert old in CATALOG
    with pytest.raises(certified_form.FormError):
        form.claimed_runs(CATALOG.replace(old, new, 1), KNOWN)


def test_an_instance_that_is_left_out_or_added_is_seen() -> None:
    with pytest.raises(certified_form.FormError):
        form.claimed_runs(CATALOG, KNOWN[:-1])
    with pytest.raises(certified_form.FormError):
        form.claimed_runs(CATALOG, [*KNOWN, KNOWN[0]])


def test_a_law_over_a_minute_is_refused_before_coq_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    _, written = certified_form.read(file_of("rank-deficient"))
    assert seconds_of_law(written, ("Returned", (2, 1, 1, Fraction(2), 2))) < 2
    monkeypatch.setattr(files, "catalog_runs", lambda _: (("Returned", (3, 1, 2, Fraction(2), 4)),))
    with pytest.raises(ValueError, match="different-supports: Returned would take the kernel more than 60 s"):
        files.catalog_text()
