"""What the matrix found, as committed: claims with their domains, faults with their cells; no times, no dates."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proofs_check.faults.fault import Fault
from proofs_check.faults.listings import CALLED_BY, SPEAKS_OF_ANY

KILL_MATRIX = Path(__file__).with_name("kill_matrix.json")

KILLS = "vxn"
"""Letters with which a claim falls: violated, stopped, nothing."""


@dataclass(frozen=True)
class ClaimRow:
    """A claim: the parts and domains that are run, and the listings that it runs."""

    domain: tuple[str, ...]
    runs: tuple[str, ...]


@dataclass(frozen=True)
class FaultRow:
    """A fault, as its ``text`` says: the letter of each claim that executes its line, and whether its test fails."""

    fault: str
    cells: Mapping[str, str]
    test_fails: bool

    @property
    def killers(self) -> tuple[str, ...]:
        """The claims that fall."""
        return tuple(claim for claim, letter in self.cells.items() if letter in KILLS)


@dataclass(frozen=True)
class Record:
    """The kill matrix."""

    claims: Mapping[str, ClaimRow]
    faults: Mapping[str, FaultRow]

    def text(self) -> str:
        """Return the file's text; the same for the same findings."""
        document = {
            "claims": {name: {"domain": row.domain, "runs": row.runs} for name, row in self.claims.items()},
            "faults": {
                name: {"fault": row.fault, "cells": row.cells, "test_fails": row.test_fails}
                for name, row in self.faults.items()
            },
        }
        return json.dumps(document, indent=1, sort_keys=True) + "\n"

    @staticmethod
    def of(document: Mapping[str, Any]) -> "Record":
        """Return what a file's document says."""
        claims = {n: ClaimRow(tuple(row["domain"]), tuple(row["runs"])) for n, row in document["claims"].items()}
        faults = {n: FaultRow(row["fault"], row["cells"], row["test_fails"]) for n, row in document["faults"].items()}
        return Record(claims, faults)


def recorded_matrix() -> Record:
    """Return the committed matrix."""
    return Record.of(json.loads(KILL_MATRIX.read_text(encoding="utf-8")))


def shortcomings(record: Record, faults: Mapping[str, Fault]) -> Iterator[str]:
    """Yield a line for each fault that no claim, or not its test, notices, and each claim that is blind to a listing.

    A claim that runs a listing (at least two of its numbered lines) must kill a fault of it, or of a listing that is a
    step of it, unless it speaks of any algorithm.
    """
    for name, row in record.faults.items():
        if not row.killers:
            yield f"fault {name}: no claim falls"
        if not row.test_fails:
            yield f"fault {name}: its test passes"
    for claim, about in record.claims.items():
        if claim in SPEAKS_OF_ANY:
            continue
        killed = {faults[n].of for n, row in record.faults.items() if n in faults and claim in row.killers}
        for listing in about.runs:
            if not set(about.runs).isdisjoint(CALLED_BY.get(listing, ())):
                continue
            if killed.isdisjoint({listing, *(step for step, callers in CALLED_BY.items() if listing in callers)}):
                yield f"claim {claim}: runs {listing} and kills no fault of it"
