"""Wrong versions of the law of the best of N draws; each function is one."""

from collections.abc import Sequence

import numpy as np

from tests.conformance.right.numpy_further import best_of_n as right
from tests.conformance.right.plain_floats import softmax

Floats = Sequence[float]


def worst_of_n(pi: Floats, f: Floats, N: int) -> list[float]:
    """The worst of the draws."""
    return right(pi, [-x for x in f], N)


def one_more(pi: Floats, f: Floats, N: int) -> list[float]:
    """A draw more."""
    right(pi, f, N)
    return right(pi, f, N + 1)


def one_less(pi: Floats, f: Floats, N: int) -> list[float]:
    """A draw less."""
    right(pi, f, N)
    return right(pi, f, N - 1) if N > 1 else list(pi)


def largest_index(pi: Floats, f: Floats, N: int) -> list[float]:
    """Of equal values the largest index is best."""
    return right(pi[::-1], f[::-1], N)[::-1]


def shared(pi: Floats, f: Floats, N: int) -> list[float]:
    """What ties shares by base mass."""
    law = right(pi, f, N)
    masses = []
    for p, x in zip(pi, f, strict=True):
        tied = [y for y, other in enumerate(f) if other == x]
        whole = sum(pi[y] for y in tied)
        masses.append(sum(law[y] for y in tied) * p / whole if whole else 0.0)
    return masses


def difference_of_powers(pi: Floats, f: Floats, N: int) -> list[float]:
    """``F^N - (F - p)^N``: digits are lost."""
    right(pi, f, N)
    below, law = 0.0, [0.0] * len(pi)
    for y in sorted(range(len(pi)), key=lambda y: (f[y], -y)):
        law[y] = (below + pi[y]) ** N - below**N
        below += pi[y]
    return law


def tilted(pi: Floats, f: Floats, N: int) -> list[float]:
    """A softmax with weight ``N``, which it is like."""
    right(pi, f, N)
    return softmax(pi, f, 1 / N)


def mean_of_base(pi: Floats, f: Floats, N: int) -> list[float]:
    """The base law: the first draw is returned."""
    right(pi, f, N)
    return list(pi)


def all_on_the_best(pi: Floats, f: Floats, N: int) -> list[float]:
    """The best response that can come, surely."""
    right(pi, f, N)
    best = max((y for y in range(len(pi)) if pi[y] > 0), key=lambda y: f[y])
    return [float(y == best) for y in range(len(pi))]


def unsupported_counted(pi: Floats, f: Floats, N: int) -> list[float]:
    """The best response may have no base mass."""
    right(pi, f, N)
    best = max(range(len(pi)), key=lambda y: f[y])
    return right(pi, f, N) if pi[best] > 0 else [float(y == best) for y in range(len(pi))]


def float32_throughout(pi: Floats, f: Floats, N: int) -> list[float]:
    """Works in binary32, and says that it is binary64."""
    right(pi, f, N)
    below, law = np.float32(0), [0.0] * len(pi)
    for y in sorted(range(len(pi)), key=lambda y: (f[y], -y)):
        upto = np.float32(below + np.float32(pi[y]))
        law[y], below = float(upto**N - below**N), upto
    return law
