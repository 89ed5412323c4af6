"""Kernel evidence: the Coq theorems that prove claims for all values, and whether they were re-checked here.

The index ``proofs_check/coq/theorems.toml`` names for each claim its theorems and the digest of each statement.
``make coq`` builds and audits the development, and then records the digests of what it audited.  The record counts only
as long as every source and the index are unchanged: then, and only then, a claim's evidence includes the grade
*kernel*.
"""

import hashlib
import json
import sys
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

COQ = Path(__file__).resolve().parent.parent / "coq"
INDEX = "theorems.toml"
RECORD = "audited.json"
"""Written by ``make coq`` after an audit without failures; not under version control."""


@dataclass(frozen=True)
class Theorem:
    """One indexed theorem: ``file.theorem``, the claim it proves, a one-line reading, what it leaves out."""

    name: str
    claim: str
    reading: str
    caveat: str
    sha256: str


@lru_cache(maxsize=1)
def index() -> tuple[Theorem, ...]:
    """Return every indexed theorem, in the order of the index."""
    rows = tomllib.loads((COQ / INDEX).read_text(encoding="utf-8"))["theorem"]
    return tuple(
        Theorem(row["name"], row["claim"], row["reading"], row.get("caveat", ""), row["sha256"]) for row in rows
    )


def theorems(claim: str) -> tuple[Theorem, ...]:
    """Return the theorems that prove ``claim``, or parts of it; none if it has no kernel proof."""
    return tuple(theorem for theorem in index() if theorem.claim == claim)


def digests() -> dict[str, str]:
    """Return the SHA-256 of every Coq source and of the index, by file name."""
    files = [*sorted(COQ.glob("*.v")), COQ / "_CoqProject", COQ / INDEX]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def record() -> None:
    """Record that what lies here now passed the audit; called by ``make coq`` and by nothing else."""
    (COQ / RECORD).write_text(json.dumps(digests(), indent=1) + "\n", encoding="utf-8")


def audited() -> bool:
    """Whether the development, as it lies here now, passed the audit on this machine."""
    try:
        return bool(json.loads((COQ / RECORD).read_text(encoding="utf-8")) == digests())
    except (OSError, ValueError):
        return False


if __name__ == "__main__":
    record()
    sys.stdout.write(f"recorded the audit of {len(digests())} files\n")
