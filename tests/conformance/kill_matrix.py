"""Which vectors each wrong implementation fails: ``python -m tests.conformance.kill_matrix``.

It writes the named ones to the file that ships (reports say which of them an implementation resembles), and what became
of the automatic ones beside this module.  Which survivors are equal to the right program it takes from the record: new
ones are alive until ``--survivors`` has compared them all, on 10,000 random inputs of each function; right programs
that are named after it are compared alone, what became of the others stays as recorded.  ``--check`` writes nothing and
fails if a file would change; ``--named`` leaves the automatic ones out; ``--jobs 1``: one process.
"""

import argparse
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec
from pysat.examples.hitman import Hitman

from proofs_check.conformance.kit import KILL_MATRIX_FILE, NamedMutant
from proofs_check.ledger.executing import processes, results_on
from reference.conformance.functions import FUNCTIONS
from reference.conformance.vectors import DATA
from tests.conformance.judging import RIGHT, kit, shown, wrong
from tests.conformance.survivors import AutomaticRecord, judged

AUTOMATIC = Path(__file__).with_name("automatic.json")


def named() -> dict[str, NamedMutant]:
    """The named wrong implementations with the vectors that each fails."""
    return {name: each for function in FUNCTIONS for name, each in _named_of(function).items()}


def own_flag(function: str, fails: Sequence[str]) -> str:
    """The flag with the fewest vectors that has all of these; none if there is no such flag, or two."""
    file = kit().files[function]
    having = {flag: {vector.id for vector in file.vectors if flag in vector.flags} for flag in file.notes}
    all_of_them = sorted((len(ids), flag) for flag, ids in having.items() if fails and ids.issuperset(fails))
    first, *others = all_of_them or [(0, "")]
    return "" if others and others[0][0] == first[0] else first[1]


def minimal(matrix: Mapping[str, NamedMutant]) -> list[str]:
    """A smallest set of vectors that shows every named mutant."""
    with Hitman(bootstrap_with=[each.fails for each in matrix.values()], htype="sorted") as hitman:
        found: list[str] = hitman.get()
    return sorted(found)


def recorded() -> dict[str, AutomaticRecord]:
    """What became of the automatic mutants of each right program, as it was last written."""
    return msgspec.json.decode(AUTOMATIC.read_bytes(), type=dict[str, AutomaticRecord])


def whole(
    jobs: int, programs: Collection[str] = RIGHT, anew: Collection[str] = ()
) -> tuple[dict[str, NamedMutant], dict[str, AutomaticRecord]]:
    """Both parts of the matrix: automatic mutants of right programs; survivors of those ``anew`` are compared again."""
    known = {name: each.equal for name, each in recorded().items() if name not in anew}
    tasks: dict[str, Callable[[], _Part]] = {name: partial(judged, name, known.get(name)) for name in programs}
    tasks |= {function: partial(_named_of, function) for function in FUNCTIONS}
    found: dict[str, _Part] = {}
    with processes(jobs) as pool:
        for name, part in results_on(pool, tasks, lambda: None):
            if part is None:
                raise SystemExit(f"{name}: its process died")
            found[name] = part
    records = {name: each for name in RIGHT if isinstance(each := found.get(name), AutomaticRecord)}
    parts = [part for function in FUNCTIONS if isinstance(part := found[function], dict)]
    return {name: each for part in parts for name, each in part.items()}, records


_Part = dict[str, NamedMutant] | AutomaticRecord


def _named_of(function: str) -> dict[str, NamedMutant]:
    found = {}
    for name, each in wrong(function).items():
        fails = shown(function, each)
        found[name] = NamedMutant(function, fails, _why(each), own_flag(function, fails))
    return found


def _why(implementation: object) -> str:
    text: str = getattr(implementation, "why", None) or implementation.__doc__ or ""
    return text.strip().partition("\n")[0]


def _lines(matrix: Mapping[str, NamedMutant]) -> bytes:
    rows = [f"{_json(name)}:{_json(each)}" for name, each in matrix.items()]
    return ("{\n" + ",\n".join(rows) + "\n}\n").encode()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _texts(matrix: Mapping[str, NamedMutant], records: Mapping[str, AutomaticRecord]) -> Iterator[tuple[Path, bytes]]:
    yield DATA / KILL_MATRIX_FILE, _lines(matrix)
    if records:
        yield AUTOMATIC, msgspec.json.format(msgspec.json.encode(records), indent=1) + b"\n"


def main() -> int:
    """Write both files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if a file would change")
    parser.add_argument("--jobs", type=int, default=2, help="processes; 2 unless given")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--named", action="store_true", help="without the automatic ones")
    which.add_argument(
        "--survivors",
        nargs="*",
        choices=RIGHT,
        metavar="PROGRAM",
        help="compare survivors anew: of all, or of these",
    )
    options = parser.parse_args()
    begun = time.monotonic()
    alone: Collection[str] = options.survivors or RIGHT
    matrix, records = whole(options.jobs, [] if options.named else alone, [] if options.survivors is None else alone)
    records = records and recorded() | records
    changed = False
    for path, content in _texts(matrix, records):
        differs = not path.exists() or path.read_bytes() != content
        changed |= differs
        if differs and not options.check:
            path.write_bytes(content)
        _say(f"{path.name}: {'as it was' if not differs else 'differs' if options.check else 'written'}")
    _say(f"{len(matrix)} named; {len(minimal(matrix))} vectors show them all")
    for name, each in records.items():
        _say(f"{name}: {each.mutants} automatic, {each.share:.1%} shown of those not equal, {len(each.alive)} alive")
    _say(f"{time.monotonic() - begun:.0f} s")
    return int(options.check and changed)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
