"""``spanner solve`` as a user runs it: 10 prompts of up to 10^4 rational-reward responses, time and peak memory."""

import json
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from frame import Row, cpu, main

PROMPTS = 10
DIMENSION = 8
LIMIT = 10.0
"""Seconds that the largest file may take."""


def rows() -> list[Row]:
    """Solve files of growing size; only the largest has a limit, ten seconds."""
    with tempfile.TemporaryDirectory() as folder:
        return [_row(Path(folder), count) for count in (1_000, 3_000, 10_000)]


def _row(folder: Path, count: int) -> Row:
    path = folder / f"{count}.json"
    path.write_text(json.dumps(_instance(count)))
    start = cpu()
    command = [sys.executable, "-c", "from proofs_check.cli import main; main()", "solve", str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = cpu() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # of the largest child so far: sizes grow
    largest = count == 10_000
    work = f"spanner solve, 10 x {count:,}, peak {peak / 1024:.0f} MiB"
    return Row(work, f"{LIMIT:g} seconds", seconds, LIMIT, limit=1 if largest else None)


def _instance(count: int) -> dict[str, object]:
    source = random.Random(count)
    prompts = []
    for x in range(PROMPTS):
        weights = [source.randint(1, 1000) for _ in range(count)]
        total = sum(weights)
        responses = [
            {"name": f"y{y}", "pi_ref": f"{w}/{total}", "phi": _features(source)} for y, w in enumerate(weights)
        ]
        prompts.append({"name": f"x{x}", "rho": f"1/{PROMPTS}", "responses": responses})
    return {
        "format": "spanner-reference/problem",
        "version": 1,
        "name": "large",
        "title": "benchmark",
        "shows": "speed",
        "source": "generated",
        "beta": "1/2",
        "theta": ["1/2", "-1/3", "1/4", "1", "1/2", "1/5", "0", "1/7"],
        "bounds": {"B": "2", "R_max": "4"},
        "prompts": prompts,
    }


def _features(source: random.Random) -> list[str]:
    return [f"{source.randint(-30, 30)}/100" for _ in range(DIMENSION)]


if __name__ == "__main__":
    main(rows)
