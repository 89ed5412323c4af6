"""Vectors and matrices against hand-worked examples and elimination on ``fractions.Fraction``."""

import pickle
from fractions import Fraction
from math import gcd

import pytest
from flint import fmpq, fmpz_mat
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import InexactInput, LogLinear, log, loglinear
from reference.exact.linalg import Matrix, ShapeError, SingularMatrix, Vector

Rows = list[list[Fraction]]

entries = st.fractions(min_value=-5, max_value=5, max_denominator=6)


def square_matrices(max_size: int = 4) -> st.SearchStrategy[Rows]:
    return st.integers(1, max_size).flatmap(
        lambda n: st.lists(st.lists(entries, min_size=n, max_size=n), min_size=n, max_size=n)
    )


@st.composite
def invertible(draw: st.DrawFn) -> Rows:
    """A product of a lower and an upper triangular matrix with non-zero diagonals."""
    n = draw(st.integers(1, 4))
    nonzero = entries.map(lambda q: q or Fraction(1))
    lower = [[draw(nonzero) if i == j else draw(entries) if j < i else Fraction(0) for j in range(n)] for i in range(n)]
    upper = [[draw(nonzero) if i == j else draw(entries) if j > i else Fraction(0) for j in range(n)] for i in range(n)]
    return product(lower, upper)


def product(a: Rows, b: Rows) -> Rows:
    return [
        [sum((x * y for x, y in zip(row, column, strict=True)), Fraction(0)) for column in zip(*b, strict=True)]
        for row in a
    ]


def determinant(rows: Rows) -> Fraction:
    """Laplace expansion along the first row."""
    if not rows:
        return Fraction(1)
    minors = ([row[:j] + row[j + 1 :] for row in rows[1:]] for j in range(len(rows)))
    return sum(((-1) ** j * rows[0][j] * determinant(minor) for j, minor in enumerate(minors)), Fraction(0))


def fractions(v: Vector) -> list[Fraction]:
    return [Fraction(n, v.denominator) for n in v.numerators]


def as_fraction(q: fmpq) -> Fraction:
    return Fraction(int(q.p), int(q.q))


def test_vector_is_reduced_and_reads_all_spellings() -> None:
    v = Vector.of(["1/2", 1, Fraction(-3, 4), fmpq(0)])
    assert (v.numerators, v.denominator) == ((2, 4, -3, 0), 4)
    assert Vector((2, 4), 2) == Vector((1, 2), 1) == Vector((-2, -4), -2)
    assert hash(Vector((2, 4), 6)) == hash(Vector((1, 2), 3))
    assert Vector((0, 0), 7) == Vector((0, 0))
    assert v[2] == fmpq(-3, 4)
    assert len(v) == 4
    assert list(v) == [fmpq(1, 2), fmpq(1), fmpq(-3, 4), fmpq(0)]
    assert str(v) == "(1/2, 1, -3/4, 0)"
    assert eval(repr(v)) == v  # noqa: S307  # the repr is meant to be read back


def test_vector_arithmetic_by_hand() -> None:
    v, w = Vector.of(["1/2", "1/3"]), Vector.of([1, "-1/3"])
    assert v + w == Vector.of(["3/2", 0])
    assert v - w == Vector.of(["-1/2", "2/3"])
    assert -v == Vector.of(["-1/2", "-1/3"])
    assert v.scaled("6/5") == Vector.of(["3/5", "2/5"])
    assert v.dot(w) == fmpq(7, 18)
    assert v.norm_squared() == fmpq(13, 36)
    assert (v - v).is_zero
    assert not v.is_zero


def test_vector_dot_numbers() -> None:
    v = Vector.of(["1/2", 0, -3])
    assert v.dot_numbers([log(4), log(7), loglinear("1/3 + log(2)")]) == loglinear("-1 - 2*log(2)")
    assert Vector(()).dot_numbers([]) == LogLinear(fmpq(0))


