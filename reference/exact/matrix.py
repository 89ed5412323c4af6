"""Rational vectors and matrices, kept as integers over one common denominator.

Denominators are cleared once, at construction; FLINT's integer matrices do the work.  Everything is immutable,
hashable by value and picklable.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import gcd, lcm
from operator import add, mul, sub
from typing import overload

from flint import fmpq, fmpz_mat

from reference.exact.log_linear import LogLinear, combination
from reference.exact.number import setter
from reference.exact.rational_numbers import RationalLike, quotient_text, rational, rational_text


class SingularMatrix(ArithmeticError):
    """The matrix has no inverse, so the equation has no unique solution."""


class ShapeError(ValueError):
    """The lengths or shapes of the operands do not fit; the message names both."""


class Vector:
    """The rational vector ``numerators / denominator``, in lowest terms with a positive denominator.

    Build it with :meth:`of`; the constructor takes integers and reduces them.

    >>> import reference as ref
    >>> ref.Vector.of(["1/2", 1]).dot(ref.Vector.of([2, 3]))
    4
    """

    __slots__ = ("_hash", "denominator", "numerators")
    numerators: tuple[int, ...]
    denominator: int
    _hash: int
    """Not there until it is asked for."""

    def __init__(self, numerators: tuple[int, ...], denominator: int = 1) -> None:
        if denominator != 1:
            if denominator == 0:
                msg = "a vector needs a non-zero denominator"
                raise ZeroDivisionError(msg)
            common = gcd(denominator, *numerators)
            if denominator < 0:
                common = -common
            if common != 1:
                numerators, denominator = tuple([n // common for n in numerators]), denominator // common
        _put_numerators(self, numerators)
        _put_denominator(self, denominator)

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"Vector is immutable: cannot set {name}"
        raise AttributeError(msg)

    def __reduce__(self) -> tuple[type["Vector"], tuple[tuple[int, ...], int]]:
        return Vector, (self.numerators, self.denominator)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Vector):
            return NotImplemented
        return self.denominator == other.denominator and self.numerators == other.numerators

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            found = hash((self.numerators, self.denominator))
            _put_hash(self, found)
            return found

    @staticmethod
    def of(entries: Iterable[RationalLike]) -> "Vector":
        """Return the vector with these entries; refuses inexact entries as :func:`~reference.exact.rational` does."""
        values = [entry if type(entry) is fmpq else rational(entry) for entry in entries]
        below = [int(value.q) for value in values]
        denominator = lcm(*below)  # in lowest terms, as the entries are
        above = [int(value.p) for value in values]
        if denominator != 1:
            above = [p * (denominator // q) for p, q in zip(above, below, strict=True)]
        return _reduced(tuple(above), denominator)

    def __len__(self) -> int:
        return len(self.numerators)

    def __getitem__(self, index: int) -> fmpq:
        return fmpq(self.numerators[index], self.denominator)

    def __iter__(self) -> Iterator[fmpq]:
        return (fmpq(n, self.denominator) for n in self.numerators)

    def texts(self) -> list[str]:
        """Return the text of each entry, as ``rational_text`` writes it; entries are not formed."""
        d = self.denominator
        return [quotient_text(n, d) for n in self.numerators]

    def __add__(self, other: "Vector") -> "Vector":
        return self._combine(other, 1)

    def __sub__(self, other: "Vector") -> "Vector":
        return self._combine(other, -1)

    def __neg__(self) -> "Vector":
        return _reduced(tuple([-n for n in self.numerators]), self.denominator)

    def scaled(self, factor: RationalLike) -> "Vector":
        """Return ``factor`` times the vector."""
        q = rational(factor)
        p = int(q.p)
        return Vector(tuple([n * p for n in self.numerators]), self.denominator * int(q.q))

    def dot(self, other: "Vector") -> fmpq:
        """Return the inner product ``<self, other>``."""
        if len(self.numerators) != len(other.numerators):
            raise _lengths_differ(self, other)
        return fmpq(sum(map(mul, self.numerators, other.numerators)), self.denominator * other.denominator)

    def norm_squared(self) -> fmpq:
        """Return ``<self, self>``, the squared Euclidean norm."""
        return self.dot(self)

    @property
    def is_zero(self) -> bool:
        """Whether every entry is zero."""
        return not any(self.numerators)

    def dot_numbers(self, numbers: Sequence[LogLinear]) -> LogLinear:
        """Return ``sum_i self[i] * numbers[i]``."""
        if len(self.numerators) != len(numbers):
            raise _lengths_differ(self, numbers)
        rows = zip(self.numerators, numbers, strict=True)
        return combination((number, fmpq(n, self.denominator)) for n, number in rows if n)

    def _combine(self, other: "Vector", sign: int) -> "Vector":
        if len(self.numerators) != len(other.numerators):
            raise _lengths_differ(self, other)
        mine, theirs = self.denominator, other.denominator
        if mine == theirs:
            combine = add if sign > 0 else sub
            numerators = tuple(map(combine, self.numerators, other.numerators))
            return _reduced(numerators, 1) if mine == 1 else Vector(numerators, mine)
        common = lcm(mine, theirs)
        p, q = common // mine, sign * (common // theirs)
        return Vector(tuple([p * a + q * b for a, b in zip(self.numerators, other.numerators, strict=True)]), common)

    def __str__(self) -> str:
        return f"({', '.join(map(rational_text, self))})"

    def __repr__(self) -> str:
        return f"Vector.of({[rational_text(entry) for entry in self]})"


_new = object.__new__
_put_numerators, _put_denominator, _put_hash = (setter(Vector, slot) for slot in ("numerators", "denominator", "_hash"))


def _reduced(numerators: tuple[int, ...], denominator: int) -> Vector:
    """Build a vector that is in lowest terms."""
    vector = _new(Vector)
    _put_numerators(vector, numerators)
    _put_denominator(vector, denominator)
    return vector


def _lengths_differ(one: Vector, other: Vector | Sequence[LogLinear]) -> ShapeError:
    return ShapeError(f"vectors of lengths {len(one)} and {len(other)} do not go together")


class Matrix:
    """An immutable rational matrix: integers over one denominator, in lowest terms; build it with :meth:`of`."""

    __slots__ = ("_denominator", "_numerators")
    _denominator: int
    _numerators: fmpz_mat

    def __init__(self, numerators: fmpz_mat, denominator: int) -> None:
        """Take over ``numerators / denominator`` (positive) and reduce it; the caller gives the matrix away."""
        if denominator != 1:
            common = gcd(denominator, *map(int, numerators.entries()))
            if common != 1:
                entries = [entry // common for entry in numerators.entries()]
                numerators = fmpz_mat(numerators.nrows(), numerators.ncols(), entries)
                denominator //= common
        _put_matrix(self, numerators)
        _put_below(self, denominator)

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"Matrix is immutable: cannot set {name}"
        raise AttributeError(msg)

    @staticmethod
    def of(rows: Iterable[Vector | Iterable[RationalLike]], columns: int | None = None) -> "Matrix":
        """Return the matrix with these rows.  ``columns`` gives the width where there may be no rows."""
        vectors = [row if isinstance(row, Vector) else Vector.of(row) for row in rows]
        width = columns if columns is not None else len(vectors[0]) if vectors else 0
        for i, row in enumerate(vectors):
            if len(row.numerators) != width:
                msg = f"row {i} has {len(row)} entries; {width} expected"
                raise ShapeError(msg)
        common = lcm(*(row.denominator for row in vectors))
        if common == 1:
            return Matrix(fmpz_mat(len(vectors), width, [n for row in vectors for n in row.numerators]), 1)
        entries = [n * (common // row.denominator) for row in vectors for n in row.numerators]
        return Matrix(fmpz_mat(len(vectors), width, entries), common)

    @staticmethod
    def identity(dimension: int, scale: RationalLike = 1) -> "Matrix":
        """Return ``scale`` times the identity matrix."""
        factor = rational(scale)
        return Matrix(diagonal(dimension, int(factor.p)), int(factor.q))

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and of columns."""
        return self._numerators.nrows(), self._numerators.ncols()

    @property
    def integers(self) -> tuple[fmpz_mat, int]:
        """The numerators, in a copy, and their positive denominator."""
        return fmpz_mat(self._numerators), self._denominator

    @property
    def rows(self) -> tuple[Vector, ...]:
        """The rows as vectors."""
        return tuple([Vector(tuple(map(int, row)), self._denominator) for row in self._numerators.tolist()])

    def __add__(self, other: "Matrix") -> "Matrix":
        self._check(other.shape, self.shape)
        common = lcm(self._denominator, other._denominator)
        mine = self._numerators * (common // self._denominator)
        return Matrix(mine + other._numerators * (common // other._denominator), common)

    @overload
    def __matmul__(self, other: "Matrix") -> "Matrix": ...
    @overload
    def __matmul__(self, other: Vector) -> Vector: ...
    def __matmul__(self, other: "Matrix | Vector") -> "Matrix | Vector":
        if isinstance(other, Matrix):
            self._check((other.shape[0],), self.shape[1:])
            return Matrix(self._numerators * other._numerators, self._denominator * other._denominator)
        self._check((len(other),), self.shape[1:])
        product = self._numerators * column(other)
        return Vector(tuple(map(int, product.entries())), self._denominator * other.denominator)

    def transpose(self) -> "Matrix":
        """Return the transposed matrix."""
        return Matrix(self._numerators.transpose(), self._denominator)

    def determinant(self) -> fmpq:
        """Return the determinant of a square matrix."""
        self._check_square()
        return fmpq(self._numerators.det(), self._denominator ** self.shape[0])

    def rank(self) -> int:
        """Return the rank."""
        return self._numerators.rank()

    def null_space(self) -> tuple[Vector, ...]:
        """Return a basis of ``{v : A v = 0}``, in primitive integer vectors."""
        basis, nullity = self._numerators.nullspace()
        columns = [[int(basis[i, j]) for i in range(basis.nrows())] for j in range(nullity)]
        return tuple(Vector(tuple(n // gcd(*entries) for n in entries)) for entries in columns)

    def inverse(self) -> "Matrix":
        """Return the inverse; :class:`SingularMatrix` if there is none."""
        return Matrix(*self._solve(diagonal(self.shape[0], 1), 1))

    def solve(self, b: Vector) -> Vector:
        """Return the ``v`` with ``A v = b``; :class:`SingularMatrix` unless there is exactly one for every ``b``."""
        self._check((len(b),), self.shape[:1])
        above, below = self._solve(column(b), b.denominator)
        return Vector(tuple(map(int, above.entries())), below)

    def solve_numbers(self, b: Sequence[LogLinear]) -> tuple[LogLinear, ...]:
        """Return the log-linear ``v`` with ``A v = b``: one rational system per coordinate 1, log 2, log 3, ..."""
        self._check((len(b),), self.shape[:1])
        primes = sorted({prime for number in b for prime, _ in number.terms})
        coordinates = [dict(number.terms) for number in b]
        constants = self.solve(Vector.of(number.constant for number in b))
        logs = {p: self.solve(Vector.of(terms.get(p, 0) for terms in coordinates)) for p in primes}
        return tuple(
            LogLinear(constant, tuple((p, logs[p][i]) for p in primes if logs[p].numerators[i]))
            for i, constant in enumerate(constants)
        )

    def inverse_quadratic_form(self, v: Vector) -> fmpq:
        """Return ``v^T A^{-1} v``."""
        return v.dot(self.solve(v))

    def _solve(self, right: fmpz_mat, denominator: int) -> tuple[fmpz_mat, int]:
        self._check_square()
        try:
            # (N / n) V = right / denominator  <=>  V = N^{-1} right * n / denominator
            above, below = self._numerators.solve(right).numer_denom()  # type: ignore[attr-defined]  # it is rational
        except ZeroDivisionError:
            msg = f"the {self.shape[0]} x {self.shape[1]} matrix is singular"
            raise SingularMatrix(msg) from None
        return above * self._denominator, int(below) * denominator

    def _check_square(self) -> None:
        self._check(self.shape[1:], self.shape[:1])

    def _check(self, found: tuple[int, ...], expected: tuple[int, ...]) -> None:
        if found != expected:
            msg = f"a matrix of shape {self.shape}: sizes {found} and {expected} do not go together"
            raise ShapeError(msg)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Matrix):
            return NotImplemented
        return self._denominator == other._denominator and self._numerators == other._numerators

    def __hash__(self) -> int:
        return hash((self.shape, self._denominator, tuple(map(int, self._numerators.entries()))))

    def __reduce__(self) -> tuple[Callable[..., "Matrix"], tuple[tuple[Vector, ...], int]]:
        return Matrix.of, (self.rows, self.shape[1])

    def __repr__(self) -> str:
        return f"Matrix.of({[[rational_text(entry) for entry in row] for row in self.rows]})"


_put_matrix, _put_below = (setter(Matrix, slot) for slot in ("_numerators", "_denominator"))


def diagonal(dimension: int, entry: int) -> fmpz_mat:
    """Return the integer matrix with ``entry`` on the diagonal."""
    matrix = fmpz_mat(dimension, dimension)
    for i in range(dimension):
        matrix[i, i] = entry
    return matrix


def column(v: Vector) -> fmpz_mat:
    """Return the numerators of ``v`` as an integer column."""
    return fmpz_mat(len(v), 1, v.numerators)
