"""The files of laws: they are what Python's listings come to, and no other text passes for one."""

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

LAWS, RETURNED = form.PARTS
CATALOG, RANDOM = (
    {part: (FOLDER / part.folder / f"{name}.v").read_text(encoding="utf-8") for part in form.PARTS}
    for name in ("catalog", "random")
)
KNOWN = [certified_form.read(file_of(name)) for name in files.catalog_names()]
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


@pytest.mark.parametrize("part", form.PARTS, ids=lambda part: part.folder)
def test_the_committed_file_of_the_catalog_has_pythons_laws(part: form.Part) -> None:
    assert files.catalog_text(part) == CATALOG[part]
    assert form.claimed_runs(part, CATALOG[part], KNOWN) == [list(part.kinds)] * len(KNOWN)


@pytest.mark.parametrize(
    ("part", "digest", "many"),
    [(LAWS, "0acfee1ab6de2954", 200), (RETURNED, "2caf81ab6d6e9a0a", 50)],
    ids=["laws", "returned"],
)
def test_the_random_instances_are_the_recorded_ones(part: form.Part, digest: str, many: int) -> None:
    assert sha256(RANDOM[part].encode()).hexdigest()[:16] == digest
    known = [(document["name"], written) for _, document, written in form.random_instances(part)]
    assert form.claimed_runs(part, RANDOM[part], known) == [list(part.kinds)] * many


def test_each_kind_of_law_stands_in_one_part() -> None:
    assert {kind: part for part in form.PARTS for kind in part.kinds} == {
        kind: form.part_of(kind) for kind in form.KINDS
    }
    assert form.part_of("Optimum") is None


@pytest.mark.parametrize("number", range(1, form.RANDOM, 13))
def test_some_random_laws_are_pythons(number: int) -> None:
    document = form.random_document(number)
    _, written = certified_form.of_document(document)
    problem = parse_linear(json.dumps(document))
    for setting in files.random_runs(number, written):
        part = form.part_of(setting[0])
        assert part is not None
        assert form.run_text(setting, laws_of_listing(problem, setting)) in RANDOM[part]


@pytest.mark.slow
@pytest.mark.parametrize("part", form.PARTS, ids=lambda part: part.folder)
def test_the_committed_file_of_random_instances_has_pythons_laws(part: form.Part) -> None:
    assert files.random_text(part) == RANDOM[part]


def test_laws_by_hand() -> None:
    problem = load_linear("two-arms")  # pi/pi_ref is 4/3 and 2/3; a trial accepts 1/2 (1 + 2/3)
    assert laws_of_listing(problem, ("Rejection", (Fraction(1), 1))) == [[HALF, THIRD, Fraction(1, 6)]]
    # One draw, weight 1 or 1/2: acceptance is 1 and 1/2, or 1 and 1; what is not accepted is drawn anew.
    assert laws_of_listing(problem, ("Sampler", (Fraction(1), 1))) == [[Fraction(9, 16), Fraction(7, 16)]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Lemma decided", "Axiom a : False.\nLemma decided"),
        ("(26#81)", "(let x := 1 in x)"),
        ("Response (1#2) [:: 1]", "Response (1#2) [:: 0]"),
        ("Rejection (3#2) 3", "Rejection (3#2) 3 (* *)"),
        ("Import QArith", "Import Reals"),
        ("Rejection (3#2) 3", "Returned 1 1 1 (3#2) 3"),  # of which the checker knows nothing
    ],
)
def test_other_text_is_refused(old: str, new: str) -> None:
    text = CATALOG[LAWS]
    assert old in text
    with pytest.raises(certified_form.FormError):
        form.claimed_runs(LAWS, text.replace(old, new, 1), KNOWN)


def test_an_instance_that_is_left_out_or_added_is_seen() -> None:
    with pytest.raises(certified_form.FormError):
        form.claimed_runs(RETURNED, CATALOG[RETURNED], KNOWN[:-1])
    with pytest.raises(certified_form.FormError):
        form.claimed_runs(RETURNED, CATALOG[RETURNED], [*KNOWN, KNOWN[0]])
    with pytest.raises(certified_form.FormError):
        form.claimed_runs(LAWS, CATALOG[RETURNED], KNOWN)


def test_a_law_over_a_minute_is_refused_before_coq_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    _, written = certified_form.read(file_of("rank-deficient"))
    assert seconds_of_law(written, ("Returned", (2, 1, 1, Fraction(2), 2))) < 2
    _, two_arms = certified_form.read(file_of("two-arms"))  # measured: 10 s and 156 s
    assert 5 < seconds_of_law(two_arms, ("Sampler", (Fraction(5, 3), 24))) < 20
    assert 75 < seconds_of_law(two_arms, ("Sampler", (Fraction(5, 3), 48))) < 300
    monkeypatch.setattr(files, "catalog_runs", lambda _: (("Returned", (3, 1, 2, Fraction(2), 4)),))
    with pytest.raises(ValueError, match="different-supports: Returned would take the kernel more than 60 s"):
        files.catalog_text(RETURNED)
