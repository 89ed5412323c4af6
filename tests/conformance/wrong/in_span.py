"""Wrong versions of whether a difference is in the span of others; each function is one."""

from collections.abc import Sequence

import numpy as np

from tests.conformance.right.numpy_bounds import in_span as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def multiples_only(phis: Rows, phi: Floats) -> bool:
    """Only multiples of one accepted difference count."""
    right(phis, phi)
    return not any(phi) or any(right([row], phi) for row in phis)


def never(phis: Rows, phi: Floats) -> bool:
    """Nothing is covered."""
    right(phis, phi)
    return False


def counts_vectors(phis: Rows, phi: Floats) -> bool:
    """As many differences as dimensions are all of space."""
    return len(phis) >= len(phi) or right(phis, phi)


def always(phis: Rows, phi: Floats) -> bool:
    """Everything is covered."""
    right(phis, phi)
    return True


def _ranks(phis: Rows, phi: Floats, tolerance: float | None) -> bool:
    right(phis, phi)
    before = np.asarray(phis, float).reshape(-1, len(phi))
    after = np.vstack([before, phi])
    return bool(np.linalg.matrix_rank(after, tolerance) == (np.linalg.matrix_rank(before, tolerance) if phis else 0))


def rank_by_tolerance(phis: Rows, phi: Floats) -> bool:
    """A rank by singular values above 1e-9."""
    return _ranks(phis, phi, 1e-9)


def rank_by_coarse_tolerance(phis: Rows, phi: Floats) -> bool:
    """What least squares leave is compared with 1e-15."""
    right(phis, phi)
    if not phis:
        return not any(phi)
    columns = np.asarray(phis, float).T
    found = np.linalg.lstsq(columns, np.asarray(phi, float), rcond=1e-9)[0]
    return float(np.max(np.abs(columns @ found - phi))) <= 1e-15


def rank_by_default(phis: Rows, phi: Floats) -> bool:
    """A rank by numpy's tolerance."""
    return _ranks(phis, phi, None)


def nothing_covers_zero(phis: Rows, phi: Floats) -> bool:
    """Where nothing is accepted, nothing is covered."""
    return right(phis, phi) and len(phis) > 0


def empty_covers(phis: Rows, phi: Floats) -> bool:
    """Where nothing is accepted, no residual is computed: all is covered."""
    return right(phis, phi) or not phis


def coefficients_at_most_one(phis: Rows, phi: Floats) -> bool:
    """Combinations with coefficients in [-1, 1], as of a spanner."""
    if not right(phis, phi) or not phis:
        return right(phis, phi)
    found = np.linalg.lstsq(np.asarray(phis, float).T, np.asarray(phi, float), rcond=None)[0]
    return bool(np.max(np.abs(found)) <= 1 + 1e-9)
