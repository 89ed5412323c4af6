"""Each exercise: right answers pass, wrong ones beside them fail with the number that was found, no hint tells."""

import json
import re
import subprocess
import sys
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from proofs_check.claims import registry
from proofs_check.exercises import (
    EXERCISE_LEVELS,
    RESULTS,
    Decision,
    Exercise,
    NoExercise,
    all_exercises,
    decide,
    find,
    read_answer,
    read_problem,
)
from proofs_check.exercises.families import Tried
from reference.catalog import load, names
from reference.exact import Undecided
from reference.games.contest import Entrant, laws_against
from tests.proofs_check.exercises.solutions import ANSWERS

EXERCISES = all_exercises()
NAMES = [each.name for each in EXERCISES]


@cache
def decided(name: str, text: str) -> Decision:
    """Decide an answer as the command does, a learner in this process."""
    exercise: Exercise[Any] = find(name)
    if exercise.kind == "instance":
        return decide(exercise, read_problem(text.encode(), "my.json"))
    if exercise.kind == "answer":
        return decide(exercise, read_answer(exercise, text.encode(), "my.json"))
    family = exercise.family
    assert family is not None
    entrant = Entrant("mine", learner(text), family, tokens=family.access == "tokens")
    return decide(exercise, Tried(family, tuple(laws_against(entrant))))


def learner(text: str) -> Any:  # noqa: ANN401 - whatever the text defines
    module = sys.modules["exercise_of_a_test"] = ModuleType("exercise_of_a_test")
    exec(text, vars(module))  # noqa: S102 - the answers of this folder
    return module.learner


def test_four_exercises_for_each_result_from_easy_to_open() -> None:
    every = [(result, level) for result in RESULTS for level in EXERCISE_LEVELS]
    assert [(each.result, each.level) for each in EXERCISES] == every
    assert len(set(NAMES)) == len(NAMES) == 16
    assert ANSWERS.keys() == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_right_answer_passes(name: str) -> None:
    for text in ANSWERS[name].right:
        found = decided(name, text)
        assert found.is_solved, found.failed
        assert found.met


@pytest.mark.parametrize("name", NAMES)
def test_wrong_answers_beside_it_fail(name: str) -> None:
    assert len(ANSWERS[name].wrong) >= 2
    for text, said in ANSWERS[name].wrong.items():
        found = decided(name, text)
        assert not found.is_solved
        assert found.failed is not None
        assert str(found.failed).startswith(said)
        assert "; asked is " in str(found.failed)


def leaves(tree: object) -> set[str]:
    """Return the texts of an answer that are worth hiding: each number or word of it."""
    if isinstance(tree, dict):
        return set().union(*map(leaves, tree.values()))
    if isinstance(tree, list):
        return {json.dumps(tree), " ".join(map(str, tree))}.union(*map(leaves, tree))
    return {str(tree)}


@pytest.mark.parametrize("name", NAMES)
def test_no_text_and_no_hint_contains_an_answer(name: str) -> None:
    exercise, (right, wrong) = find(name), (ANSWERS[name].right, ANSWERS[name].wrong)
    failed = [decided(name, text).failed for text in wrong]
    hints = {each.hint for each in failed if each is not None}
    assert all(hint and "\n" not in hint for hint in hints)
    if exercise.kind == "learner":
        assert not any(word in hint for hint in hints for word in ("def ", "return", "oracles.", "1 - "))
        return
    for text in right:
        assert text not in exercise.text
        for hint in hints:
            secret = {leaf for leaf in leaves(json.loads(text)) if len(leaf) > 1 and leaf not in exercise.text}
            told = {leaf for leaf in secret if re.search(rf"(?<![\w/]){re.escape(leaf)}(?![\w/])", hint)}
            assert not told


@pytest.mark.parametrize("name", [each.name for each in EXERCISES if each.example])
def test_an_example_has_the_form_and_is_wrong(name: str) -> None:
    exercise = find(name)
    assert not decided(name, exercise.example).is_solved
    assert re.search(r"The answer file: `\{.*\}`", exercise.text)
    (shown,) = re.findall(r"The answer file: `(\{.*?\})`", exercise.text)
    assert not decided(name, shown).is_solved


def test_no_instance_of_the_catalog_is_an_answer() -> None:
    for exercise in (each for each in EXERCISES if each.kind == "instance"):
        for name in names():
            with suppress(Undecided):
                assert not decide(exercise, load(name)).is_solved


def test_the_claims_are_there() -> None:
    known = {claim.id for claim in registry()}
    assert {claim for each in EXERCISES for claim in each.claims} <= known


def test_a_name_that_is_nearly_one() -> None:
    with pytest.raises(NoExercise, match=r"no exercise 'one-in-for'; did you mean 'one-in-four'\?"):
        find("one-in-for")
    with pytest.raises(NoExercise, match="`spanner exercise` lists them"):
        find("zzz" * 1000)


def test_the_exercises_need_nothing_that_a_page_has_not() -> None:
    program = (
        "import sys; from proofs_check.exercises import all_exercises; all_exercises(); "
        "print({'typer', 'rich', 'sympy', 'hypothesis', 'pysat'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
