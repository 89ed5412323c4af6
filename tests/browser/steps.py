"""How long a step of a slider takes in the page: ``python -m tests.browser.steps`` after ``make play``.

Each view is asked, in a worker of the page, for its sliders' largest settings: steps of which none was asked
before.  What is printed is the median and the longest in milliseconds, by the worker's clock; more than 50 is marked.
The gap under the token tree is no step: it is computed when the slider rests.
"""

import json
import sys
from collections.abc import Sequence
from importlib import import_module
from statistics import median
from typing import Any

from tests.browser.conftest import CHROMIUM, SITE, served
from tests.browser.playing import opened

LIMIT = 50
"""Milliseconds."""

FORMULA = "x1 & x2 | !x1 & x3 | !x2 & !x3 | x1 & !x3"

LEVELS = [(samples, rewards) for samples in (9, 17, 24) for rewards in (2, 4, 6, 8)]

STEPS: dict[str, list[Sequence[Any]]] = {
    "coverage, beta": [("coverage", "needle-1024", f"{n}/7", 0) for n in range(1, 13)],
    "rejection, N": [("rejection", "two-arms-mixed", "3", n) for n in range(5, 17)],
    "rejection, M": [("rejection", "two-arms", f"{n}/5", 16) for n in range(6, 18)],
    "spanner, seed": [("spanner", seed, "1/4", "3/4", 8) for seed in range(11, 23)],
    "two readings, N": [("readings", name, "rejection", 4) for name in ("two-arms", "fair-coin", "rank-deficient")],
    "games, one needle": [("game", "one", 12, "8", "3/4", *level, []) for level in LEVELS],
    "games, two needles": [("game", "two", 8, "8", "3/4", *level, []) for level in LEVELS],
    "games, graded": [("game", "graded", 8, "8", "3/4", *level, []) for level in LEVELS],
    "reduction, seed": [("reduce", FORMULA, "xpo", 12, "1000", seed) for seed in range(3, 15)],
    "reduction, exhaustive": [("reduce", FORMULA, "xpo-exhaustive", 12, "1000", seed) for seed in range(3, 15)],
    "sweeps, seed": [("sweeps", 7, 4, seed) for seed in range(5, 17)],
    "sweeps without looks": [("sweeps-in-roll-ins", 7, 4, seed) for seed in range(5, 17)],
    "token tree, scale": [("soft-tree", "needle-path-8", f"{n}/7", 4, 0) for n in range(1, 13)],
}

ASK = """async (calls) => {
  const worker = new Worker("worker.js", { type: "module" });
  const each = (id, [call, ...args]) => new Promise((told) => {
    worker.onmessage = ({ data }) => {
      if (data.id === id && data.found) told([data.ms ?? 0, data.found.error ?? ""]);
    };
    worker.postMessage({ id, call, args });
  });
  const found = [];
  for (const [id, call] of calls.entries()) found.push(await each(id, call));
  worker.terminate();
  return found;
}"""


def main() -> None:
    """Print a line for each slider."""
    playwright: Any = import_module("playwright.sync_api")  # installed by make browser, absent elsewhere
    server = served(SITE / "site")
    address = next(server)
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        with opened(browser) as page:
            page.goto(f"{address}/play/index.html")
            for name, steps in STEPS.items():
                sys.stdout.write(f"{name:24} {_told(page, steps)}\n")
                sys.stdout.flush()
        browser.close()


def _told(page: Any, steps: list[Sequence[Any]]) -> str:
    catalog = json.loads((SITE / "site" / "play" / "values.json").read_text("utf-8"))["catalog"]
    calls = [[catalog.get(each, each) if isinstance(each, str) else each for each in step] for step in steps]
    found = page.evaluate(ASK, calls)[1:]  # the first imports what it needs: no step
    errors = {error for _, error in found if error}
    took = sorted(ms for ms, error in found if not error)
    if errors or not took:
        return f"not answered: {'; '.join(sorted(errors))}"
    return f"median {median(took):6.0f}  longest {took[-1]:6.0f}{'  over 50' * (took[-1] > LIMIT)}"


if __name__ == "__main__":
    main()