@given(st.lists(st.tuples(entries, entries, entries), max_size=5))
def test_vector_arithmetic_like_fractions(rows: list[tuple[Fraction, Fraction, Fraction]]) -> None:
    a, b = Vector.of(r[0] for r in rows), Vector.of(r[1] for r in rows)
    assert fractions(a + b) == [r[0] + r[1] for r in rows]
    assert fractions(a - b) == [r[0] - r[1] for r in rows]
    assert as_fraction(a.dot(b)) == sum((r[0] * r[1] for r in rows), Fraction(0))
    assert a + b - b == a
    assert pickle.loads(pickle.dumps(a)) == a  # noqa: S301  # our own bytes


@pytest.mark.parametrize(
    "bad",
    [
        lambda: Vector.of([1, 2]) + Vector.of([1]),
        lambda: Vector.of([1, 2]).dot(Vector.of([1, 2, 3])),
        lambda: Vector.of([1]).dot_numbers([]),
        lambda: Matrix.of([[1, 2], [3]]),
        lambda: Matrix.of([[1, 2]]) @ Vector.of([1]),
        lambda: Matrix.of([[1, 2]]) @ Matrix.of([[1, 2]]),
        lambda: Matrix.of([[1, 2]]) + Matrix.of([[1]]),
        lambda: Matrix.of([[1, 2]]).determinant(),
        lambda: Matrix.of([[1, 2]]).inverse(),
        lambda: Matrix.identity(2).solve(Vector.of([1])),
        lambda: Matrix.identity(2).solve_numbers([log(2)]),
    ],
)
def test_shapes_that_do_not_fit(bad: object) -> None:
    assert callable(bad)
    with pytest.raises(ShapeError):
        bad()


def test_inexact_and_zero_denominator() -> None:
    with pytest.raises(InexactInput):
        Vector.of([0.5])  # type: ignore[list-item]  # the point of the test
    with pytest.raises(ZeroDivisionError):
        Vector((1,), 0)


def test_immutable() -> None:
    with pytest.raises(AttributeError):
        Matrix.identity(2)._denominator = 2
    with pytest.raises(AttributeError):
        Vector.of([1]).denominator = 2


def test_matrix_by_hand() -> None:
    a = Matrix.of([["1/2", 1], [0, "1/3"]])
    assert a.shape == (2, 2)
    assert a.rows == (Vector.of(["1/2", 1]), Vector.of([0, "1/3"]))
    above, below = a.integers
    assert (above, below) == (fmpz_mat([[3, 6], [0, 2]]), 6)
    above[0, 0] = 7
    assert a.rows[0][0] == fmpq(1, 2)  # the copy was changed
    assert a @ Vector.of([2, 3]) == Vector.of([4, 1])
    assert a @ a == Matrix.of([["1/4", "5/6"], [0, "1/9"]])
    assert a + a == Matrix.of([[1, 2], [0, "2/3"]])
    assert a.transpose() == Matrix.of([["1/2", 0], [1, "1/3"]])
    assert a.determinant() == fmpq(1, 6)
    assert a.inverse() == Matrix.of([[2, -6], [0, 3]])
    assert a.solve(Vector.of([4, 1])) == Vector.of([2, 3])
    assert a.inverse_quadratic_form(Vector.of([1, 1])) == fmpq(-1)
    assert Matrix.identity(2, "3/7").determinant() == fmpq(9, 49)
    assert eval(repr(a)) == a  # noqa: S307  # the repr is meant to be read back
    assert hash(a) == hash(Matrix.of([["2/4", 1], [0, "2/6"]]))
    assert a != Matrix.of([["1/2", 1]])
    assert Matrix.of([[0, 0]]) != Matrix.of([[0], [0]])


def test_solve_numbers_by_hand() -> None:
    a = Matrix.of([[1, 1], [1, -1]])
    x = a.solve_numbers([log(6), loglinear("1 + log(2)")])
    assert x == (loglinear("1/2 + log(2) + 1/2*log(3)"), loglinear("-1/2 + 1/2*log(3)"))


def test_singular() -> None:
    for rows in ([[1, 2], [2, 4]], [[0]]):
        with pytest.raises(SingularMatrix, match="singular"):
            Matrix.of(rows).inverse()
        with pytest.raises(SingularMatrix):
            Matrix.of(rows).solve(Vector.of([1] * len(rows)))


