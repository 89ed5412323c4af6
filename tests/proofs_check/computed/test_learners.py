"""The laws of brute force and MTSS: the files are what Python's listings come to, and no other text passes for one."""

import json
from fractions import Fraction
from hashlib import sha256

import pytest

from proofs_check.computed import learners
from proofs_check.ledger.coq import FOLDER
from reference.algorithms import brute_force, mtss
from reference.catalog import load, load_linear
from reference.catalog.loading import TOKEN_DATA
from reference.catalog.parsing import parse
from reference.exact.reals import real

import certified_form  # isort: skip - scripts beside the audit; their folder is known after proofs_check.ledger
import learner_form as form  # isort: skip

TEXTS = {file: (FOLDER / form.FOLDER / f"{file.module}.v").read_text(encoding="utf-8") for file in form.FILES.values()}
ALL_LISTED = learners.TOKEN_SETTINGS[0]


def test_the_committed_file_of_brute_force_has_pythons_laws() -> None:
    assert learners.brute_force_text() == TEXTS[form.BRUTE_FORCE]


@pytest.mark.parametrize(("file", "digest"), [(form.BRUTE_FORCE, "6355ebdf010cc5ea"), (form.MTSS, "b110956bb5c617e4")])
def test_the_files_are_the_recorded_ones(file: form.Learners, digest: str) -> None:
    assert sha256(TEXTS[file].encode()).hexdigest()[:16] == digest
    known, random = form.instances_of(file, TEXTS[file], TOKEN_DATA.parent)
    assert len(random) > len(known) > 0
    assert sum(form.claimed_runs(file, TEXTS[file], [*known, *random])) == TEXTS[file].count(f"{file.kind} ")


@pytest.mark.parametrize("name", learners.TOKEN_NAMES)
def test_laws_of_mtss_on_the_catalog_are_pythons(name: str) -> None:
    for setting in learners.TOKEN_SETTINGS[:2]:
        assert form.run_text(setting, learners.mtss_law(load(name), setting)) in TEXTS[form.MTSS]


def test_laws_of_mtss_on_random_problems_are_pythons() -> None:
    for _, document, _ in form.random_tokens():
        law = learners.mtss_law(parse(json.dumps(document)), ALL_LISTED)
        assert form.run_text(ALL_LISTED, law) in TEXTS[form.MTSS]


def test_listed_mtss_on_a_small_problem_by_hand() -> None:
    """All is listed and realizable, so that what returns is ``pi*``: 1/2 exp(r) over 13/16."""
    assert learners.mtss_law(load("token-coverage-larger"), ALL_LISTED) == [
        Fraction(8, 13), Fraction(4, 13), Fraction(1, 13),
    ]  # fmt: skip


def test_a_fault_in_mtss_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mtss, "explains", lambda _oracles, choice, _at, _p: real(choice.f(choice.phi)))
    law = learners.mtss_law(load("token-coverage-larger"), ALL_LISTED)
    assert form.run_text(ALL_LISTED, law) not in TEXTS[form.MTSS]


def test_a_fault_in_brute_force_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    setting = learners.BRUTE_SETTINGS[1]
    right = learners.brute_force_law(load_linear("two-arms"), setting)
    monkeypatch.setattr(brute_force, "exhaustive", lambda members: lambda _: members[0])
    wrong = learners.brute_force_law(load_linear("two-arms"), setting)
    assert form.run_text(setting, right) in TEXTS[form.BRUTE_FORCE]
    assert wrong != right


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (form.BRUTE_FORCE, "BruteForce 0 [:: 2; 1] [:: 1; 0]", "BruteForce 0 [:: 2; 1] (id [:: 1; 0])"),
        (form.BRUTE_FORCE, "Instance 1 ", "Instance 2 "),
        (form.BRUTE_FORCE, "].\n\nLemma", "] ++ [::].\n\nLemma"),
        (form.MTSS, "Mtss 1 1 1 1 1 0 (1#1) 1 ", "Mtss 1 1 1 1 1 0 (let x := 1 in x) 1 "),
        (form.MTSS, "Tree 1 ", "Tree 2 "),
    ],
)
def test_other_text_is_refused(file: form.Learners, old: str, new: str) -> None:
    known, random = form.instances_of(file, TEXTS[file], TOKEN_DATA.parent)
    assert old in TEXTS[file]
    with pytest.raises(certified_form.FormError):
        form.claimed_runs(file, TEXTS[file].replace(old, new, 1), [*known, *random])
