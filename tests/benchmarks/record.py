"""Run the benchmarks, one after the other, and keep what was measured: ``make bench``.

``python tests/benchmarks/record.py`` runs all, the longest last, ``record.py games solve`` these; each part of the
record says when, where and with which code it was measured.  ``docs/reference/performance`` is made from it.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flint
from frame import fastest, line

HERE = Path(__file__).parent
RECORD = HERE.parents[1] / "docs" / "performance" / "record.json"
LAST = "ledger", "tests"
"""Parts that take minutes each: the ledger and the tests, more than once."""

SCRIPTS = {
    path.stem.removeprefix("bench_"): path
    for path in sorted(HERE.glob("bench_*.py"), key=lambda path: (path.stem.removeprefix("bench_") in LAST, path))
}


def main() -> int:
    """Measure the parts that are asked for; 1 if one of them cannot be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(SCRIPTS)}; all of them")
    parts = parser.parse_args().parts or list(SCRIPTS)
    if unknown := set(parts) - set(SCRIPTS):
        parser.error(f"no part {min(unknown)!r}: {', '.join(SCRIPTS)}")
    failed = 0
    for name in parts:
        print(f"== {name}", flush=True)
        about = {"measured": about_here()}  # the load is that before
        done = subprocess.run(
            [sys.executable, str(SCRIPTS[name]), "--json"], stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            print(f"{SCRIPTS[name].name} ended with code {done.returncode}: what is in the record stays")
            failed = 1
            continue
        rows = json.loads(done.stdout)
        print("\n".join(map(line, rows)), flush=True)
        keep(name, about | {"rows": rows})
    return failed


def keep(name: str, part: dict[str, Any]) -> None:
    """Put one part into the record, in place of the one before."""
    record = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    record = {key: value for key, value in record.items() if key in SCRIPTS} | {name: part}
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps(dict(sorted(record.items())), indent=1, ensure_ascii=False) + "\n", "utf-8")


def about_here() -> dict[str, str]:
    """Return when and where: date, commit, versions, machine, its load and its pace."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
        "python": platform.python_version(),
        "flint": f"{flint.__FLINT_VERSION__} (python-flint {flint.__version__})",
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()}",
        "load": f"{os.getloadavg()[0]:.1f}",
        "pace": f"{pace():.2f}",
    }


def pace() -> float:
    """Return the CPU seconds in which a loop adds ten million numbers: by them seconds of different hours compare."""
    rounds = 10

    def loop() -> None:
        total = 0
        for number in range(10**7 // rounds):
            total += number

    return rounds * fastest(loop, seconds=1)[0]


def _commit() -> str:
    """The commit, and whether the packages are as it has them."""
    root = RECORD.parents[2]
    head = ["git", "-C", str(root), "rev-parse", "--short", "HEAD"]
    changes = ["git", "-C", str(root), "status", "--porcelain", "--", "reference", "proofs_check"]
    found, changed = (
        subprocess.run(said, capture_output=True, text=True, check=False).stdout for said in (head, changes)
    )
    return f"{found.strip()}{', changed' * bool(changed.strip())}" if found else "no checkout"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((each.split(":")[1].strip() for each in lines if each.startswith("model name")), platform.machine())


if __name__ == "__main__":
    sys.exit(main())
