"""The exercises in the page: their texts, and what becomes of an answer that was typed."""

from typing import Any

from docs.play.page.shown import Sentence
from docs.play.page.typed import typed_module
from proofs_check.exercises import (
    AnswerError,
    Condition,
    Decision,
    NoExercise,
    WrongAnswer,
    all_exercises,
    decide,
    find,
    read_answer,
    read_problem,
)
from proofs_check.exercises.families import ExerciseFamily, Tried
from reference.games.contest import Entrant, RuleBroken, laws_against
from reference.interaction.every_run import NotReproducible, TooLarge
from reference.interaction.meter import Budget

Answer = dict[str, Any]

BUDGET = Budget(reward=1_000, t_comp=1_000)
MOST_RUNS = 20_000
"""As on the command line."""

START = '''from dataclasses import dataclass


@dataclass(frozen=True)
class Named:
    """A policy that always answers y, without a query."""

    y: object
    queries_per_draw: int = 0

    def sample(self, oracles, x):
        return self.y


def learner(oracles):
    y, phi = oracles.weak(0)
    return Named(y)
'''
TOKENS = START.replace(
    "    y, phi = oracles.weak(0)\n    return Named(y)\n", "    return Named((0,) * oracles.horizon)\n"
)
INSTANCE = """{
  "format": "spanner-reference/problem", "version": 2, "name": "mine", "beta": "1", "bounds": {"R_max": "200"},
  "prompts": [{"name": "x", "rho": "1", "responses": [
    {"name": "a", "pi_ref": "1/2", "reward": "log(2)"},
    {"name": "b", "pi_ref": "1/2", "reward": "0"}
  ]}]
}
"""


def exercises() -> Answer:
    """Return all exercises, with an answer of the right form to start from, which is wrong."""
    return {
        "exercises": [
            {
                "name": each.name, "level": each.level, "title": each.title, "text": each.text, "kind": each.kind,
                "result": each.result.title, "words": each.result.words,
                "start": each.example or (INSTANCE if each.kind == "instance" else _start(each.family)),
            }
            for each in all_exercises()
        ]
    }  # fmt: skip


def check_answer(name: str, typed: str) -> Answer:
    """Decide an answer; what cannot be read, and a rule that a learner breaks, is a sentence.

    Raises:
        Sentence: if it is no answer.
    """
    try:
        exercise, data = find(name), typed.encode()
        if exercise.kind == "learner":
            assert exercise.family is not None  # noqa: S101 - of this kind
            return _told(decide(exercise, Tried(exercise.family, tuple(_laws(exercise.family, typed)))))
        answer = read_problem(data, "answer") if exercise.kind == "instance" else read_answer(exercise, data, "answer")
        return _told(decide(exercise, answer))
    except (AnswerError, WrongAnswer, NoExercise, RuleBroken) as error:
        raise Sentence(str(error)) from None
    except TooLarge:
        many = f"it has more than {MOST_RUNS} runs on an instance: stop when there is nothing more to learn"
        raise Sentence(many) from None
    except NotReproducible:
        raise Sentence(
            "it does not do the same again with the same draws: a learner depends on its draws only"
        ) from None


def _laws(family: ExerciseFamily, typed: str) -> list[Any]:
    module = typed_module(typed, "your learner")
    run = getattr(module, "learner", None)
    if not callable(run):
        raise Sentence("no function `learner` in your code: def learner(oracles): ...")
    entrant = Entrant("yours", run, family, tokens=family.access == "tokens")
    return laws_against(entrant, budget=BUDGET, max_leaves=MOST_RUNS)


def _start(family: ExerciseFamily | None) -> str:
    return TOKENS if family is not None and family.access == "tokens" else START


def _told(found: Decision) -> Answer:
    failed = found.failed
    return {
        "solved": found.is_solved,
        "met": [str(each) for each in found.met],
        "failed": _line(failed),
        "hint": "" if failed is None else failed.hint,
    }


def _line(condition: Condition | None) -> str:
    return "" if condition is None else str(condition)
