"""What the benchmarks compare with computes what it says; and of the tests those run whose names are in a file."""

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from flint import fmpq

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

import bench_exhaustive
import bench_ledger
import bench_peers
import bench_tests

from proofs_check.claims import registry

BENCHMARKS = Path(__file__).parent / "benchmarks"


@pytest.mark.parametrize("draws", [1, 2, 5])
def test_the_law_of_the_sampler_by_the_formula(draws: int) -> None:
    assert bench_peers.by_formula(Fraction, draws) == list(bench_peers._masses(draws).values())


@pytest.mark.parametrize("draws", [1, 2, 5])
def test_the_law_of_the_sampler_by_icepool(draws: int) -> None:
    icepool = pytest.importorskip("icepool")
    assert bench_peers.by_icepool(icepool, draws) == bench_peers._masses(draws)


def test_the_merged_chain_on_any_fraction() -> None:
    masses = bench_exhaustive.chain_of(Fraction)
    assert masses == bench_exhaustive.chain_of(lambda a, b: Fraction(int(fmpq(a, b).p), int(fmpq(a, b).q)))
    total = bench_exhaustive.TOTAL**bench_exhaustive.DRAWS
    assert masses == {x: Fraction(n, total) for x, n in bench_exhaustive.chain_by_hand().items()}


def test_the_claims_of_the_day_are_claims() -> None:
    assert len(set(bench_ledger.KEPT)) == 40
    assert set(bench_ledger.KEPT) <= {claim.id for claim in registry()}


def test_the_tests_of_the_day_are_names_and_most_are_there() -> None:
    names = bench_tests.NAMES.read_text("utf-8").split()
    assert names == sorted(set(names))
    here = "\n".join(path.read_text("utf-8") for path in BENCHMARKS.parent.rglob("test_*.py"))
    assert sum(f"def {name}(" in here for name in names) > 0.9 * len(names)


def test_only_named_tests_run(tmp_path: Path) -> None:
    (tmp_path / "test_few.py").write_text(
        "import pytest\n@pytest.mark.parametrize('n', [1, 2])\ndef test_one(n): pass\ndef test_other(): assert False\n"
    )
    (tmp_path / "names.txt").write_text("test_one\ntest_gone\n")
    about = os.environ | {"ONLY_NAMED": str(tmp_path / "names.txt"), "PYTHONPATH": str(BENCHMARKS)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "only_named", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=about, cwd=tmp_path)
    assert "2 passed, 1 deselected" in done.stdout
