"""Sweeps: the same lines whatever happens on the way, each instance once."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import active_children, get_context
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Any, TypeVar

import pytest
from flint import fmpq

from proofs_check.ledger import OtherVersion, compare, fact
from proofs_check.sweep import crew, deciding, sweeping
from proofs_check.sweep.crew import common_crew
from proofs_check.sweep.deciding import StrategyRaised, Stretch
from proofs_check.sweep.engine_names import EngineError
from proofs_check.sweep.engines import AtOnce, engine_named, engine_of
from proofs_check.sweep.lines import INSTANCES, SweptClaim, SweptInstance, sweep_line
from proofs_check.sweep.strategies import strategy_named
from proofs_check.sweep.sweep_file import SweepFileError
from proofs_check.sweep.sweeping import MOST_FAILURES, Pace, run_sweep
from proofs_check.sweep.totals import Totals
from reference.exact import Undecided
from tests.proofs_check.sweep.strange import HIT
from tests.proofs_check.sweep.test_sweep_file import full_after

T = TypeVar("T")

STRANGE = "tests.proofs_check.sweep.strange"
CLAIMS = ["coverage-range", "barycentric-spanner"]
N = 40


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


@pytest.fixture(scope="module")
def serial(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Return the lines of the serial run."""
    path = tmp_path_factory.mktemp("serial") / "out.jsonl"
    run_sweep("linear-problems", CLAIMS, N, on="serial", resume=path)
    return path.read_bytes().splitlines(keepends=True)


def swept(path: Path, **options: Any) -> tuple[Totals, list[bytes]]:  # noqa: ANN401 - of run_sweep
    totals = run_sweep("linear-problems", CLAIMS, N, resume=path, **options)
    return totals, path.read_bytes().splitlines(keepends=True)


def read(lines: Sequence[bytes]) -> list[SweptInstance]:
    return [INSTANCES.decode(line) for line in lines]


class Failing(Executor):
    """Does what it is given at once, but fails as it is told to."""

    def __init__(self, errors: Sequence[Exception | None], *, always: Exception | None = None) -> None:
        self.errors, self.always = iter(errors), always

    def submit(self, fn: Callable[..., T], /, *args: object, **kwargs: object) -> Future[T]:
        error = next(self.errors, self.always)
        if error is None:
            return AtOnce().submit(fn, *args, **kwargs)
        if isinstance(error, BrokenExecutor):
            raise error
        future: Future[T] = Future()
        future.set_exception(error)
        return future


# ---------------------------------------------------------------------------------------- the same lines


def test_the_serial_run_is_in_order_and_complete(serial: list[bytes]) -> None:
    assert [found.index for found in read(serial[1:])] == list(range(N))
    assert all(list(found.claims) == CLAIMS for found in read(serial[1:]))


@pytest.mark.parametrize("chunk", [1, 7, None])
def test_stretches_change_nothing(serial: list[bytes], pool: Executor, tmp_path: Path, chunk: int | None) -> None:
    totals, lines = swept(tmp_path / "out.jsonl", on=pool, chunk=chunk)
    assert sorted(lines) == sorted(serial)
    assert (totals.done, totals.fine) == (N, True)


def test_any_range_can_be_run_anywhere_and_put_together(pool: Executor, tmp_path: Path) -> None:
    run = partial(run_sweep, "linear-problems", CLAIMS, on=pool)
    run(25, first=20, resume=tmp_path / "high")
    run(23, resume=tmp_path / "low")
    together = tmp_path / "together"
    together.write_bytes((tmp_path / "high").read_bytes() + (tmp_path / "low").read_bytes())
    totals, _ = swept(together, on=Failing([], always=AssertionError("nothing is missing")))
    assert (totals.done, totals.seconds) == (N, 0)  # 20 to 22 count once, 40 to 44 are not asked for
    assert {sum(each.counts.values()) for each in totals.claims.values()} == {N}


def test_what_is_there_is_not_done_again(serial: list[bytes], pool: Executor, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"".join([serial[0], *serial[4:9], *serial[20:30], serial[35][:30]]))
    totals, lines = swept(path, on=pool)
    assert sorted(lines) == sorted(serial)
    assert totals.done == N


