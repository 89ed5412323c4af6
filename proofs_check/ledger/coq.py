"""Kernel evidence: the Coq theorems that state a claim for all instances, and whether they were audited here.

The index ``proofs_check/coq/theorems.toml`` names for each claim its theorems and the digest of each statement.
``make coq`` builds and audits the development.  An audit without failures leaves its transcript and a record: Coq's
version, the digest of the transcript, and the digests of every file that it audited.  Only the audit writes them; here
they are only read.  They count as long as they fit each other and the files as they lie: then, and only then, a claim's
evidence includes the grade *kernel*, and answers about instances are *certified*.  Theorems with weaker constants than
their claim are shown and do not count.

Someone who can write these files can write a record by hand, too.  Against that no check of a record helps, but to run
``make coq`` again.
"""

import hashlib
import json
import os
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "coq"
INDEX = "theorems.toml"
"""Claims and the theorems that prove them, each with the digest of its statement."""
RECORD = "audited.json"
"""Written by the audit (``check.sh``) when nothing failed; not under version control."""
TRANSCRIPT = "audited.log"
"""What the audit printed; written with the record."""
AUDITS = "SPANNER_AUDIT"
"""In the environment, ``ignore``: no audit counts.  The pages are built so, the same on each machine."""
ANSWERS = re.compile(r"ok   (certified|computed) (\S+): (\S.*)")
"""A line of it about an instance."""


@dataclass(frozen=True, slots=True)
class Theorem:
    """A theorem: ``file.name``, a reading of it in one line, and what it leaves out."""

    name: str
    reading: str
    caveat: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.reading}" + (f" ({self.caveat.rstrip('.')})" if self.caveat else "")


def theorems(claim: str) -> tuple[Theorem, ...]:
    """Return the theorems that the index names for a claim."""
    return _index().get(claim, ())


def weaker(claim: str) -> str:
    """Return what a claim's theorems prove if that is less than its constants say; else an empty text."""
    return _weaker().get(claim, "")


def claims_with_theorems() -> frozenset[str]:
    """Return the claims of the ledger that the index names."""
    return frozenset(_index()) - frozenset(outside())


def outside() -> dict[str, str]:
    """Return the names of the index that are no claims of the ledger, and what their theorems are for."""
    found: dict[str, str] = _parsed().get("outside", {})
    return found


def all_theorems() -> tuple[Theorem, ...]:
    """Return the theorems of the index."""
    return tuple(theorem for known in _index().values() for theorem in known)


def claims_proved() -> frozenset[str]:
    """Return the claims whose theorems have the claim's constants."""
    return claims_with_theorems() - frozenset(_weaker())


@lru_cache(maxsize=1)
def audited() -> bool:
    """Whether the development, as it lies here, passed the audit of ``make coq`` on this machine."""
    if os.environ.get(AUDITS) == "ignore":
        return False
    try:
        record = json.loads((FOLDER / RECORD).read_text(encoding="utf-8"))
        transcript = (FOLDER / TRANSCRIPT).read_bytes()
        fits = (record["files"], record["transcript"]) == (digests(), hashlib.sha256(transcript).hexdigest())
        return fits and _passed(transcript.decode(), record["coq"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def kinds_of(claim: str) -> frozenset[str]:
    """Return the kinds of certified answers that a claim is about: constructors of ``certificate.verdict``."""
    found: dict[str, str] = _parsed().get("kinds", {})
    return frozenset(kind for kind, about in found.items() if about == claim)


def audited_answers() -> tuple[tuple[str, str, str], ...]:
    """Return what the audit says of instances, if it counts: ``certified`` or ``computed``, name, kinds of answers."""
    if not audited():
        return ()
    lines = (FOLDER / TRANSCRIPT).read_text(encoding="utf-8").splitlines()
    return tuple((found[1], found[2], found[3]) for line in lines if (found := ANSWERS.fullmatch(line)))


_GENERATED = ("certified", "laws", "returned", "learners")
"""Folders of files that are written for the audit."""


def digests() -> dict[str, str]:
    """Return the SHA-256 of every file that the audit depends on, by name."""
    names = sorted(file.name for file in FOLDER.glob("*.v"))
    names += ["_CoqProject", INDEX, "check.sh", "statements.py", "queries.py", "reach.elpi"]
    names += [
        "certified_form.py",
        "formula_form.py",
        "game_form.py",
        "token_form.py",
        "certificate_forms.py",
        "certificates.py",
        "computed_form.py",
        "computed_laws.py",
        "learner_form.py",
        "learner_laws.py",
        *(f"{part}/{f.name}" for part in _GENERATED for f in sorted(FOLDER.glob(f"{part}/*.v"))),
        *(f"formulas/{f.name}" for f in sorted(FOLDER.glob("formulas/*.dnf"))),
        *(f"games/{f.name}" for f in sorted(FOLDER.glob("games/*.game"))),
    ]
    return {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in names}


def _passed(transcript: str, version: str) -> bool:
    """Whether the transcript is that of an audit by this version of Coq that found nothing wrong with any theorem."""
    first, *lines, last = transcript.splitlines()
    said = all(f"ok   theorem {theorem.name}" in lines for theorem in all_theorems())
    passed = last == f"{len(lines)} passed, 0 failed" and all(line.startswith("ok   ") for line in lines)
    return passed and said and first == f"Coq {version}"


@lru_cache(maxsize=1)
def _parsed() -> dict[str, Any]:
    return tomllib.loads((FOLDER / INDEX).read_text(encoding="utf-8"))


def _weaker() -> dict[str, str]:
    found: dict[str, str] = _parsed().get("weaker", {})
    return found


@lru_cache(maxsize=1)
def _index() -> dict[str, tuple[Theorem, ...]]:
    found: dict[str, tuple[Theorem, ...]] = {}
    for entry in _parsed()["theorem"]:
        theorem = Theorem(entry["name"], entry["reading"], entry.get("caveat", ""))
        found[entry["claim"]] = (*found.get(entry["claim"], ()), theorem)
    return found
