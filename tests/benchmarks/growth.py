"""How work grows with one size: CPU time and memory at each size, a fitted exponent, and how the next size is refused.

Each size is run in a process of its own, so that nothing is remembered from the one before and the peak of memory is
its own.  Sizes go up until one would take longer than :data:`LONGEST`.
"""

import math
import multiprocessing
import os
import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from frame import cpu

T = TypeVar("T")

LONGEST = float(os.environ.get("BENCH_LONGEST", "60"))
"""CPU seconds that one size may take."""

LEAST_FITTED, FEWEST = 0.005, 4
"""Seconds below which a point is not fitted, for they are mostly what a call costs; points that a fit needs."""

SHORT, TIMES = 0.5, 3
"""A size that takes fewer seconds is run so many times, and the fastest counts: other work disturbs short runs most."""

SLACK = 0.3
"""How far the fitted exponent may be above the theory's."""


@dataclass(frozen=True)
class Point:
    """What one size took; ``mebibytes``: the peak of memory, Python and the libraries among it."""

    size: int
    seconds: float
    mebibytes: float


@dataclass(frozen=True)
class Refusal:
    """What is said of a size that is too large, and after how many CPU seconds."""

    size: int
    message: str
    seconds: float


@dataclass(frozen=True)
class Growth:
    """Times at growing sizes of one variable; ``why``: where the theory's exponent comes from."""

    work: str
    variable: str
    points: tuple[Point, ...]
    theory: float
    why: str
    refusal: Refusal | None = None

    @property
    def exponent(self) -> float | None:
        """The slope of the line through the logarithms of sizes and times, by least squares; ``None``: too few.

        Of the larger half of the sizes, :data:`FEWEST` at least: smaller ones cost what a call costs at any size.
        """
        fitted = [(p.size, p.seconds) for p in self.points if p.seconds >= LEAST_FITTED]
        return slope(fitted[-max(FEWEST, -(-len(self.points) // 2)) :]) if len(fitted) >= FEWEST else None

    @property
    def verdict(self) -> str:
        """``holds``, ``MISSED``, or that fewer than :data:`FEWEST` sizes were run."""
        if self.exponent is None:
            return "too few sizes"
        return "holds" if self.exponent <= self.theory + SLACK else "MISSED"

    def data(self) -> dict[str, Any]:
        """Return the row for the record."""
        return {
            "kind": "growth",
            "work": self.work,
            "against": f"theory: {self.variable}^{self.theory:g}",
            "found": "" if self.exponent is None else f"{self.variable}^{self.exponent:.2f}",
            "asked": f"at most {self.theory + SLACK:g}",
            "verdict": self.verdict,
            "variable": self.variable,
            "longest": LONGEST,
            "points": [vars(point) for point in self.points],
            "exponent": self.exponent,
            "theory": self.theory,
            "why": self.why,
            "refusal": None if self.refusal is None else vars(self.refusal),
        }


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the exponent ``a`` of the power law ``y = c x^a`` that fits best, by least squares of logarithms.

    >>> round(slope([(1, 5), (2, 20), (4, 80), (8, 320)]), 9)
    2.0
    """
    xs, ys = ([math.log(value) for value in column] for column in zip(*points, strict=True))
    x, y = math.fsum(xs) / len(xs), math.fsum(ys) / len(ys)
    return math.fsum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / math.fsum((a - x) ** 2 for a in xs)


def measured(side: Callable[[int], object], sizes: Sequence[int], theory: float) -> tuple[Point, ...]:
    """Run one size after the other, until the next would take too long by the larger of theory and what was seen."""
    points: list[Point] = []
    for size in sizes:
        if points:
            last = [(p.size, p.seconds) for p in points[-FEWEST:] if p.seconds >= LEAST_FITTED]
            grown = max(theory, slope(last)) if len(last) > 1 else theory
            if points[-1].seconds * (size / points[-1].size) ** grown > LONGEST:
                break
        points.append(_fastest(side, size))
    return tuple(points)


def refused(side: Callable[[int], object], size: int, error: type[Exception], says: str) -> Refusal:
    """Return how a size is refused; ``says``: what of the message shows that it is for its size.

    Raises:
        AssertionError: if it is not, or for another reason, or in more than one line.
    """
    return _alone(lambda: _refuse(side, size, error, says))


def _fastest(side: Callable[[int], object], size: int) -> Point:
    found = [_alone(lambda: _run(side, size))]
    while len(found) < TIMES and found[-1].seconds < SHORT:
        found.append(_alone(lambda: _run(side, size)))
    return min(found, key=lambda point: point.seconds)


def _run(side: Callable[[int], object], size: int) -> Point:
    start = cpu()
    side(size)
    seconds = cpu() - start
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Point(size, seconds, round(peak / 1024, 1))


def _refuse(side: Callable[[int], object], size: int, error: type[Exception], says: str) -> Refusal:
    start = cpu()
    try:
        side(size)
    except error as found:
        message = str(found)
        if "\n" in message:
            raise AssertionError(f"size {size} is refused in more than one line: {message}") from None
        if says not in message:
            raise AssertionError(f"size {size} is refused for another reason: {message}") from None
        return Refusal(size, message, cpu() - start)
    raise AssertionError(f"size {size} is not refused")


def _alone(work: Callable[[], T]) -> T:
    """Run work in a process of its own."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(there, work))
    process.start()
    there.close()
    try:
        found: T = here.recv()
    except EOFError:
        raise AssertionError("a size ended its process; what it said stands above") from None
    finally:
        process.join()
    return found


def _send(there: Connection, work: Callable[[], object]) -> None:
    there.send(work())
