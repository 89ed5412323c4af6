"""Bridge between the ledger's claims and the Coq development beside this file.

``theorems.toml`` lists, for each claim of the ledger, the Coq theorems that prove it
and the digest of each statement *as Coq prints it*; it also lists the definitions that
the statements use, because a statement means only what its definitions mean.

Commands (each needs a finished build, see ``check.sh``)::

    statements.py check  BUILD   # one line per theorem and definition; exit 1 if any fails
    statements.py update BUILD   # record the present digests, rewrite statements.md
    statements.py json   BUILD   # the table as JSON, for the ledger's pages

``check`` fails when a named theorem is missing, when its statement or a definition no
longer has the recorded digest, when the proofs use an axiom that is not on the
allow-list, when a claim has no theorem on concrete data (an instance or a refutation) and
gives no reason, or when ``statements.md`` is stale. Only the standard library is used.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HERE = Path(__file__).resolve().parent
INDEX = HERE / "theorems.toml"
TABLE = HERE / "statements.md"
PROJECT = HERE / "_CoqProject"
LOGICAL_PATH = "Spanner"
COQC = "coqc"
# Theorems on concrete data, over Coq's own reals, which have axioms of their own.
CONCRETE_FILES = frozenset({"instances.v", "refutations.v"})
ARGUMENT_COUNT = 3
PENDING = "pending"

# Our own files are loaded but not imported, so that adding a file cannot change how the
# statements of another one are printed.
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


class IndexFileError(ValueError):
    """The index or the build cannot be used; the message is one line for the user."""


@dataclass(frozen=True)
class Entry:
    """One row of the index: a theorem or a definition, with its recorded digest."""

    name: str
    kind: str
    claim: str
    reading: str
    caveat: str
    sha256: str

    @property
    def file(self) -> str:
        """The source file, relative to this folder."""
        return self.name.split(".", 1)[0] + ".v"


@dataclass(frozen=True)
class Result:
    """The outcome of one check."""

    name: str
    problem: str | None


def load_index(path: Path = INDEX) -> tuple[list[Entry], dict[str, frozenset[str]]]:
    """Read the index: its entries, and the allowed axioms by audit group."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    kinds = ("theorem", "definition")
    entries = [_entry(row, kind) for kind in kinds for row in data.get(kind, [])]
    names = [entry.name for entry in entries]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        message = f"{path.name}: listed twice: {', '.join(repeated)}"
        raise IndexFileError(message)
    axioms = {group: frozenset(names) for group, names in data["axioms"].items()}
    return entries, axioms


def load_reasons(path: Path = INDEX) -> dict[str, str]:
    """Read why a claim has no theorem on concrete data, for those that have none."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {str(claim): str(why) for claim, why in data.get("uninstantiated", {}).items()}


def instantiated(entries: Sequence[Entry], reasons: dict[str, str]) -> list[Result]:
    """Check that every claim has a theorem on concrete data, or else a reason, not both."""
    theorems = [entry for entry in entries if entry.kind == "theorem"]
    concrete = {entry.claim for entry in theorems if entry.file in CONCRETE_FILES}
    claims = list(dict.fromkeys(entry.claim for entry in theorems))
    results = []
    for claim in claims:
        problem = None
        if claim not in concrete and not reasons.get(claim, "").strip():
            problem = "no theorem of instances.v or refutations.v, and no reason"
        elif claim in concrete and claim in reasons:
            problem = "has a theorem on concrete data: remove its reason"
        results.append(Result(f"claim {claim} has an instance or a reason", problem))
    unknown = sorted(reasons.keys() - set(claims))
    results += [Result(f"reason for {claim}", "no such claim") for claim in unknown]
    return results


def modules() -> list[str]:
    """Return the development's modules in build order, from ``_CoqProject``."""
    lines = PROJECT.read_text(encoding="utf-8").split()
    return [line.removesuffix(".v") for line in lines if line.endswith(".v")]


def print_statements(build: Path, entries: Sequence[Entry]) -> dict[str, str]:
    """Ask Coq for the text of each entry; a missing name is absent from the answer."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _coq(build, folder, [f'Redirect "{e.name}" Locate {e.name}.' for e in entries])
        present = [e for e in entries if "No object" not in _redirected(folder, e.name)]
        _coq(build, folder, [_query(e) for e in present])
        return {e.name: _redirected(folder, e.name).strip() for e in present}


def used_axioms(build: Path, names: Sequence[str]) -> frozenset[str]:
    """Return every axiom that the proofs of ``names`` depend on, directly or not."""
    if not names:
        return frozenset()
    # One nested pair and one traversal: far faster than a traversal for each theorem.
    pairs = "I"
    for name in names:
        pairs = f"({pairs}, @{name})"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        define = f"Definition audited := {pairs}."
        show = 'Redirect "axioms" Print Assumptions audited.'
        _coq(build, folder, [define, show])
        text = _redirected(folder, "axioms")
    if text.startswith("Closed under the global context"):
        return frozenset()
    found = re.findall(r"^([A-Za-z_][\w.']*)(?= :|$)", text, flags=re.MULTILINE)
    return frozenset(found) - {"Axioms"}


def digest(text: str) -> str:
    """Return the SHA-256 of a statement, white space normalised."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def check(build: Path) -> list[Result]:
    """Compare the build with the index: one result for each entry, group and table."""
    entries, allowed = load_index()
    texts = print_statements(build, entries)
    results = [Result(f"{e.kind} {e.name}", _entry_problem(e, texts)) for e in entries]
    for group, axioms in sorted(allowed.items()):
        theorems = [e for e in entries if e.kind == "theorem" and e.name in texts]
        names = [e.name for e in theorems if _group(e) == group]
        extra = sorted(used_axioms(build, names) - axioms)
        problem = f"not on the allow-list: {', '.join(extra)}" if extra else None
        results.append(Result(f"axioms of {len(names)} theorems ({group})", problem))
    results += instantiated(entries, load_reasons())
    table = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    stale = table != render_table(entries, texts)
    problem = "stale: run `statements.py update BUILD`" if stale else None
    results.append(Result(TABLE.name, problem))
    return results


