"""Kernel evidence: the Coq theorems that state a claim for all instances, and whether they were audited here.

The index ``proofs_check/coq/theorems.toml`` names for each claim its theorems and the digest of each statement.
``make coq`` builds and audits the development, and then records the digests of every file that it audited.  The record
counts only as long as sources, index and checker are unchanged: then, and only then, a claim's evidence includes the
grade *kernel*.
"""

import hashlib
import json
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "coq"
INDEX = "theorems.toml"
"""Claims and the theorems that prove them, each with the digest of its statement."""
RECORD = "audited.json"
"""Written by ``make coq`` after an audit without failures; not under version control."""


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


def claims_with_theorems() -> frozenset[str]:
    """Return the claims that the index names."""
    return frozenset(_index())


@lru_cache(maxsize=1)
def audited() -> bool:
    """Whether the development, as it lies here, passed the audit of ``make coq`` on this machine."""
    try:
        return bool(json.loads((FOLDER / RECORD).read_text(encoding="utf-8")) == digests())
    except (OSError, ValueError):
        return False


def record() -> str:
    """Record that the development, as it lies here, passed the audit; for ``make coq`` alone.  Return what to print."""
    (FOLDER / RECORD).write_text(json.dumps(digests(), indent=1) + "\n", encoding="utf-8")
    return f"recorded the audit of {len(digests())} files in {FOLDER / RECORD}"


def digests() -> dict[str, str]:
    """Return the SHA-256 of every file that the audit depends on, by name."""
    names = sorted(file.name for file in FOLDER.glob("*.v"))
    names += ["_CoqProject", INDEX, "check.sh", "statements.py"]
    return {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in names}


@lru_cache(maxsize=1)
def _index() -> dict[str, tuple[Theorem, ...]]:
    found: dict[str, tuple[Theorem, ...]] = {}
    for entry in tomllib.loads((FOLDER / INDEX).read_text(encoding="utf-8"))["theorem"]:
        theorem = Theorem(entry["name"], entry["reading"], entry.get("caveat", ""))
        found[entry["claim"]] = (*found.get(entry["claim"], ()), theorem)
    return found
