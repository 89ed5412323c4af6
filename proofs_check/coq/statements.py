"""Bridge between the ledger's claims and the Coq development beside this file.

``theorems.toml`` lists, for each claim of the ledger, the Coq theorems that prove it
and the digest of each statement; and, with their digests, all definitions of ours that the
statements reach, because a statement means only what its definitions mean.  Which these are
Coq itself says (``reach.elpi``).  A digest is taken of what Coq prints under ``Set Printing
All``: nothing is hidden there, and no notation is used.

Commands (each needs a finished build; ``check.sh`` makes one)::

    statements.py check  BUILD   # one line per theorem and definition; exit 1 if any fails
    statements.py update BUILD   # record the present digests, rewrite statements.md
    statements.py json   BUILD   # the table as JSON, for the ledger's pages

``check`` fails when a named theorem is missing or is no proposition, when its statement or a
definition no longer has the recorded digest, when a definition is reached and not listed, or
listed and not reached, when the proofs use an axiom that is not on the allow-list, when a claim
has no theorem on concrete data (an instance or a refutation) and gives no reason, or when
``statements.md`` is stale. Only the standard library is used.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from queries import LIBRARIES, QueryError, Reach, Text, reach, texts_and_axioms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

HERE = Path(__file__).resolve().parent
INDEX = HERE / "theorems.toml"
TABLE = HERE / "statements.md"
PROJECT = HERE / "_CoqProject"
# Theorems on concrete data, over Coq's own reals, which have axioms of their own.
CONCRETE_FILES = frozenset({"instances.v", "refutations.v"})
GROUPS = ("concrete", "general")
ARGUMENT_COUNT = 3
PENDING = "pending"


class IndexFileError(ValueError):
    """The index cannot be used; the message is one line for the user."""


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
        return _file(self.name)


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
    odd = [name for name in names if not re.fullmatch(r"[A-Za-z_][\w']*(\.[A-Za-z_][\w']*)+", name)]
    if odd:
        message = f"{path.name}: not a name of the form file.name: {', '.join(odd)}"
        raise IndexFileError(message)
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


def ask(
    build: Path, entries: Sequence[Entry], groups: Iterable[str] = ()
) -> tuple[Reach, dict[str, Text], dict[str, frozenset[str]]]:
    """Ask Coq what the theorems reach, for the text of each entry, and for the axioms of each audit group.

    A missing name has no text.
    """
    theorems = [e.name for e in entries if e.kind == "theorem"]
    answer = reach(build, modules(), theorems)
    commands = {name: "Check @" for name in theorems if name not in answer.missing}
    members = {group: [name for name in commands if _group(name) == group] for group in groups}
    for entry in entries:
        if entry.kind == "definition" and entry.name in answer.reached:
            # Of a proof only the statement counts.
            commands[entry.name] = "Check @" if answer.reached[entry.name].kind == "proof" else "Print "
    return answer, *texts_and_axioms(build, modules(), commands, members)


def digest(text: str) -> str:
    """Return the SHA-256 of a statement, white space normalised."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def check(build: Path) -> list[Result]:
    """Compare the build with the index: one result for each entry, group and table."""
    entries, allowed = load_index()
    answer, texts, axioms = ask(build, entries, GROUPS)
    results = [Result(f"{e.kind} {e.name}", _entry_problem(e, answer, texts)) for e in entries]
    results += unlisted(entries, answer)
    foreign = ", ".join(sorted(answer.libraries - LIBRARIES))
    problem = f"some are of {foreign}" if foreign else None
    results.append(Result("other definitions reached are of Coq or mathcomp", problem))
    for group, used in axioms.items():
        extra = sorted(used - allowed.get(group, frozenset()))
        problem = f"not on the allow-list: {', '.join(extra)}" if extra else None
        count = sum(e.kind == "theorem" and _group(e.name) == group for e in entries)
        results.append(Result(f"axioms of {count} theorems ({group})", problem))
    results += instantiated(entries, load_reasons())
    table = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    stale = table != render_table(entries, texts)
    problem = "stale: run `./check.sh update`" if stale else None
    results.append(Result(TABLE.name, problem))
    return results


def unlisted(entries: Sequence[Entry], answer: Reach) -> list[Result]:
    """Return a failure for each definition that a statement reaches and the index does not list."""
    definitions = {e.name for e in entries if e.kind == "definition"}
    theorems = {e.name for e in entries if e.kind == "theorem"}
    results = []
    for name, found in answer.reached.items():
        listed = name in definitions or (found.kind == "proof" and name in theorems)
        if not listed:
            problem = f"{found.parent} reaches it, and {INDEX.name} does not list it"
            results.append(Result(f"definition {name}", problem))
    return results


