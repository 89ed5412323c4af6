"""An implementation in Python, to be graded: spanner grade python:impl:Oracle (in this folder).

Functions of the kit by name, with keyword arguments: floats, lists of floats, ints. A ValueError refuses.
"""

import numpy as np


class Oracle:
    name, version, format = "numpy-example", "1", "binary64"

    def log_partition(self, pi, r, beta):
        pi, r = checked(pi, r, beta)
        top = r.max()
        return beta * (top / beta + np.log(np.sum(pi * np.exp((r - top) / beta))))

    def softmax(self, pi, r, beta):
        full = np.zeros(len(pi))
        base, r = checked(pi, r, beta)
        weights = base * np.exp((r - r.max()) / beta)
        full[np.asarray(pi) > 0] = weights / weights.sum()
        return full

    def coverage(self, pi, r, beta):
        base, _ = checked(pi, r, beta)
        masses = self.softmax(pi, r, beta)[np.asarray(pi) > 0]
        return np.max(masses / base)

    def kl(self, p, q):
        p, q = law(p), law(q)
        on = p > 0
        if len(p) != len(q):
            raise ValueError("p and q differ in length")
        return np.inf if np.any(q[on] == 0) else np.sum(p[on] * np.log(p[on] / q[on]))

    def draws(self, M, delta):
        if not (M > 0 and 0 < delta < 1):
            raise ValueError("needs M > 0 and 0 < delta < 1")
        return int(np.ceil(4 * M * np.log(4 / delta)))


def checked(pi, r, beta):
    """The support of pi, with the rewards there; whatever lies off it plays no part."""
    if not beta > 0 or len(pi) != len(r) or not np.all(np.isfinite(r)):
        raise ValueError("needs beta > 0, a finite reward for each response")
    pi, r = law(pi), np.asarray(r)
    return pi[pi > 0], r[pi > 0]


def law(masses):
    masses = np.asarray(masses, dtype=float)
    if not np.all(masses >= 0) or sum(map(exact, masses)) != 1:
        raise ValueError("the masses do not sum to 1")
    return masses


def exact(mass):
    from fractions import Fraction

    return Fraction(float(mass))
