"""Makes the kill matrix: ``python -m proofs_check.faults.matrix [--jobs N] [FAULT..]``, as ``make kill-matrix`` does.

Claims are traced once; then each fault has a process of its own, in which those claims run that execute its line, and
its test.  With names of faults only these are run, and shown: nothing is written.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from proofs_check.faults import Fault, all_faults, fault_named
from proofs_check.faults.child import answers
from proofs_check.faults.fault import ROOT
from proofs_check.faults.listings import FOLDER, listings, marks
from proofs_check.faults.record import RECORD, ClaimRow, FaultRow, Record, shortcomings
from proofs_check.faults.tracing import Lines

LEAST_LINES = 2
"""A claim runs a listing if it executes so many of its numbered lines: one alone is what its inputs need."""

_CHILD = (sys.executable, "-m", "proofs_check.faults.child")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the matrix, write it, and say what falls short; the exit code is 1 if anything does."""
    parser = argparse.ArgumentParser(prog="python -m proofs_check.faults.matrix", description="Make the kill matrix.")
    parser.add_argument("faults", nargs="*", metavar="FAULT", help="only these; nothing is written")
    parser.add_argument("--jobs", type=int, default=1, help="faults at a time")
    options = parser.parse_args(arguments)
    chosen = tuple(map(fault_named, options.faults)) or all_faults()
    record = made(chosen, options.jobs, _say)
    if not options.faults:
        RECORD.write_text(record.text(), encoding="utf-8")
    short = [line for line in shortcomings(record, {f.name: f for f in chosen}) if not options.faults or "fault" in line]
    for line in short:
        _say(line)
    _say(f"{len(record.faults)} faults, {len(record.claims)} claims: {len(short) or 'nothing'} falls short")
    return 1 if short else 0


def made(faults: Sequence[Fault], jobs: int, say: Callable[[str], None]) -> Record:
    """Return the matrix of these faults."""
    at_import, traces = traced()
    for claim, trace in traces.items():
        if trace["fate"][0] != ".":
            say(f"claim {claim}, without a fault: {trace['fate']}")
    claims = {
        claim: ClaimRow(tuple(trace["domain"]), tuple(runs(trace["lines"]))) for claim, trace in traces.items()
    }

    def row(fault: Fault) -> FaultRow:
        imported = _executes(at_import, fault)
        found = row_of(fault, [claim for claim, trace in traces.items() if _sees(trace["lines"], fault, imported)])
        say(f"{fault.name}: {' '.join(f'{claim} {letter}' for claim, letter in found.cells.items())}; "
            f"its test {'fails' if found.test_fails else 'passes'}")  # fmt: skip
        return found

    with ThreadPoolExecutor(jobs) as pool:
        rows = dict(zip([fault.name for fault in faults], pool.map(row, faults), strict=True))
    return Record(claims, rows)


def traced() -> tuple[Lines, dict[str, Any]]:
    """Return the lines that importing the claims executes, and of each claim its fate, domain and lines."""
    found: dict[str, Any] = dict(_told(["trace"], ""))
    return found.pop(""), {claim: trace for claim, trace in found.items() if trace is not None}


def runs(lines: Lines) -> Iterator[str]:
    """Yield the listings of which at least two numbered lines were executed."""
    for listing in listings():
        numbers = marks(listing)
        seen = {n for line in lines.get(f"{FOLDER}/{listing}.py", ()) for n in numbers.get(line, ())}
        if len(seen) >= LEAST_LINES:
            yield listing


def row_of(fault: Fault, claims: Sequence[str]) -> FaultRow:
    """Run these claims, and the test of a fault, in the program with the fault."""
    asked = json.dumps({"fault": fault.name, "claims": claims, "test": fault.test})
    found = dict(_told(["many"], asked))
    fails = found.pop("test", None) == 1
    return FaultRow({claim: "t" if fate is None else fate[0] for claim, fate in found.items()}, fails)


def _sees(lines: Lines, fault: Fault, imported: bool) -> bool:  # noqa: FBT001 - what the import executed
    """Whether a claim can notice: it executes the line, or uses an algorithm whose inputs were made at the import."""
    own = lines.get(f"{FOLDER}/{fault.of}.py", ())
    return _executes(lines, fault) or (imported and fault.of in listings() and not marks(fault.of).keys().isdisjoint(own))


def _executes(lines: Mapping[str, Sequence[int]], fault: Fault) -> bool:
    return not set(fault.place).isdisjoint(lines.get(fault.file, ()))


def _told(arguments: Sequence[str], asked: str) -> Iterator[tuple[str, Any]]:
    """Yield what a child tells; what it writes to stderr is shown if it fails."""
    done = subprocess.run(  # noqa: S603 - this Python, with arguments of our own
        [*_CHILD, *arguments], input=f"{asked}\n", capture_output=True, text=True, check=False, cwd=ROOT
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} {asked[:80]}: {done.stderr[-2000:]}")
    yield from answers(iter(done.stdout.splitlines()))


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
