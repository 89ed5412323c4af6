"""Wrong versions of the law given its nucleus; each function is one."""

from collections.abc import Sequence

import numpy as np

from tests.conformance.right.numpy_further import min_p, top_k
from tests.conformance.right.numpy_further import top_p as right

Floats = Sequence[float]


def _size(law: Floats) -> int:
    return sum(x > 0 for x in law)


def not_renormalised(p: Floats, share: float) -> list[float]:
    """The masses as they are."""
    return [x if y > 0 else 0.0 for x, y in zip(p, right(p, share), strict=True)]


def last_left_out(p: Floats, share: float) -> list[float]:
    """The outcome that completes the nucleus is left out."""
    return top_k(p, max(_size(right(p, share)) - 1, 1))


def strictly_more(p: Floats, share: float) -> list[float]:
    """The nucleus needs more than ``share``. [huggingface/transformers]"""
    law = right(p, share)
    nucleus = sum(sorted(p, reverse=True)[: _size(law)])
    return top_k(p, _size(law) + 1) if nucleus == share and share < 1 else law


def float_sums(p: Floats, share: float) -> list[float]:
    """Sums in binary32."""
    right(p, share)
    sums = np.cumsum(np.asarray(sorted(p, reverse=True), np.float32), dtype=np.float32)
    return top_k(p, min(int(np.searchsorted(sums, np.float32(share))) + 1, len(p)))


def all_ties(p: Floats, share: float) -> list[float]:
    """All outcomes that tie with the last."""
    least = min(x for x, y in zip(p, right(p, share), strict=True) if y > 0)
    return top_k(p, sum(x >= least for x in p))


def last_of_ties(p: Floats, share: float) -> list[float]:
    """Of those that tie, the last."""
    return right(p[::-1], share)[::-1]


def in_order(p: Floats, share: float) -> list[float]:
    """Sums in the order of the outcomes, as if the law were sorted."""
    right(p, share)
    kept = next(k for k in range(1, len(p) + 1) if sum(p[:k]) >= share)
    return [x / sum(p[:kept]) if y < kept else 0.0 for y, x in enumerate(p)]


def threshold(p: Floats, share: float) -> list[float]:
    """Masses of at least ``share`` times the largest: min-p."""
    return min_p(p, share)


def complement(p: Floats, share: float) -> list[float]:
    """``1 - share`` in place of ``share``."""
    right(p, share)
    return right(p, 1 - share) if share < 1 else top_k(p, 1)


def greedy(p: Floats, share: float) -> list[float]:
    """The likeliest alone."""
    right(p, share)
    return top_k(p, 1)


def everything(p: Floats, share: float) -> list[float]:
    """The law itself."""
    right(p, share)
    return list(p)


def least_likely_first(p: Floats, share: float) -> list[float]:
    """Takes the tail."""
    right(p, share)
    kept: list[int] = []
    for y in sorted(range(len(p)), key=lambda y: (p[y], y)):
        if sum(p[z] for z in kept) < share:
            kept.append(y)
    return [p[y] / sum(p[z] for z in kept) if y in kept else 0.0 for y in range(len(p))]
