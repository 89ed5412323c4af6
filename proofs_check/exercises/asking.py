"""What an exercise is: a function that decides an answer, condition by condition, and its text, which is its docstring.

The decorator says where it belongs; :func:`exercises_of` finds what a module has.  A condition compares two exact
numbers; its hint is fixed beforehand, and says how to think and never what to write.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Generic, Literal, TypeVar

import msgspec
from flint import fmpq

from proofs_check.exercises.families import ExerciseFamily, Tried
from reference.exact import Number, enclosing, real
from reference.exact.text import text_within
from reference.model import Problem, TreeTooLarge
from reference.model.soft_bellman import SumTooLong

A = TypeVar("A")

ExerciseLevel = Literal["easy", "medium", "hard", "open"]

EXERCISE_LEVELS: tuple[ExerciseLevel, ...] = ("easy", "medium", "hard", "open")
"""From easy to open: the last has many answers, or takes an idea."""

Relation = Literal["=", "<=", ">=", "<", ">"]

_SHORT = 28
"""Characters of an exact number that are shown."""

_DIGITS = 6


class WrongAnswer(ValueError):
    """An answer that cannot be decided as it is written, such as an unknown name; one line that says where."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What was found and what is asked, with the hint for whoever does not meet it."""

    what: str
    found: Number
    relation: Relation
    asked: Number
    hint: str

    @property
    def is_met(self) -> bool:
        """Whether it holds; raises Undecided where that cannot be told."""
        found, wanted = real(self.found), real(self.asked)
        match self.relation:
            case "=":
                return found == wanted
            case "<=":
                return found <= wanted
            case ">=":
                return found >= wanted
            case "<":
                return found < wanted
            case ">":
                return found > wanted

    def __str__(self) -> str:
        """The line: what was found, and what was asked."""
        return f"{self.what} is {shown_number(self.found)}; asked is {self.relation} {shown_number(self.asked)}"


Conditions = Iterator[Condition]


@dataclass(frozen=True, slots=True)
class TaughtResult:
    """One of the paper's results: its name here, a heading, and the sentence that says it."""

    name: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Exercise(Generic[A]):
    """An exercise.

    ``result``: which of the four results it is about.  ``kind``: what an answer is, a problem in an instance file, data
    in an answer file, or a learner.  ``check`` yields the conditions in order; the first that is not met ends it.
    ``claims``: where theory says it.  ``example``: an answer of the right form, and wrong.
    """

    name: str
    result: TaughtResult
    level: ExerciseLevel
    title: str
    text: str
    claims: tuple[str, ...]
    kind: Literal["instance", "answer", "learner"]
    check: Callable[[A], Conditions]
    answer: type[msgspec.Struct] | None = None
    example: str = ""
    family: ExerciseFamily | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an answer is right; the conditions that were met, the one that was not, or the rule that was broken."""

    met: tuple[Condition, ...]
    failed: Condition | None = None
    broke: str = ""

    @property
    def is_solved(self) -> bool:
        """Whether every condition is met."""
        return self.failed is None and not self.broke


def decide(exercise: "Exercise[A]", answer: A) -> Decision:
    """Decide an answer exactly.

    Raises:
        WrongAnswer: if the answer cannot be decided as it is written.
        Undecided: where two numbers cannot be told apart.
    """
    met = list[Condition]()
    try:
        for condition in exercise.check(answer):
            if not condition.is_met:
                return Decision(tuple(met), condition)
            met.append(condition)
    except (SumTooLong, TreeTooLarge) as error:
        raise WrongAnswer(f"too large to be decided: {error}; a smaller one is enough") from None
    return Decision(tuple(met))


def on_instance(
    name: str, result: TaughtResult, level: ExerciseLevel, *claims: str
) -> Callable[[Callable[[Problem], Conditions]], Exercise[Problem]]:
    """Make an exercise whose answer is an instance file."""

    def made(check: Callable[[Problem], Conditions]) -> Exercise[Problem]:
        return Exercise(name, result, level, *_told(check), claims, "instance", check)

    return made


def with_answer(
    name: str, result: TaughtResult, level: ExerciseLevel, *claims: str, answer: type[msgspec.Struct], example: str
) -> Callable[[Callable[[Any], Conditions]], Exercise[Any]]:
    """Make an exercise whose answer is a small file of data, read as ``answer``."""

    def made(check: Callable[[Any], Conditions]) -> Exercise[Any]:
        return Exercise(name, result, level, *_told(check), claims, "answer", check, answer, example)

    return made


def with_learner(
    name: str, result: TaughtResult, level: ExerciseLevel, *claims: str, family: ExerciseFamily
) -> Callable[[Callable[[Tried], Conditions]], Exercise[Tried]]:
    """Make an exercise whose answer is a learner; what is decided is its exact law in each member of the family."""

    def made(check: Callable[[Tried], Conditions]) -> Exercise[Tried]:
        return Exercise(name, result, level, *_told(check), claims, "learner", check, family=family)

    return made


def _told(check: Callable[..., object]) -> tuple[str, str]:
    title, _, text = inspect.cleandoc(check.__doc__ or "").partition("\n\n")
    return title.removesuffix("."), text


def exercises_of(module: ModuleType) -> Iterator[Exercise[Any]]:
    """Yield the exercises of a module, in its order."""
    yield from (found for found in vars(module).values() if isinstance(found, Exercise))


def count(number: int) -> fmpq:
    """Return a count as a number that conditions compare."""
    return fmpq(number)


def shown_number(value: Number) -> str:
    """Return a number for a sentence: exactly where that is short, with decimals where they say more."""
    lowest = value if isinstance(value, fmpq) else real(value).exact
    text = text_within(real(value) if lowest is None else lowest, _SHORT)
    nearest, low, high = enclosing(value, _DIGITS)
    rounded = f"between {low} and {high}" if nearest is None else nearest if low == high else f"≈{nearest}"
    if text is None or text == rounded:
        return rounded
    return f"{text} {rounded if rounded.startswith('≈') else f'= {rounded}'}"
