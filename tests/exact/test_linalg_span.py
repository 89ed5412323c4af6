"""Spans against ranks of matrices."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.exact.linalg import Matrix, ShapeError, Span, Vector

entries = st.fractions(min_value=-3, max_value=3, max_denominator=3)


def spans(dimension: int, vectors: list[Vector]) -> Span:
    span = Span.empty(dimension)
    for v in vectors:
        span = span.with_vector(v)
    return span


@st.composite
def dependent(draw: st.DrawFn) -> tuple[int, list[Vector], Vector, Vector]:
    """Dimension, vectors of a subspace, a combination of them, and any vector."""
    d = draw(st.integers(1, 5))
    any_vector = st.lists(entries, min_size=d, max_size=d).map(Vector.of)
    vectors = draw(st.lists(any_vector, max_size=4))
    inside = Vector((0,) * d)
    for v in vectors:
        inside = inside + v.scaled(draw(entries))
    return d, vectors, inside, draw(any_vector)


def test_by_hand() -> None:
    line = Span.empty(3).with_vector(Vector.of([2, 4, 0]))
    assert line.dimension == 1
    assert line.contains(Vector.of(["-1/3", "-2/3", 0]))
    assert not line.contains(Vector.of([1, 2, "1/1000"]))
    assert line.with_vector(Vector.of([1, 2, 0])) is line
    assert line.coefficients(Vector.of([1, 2, 0])) == Vector.of(["1/2"])
    plane = line.with_vector(Vector.of([0, 1, 1]))
    assert plane.coefficients(Vector.of([2, 5, 1])) == Vector.of([1, 1])
    assert plane.coefficients(Vector.of([0, 0, 1])) is None
    assert plane.basis == (Vector.of([2, 4, 0]), Vector.of([0, 1, 1]))
    assert Span.empty(2).contains(Vector.of([0, 0]))
    assert Span.empty(2).coefficients(Vector.of([0, 0])) == Vector(())
    assert not Span.empty(2).contains(Vector.of([0, 1]))


def test_equality_is_that_of_the_subspace() -> None:
    a, b = Vector.of([1, "1/2", 0]), Vector.of([0, -1, 3])
    assert spans(3, [a, b]) == spans(3, [b.scaled("-2/7"), a + b])
    assert hash(spans(3, [a, b])) == hash(spans(3, [b.scaled("-2/7"), a + b]))
    assert spans(3, [a]) != spans(3, [b])
    assert Span.empty(2) != Span.empty(3)
    assert Span.empty(2) != ()


@given(dependent())
def test_like_ranks(case: tuple[int, list[Vector], Vector, Vector]) -> None:
    d, vectors, inside, other = case
    span = spans(d, vectors)
    rank = Matrix.of(vectors, d).rank()
    assert span.dimension == rank
    assert span.contains(inside)
    assert span.contains(other) == (Matrix.of([*vectors, other], d).rank() == rank)
    for v in (inside, other):
        c = span.coefficients(v)
        assert (c is not None) == span.contains(v)
        if c is not None:
            combination = Vector((0,) * d)
            for factor, b in zip(c, span.basis, strict=True):
                combination = combination + b.scaled(factor)
            assert combination == v
    assert spans(d, vectors[::-1]) == span
    assert pickle.loads(pickle.dumps(span)) == span  # noqa: S301  # our own bytes


def test_bad_input() -> None:
    with pytest.raises(ShapeError):
        Span.empty(2).contains(Vector.of([1]))
