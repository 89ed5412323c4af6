"""What a program of ``spanner run`` is made of: its parameters, read from texts, and its answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Generic, Literal, TypeVar

from flint import fmpq

from proofs_check.cli.access import Access, theta_json
from proofs_check.cli.formats import run as formats
from proofs_check.cli.formats.parts import DIGITS, number
from proofs_check.cli.output import UserError, short_number
from reference.algorithms.parts.cover import Cover, RidgeCover, SpanCover
from reference.catalog.noise2 import read_noise
from reference.catalog.reading import InstanceError
from reference.exact import BadNumber, LogLinear, rational
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction.runs import SoftmaxPolicy
from reference.model import LinearProblem, Problem, gap, softmax
from reference.model.problem import NO_NOISE

P = TypeVar("P", bound=Problem)
V = TypeVar("V")


MODE = {
    "mode": ("span", "span or ridge"),
    "lambda": ("1", "ridge, in ridge mode"),
    "nu": ("1", "threshold, in ridge mode"),
}


NOISE = {"noise": ("", "error of a reward: 1/4 for 1/4 or -1/4, or a file; that of the instance unless given")}
"""Of every algorithm that queries rewards."""

MOST_NAMES = 5
"""Prompts that an error names."""


@dataclass(frozen=True, slots=True)
class ProgramAnswer:
    """What a program returned, as lines of text and as data, and the queries that one draw from it makes.

    ``queries_per_draw``: ``None`` where no policy is returned.
    """

    lines: tuple[tuple[str, str], ...]
    data: formats.Answer
    queries_per_draw: int | None = None


@dataclass(frozen=True, slots=True)
class Algorithm(Generic[P, V]):
    """A program over what its access shows, and its parameters: default value and meaning.

    A default of ``""`` means that the instance, or another parameter, decides.  ``factor``: unless given, ``M`` is this
    many times ``C_cov(pi*)``, rounded up.  ``grows``: the parameters that a run grows with, and about how many weak
    queries it takes as long as.  ``law_fits``: whether ``--law`` takes less than a minute, where that is predicted.
    ``works``: parameters at which ``--law`` is small.
    """

    title: str
    access: Access[P, V]
    parameters: Mapping[str, tuple[str, str]]
    program: Callable[[P, "ParameterValues"], Callable[[V], ProgramAnswer]]
    factor: int = 1
    grows: "tuple[tuple[str, ...], Callable[[ParameterValues], int]] | None" = None
    law_fits: "Callable[[P, ParameterValues], bool] | None" = None
    works: str = ""


class ParameterValues:
    """Parameter values of one run on an instance, as texts, read on demand.

    A bad one is a :class:`UserError` that names it.
    """

    def __init__(self, problem: Problem, texts: dict[str, str]) -> None:
        self.problem = problem
        self.texts = texts

    def having(self, name: str, value: int) -> "ParameterValues":
        """Return the same with another value of a parameter."""
        return ParameterValues(self.problem, self.texts | {name: str(value)})

    def rational(self, name: str) -> fmpq:
        """Return a rational parameter."""
        try:
            return rational(self.texts[name])
        except BadNumber as error:
            raise UserError(f"--param {name}: {error}") from None

    def integer(self, name: str) -> int:
        """Return an integer parameter."""
        value = self.rational(name)
        if value.q != 1:
            raise UserError(f"--param {name}={self.texts[name]}: needs an integer")
        return int(value.p)

    def mode(self) -> Literal["ridge", "span"]:
        """Return ``ridge`` or ``span``."""
        match self.texts["mode"]:
            case "ridge" | "span" as mode:
                return mode
        raise UserError(f"--param mode={self.texts['mode']}: write ridge or span")

    def noise(self) -> Law[fmpq] | None:
        """Return the law of the error of a reward; ``None`` if the instance's is meant."""
        text = self.texts.get("noise", "")
        if not text:
            return None
        try:
            size = abs(rational(text))
        except BadNumber:
            try:
                return read_noise(text)
            except InstanceError as error:
                raise UserError(f"--param noise: {error}") from None
        return Law.of([(size, fmpq(1, 2)), (-size, fmpq(1, 2))]) if size != 0 else NO_NOISE

    def prompt(self) -> int:
        """Return the prompt ``x``, given by name or by index."""
        text, names = self.texts["x"], [prompt.name for prompt in self.problem.prompts]
        if text in names:
            return names.index(text)
        if text.isdecimal() and len(text) < 10 and int(text) < len(names):  # noqa: PLR2004 - no absurd numerals
            return int(text)
        shown = ", ".join(short_number(name) for name in names[:MOST_NAMES]) + ", ..." * (len(names) > MOST_NAMES)
        raise UserError(
            f"--param x={short_number(text)}: no such prompt; give 0 to {len(names) - 1}, or a name: {shown}"
        )

    def cover(self, dimension: int) -> Cover:
        """Return the empty cover of the chosen mode."""
        if self.mode() == "span":
            return SpanCover.empty(dimension)
        return RidgeCover.empty(dimension, self.rational("lambda"), self.rational("nu"))


def overridden(parameters: Mapping[str, tuple[str, str]], given: list[str]) -> dict[str, str]:
    """Return the default texts with the given ``KEY=VALUE`` put over them.

    Raises:
        UserError: for text of another form, a key that the algorithm has not, or a key given twice.
    """
    texts = {key: default for key, (default, _) in parameters.items()}
    seen = set[str]()
    for text in given:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise UserError(f"--param {text[:80]}: write KEY=VALUE")
        if key not in texts:
            close = get_close_matches(key, texts, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(texts)}"
            raise UserError(f"--param {key[:80]}: no such parameter; {hint}")
        if key in seen:
            raise UserError(f"--param {key}: given twice; give it once")
        seen.add(key)
        texts[key] = value
    return texts


def softmax_answer(problem: LinearProblem, policy: SoftmaxPolicy) -> ProgramAnswer:
    """Return the answer of a learner that returns one parameter: it, and the gap of its policy."""
    loss = number(gap(problem, softmax(problem, policy.theta)), DIGITS)
    lines = (("theta", theta_text(policy.theta)), ("gap", str(loss)))
    return ProgramAnswer(lines, formats.Answer(theta=theta_json(policy.theta), gap=loss), policy.queries_per_draw)


def vector_json(vector: Vector) -> formats.Vector:
    """Return features as data."""
    return tuple(vector.texts())


def theta_text(theta: tuple[LogLinear, ...]) -> str:
    """Return a parameter for people: exact where that is short."""
    return f"({', '.join(str(t) if len(str(t)) <= 60 else str(number(t, 6)) for t in theta)})"  # noqa: PLR2004 - short
