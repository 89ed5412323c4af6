"""What Coq says about a finished build: which definitions statements reach, their texts, their axioms.

Our own files are loaded but not imported, so that no notation of theirs is in force and adding
a file cannot change how the statements of another one are printed. Only the standard library
is used.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

HERE = Path(__file__).resolve().parent
LOGICAL_PATH = "Spanner"
COQC = "coqc"
LIBRARIES = frozenset({"Coq", "mathcomp"})
"""Definitions of these are read as they are; of ours, each one that a statement reaches is listed."""

# The options stand after our own files, which could set them globally.
PREAMBLE = """\
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp.
From Spanner Require {modules}.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.
Unset Printing Implicit Defensive.
Set Printing Width 90.
Set Printing Depth 10000.
"""


class QueryError(ValueError):
    """Coq cannot answer; the message is one line for the user."""


@dataclass(frozen=True)
class Reached:
    """One of our constants or inductive types: what it is, and what reaches it."""

    kind: str  # "definition", "inductive", "proof" or "opaque": see reach.elpi
    parent: str


@dataclass(frozen=True)
class Reach:
    """What the statements asked about reach, by Coq's own terms; names without our logical path."""

    missing: frozenset[str]
    data: frozenset[str]  # names that exist, but whose types are not propositions
    reached: dict[str, Reached]
    libraries: frozenset[str]


@dataclass(frozen=True)
class Text:
    """A statement or definition as Coq prints it: to be read, and with everything that it holds."""

    readable: str
    full: str


def reach(build: Path, modules: Sequence[str], names: Sequence[str]) -> Reach:
    """Follow the statements of ``names``: every definition of ours that their meaning rests on."""
    program = (HERE / "reach.elpi").read_text(encoding="utf-8")
    asked = " ".join(f'"{LOGICAL_PATH}.{name}"' for name in names)
    lines = [f"Elpi Command reach. Elpi Accumulate lp:{{{{\n{program}\n}}}}.", f"Elpi reach {asked}."]
    with tempfile.TemporaryDirectory() as scratch:
        answer = _coq(build, Path(scratch), modules, lines, first="From elpi Require Import elpi.\n")
    found: dict[str, set[str]] = {"missing": set(), "data": set(), "statement": set(), "library": set()}
    reached: dict[str, Reached] = {}
    for line in answer.splitlines():
        match line.split():
            case ["reach:", kind, name] if kind in found:
                found[kind].add(_ours(name))
            case ["reach:", kind, name, "from", parent]:
                reached[_ours(name)] = Reached(kind, _ours(parent))
            case ["reach:", *_]:
                raise QueryError(f"not understood: {line}")
    if found["missing"] | found["data"] | found["statement"] != set(names):
        raise QueryError("Coq did not answer for every statement")
    return Reach(frozenset(found["missing"]), frozenset(found["data"]), reached, frozenset(found["library"]))


def texts_and_axioms(
    build: Path, modules: Sequence[str], commands: Mapping[str, str], groups: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Text], dict[str, frozenset[str]]]:
    """Ask Coq for the text of each name, and for what the proofs of each group of theorems rest on.

    ``commands`` says how to ask for a text: ``Check @`` or ``Print ``.  What proofs rest on are axioms, and whatever
    else is taken on trust: for each group one set of names.
    """
    asked = {name: f"{command}{LOGICAL_PATH}.{name}." for name, command in commands.items()}
    lines = [f'Redirect "{name}" {command}' for name, command in asked.items()]
    for group, theorems in groups.items():
        # One term and one traversal: far faster than a traversal for each theorem.  Not pairs, whose types pile up.
        used = "".join(f"let _ := @{LOGICAL_PATH}.{name} in " for name in theorems)
        lines += [f"Definition audited_{group} := {used}I."]
        lines += [f'Redirect "axioms {group}" Print Assumptions audited_{group}.']
    lines += ["Set Printing All.", *(f'Redirect "{name}.all" {command}' for name, command in asked.items())]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _coq(build, folder, modules, lines)
        texts = {name: Text(_redirected(folder, name), _redirected(folder, f"{name}.all")) for name in asked}
        axioms = {group: read_assumptions(_redirected(folder, f"axioms {group}")) for group in groups}
    cut = sorted(name for name, text in texts.items() if "..." in text.full)
    if cut:
        raise QueryError(f"too deep to be printed in full: {', '.join(cut)}")
    return texts, axioms


def read_assumptions(text: str) -> frozenset[str]:
    """Read the answer of ``Print Assumptions``: names of axioms, and other lines ("is assumed to be guarded") whole."""
    if text.startswith("Closed under the global context"):
        return frozenset()
    flush = [line for line in text.splitlines() if line and not line[0].isspace()]
    names = [re.fullmatch(r"([A-Za-z_][\w.']*)( :.*)?", line) for line in flush]
    found = {name[1] if name else line for name, line in zip(names, flush, strict=True)}
    return frozenset(found - {"Axioms:"})


def _ours(name: str) -> str:
    return name.removeprefix(f"{LOGICAL_PATH}.")


def _redirected(folder: Path, name: str) -> str:
    return (folder / f"{name}.out").read_text(encoding="utf-8").strip()


def _coq(build: Path, folder: Path, modules: Sequence[str], lines: Iterable[str], first: str = "") -> str:
    source = folder / "query.v"
    preamble = first + PREAMBLE.format(modules=" ".join(modules))
    source.write_text(preamble + "\n".join(lines) + "\n", encoding="utf-8")
    command = [COQC, "-q", "-w", "none", "-R", str(build), LOGICAL_PATH, source.name]
    done = subprocess.run(  # noqa: S603 - constants and a path of ours; no shell
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        detail = " ".join((done.stderr or done.stdout).split())
        raise QueryError(f"Coq refused the query: {detail[-400:]}")
    return done.stdout
