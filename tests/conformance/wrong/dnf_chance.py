"""Wrong versions of the mean chance of the token 1; each function is one."""

from collections.abc import Sequence

import numpy as np

from tests.conformance.right.numpy_bounds import dnf_chance as right
from tests.conformance.right.numpy_bounds import dnf_value

Floats = Sequence[float]
Rows = Sequence[Floats]


def _powers(terms: Rows, t: Floats) -> list[float]:
    return [sum(t[int(abs(n)) - 1] * (1 if n > 0 else -1) for n in term) for term in terms]


def _weights(terms: Rows, t: Floats, A: float) -> list[float]:
    return [float(A**x) for x in _powers(terms, t)]


def no_L(terms: Rows, t: Floats, A: float, L: float) -> float:
    """The weight ``L`` is left out."""
    right(terms, t, A, L)
    return right(terms, t, A, 1.0)


def no_k(terms: Rows, t: Floats, A: float, L: float) -> float:
    """``L/A`` in place of ``L/A^k``."""
    right(terms, t, A, L)
    p = L / A
    return sum(p * x / (1 - p + p * x) for x in _weights(terms, t, A)) / len(terms)


def not_normalised(terms: Rows, t: Floats, A: float, L: float) -> float:
    """``p A^<t, term>``, not divided."""
    right(terms, t, A, L)
    p = L / A ** len(terms[0])
    return sum(p * x for x in _weights(terms, t, A)) / len(terms)


def rounded(terms: Rows, t: Floats, A: float, L: float) -> float:
    """``t`` is rounded to signs."""
    return right(terms, [1.0 if x > 0 else -1.0 for x in t], A, L)


def float32(terms: Rows, t: Floats, A: float, L: float) -> float:
    """Works in binary32, in which ``A^k`` may be infinite."""
    right(terms, t, A, L)
    a, p = np.float32(A), np.float32(L) / np.float32(A) ** len(terms[0])
    powers = a ** np.asarray(_powers(terms, t), np.float32)
    return float(np.mean(p * powers / (1 - p + p * powers)))


def value_instead(terms: Rows, t: Floats, A: float, L: float) -> float:
    """The fraction of terms that the signs satisfy."""
    right(terms, t, A, L)
    return dnf_value(terms, [1.0 if x >= 0 else -1.0 for x in t])


def base_alone(terms: Rows, t: Floats, A: float, L: float) -> float:
    """The base model."""
    right(terms, t, A, L)
    return L / A ** len(terms[0])


def mean_power(terms: Rows, t: Floats, A: float, L: float) -> float:
    """The chance at the mean of ``<t, term>``."""
    right(terms, t, A, L)
    p, power = L / A ** len(terms[0]), float(A ** (sum(_powers(terms, t)) / len(terms)))
    return p * power / (1 - p + p * power)


def natural(terms: Rows, t: Floats, A: float, L: float) -> float:
    """``exp`` in place of powers of ``A``."""
    right(terms, t, A, L)
    p, powers = L / A ** len(terms[0]), [float(np.exp(x)) for x in _powers(terms, t)]
    return sum(p * x / (1 - p + p * x) for x in powers) / len(terms)


def one_minus_p_is_one(terms: Rows, t: Floats, A: float, L: float) -> float:
    """The other tokens weigh 1."""
    right(terms, t, A, L)
    p = L / A ** len(terms[0])
    return sum(p * x / (1 + p * x) for x in _weights(terms, t, A)) / len(terms)


def signs_ignored(terms: Rows, t: Floats, A: float, L: float) -> float:
    """Negations are left out."""
    return right([[abs(n) for n in term] for term in terms], t, A, L)


def other_token(terms: Rows, t: Floats, A: float, L: float) -> float:
    """The chance of the other tokens."""
    return 1 - right(terms, t, A, L)


def power_overflows(terms: Rows, t: Floats, A: float, L: float) -> float:
    """NaN where ``A^(2k)`` is beyond binary32."""
    found = right(terms, t, A, L)
    return found if A ** len(terms[0]) < _LARGEST else float("nan")


_LARGEST = 1e30
