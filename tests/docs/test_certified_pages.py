"""What the pages say of certified answers is what the last audit on record says."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "_ext"))

pytest.importorskip("docutils", reason="needs the extra docs")  # .ci/run has it after the pages are built

import evidence
from certified_pages import answer_lines, axiom_lines, level_lines, other_lines

from proofs_check.ledger import coq

import certified_form as form  # isort: skip - a script beside the audit

KNOWN = evidence.Audit(
    "2026-01-01",
    "8.16.1",
    "0" * 64,
    150,
    (
        ("certified", "two-arms", "Optimum"),
        ("certified", "two-arms", "Span"),
        ("certified", "two-arms-exp", "ValueWithin"),
        ("computed", "fair-coin", "Optimum"),
        ("certified", "halfway", "Best"),
        ("computed", "clean-sweep", "Mtss"),
    ),
    (),
)


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = [{"grade": "exhaustive", "cases": 1200}, {"grade": "sampled", "cases": 60}]
    for module in ("certified_pages", "evidence"):
        monkeypatch.setattr(f"{module}.audit", lambda: KNOWN)
        monkeypatch.setattr(f"{module}.ledger", lambda: {"gibbs-optimum": {"checks": checks, "grades": ["sampled"]}})


@pytest.mark.usefixtures("audit")
def test_the_table_of_answers() -> None:
    head, _, fair_coin, two_arms, two_arms_exp = answer_lines("../")
    assert head.startswith("| instance | the masses of pi* |")
    assert head.count("J(pi*)") == 2  # the gap's is the second: enclosures have no columns of their own
    assert "| KL of pi* from pi_ref |" in head
    assert "enclosed" not in head
    assert head.count("|") == two_arms_exp.count("|")
    assert two_arms_exp.endswith("| – | – | certified, enclosed | – | – | – | – | – | – | – | – | – |")
    assert two_arms.startswith('| <a href="../proofs/certified/two_arms.html">two-arms</a> | certified | – |')
    assert "| the law of the parameter that brute force returns |" in head
    assert fair_coin.count("–") == head.count("|") - 3


@pytest.mark.usefixtures("audit")
def test_formulas_and_games_have_a_table_of_their_own() -> None:
    _, _, line, *_, laws = other_lines("../")
    assert line.endswith('| certified | <a href="../proofs/certified/halfway.html">halfway</a> |')
    assert "| the law of a draw from what MTSS returns | computed | " in laws
    assert not any("halfway" in line or "clean-sweep" in line for line in answer_lines())


@pytest.mark.usefixtures("audit")
def test_the_levels_count_theorems_answers_and_cases() -> None:
    text = "\n".join(level_lines())
    assert "| `kernel` | 150 theorems; " in text
    assert "| `certified` | 3 answers on 2 instances, 1 answer on 1 formula |" in text
    assert "| `computed` | 1 answer on 1 instance, 1 answer on 1 token problem |" in text
    assert "| `exhaustive` | 1,200 cases |" in text


@pytest.mark.usefixtures("audit")
def test_a_claim_has_the_grades_of_the_answers_that_it_is_about() -> None:
    assert evidence.grades("gibbs-optimum") == ["kernel", "certified", "computed", "sampled"]


def test_the_axioms_are_those_of_the_index() -> None:
    text = "\n".join(axiom_lines())
    assert "`boolp.functional_extensionality_dep`" in text
    assert "| concrete |" in text


def test_the_record_has_an_answer_for_each_file() -> None:
    generated = {file.stem for file in (coq.FOLDER / "certified").glob("*.v")}
    assert {form.module(name) for _, name, _ in evidence.audit().answers} == generated
