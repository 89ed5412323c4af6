from fractions import Fraction
from functools import partial
from importlib import import_module
from itertools import combinations, permutations
from math import prod

import pytest
from flint import fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from reference.algorithms import BarycentricSpanner, barycentric_spanner
from reference.certificates.spanner import check_spanning
from reference.exact import RationalLike
from reference.exact.linalg import Matrix, Vector
from tests.algorithms.peer import Vec, dot, echelon, outer_sum, solve

BOUNDS = st.sampled_from([fmpq(101, 100), fmpq(3, 2), fmpq(2), fmpq(5)])


@st.composite
def vector_lists(draw: st.DrawFn, largest: int = 7) -> list[Vector]:
    """Vectors with their own denominators; zeros, repetitions and dependent coordinates are common."""
    d = draw(st.integers(1, 3))
    entries = st.lists(st.fractions(-2, 2, max_denominator=draw(st.sampled_from([1, 2, 5]))), min_size=d, max_size=d)
    rows = draw(st.lists(entries, min_size=1, max_size=largest))
    if draw(st.booleans()):
        rows = [[*row, row[0] - 2 * row[-1]] for row in rows]
    return [Vector.of(row) for row in rows]


def certified(vectors: list[Vector], C: RationalLike) -> BarycentricSpanner:
    spanner = barycentric_spanner(vectors, C)
    chosen = [vectors[i] for i in spanner.indices]
    basis = Matrix.of(chosen, columns=len(vectors[0]))
    dual = ((basis @ basis.transpose()).inverse() @ basis).rows if chosen else ()
    largest = check_spanning(vectors, chosen, spanner.C, dual)
    assert largest == max((abs(c) for row in spanner.coefficients(vectors) for c in row), default=0)
    return spanner


def fractions(v: Vector) -> Vec:
    return tuple(Fraction(str(entry)) for entry in v)


def largest_coefficient(vectors: list[Vec], chosen: tuple[int, ...]) -> Fraction | None:
    """The largest |coefficient| over the chosen vectors by normal equations; None if they are dependent."""
    basis = [vectors[i] for i in chosen]
    if len(echelon(basis)) < len(basis):
        return None
    gram = [[dot(u, v) for v in basis] for u in basis]
    columns = solve(gram, [[dot(u, v) for v in vectors] for u in basis])
    return max((abs(c) for row in columns for c in row), default=Fraction(0))


@given(vector_lists(), BOUNDS)
def test_every_answer_has_a_valid_certificate(vectors: list[Vector], C: fmpq) -> None:
    spanner = certified(vectors, C)
    assert spanner.C == C
    assert len(spanner.indices) == len(echelon([fractions(v) for v in vectors]))
    assert barycentric_spanner(Matrix.of(vectors), C) == spanner


@given(vector_lists(largest=6), BOUNDS)
def test_brute_force_over_all_subsets_agrees(vectors: list[Vector], C: fmpq) -> None:
    plain = [fractions(v) for v in vectors]
    rank, bound = len(echelon(plain)), Fraction(str(C))
    sizes = {subset: largest_coefficient(plain, subset) for subset in combinations(range(len(plain)), rank)}
    good = {subset for subset, size in sizes.items() if size is not None and size <= bound}
    best = max(sizes, key=lambda s: abs(determinant([plain[i] for i in s])) if sizes[s] is not None else Fraction(-1))
    assert sizes[best] == 1 or rank == 0  # a subset of largest volume is a 1-approximate spanner
    assert tuple(sorted(barycentric_spanner(vectors, C).indices)) in good


def determinant(rows: list[Vec]) -> Fraction:
    """The squared volume of the rows."""
    table = [[dot(u, v) for v in rows] for u in rows]
    value = Fraction(1)
    for c in range(len(table)):
        p = next((i for i in range(c, len(table)) if table[i][c]), None)
        if p is None:
            return Fraction(0)
        if p != c:
            table[c], table[p], value = table[p], table[c], -value
        value *= table[c][c]
        for i in range(c + 1, len(table)):
            factor = table[i][c] / table[c][c]
            table[i] = [a - factor * b for a, b in zip(table[i], table[c], strict=True)]
    return value


def test_the_peer_measures_volumes() -> None:
    assert determinant([(Fraction(1), Fraction(1)), (Fraction(1), Fraction(-1))]) == 4
    assert outer_sum([[Fraction(2)]], 1, Fraction(1)) == [[5]]


