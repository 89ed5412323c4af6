"""Sweeps on a dask cluster of this machine: the lines of the serial run, whatever is killed.

Skipped where ``distributed`` is not installed: ``make test-cluster`` has it.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

import proofs_check
from proofs_check.cli import main
from proofs_check.ledger import OtherVersion
from proofs_check.sweep import cluster as clusters
from proofs_check.sweep import engines
from proofs_check.sweep.engine_names import EngineError
from proofs_check.sweep.engines import engine_named
from proofs_check.sweep.executors import ClusterExecutor
from proofs_check.sweep.sweeping import run_sweep
from proofs_check.sweep.totals import Totals

distributed = pytest.importorskip("distributed", reason="distributed is not installed: pip install '.[dask]'")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # warnings of dask are dask's

ROOT = str(Path(proofs_check.__file__).parents[1])
CLAIMS = ["coverage-range", "barycentric-spanner"]
N = 600


class Cluster:
    """A scheduler and two workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.folder, self.running = folder, list[subprocess.Popen[bytes]]()
        self.scheduler = self.start("scheduler", "--host", self.address, "--no-dashboard")
        self.workers = [self.worker(), self.worker()]

    def worker(self) -> "subprocess.Popen[bytes]":
        return self.start("worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard")

    def start(self, what: str, *arguments: str) -> "subprocess.Popen[bytes]":
        line = [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments]
        environment = {**os.environ, "PYTHONPATH": ROOT}
        log = (self.folder / "log").open("ab")
        process = subprocess.Popen(
            line, cwd=self.folder, env=environment, start_new_session=True, stdout=log, stderr=log
        )
        self.running.append(process)
        return process

    def end(self) -> None:
        for process in self.running:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    found = Cluster(tmp_path)
    yield found
    found.end()


@pytest.fixture(scope="module")
def serial(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    path = tmp_path_factory.mktemp("serial") / "out.jsonl"
    run_sweep("linear-problems", CLAIMS, N, on="serial", resume=path)
    return sorted(path.read_bytes().splitlines())


def during(cluster: Cluster, path: Path, harm: Callable[[], None], after: int) -> list[bytes]:
    """Return the lines of a sweep to which harm is done after so many instances."""
    harmed: list[bool] = []

    def tick(totals: Totals) -> None:
        if totals.done >= after and not harmed:
            harmed.append(True)
            harm()

    run_sweep("linear-problems", CLAIMS, N, on=f"dask:{cluster.address}", chunk=20, resume=path, tick=tick)
    assert harmed
    return sorted(path.read_bytes().splitlines())


def test_a_cluster_finds_the_same(cluster: Cluster, serial: list[bytes], tmp_path: Path) -> None:
    assert during(cluster, tmp_path / "out.jsonl", lambda: None, 0) == serial


def test_a_worker_that_is_killed_changes_nothing(cluster: Cluster, serial: list[bytes], tmp_path: Path) -> None:
    assert during(cluster, tmp_path / "out.jsonl", cluster.workers[0].kill, 100) == serial


def test_a_scheduler_that_is_restarted_changes_nothing(cluster: Cluster, serial: list[bytes], tmp_path: Path) -> None:
    def restart() -> None:
        for process in (cluster.scheduler, *cluster.workers):
            process.kill()
            process.wait()
        time.sleep(1)
        cluster.start("scheduler", "--host", cluster.address, "--no-dashboard")
        cluster.worker()

    assert during(cluster, tmp_path / "out.jsonl", restart, 100) == serial


def test_a_scheduler_that_is_gone_is_one_line_and_the_file_goes_on(
    cluster: Cluster, serial: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "PATIENCE", 3)
    path = tmp_path / "out.jsonl"
    with pytest.raises(EngineError, match=rf"dask:{cluster.address} does not answer within 3 s"):
        during(cluster, path, cluster.end, 100)
    assert len(path.read_bytes().splitlines()) > 100
    run_sweep("linear-problems", CLAIMS, N, on="serial", resume=path)
    assert sorted(path.read_bytes().splitlines()) == serial


def test_a_worker_with_other_code_is_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "source_digest", lambda: "0123")
    with pytest.raises(OtherVersion, match="install the same"):
        run_sweep("linear-problems", CLAIMS, 20, on=f"dask:{cluster.address}")


