"""Certified soft values: their files are what the exporter writes, and the values those of the reference."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

import reference as ref
from proofs_check.certified import kernel_check
from proofs_check.certified.soft_values import exponentials, soft_certificate
from proofs_check.ledger.coq import FOLDER
from reference.catalog.loading import TOKEN_DATA, file_of

import certified_form  # isort: skip - scripts of the audit; their folder is known after proofs_check.certified
import token_form as form  # isort: skip

PATHS = [path for path in sorted(TOKEN_DATA.glob("*.json")) if form.is_certified(path)]
TEXT = (FOLDER / "certified" / "fair_bits_3.v").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_committed_files_are_what_the_exporter_writes(path: Path) -> None:
    name, written = form.read(path)
    committed = (FOLDER / "certified" / f"{certified_form.module(name)}.v").read_text(encoding="utf-8")
    assert committed == soft_certificate(name, written)
    assert form.claimed_in(committed, name, form.instance_term(written)) == ["Soft"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_value_of_every_prefix_is_that_of_soft_values(path: Path) -> None:
    problem, (_, written) = ref.load(path.stem), form.read(path)
    alphabet = json.loads(path.read_text(encoding="utf-8"))["alphabet"]
    values, remaining, _ = exponentials(written)
    soft = ref.soft_values(problem)
    left = {(0, prompt.root, start) for prompt, start in zip(problem.prompts, written.starts, strict=True)}
    seen = set[int]()
    while left:
        h, i, n = left.pop()
        seen.add(n)
        value = soft.partition(h, i)
        assert Fraction(str(value)) == values[n]
        assert remaining[n] == problem.horizon - h
        if h + 1 < problem.horizon:
            nexts = [(edge.child, written.nodes[n][alphabet.index(edge.token)]) for edge in problem.layers[h][i]]
            left |= {(h + 1, child, edge.target) for child, edge in nexts}
    assert seen == {*range(len(values))}


def test_fair_bits_by_hand() -> None:
    """Each of three tokens has ``E exp(r/beta) = (1 + 4)/2``."""
    values, remaining, factors = exponentials(form.read(file_of("fair-bits-3"))[1])
    assert values == [Fraction(5, 2) ** n for n in (3, 2, 1)]
    assert remaining == [3, 2, 1]
    assert factors == [[1, 4]] * 3


def test_which_problems_have_a_certificate() -> None:
    left_out = {path.stem for path in TOKEN_DATA.glob("*.json")} - {path.stem for path in PATHS}
    # a constant reward over beta is no logarithm of a rational; the others are large
    assert left_out == {"impossible-token", "smollm2-tokens-answers", "smollm2-tokens-realizable"}


def test_a_token_of_base_mass_0_has_no_reward_and_leads_where_a_possible_one_does() -> None:
    _, written = form.read(file_of("impossible-token"))
    impossible, possible = written.nodes[2]
    assert impossible == form.Edge(Fraction(0), (Fraction(0), {}), possible.target)


def test_a_token_that_is_not_listed_is_the_same() -> None:
    _, written = form.read(file_of("clean-sweep"))
    possible, impossible = written.nodes[1]
    assert possible.mass == 1
    assert impossible.mass == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Lemma decided", "Axiom a : False.\nLemma decided"),
        ("vm_cast_no_check (erefl true)", "case: a"),
        ("Definition claimed", 'Notation "1" := 2.\nDefinition claimed'),
        ("[:: (125#8);", "[:: (let x := 1 in 125#8);"),
        ("[:: 1; 4]]", "[:: 1; 4]] (* *)"),
        ("decided.\n", "decided.\n\n"),
    ],
)
def test_other_text_is_refused(old: str, new: str) -> None:
    name, written = form.read(file_of("fair-bits-3"))
    assert old in TEXT
    with pytest.raises(certified_form.FormError):
        form.claimed_in(TEXT.replace(old, new, 1), name, form.instance_term(written))


def test_a_certificate_of_another_problem_is_refused() -> None:
    data = json.loads(file_of("fair-bits-3").read_text(encoding="utf-8"))
    data["nodes"][0]["tokens"][1]["reward"] = "3*log(2)"
    with pytest.raises(certified_form.FormError, match="its token problem is not that of the file"):
        form.claimed_in(TEXT, "fair-bits-3", form.instance_term(form.of_document(data)))
    with pytest.raises(certified_form.FormError, match="not a token problem"):
        form.of_document(data | {"version": 2})


def test_the_checker_is_built_with_what_it_requires_without_importing_it() -> None:
    assert "multiturn" in kernel_check.modules_below(form.ROOT_MODULE)
