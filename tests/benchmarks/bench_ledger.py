"""``spanner verify`` as a user runs it, the claims of the day on which its seconds were asked for, and each unit."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from frame import Row, check, cpu, main

from proofs_check.claims import registry
from proofs_check.ledger import Verdict, run_claims

ROOT = Path(__file__).parents[2]

KEPT = (Path(__file__).with_name("claims_at_bb77f14.txt")).read_text("utf-8").split()
"""The claims of the ledger at commit bb77f14, when seconds were asked for, that there still are; some decide more."""

FINE = {Verdict.HOLDS, Verdict.PAPER_ONLY}

CPU, WALL, UNIT = 60.0, 30.0, 3.0
"""Seconds asked for: of the processor and, on two workers, by the clock, for those claims; of one unit of any claim."""


def rows() -> list[Row]:
    """Those claims, then the whole ledger: CPU seconds in one process, seconds by the clock on two; the longest unit.

    A unit is what a worker is given: one check of a claim, or a piece of it.  Of the seconds that were asked for, those
    of the faster of two runs.
    """
    here = min(_command(KEPT, 1)[0] for _ in range(2))
    there = min(_command(KEPT, 2)[1] for _ in range(2))
    units = sorted(_units())
    longest, name = units[-1]
    work = f"the {len(KEPT)} claims of bb77f14"
    return [
        Row(f"{work}: CPU, one process", f"{CPU:g} seconds", here, CPU, limit=1),
        Row(f"{work}: by the clock, two workers", f"{WALL:g} seconds", there, WALL, limit=1),
        Row(f"longest of {len(units)} units: {name}", f"{UNIT:g} seconds", longest, UNIT, limit=1),
        Row("the whole ledger: CPU, one process", "-", sum(seconds for seconds, _ in units), None),
        Row("the whole ledger: by the clock, two workers", "-", _command([], 2)[1], None),
    ]


def _command(claims: Sequence[str], jobs: int) -> tuple[float, float]:
    """Return the seconds of the processor, and by the clock, of ``spanner verify``, its start among them."""
    code = "from proofs_check.cli import main; main()"
    command = [sys.executable, "-c", code, "verify", *claims, "--json", "--jobs", str(jobs)]
    start, clock = cpu(), time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, cwd=ROOT)  # 1 if a named claim is not checked
    seconds = cpu() - start, time.perf_counter() - clock
    verdicts = {claim["verdict"] for claim in json.loads(done.stdout)["claims"]}
    check(agree=verdicts <= FINE, work=f"spanner verify: {', '.join(verdicts)}")
    return seconds


def _units() -> Iterator[tuple[float, str]]:
    """Yield the CPU seconds and the name of each unit of the whole ledger, which runs here."""
    before = cpu()
    for name, part, report in run_claims(registry, [claim.id for claim in registry()]):
        now = cpu()
        check(agree=report is None or report.verdict in FINE, work=name)
        yield now - before, f"{name}, {part}" if part else name
        before = cpu()


if __name__ == "__main__":
    main(rows)
