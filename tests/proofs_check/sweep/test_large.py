"""A hundred thousand instances on two workers, one killed now and then: ``pytest -m sweep``, five minutes."""

import os
import resource
import signal
from pathlib import Path
from time import process_time

import pytest

from proofs_check.claims import registry
from proofs_check.sweep.choosing import Choices
from proofs_check.sweep.deciding import swept_claim
from proofs_check.sweep.lines import INSTANCES
from proofs_check.sweep.strategies import STRATEGIES, instance
from proofs_check.sweep.sweeping import run_sweep
from proofs_check.sweep.totals import Totals

CLAIMS = ["policy-is-reward", "coverage-range", "barycentric-spanner"]


def computing() -> float:
    """Return the seconds that this process and those it has waited for have computed."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


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
    here(100)
    loop, start = here(20_000), computing()
    totals = run_sweep("linear-problems", CLAIMS, 20_000, on="local:2")
    spent = computing() - start
    print(f"loop {loop:.2f} s, sweep {spent:.2f} s of computing: {loop / spent:.3f}")  # noqa: T201 - the measurement
    assert totals.done == 20_000
    assert loop / spent >= 0.9


@pytest.mark.sweep
def test_a_hundred_thousand(tmp_path: Path) -> None:
    path, killed = tmp_path / "out.jsonl", list[int]()

    def tick(totals: Totals) -> None:
        if totals.done // 20_000 > len(killed):
            for child in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
                killed.extend(int(pid) for pid in child.read_text().split()[:1])
            os.kill(killed[-1], signal.SIGKILL)

    totals = run_sweep("linear-problems", CLAIMS, 100_000, on="local:2", resume=path, tick=tick)
    assert killed
    assert totals.fine
    assert {sum(each.counts.values()) for each in totals.claims.values()} == {100_000}
    with path.open("rb") as file:
        next(file)
        assert sorted(INSTANCES.decode(line).index for line in file) == list(range(100_000))
