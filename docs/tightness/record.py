"""How tight each inequality is: searches, writes ``record.json`` beside this file, and decides again what stands there.

python docs/tightness/record.py               search every claim for 25 seconds, and write the record: half an hour
python docs/tightness/record.py CLAIM ...     search these, and change the record
python docs/tightness/record.py --check       decide every recorded case again: its ratio is what is written
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flint import fmpq

from proofs_check.claims import registry
from proofs_check.cli.formats.parts import Numeral, number
from proofs_check.cli.search import inequalities
from proofs_check.search.listed import listed_of
from proofs_check.search.numbers import FREE_NUMBERS, member_of
from proofs_check.search.running import SearchLimits, search
from proofs_check.search.spaces import Sought, searchable, space
from proofs_check.search.tightness import tightest
from reference.catalog import parse

RECORD = Path(__file__).with_name("record.json")

SECONDS = 25

DIGITS = 6

Entry = dict[str, Any]


def recorded_tightness() -> dict[str, list[Entry]]:
    """Return the record: of each claim its inequalities, the tightest first."""
    found: dict[str, list[Entry]] = json.loads(RECORD.read_text("utf-8"))
    return found


def found_tightness(claim: str) -> list[Entry]:
    """Return what a search of the claim finds."""
    result = search(Sought(claim), SearchLimits(seconds=SECONDS))
    return [
        {
            "statement": each.statement,
            "ratio": written(each.ratio),
            "holds": each.holds,
            "case": each.case,
            "numbers": each.numbers,
            "instance": json.loads(each.instance) if each.instance else None,
        }
        for each in inequalities(registry()[claim], result, DIGITS)
    ]


def written(ratio: Numeral | None) -> str | None:
    """Return a ratio as it stands in the record: a short fraction, or the nearest decimal, marked."""
    if ratio is None:
        return None
    return ratio.exact if ratio.exact is not None and _SHORT.fullmatch(ratio.exact) else ratio.marked


_SHORT = re.compile("(?=.{1,12}$)[0-9]+(/[0-9]+)?")


def differing(record: Mapping[str, list[Entry]]) -> Iterator[str]:
    """Yield a line for each recorded case that is decided otherwise, or whose ratio is another."""
    for claim, entries in record.items():
        decide = space(Sought(claim)).decide
        for entry in entries:
            again = tightest(decide(_member(claim, entry))).get(entry["statement"])
            if again is None:
                yield f"{claim}: {entry['statement']}: is not reached any more"
                continue
            ratio: Any = again.rational if isinstance(again.rational, fmpq) else again.ratio
            now = written(None if ratio is None else number(ratio, DIGITS))
            if (now, again.case.holds) != (entry["ratio"], entry["holds"]):
                yield f"{claim}: {entry['statement']}: recorded {entry['ratio']}, now {now}"


def _member(claim: str, entry: Entry) -> object:
    """Return what a recorded case was decided on."""
    if claim in FREE_NUMBERS:
        return member_of(claim, entry["numbers"])
    if entry["numbers"]:
        return listed_of(claim, entry["numbers"])
    return parse(json.dumps(entry["instance"]))


def main(arguments: list[str]) -> int:
    """Do what the command line says."""
    if arguments == ["--check"]:
        lines = list(differing(recorded_tightness()))
        print("\n".join(lines) or "every recorded ratio is what is written")
        return 1 if lines else 0
    record = recorded_tightness() if arguments and RECORD.exists() else {}
    for claim in arguments or searchable():
        if found := found_tightness(claim):
            record[claim] = found
            print(claim, *(f"  {each['ratio']}  {each['statement']}" for each in found), sep="\n", flush=True)
        ordered = {each: record[each] for each in searchable() if each in record}
        RECORD.write_text(json.dumps(ordered, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
