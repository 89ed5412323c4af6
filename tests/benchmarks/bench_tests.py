"""The pytest part of ``make test``: the tests of the day on which its seconds were asked for, and all of them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import only_named
from frame import Row, check, cpu, main

HERE = Path(__file__).parent

NAMES = HERE / "tests_at_bb77f14.txt"
"""The functions of tests at commit bb77f14: ``git grep -h -o -E "def (test_\\w+)" bb77f14 -- tests``."""

CPU = 250.0
"""Seconds of the processor asked for, of all processes together."""


def rows() -> list[Row]:
    """CPU seconds on two workers: of the tests that have those names today, wherever they are, and of all."""
    found = [_run(NAMES), _run(None)]
    return [
        Row(f"pytest, {found[0][0]:,} tests named as at bb77f14: CPU", f"{CPU:g} seconds", found[0][1], CPU, limit=1),
        Row(f"pytest, all {found[1][0]:,} tests: CPU", "-", found[1][1], None),
    ]


def _run(names: Path | None) -> tuple[int, float]:
    """Return how many tests passed, and the CPU seconds of the command and its workers."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]
    about = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    if names is not None:
        command += ["-p", only_named.__name__]
        about |= {only_named.VARIABLE: str(names), "PYTHONPATH": str(HERE)}
    start = cpu()
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True, cwd=HERE.parents[1], env=about)
    passed = re.findall(r"(\d+) passed", done.stdout)
    check(agree=done.returncode == 0 and bool(passed), work=f"pytest: {done.stdout[-2000:]}")
    return int(passed[-1]), cpu() - start


if __name__ == "__main__":
    main(rows)
