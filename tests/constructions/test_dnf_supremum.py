"""The supremum over real theta: by hand, against vertices and grids, in orthants, and undecided when it runs out."""

import math
from itertools import product

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.constructions.dnf import branch_and_bound
from reference.constructions.dnf.best_vertex import best_assignment, vertex_maximum
from reference.constructions.dnf.branch_and_bound import TOLERANCE, largest_chance, orthant, supremum
from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.exact import Undecided, log
from reference.testing import dnf_instances, rationals


def instance(formula: Formula, A: int, L: int) -> DnfInstance:
    return DnfInstance.of(formula, A, L, 1, (1,) * formula.variables)


def test_all_terms_satisfied() -> None:
    found = instance(Formula(3, ((1, 2), (1, 3))), 8, 2)
    result = supremum(found)
    assert result.lower <= found.hit <= result.upper
    assert result.upper - result.lower <= TOLERANCE
    assert list(result.point) == [1, 1, 1]
    assert result.attained


def test_halfway_beats_every_vertex() -> None:
    # x1 & x2 | !x1 & x2 at t = (0, 1): both terms have b = 4/4.6; a vertex has a and L A^-2 = 2/5
    found = instance(Formula(2, ((1, 2), (-1, 2))), 10, 40)
    result = supremum(found)
    assert result.lower <= found.miss <= result.upper
    assert found.miss == fmpq(20, 23)
    assert vertex_maximum(found).value == (found.hit + fmpq(2, 5)) / 2 < result.lower


def test_a_closed_orthant_has_its_own_supremum() -> None:
    found = instance(Formula(2, ((1, 2),)), 8, 2)
    result = supremum(found, orthant((-1, 1)))
    assert result.lower <= found.miss <= result.upper  # at t = (0, 1)
    assert list(result.point) == [0, 1]
    assert result.attained
    assert [list(edge) for edge in orthant((-1, 1))] == [[-1, 0], [0, 1]]


@settings(max_examples=25)
@given(dnf_instances(max_variables=3, max_terms=3), st.data())
def test_encloses_vertices_grid_and_bound(found: DnfInstance, data: st.DataObject) -> None:
    result = supremum(found, tolerance=fmpq(1, 1 << 12))
    assert result.lower <= found.chance(result.point)
    assert vertex_maximum(found).value <= result.upper <= found.bound(best_assignment(found.formula).value) + TOLERANCE
    points = data.draw(st.permutations(list(product((-2, -1, 0, 1, 2), repeat=found.formula.variables))))[:8]
    for point in points:
        assert found.chance([fmpq(n, 2) for n in point]) <= result.upper


@settings(max_examples=10)
@given(dnf_instances(max_variables=2, max_terms=3))
def test_close_to_the_best_of_a_fine_grid(found: DnfInstance) -> None:
    A, odds = float(int(found.A.p) / int(found.A.q)), float(int(found.p.q) / int(found.p.p)) - 1

    def chance(t: tuple[float, ...]) -> float:
        sums = (sum(t[abs(n) - 1] * (1 if n > 0 else -1) for n in term) for term in found.formula.terms)
        return sum(1 / (1 + odds * A**-s) for s in sums) / len(found.formula.terms)

    step = 1 / 64
    best = max(chance(t) for t in product([step * n for n in range(-64, 65)], repeat=found.formula.variables))
    slope = math.log(A) / 4 * found.formula.k  # in the sup norm of t
    result = supremum(found)
    assert best - 1e-9 <= float(int(result.upper.p) / int(result.upper.q)) <= best + slope * step / 2 + 2e-6


@given(dnf_instances(max_variables=3, max_terms=3), st.data())
def test_the_gradient_is_enclosed_on_boxes(found: DnfInstance, data: st.DataObject) -> None:
    def ordered() -> list[fmpq]:
        return [fmpq(n, 4) for n in sorted(data.draw(st.lists(st.integers(-4, 4), min_size=3, max_size=3)))]

    triples = [ordered() for _ in range(found.formula.variables)]  # low, a point between, high
    box = branch_and_bound._Box.of(tuple((low, high) for low, _, high in triples))
    slopes = branch_and_bound._gradient(branch_and_bound._Search(found), box)
    with ctx.workprec(128):
        log_a, odds = log(found.A).enclosure(128), arb((1 - found.p) / found.p)
        for v, (least, greatest) in enumerate(slopes):
            slope = arb(0)
            for term in found.formula.terms:
                for literal in term:
                    if abs(literal) == v + 1:
                        s = sum((triples[abs(n) - 1][1] * (1 if n > 0 else -1) for n in term), fmpq(0))
                        y = 1 / (1 + odds * (-log_a * arb(s)).exp())
                        slope += log_a * y * (1 - y) * (1 if literal > 0 else -1)
            assert not slope < arb(fmpq(least, 1 << 96))
            assert not slope > arb(fmpq(greatest, 1 << 96))


@given(dnf_instances(max_variables=3, max_terms=3), rationals(-4, 4, 5))
def test_a_curve_encloses_the_chance_and_its_slope(found: DnfInstance, s: fmpq) -> None:
    curve = branch_and_bound._Curve(found.A, found.p, int(s.q))
    with ctx.workprec(256):
        odds, log_a = arb((1 - found.p) / found.p), log(found.A).enclosure(256)
        y = 1 / (1 + odds * (-log_a * arb(s)).exp())
        low, high, flat, steep = (arb(fmpq(bound, 1 << 96)) for bound in curve[int(s.p)])
        assert not y < low
        assert not y > high
        assert not log_a * y * (1 - y) < flat
        assert not log_a * y * (1 - y) > steep
        assert not log_a / 4 > arb(fmpq(curve.steepest, 1 << 96))
        assert high - low < arb(fmpq(1, 1 << 80))


def test_a_curve_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branch_and_bound, "_REMEMBERED", 2)
    curve = branch_and_bound._Curve(fmpq(8), fmpq(1, 32), 1)
    assert [curve[n] for n in (0, 1, 2, 0)] == [
        branch_and_bound._Curve(fmpq(8), fmpq(1, 32), 1)[n] for n in (0, 1, 2, 0)
    ]
    assert len(curve) <= 2


def test_the_better_of_two_points_is_found_exactly() -> None:
    # two candidates that the units of 2^-60 do not tell apart
    search = branch_and_bound._Search(instance(Formula(1, ((1,),)), 8, 2))
    search.best = 5
    search._points = [(5, 6, (fmpq(1, 2),)), (5, 6, (fmpq(1),)), (4, 5, (fmpq(0),))]
    assert search.attaining() == (fmpq(1),)
    search.best = 6
    assert search.attaining() is None


def test_the_supremum_as_a_number() -> None:
    satisfiable = instance(Formula(2, ((1, 2),)), 8, 2)
    assert largest_chance(satisfiable).exact == satisfiable.hit
    found = instance(Formula(2, ((1, 2), (-1, 2))), 10, 40)
    assert largest_chance(found).exact is None  # attained at t = (0, 1), which no gradient shows
    assert largest_chance(found) < found.miss + fmpq(1, 1 << 40)
    assert largest_chance(found) > found.miss - fmpq(1, 1 << 40)
    assert largest_chance(found, orthant((1, -1))) < found.miss


def test_running_out_of_boxes_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branch_and_bound, "MAX_BOXES", 3)
    with pytest.raises(Undecided, match=r"after 3 boxes: [0-9/]+ <= sup <= [0-9/]+$"):
        supremum(instance(Formula(3, ((1, 2), (-2, 3), (-3, -1))), 10, 40))
