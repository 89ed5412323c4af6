"""Parts of claims on anybody's executor: processes, threads, a cluster.  A worker with other code is refused."""

import atexit
import os
import signal
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from hashlib import sha256
from multiprocessing import active_children, get_context
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import NoReturn, TypeVar

import flint

from reference.exact.plain import is_plain, plain

T = TypeVar("T")
K = TypeVar("K")


class OtherVersion(RuntimeError):
    """A worker has other code, instances or FLINT than the process that asks; the message names both digests."""


@cache
def source_digest() -> str:
    """Return 16 hexadecimal digits of a SHA-256: of whatever decides what a claim comes to.

    These are the Python files of the two packages and the instances of the catalog, with their names, and the versions
    of python-flint and FLINT.  Installed copies of one version on two machines have the same, wherever they lie.
    """
    root = Path(__file__).parents[2]
    found = sha256(f"{flint.__version__} {flint.__FLINT_VERSION__}\0".encode())
    code = (path for name in ("proofs_check", "reference") for path in (root / name).rglob("*.py"))
    for file in sorted([*code, *(root / "reference" / "catalog").rglob("*.json")]):
        found.update(b"%s\0%d\0" % (file.relative_to(root).as_posix().encode(), file.stat().st_size))
        found.update(file.read_bytes())
    return found.hexdigest()[:16]


def results_on(
    executor: Executor, tasks: Mapping[K, Callable[[], T]], tick: Callable[[], None]
) -> Generator[tuple[K, T | None], None, None]:
    """Run picklable tasks; yield what each returns, as they end: ``None`` where its worker died.

    Within :func:`~reference.exact.plain.plain` definitions run in the workers, too.  The executor is not shut down.
    When the iterator is closed, what has not begun is cancelled.

    Raises:
        OtherVersion: for a worker with another version of the code.
    """
    running: dict[K, Future[T]] = {}
    ended: SimpleQueue[tuple[K, Callable[[], T | None]]] = SimpleQueue()
    try:
        with _interrupts_held():
            for key, task in tasks.items():
                running[key] = executor.submit(run_same, source_digest(), is_plain(), task)
                running[key].add_done_callback(_teller(ended, key))
        while running:
            try:
                key, outcome = ended.get(timeout=1)
            except Empty:
                tick()
                continue
            tick()
            del running[key]
            yield key, outcome()
    finally:
        for future in running.values():
            future.cancel()


def cores() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def processes(jobs: int) -> Iterator[Executor]:
    """Give an executor with so many processes of this machine; who leaves early ends them, whatever they are at."""
    others = set(active_children())
    # spawn: the same start on every platform, and no fork beside the threads of a progress bar
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_in_a_worker)
    # no `with`: its shutdown() comes second and takes cancel_futures back
    try:
        yield pool
    except BaseException:  # interrupted or closed: what runs or is queued for a worker cannot be cancelled
        for worker in set(active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def run_same(digest: str, definitions: bool, task: Callable[[], T]) -> T:  # noqa: FBT001 - sent to a worker
    """Run a task in a worker, if its code is that of this digest."""
    if source_digest() != digest:
        codes = f"code {source_digest()}, here {digest}"
        raise OtherVersion(
            f"a worker has another version of spanner-reference or python-flint ({codes}); install the same"
        )
    if definitions and not is_plain():
        with plain():
            return task()
    return task()


def _teller(ended: "SimpleQueue[tuple[K, Callable[[], T | None]]]", key: K) -> "Callable[[Future[T]], None]":
    """Return what puts the outcome of a future into a queue, once it is there.

    It does so in the executor's thread.  The thread that gets signals must not look at futures, least of all wait for
    them: a signal that raises while it holds the lock of one leaves it locked, and the executor never ends.
    """

    def tell(future: "Future[T]") -> None:
        try:
            found = future.result()
        except BrokenExecutor:
            ended.put((key, lambda: None))
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised where the outcome is asked for
            ended.put((key, partial(_raised, error)))
        else:
            ended.put((key, lambda: found))

    return tell


def _raised(error: BaseException) -> NoReturn:
    raise error


def _in_a_worker() -> None:
    """Leave Ctrl-C, which a terminal sends to every process, to the process that started this one; end at once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    atexit.register(os._exit, 0)  # freeing what is remembered, object by object, takes a second


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold interrupts back; a process started meanwhile gets none, not even before its initializer runs."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
