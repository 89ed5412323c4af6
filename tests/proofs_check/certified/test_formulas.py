"""Certified formulas: their files are what the exporter writes, and no other text passes for one."""

from fractions import Fraction

import pytest

from proofs_check.certified.formulas import TooManyLooks, certified_value, named_formulas, splitting_order
from proofs_check.ledger.coq import FOLDER
from reference.constructions.dnf.assignments import best_value
from reference.constructions.dnf.formula import Formula
from reference.constructions.dnf.text import from_dimacs, parse_formula, to_dimacs

import certified_form  # isort: skip - scripts of the audit; their folder is known after proofs_check.certified
import formula_form as form  # isort: skip

NAMED = list(named_formulas())
HALFWAY = (FOLDER / "certified" / "halfway.v").read_text(encoding="utf-8")


def instance(text: str) -> str:
    return form.instance_term(form.of_text(text))


@pytest.mark.parametrize(("name", "comment", "formula"), NAMED, ids=[name for name, _, _ in NAMED])
def test_the_committed_files_are_what_the_exporter_writes(name: str, comment: str, formula: Formula) -> None:
    path = FOLDER / "formulas" / f"{name}.dnf"
    assert path.read_text(encoding="utf-8") == to_dimacs(formula, comment)
    found = certified_value(formula, 10**6)
    assert found.value == Fraction(str(best_value(formula).value))  # over all assignments, one after the other
    assert formula.value(found.assignment) == best_value(formula).value
    committed = (FOLDER / "certified" / f"{certified_form.module(name)}.v").read_text(encoding="utf-8")
    assert committed == found.text(name, formula)
    assert form.read(path) == (name, (formula.variables, [list(term) for term in formula.terms]))
    assert form.claimed_in(committed, name, instance(to_dimacs(formula))) == ["Best"]


def test_no_other_file_of_a_formula_lies_there() -> None:
    assert {path.stem for path in (FOLDER / "formulas").iterdir()} == {name for name, _, _ in NAMED}


def test_halfway_by_hand() -> None:
    """``x1 & x2 | !x1 & x2``: x1 decides which of the terms is possible, so no more than one is satisfied."""
    found = certified_value(parse_formula("x1 & x2 | !x1 & x2"), 7)
    assert found.value == Fraction(1, 2)
    assert found.order == (1, 2)
    assert found.looks == 3 + 2 + 2  # both terms, then one for each value of x1, and one more each time
    with pytest.raises(TooManyLooks):
        certified_value(parse_formula("x1 & x2 | !x1 & x2"), 6)


def test_variables_in_many_terms_come_first() -> None:
    assert splitting_order(parse_formula("x1 & x3 | x2 & x3 | !x3 & x2")) == (3, 2, 1)


def test_a_certificate_of_another_formula_is_refused() -> None:
    with pytest.raises(certified_form.FormError, match="its formula is not that of the file"):
        form.claimed_in(HALFWAY, "halfway", instance("p dnf 2 2\n1 2 0\n1 2 0\n"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Lemma decided", "Axiom a : False.\nLemma decided"),
        ("vm_cast_no_check (erefl true)", "case: a"),
        ("Definition claimed", 'Notation "1" := 2.\nDefinition claimed'),
        ("Best (1#2)", "Best (let x := 1 in 1#2)"),
        ("[:: false; true]", "[:: false; negb false]"),
        ("[:: 0; 1].", "[:: 0; 1] (* *)."),
        ("decided.\n", "decided.\n\n"),
    ],
)
def test_other_text_is_refused(old: str, new: str) -> None:
    assert HALFWAY.count(old) == 1
    with pytest.raises(certified_form.FormError):
        form.claimed_in(HALFWAY.replace(old, new), "halfway", instance("p dnf 2 2\n1 2 0\n-1 2 0\n"))


def test_a_name_cannot_end_the_comment() -> None:
    assert "*) Axiom" not in form.LAYOUT.file_text("x *) Axiom a : False. (*", "", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x1 & x2",
        "p dnf 2\n1 2 0\n",
        "p cnf 2 1\n1 2 0\n",
        "p dnf 2 2\n1 2 0\n",
        "p dnf 2 1\n1 2\n",
        "p dnf 2 1\n1 2 0 1 0\n",
        "p dnf 2 1\n1 two 0\n",
    ],
)
def test_the_audit_reads_nothing_but_one_term_in_each_line(text: str) -> None:
    with pytest.raises(certified_form.FormError, match="one term in each line"):
        form.of_text(text)


def test_the_audits_reader_agrees_with_the_references() -> None:
    for _, comment, formula in NAMED:
        variables, terms = form.of_text(to_dimacs(formula, comment))
        assert Formula(variables, tuple(map(tuple, terms))) == formula == from_dimacs(to_dimacs(formula, comment))