def update(build: Path) -> None:
    """Record the present digests in the index and rewrite the table."""
    entries, _ = load_index()
    texts = print_statements(build, entries)
    missing = [e.name for e in entries if e.name not in texts]
    if missing:
        message = f"no such Coq name: {', '.join(missing)}"
        raise IndexFileError(message)
    lines = INDEX.read_text(encoding="utf-8").splitlines()
    name = ""
    for number, line in enumerate(lines):
        if match := re.fullmatch(r'name = "(.*)"', line):
            name = match[1]
        elif line.startswith("sha256 = "):
            lines[number] = f'sha256 = "{digest(texts[name])}"'
    INDEX.write_text("\n".join(lines) + "\n", encoding="utf-8")
    TABLE.write_text(render_table(entries, texts), encoding="utf-8")


def render_table(entries: Iterable[Entry], texts: dict[str, str]) -> str:
    """Return the Markdown page of claims, readings and Coq statements."""
    rows = list(entries)
    out = [
        "# Statements checked by the Coq kernel",
        "",
        "Generated by `statements.py update`; do not edit.",
        "Each block is what Coq prints.",
        "",
    ]
    for claim in dict.fromkeys(e.claim for e in rows if e.kind == "theorem"):
        out += [f"## {claim}", ""]
        for e in (e for e in rows if e.kind == "theorem" and e.claim == claim):
            caveat = [f"Caveat: {e.caveat}", ""] if e.caveat else []
            out += [f"`{e.name}` ({_group(e)}): {e.reading}", "", *caveat]
            out += ["```coq", texts.get(e.name, "missing"), "```", ""]
    out += ["## Definitions used", ""]
    for e in (e for e in rows if e.kind == "definition"):
        out += [f"`{e.name}`: {e.reading}", ""]
        out += ["```coq", texts.get(e.name, "missing"), "```", ""]
    return "\n".join(out)


def as_json(build: Path) -> str:
    """Return the table as JSON: the index with the statements as Coq prints them."""
    entries, _ = load_index()
    texts = print_statements(build, entries)
    rows = [asdict(e) | {"file": e.file, "statement": texts.get(e.name)} for e in entries]
    return json.dumps(rows, indent=1)


def main(arguments: Sequence[str]) -> int:
    """Run one command; exit code 0 (all well), 1 (a check failed) or 2 (cannot run)."""
    commands = {"check", "update", "json"}
    if len(arguments) != ARGUMENT_COUNT or arguments[1] not in commands:
        sys.stderr.write("usage: statements.py check|update|json BUILD\n")
        return 2
    build = Path(arguments[2]).resolve()
    try:
        if arguments[1] == "update":
            update(build)
            return 0
        if arguments[1] == "json":
            sys.stdout.write(as_json(build) + "\n")
            return 0
        results = check(build)
    except (IndexFileError, OSError, KeyError, tomllib.TOMLDecodeError) as error:
        sys.stderr.write(f"statements.py: {error}\n")
        return 2
    for result in results:
        failed = result.problem is not None
        verdict = f"FAIL {result.name}: {result.problem}" if failed else f"ok   {result.name}"
        sys.stdout.write(verdict + "\n")
    return int(any(result.problem is not None for result in results))


def _entry(row: dict[str, str], kind: str) -> Entry:
    return Entry(
        name=row["name"],
        kind=kind,
        claim=row.get("claim", ""),
        reading=row["reading"],
        caveat=row.get("caveat", ""),
        sha256=row["sha256"],
    )


def _entry_problem(entry: Entry, texts: dict[str, str]) -> str | None:
    if entry.name not in texts:
        return "no such name in the build"
    if entry.sha256 == PENDING:
        return "no digest recorded"
    if digest(texts[entry.name]) != entry.sha256:
        return "the statement is not the recorded one"
    return None


def _group(entry: Entry) -> str:
    return "concrete" if entry.file in CONCRETE_FILES else "general"


def _query(entry: Entry) -> str:
    command = "Check @" if entry.kind == "theorem" else "Print "
    return f'Redirect "{entry.name}" {command}{entry.name}.'


def _redirected(folder: Path, name: str) -> str:
    return (folder / f"{name}.out").read_text(encoding="utf-8")


def _coq(build: Path, folder: Path, lines: Iterable[str]) -> None:
    source = folder / "query.v"
    text = PREAMBLE.format(modules=" ".join(modules())) + "\n".join(lines) + "\n"
    source.write_text(text, encoding="utf-8")
    command = [COQC, "-q", "-w", "none", "-R", str(build), LOGICAL_PATH, source.name]
    # The command is built from constants and a path of ours; no shell is involved.
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        detail = " ".join((done.stderr or done.stdout).split())
        message = f"Coq refused the query: {detail[-400:]}"
        raise IndexFileError(message)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
