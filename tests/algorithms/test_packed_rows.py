"""Packed rows: the largest entry of a product is FLINT's, whatever the lengths of numbers; ties go to the first."""

import pytest
from flint import fmpz_mat
from hypothesis import example, given
from hypothesis import strategies as st

from reference.algorithms.parts.packed_rows import PackedRows

ENDS = sorted({sign * 2**k + d for k in (7, 15, 31, 63) for sign in (1, -1) for d in (-1, 0)} - {2**63})


@st.composite
def products(draw: st.DrawFn) -> tuple[list[list[int]], list[list[int]]]:
    """Rows, and columns to multiply them with, of numbers about as long as each other."""
    width = draw(st.integers(1, 4))
    bits = draw(st.sampled_from([1, 3, 7, 15, 31, 63]))
    number = st.integers(-(2**bits), 2**bits - 1) | st.sampled_from([n for n in ENDS if abs(n) <= 2**bits] or [0])
    longest = draw(st.sampled_from([1, 6, 40, 56, 57, 64, 120, 300]))
    factor = st.integers(-(2**longest), 2**longest)
    rows = draw(st.lists(st.lists(number, min_size=width, max_size=width), min_size=1, max_size=12))
    columns = draw(st.lists(st.lists(factor, min_size=width, max_size=width), min_size=1, max_size=4))
    return rows, [list(row) for row in zip(*columns, strict=True)]


@given(products())
@example(([[0]], [[0]]))
@example(([[-128]], [[1]]))
@example(([[-(2**63)], [2**63 - 1]], [[-1, 1]]))
@example(([[1], [-1], [1]] * 10, [[2**55]]))
@example(([[k] for k in range(-100, 100)], [[2**56]]))
def test_the_largest_entry_is_that_of_flint(factors: tuple[list[list[int]], list[list[int]]]) -> None:
    rows, other = factors
    entries = [int(n) for n in (fmpz_mat(rows) * fmpz_mat(other)).entries()]
    size = max(map(abs, entries))
    first = next(place for place, entry in enumerate(entries) if abs(entry) == size)
    assert (PackedRows(rows) * fmpz_mat(other)).entries().largest() == (first, size)


@pytest.mark.parametrize("last", [1, 2**61])
def test_one_table_is_multiplied_again_and_again(last: int) -> None:
    """Entries of another length are packed anew; many that look alike at first are told apart."""
    rows = [[k, 1] for k in range(100)]
    table = PackedRows(rows)
    for factor in (1, 2**70, last, 2**200, 1):
        found = (table * fmpz_mat([[-1], [factor]])).entries().largest()
        sizes = [abs(factor - k) for k in range(100)]
        assert found == (sizes.index(max(sizes)), max(sizes))


def test_numbers_of_rows_are_there_and_long_ones_are_refused() -> None:
    table = PackedRows([[1, -2], [3, 2**40]])
    assert (table.ncols(), [table[k, j] for k in range(2) for j in range(2)]) == (2, [1, -2, 3, 2**40])
    with pytest.raises(OverflowError, match="more than 64 bits"):
        PackedRows([[2**63, 1]])
