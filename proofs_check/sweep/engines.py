"""Where a sweep runs: in processes of this machine, on a dask cluster, on an executor of the caller's."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from proofs_check.ledger.executing import cores, run_same, source_digest
from proofs_check.sweep.crew import Crew, SweptStretch, swept_by
from proofs_check.sweep.deciding import Stretch

T = TypeVar("T")

ENGINES = "serial, local, local:JOBS or dask:ADDRESS"

MOST_JOBS = 512
"""Processes of this machine that a sweep starts at once: each takes 60 MB or more."""

ANSWER = 10
"""Seconds within which a scheduler has to answer, and to have a worker."""

PATIENCE = 60
"""Seconds for which a scheduler that was there may be away."""


class EngineError(ValueError):
    """There is no such engine, or it does not answer any more; the message is one line."""


class Engine:
    """Takes stretches to an executor.  ``workers``: at how many it can be at once."""

    def __init__(self, executor: Executor, workers: int, decide: Callable[[Stretch], SweptStretch]) -> None:
        self.executor, self.workers, self.decide = executor, workers, decide

    def submit(self, stretch: Stretch) -> "Future[SweptStretch]":
        """Have a stretch decided; a worker with other code refuses it."""
        return self.executor.submit(run_same, source_digest(), False, partial(self.decide, stretch))

    def is_lost(self) -> bool:
        """Return whether nothing that was submitted will ever come back."""
        return False

    def renew(self) -> None:
        """Get going again after what was running was lost.

        Raises:
            EngineError: if that cannot be.
        """


def engine_of(executor: Executor, workers: int | None = None) -> Engine:
    """Return the engine that an executor of the caller's makes; it stays open.

    Each worker has a process of its own for each of its threads.  So threads will do as well as processes.
    """
    width = workers or getattr(executor, "_max_workers", None) or cores()
    return Engine(executor, width, partial(swept_by, None))


@contextmanager
def engine_named(name: str) -> Iterator[Engine]:
    """Open an engine by name, and close it in the end, whatever it is at.

    Raises:
        EngineError: if there is none, it is too wide, or it does not answer.
    """
    kind, _, rest = name.partition(":")
    if name == "serial":
        yield Engine(AtOnce(), 0, partial(swept_by, None))
    elif name == "local" or (kind == "local" and rest.isdecimal() and int(rest)):
        jobs = int(rest[:9]) if rest else cores()
        if jobs > MOST_JOBS:
            raise EngineError(
                f"--on {name[:80]}: at most {MOST_JOBS} processes on one machine; local takes its {cores()}"
            )
        with ThreadPoolExecutor(jobs) as pool, closing(Crew()) as crew:
            yield Engine(pool, jobs, partial(swept_by, crew))
    elif kind == "dask" and rest:
        with closing(_Dask(rest)) as engine:
            yield engine
    else:
        raise EngineError(f"no engine {name[:80]!r}; there are {ENGINES}")


class AtOnce(Executor):
    """Does what it is given before it returns."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":  # noqa: ANN401 - as every executor
        """Return a future that is done."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - an executor hands on whatever is raised
            future.set_exception(error)
        return future


class _Dask(Engine):
    """A dask cluster: its scheduler may be restarted, its workers may come and go."""

    def __init__(self, address: str) -> None:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said in one line
        self.address, self.seen = address, monotonic()
        self._connect(ANSWER)
        super().__init__(self.client.get_executor(pure=False), self._width(), partial(swept_by, None))

    def submit(self, stretch: Stretch) -> "Future[SweptStretch]":
        """Have a stretch decided by whatever worker is free."""
        self.workers = self._width()
        return super().submit(stretch)

    def is_lost(self) -> bool:
        """Return whether the scheduler has been away for too long."""
        if self.client.status == "running":
            self.seen = monotonic()
        return monotonic() - self.seen > PATIENCE or self.client.status == "closed"

    def renew(self) -> None:
        """Connect once more, unless the connection stands."""
        if self.client.status != "running":
            self.close()
            self._connect(PATIENCE)
            self.executor, self.seen = self.client.get_executor(pure=False), monotonic()

    def close(self) -> None:
        """Leave the cluster."""
        with suppress(Exception):  # it may be gone
            self.client.close(timeout=1)

    def _connect(self, seconds: float) -> None:
        from distributed import Client

        try:
            self.client = Client(self.address, timeout=seconds, set_as_default=False, name="spanner-sweep")
        except Exception as error:  # noqa: BLE001 - of many kinds
            raise EngineError(f"dask:{self.address} does not answer within {seconds:g} s ({_words(error)})") from None
        try:
            self.client.wait_for_workers(1, timeout=seconds)
        except Exception as error:  # noqa: BLE001 - the same
            self.close()
            raise EngineError(f"dask:{self.address} has no worker within {seconds:g} s ({_words(error)})") from None

    def _width(self) -> int:
        return sum(self.client.nthreads().values()) or 1


def _words(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
