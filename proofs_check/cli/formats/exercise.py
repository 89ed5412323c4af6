"""``spanner exercise --json``: the exercises, one with its text, and what became of an answer."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from proofs_check.cli.formats.parts import Document, Numeral, Part

Level = Literal["easy", "medium", "hard", "open"]
Kind = Annotated[
    Literal["instance", "answer", "learner"],
    msgspec.Meta(description="What FILE is: an instance file, an answer file in JSON, a Python file with a learner."),
]


class ListedExercise(Part, frozen=True):
    """An exercise by name, with the result that it is about."""

    name: str
    result: str
    level: Level
    title: str
    kind: Kind


class TaughtResult(Part, frozen=True):
    """One of the paper's results, in words."""

    name: str
    title: str
    words: str


class Exercises(Document, frozen=True, tag="spanner-reference/exercises"):
    """The exercises, result by result, each from easy to open."""

    results: list[TaughtResult]
    exercises: list[ListedExercise]


class Exercise(Document, frozen=True, kw_only=True, tag="spanner-reference/exercise"):
    """An exercise: its text in Markdown, the claims where theory says it, a wrong answer of the right form."""

    name: str
    result: TaughtResult
    level: Level
    title: str
    text: str
    kind: Kind
    claims: list[str]
    example: Annotated[str | UnsetType, msgspec.Meta(description="Of an answer file.")] = UNSET


class Decided(Part, frozen=True):
    """A condition: what was found, and what is asked."""

    what: str
    found: Numeral
    relation: Literal["=", "<=", ">=", "<", ">"]
    asked: Numeral
    met: bool


class ExerciseDecision(Document, frozen=True, kw_only=True, tag="spanner-reference/exercise-decision"):
    """Whether an answer is right: the conditions in order, up to the first that is not met; or which rule it broke."""

    exercise: str
    file: str
    solved: bool
    conditions: list[Decided]
    broke: str | UnsetType = UNSET
    hint: Annotated[str | UnsetType, msgspec.Meta(description="For the condition that is not met.")] = UNSET
