"""Wrong versions of the least-squares parameter of smallest norm; each function is one."""

from collections.abc import Sequence

import numpy as np

from tests.conformance.right.numpy_arrays import ridge as ridged
from tests.conformance.right.numpy_bounds import _independent
from tests.conformance.right.numpy_bounds import span_fit as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def first_data(phis: Rows, rewards: Floats) -> list[float]:
    """Only the first data that determine theta are used."""
    right(phis, rewards)
    chosen = _independent(np.asarray(phis, float))
    return right([phis[k] for k in chosen], [rewards[k] for k in chosen]) if chosen else [0.0] * len(phis[0])


def not_minimal(phis: Rows, rewards: Floats) -> list[float]:
    """Coordinates that are not determined are 0."""
    right(phis, rewards)
    columns = _independent(np.asarray(phis, float).T)
    theta = [0.0] * len(phis[0])
    if columns:
        found = right([[row[c] for c in columns] for row in phis], rewards)
        for c, x in zip(columns, found, strict=True):
            theta[c] = x
    return theta


def refuses_singular(phis: Rows, rewards: Floats) -> list[float]:
    """Refuses data that do not determine theta."""
    if len(_independent(np.asarray(phis, float))) < len(phis[0]):
        raise ValueError("singular")
    return right(phis, rewards)


def ridge(phis: Rows, rewards: Floats) -> list[float]:
    """A ridge of 1e-6."""
    right(phis, rewards)
    return ridged(phis, rewards, 1e-6)


def normal_equations(phis: Rows, rewards: Floats) -> list[float]:
    """Forms the normal equations."""
    right(phis, rewards)
    rows = np.asarray(phis, float)
    return [float(x) for x in np.linalg.pinv(rows.T @ rows, 1e-13) @ (rows.T @ rewards)]


def sign(phis: Rows, rewards: Floats) -> list[float]:
    """Of the other sign."""
    return [-x for x in right(phis, rewards)]


def correlations(phis: Rows, rewards: Floats) -> list[float]:
    """The correlations, not solved."""
    right(phis, rewards)
    return [float(x) for x in np.asarray(phis, float).T @ rewards]


def nan_where_singular(phis: Rows, rewards: Floats) -> list[float]:
    """Divides by a singular value that is 0."""
    found = right(phis, rewards)
    return found if any(any(row) for row in phis) else [float("nan")] * len(found)


def rank_by_tolerance(phis: Rows, rewards: Floats) -> list[float]:
    """Singular values below 1e-6 of the largest are 0."""
    right(phis, rewards)
    return [float(x) for x in np.linalg.lstsq(np.asarray(phis, float), np.asarray(rewards, float), rcond=1e-6)[0]]


def last_pair_dropped(phis: Rows, rewards: Floats) -> list[float]:
    """Leaves the last pair out."""
    right(phis, rewards)
    return right(phis[:-1], rewards[:-1]) if len(phis) > 1 else [0.0] * len(phis[0])


def float32_throughout(phis: Rows, rewards: Floats) -> list[float]:
    """Works in binary32, and says that it is binary64."""
    right(phis, rewards)
    return [
        float(x) for x in np.linalg.lstsq(np.asarray(phis, np.float32), np.asarray(rewards, np.float32), rcond=None)[0]
    ]
