"""``spanner solve`` as a user runs it: 10 prompts of up to 10^5 rational-reward responses, time and peak memory."""

import json
import random
import resource
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from frame import Row, cpu, fastest, main

PROMPTS = 10
DIMENSION = 8
LIMITS = {1_000: None, 3_000: 2.5, 10_000: 5.0, 100_000: 90.0}
"""Seconds that a file with so many responses to each prompt may take."""

CLOCK, MANY = 30, 10_000
"""Seconds by the clock for the runs of a size; a size above the second has one run."""

JSON_LIMIT = 1.4
"""How many times as long ``--json`` may take, for 10^4 responses each."""


def rows() -> list[Row]:
    """Solve files of growing size, and one of them with and without ``--json``."""
    with tempfile.TemporaryDirectory() as folder:
        found = []
        solve = partial(solve_file, Path(folder))
        longer = alone = 0.0
        for count in LIMITS:
            least = solve(count)
            peak = _peak()
            if count == MANY:  # the rounds with and without --json take turns
                longer, alone = fastest(partial(solve, MANY, "--json"), partial(solve, MANY), seconds=3 * CLOCK)
                least = min(least, alone)
            elif count < MANY:
                least = min(least, *fastest(partial(solve, count), seconds=CLOCK))
            found.append(_row("spanner solve", count, peak, least))
        found.append(Row(f"spanner solve --json, 10 x {MANY:,}", "without --json", longer, alone, JSON_LIMIT))
        least = solve(max(LIMITS), "--json")
        found.append(_row("spanner solve --json", max(LIMITS), _peak(), least))
    return found


def _row(command: str, count: int, peak: float, seconds: float) -> Row:
    limit = LIMITS[count]
    asked = "-" if limit is None else f"{limit:g} seconds"
    work = f"{command}, 10 x {count:,}, peak {peak:.0f} MiB"
    return Row(work, asked, seconds, limit, limit=None if limit is None else 1)


def _peak() -> float:
    """Return the MiB of the largest child so far: sizes grow."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def solve_file(folder: Path, count: int, *options: str) -> float:
    """Return the CPU seconds of the command on a file with ``count`` responses to each prompt."""
    path = folder / f"{count}.json"
    if not path.exists():
        path.write_text(json.dumps(instance(count)))
    start = cpu()
    command = [sys.executable, "-c", "from proofs_check.cli import main; main()", "solve", str(path), *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return cpu() - start


def instance(count: int) -> dict[str, object]:
    """Return the document of an instance with ``count`` random responses to each prompt."""
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
