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
from time import process_time
from typing import NamedTuple

import msgspec

from proofs_check.sweep.deciding import StrategyRaised, Stretch, decided, over_time, soft_timer
from proofs_check.sweep.lines import SweptClaim, SweptInstance, sweep_line

MOST_DEATHS = 3
"""So often the process dies at a claim before that is its fault."""


class SweptStretch(NamedTuple):
    """What became of a stretch: a line for each instance, in order, the seconds of computing, and what ended it."""

    lines: list[bytes]
    seconds: float
    error: str = ""
    """Of the strategy: then the instance at which it raises has no line."""


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line that a process writes: what was found of the next claim; or, last, its seconds and perhaps an error."""

    found: SweptClaim | None = None
    seconds: float = 0
    error: str = ""


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
    """The processes have been ended, and no more are started."""


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

    def does(self, stretch: Stretch) -> Iterator[Told]:
        """Yield what the process tells of a stretch; if the last has no seconds, the process has died."""
        assert self.process.stdin is not None  # noqa: S101 - both are pipes
        assert self.process.stdout is not None  # noqa: S101 - the same
        with suppress(BrokenPipeError):
            self.process.stdin.write(msgspec.json.encode(stretch) + b"\n")
            self.process.stdin.flush()
        for line in self.process.stdout:
            if line.endswith(b"\n"):
                told = _TOLD.decode(line)
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
    """Decide a stretch in a process of the crew, in as many as it takes; ``None``: of the common one."""
    crew = crew or common_crew()
    deaths: Counter[tuple[int, int]] = Counter()
    record, seconds = _Record(stretch), 0.0
    while record.index < stretch.stop:
        member, told = crew.taken(), Told()
        for told in member.does(stretch._replace(start=record.index, skip=record.place)):
            if told.found is not None:
                record.put(told.found)
        seconds += told.seconds
        if told.seconds:
            crew.given(member)
            if told.error:
                return SweptStretch(record.lines, seconds, told.error)
            continue
        status, where = crew.gone(member), (record.index, record.place)
        deaths[where] += 1
        if status in {-signal.SIGPROF, -signal.SIGALRM}:
            seconds += stretch.limit
            record.put(SweptClaim("undecided", reason=over_time(stretch.limit)))
        elif deaths[where] == MOST_DEATHS:
            reason = f"its process died {MOST_DEATHS} times, at last with status {status}"
            record.put(SweptClaim("undecided", reason=reason))
    return SweptStretch(record.lines, seconds)


def swept_here(stretch: Stretch) -> SweptStretch:
    """Decide a stretch in this process; in its main thread a claim that computes in Python is ended in time."""
    record, start, error = _Record(stretch), process_time(), ""
    with soft_timer() as timer:
        try:
            for found in decided(stretch, timer):
                record.put(found)
        except StrategyRaised as raised:
            error = str(raised)
    return SweptStretch(record.lines, process_time() - start, error)


class _Record:
    """The lines of a stretch, as they come together; the next thing wanted is claim ``place`` of instance ``index``."""

    def __init__(self, stretch: Stretch) -> None:
        self.claims, self.index, self.place = stretch.claims, stretch.start, 0
        self.lines: list[bytes] = []
        self.found: dict[str, SweptClaim] = {}

    def put(self, found: SweptClaim) -> None:
        """Add what was found of the claim that comes next."""
        self.found[self.claims[self.place]] = found
        self.place += 1
        if self.place == len(self.claims):
            self.lines.append(sweep_line(SweptInstance(self.index, self.found)))
            self.index, self.place, self.found = self.index + 1, 0, {}
