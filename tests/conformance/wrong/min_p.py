"""Wrong versions of the law given the outcomes near the likeliest; each function is one."""

from collections.abc import Sequence

from tests.conformance.right.numpy_further import min_p as right
from tests.conformance.right.numpy_further import top_k, top_p

Floats = Sequence[float]


def not_renormalised(p: Floats, share: float) -> list[float]:
    """The masses as they are."""
    return [x if y > 0 else 0.0 for x, y in zip(p, right(p, share), strict=True)]


def absolute_threshold(p: Floats, share: float) -> list[float]:
    """The threshold is ``share`` itself."""
    right(p, share)
    kept = [x if x >= share else 0.0 for x in p]
    return [x / sum(kept) for x in kept] if any(kept) else top_k(p, 1)


def strictly_more(p: Floats, share: float) -> list[float]:
    """What is at the threshold goes."""
    right(p, share)
    kept = [x if x > share * max(p) else 0.0 for x in p]
    return [x / sum(kept) for x in kept] if any(kept) else [1 / len(p)] * len(p)


def nucleus(p: Floats, share: float) -> list[float]:
    """Top-p."""
    return top_p(p, share)


def of_the_mean(p: Floats, share: float) -> list[float]:
    """``share`` times the mean mass."""
    right(p, share)
    kept = [x if x >= share / len(p) else 0.0 for x in p]
    return [x / sum(kept) for x in kept]


def everything(p: Floats, share: float) -> list[float]:
    """The law itself."""
    right(p, share)
    return list(p)


def greedy(p: Floats, share: float) -> list[float]:
    """The likeliest alone."""
    right(p, share)
    return top_k(p, 1)


def first_mass(p: Floats, share: float) -> list[float]:
    """The first mass is taken for the largest."""
    right(p, share)
    kept = [x if x >= share * p[0] else 0.0 for x in p]
    return [x / sum(kept) for x in kept]


def zeros_kept(p: Floats, share: float) -> list[float]:
    """Adds a little everywhere."""
    return [(x + 1e-9) / (1 + 1e-9 * len(p)) for x in right(p, share)]
