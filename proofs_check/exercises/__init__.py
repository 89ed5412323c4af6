"""Exercises that check themselves: sixteen, four for each of the paper's results.

An exercise is one function that decides an answer exactly, and its docstring, which is the text
(:mod:`proofs_check.exercises.asking`).  It yields conditions, numbers that were found beside numbers that are asked;
the first that is not met is told, with a hint that does not contain the answer.  Solutions stand in the tests only.

Nothing here prints, and nothing needs typer or rich: the command line and a page in a browser ask the same functions.

>>> from proofs_check.exercises import all_exercises, find
>>> len(all_exercises()), find("one-in-four").level
(16, 'easy')
"""

from difflib import get_close_matches
from functools import lru_cache
from importlib import import_module
from typing import Any

from proofs_check.exercises.asking import (
    EXERCISE_LEVELS,
    Condition,
    Decision,
    Exercise,
    TaughtResult,
    WrongAnswer,
    decide,
    exercises_of,
)
from proofs_check.exercises.reading import AnswerError, read_answer, read_problem
from proofs_check.exercises.results import RESULTS

__all__ = [
    "EXERCISE_LEVELS", "RESULTS", "AnswerError", "Condition", "Decision", "Exercise", "NoExercise", "TaughtResult",
    "WrongAnswer", "all_exercises", "decide", "find", "read_answer", "read_problem",
]  # fmt: skip

_MODULES = ("lower_bound", "spanner_sampling", "training_time", "multi_turn")


class NoExercise(ValueError):
    """A name that no exercise has; one line, which suggests one."""


@lru_cache(maxsize=1)
def all_exercises() -> tuple[Exercise[Any], ...]:
    """Return the exercises, result by result, each from easy to open."""
    modules = [import_module(f"{__name__}.{name}") for name in _MODULES]
    return tuple(found for module in modules for found in exercises_of(module))


def find(name: str) -> Exercise[Any]:
    """Return an exercise by name.

    Raises:
        NoExercise: if there is none.
    """
    known = {each.name: each for each in all_exercises()}
    if name not in known:
        close = get_close_matches(name[:80], known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else "`spanner exercise` lists them"
        raise NoExercise(f"no exercise {name[:80]!r}; {hint}")
    return known[name]
