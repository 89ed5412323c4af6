"""Engines as executors: names, and a cluster whose workers are threads here; a real one is in ``test_cluster``."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import Any, cast

import pytest

from proofs_check.cli import main
from proofs_check.ledger import OtherVersion, Report, run_claims
from proofs_check.ledger.executing import cores, results_on
from proofs_check.search.running import SearchLimits, search
from proofs_check.search.spaces import Sought
from proofs_check.sweep import executors
from proofs_check.sweep.cluster import Cluster
from proofs_check.sweep.engine_names import EngineError, is_engine
from proofs_check.sweep.executors import ClusterExecutor, workplace_named
from tests.proofs_check.ledger.telling import telling

ADDRESS = "tcp://head:8786"


class KilledWorker(Exception):
    """As distributed has it."""


class Threads:
    """A cluster with one worker of one thread, or with whatever else is given."""

    def __init__(self, address: str = ADDRESS, workers: Executor | None = None) -> None:
        self.address, self.width, self.lost, self.closed = address, 1, False, False
        self.workers = workers or ThreadPoolExecutor(1)

    def executor(self) -> Executor:
        return self.workers

    def is_lost(self) -> bool:
        return self.lost

    def close(self) -> None:
        self.closed = True
        self.workers.shutdown()


class Held(Executor):
    """Ends what it is given as a test says."""

    def __init__(self) -> None:
        self.given: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: object, **kwargs: object) -> Future[Any]:  # noqa: ARG002 - never run
        self.given.append(Future())
        return self.given[-1]


def on(cluster: Threads) -> ClusterExecutor:
    return ClusterExecutor(cast("Cluster", cluster))


@pytest.fixture
def threads() -> Iterator[ClusterExecutor]:
    with closing(on(Threads())) as executor:
        yield executor


def reports(executor: Executor | None) -> str:
    found: dict[str, Report] = {
        name: report for name, _, report in run_claims(telling, ["one", "two"], executor=executor) if report is not None
    }
    return re.sub(r"seconds=[^,)]+", "", repr(sorted(found.items())))


def ends_its_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_names() -> None:
    for name, jobs in (("serial", 1), ("local", cores()), ("local:3", 3)):
        with workplace_named(name) as place:
            assert (place.jobs, place.executor) == (jobs, None)
    assert [is_engine(name) for name in ("local:x", "dask:", "two-arms", "catalog:two-arms", "localities")] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_reports_and_worst_instances_are_those_of_the_serial_run(threads: ClusterExecutor) -> None:
    assert reports(threads) == reports(None)
    asked, limits = Sought("needle-hit"), SearchLimits(steps=100)
    here, there = search(asked, limits), search(asked, limits, executor=threads)
    assert {s: worst.point for s, worst in here.best.items()} == {s: worst.point for s, worst in there.best.items()}


def test_tasks_run_in_processes_of_their_own_and_one_that_dies_is_none(threads: ClusterExecutor) -> None:
    assert threads.submit(os.getpid).result() != os.getpid()
    assert dict(results_on(threads, {"dies": ends_its_process}, lambda: None)) == {"dies": None}


def test_a_worker_with_other_code_is_refused(threads: ClusterExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proofs_check.ledger.executing.source_digest", lambda: "0123")
    with pytest.raises(OtherVersion, match=r"another version .* here 0123"):
        reports(threads)


def test_a_cluster_that_is_lost_ends_all_that_runs() -> None:
    cluster = Threads(workers=Held())
    with closing(on(cluster)) as executor:
        futures = [executor.submit(os.getpid) for _ in range(3)]
        futures[1].cancel()
        cluster.lost = True
        for future in (futures[0], futures[2]):
            with pytest.raises(EngineError, match=rf"dask:{ADDRESS} has lost what was running \(TimeoutError"):
                future.result(timeout=10)
    assert cluster.closed


def test_what_ends_on_the_way_is_what_it_means() -> None:
    held = Held()
    with closing(on(Threads(workers=held))) as executor:
        gone, killed, dropped = (executor.submit(os.getpid) for _ in range(3))
        held.given[0].cancel()  # as when a scheduler is restarted
        held.given[1].set_exception(KilledWorker("3 times"))
        dropped.cancel()
        with pytest.raises(EngineError, match="has lost what was running"):
            gone.result(timeout=10)
        with pytest.raises(BrokenExecutor, match="3 times"):
            killed.result(timeout=10)
        assert held.given[2].cancelled()


@pytest.fixture
def dask(monkeypatch: pytest.MonkeyPatch) -> list[Threads]:
    """Have threads for a cluster, and ``distributed`` for installed."""
    made: list[Threads] = []

    def cluster(address: str) -> Threads:
        made.append(Threads(address))
        return made[-1]

    monkeypatch.setattr(executors, "Cluster", cluster)
    monkeypatch.setattr("proofs_check.cli.where.check_address", lambda _: None)
    monkeypatch.setattr("proofs_check.cli.extras.find_spec", partial(_found))
    return made


def _found(name: str) -> str:
    return name


@pytest.mark.parametrize("engine", ["serial", "local:1", "dask:tcp://head:8786"])
@pytest.mark.parametrize("command", ["verify", "search"])
def test_one_option_says_where(
    command: str, engine: str, dask: list[Threads], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("proofs_check.cli.verify.registry", telling)
    line = ["one", "two"] if command == "verify" else ["needle-hit", "--steps", "20"]
    code = main([command, *line, "--on", engine])
    printed = capsys.readouterr()
    if command == "verify":  # in that ledger claims hold where definitions run
        assert (code, printed.out.lower().count(" violated ")) == (1, 2)
    else:
        assert (code, "needle-hit: " in printed.out) == (0, True)
    assert [(each.address, each.closed) for each in dask] == [("tcp://head:8786", True)] * engine.startswith("dask")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("verify --on local:x", "no engine 'local:x'; there are serial, local, local:JOBS or dask:ADDRESS"),
        ("verify --on dask:", "no engine 'dask:'; there are serial, local, local:JOBS or dask:ADDRESS"),
        ("verify --on local:99999", "--on local:99999: at most 512 processes on one machine; local takes its"),
        ("verify --on local --jobs 2", "--on and --jobs both say where claims run: leave one of them out"),
        ("verify coverage-range --on local --set exponent=3/4", "--set runs in this process: leave --on local out"),
        ("verify coverage-range --on local --against covers-by-nu", "--against runs the domain of the kill matrix"),
        ("search needle-hit --on moon", "no engine 'moon'; there are serial, local, local:JOBS or dask:ADDRESS"),
        ("search needle-hit --on local --jobs 2", "--on and --jobs both say where restarts run: leave one of them out"),
    ],
)
def test_bad_input_is_one_line(line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("line", ["verify one", "search needle-hit"])
def test_dask_that_is_not_installed_is_one_line(
    line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proofs_check.cli.extras.find_spec", lambda name: None if name == "distributed" else name)
    monkeypatch.setattr("proofs_check.cli.verify.registry", telling)
    assert main([*line.split(), "--on", f"dask:{ADDRESS}"]) == 2
    name = line.partition(" ")[0]
    assert capsys.readouterr().err == f"spanner: {name} needs distributed: pip install 'spanner-reference[dask]'\n"
