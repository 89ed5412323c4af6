"""Answers from bytes: instance files and answer files, with limits that keep every check short."""

from pathlib import Path
from typing import Any

import msgspec

from proofs_check.exercises.asking import Exercise
from reference.catalog import InstanceError, Limits, parse
from reference.model import Problem

MOST_ANSWER_BYTES = 200_000
"""The largest file that is read."""

LIMITS = Limits(
    file_bytes=MOST_ANSWER_BYTES, prompts=20, responses=200, tokens=400, horizon=12, dimension=200,
    numeral_characters=200, logarithms=32, log_arguments=200, exponent=1_000,
)  # fmt: skip
"""Of instances that are answers."""


class AnswerError(ValueError):
    """A file that is no answer to an exercise: one line that says why."""


def read_bytes_of(path: str) -> bytes:
    """Return what is in a file.

    Raises:
        AnswerError: if it is not there, is no file, cannot be read, or is too large.
    """
    shown = path if path.isprintable() else ascii(path)
    file = Path(path)
    try:
        if not file.is_file():
            what = "not a file" if file.exists() else "no such file"
            raise AnswerError(f"{shown[:200]}: {what}")
        if (size := file.stat().st_size) > MOST_ANSWER_BYTES:
            raise AnswerError(f"{shown}: {size} bytes; an answer has at most {MOST_ANSWER_BYTES}")
        return file.read_bytes()
    except OSError as error:
        raise AnswerError(f"{shown[:200]}: cannot be read: {error.strerror}") from None


def read_problem(data: bytes, where: str) -> Problem:
    """Return the problem in an instance file, small enough for an exercise.

    Raises:
        AnswerError: naming the place in the file.
    """
    try:
        return parse(data, where, limits=LIMITS)
    except InstanceError as error:
        raise AnswerError(str(error)) from None


def read_answer(exercise: Exercise[Any], data: bytes, where: str) -> msgspec.Struct:
    """Return the data in an answer file.

    Raises:
        AnswerError: naming the key, with an example of the form.
    """
    assert exercise.answer is not None  # noqa: S101 - the caller knows its kind
    try:
        return msgspec.json.decode(data, type=exercise.answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        said = " ".join(str(error).split())[:200]
        said = said if said[1:2].isupper() else said[:1].lower() + said[1:]
        raise AnswerError(f"{where}: {said}; an answer looks like {exercise.example}") from None
