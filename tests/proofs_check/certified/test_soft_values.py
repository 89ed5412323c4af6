"""Certified soft values: their files are what the exporter writes, and the values those of the reference."""

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

import reference as ref
from proofs_check.certified import kernel_check
from proofs_check.certified.soft_values import exponentials, realizability, soft_certificate
from proofs_check.ledger.coq import FOLDER
from reference.catalog.loading import TOKEN_DATA, file_of
from reference.certificates import NotRealizableCertificate
from reference.model.realizability import NotRealizable

import certified_form  # isort: skip - scripts of the audit; their folder is known after proofs_check.certified
import token_form as form  # isort: skip

PATHS = [path for path in sorted(TOKEN_DATA.glob("*.json")) if form.is_certified(path)]
LATE = {
    "format": "spanner-reference/token-problem",
    "version": 1,
    "name": "late",
    "beta": "1",
    "alphabet": ["a", "b", "c"],
    "horizon": "2",
    "bounds": {"R_max": "2"},
    "prompts": [{"name": "x", "rho": "1", "start": "top"}],
    "nodes": [
        {
            "name": "top",
            "tokens": [
                {"token": "b", "pi_ref": "1/2", "phi": ["0"], "next": "one"},
                {"token": "c", "pi_ref": "1/2", "phi": ["1"], "next": "two"},
            ],
        },
        {"name": "one", "tokens": [{"token": "b", "pi_ref": "1", "phi": ["0"]}]},
        {
            "name": "two",
            "tokens": [
                {"token": "a", "pi_ref": "1/2", "phi": ["0"]},
                {"token": "c", "pi_ref": "1/2", "phi": ["0"], "reward": "log(3)"},
            ],
        },
    ],
}
"""No parameter of layer 1: after c, tokens look the same and earn differently; no node has all tokens."""
TEXT = (FOLDER / "certified" / "fair_bits_3.v").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_committed_files_are_what_the_exporter_writes(path: Path) -> None:
    name, written = form.read(path)
    committed = (FOLDER / "certified" / f"{certified_form.module(name)}.v").read_text(encoding="utf-8")
    assert committed == soft_certificate(name, written, ref.load(name))
    assert form.claimed_in(committed, name, form.instance_term(written)) == [
        "Soft",
        "NotRealizable" if name == "linear-not-realizable" else "Realizable",
    ]


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


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_verdict_is_that_of_decide_realizability(path: Path) -> None:
    found = ref.decide_realizability(ref.load(path.stem))
    text = (FOLDER / "certified" / f"{certified_form.module(path.stem)}.v").read_text(encoding="utf-8")
    if isinstance(found, NotRealizable):
        assert f"(NotRealizable {found.layer} [::" in text
        assert text.count("Difference") == len(found.terms)
        return
    _, _, rest = text.partition("(Realizable (Witness ")
    logs, _, body = rest.partition("]")
    primes = [int(prime) for prime in re.findall(r"[0-9]+", logs)]
    numbers = re.findall(r"-?[0-9]+(?:#[0-9]+)?", body.partition("\n")[2].partition("Lemma")[0])
    coefficients = iter(Fraction(number.replace("#", "/")) for number in numbers)
    for theta in found.thetas:
        for entry in theta:
            claimed = sum(
                (ref.log(prime) * ref.rational(str(next(coefficients))) for prime in primes), ref.loglinear(0)
            )
            assert entry == claimed
    assert next(coefficients, None) is None


def test_a_refutation_names_prefix_and_tokens_by_their_places_in_the_alphabet(tmp_path: Path) -> None:
    path = tmp_path / "late.json"
    path.write_text(json.dumps(LATE), encoding="utf-8")
    problem, (_, written) = ref.load(path), form.read(path)
    assert ref.certify_realizability(problem) == NotRealizableCertificate(1, ((1, 0, (1,), 1, 0),))
    assert realizability(written, problem) == "NotRealizable 1 [::\n    Difference 1 0 [:: 2]%N 2 0]"


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
        ("Realizable (", "Realizable (id "),
        ("[:: 2] 1", "[:: 2] (proj1_sig pos)"),
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
