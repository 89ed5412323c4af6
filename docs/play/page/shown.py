"""What every part of the page needs: instances within limits, and numbers as text and as something to draw with."""

import json
from typing import NamedTuple, TypedDict

from flint import fmpq

from reference.catalog import InstanceError, Limits, parse
from reference.exact import Number, enclosing, real
from reference.exact.text import text_within
from reference.model import LinearProblem, Problem

MOST_BYTES = 200_000
"""The longest instance that the page reads."""

LIMITS = Limits(
    file_bytes=MOST_BYTES, prompts=50, responses=400, tokens=1_000, horizon=64, dimension=64, numeral_characters=400,
    logarithms=64, log_arguments=400, exponent=10_000,
)  # fmt: skip

_SHORT = 24


class Sentence(ValueError):
    """What the page says in place of an answer: one line, with what to do."""


class Number2(TypedDict):
    """A number: as it is written, and the nearest float, which is for drawing only."""

    text: str
    value: float


class Row(NamedTuple):
    """A response: its name, and its mass under the base model."""

    name: str
    mass: Number


def number(value: Number) -> Number2:
    """Return a number for the page: exactly where that is short, otherwise as a decimal that says it is rounded."""
    exact = text_within(value if isinstance(value, fmpq) else real(value), _SHORT)
    if exact is None:
        nearest, low, high = enclosing(value, 6)
        exact = f"between {low} and {high}" if nearest is None else f"≈{nearest}"
    return {"text": exact, "value": near(value)}


def near(value: Number) -> float:
    """Return a float to draw with, the middle of an enclosure: whether it is the nearest one need not be decided."""
    return int(value.p) / int(value.q) if isinstance(value, fmpq) else float(real(value).enclosure(64))


def read(source: str, beta: str = "") -> Problem:
    """Return the instance that was typed, with another ``beta`` if one is given.

    Raises:
        InstanceError: a line that says where.
    """
    problem = parse(source, "the instance", limits=LIMITS)
    if not beta:
        return problem
    return parse(json.dumps(json.loads(source) | {"beta": beta}), "the instance", limits=LIMITS)


def read_linear(source: str, beta: str = "") -> LinearProblem:
    """Return the instance if its responses are single tokens with features and ``theta``.

    Raises:
        Sentence: if they are not.
    """
    problem = read(source, beta)
    if not isinstance(problem, LinearProblem):
        raise Sentence(f"{problem.name}: this figure needs responses of one token with phi and theta; pick another one")
    return problem


def said(error: Exception) -> str:
    """Return the line that the page shows for an error."""
    if isinstance(error, InstanceError | Sentence):
        return " ".join(str(error).split())[:600]
    return f"{type(error).__name__}: {' '.join(str(error).split())[:500]}"
