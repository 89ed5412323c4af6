"""The Gram matrix against the definition through the inverse."""

import pickle
from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.exact.linalg import Gram, Matrix, ShapeError, Vector

entries = st.fractions(min_value=-3, max_value=3, max_denominator=4)


def vectors(dimension: int) -> st.SearchStrategy[Vector]:
    return st.lists(entries, min_size=dimension, max_size=dimension).map(Vector.of)


def outer(v: Vector) -> Matrix:
    return Matrix.of([[a * b for b in v] for a in v])


def norm_squared(gram: Gram, phi: Vector) -> fmpq:
    """``||phi||^2_{Sigma^-1}`` by inversion, checked against the comparison that is offered."""
    norm = gram.matrix().inverse_quadratic_form(phi)
    assert not gram.exceeds(phi, norm)
    assert gram.exceeds(phi, norm - fmpq(1, 10**12))
    return norm


def test_by_hand() -> None:
    sigma = Gram.ridge(2, "1/2")
    e1, e2 = Vector.of([1, 0]), Vector.of([0, "1/3"])
    assert sigma.dimension == 2
    assert sigma.determinant() == fmpq(1, 4)
    assert norm_squared(sigma, e1) == 2
    assert norm_squared(sigma, e2) == fmpq(2, 9)
    assert not sigma.exceeds(e1, 2)
    assert sigma.exceeds(e1, "1.9")
    more = sigma.with_vector(e1)
    assert more.matrix() == Matrix.of([["3/2", 0], [0, "1/2"]])
    assert norm_squared(more, e1) == fmpq(2, 3)
    assert sigma.matrix() == Matrix.identity(2, "1/2")
    assert more.with_vector(e2).determinant() == fmpq(3, 2) * fmpq(11, 18)
    assert norm_squared(sigma, Vector.of([0, 0])) == 0


def test_key_ignores_order_and_denominators_met_on_the_way() -> None:
    a, b = Vector.of(["1/2", 1]), Vector.of([0, "1/3"])
    start = Gram.ridge(2, 1)
    assert start.with_vectors([a, b]) == start.with_vectors([b, a])
    assert hash(start.with_vectors([a, b])) == hash(start.with_vectors([b, a]))
    # (1/2)^2 four times over is 1: the denominator 4 must cancel in the key.
    half = Vector.of(["1/2", 0])
    assert start.with_vectors([half] * 4) == start.with_vector(Vector.of([1, 0]))
    assert start != start.with_vector(a)
    assert Gram.ridge(1, 1) != Gram.ridge(2, 1)
    assert start != "a Gram matrix"


@given(st.integers(1, 4).flatmap(lambda d: st.tuples(vectors(d), st.lists(vectors(d), max_size=5))), entries)
def test_like_the_definition(case: tuple[Vector, list[Vector]], threshold: Fraction) -> None:
    phi, added = case
    gram = Gram.ridge(len(phi), "2/3")
    sigma = Matrix.identity(len(phi), "2/3")
    for v in added:
        gram.exceeds(phi, 1)  # fills the memo with another vector than the one added
        gram, sigma = gram.with_vector(v), sigma + outer(v)
    assert gram.matrix() == sigma
    assert gram.determinant() == sigma.determinant()
    norm = sigma.inverse_quadratic_form(phi)
    assert norm_squared(gram, phi) == norm
    for bound in (norm, norm - fmpq(1, 100), norm + fmpq(1, 100), fmpq(threshold.numerator, threshold.denominator)):
        assert gram.exceeds(phi, bound) == (norm > bound)
    again = pickle.loads(pickle.dumps(gram))  # noqa: S301  # our own bytes
    assert again == gram
    assert norm_squared(again, phi) == norm


def test_bad_input() -> None:
    for scale in (0, -1):
        with pytest.raises(ValueError, match="positive"):
            Gram.ridge(2, scale)
    with pytest.raises(ShapeError, match="length 3"):
        Gram.ridge(2, 1).exceeds(Vector.of([1, 2, 3]), 1)