def update(build: Path) -> list[Result]:
    """Record the present digests in the index and rewrite the table; return what is left to do by hand."""
    entries, _ = load_index()
    answer, texts, _ = ask(build, entries)
    lines = INDEX.read_text(encoding="utf-8").splitlines()
    name = ""
    for number, line in enumerate(lines):
        if match := re.fullmatch(r'name = "(.*)"', line):
            name = match[1]
        elif line.startswith("sha256 = ") and name in texts:
            lines[number] = f'sha256 = "{digest(texts[name].full)}"'
    INDEX.write_text("\n".join(lines) + "\n", encoding="utf-8")
    entries, _ = load_index()
    TABLE.write_text(render_table(entries, texts), encoding="utf-8")
    left = [Result(f"{e.kind} {e.name}", _entry_problem(e, answer, texts)) for e in entries]
    return [result for result in left if result.problem] + unlisted(entries, answer)


def render_table(entries: Iterable[Entry], texts: Mapping[str, Text]) -> str:
    """Return the Markdown page of claims, readings and Coq statements."""
    rows = list(entries)
    out = [
        "# Statements checked by the Coq kernel",
        "",
        "Generated by `check.sh update`; do not edit.",
        "Each block is what Coq prints, with its usual notations and implicit arguments hidden, to be read.",
        "The audit compares the form in which nothing is hidden (`Set Printing All`).",
        "",
    ]
    for claim in dict.fromkeys(e.claim for e in rows if e.kind == "theorem"):
        out += [f"## {claim}", ""]
        for e in (e for e in rows if e.kind == "theorem" and e.claim == claim):
            caveat = [f"Caveat: {e.caveat}", ""] if e.caveat else []
            out += [f"`{e.name}` ({_group(e.name)}): {e.reading}", "", *caveat]
            out += ["```coq", _readable(e, texts), "```", ""]
    out += ["## Definitions used", ""]
    for e in (e for e in rows if e.kind == "definition"):
        out += [f"`{e.name}`: {e.reading}", ""]
        out += ["```coq", _readable(e, texts), "```", ""]
    return "\n".join(out)


def as_json(build: Path) -> str:
    """Return the table as JSON: the index with the statements as Coq prints them."""
    entries, _ = load_index()
    _, texts, _ = ask(build, entries)
    rows = [asdict(e) | {"file": e.file, "statement": _readable(e, texts)} for e in entries]
    return json.dumps(rows, indent=1)


def main(arguments: Sequence[str]) -> int:
    """Run one command; exit code 0 (all well), 1 (a check failed) or 2 (cannot run)."""
    commands = {"check", "update", "json"}
    if len(arguments) != ARGUMENT_COUNT or arguments[1] not in commands:
        sys.stderr.write("usage: statements.py check|update|json BUILD\n")
        return 2
    build = Path(arguments[2]).resolve()
    try:
        if arguments[1] == "json":
            sys.stdout.write(as_json(build) + "\n")
            return 0
        results = update(build) if arguments[1] == "update" else check(build)
    except (IndexFileError, QueryError, OSError, KeyError, tomllib.TOMLDecodeError) as error:
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


def _entry_problem(entry: Entry, answer: Reach, texts: Mapping[str, Text]) -> str | None:
    problem = None
    if entry.name in answer.missing:
        problem = "no such name in the build"
    elif entry.kind == "definition" and entry.name not in answer.reached:
        problem = "no statement reaches it: remove it from the index"
    elif entry.name in answer.data:
        problem = "its type is not a proposition"
    elif entry.kind == "definition" and answer.reached[entry.name].kind == "opaque":
        problem = "its body is hidden (Qed, or a module type) or missing: define it openly"
    elif entry.sha256 == PENDING:
        problem = "no digest recorded"
    elif digest(texts[entry.name].full) != entry.sha256:
        problem = f"the {'statement' if entry.kind == 'theorem' else 'definition'} is not the recorded one"
    return problem


def _readable(entry: Entry, texts: Mapping[str, Text]) -> str:
    return texts[entry.name].readable if entry.name in texts else "missing"


def _group(name: str) -> str:
    return "concrete" if _file(name) in CONCRETE_FILES else "general"


def _file(name: str) -> str:
    return name.split(".", 1)[0] + ".v"


if __name__ == "__main__":
    sys.exit(main(sys.argv))
