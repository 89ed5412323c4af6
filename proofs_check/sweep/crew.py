"""Processes that decide stretches of a sweep, one for each thread that asks; what ends one of them costs nothing.

A process is ended by the kernel when a claim takes too long, wherever it is.  One that dies otherwise is replaced, and
what it was at is done again; only a claim at which it dies :data:`MOST_DEATHS` times is left open.
"""

import atexit
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import msgspec

from proofs_check.ledger.executing import OtherVersion, source_digest
from proofs_check.sweep.deciding import SeenInstance, StrategyRaised, Stretch
from proofs_check.sweep.lines import SweptClaim, SweptInstance, died, late, sweep_line

MOST_DEATHS, MOST_STARTS = 3, 10
"""So often the process dies at a claim before that is the claim's fault; so many may die before they are ready."""


class SweptStretch(NamedTuple):
    """What became of a stretch: a line for each instance, in order, the seconds of computing, and what ended it."""

    lines: list[bytes]
    seconds: float
    error: str = ""
    """Of the strategy: then the instance at which it raises has no line."""
    seen: SeenInstance | None = None
    """What the last instance is, if that was asked for."""


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line that a process writes: what was found of the next claim; or, last, its seconds and perhaps an error.

    One with neither comes first of all: the process is ready.
    """

    found: SweptClaim | None = None
    seen: SeenInstance | None = None
    seconds: float = 0
    error: str = ""
    refused: bool = False
    """The error is not the strategy's: something is missing or other than where the sweep was begun."""


class Crew:
    """Processes that wait for work, and those that are at work."""

    def __init__(self) -> None:
        self.idle: list[Member] = []
        self.all: set[Member] = set()
        self.lock, self.closed = Lock(), False

    def taken(self) -> "Member":
        """Return a process that waits, or a new one."""
        with self.lock:
            if self.closed:
                raise CrewClosed
            if self.idle:
                return self.idle.pop()
            member = Member()
            self.all.add(member)
            return member

    def given(self, member: "Member") -> None:
        """Take back a process that waits."""
        with self.lock:
            self.idle.append(member)

    def gone(self, member: "Member") -> int:
        """Strike off a process that has ended, or is to end; return its exit status."""
        with self.lock:
            self.all.discard(member)
        return member.ended()

    def close(self) -> None:
        """End all processes."""
        with self.lock:
            self.closed, members = True, tuple(self.all)
        for member in members:
            self.gone(member)


class CrewClosed(RuntimeError):
    """The processes have been ended, or end before they are ready: no more are started."""


class Member:
    """A process of :mod:`proofs_check.sweep.child`."""

    def __init__(self) -> None:
        path = os.pathsep.join(part or str(Path.cwd()) for part in sys.path)
        # A session of its own: Ctrl-C at a terminal is for the process that started this one.
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "proofs_check.sweep.child"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
            env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip

        self.ready = False

    def does(self, stretch: Stretch) -> Iterator[Told]:
        """Yield what the process tells of a stretch; if the last has no seconds, the process has died."""
        assert self.process.stdin is not None  # noqa: S101 - both are pipes
        assert self.process.stdout is not None  # noqa: S101 - the same
        with suppress(BrokenPipeError):
            self.process.stdin.write(msgspec.json.encode(stretch) + b"\n")
            self.process.stdin.flush()
        for line in self.process.stdout:
            if line.endswith(b"\n"):
                told, self.ready = _TOLD.decode(line), True
                yield told
                if told.seconds:
                    return

    def ended(self) -> int:
        """End the process and return its exit status."""
        self.process.kill()
        status = self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        return status


_TOLD = msgspec.json.Decoder(Told)


@lru_cache(maxsize=1)
def common_crew() -> Crew:
    """Return the processes of those who have none of their own, such as the workers of a cluster."""
    crew = Crew()
    atexit.register(crew.close)
    return crew


