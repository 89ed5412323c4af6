"""Wrong versions of the coefficients over chosen vectors; each function is one."""

from collections.abc import Sequence

import numpy as np

from tests.conformance.right.numpy_learned import spanner_coefficients as right

Floats = Sequence[float]
Rows = Sequence[Floats]
Ints = Sequence[int]


def inner_products(vectors: Rows, indices: Ints, phi: Floats) -> list[float]:
    """Inner products."""
    return [float(np.dot(vectors[i], phi)) for i in indices]


def projections(vectors: Rows, indices: Ints, phi: Floats) -> list[float]:
    """Projections on each vector by itself."""
    return [float(np.dot(vectors[i], phi) / np.dot(vectors[i], vectors[i])) for i in indices]


def unit_vectors(vectors: Rows, indices: Ints, phi: Floats) -> list[float]:
    """Coefficients of the unit vectors."""
    found = right(vectors, indices, phi)
    return [x * float(np.linalg.norm(vectors[i])) for x, i in zip(found, indices, strict=True)]


def sorted_indices(vectors: Rows, indices: Ints, phi: Floats) -> list[float]:
    """Sorts the indices."""
    return right(vectors, sorted(indices), phi)


def first_coordinates(vectors: Rows, indices: Ints, phi: Floats) -> list[float]:
    """Solves for the first coordinates alone."""
    size = len(indices)
    return [
        float(x) for x in np.linalg.solve(np.asarray([vectors[i][:size] for i in indices]).T, np.asarray(phi[:size]))
    ]


def of_the_direction(vectors: Rows, indices: Ints, phi: Floats) -> list[float]:
    """The coefficients of the unit vector, scaled back: 0 has no direction."""
    size = sum(x * x for x in phi) ** 0.5
    return [x * size / size for x in right(vectors, indices, phi)]


def normal_equations(vectors: Rows, indices: Ints, phi: Floats) -> list[float]:
    """Solves with the Gram matrix."""
    chosen = np.asarray([vectors[i] for i in indices])
    return [float(x) for x in np.linalg.solve(chosen @ chosen.T, chosen @ np.asarray(phi))]


def least_squares(vectors: Rows, indices: Ints, phi: Floats) -> list[float]:
    """Of dependent vectors the coefficients of least norm."""
    try:
        return right(vectors, indices, phi)
    except ValueError:
        return _projected(vectors, indices, phi, dependent=True)


def projects(vectors: Rows, indices: Ints, phi: Floats) -> list[float]:
    """Projects what is no combination."""
    try:
        return right(vectors, indices, phi)
    except ValueError:
        return _projected(vectors, indices, phi, dependent=False)


def _projected(vectors: Rows, indices: Ints, phi: Floats, *, dependent: bool) -> list[float]:
    """Least squares, where the vectors are dependent or not."""
    if not all(0 <= i < len(vectors) for i in indices) or {len(row) for row in vectors} != {len(phi)}:
        raise ValueError
    chosen = np.asarray([vectors[i] for i in indices]).T
    if not np.isfinite(phi).all() or (np.linalg.matrix_rank(chosen) < len(indices)) != dependent:
        raise ValueError
    return [float(x) for x in np.linalg.pinv(chosen) @ np.asarray(phi)]


least_squares.forgives = True  # type: ignore[attr-defined]  # that is the mistake
projects.forgives = True  # type: ignore[attr-defined]  # that is the mistake
