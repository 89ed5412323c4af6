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

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from reference.catalog.format import schema_of, text_of
from reference.conformance.vectors import DATA, Answer, FloatFormat

REPLAY: Final = DATA / "replay"
"""Where the scripts lie that ship with the package."""

DIGESTS: Final = "sha256.json"
"""The file with what each file must be to the byte."""

SCRIPTS_SCHEMA_PATH: Final = DATA.parent / "replay-1.schema.json"
"""The shipped JSON Schema."""

REPLAY_SCHEMA: Final = "spanner-replay-1"
"""Value of the field ``schema``."""

SCRIPT_FORMATS: Final[tuple[FloatFormat, ...]] = ("binary64", "binary32")
"""What the numbers of scripts are rounded to."""

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


class ChangedScripts(ValueError):
    """A file of scripts is not the one that was published: one line."""


def read_scripts(algorithm: AlgorithmName) -> ScriptFile:
    """Return the scripts of an algorithm that ship with the package.

    >>> from reference.conformance.scripts import read_scripts
    >>> read_scripts("enumerating").scripts[0].steps[0].ask
    'reward'

    Raises:
        ChangedScripts: if some byte of the file has changed.
    """
    data = script_path(algorithm).read_bytes()
    digests = msgspec.json.decode((REPLAY / DIGESTS).read_bytes(), type=dict[str, str])
    if digests.get(algorithm) != sha256(data).hexdigest():
        raise ChangedScripts(f"{script_path(algorithm)} is not the file that was published; install the package again")
    return msgspec.json.decode(data, type=ScriptFile)


def script_path(algorithm: AlgorithmName) -> Path:
    """Return where they lie."""
    return REPLAY / f"{algorithm}.json"


def script_text(file: ScriptFile) -> str:
    """Return a file as it ships: a script on each line."""
    head = msgspec.to_builtins(file)
    scripts = head.pop("scripts")
    lines = [f'"{name}":{_compact(value)}' for name, value in head.items()]
    return "{" + ",\n".join(lines) + ',\n"scripts":[\n' + ",\n".join(map(_compact, scripts)) + "\n]}\n"


def digests_text(texts: Mapping[AlgorithmName, str]) -> str:
    """Return the digests of files, by algorithm, as they ship."""
    digests = {name: sha256(text.encode()).hexdigest() for name, text in texts.items()}
    return msgspec.json.format(msgspec.json.encode(digests), indent=1).decode() + "\n"


def scripts_schema_text() -> str:
    """Return the text of the shipped JSON Schema (draft 2020-12) of files of scripts."""
    return text_of(schema_of(ScriptFile, f"{REPLAY_SCHEMA}: replay scripts"))


def _compact(value: object) -> str:
    return msgspec.json.encode(value).decode()