def swept_by(crew: Crew | None, stretch: Stretch) -> SweptStretch:
    """Decide a stretch in a process of the crew, in as many as it takes; ``None``: of the common one.

    Raises:
        OtherVersion: if the process has not what the sweep was begun with.
        CrewClosed: if no process gets ready.
    """
    stretch = stretch._replace(digest=source_digest())  # the sources may have changed since: a new process has others
    crew, record = crew or common_crew(), _Record(stretch)
    while record.index < stretch.stop:
        member, told = crew.taken(), Told()
        for told in member.does(stretch._replace(start=record.index, skip=record.place, closely=record.closely)):
            if told.found is not None:
                record.put(told.found)
            record.seen = told.seen or record.seen
        record.seconds += told.seconds
        if not told.seconds:
            record.died(crew.gone(member), ready=member.ready)
            continue
        crew.given(member)
        if told.refused:
            raise OtherVersion(told.error)
        if told.error:
            return SweptStretch(record.lines, record.seconds, told.error)
    return SweptStretch(record.lines, record.seconds, seen=record.seen)


def seen_by(crew: Crew | None, stretch: Stretch) -> SeenInstance:
    """Have a process make the first instance of a stretch, which nothing is decided of.

    Raises:
        StrategyRaised: if the strategy raises, or ends the process, or takes longer than the limit.
        OtherVersion, CrewClosed: as :func:`swept_by` does.
    """
    crew, stretch = crew or common_crew(), stretch._replace(digest=source_digest(), claims=(), looking=True)
    member, told, seen = crew.taken(), Told(), None
    for told in member.does(stretch._replace(stop=stretch.start + 1)):
        seen = told.seen or seen
    if not told.seconds:
        status = crew.gone(member)
        if not member.ready:
            raise CrewClosed(f"a process ends before it is ready, with status {status}")
        raise StrategyRaised(f"{stretch.where}: {_death(status, stretch.limit)}")
    crew.given(member)
    if told.refused:
        raise OtherVersion(told.error)
    if told.error or seen is None:
        raise StrategyRaised(told.error)
    return seen


def _death(status: int, limit: float) -> str:
    return late(limit) if status in {-signal.SIGPROF, -signal.SIGALRM} else f"it ends its process, with status {status}"


class _Record:
    """The lines of a stretch, as they come together; the next thing wanted is claim ``place`` of instance ``index``."""

    def __init__(self, stretch: Stretch) -> None:
        self.claims, self.index, self.place = stretch.claims, stretch.start, 0
        self.lines: list[bytes] = []
        self.found: dict[str, SweptClaim] = {}
        self.limit, self.seconds = stretch.limit, 0.0
        self.deaths: Counter[tuple[int, int]] = Counter()
        self.starts, self.closely = 0, False
        self.seen: SeenInstance | None = None

    def put(self, found: SweptClaim) -> None:
        """Add what was found of the claim that comes next."""
        self.found[self.claims[self.place]] = found
        self.place += 1
        if self.place == len(self.claims):
            self.lines.append(sweep_line(SweptInstance(self.index, self.found)))
            self.index, self.place, self.found = self.index + 1, 0, {}

    def died(self, status: int, *, ready: bool) -> None:
        """Take a death into account: the claim that comes next is to be tried again, or is undecided.

        The first costs the time limit once more if it was that; then each finding of the stretch is told at once.
        """
        where = (self.index, self.place)
        self.starts += not ready
        if self.starts == MOST_STARTS:
            raise CrewClosed(f"processes end before they are ready, with status {status}")
        if not ready:
            return
        if not self.closely:  # it has not told all that it found: it may have died later
            self.closely = True
            return
        self.deaths[where] += 1
        if status in {-signal.SIGPROF, -signal.SIGALRM}:
            self.seconds += self.limit
            self.put(SweptClaim("undecided", reason=late(self.limit)))
        elif self.deaths[where] == MOST_DEATHS:
            self.put(SweptClaim("undecided", reason=died(MOST_DEATHS, status)))
