"""Parts of claims on anybody's executor: processes, threads, a cluster.  A worker with other code is refused."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from reference.exact.plain import is_plain, plain

T = TypeVar("T")
K = TypeVar("K")


class OtherVersion(RuntimeError):
    """A worker has other code than the process that asks; the message names both digests."""


@cache
def source_digest() -> str:
    """Return 16 hexadecimal digits of the SHA-256 of all Python files of the two packages, with their names.

    Installed copies of one version on two machines have the same, wherever they lie.
    """
    root = Path(__file__).parents[2]
    found = sha256()
    for file in sorted(path for name in ("proofs_check", "reference") for path in (root / name).rglob("*.py")):
        found.update(b"%s\0%d\0" % (file.relative_to(root).as_posix().encode(), file.stat().st_size))
        found.update(file.read_bytes())
    return found.hexdigest()[:16]


def results_on(
    executor: Executor, tasks: Mapping[K, Callable[[], T]], tick: Callable[[], None]
) -> Iterator[tuple[K, T | None]]:
    """Run picklable tasks; yield what each returns, as they end: ``None`` where its worker died.

    Within :func:`~reference.exact.plain.plain` definitions run in the workers, too.  The executor is not shut down.
    When the iterator is closed, what has not begun is cancelled.

    Raises:
        OtherVersion: for a worker with another version of the code.
    """
    running: dict[Future[T], K] = {}
    try:
        for key, task in tasks.items():
            running[executor.submit(run_same, source_digest(), is_plain(), task)] = key
        while running:
            done, _ = wait(running, timeout=1, return_when=FIRST_COMPLETED)
            tick()
            for future in done:
                yield running.pop(future), _result(future)
    finally:
        for future in running:
            future.cancel()


def run_same(digest: str, definitions: bool, task: Callable[[], T]) -> T:  # noqa: FBT001 - sent to a worker
    """Run a task in a worker, if its code is that of this digest."""
    if source_digest() != digest:
        codes = f"code {source_digest()}, here {digest}"
        raise OtherVersion(f"a worker has another version of spanner-reference ({codes}); install the same")
    if definitions and not is_plain():
        with plain():
            return task()
    return task()


def _result(future: "Future[T]") -> T | None:
    try:
        return future.result()
    except BrokenExecutor:
        return None
