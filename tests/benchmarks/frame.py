"""The frame of a benchmark: time the sides in turn, within one run, and print one table.

A benchmark is a file ``bench_*.py`` with a function ``rows()`` that returns :class:`Row` objects, or ``growth()`` that
returns :class:`~growth.Growth` objects, and ends with ``main(rows)``.  Only ratios matter: both sides run in the same
process, alternating.  What is measured is CPU time, and the fastest round of each counts: the figure least disturbed
by whatever else the machine does.  ``record.py`` runs all files and writes what the pages show.
"""

import argparse
import json
import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

SECONDS = 3
"""How long the rounds of one row go on."""


class Measured(Protocol):
    """What a benchmark returns."""

    def data(self) -> dict[str, Any]:
        """Return it for the record; ``work``, ``against``, ``found``, ``asked``, ``verdict`` are texts."""


@dataclass(frozen=True)
class Row:
    """One comparison; ``limit`` bounds the ratio ours / peer from above, or peer / ours from below if ``faster``.

    ``peer_seconds`` is ``None`` where the peer is not installed, ``limit`` is ``None`` where nothing is asked.
    ``stopped``: the peer was stopped unfinished after ``peer_seconds``; the ratio shown is then a bound, and decides
    only whether ours is ``faster``.  ``unit``: what the two figures are, if not seconds.
    """

    work: str
    peer: str
    seconds: float
    peer_seconds: float | None
    limit: float | None = None
    faster: bool = False
    stopped: bool = False
    unit: str = "seconds"

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's, or the peer's over ours if ours is to be ``faster``."""
        if self.peer_seconds is None:
            return None
        return self.peer_seconds / self.seconds if self.faster else self.seconds / self.peer_seconds

    @property
    def verdict(self) -> str:
        """``holds``, ``MISSED``, or why there is none."""
        if self.ratio is None:
            return "for information" if self.peer == "-" else "peer not installed"
        if self.limit is None:
            return "for information"
        if self.ratio >= self.limit if self.faster else self.ratio <= self.limit:
            return "holds"
        return "undecided" if self.stopped else "MISSED"

    @property
    def asked(self) -> str:
        """The limit in words."""
        if self.limit is None:
            return ""
        return f"at least {self.limit:g} times" if self.faster else f"at most {self.limit:g}"

    def data(self) -> dict[str, Any]:
        """Return the row for the record."""
        return {
            "kind": "comparison",
            "work": self.work,
            "against": self.peer,
            "ours": figure(self.seconds, self.unit),
            "theirs": self._theirs(),
            "found": self._found(),
            "asked": self.asked,
            "verdict": self.verdict,
            "seconds": self.seconds,
            "peer_seconds": self.peer_seconds,
            "unit": self.unit,
        }

    def _theirs(self) -> str:
        if self.peer_seconds is None:
            return ""
        return "more than " * self.stopped + figure(self.peer_seconds, self.unit)

    def _found(self) -> str:
        """The ratio in words."""
        if self.ratio is None:
            return ""
        bound = ("more than " if self.faster else "less than ") if self.stopped else ""
        shown = (
            f"{self.ratio:.0f}" if self.ratio >= 30 else f"{self.ratio:.1f}" if self.ratio >= 2 else f"{self.ratio:.2f}"
        )
        return bound + shown + " times faster" * self.faster


def fastest(*sides: Callable[[], object], seconds: float = SECONDS) -> list[float]:
    """Return the CPU seconds of the fastest round of every side; the sides take turns for ``seconds`` by the clock."""
    best = [float("inf")] * len(sides)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or float("inf") in best:
        for i, side in enumerate(sides):
            start = cpu()
            side()
            best[i] = min(best[i], cpu() - start)
    return best


def cpu() -> float:
    """Return the CPU seconds of this process so far, and of its children that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def compare(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of the fastest round of both sides."""
    first, second = fastest(ours, peer)
    return first, second


def stopped_after(seconds: float, side: Callable[[], object]) -> tuple[float, bool]:
    """Run one side once, in a process of its own, for at most ``seconds`` by the clock.

    Return its CPU seconds, and whether it was stopped unfinished.
    """
    process = multiprocessing.get_context("fork").Process(target=side)
    start = cpu()
    process.start()
    process.join(seconds)
    stopped = process.is_alive()
    if stopped:
        process.kill()
        process.join()
    if process.exitcode and not stopped:
        msg = f"the peer failed with exit code {process.exitcode}"
        raise AssertionError(msg)
    return cpu() - start, stopped


def check(*, agree: bool, work: str) -> None:
    """Stop if the two sides did not compute the same thing."""
    if not agree:
        msg = f"{work}: the sides disagree"
        raise AssertionError(msg)


def main(measure: Callable[[], Sequence[Measured]]) -> None:
    """Measure and print the table, or the rows as JSON with ``--json``."""
    parser = argparse.ArgumentParser(description=measure.__doc__)
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    as_json = parser.parse_args().json
    measured = [row.data() for row in measure()]
    print(json.dumps(measured, indent=1) if as_json else "\n".join(line(row) for row in measured))


def line(row: dict[str, Any]) -> str:
    """Return what :meth:`Row.data` or :meth:`Growth.data` returned as a line to read."""
    return f"{row['work']:60} {row['against']:36} {row['found']:>30}  {row['asked']:18} {row['verdict']}"


def figure(value: float, unit: str) -> str:
    """Return a number with its unit, rounded to be read.

    >>> figure(0.00123, "seconds"), figure(12.34, "seconds"), figure(301.2, "bytes")
    ('1.2 ms', '12 s', '301 bytes')
    """
    if unit != "seconds":
        return f"{value:.2f}" if unit == "exponent" else f"{value:.0f} {unit}"
    for factor, name in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if value * factor >= 1:
            return f"{value * factor:.{1 if value * factor < 10 else 0}f} {name}"
    return f"{value * 1e6:.1f} µs"
