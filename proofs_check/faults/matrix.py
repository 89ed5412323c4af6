"""Makes the kill matrix: ``python -m proofs_check.faults.matrix``, as ``make kill-matrix`` does.

Claims are traced once; then each fault has a process of its own, in which those claims run that execute its line, and
its test.  With names of faults, or ``--claim``, only these are run and shown; ``--update`` puts them into the record.
``--stale`` does so for faults that are not in the record as they are now, and for claims that look at other domains.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from proofs_check.claims import registry
from proofs_check.faults import Fault, FaultError, all_faults, fault_named
from proofs_check.faults.child import cell_limit, told
from proofs_check.faults.fault import TOP, misplaced
from proofs_check.faults.listings import LISTINGS_FOLDER, listings, marks
from proofs_check.faults.record import KILL_MATRIX, ClaimRow, FaultRow, Record, recorded_matrix, shortcomings
from proofs_check.faults.stale import stale_claims, stale_faults
from proofs_check.faults.tracing import ExecutedLines
from proofs_check.ledger.executing import processes, results_on

LEAST_LINES = 2
"""A claim runs a listing if it executes so many of its numbered lines: one alone is what its inputs need."""

_CHILD = (sys.executable, "-m", "proofs_check.faults.child")


class MatrixPart(NamedTuple):
    """Faults and claims to run against each other, and whether to run the tests of the faults, too."""

    faults: Sequence[Fault]
    claims: Sequence[str]
    tests: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the matrix, write it, and say what falls short; the exit code is 1 if anything does, 2 for a mistake."""
    parser = argparse.ArgumentParser(prog="python -m proofs_check.faults.matrix", description="Make the kill matrix.")
    parser.add_argument("faults", nargs="*", metavar="FAULT", help="only these")
    parser.add_argument("--claim", action="append", default=[], metavar="CLAIM", help="only this claim; repeat it")
    parser.add_argument("--update", action="store_true", help="put what was run into the record")
    parser.add_argument("--stale", action="store_true", help="run what the record has not, put it there")
    parser.add_argument("--jobs", type=int, default=1, help="faults at a time")
    options = parser.parse_args(arguments)
    if wrong := [*misplaced(all_faults())]:
        parser.exit(2, "\n".join(wrong) + "\n")
    try:
        runs = _asked(options.faults, options.claim, stale=options.stale)
    except FaultError as error:
        parser.error(str(error))
    whole = not (options.faults or options.claim or options.stale)
    record = Record({}, {}) if whole else recorded_matrix()
    for run in runs or [MatrixPart((), (), tests=False)]:
        record = _merged(record, _made(run, options.jobs), run)
    if not (whole or options.update or options.stale):
        return 0
    KILL_MATRIX.write_text(record.text(), encoding="utf-8")
    short = list(shortcomings(record, {fault.name: fault for fault in all_faults()}))
    for line in short:
        _say(line)
    _say(f"{len(record.faults)} faults, {len(record.claims)} claims: {len(short) or 'nothing'} falls short")
    return 1 if short else 0


def _asked(names: Sequence[str], claims: Sequence[str], *, stale: bool) -> list[MatrixPart]:
    """Return what the options ask for.

    Raises:
        FaultError: for a name that no fault, or no claim that is checked, has.
    """
    known = [claim.id for claim in registry() if claim.checks]
    if stale:
        new, moved = stale_faults(recorded_matrix()), stale_claims(recorded_matrix())
        return [
            run
            for run in (MatrixPart(new, known, tests=True), MatrixPart(all_faults(), moved, tests=False))
            if all(run[:2])
        ]
    if unknown := [claim for claim in claims if claim not in known]:
        raise FaultError(f"no claim that is checked is called {unknown[0]!r}: 'spanner verify --list' shows them")
    faults = tuple(map(fault_named, names)) or all_faults()
    return [MatrixPart(faults, [claim for claim in known if not claims or claim in claims], tests=not claims)]


