"""Wrong versions of the law given its k likeliest outcomes; each function is one."""

from collections.abc import Sequence

from tests.conformance.right.numpy_further import top_k as right

Floats = Sequence[float]


def not_renormalised(p: Floats, k: int) -> list[float]:
    """The masses as they are."""
    return [x if y > 0 else 0.0 for x, y in zip(p, right(p, k), strict=True)]


def one_more(p: Floats, k: int) -> list[float]:
    """One outcome more."""
    right(p, k)
    return right(p, k + 1)


def one_less(p: Floats, k: int) -> list[float]:
    """One outcome less."""
    right(p, k)
    return right(p, max(k - 1, 1))


def all_ties(p: Floats, k: int) -> list[float]:
    """All outcomes that tie with the last. [huggingface/transformers]"""
    right(p, k)
    least = sorted(p, reverse=True)[:k][-1]
    return right(p, sum(x >= least for x in p))


def last_of_ties(p: Floats, k: int) -> list[float]:
    """Of those that tie, the last."""
    return right(p[::-1], k)[::-1]


def least_likely(p: Floats, k: int) -> list[float]:
    """The least likely ones."""
    right(p, k)
    kept = sorted(range(len(p)), key=lambda y: (p[y], y))[:k]
    total = sum(p[y] for y in kept)
    return [p[y] / total if y in kept else 0.0 for y in range(len(p))]


def first_outcomes(p: Floats, k: int) -> list[float]:
    """The first ones, as if the law were sorted."""
    right(p, k)
    total = sum(p[:k])
    return [x / total if y < k else 0.0 for y, x in enumerate(p)]


def sorted_law(p: Floats, k: int) -> list[float]:
    """The masses in their order, not in that of the outcomes."""
    return sorted(right(p, k), reverse=True)


def greedy(p: Floats, k: int) -> list[float]:
    """The likeliest alone."""
    right(p, k)
    return right(p, 1)


def uniform(p: Floats, k: int) -> list[float]:
    """The kept outcomes alike."""
    law = right(p, k)
    return [1 / sum(x > 0 for x in law) if x > 0 else 0.0 for x in law]


def modulo(p: Floats, k: int) -> list[float]:
    """Too large a number of outcomes wraps around."""
    right(p, k)
    return right(p, (k - 1) % len(p) + 1)
