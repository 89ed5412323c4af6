"""Replay scripts: what an algorithm asks in one run, what the world answers, and what it returns.

A script is a run of the exact program on a small problem.  Whoever replays it plays the world for another program: the
first question that differs ends the run.  The questions:

========  =========================  ======================================================================
ask       arguments                  answer
========  =========================  ======================================================================
prompt                               ``x``, drawn from rho
weak      ``x`` (``prefix``)         ``y`` and ``phi``: a draw from the base model, with its features
listing   ``x``, ``prefix``          ``tokens``, ``masses`` and ``phi`` of all that may follow
reward    ``x``, ``y`` (``tokens``)  ``r``
round     ``thetas``                 ``x`` and ``answers``, each with ``y``, ``phi``, ``r``: a proper learner's
coin      ``p``                      true with probability ``p``; a draw of the program's own
choose    ``masses``                 a place in the list; a draw of the program's own
========  =========================  ======================================================================

``prefix`` and ``tokens`` stand in problems of several tokens alone.  Numbers of an answer are dyadic rationals; those
that the program itself computes are compared as answers of vectors are.
"""

import json
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from reference.conformance.vectors import DATA, Answer

REPLAY: Final = DATA / "replay"
"""Where the scripts lie that ship with the package."""

REPLAY_SCHEMA: Final = "spanner-replay-1"
"""Value of the field ``schema``."""

AlgorithmName = Literal["softmax_sampler", "spanner_sampling", "mtss", "online_dpo", "xpo", "enumerating"]

Ask = Literal["prompt", "weak", "listing", "reward", "round", "coin", "choose"]

Given = str | int | list[int | str | list[str | list[str]]]
"""A rational as text, an integer, rows of them."""


class Step(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """A question, with what it must ask, and what is answered.

    ``numbers``: what the program computes for the question: ``p`` of a coin, the masses to choose from, the entries of
    the parameters of a round, one after the other.  ``loose``: it may change places with its neighbours that are, too.
    """

    ask: Ask
    where: dict[str, int | list[int]] = {}
    numbers: list[Answer] = []
    answer: Any = None
    loose: bool = False


class Script(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """A run: the input that the program gets, the questions, and what it returns in the end.

    ``done``: rows of numbers, or integers, by name.
    """

    id: str
    comment: str
    input: dict[str, Given]
    steps: list[Step]
    done: dict[str, int | list[int | list[Answer]]]


class ScriptFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename="camel"):
    """The scripts of one algorithm."""

    schema: Literal["spanner-replay-1"]
    version: str
    algorithm: AlgorithmName
    licence: str
    generator: str
    number_of_scripts: int
    scripts: list[Script]


def read_scripts(algorithm: str) -> ScriptFile:
    """Return the scripts of an algorithm that ship with the package."""
    return msgspec.json.decode(script_path(algorithm).read_bytes(), type=ScriptFile)


def script_text(file: ScriptFile) -> str:
    """Return a file as it is written: one script a line."""
    head = msgspec.to_builtins(file)
    scripts = head.pop("scripts")
    lines = [msgspec.json.encode(each).decode() for each in scripts]
    start = msgspec.json.encode(head).decode()[:-1]
    return start + ',"scripts":[\n' + ",\n".join(lines) + "\n]}\n"


def scripts_schema_text() -> str:
    """Return the JSON Schema of these files."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(ScriptFile)}
    return json.dumps(schema, indent=2) + "\n"


def script_path(algorithm: str) -> Path:
    """Return where they lie."""
    return REPLAY / f"{algorithm}.json"
