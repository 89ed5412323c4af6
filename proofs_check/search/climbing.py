"""One restart of the search: from a start to a worse point, a coordinate at a time, and back to simple fractions."""

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from random import Random
from threading import current_thread, main_thread
from time import monotonic
from types import FrameType
from typing import Any

from flint import fmpq

from proofs_check.ledger import Case
from proofs_check.search.coordinates import Coordinate, Point, moved, simpler
from proofs_check.search.linear import other_forms
from proofs_check.search.tightness import Tightness, comes_to, exceeds, tightest
from reference.exact import Undecided

Decide = Callable[[Any], Iterable[Case]]
"""The function of a claim: it takes a member, and yields cases."""

RESTART_LOOKS = 300
"""Points that a restart looks at, at most."""

SHARE = fmpq(1, 20_000)
"""What simplifying may cost of the ratio, each of the two times."""

LONGEST_LOOK = 3.0
"""Seconds of CPU after which a look is given up."""

_CLIMB = 3
"""Of four looks, so many go up; the last one is for simplifying."""

_FIRST, _LAST = fmpq(3), fmpq(1, 256)
"""Steps, as a share of a coordinate."""

_AGAIN = 8
"""A step that helps is repeated up to so often."""


@dataclass(frozen=True)
class Worst:
    """The tightest that one restart met with of a statement: where, and how tight."""

    point: Point
    tight: Tightness
    restart: int


@dataclass
class Restart:
    """What a restart has seen."""

    number: int
    decide: Decide
    until: float
    """When it ends, on the monotonic clock."""
    most: int = RESTART_LOOKS
    about: str = ""
    """Only statements with this text in them are looked at."""
    looks: int = 0
    undecided: int = 0
    given_up: int = 0
    trouble: str = ""
    best: dict[str, Worst] = field(default_factory=dict)

    def look(self, point: Point) -> dict[str, Tightness]:
        """Decide the claim at a point; return what is tightest there, nothing if there is no such member."""
        self.looks += 1
        try:
            member = point.member()
            with _no_longer_than(LONGEST_LOOK):
                seen = {s: tight for s, tight in tightest(self.decide(member)).items() if self.about in s}
        except Undecided:
            self.undecided += 1
            return {}
        except _TooLong:
            self.given_up += 1
            return {}
        except (ValueError, ArithmeticError) as error:  # no such problem, or a number that cannot be formed
            self._note(point, error)
            return {}
        for statement, tight in seen.items():
            known = self.best.get(statement)
            if known is None or exceeds(tight, known.tight):
                self.best[statement] = Worst(point, tight, self.number)
        return seen

    def is_over(self) -> bool:
        """Return whether it has had its looks, or its time."""
        return self.looks >= self.most or monotonic() >= self.until

    def _note(self, point: Point, error: Exception) -> None:
        """Keep what the claim's function stopped with; that there is no such member is no trouble."""
        try:
            point.member()
        except ValueError:
            return
        self.trouble = self.trouble or f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def ascend(restart: Restart, starts: Iterable[Point], rng: Random) -> None:
    """Search from the tightest start for what makes one of the inequalities tight, whichever chance takes."""
    for start in starts:
        if restart.is_over():
            break
        restart.look(start)
    if not restart.best:
        return
    statement = rng.choice(sorted(restart.best))
    begun = restart.best[statement]
    top = _up(restart, begun.point, begun.tight, statement, rng)
    simplify(restart, *top, statement)


def _up(restart: Restart, here: Point, tight: Tightness, statement: str, rng: Random) -> tuple[Point, Tightness]:
    """Change a coordinate wherever that helps, by smaller and smaller steps."""
    step, most = _FIRST, restart.most * _CLIMB // 4

    def better(point: Point) -> Tightness | None:
        found = restart.look(point).get(statement)
        return found if found is not None and exceeds(found, tight) else None

    while step >= _LAST and restart.looks < most and not restart.is_over():
        helped = False
        for i in rng.sample(range(len(here.values)), len(here.values)):
            directions = range(len(moved(here.values[i], step)))
            for direction in rng.sample(directions, len(directions)):
                for _ in range(_AGAIN):
                    if restart.looks >= most or restart.is_over():
                        return here, tight
                    there = moved(here.values[i], step)
                    if direction >= len(there):
                        break
                    point = here.at(i, there[direction])
                    found = better(point)
                    if found is None:
                        break
                    here, tight, helped = point, found, True
        if not helped:
            step /= 4
    return here, tight


def simplify(restart: Restart, here: Point, tight: Tightness, statement: str) -> None:
    """Leave out what is not needed and take simpler fractions, as long as the ratio stays."""
    kept, changed = tight, True
    while changed and not restart.is_over():
        changed = False
        for point in _simpler_points(here):
            if restart.is_over():
                break
            if point.size >= here.size:
                continue
            found = restart.look(point).get(statement)
            if found is not None and comes_to(found, tight, SHARE):
                here, kept, changed = point, found, True
                break
    if statement not in restart.best or comes_to(kept, restart.best[statement].tight, SHARE):
        restart.best[statement] = Worst(here, kept, restart.number)


def _simpler_points(here: Point) -> Iterator[Point]:
    yield from here.smaller()
    for i, coordinate in enumerate(here.values):
        for each in chain(simpler(coordinate), _of_other_kind(coordinate)):
            yield here.at(i, each)


def _of_other_kind(coordinate: Coordinate) -> Iterator[Coordinate]:
    for each in other_forms(coordinate):
        yield each
        yield from simpler(each)


class _TooLong(Exception):
    """A look took longer than it may."""


@contextmanager
def _no_longer_than(seconds: float) -> Iterator[None]:
    """Give up what takes longer; where there are no such alarms (other threads, Windows) nothing is given up."""
    if not hasattr(signal, "setitimer") or current_thread() is not main_thread():
        yield
        return

    def late(_signum: int, _frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