def test_empty_matrices() -> None:
    nothing = Matrix.of([], 3)
    assert nothing.shape == (0, 3)
    assert nothing.rank() == 0
    assert nothing.null_space() == tuple(Vector.of([int(i == j) for j in range(3)]) for i in range(3))
    assert Matrix.identity(0).determinant() == 1
    assert Matrix.identity(0).solve(Vector(())) == Vector(())


@given(square_matrices())
def test_determinant_like_laplace(rows: Rows) -> None:
    a = Matrix.of(rows)
    assert as_fraction(a.determinant()) == determinant(rows)
    assert a.transpose().determinant() == a.determinant()
    assert (a.rank() == len(rows)) == (a.determinant() != 0)


@given(square_matrices(3), st.data())
def test_null_space_is_the_kernel(rows: Rows, data: st.DataObject) -> None:
    # Repeat combinations of rows, so that there is a kernel often enough.
    factors = data.draw(st.lists(entries, min_size=len(rows), max_size=len(rows)))
    rows = [
        *rows[:-1],
        [sum((f * row[j] for f, row in zip(factors, rows[:-1], strict=False)), Fraction(0)) for j in range(len(rows))],
    ]
    a = Matrix.of(rows)
    kernel = a.null_space()
    assert kernel
    assert all((a @ v).is_zero and v.denominator == 1 for v in kernel)
    assert len(kernel) == Matrix.of(kernel, len(rows)).rank() == len(rows) - a.rank()


@given(invertible(), st.data())
def test_solve_and_inverse(rows: Rows, data: st.DataObject) -> None:
    a, n = Matrix.of(rows), len(rows)
    b = Vector.of(data.draw(st.lists(entries, min_size=n, max_size=n)))
    x = a.solve(b)
    assert a @ x == b
    assert a.inverse() @ b == x
    assert a @ a.inverse() == a.inverse() @ a == Matrix.identity(n)
    assert a.inverse_quadratic_form(b) == b.dot(x)
    assert pickle.loads(pickle.dumps(a)) == a  # noqa: S301  # our own bytes
    numbers = [LogLinear(q) + log(3) * q - log(2) for q in b]
    solved = a.solve_numbers(numbers)
    assert [row.dot_numbers(solved) for row in a.rows] == numbers
    assert all(c != 0 for number in solved for _, c in number.terms)


@given(square_matrices(3), square_matrices(3))
def test_product_like_fractions(left: Rows, right: Rows) -> None:
    n = min(len(left), len(right))
    left, right = [row[:n] for row in left], right[:n]
    assert Matrix.of(left) @ Matrix.of(right) == Matrix.of(product(left, right))


@given(st.lists(st.tuples(entries, entries), min_size=1, max_size=4), entries)
def test_vectors_are_in_lowest_terms(pairs: list[tuple[Fraction, Fraction]], factor: Fraction) -> None:
    v, w = (Vector.of(side) for side in zip(*pairs, strict=True))
    for found, expected in (
        (v, [a for a, _ in pairs]),
        (-v, [-a for a, _ in pairs]),
        (v + w, [a + b for a, b in pairs]),
        (v - w, [a - b for a, b in pairs]),
        (v.scaled(factor), [factor * a for a, _ in pairs]),
    ):
        assert fractions(found) == expected
        assert gcd(found.denominator, *found.numerators) == 1
        assert found.denominator > 0
        assert (Vector(found.numerators, found.denominator), hash(found)) == (found, hash(Vector.of(expected)))


def test_lengths_that_differ_are_named() -> None:
    one, other = Vector.of([1, 2]), Vector.of([1, 2, "1/2"])
    for operation in (one.__add__, one.__sub__, one.dot):
        with pytest.raises(ShapeError, match="vectors of lengths 2 and 3 do not go together"):
            operation(other)
    with pytest.raises(ShapeError, match="vectors of lengths 2 and 1 do not go together"):
        one.dot_numbers([log(2)])
