"""Where a sweep runs: in processes of this machine, on a dask cluster, on an executor of the caller's."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, TypeVar

from proofs_check.ledger.executing import cores, run_same, source_digest
from proofs_check.sweep.cluster import Cluster
from proofs_check.sweep.crew import Crew, SweptStretch, swept_by
from proofs_check.sweep.deciding import Stretch
from proofs_check.sweep.engine_names import jobs_named

T = TypeVar("T")


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
    jobs = jobs_named(name)
    if jobs is None:
        with closing(_Dask(name.partition(":")[2])) as engine:
            yield engine
    elif jobs == 0:
        yield Engine(AtOnce(), 0, partial(swept_by, None))
    else:
        # Threads: each has a process of the crew, which the kernel may end in the midst of a claim; a pool of processes
        # breaks when one of them ends.
        with ThreadPoolExecutor(jobs) as pool, closing(Crew()) as crew:
            yield Engine(pool, jobs, partial(swept_by, crew))


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
    """The workers of a dask cluster."""

    def __init__(self, address: str) -> None:
        self.cluster = Cluster(address)
        super().__init__(self.cluster.executor(), self.cluster.width, partial(swept_by, None))

    def submit(self, stretch: Stretch) -> "Future[SweptStretch]":
        """Have a stretch decided by whatever worker is free."""
        self.workers = self.cluster.threads()
        return super().submit(stretch)

    def is_lost(self) -> bool:
        """Return whether the cluster has been away for too long."""
        return self.cluster.is_lost()

    def renew(self) -> None:
        """Connect once more, unless the connection stands."""
        if self.cluster.renew():
            self.executor = self.cluster.executor()

    def close(self) -> None:
        """Leave the cluster."""
        self.cluster.close()
