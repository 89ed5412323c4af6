"""The supremum over real theta: by hand, against vertices and grids, in orthants, and undecided when it runs out."""

from itertools import product

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.constructions import dnf_supremum
from reference.constructions.dnf import DnfInstance, Formula
from reference.constructions.dnf_supremum import TOLERANCE, orthant, supremum
from reference.constructions.dnf_vertices import best_assignment, vertex_maximum
from reference.exact import Undecided
from reference.testing import dnf_instances


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


def test_running_out_of_boxes_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dnf_supremum, "MAX_BOXES", 3)
    with pytest.raises(Undecided, match=r"after 3 boxes: [0-9/]+ <= sup <= [0-9/]+$"):
        supremum(instance(Formula(3, ((1, 2), (-2, 3), (-3, -1))), 10, 40))
