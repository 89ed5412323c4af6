"""A hundred thousand instances on two workers, one killed now and then: ``pytest -m sweep``, ten minutes."""

import os
import resource
import signal
from pathlib import Path
from time import monotonic, process_time

import pytest

from proofs_check.claims import registry
from proofs_check.sweep.choosing import Choices
from proofs_check.sweep.deciding import swept_claim
from proofs_check.sweep.strategies import STRATEGIES, instance
from proofs_check.sweep.sweeping import run_sweep
from proofs_check.sweep.totals import Totals

CLAIMS = ["policy-is-reward", "coverage-range", "barycentric-spanner"]
N = 20_000
"""Instances for which the efficiency is measured."""


def computing() -> float:
    """Return the seconds that this process and those it has waited for have computed."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def children() -> list[int]:
    """Return the processes that this one has started and not waited for."""
    found = (path.read_text() for path in Path("/proc/self/task").glob("*/children"))
    return [int(word) for text in found for word in text.split()]


def busy() -> float:
    """Return the seconds for which the children have run or have waited for a processor, so were not idle.

    What else runs on the machine makes them wait longer, and changes nothing else.
    """
    ran_and_waited = (Path(f"/proc/{pid}/schedstat").read_text().split()[:2] for pid in children())
    return sum(int(nanoseconds) for each in ran_and_waited for nanoseconds in each) / 1e9


def here(count: int) -> float:
    """Return the seconds that it takes to decide the claims on so many instances in a loop, and nothing else."""
    claims, start = [registry()[name] for name in CLAIMS], process_time()
    for index in range(count):
        problem = instance(STRATEGIES["linear-problems"], Choices(1, index))
        for claim in claims:
            swept_claim(problem, claim)
    return process_time() - start


@pytest.mark.sweep
def test_efficiency_on_two_workers() -> None:
    """As little is computed besides as may be, and no worker is idle: together that is the efficiency on the wall."""
    used: list[float] = []

    def tick(totals: Totals) -> None:
        if totals.done == N:
            used.append(busy())

    here(100)
    loop, start, begun = here(N), computing(), monotonic()
    totals = run_sweep("linear-problems", CLAIMS, N, on="local:2", tick=tick)
    wall, spent = monotonic() - begun, computing() - start
    share = used[-1] / (2 * wall)
    print(  # noqa: T201 - the measurement
        f"loop {loop:.2f} s, sweep {spent:.2f} s of computing: {loop / spent:.3f}; "
        f"{wall:.2f} s on the wall: workers busy for {share:.3f} of it, loop/(2 wall) {loop / (2 * wall):.3f}"
    )
    assert totals.done == N
    assert loop / spent >= 0.9
    assert share >= 0.9


@pytest.mark.sweep
def test_a_hundred_thousand(tmp_path: Path) -> None:
    path, serial, killed = tmp_path / "out.jsonl", tmp_path / "serial.jsonl", list[int]()

    def tick(totals: Totals) -> None:
        if totals.done // 20_000 > len(killed):
            killed.append(children()[0])
            os.kill(killed[-1], signal.SIGKILL)

    totals = run_sweep("linear-problems", CLAIMS, 100_000, on="local:2", resume=path, tick=tick)
    assert killed
    assert totals.fine
    assert {sum(each.counts.values()) for each in totals.claims.values()} == {100_000}
    run_sweep("linear-problems", CLAIMS, 100_000, on="serial", resume=serial)
    assert sorted(path.read_bytes().splitlines()) == sorted(serial.read_bytes().splitlines())
