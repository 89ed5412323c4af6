"""The frame of a benchmark: time the sides in turn, within one run, and print one table.

A benchmark is a file ``bench_*.py`` with a function ``rows()`` that returns :class:`Row` objects and ends with
``main(rows)``.  Only ratios matter: both sides run in the same process, alternating.  What is measured is CPU time, and
the fastest round of each counts: the figure least disturbed by whatever else the machine does.
"""

import argparse
import json
import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

SECONDS = 3
"""How long the rounds of one row go on."""


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


def main(rows: Callable[[], list[Row]]) -> None:
    """Measure and print the table, or the rows as JSON with ``--json``."""
    parser = argparse.ArgumentParser(description=rows.__doc__)
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    as_json = parser.parse_args().json
    measured = rows()
    if as_json:
        print(json.dumps([vars(row) | {"ratio": row.ratio, "verdict": row.verdict} for row in measured], indent=2))
        return
    print(f"{'work':54}{'peer':34}{'ours':>11}{'peer':>14}{'ratio':>9}  {'limit':16}verdict")
    for row in measured:
        limit = "" if row.limit is None else f"{row.limit:g}x faster" if row.faster else f"at most {row.limit:g}"
        more, above = (">", ">" if row.faster else "<") if row.stopped else ("", "")
        theirs = "" if row.peer_seconds is None else more + _figure(row.peer_seconds, row.unit)
        ratio = "" if row.ratio is None else f"{above}{row.ratio:.2f}"
        ours = _figure(row.seconds, row.unit)
        print(f"{row.work:54}{row.peer:34}{ours:>11}{theirs:>14}{ratio:>9}  {limit:16}{row.verdict}")


def _figure(value: float, unit: str) -> str:
    if unit == "seconds":
        return f"{value * 1e3:.3f} ms"
    return f"{value:.2f}" if unit == "exponent" else f"{value:.0f} {unit}"
