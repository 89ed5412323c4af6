"""The C limit of the benchmarks: it compiles where there is a compiler, and finds the numbers of the enumerations."""

import sys
from pathlib import Path

import pytest
from flint import fmpq

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

import bench_barycentric
import bench_exhaustive
import c_limit

from reference.algorithms.barycentric import barycentric_spanner
from reference.exact import exp_sum
from reference.exact.law import Law


@pytest.fixture
def library() -> c_limit.Library:
    found = c_limit.library()
    if isinstance(found, str):
        pytest.skip(found)
    return found


@pytest.mark.parametrize(
    ("draws", "weights"), [(0, [1, 2]), (1, [3, 1, 2]), (10, [2**40, 2**30]), (4, [5, 4, 3, 2, 1, 1])]
)
def test_a_tree_in_c(library: c_limit.Library, draws: int, weights: list[int]) -> None:
    """By powers of a polynomial; some masses are far beyond a machine word."""
    expected = [1]
    for _ in range(draws):
        longer = [0] * (len(expected) + len(weights) - 1)
        for i, one in enumerate(expected):
            for y, weight in enumerate(weights):
                longer[i + y] += one * weight
        expected = longer
    assert c_limit.tree(library, draws, weights) == [fmpq(n, sum(weights) ** draws) for n in expected]


def test_the_chain_in_c(library: c_limit.Library) -> None:
    total = bench_exhaustive.TOTAL**bench_exhaustive.DRAWS
    expected = {x: fmpq(n, total) for x, n in bench_exhaustive.chain_by_hand().items()}
    assert bench_exhaustive.chain_in_c(library) == Law.of(expected)


@pytest.mark.parametrize(("draws", "enough"), [(1, 30), (4, 30), (5, 7)])
def test_the_unmerged_chain_in_c(library: c_limit.Library, draws: int, enough: int) -> None:
    asked = draws, bench_exhaustive.WEIGHTS, bench_exhaustive.END, enough
    assert c_limit.chain(library, *asked, merged=False) == c_limit.chain(library, *asked)


@pytest.mark.parametrize("looped", [False, True])
@pytest.mark.parametrize("count", [8, 9, 200])
def test_a_spanner_in_c(library: c_limit.Library, count: int, *, looped: bool) -> None:
    table, vectors = bench_barycentric._instance(count)
    assert c_limit.spanner(table, 2, looped=looped)(library) == barycentric_spanner(vectors, 2).indices


def test_an_enclosure_in_c(library: c_limit.Library) -> None:
    terms = [(fmpq(1, 3), fmpq(5, 2)), (fmpq(-7, 2), fmpq(-1, 4)), (fmpq(2), fmpq(0))]
    ball = c_limit.enclosed_sum(terms, 200)(library)
    assert ball.overlaps(exp_sum(terms).enclosure(200))
    assert ball.rad() < 1e-20


def test_a_fold_in_c(library: c_limit.Library) -> None:
    """``(2 t^0 + 3 t^(1/2)) (5 t^0 - 7 t^(2/3)) (1 + t^(1/6))``, on the lattice of sixths."""
    sums = [(2, [(2, 0), (3, 1)]), (3, [(5, 0), (-7, 2)]), (6, [(1, 0), (1, 1)])]
    assert c_limit.folded(sums)(library) == (6, [10, 10, 0, 15, 1, -14, 0, -21, -21])
    assert c_limit.folded(sums, told=False)(library) == (6, [])


@pytest.mark.parametrize(
    ("without", "line"), [("compiler", "no C compiler"), ("flint", "no FLINT in a wheel of python-flint")]
)
def test_what_is_not_there_is_one_line(
    without: str, line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if without == "compiler":
        monkeypatch.setenv("PATH", str(tmp_path))
    else:
        monkeypatch.setattr("shutil.which", lambda name: name)
        monkeypatch.setattr("flint.__file__", str(tmp_path / "flint" / "__init__.py"))
    monkeypatch.setattr(c_limit, "library", c_limit.library.__wrapped__)
    assert c_limit.library() == line
    monkeypatch.setattr(c_limit, "fastest", lambda _: [1.0])
    row = bench_exhaustive.chain_limit().data()
    assert (row["against"], row["verdict"]) == (f"C on the same FLINT ({line})", "peer not installed")


def test_c_that_does_not_compile_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if isinstance(c_limit.library(), str):
        pytest.skip("no compiler, or nothing to link with")
    wrong = tmp_path / "limit.c"
    wrong.write_text("int tree(", "utf-8")
    monkeypatch.setattr(c_limit, "SOURCE", wrong)
    line = c_limit.library.__wrapped__()
    assert isinstance(line, str)
    assert line.startswith("it does not compile: ")
    assert "\n" not in line
