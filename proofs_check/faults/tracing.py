"""Which lines of ``reference`` a claim executes: only those that have a fault, or a number of a listing, are asked."""

import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from proofs_check.faults.fault import TOP, Fault
from proofs_check.faults.listings import LISTINGS_FOLDER, listings, marks

ExecutedLines = dict[str, list[int]]
"""Numbers of lines, by file."""

_Trace = Callable[[FrameType, str, Any], Any]


def watched(faults: Collection[Fault]) -> ExecutedLines:
    """Return the lines that matter, by file as a path from the root."""
    found: dict[str, set[int]] = {}
    for fault in faults:
        found.setdefault(fault.file, set()).update(fault.place)
    for listing in listings():
        found.setdefault(f"{LISTINGS_FOLDER}/{listing}.py", set()).update(marks(listing))
    return {file: sorted(lines) for file, lines in sorted(found.items())}


class Tracer:
    """Notes which of the watched lines run, from :meth:`start` to :meth:`stop`; the rest runs nearly at full speed."""

    def __init__(self, lines: Mapping[str, Collection[int]]) -> None:
        self.watched = {str(TOP / Path(file)): (file, frozenset(numbers)) for file, numbers in lines.items()}
        self.seen: dict[str, set[int]] = {file: set() for file in lines}
        self.open: dict[CodeType, set[int]] = {}

    def start(self) -> None:
        """Begin, with nothing seen."""
        for numbers in self.seen.values():
            numbers.clear()
        self.open.clear()
        sys.settrace(self._call)

    def stop(self) -> ExecutedLines:
        """End; return what was seen."""
        sys.settrace(None)
        return {file: sorted(numbers) for file, numbers in self.seen.items() if numbers}

    def _call(self, frame: FrameType, event: str, _: object) -> "_Trace | None":
        if event != "call":
            return None
        code = frame.f_code
        if code not in self.open:
            _, numbers = self.watched.get(code.co_filename, ("", frozenset()))
            own = {line for _, _, line in code.co_lines() if line is not None}
            self.open[code] = set(numbers & own)
        return self._line if self.open[code] else None

    def _line(self, frame: FrameType, event: str, _: object) -> "_Trace | None":
        left = self.open[frame.f_code]
        if event == "line" and frame.f_lineno in left:
            left.discard(frame.f_lineno)
            self.seen[self.watched[frame.f_code.co_filename][0]].add(frame.f_lineno)
        return self._line if left else None