def test_what_was_left_open_is_tried_again_with_more_time(serial: list[bytes], pool: Executor, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    late = {3: "time limit of 0.5 s", 5: "its process died 3 times, at last with status -9", 8: "no limit helps"}
    lines = [
        sweep_line(SweptInstance(i, {**found.claims, CLAIMS[1]: SweptClaim("undecided", reason=late[i])}))
        if (i := found.index) in late
        else line
        for line, found in zip(serial[1:], read(serial[1:]), strict=True)
    ]
    path.write_bytes(b"".join([serial[0], *lines]))
    totals, _ = swept(path, on=pool, limit=0.5)
    assert totals.claims[CLAIMS[1]].undecided == {3: late[3], 8: late[8]}
    for limit in (10, 0.5):  # what is decided stays so
        totals, _ = swept(path, on=pool, limit=limit)
        assert (totals.done, totals.claims[CLAIMS[1]].undecided) == (N, {8: late[8]})
    assert path.read_bytes() == b"".join([serial[0], *lines, serial[6], serial[4]])  # nothing is taken back


# ------------------------------------------------------------------------------------------------- faults


def test_workers_that_are_killed_at_random_are_replaced(serial: list[bytes]) -> None:
    members = common_crew()
    dice = random.Random(7)  # noqa: S311 - when to kill
    killed: list[object] = []
    ended: list[bool] = []

    def kill() -> None:
        while not ended and len(killed) < 2:
            time.sleep(dice.uniform(0.2, 1))
            for member in tuple(members.all):
                if member.process.poll() is None:
                    member.process.send_signal(signal.SIGKILL)
                    killed.append(member)

    killer = Thread(target=kill)
    with ThreadPoolExecutor(1) as threads:
        engine = engine_of(threads)
        killer.start()
        totals = Totals(CLAIMS, 0, N)
        stretch = Stretch("linear-problems", "", 1, tuple(CLAIMS), 0, N, 10.0)
        found = [line for each in sweeping.swept_on(engine, stretch, totals, 10, lambda _: None) for line in each.lines]
        ended.append(True)
    killer.join()
    assert killed
    assert sorted(found) == sorted(serial[1:])


@pytest.mark.parametrize(("kind", "limit"), [("hanging", 0.2), pytest.param("sleeping", 0.05, marks=pytest.mark.slow)])
def test_a_claim_that_hangs_is_ended_and_undecided(kind: str, limit: float, pool: Executor) -> None:
    totals = run_sweep(f"{STRANGE}:{kind}", CLAIMS, 3, first=HIT - 1, on=pool, limit=limit)
    hung = totals.claims["barycentric-spanner"]
    assert (hung.counts["holds"], hung.undecided) == (2, {HIT: f"time limit of {limit} s"})
    assert totals.claims["coverage-range"].counts["holds"] == 3
    assert not totals.fine


@pytest.mark.slow
def test_a_claim_that_kills_its_process_again_and_again_is_undecided(
    pool: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "MOST_DEATHS", 2)
    totals = run_sweep(f"{STRANGE}:killing", CLAIMS, 2, first=HIT, on=pool)
    reason = "its process died 2 times, at last with status -9"
    assert totals.claims["barycentric-spanner"].undecided == {HIT: reason}
    assert totals.claims["coverage-range"].counts["holds"] == 2


def test_processes_that_never_get_ready_are_no_endless_loop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "python").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "python").chmod(0o700)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    with pytest.raises(EngineError, match="processes end before they are ready, with status 3"):
        run_sweep("linear-problems", CLAIMS, 2, on="local:1")


