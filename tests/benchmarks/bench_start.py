"""Start-up, copies, and the exact objective beside numpy's floats."""

import copy
import importlib
import math
import pickle
import random
import subprocess
import sys
from collections.abc import Callable

from frame import Row, check, compare, cpu, fastest, main

import reference as ref
from reference.exact import Real
from reference.exact.law import Mass

SIZES = {10: 60, 1_000: 200}
"""Responses, and how many times as long as numpy the exact objective may take."""


REPEATED = 1_000
"""Times that numpy computes between two looks at the clock, which does not see microseconds everywhere."""


def rows() -> list[Row]:
    """Processes that only start; copies of an instance; coverage and gap of the base policy."""
    problem = _problem(1_000)
    return [
        _start("import reference", "import flint"),
        _start("from proofs_check.cli import main; main()", "import reference", "--version"),
        Row(
            "pickled and read, 1,000 responses",
            "copy.deepcopy",
            *compare(lambda: pickle.loads(pickle.dumps(problem)), lambda: copy.deepcopy(problem)),  # noqa: S301  # our own
        ),
        *(_beside_numpy(size, limit) for size, limit in SIZES.items()),
    ]


def _start(ours: str, theirs: str, *arguments: str) -> Row:
    def side(code: str, *arguments: str) -> Callable[[], object]:
        command = [sys.executable, "-c", code, *arguments]
        return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    name = "`spanner --version`" if arguments else ours
    return Row(f"start-up: {name}", theirs, *compare(side(ours, *arguments), side(theirs)))


def _problem(size: int) -> ref.LinearProblem:
    source = random.Random(size)
    weights = [source.randint(1, 100) for _ in range(size)]
    total = sum(weights)
    responses = [ref.Response.of(f"y{y}", f"{w}/{total}", [f"{y % 7}/7"]) for y, w in enumerate(weights)]
    return ref.LinearProblem.of("row", [ref.Prompt.of("x", responses)], theta=["1"], beta=1, B=1, R_max=4)


def _beside_numpy(size: int, limit: float) -> Row:
    work, problem = f"coverage and gap of the base policy, {size:,} responses", _problem(size)

    given = pickle.dumps(problem)

    def ours(fresh: ref.LinearProblem) -> tuple[Mass, Real]:
        loss = ref.gap(fresh, ref.base_policy(fresh))
        loss.enclosure(53)
        return ref.coverage(fresh), loss

    def exactly() -> float:
        """Seconds for one, of several that were made before: nothing is remembered."""
        several = [pickle.loads(given) for _ in range(max(4, REPEATED // size))]  # noqa: S301  # our own
        start = cpu()
        for each in several:
            ours(each)
        return (cpu() - start) / len(several)

    try:
        np = importlib.import_module("numpy")
    except ImportError:
        return Row(work, "numpy, floats", exactly(), None, limit=limit)
    base = np.array([ref.to_float(problem.pi_ref(0).mass(y)) for y in range(size)])
    rewards = np.array([(y % 7) / 7 for y in range(size)])

    def theirs() -> tuple[float, float]:
        Z = (base * np.exp(rewards)).sum()
        best = base * np.exp(rewards) / Z
        return float((best / base).max()), float(np.log(Z) - (base * rewards).sum())

    agree = all(math.isclose(ref.to_float(x), y, rel_tol=1e-9) for x, y in zip(ours(problem), theirs(), strict=True))
    check(agree=agree, work=work)
    (quickly,) = fastest(lambda: [theirs() for _ in range(REPEATED)], seconds=1)
    return Row(work, "numpy, floats", min(exactly() for _ in range(5)), quickly / REPEATED, limit=limit)


if __name__ == "__main__":
    main(rows)
