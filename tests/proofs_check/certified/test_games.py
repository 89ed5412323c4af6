"""Certified needle games: their files are what the exporter writes, and the values those of the independent solver."""

from fractions import Fraction

import pytest
from flint import fmpq

from proofs_check.certified.games import bellman_values, game_certificate, named_games
from proofs_check.claims.lower_bound.needle_game import Match
from proofs_check.ledger.coq import FOLDER
from reference.games import solve

import certified_form  # isort: skip - scripts of the audit; their folder is known after proofs_check.certified
import game_form as form  # isort: skip

NAMED = list(named_games())
SMALL = form.Written(3, Fraction(2), 6, 5)
TEXT = (FOLDER / "certified" / "needle_game_3_2.v").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "game"), NAMED, ids=[name for name, _ in NAMED])
def test_the_committed_files_are_what_the_exporter_writes(name: str, game: form.Written) -> None:
    path = FOLDER / "games" / f"{name}.game"
    assert path.read_text(encoding="utf-8") == form.game_text(game)
    assert form.read(path) == (name, game)
    committed = (FOLDER / "certified" / f"{certified_form.module(name)}.v").read_text(encoding="utf-8")
    assert committed == game_certificate(name, game)
    assert form.claimed_in(committed, name, form.instance_term(game)) == ["Values"]


def test_no_other_file_of_a_game_lies_there() -> None:
    assert {path.stem for path in (FOLDER / "games").iterdir()} == {name for name, _ in NAMED}


@pytest.mark.parametrize("game", [*(game for _, game in NAMED), form.Written(1, Fraction(3), 4, 3)])
def test_the_values_are_those_of_the_solver_over_all_belief_states(game: form.Written) -> None:
    k, C, *largest = game
    match = Match.of(k, fmpq(C.numerator, C.denominator), 1, *largest)
    solution = solve(match.game, match.budgets)
    values = bellman_values(game)
    for t_comp, t_data in match.budgets:
        value = values[t_comp][t_data][k - 1]
        assert fmpq(value.numerator, value.denominator) == solution.value(t_comp, t_data)


def test_two_candidates_by_hand() -> None:
    """A draw shows the needle half the time, else a guess among two is right half the time; one reward tells all."""
    values = bellman_values(form.Written(2, Fraction(2), 1, 1))
    assert values[0] == [[1, Fraction(1, 2)], [1, 1]]
    assert values[1] == [[1, Fraction(3, 4)], [1, 1]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Lemma decided", "Axiom a : False.\nLemma decided"),
        ("vm_cast_no_check (erefl true)", "case: a"),
        ("Definition claimed", 'Notation "1" := 2.\nDefinition claimed'),
        ("[:: 1; (1#2); (1#3)]", "[:: 1; (let x := 1 in 1#2); (1#3)]"),
        ("[:: 1; (1#2); (1#3)]", "[:: 1; (1#2); (1#3)] ++ nil"),
        ("decided.\n", "decided.\n\n"),
    ],
)
def test_other_text_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(certified_form.FormError):
        form.claimed_in(TEXT.replace(old, new, 1), "needle-game-3-2", form.instance_term(SMALL))


def test_a_certificate_of_another_game_is_refused() -> None:
    with pytest.raises(certified_form.FormError, match="its game is not that of the file"):
        form.claimed_in(TEXT, "needle-game-3-2", form.instance_term(SMALL._replace(C=Fraction(3))))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"k": 3, "C": "2", "T_comp": 6}',
        '{"k": "three", "C": "2", "T_comp": 6, "T_data": 5}',
        '{"k": 0, "C": "2", "T_comp": 6, "T_data": 5}',
        '{"k": 3, "C": "1/2", "T_comp": 6, "T_data": 5}',
        '{"k": 3, "C": "2", "T_comp": -1, "T_data": 5}',
    ],
)
def test_bad_input_is_told(text: str) -> None:
    with pytest.raises(certified_form.FormError, match="not a needle game"):
        form.of_text(text)