@pytest.mark.parametrize("chunk", [3, 40])
def test_a_strategy_that_raises_is_one_line_and_nothing_is_lost(chunk: int, pool: Executor, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with pytest.raises(StrategyRaised) as raised:
        run_sweep(f"{STRANGE}:raising", CLAIMS, 200, on=pool, chunk=chunk, resume=path)
    where = f"strategy {STRANGE}:raising at instance {HIT} of seed 1"
    assert str(raised.value) == f"{where}: ValueError: one in\neight"
    kept = sorted(found.index for found in read(path.read_bytes().splitlines(keepends=True)[1:]))
    assert kept[:HIT] == list(range(HIT))
    assert max(kept) < HIT + 4 * chunk  # nothing is begun after it


def test_what_a_strategy_prints_is_not_taken_for_lines(pool: Executor) -> None:
    assert run_sweep(f"{STRANGE}:printing", CLAIMS, 3, on=pool).done == 3
    with pytest.raises(StrategyRaised, match="it made a NoneType, and not a problem"):
        run_sweep(f"{STRANGE}:nothing", CLAIMS, 3, on=pool)


def test_an_engine_that_fails_now_and_then_is_asked_again(serial: list[bytes], tmp_path: Path) -> None:
    errors = [None, ConnectionError("gone"), None, None, BrokenExecutor("dead"), RuntimeError("killed"), None]
    _, lines = swept(tmp_path / "out.jsonl", on=Failing(errors), chunk=10)
    assert sorted(lines) == sorted(serial)


def test_an_engine_that_fails_for_good_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    always = BrokenExecutor("a worker was\nkilled")
    with pytest.raises(EngineError, match=rf"failed {MOST_FAILURES} times at .*: BrokenExecutor: a worker was killed"):
        swept(path, on=Failing([None, None], always=always), chunk=4)
    assert len(path.read_bytes().splitlines()) == 1 + 8


def test_an_engine_that_is_lost_gives_back_what_it_had(serial: list[bytes]) -> None:
    class Silent(Executor):
        def submit(self, fn: Callable[..., T], /, *args: object, **kwargs: object) -> Future[T]:  # noqa: ARG002 - never
            return Future()

    engine, renewed = engine_of(Silent(), 1), []
    engine.is_lost = lambda: True  # type: ignore[method-assign]  # for one second

    def renew() -> None:
        renewed.append(True)
        engine.executor = AtOnce()
        engine.is_lost = lambda: False  # type: ignore[method-assign]  # the same

    engine.renew = renew  # type: ignore[method-assign]  # the same
    stretch = Stretch("linear-problems", "", 1, tuple(CLAIMS), 0, N, 10.0)
    found = list(sweeping.swept_on(engine, stretch, Totals(CLAIMS, 0, N), 15, lambda _: None))
    assert sorted(line for each in found for line in each.lines) == sorted(serial[1:])
    assert renewed == [True]


def test_waiting_takes_the_lock_of_no_future() -> None:
    """A signal that raises in the thread that has it would leave it locked, and the worker that ends it stuck."""
    ticked, in_time = Event(), []

    class Locked(Executor):
        def submit(self, fn: Callable[..., T], /, *args: object, **kwargs: object) -> Future[T]:
            future: Future[T] = Future()

            def end() -> None:
                with future._condition:  # as whoever is in the midst of it
                    in_time.append(ticked.wait(3))
                future.set_result(fn(*args, **kwargs))

            Timer(0.1, end).start()
            return future

    stretch = Stretch("linear-problems", "", 1, tuple(CLAIMS), 0, 1, 10.0)
    (found,) = sweeping.swept_on(engine_of(Locked(), 1), stretch, Totals(CLAIMS, 0, 1), 1, lambda _: ticked.set())
    assert len(found.lines) == 1
    assert in_time == [True]


def test_a_worker_with_other_code_is_refused(pool: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proofs_check.sweep.engines.source_digest", lambda: "0123")
    with pytest.raises(OtherVersion, match=r"another version .* here 0123"):
        swept(tmp_path / "out.jsonl", on=pool)


def test_a_process_that_loads_changed_sources_is_refused(pool: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proofs_check.sweep.crew.source_digest", lambda: "0123")
    with pytest.raises(OtherVersion, match=r"another version .* here 0123"):
        run_sweep("linear-problems", CLAIMS, 3, on=pool)


def test_a_worker_with_another_strategy_is_refused(pool: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = strategy_named(f"{STRANGE}:printing")
    monkeypatch.setattr(sweeping, "strategy_named", lambda _: mine._replace(digest="0123"))
    with pytest.raises(OtherVersion, match=r"another file of the strategy .*:printing"):
        run_sweep(mine.name, CLAIMS, 3, on=pool)


def test_a_disk_that_fills_up_leaves_a_file_to_go_on_with(serial: list[bytes], pool: Executor, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with full_after(3000), pytest.raises(SweepFileError, match="File too large"):
        swept(path, on=pool, chunk=5)
    assert path.stat().st_size <= 3000
    _, lines = swept(path, on=pool)
    assert sorted(lines) == sorted(serial)


@pytest.mark.parametrize("name", ["", "moon", "local:", "local:0", "local:x", "serial:2", "dask", "dask:"])
def test_engines_that_are_not_there(name: str) -> None:
    with (
        pytest.raises(EngineError, match=r"no engine .*; there are serial, local, local:JOBS or dask:ADDRESS"),
        engine_named(name),
    ):
        pass


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["processes", "loky"])
def test_executors_of_others(kind: str, serial: list[bytes], tmp_path: Path) -> None:
    """Each of their processes has one of its own; one that is killed breaks a pool of the standard library for good."""
    if kind == "loky":
        executor = pytest.importorskip("loky").ProcessPoolExecutor(2)
    else:
        executor = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    path = tmp_path / "out.jsonl"
    with executor:
        run_sweep("linear-problems", CLAIMS, 20, on=executor, chunk=5, resume=path)
        executor.submit(os.getpid).result()
        for worker in active_children():
            os.kill(worker.pid or 0, signal.SIGKILL)
        if kind == "processes":
            with pytest.raises(EngineError, match="BrokenProcessPool"):
                swept(path, on=executor)
    _, lines = swept(path, on="local:2")
    assert sorted(lines) == sorted(serial)


# ---------------------------------------------------------------------------------------------- the parts


def test_stretches_grow_and_shrink_with_what_instances_cost() -> None:
    pace, sizes = Pace(None), []
    for each in (0.001, 0.001, 0.001, 0.001, 1.0, 1.0, 0.25):
        sizes.append(pace.size)
        pace.learn(pace.size, pace.size * each)
    assert sizes == [8, 32, 128, 512, 750, 1, 1]
    fixed = Pace(7)
    fixed.learn(7, 0.001)
    assert fixed.size == 7


def outcome(*cases: object, error: Exception | None = None) -> tuple[str, int, str, str]:
    def run() -> Iterator[Any]:
        yield from cases
        if error is not None:
            raise error

    found = deciding._tallied(run())
    return found.verdict, found.cases, found.margin, found.reason


def test_each_claim_has_the_whole_time(monkeypatch: pytest.MonkeyPatch) -> None:
    timers: list[float] = []
    monkeypatch.setattr(deciding, "_set_timers", timers.append)
    stretch = Stretch("linear-problems", "", 1, tuple(CLAIMS), 0, 2, 10.0)
    assert len(list(deciding.decided(stretch))) == 4
    assert timers == [10.0] * 6 + [0]  # of each instance, too, as it is made


def test_what_is_found_of_a_claim() -> None:
    narrow, wide = compare("x", fmpq(9, 10), "<=", 1), compare("x", 4, ">", 1)
    assert outcome() == ("not reached", 0, "", "")
    assert outcome(fact("x", True, "s")) == ("holds", 1, "", "")
    assert outcome(narrow, wide) == ("holds", 2, "0.1", "")
    assert outcome(wide, compare("x", 0, "<=", 0)) == ("holds", 2, "0.75", "")
    assert outcome(compare("x", 1, "<=", 1), wide) == ("holds", 2, "0", "")
    assert outcome(compare("x", 3, "<=", 2), error=Undecided("open")) == ("violated", 1, "-0.333", "open")
    assert outcome(narrow, error=Undecided("left\nopen")) == ("undecided", 1, "0.1", "left open")
    assert outcome(error=ZeroDivisionError("by 0")) == ("undecided", 0, "", "ZeroDivisionError: by 0")


def test_totals_count_once_and_find_the_first_narrowest() -> None:
    totals = Totals(["a"], 10, 5)
    for index, margin in ((12, "0.5"), (13, "1e-7"), (11, "1e-7"), (12, "0"), (15, "0"), (9, "0")):
        totals.add(SweptInstance(index, {"a": SweptClaim("holds", 2, margin)}))
    assert (totals.done, totals.claims["a"].cases) == (3, 6)
    assert (totals.claims["a"].margin, totals.claims["a"].at) == ("1e-7", 11)
    assert [totals.missing(10, 9), totals.missing(11, 9), totals.missing(15, 9)] == [
        range(10, 11),
        range(14, 15),
        range(0),
    ]
