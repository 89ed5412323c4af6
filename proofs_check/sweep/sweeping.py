"""Running a sweep: instances go to an engine in stretches, and what comes back is written and counted once."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future
from contextlib import nullcontext, suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from proofs_check.ledger.executing import OtherVersion, source_digest
from proofs_check.sweep.crew import SweptStretch
from proofs_check.sweep.deciding import StrategyRaised, Stretch
from proofs_check.sweep.engine_names import EngineError
from proofs_check.sweep.engines import Engine, engine_named, engine_of
from proofs_check.sweep.lines import INSTANCES, SweepHeader, SweptInstance, open_after
from proofs_check.sweep.strategies import strategy_named
from proofs_check.sweep.sweep_file import SweepFile
from proofs_check.sweep.totals import Totals

AIM = 0.75
"""Seconds of computing in a stretch: a scheduler has little to do, and little is lost with a worker."""

FIRST_STRETCH, MOST_IN_STRETCH = 8, 100_000
"""Instances of a stretch before anything is known about their cost, and at most."""

MOST_FAILURES = 5
"""So often a stretch is given to an engine that fails."""


def run_sweep(  # noqa: PLR0913 - what makes a sweep
    strategy: str,
    claims: Sequence[str],
    n: int,
    *,
    first: int = 0,
    seed: int = 1,
    on: str | Executor = "local",
    chunk: int | None = None,
    resume: str | Path | None = None,
    limit: float = 10,
    tick: Callable[[Totals], None] = lambda _: None,
) -> Totals:
    """Decide claims on the instances ``first`` to ``first + n - 1`` of a strategy, and return what that amounts to.

    ``on`` is the name of an engine, or any :class:`concurrent.futures.Executor`, which stays open.  ``chunk`` is how
    many instances go to a worker at a time; unless given, what takes it about :data:`AIM` seconds.  ``resume`` is the
    file that the lines go to, and that is gone on with if it is there: what a smaller limit, or a process that died,
    left open there is tried again.  ``limit``: seconds of computing after which a claim is undecided on an instance.
    ``tick`` is called with the totals now and then.

    Raises:
        StrategyError, StrategyRaised: of the strategy.
        EngineError, OtherVersion: of the engine.
        SweepFileError: of the file.
    """
    made = strategy_named(strategy)
    totals = Totals(list(claims), first, n)
    header = SweepHeader(strategy, seed, list(claims), source_digest(), made.digest)
    error = ""
    whole = Stretch(strategy, made.digest, seed, tuple(claims), first, first + n, limit)
    with SweepFile(resume, header) if resume is not None else nullcontext() as file:
        if file is not None:
            _count(file, totals, limit)
        with nullcontext(engine_of(on)) if isinstance(on, Executor) else engine_named(on) as engine:
            tick(totals)
            for swept in swept_on(engine, whole, totals, chunk, tick):
                lines = [line for line in swept.lines if totals.add(INSTANCES.decode(line))]
                if file is not None:
                    file.append(lines)
                totals.seconds += swept.seconds
                tick(totals)
                error = error or swept.error
    if error:
        raise StrategyRaised(error)
    return totals


def _count(file: SweepFile, totals: Totals, limit: float) -> None:
    """Count what a file has; an instance that ``limit`` may decide, and no line does, stays missing.

    So a line that decides it counts, wherever in the file it is, and among those that leave it open the last.
    """
    left: dict[int, SweptInstance] = {}
    for found in file.read():
        if open_after(found) is None:
            totals.add(found)
        else:
            left[found.index] = found
    for found in left.values():
        if (open_after(found) or 0) >= float(f"{limit:g}"):
            totals.add(found)


def swept_on(
    engine: Engine, whole: Stretch, totals: Totals, chunk: int | None, tick: Callable[[Totals], None]
) -> Iterator[SweptStretch]:
    """Yield what becomes of each stretch, as they end, until nothing is missing or a strategy raises.

    What an engine loses is given to it again; when the iterator is closed, what has not begun is cancelled.
    """
    pace, work = Pace(chunk), _Work(engine, whole, totals)
    try:
        while work.begun(pace.size):
            done = work.over(1)
            if not done:
                tick(totals)
                work.look_after()
            for future in done:
                piece, swept = work.ended(future)
                if swept is not None:
                    pace.learn(len(piece), swept.seconds)
                    yield swept
                    if swept.error:
                        yield from work.salvaged()
                        return
    except (EngineError, OtherVersion):
        yield from work.salvaged()
        raise
    finally:
        for future in work.running:
            future.cancel()


class Pace:
    """How many instances a stretch has: ``fixed``, or as many as took :data:`AIM` seconds lately."""

    def __init__(self, fixed: int | None) -> None:
        self.fixed, self.size = fixed, fixed or FIRST_STRETCH

    def learn(self, count: int, seconds: float) -> None:
        """Take into account what so many instances cost; at most four times as many come next."""
        if self.fixed is None:
            fitting = int(count * AIM / max(seconds, 1e-6))
            self.size = max(1, min(fitting, 4 * max(count, self.size // 4), MOST_IN_STRETCH))


class _Work:
    """What is missing, what runs, and what has failed and is to be given away again."""

    def __init__(self, engine: Engine, whole: Stretch, totals: Totals) -> None:
        self.engine, self.whole, self.totals = engine, whole, totals
        self.at, self.again = whole.start, list[range]()
        self.running: dict[Future[SweptStretch], range] = {}
        self._over: SimpleQueue[Future[SweptStretch]] = SimpleQueue()
        self.failures: Counter[range] = Counter()

    def begun(self, size: int) -> bool:
        """Keep the workers busy, with as much again in reserve; return whether anything runs."""
        while len(self.running) <= 2 * self.engine.workers and (piece := self.next(size)):
            try:
                future = self.engine.submit(self.whole._replace(start=piece.start, stop=piece.stop))
            except Exception as error:  # noqa: BLE001 - whatever an engine breaks with
                self.failed([piece], error)
            else:
                self.running[future] = piece
                future.add_done_callback(self._over.put)
        return bool(self.running)

    def over(self, seconds: float) -> "list[Future[SweptStretch]]":
        """Return what has ended, in the order of the instances; wait at most so long for any.

        By a queue, not by :func:`concurrent.futures.wait`, which holds the locks of all when a signal may raise.
        """
        found = []
        with suppress(Empty):
            found.append(self._over.get(timeout=seconds))
            while True:
                found.append(self._over.get_nowait())
        known = [future for future in found if future in self.running]  # others were taken back
        return sorted(known, key=lambda future: self.running[future].start)

    def next(self, size: int) -> range:
        """Return up to so many instances in a row, fewer near the end; none if nothing is left."""
        if self.again:
            return self.again.pop()
        share = -(-(self.whole.stop - self.at) // max(self.engine.workers, 1))
        found = self.totals.missing(self.at, max(1, min(size, share)))
        self.at = found.stop if found else self.whole.stop
        return found

    def ended(self, future: "Future[SweptStretch]") -> tuple[range, SweptStretch | None]:
        """Return a piece, and what became of it if that is known; a worker with other code raises."""
        piece = self.running.pop(future)
        try:
            return piece, future.result()
        except OtherVersion:
            raise
        except (Exception, CancelledError) as error:  # noqa: BLE001 - whatever becomes of a worker
            self.failed([piece], error)
            return piece, None

    def salvaged(self) -> Iterator[SweptStretch]:
        """Yield what has come back and was not looked at yet."""
        for future in self.running:
            if future.done() and not future.cancelled() and future.exception() is None:
                yield future.result()

    def look_after(self) -> None:
        """Take back what runs on an engine that is lost."""
        if self.engine.is_lost():
            pieces = [*self.running.values()]
            self.running.clear()
            self.failed(pieces, TimeoutError("away for too long"))

    def failed(self, pieces: Sequence[range], error: BaseException) -> None:
        """Note that the engine failed at these pieces, and get it going again.

        Raises:
            EngineError: if that was once too often.
        """
        self.failures.update(pieces)
        for piece in pieces:
            if self.failures[piece] >= MOST_FAILURES:
                words = " ".join(f"{type(error).__name__}: {error}".split())[:200]
                where = f"instances {piece.start} to {piece.stop - 1}"
                raise EngineError(f"the engine failed {MOST_FAILURES} times at {where}: {words}")
        self.again.extend(pieces)
        self.engine.renew()
