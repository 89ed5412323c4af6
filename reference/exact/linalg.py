"""Exact linear algebra over Q: vectors and matrices, the regularised Gram matrix, spans."""

from reference.exact.gram import Gram
from reference.exact.matrix import Matrix, ShapeError, SingularMatrix, Vector
from reference.exact.span import Span

__all__ = ["Gram", "Matrix", "ShapeError", "SingularMatrix", "Span", "Vector"]
