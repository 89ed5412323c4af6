"""An implementation in Python with numpy (pip install numpy).  In this folder: spanner grade python:impl:Oracle

The functions have the kit's names and take keyword arguments: floats, lists of floats, ints.  A ValueError refuses.
"""

from fractions import Fraction

import numpy as np


class Oracle:
    name, version, format = "numpy example", "1", "binary64"

    def log_partition(self, pi, r, beta):
        pi, r = supported(pi, r, beta)
        x = (r - r.max()) / beta
        less = np.sum(pi * np.expm1(x))  # Z - 1 without cancellation, where Z is near 1
        return r.max() + beta * (np.log1p(less) if less > -0.5 else np.log(np.sum(pi * np.exp(x))))

    def softmax(self, pi, r, beta):
        base, rewards = supported(pi, r, beta)
        weights = base * np.exp((rewards - rewards.max()) / beta)
        masses = np.zeros(len(pi))
        masses[np.asarray(pi) > 0] = weights / weights.sum()
        return masses

    def coverage(self, pi, r, beta):
        base, rewards = supported(pi, r, beta)
        tilts = np.exp((rewards - rewards.max()) / beta)
        return 1 / np.sum(base * tilts)

    def kl(self, p, q):
        p, q = law(p), law(q)
        if len(p) != len(q):
            raise ValueError(f"p has {len(p)} masses, q {len(q)}")
        if np.any(q[p > 0] == 0):
            return np.inf
        p, q, rest = p[p > 0], q[p > 0], q[p == 0].sum()
        near = np.abs(q - p) < p / 2
        logs = np.where(near, np.log1p(np.where(near, (q - p) / p, 0)), np.log(q / p))
        return np.sum((q - p) - p * logs) + rest  # no term is negative: those of p log(p/q) cancel


def supported(pi, r, beta):
    """Return the masses and the rewards where there is mass: what lies off the support plays no part."""
    if not (beta > 0 and np.isfinite(beta)) or len(pi) != len(r) or not np.all(np.isfinite(r)):
        raise ValueError("needs beta > 0, and a finite reward for each response")
    pi = law(pi)
    return pi[pi > 0], np.asarray(r)[pi > 0]


def law(masses):
    if not all(0 <= mass <= 1 for mass in masses) or sum(map(Fraction, masses)) != 1:
        raise ValueError("masses are at least 0 and sum to 1")
    return np.asarray(masses)
