"""Running a sweep: instances go to an engine in stretches, and what comes back is written and counted once."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import nullcontext
from pathlib import Path

from proofs_check.ledger.executing import OtherVersion, source_digest
from proofs_check.sweep.crew import Swept
from proofs_check.sweep.deciding import StrategyRaised, Stretch
from proofs_check.sweep.engines import Engine, EngineError, engine_named, engine_of
from proofs_check.sweep.lines import INSTANCES, SweepHeader
from proofs_check.sweep.strategies import strategy_named
from proofs_check.sweep.sweep_file import SweepFile
from proofs_check.sweep.totals import Totals

AIM = 0.75
"""Seconds of computing in a stretch: a scheduler has little to do, and little is lost with a worker."""

FIRST_STRETCH, MOST_IN_STRETCH = 8, 100_000
"""Instances of a stretch before anything is known about their cost, and at most."""

MOST_FAILURES = 5
"""So often a stretch is given to an engine that fails."""


def run_sweep(
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
    file that the lines go to, and that is gone on with if it is there.  ``limit``: seconds of computing after which a
    claim is undecided on an instance.  ``tick`` is called with the totals now and then.

    Raises:
        StrategyError, StrategyRaised: of the strategy.
        EngineError, OtherVersion: of the engine.
        SweepFileError: of the file.
    """
    made = strategy_named(strategy)
    totals = Totals(list(claims), first, n)
    header = SweepHeader(strategy, seed, list(claims), source_digest(), made.digest)
    whole = Stretch(strategy, made.digest, seed, tuple(claims), first, first + n, limit)
    with SweepFile(resume, header) if resume is not None else nullcontext() as file:
        if file is not None:
            for found in file.read():
                totals.add(found)
        with nullcontext(engine_of(on)) if isinstance(on, Executor) else engine_named(on) as engine:
            tick(totals)
            for swept in swept_on(engine, whole, totals, chunk, tick):
                lines = [line for line in swept.lines if totals.add(INSTANCES.decode(line))]
                if file is not None:
                    file.append(lines)
                totals.seconds += swept.seconds
                tick(totals)
                if swept.error:
                    raise StrategyRaised(swept.error)
    return totals


def swept_on(
    engine: Engine, whole: Stretch, totals: Totals, chunk: int | None, tick: Callable[[Totals], None]
) -> Iterator[Swept]:
    """Yield what becomes of each stretch, as they end, until nothing is missing.

    What an engine loses is given to it again; when the iterator is closed, what has not begun is cancelled.
    """
    pace, work = Pace(chunk), _Work(whole, totals)
    running: dict[Future[Swept], range] = {}
    try:
        while True:
            while len(running) <= 2 * engine.workers and (piece := work.next(pace.size, engine.workers)):
                try:
                    running[engine.submit(whole._replace(start=piece.start, stop=piece.stop))] = piece
                except Exception as error:  # noqa: BLE001 - whatever an engine breaks with
                    work.failed(piece, error)
                    engine.renew()
                if not engine.workers:
                    break
            if not running:
                return
            done, _ = wait(running, timeout=1, return_when=FIRST_COMPLETED)
            if not done:
                tick(totals)
                if engine.is_lost():
                    for piece in running.values():
                        work.failed(piece, EngineError("it has been away for too long"))
                    running.clear()
                    engine.renew()
            for future in done:
                piece = running.pop(future)
                swept = _result(future, piece, work, engine)
                if swept is not None:
                    pace.learn(len(piece), swept.seconds)
                    yield swept
    finally:
        for future in running:
            future.cancel()


def _result(future: "Future[Swept]", piece: range, work: "_Work", engine: Engine) -> Swept | None:
    try:
        return future.result()
    except OtherVersion:
        raise
    except (Exception, CancelledError) as error:  # noqa: BLE001 - whatever becomes of a worker
        work.failed(piece, error)
        engine.renew()
        return None


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
    """What is missing, and what has failed and is to be given away again."""

    def __init__(self, whole: Stretch, totals: Totals) -> None:
        self.at, self.end, self.totals = whole.start, whole.stop, totals
        self.again: list[range] = []
        self.failures: Counter[range] = Counter()

    def next(self, size: int, workers: int) -> range:
        """Return up to so many instances in a row, fewer near the end; none if nothing is left."""
        if self.again:
            return self.again.pop()
        left = -(-(self.end - self.at) // max(workers, 1))
        found = self.totals.missing(self.at, max(1, min(size, left)))
        self.at = found.stop if found else self.end
        return found

    def failed(self, piece: range, error: BaseException) -> None:
        """Note that an engine failed at a piece.

        Raises:
            EngineError: if that was once too often.
        """
        self.failures[piece] += 1
        if self.failures[piece] >= MOST_FAILURES:
            words = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            raise EngineError(
                f"the engine failed {MOST_FAILURES} times at instances {piece.start} to {piece.stop - 1}: {words}"
            )
        self.again.append(piece)
