"""Theorems of the Coq development that state a claim for all instances.

``proofs_check/coq/check.sh`` builds and audits them; a run of the ledger does not, so they never raise a grade here:
they are shown beside the evidence that the run found.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

INDEX = Path(__file__).parent.parent / "coq" / "theorems.toml"
"""Claims and the theorems that prove them, each with the digest of its statement."""


@dataclass(frozen=True, slots=True)
class Theorem:
    """A theorem: ``file.name``, a reading of it in one line, and what it leaves out."""

    name: str
    reading: str
    caveat: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.reading}" + (f" ({self.caveat.rstrip('.')})" if self.caveat else "")


@lru_cache(maxsize=1)
def _index() -> dict[str, tuple[Theorem, ...]]:
    if not INDEX.exists():
        return {}
    found: dict[str, tuple[Theorem, ...]] = {}
    for entry in tomllib.loads(INDEX.read_text(encoding="utf-8")).get("theorem", []):
        theorem = Theorem(entry["name"], entry["reading"], entry.get("caveat", ""))
        found[entry["claim"]] = (*found.get(entry["claim"], ()), theorem)
    return found


def theorems(claim: str) -> tuple[Theorem, ...]:
    """Return the theorems that the index names for a claim."""
    return _index().get(claim, ())


def claims_with_theorems() -> frozenset[str]:
    """Return the claims that the index names."""
    return frozenset(_index())