@pytest.mark.parametrize(
    ("address", "said", "waits"),
    [
        ("moon://x:1", "is no address (ValueError: unknown address scheme 'moon'", 0),
        ("tcp://x", "does not answer within 10 s (ValueError: missing port number", 0),
        ("tcp://127.0.0.1:9", "does not answer within 10 s (OSError: Timed out trying to connect", 11),
        ("SILENT", "does not answer within 10 s (TimeoutError", 11),
        ("WORKER", "does not answer within 10 s (ValueError: a Worker is there, and no Scheduler", 0),
    ],
)
def test_a_process_that_finds_no_scheduler_says_so_in_one_line_and_ends(
    address: str, said: str, waits: float, cluster: Cluster, tmp_path: Path
) -> None:
    with socket.socket() as silent:  # takes connections, and says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        if address == "SILENT":
            address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        if address == "WORKER":
            with distributed.Client(cluster.address, set_as_default=False) as client:
                client.wait_for_workers(2)
                address = next(iter(client.nthreads()))
        line = ("sweep", "linear-problems", "-n", "5", "--claims", "coverage-range", "--resume", str(tmp_path / "o"))
        start = time.monotonic()
        assert ended(*line, "--on", "serial").returncode == 0
        alone = time.monotonic() - start
        done = ended(*line, "--on", f"dask:{address}")
    assert time.monotonic() - start - alone < waits + 2 * alone + 5  # a busy machine takes longer for either
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"spanner: dask:{address} {said}")
    assert done.stderr.count("\n") == 1


def ended(*line: str, folder: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Return what becomes of a command in a process of its own."""
    program = "import sys; from proofs_check.cli import main; sys.exit(main())"
    environment = {**os.environ, "PYTHONPATH": ROOT}
    return subprocess.run(
        [sys.executable, "-c", program, *line],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=environment,
        timeout=120,
    )


def test_verify_and_search_find_the_same(cluster: Cluster) -> None:
    verify = ("verify", "coverage-range", "gibbs-optimum", "--quick", "--json", "--on")
    search = ("search", "needle-hit", "--steps", "60", "--json", "--on")
    for line in (verify, search):
        here, there = (ended(*line, engine) for engine in ("serial", f"dask:{cluster.address}"))
        assert here.returncode == there.returncode == 0, there.stderr
        assert but_for_seconds(here.stdout) == but_for_seconds(there.stdout)


def test_an_implementation_is_asked_by_the_workers(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def softmax(pi, r, beta): return pi\ndef kl(p, q): return 0.5\n", "utf-8")
    grade = ("grade", "python:mine", "--json", "-", "--on")
    here, there = (ended(*grade, engine, folder=tmp_path) for engine in ("serial", f"dask:{cluster.address}"))
    assert here.returncode == there.returncode == 1, there.stderr
    assert here.stdout == there.stdout
    missing = ended("grade", "command:no_such_program", "--on", f"dask:{cluster.address}")
    assert missing.returncode == 3
    assert missing.stderr.splitlines()[-1].endswith("no_such_program: No such file or directory")


def but_for_seconds(text: str) -> str:
    return re.sub(r'"seconds": *[0-9.e-]+', "", text)


@pytest.mark.parametrize("signalled", [signal.SIGKILL, signal.SIGSTOP])
def test_a_scheduler_that_is_lost_in_the_middle_is_one_line(
    signalled: signal.Signals, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(clusters, "PATIENCE", 3)
    timers: list[Timer] = []

    def submit(executor: ClusterExecutor, *task: Any) -> Future[Any]:  # noqa: ANN401 - of an executor
        if not timers:
            timers.append(Timer(1, cluster.scheduler.send_signal, (signalled,)))
            timers[0].start()
        return submitted(executor, *task)

    submitted = ClusterExecutor.submit
    monkeypatch.setattr(ClusterExecutor, "submit", submit)
    start = time.monotonic()
    assert main(["search", "gap-oscillation", "--budget", "60", "--on", f"dask:{cluster.address}"]) == 2
    assert time.monotonic() - start < 40
    begun, said = capfd.readouterr().err.splitlines()
    assert begun.startswith("searching gap-oscillation")
    assert said.startswith(f"spanner: dask:{cluster.address} has lost what was running (")


def test_a_scheduler_without_workers(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    for worker in cluster.workers:
        worker.kill()
        worker.wait()
    time.sleep(3)
    monkeypatch.setattr(clusters, "ANSWER", 2)
    with pytest.raises(EngineError, match="has no worker within 2 s"), engine_named(f"dask:{cluster.address}"):
        pass