def _made(run: MatrixPart, jobs: int) -> Record:
    """Return the matrix of these faults and claims."""
    at_import, traces = _traced(run.claims)
    for claim, trace in traces.items():
        if trace["fate"][0] != ".":
            _say(f"claim {claim}, without a fault: {trace['fate']}")

    def task(fault: Fault) -> Callable[[], FaultRow]:
        imported = _executes(at_import, fault)
        seeing = {
            claim: cell_limit(trace["seconds"])
            for claim, trace in traces.items()
            if _sees(trace["lines"], fault, imported=imported)
        }
        return partial(row_of, fault, seeing, test=run.tests)

    found: dict[str, FaultRow] = {}
    with processes(jobs) as pool:
        for name, row in results_on(pool, {fault.name: task(fault) for fault in run.faults}, lambda: None):
            if row is None:
                raise SystemExit(f"{name}: its process died")
            found[name] = row
            cells = ", ".join(f"{claim} {letter}" for claim, letter in row.cells.items())
            _say(f"{name}: {cells or 'no claim'}{_of_test(row, tests=run.tests)}")
    rows = {fault.name: found[fault.name] for fault in run.faults}
    about = {
        claim: ClaimRow(tuple(trace["domain"]), tuple(listings_run(trace["lines"]))) for claim, trace in traces.items()
    }
    return Record(about, rows)


def _of_test(row: FaultRow, *, tests: bool) -> str:
    return f"; its test {'fails' if row.test_fails else 'passes'}" if tests else ""


def _merged(old: Record, new: Record, run: MatrixPart) -> Record:
    """Return the old record with what was run put into it, and without what is gone."""
    known = [claim.id for claim in registry() if claim.checks]
    about = {name: new.claims.get(name) or old.claims[name] for name in known if {name} & {*new.claims, *old.claims}}
    rows = {}
    for fault in all_faults():
        name, nothing = fault.name, FaultRow(fault.text, {}, test_fails=False)
        if name not in new.faults and name not in old.faults:
            continue
        was, now = old.faults.get(name, nothing), new.faults.get(name, nothing)
        again = run.claims if name in new.faults else ()
        kept = {claim: letter for claim, letter in was.cells.items() if claim in known and claim not in again}
        tested = now if run.tests and name in new.faults else was
        rows[name] = FaultRow(now.fault if again else was.fault, {**kept, **now.cells}, tested.test_fails)
    return Record(about, rows)


def _traced(claims: Sequence[str]) -> tuple[ExecutedLines, dict[str, Any]]:
    """Return the lines that importing the claims executes, and of each claim its fate, domain and lines."""
    found: dict[str, Any] = dict(_told(["trace", *claims], ""))
    return found.pop(""), {claim: trace for claim, trace in found.items() if trace is not None}


def listings_run(lines: ExecutedLines) -> Iterator[str]:
    """Yield the listings of which at least two numbered lines were executed."""
    for listing in listings():
        numbers = marks(listing)
        seen = {n for line in lines.get(f"{LISTINGS_FOLDER}/{listing}.py", ()) for n in numbers.get(line, ())}
        if len(seen) >= LEAST_LINES:
            yield listing


def row_of(fault: Fault, claims: Mapping[str, int], *, test: bool = False) -> FaultRow:
    """Run these claims, each with its limit in seconds, and perhaps the test of a fault, in the program with it."""
    if not claims and not test:
        return FaultRow(fault.text, {}, test_fails=False)
    asked = json.dumps({"fault": fault.name, "claims": claims, "test": fault.test if test else ""})
    found = dict(_told(["many"], asked))
    fails = found.pop("test", None) == 1
    return FaultRow(fault.text, {claim: "t" if fate is None else fate[0] for claim, fate in found.items()}, fails)


def _sees(lines: ExecutedLines, fault: Fault, *, imported: bool) -> bool:
    """Whether a claim can notice: it executes the line, or runs an algorithm whose inputs were made at the import."""
    own = lines.get(f"{LISTINGS_FOLDER}/{fault.of}.py", ())
    runs = fault.of in listings() and not marks(fault.of).keys().isdisjoint(own)
    return _executes(lines, fault) or (imported and runs)


def _executes(lines: Mapping[str, Sequence[int]], fault: Fault) -> bool:
    return not set(fault.place).isdisjoint(lines.get(fault.file, ()))


def _told(arguments: Sequence[str], asked: str) -> Iterator[tuple[str, Any]]:
    """Yield what a child tells; what it writes to stderr is shown if it fails."""
    done = subprocess.run(  # noqa: S603 - this Python, with arguments of our own
        [*_CHILD, *arguments], input=f"{asked}\n", capture_output=True, text=True, check=False, cwd=TOP
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} {asked[:80]}: {done.stderr[-2000:]}")
    yield from told(iter(done.stdout.splitlines()))


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