@pytest.fixture(params=["packed", "common denominator", "denominators of their own"])
def either_scaling(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long common denominators are avoided; with a limit of 0 bits they all are.  Many columns are not packed."""
    module = import_module("reference.algorithms.parts.barycentric_cofactors")
    if request.param == "denominators of their own":
        monkeypatch.setattr(module, "_MAX_COMMON_BITS", 0)
    if request.param == "common denominator":
        monkeypatch.setattr(module, "_PACKED", 0)


@pytest.mark.usefixtures("either_scaling")
def test_a_fixed_sample_under_either_scaling() -> None:
    """Coordinates over 2, 3, 5, 7; the numerators alone would rank the vectors otherwise."""
    vectors = [Vector.of([fmpq(a, 2 + a % 4), fmpq(b, 1 + b % 7)]) for a in range(-5, 6) for b in range(-5, 6)]
    for C in ("1001/1000", 2):
        certified(vectors, C)


@pytest.mark.usefixtures("either_scaling")
@pytest.mark.parametrize(
    ("rows", "indices"),
    [
        ([[1], [-3], [2]], (1,)),
        ([["1/2"], ["2/3"], ["-3/5"]], (1,)),  # denominators of their own
        ([[0, 0], [0, 0]], ()),
        ([[0]], ()),
        ([[1, 1], [2, 2], [-2, -2]], (1,)),  # the first of equals
        ([[1, 1], [-2, -2], [2, 2]], (1,)),  # whatever their signs
        ([["1/2"], ["-2/3"], ["2/3"]], (1,)),
        ([[1, 0], [0, 1], [1, 0]], (0, 1)),
    ],
)
def test_small_examples_by_hand(rows: list[list[RationalLike]], indices: tuple[int, ...]) -> None:
    vectors = [Vector.of(row) for row in rows]
    assert certified(vectors, "11/10").indices == indices


@pytest.mark.usefixtures("either_scaling")
def test_swaps_repair_what_the_first_pass_left() -> None:
    """Line 2 takes (2,-1), then (-2,0), determinant -2; (2,-2) = 2 (2,-1) + 1 (-2,0) is in order for C = 2 only.

    For C = 3/2 line 4 puts (2,-2) in the place of (2,-1): determinant -4, and (2,-1) = 1/2 (2,-2) - 1/2 (-2,0).
    """
    vectors = [Vector.of(row) for row in ([2, -1], [-2, 0], [2, -2])]
    assert certified(vectors, 2).indices == (0, 1)
    spanner = certified(vectors, "3/2")
    assert spanner.indices == (2, 1)
    assert spanner.coefficients(vectors) == (Vector.of(["1/2", "-1/2"]), Vector.of([0, 1]), Vector.of([1, 0]))


@pytest.mark.usefixtures("either_scaling")
def test_swaps_go_on_until_none_is_left() -> None:
    """Two swaps, as the certificate asks for."""
    rows = ([1, 2, 0], [2, 2, -1], [0, -1, 1], [-1, -2, -2], [-2, -1, -1], [-2, -2, 2])
    certified([Vector.of(row) for row in rows], "11/10")


@pytest.mark.usefixtures("either_scaling")
def test_swaps_take_the_first_of_opposite_vectors() -> None:
    """As above, with (-2,2) before (2,-2): coefficients (-2,-1) and (2,1), of which line 4 takes the first."""
    vectors = [Vector.of(row) for row in ([2, -1], [-2, 0], [-2, 2], [2, -2])]
    assert certified(vectors, 2).indices == (0, 1)
    assert certified(vectors, "3/2").indices == (2, 1)


def by_the_listing(vectors: list[Vec], C: Fraction) -> tuple[int, ...]:
    """The listing word for word: a determinant for each candidate, and ``max``, which returns the first."""
    pivots = sorted(p for p, _ in echelon(vectors))
    rows = [[v[p] for p in pivots] for v in vectors]
    basis = [[Fraction(int(i == j)) for j in pivots] for i in pivots]
    chosen = [-1] * len(pivots)

    def size(k: int, i: int) -> Fraction:
        return abs(leibniz([*basis[:i], rows[k], *basis[i + 1 :]]))

    def put(k: int, i: int) -> None:
        chosen[i], basis[i] = k, rows[k]

    for i in range(len(pivots)):
        put(max(range(len(rows)), key=partial(size, i=i)), i)
    places = [(k, i) for k in range(len(rows)) for i in range(len(pivots))]
    while places:
        best = max(places, key=lambda place: size(*place))
        if size(*best) <= C * abs(leibniz(basis)):
            break
        put(*best)
    return tuple(chosen)


def leibniz(rows: list[list[Fraction]]) -> Fraction:
    total = Fraction(0)
    for order in permutations(range(len(rows))):
        turned = sum(order[i] > order[j] for j in range(len(order)) for i in range(j))
        total += prod((row[j] for row, j in zip(rows, order, strict=True)), start=Fraction((-1) ** turned))
    return total


@st.composite
def lists_with_ties(draw: st.DrawFn) -> list[Vector]:
    """Small integers, with many equal and opposite determinants."""
    d = draw(st.integers(1, 3))
    entries = st.lists(st.integers(-2, 2), min_size=d, max_size=d)
    return [Vector.of(row) for row in draw(st.lists(entries, min_size=2, max_size=8))]


@given(lists_with_ties(), BOUNDS)
@example([Vector.of([-1]), Vector.of([1])], fmpq(2))
def test_ties_go_to_the_first_whatever_the_scaling(vectors: list[Vector], C: fmpq) -> None:
    expected = by_the_listing([fractions(v) for v in vectors], Fraction(str(C)))
    assert barycentric_spanner(vectors, C).indices == expected
    # Over 6^200 the vectors keep their own denominators, which differ with their common factors.
    assert barycentric_spanner([v.scaled(fmpq(1, 6**200)) for v in vectors], C).indices == expected
    assert barycentric_spanner([v.scaled("7/10") for v in vectors], C).indices == expected


@given(vector_lists(largest=5), BOUNDS)
def test_the_choices_are_those_of_the_listing(vectors: list[Vector], C: fmpq) -> None:
    expected = by_the_listing([fractions(v) for v in vectors], Fraction(str(C)))
    assert barycentric_spanner(vectors, C).indices == expected


def test_scaling_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = [(a * a * 7 + 3 * a) % 11 - 5 for a in range(40)]
    samples = [
        [Vector.of([fmpq(rng[(i + j * j + s) % 40], 1 + (i * i + s) % 5) for j in range(3)]) for i in range(8)]
        for s in range(12)
    ]
    tight = [certified(vectors, "1001/1000").indices for vectors in samples]
    assert any(indices != certified(vectors, 100).indices for indices, vectors in zip(tight, samples, strict=True))
    monkeypatch.setattr(import_module("reference.algorithms.parts.barycentric_cofactors"), "_MAX_COMMON_BITS", 0)
    assert [certified(vectors, "1001/1000").indices for vectors in samples] == tight


def test_a_swap_brings_its_denominator_along(monkeypatch: pytest.MonkeyPatch) -> None:
    """Line 4 replaces a row over 2 by a row over 1; with the old denominator line 3 would go on for ever."""
    monkeypatch.setattr(import_module("reference.algorithms.parts.barycentric_cofactors"), "_MAX_COMMON_BITS", 0)
    rows: list[list[RationalLike]] = [[1, "1/2"], ["-3/5", "1/5"], [1, -2], [1, 3]]
    vectors = [Vector.of(row) for row in rows]
    assert certified(vectors, 100).indices == (0, 2)
    assert certified(vectors, "3/2").indices == (3, 2)


def test_a_direction_that_comes_last_is_not_left_out() -> None:
    """The first vectors, and more than are asked first, span a plane that two of the coordinates tell apart."""
    plane = [Vector.of([k, 1, k]) for k in range(40)]
    assert certified(plane, 2).indices == (39, 0)
    assert sorted(certified([*plane, Vector.of([0, 0, 1])], 2).indices) == [0, 39, 40]


def test_bounds_close_to_one() -> None:
    vectors = [Vector.of([a, b, a * b]) for a in range(-3, 4) for b in range(-2, 3)]
    certified(vectors, 1 + fmpq(1, 10**30))


def test_large_entries_stay_exact() -> None:
    vectors = [Vector.of([fmpq(1, 10**40 + k), fmpq(k, 7**30)]) for k in range(1, 6)]
    certified(vectors, 2)


@pytest.mark.parametrize("C", [1, "1/2", 0, -2])
def test_a_bound_of_at_most_one_is_refused(C: RationalLike) -> None:
    with pytest.raises(ValueError, match="1 vectors: needs C > 1"):
        barycentric_spanner([Vector.of([1])], C)


def test_no_vectors_or_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="0 vectors"):
        barycentric_spanner([], 2)
    with pytest.raises(ValueError, match="0 vectors"):
        barycentric_spanner(Matrix.of([], columns=3), 2)
    with pytest.raises(ValueError, match=r"lengths \[1, 2\]"):
        barycentric_spanner([Vector.of([1]), Vector.of([1, 0])], 2)


def test_more_dimensions_than_are_packed() -> None:
    """Unit vectors, and ``2 (e_5 + e_7 + e_39)``, which doubles row 5; then ``e_5`` is as good in row 7 as ``e_7``."""
    rows = [[int(i == j) for j in range(40)] for i in range(40)]
    rows.append([2 * int(j in (5, 7, 39)) for j in range(40)])
    vectors = [Vector.of(row) for row in rows]
    found = certified(vectors, 2)
    assert found.indices == tuple({5: 40, 7: 5, 39: 7}.get(i, i) for i in range(40))
