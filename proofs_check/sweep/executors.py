"""Engines as executors: where the parts of ``spanner verify`` and the restarts of ``spanner search`` run."""

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import closing, contextmanager, suppress
from functools import partial
from threading import Event, Lock, Thread
from typing import Any, NamedTuple, TypeVar

from proofs_check.ledger.apart import run_apart
from proofs_check.sweep.cluster import Cluster, in_words
from proofs_check.sweep.engine_names import EngineError, jobs_named

T = TypeVar("T")


class Workplace(NamedTuple):
    """Where tasks run: in so many processes at once, which are an executor's unless there is none."""

    jobs: int
    executor: Executor | None = None


@contextmanager
def workplace_named(name: str) -> Iterator[Workplace]:
    """Open an engine by name, and leave it in the end.

    Raises:
        EngineError: if there is none, it is too wide, or it does not answer.
    """
    jobs = jobs_named(name)
    if jobs is not None:
        yield Workplace(max(jobs, 1))
        return
    cluster = Cluster(name.partition(":")[2])
    with closing(ClusterExecutor(cluster)) as executor:
        yield Workplace(cluster.width, executor)


class ClusterExecutor(Executor):
    """The workers of a cluster, with a process of its own for each thread; whatever becomes of them, futures end.

    With :class:`~proofs_check.sweep.engine_names.EngineError` where the cluster is lost, with ``BrokenExecutor`` where
    a task ends its process.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.cluster, self.there = cluster, cluster.executor()
        self.waiting: dict[Future[Any], Future[Any]] = {}
        self.lock, self.closed = Lock(), Event()
        self.watch = Thread(target=self._watch, daemon=True)
        self.watch.start()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":  # noqa: ANN401 - as every executor
        """Have a task done by whatever worker is free."""
        here: Future[T] = Future()
        try:
            there = self.there.submit(run_apart, partial(fn, *args, **kwargs))
        except Exception as error:  # noqa: BLE001 - of many kinds
            raise self._lost(error) from None
        with self.lock:
            self.waiting[there] = here
        there.add_done_callback(self._ended)
        here.add_done_callback(partial(_cancelled_too, there))
        return here

    def close(self) -> None:
        """Leave the cluster; what it is at it will end in vain."""
        self.closed.set()
        self.watch.join()
        self.cluster.close()

    def _ended(self, there: "Future[Any]") -> None:
        with self.lock:
            here = self.waiting.pop(there, None)
        if here is None or not here.set_running_or_notify_cancel():
            return
        try:
            here.set_result(there.result())
        except CancelledError as error:  # not by us: the scheduler went away, or was restarted
            here.set_exception(self._lost(error))
        except Exception as error:  # noqa: BLE001 - an executor hands on whatever is raised
            dead = type(error).__name__ == "KilledWorker"  # a worker each time that it was tried
            here.set_exception(BrokenExecutor(str(error)) if dead else error)

    def _watch(self) -> None:
        while not self.closed.wait(1):
            if not self.cluster.is_lost():
                continue
            with self.lock:
                left = [*self.waiting.values()]
                self.waiting.clear()
            for here in left:
                with suppress(Exception):  # cancelled meanwhile
                    here.set_exception(self._lost(TimeoutError("away for too long")))

    def _lost(self, error: BaseException) -> EngineError:
        return EngineError(f"dask:{self.cluster.address} has lost what was running ({in_words(error)})")


def _cancelled_too(there: "Future[Any]", here: "Future[Any]") -> None:
    if here.cancelled():
        there.cancel()
