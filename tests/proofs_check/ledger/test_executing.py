"""Claims on anybody's executor: the reports of the serial run, other versions refused, dead workers seen."""

import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import flint
import pytest

import proofs_check
from proofs_check.ledger import Report, Verdict, run_claims
from proofs_check.ledger.executing import OtherVersion, results_on, run_same, source_digest
from reference.exact.plain import is_plain, plain
from tests.proofs_check.ledger.telling import telling

T = TypeVar("T")

NAMES = ["one", "two"]
ROOT = Path(proofs_check.__file__).parents[1]


def nothing() -> None: ...


def ended() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def spawned() -> Executor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


class AtOnce(Executor):
    """Runs what it is given before it returns, as the smallest executor there is; keeps what it was given."""

    def __init__(self) -> None:
        self.submitted: list[Future[Any]] = []

    def submit(self, fn: Callable[..., T], /, *args: object, **kwargs: object) -> Future[T]:
        future: Future[T] = Future()
        self.submitted.append(future)
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - an executor hands on whatever is raised
            future.set_exception(error)
        return future


def reports(executor: Executor | None) -> dict[str, Report]:
    return {name: report for name, _, report in run_claims(telling, NAMES, executor=executor) if report is not None}


def but_for_time(found: dict[str, Report]) -> dict[str, str]:
    return {name: re.sub(r"seconds=[^,)]+", "", repr(report)) for name, report in found.items()}


@pytest.mark.parametrize("make", [AtOnce, partial(ThreadPoolExecutor, 1), spawned])
def test_reports_are_those_of_the_serial_run(make: Callable[[], Executor]) -> None:
    with make() as executor:
        assert but_for_time(reports(executor)) == but_for_time(reports(None))
        with plain():
            assert {report.verdict for report in reports(executor).values()} == {Verdict.HOLDS}
        assert {report.verdict for report in reports(executor).values()} == {Verdict.VIOLATED}
        assert executor.submit(is_plain).result() is False  # it is the caller's, and still open


def test_what_gets_signals_waits_for_no_future() -> None:
    """A signal that raises in the thread that holds the lock of a future leaves it locked, and all wait for ever."""
    lookers: set[int] = set()

    class Seen(Future[Any]):
        def result(self, timeout: float | None = None) -> object:
            lookers.add(threading.get_ident())
            return super().result(timeout)

    class Later(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: object, **kwargs: object) -> Future[Any]:
            future = Seen()
            threading.Timer(0.05, lambda: future.set_result(fn(*args, **kwargs))).start()
            return future

    assert list(results_on(Later(), {"one": nothing}, nothing)) == [("one", None)]
    assert lookers
    assert threading.get_ident() not in lookers


def test_a_worker_with_other_code_is_refused() -> None:
    with pytest.raises(OtherVersion, match=rf"another version .*code {source_digest()}, here 0123"):
        run_same("0123", False, nothing)


@pytest.mark.parametrize("what", ["reference/catalog/data/two-arms.json", "proofs_check/claims/__init__.py"])
def test_the_digest_is_of_code_and_instances(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes
    changed = (ROOT / what).resolve()
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path)[::-1] if path.resolve() == changed else read(path))
    assert source_digest.__wrapped__() != source_digest()


@pytest.mark.parametrize("name", ["__version__", "__FLINT_VERSION__"])
def test_the_digest_is_of_flint(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert source_digest.__wrapped__() == source_digest()
    monkeypatch.setattr(flint, name, "0.0")
    assert source_digest.__wrapped__() != source_digest()


def test_an_error_of_a_worker_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    digests: Iterator[str] = iter(["0123", "4567", "4567"])
    monkeypatch.setattr("proofs_check.ledger.executing.source_digest", lambda: next(digests))
    with pytest.raises(OtherVersion, match="install the same"):
        list(results_on(AtOnce(), {"a": nothing}, nothing))


def test_a_dead_worker_is_none_and_the_others_are_cancelled() -> None:
    with spawned() as executor:
        assert dict(results_on(executor, {"dies": ended}, nothing)) == {"dies": None}


def test_closing_cancels_what_has_not_begun() -> None:
    class Later(AtOnce):
        def submit(self, fn: Callable[..., T], /, *args: object, **kwargs: object) -> Future[T]:
            if not self.submitted:
                return super().submit(fn, *args, **kwargs)
            self.submitted.append(Future())
            return self.submitted[-1]

    executor = Later()
    results = run_claims(telling, NAMES, executor=executor)
    next(results)
    results.close()
    assert [future.cancelled() for future in executor.submitted] == [False] + [True] * (len(executor.submitted) - 1)
    assert len(executor.submitted) > 1


@pytest.mark.filterwarnings("ignore")  # of dask and loky
@pytest.mark.parametrize("engine", ["loky", "dask"])
def test_other_engines(engine: str) -> None:
    if engine == "loky":
        loky = pytest.importorskip("loky")
        with loky.ProcessPoolExecutor(1) as executor:
            assert but_for_time(reports(executor)) == but_for_time(reports(None))
        return
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
        distributed.Client(cluster) as client,
    ):
        assert but_for_time(reports(client.get_executor())) == but_for_time(reports(None))
