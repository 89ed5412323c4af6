"""The files of certified instances: they are what the exporter writes, and no other text passes for one."""

import re
from pathlib import Path

import pytest

import reference as ref
from proofs_check.certified.answers import claimed
from proofs_check.certified.draws import number_of_draws_answer
from proofs_check.ledger.coq import FOLDER
from reference.model import LinearProblem, gap, objective, optimum, softmax

import certified_form as form  # isort: skip - its folder is known after proofs_check.certified

CATALOG = Path(ref.__file__).parent / "catalog" / "data"
INSTANCES = sorted(CATALOG.glob("*.json"))


def committed(path: Path) -> str:
    return (FOLDER / "certified" / f"{path.stem.replace('-', '_')}.v").read_text(encoding="utf-8")


def problem(path: Path) -> LinearProblem:
    found = ref.load(path.stem)
    assert isinstance(found, LinearProblem)
    return found


@pytest.mark.parametrize("path", INSTANCES, ids=lambda path: path.stem)
def test_the_committed_file_is_what_the_exporter_writes(path: Path) -> None:
    name, written = form.read(path)
    instance = form.instance_term(written)
    assert committed(path) == form.LAYOUT.file_text(name, instance, claimed(problem(path), written))
    kinds = form.claimed_in(committed(path), name, instance)
    about_the_optimum = ["Optimum", "Coverage", "Value", "Gap", "Divergence"]
    if not problem(path).is_log_rational():
        about_the_optimum = [kind + form.WITHIN for kind in about_the_optimum]
    assert kinds == [*about_the_optimum, "Base", "Span", "Draws"]


def test_a_file_about_another_instance_is_refused() -> None:
    (name, written), text = form.read(CATALOG / "two-arms.json"), committed(CATALOG / "two-arms.json")
    instance = form.instance_term(written)
    with pytest.raises(form.FormError, match="its instance"):
        form.claimed_in(text.replace("Response (1#2)", "Response (1#3)", 1), name, instance)


@pytest.mark.parametrize(
    "wrong",
    [
        ("Lemma decided", "Axiom a : False.\nLemma decided"),
        ("vm_cast_no_check (erefl true)", "case: a"),
        ("Definition claimed", 'Notation "1" := 2.\nDefinition claimed'),
        ("Optimum [::", "Optimum (let x := 1 in [::"),
        ("Claims\n", "Claims (* *)\n"),
        ("(Enclosure 1 ", "(Enclosure (let x := 1 in 1) "),
        ("  (Enclosure 1 [::] [::] [::])\n", ""),
        ("Spanner.", "Spanner.\n"),
    ],
)
def test_other_text_is_refused(wrong: tuple[str, str]) -> None:
    (name, written), text = form.read(CATALOG / "two-arms.json"), committed(CATALOG / "two-arms.json")
    old, new = wrong
    changed = text.replace(old, new, 1) if old in text else text + new
    assert changed != text
    with pytest.raises(form.FormError):
        form.claimed_in(changed, name, form.instance_term(written))


def test_value_gap_and_divergence_are_those_of_the_reference() -> None:
    found = problem(CATALOG / "rank-deficient.json")
    text = committed(CATALOG / "rank-deficient.json")
    assert "Value ((1#2), [:: (-2); 1])" in text  # over log 2 and log 11
    assert "Gap [:: (-13#4); 1]" in text
    assert "Divergence [:: (40#11); (-1)]" in text  # mean reward 18/11 log 2 above the least, less log(11/4)
    assert "Base ((1#2), [:: (5#4)])" in text
    assert objective(found, optimum(found)) == ref.loglinear("1/2 - 2*log(2) + log(11)")
    assert objective(found, softmax(found, [0, 0, 0])) == ref.loglinear("1/2 + 5/4*log(2)")
    assert gap(found, softmax(found, [0, 0, 0])) == ref.loglinear("-13/4*log(2) + log(11)")
    assert ref.kl(found) == ref.loglinear("40/11*log(2) - log(11)")


@pytest.mark.parametrize("path", INSTANCES, ids=lambda path: path.stem)
def test_the_number_of_draws_is_what_users_are_told(path: Path) -> None:
    """``M`` against the reference's own coverage, ``N`` against its function."""
    M, N = map(int, re.findall(r"Draws ([0-9]+) \(1#8\) ([0-9]+) ", committed(path))[0])
    coverage = ref.coverage(problem(path))
    assert M - 1 < coverage * 4 <= M
    assert ref.number_of_draws(M, "1/8") == N


@pytest.mark.parametrize(
    ("old", "new"), [("Draws 6 ", "Draws 2 "), ("Draws 6 ", "Draws 7 "), ("Draws 6 (1#8)", "Draws 6 (1#9)")]
)
def test_a_number_of_draws_for_another_bound_or_delta_is_refused(old: str, new: str) -> None:
    (name, written), text = form.read(CATALOG / "two-arms.json"), committed(CATALOG / "two-arms.json")
    assert old in text
    with pytest.raises(form.FormError, match="its number of draws is not for M = 4"):
        form.claimed_in(text.replace(old, new), name, form.instance_term(written))


def test_a_number_of_draws_without_a_coverage_is_refused() -> None:
    (name, written), text = form.read(CATALOG / "two-arms.json"), committed(CATALOG / "two-arms.json")
    with pytest.raises(form.FormError, match="its number of draws"):
        form.claimed_in(text.replace("   Coverage (4#3) 0 0;\n", ""), name, form.instance_term(written))


def test_beyond_the_kernels_precision_no_number_of_draws_is_claimed() -> None:
    assert number_of_draws_answer([f"Coverage {10**20} 0 0"])
    assert not number_of_draws_answer([f"Coverage {10**40} 0 0"])


def test_a_token_problem_has_no_certificate() -> None:
    with pytest.raises(form.FormError, match="only linear problems"):
        form.read(CATALOG / "tokens" / "markov-bits.json")
