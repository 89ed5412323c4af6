"""Wrong barycentric spanners; each function is one."""

from collections.abc import Sequence
from math import fsum

import numpy as np

from tests.conformance.right.plain_floats import spanner as right

Floats = Sequence[float]
Rows = Sequence[Floats]


def _rank(vectors: Rows) -> int:
    return len(right(vectors, 2.0**60))


def largest_norms(vectors: Rows, C: float) -> list[int]:  # noqa: ARG001
    """The longest vectors."""
    order = sorted(range(len(vectors)), key=lambda k: -fsum(x * x for x in vectors[k]))
    return order[: _rank(vectors)]


def no_swaps(vectors: Rows, C: float) -> list[int]:  # noqa: ARG001
    """A basis, and no swaps. [VW before #3957: C fixed]"""
    return right(vectors, 2.0**60)


def always_d(vectors: Rows, C: float) -> list[int]:
    """As many vectors as there are dimensions."""
    chosen = right(vectors, C)
    rest = [k for k in range(len(vectors)) if k not in chosen]
    return [*chosen, *rest][: len(vectors[0])]


def first_vectors(vectors: Rows, C: float) -> list[int]:  # noqa: ARG001
    """The first ones."""
    return list(range(_rank(vectors)))


def norm_for_volume(vectors: Rows, C: float) -> list[int]:  # noqa: ARG001
    """Independent vectors, the longest first."""
    order = sorted(range(len(vectors)), key=lambda k: -fsum(x * x for x in vectors[k]))
    return [order[k] for k in right([vectors[k] for k in order], 2.0**60)]


def tolerance_too_wide(vectors: Rows, C: float) -> list[int]:
    """Coefficients up to ``4 C``."""
    return right(vectors, 4 * C)


def one_too_few(vectors: Rows, C: float) -> list[int]:
    """Leaves one out."""
    return right(vectors, C)[:-1]


def one_twice(vectors: Rows, C: float) -> list[int]:
    """Names one twice."""
    chosen = right(vectors, C)
    return [*chosen, *chosen[:1]]


def independent_in_float32(vectors: Rows, C: float) -> list[int]:
    """Takes what is dependent in binary32 for dependent."""
    right(vectors, C)  # refuses what is no table
    rows = np.asarray(vectors, dtype=np.float32)
    chosen: list[int] = []
    for k in range(len(rows)):
        if np.linalg.matrix_rank(rows[[*chosen, k]], tol=1e-4) > len(chosen):
            chosen.append(k)
    small = right([vectors[k] for k in chosen], C) if chosen else []
    return [chosen[i] for i in small]


def C_fixed_at_2(vectors: Rows, C: float) -> list[int]:  # noqa: ARG001
    """``C = 2``, whatever is asked. [VW before #3957]"""
    return right(vectors, 2.0)


def rank_by_tolerance(vectors: Rows, C: float) -> list[int]:
    """Takes what is nearly dependent for dependent."""
    right(vectors, C)  # refuses what is no table
    rows = np.asarray(vectors, dtype=float)
    chosen: list[int] = []
    for k in range(len(rows)):
        if np.linalg.matrix_rank(rows[[*chosen, k]], tol=1e-9) > len(chosen):
            chosen.append(k)
    return [chosen[i] for i in right([vectors[k] for k in chosen], C)] if chosen else []


def nothing_is_spanned(vectors: Rows, C: float) -> list[int]:
    """Takes no vectors for a table whose span is 0."""
    return right(vectors, C) if vectors else []


nothing_is_spanned.forgives = True  # type: ignore[attr-defined]  # that is the mistake


def drops_nearly_dependent(vectors: Rows, C: float) -> list[int]:
    """A spanner of too few where vectors nearly depend."""
    found = right(vectors, C)
    chosen = np.asarray([vectors[i] for i in found])
    return found if not found or np.linalg.cond(chosen) < _NEAR else found[:1]


_NEAR = 1e6
