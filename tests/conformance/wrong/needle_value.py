"""Wrong versions of how probably the needle is named; each function is one."""

import numpy as np

from tests.conformance.right.numpy_bounds import needle_value as right


def union_bound(k: int, C: float, m: int, beta: float, t_comp: int, t_data: int) -> float:
    """``T_comp p`` in place of ``1 - (1-p)^T_comp``."""
    right(k, C, m, beta, t_comp, t_data)
    named = min(1.0, (t_data + 1) / k)
    return t_comp / C + (1 - t_comp / C) * named if t_comp * 1.0 < C else 1.0


def one_draw_more(k: int, C: float, m: int, beta: float, t_comp: int, t_data: int) -> float:
    """A draw more."""
    return right(k, C, m, beta, t_comp + 1, t_data)


def no_last_name(k: int, C: float, m: int, beta: float, t_comp: int, t_data: int) -> float:
    """``T_data/k``: the last name needs no reward."""
    found = right(k, C, m, beta, t_comp, t_data)
    return right(k, C, m, beta, t_comp, t_data - 1) if t_data else (1 - (1 - 1 / C) ** t_comp if k > 1 else found)


def float_power(k: int, C: float, m: int, beta: float, t_comp: int, t_data: int) -> float:
    """``1 - (1-p)^T``: for tiny masses nothing is left."""
    right(k, C, m, beta, t_comp, t_data)
    return 1 - (1 - 1 / C) ** t_comp * max(1 - (t_data + 1) / k, 0)


def added(k: int, C: float, m: int, beta: float, t_comp: int, t_data: int) -> float:
    """Adds both chances, as if they were disjoint."""
    right(k, C, m, beta, t_comp, t_data)
    return min(1.0, (1 - (1 - 1 / C) ** t_comp) + (t_data + 1) / k)


def failure(k: int, C: float, m: int, beta: float, t_comp: int, t_data: int) -> float:
    """How probably it cannot."""
    return 1 - right(k, C, m, beta, t_comp, t_data)


def draws_alone(k: int, C: float, m: int, beta: float, t_comp: int, t_data: int) -> float:
    """Rewards are left out."""
    right(k, C, m, beta, t_comp, t_data)
    return 1 - (1 - 1 / C) ** t_comp


def odds_for_mass(k: int, C: float, m: int, beta: float, t_comp: int, t_data: int) -> float:
    """``1/(C - 1)`` in place of ``1/C``."""
    right(k, C, m, beta, t_comp, t_data)
    return 1 - (1 - 1 / (C - 1)) ** t_comp * max(1 - (t_data + 1) / k, 0)


def with_replacement(k: int, C: float, m: int, beta: float, t_comp: int, t_data: int) -> float:
    """Places are asked with replacement."""
    right(k, C, m, beta, t_comp, t_data)
    return 1 - (1 - 1 / C) ** t_comp * (1 - 1 / k) ** (t_data + 1)


def float32_throughout(k: int, C: float, m: int, beta: float, t_comp: int, t_data: int) -> float:
    """Works in binary32, and says that it is binary64."""
    right(k, C, m, beta, t_comp, t_data)
    one = np.float32(1)
    return float(
        one - (one - one / np.float32(C)) ** t_comp * np.maximum(one - np.float32(t_data + 1) / np.float32(k), 0)
    )


def last_name_twice(k: int, C: float, m: int, beta: float, t_comp: int, t_data: int) -> float:
    """``(T_data + 2)/k``."""
    return right(k, C, m, beta, t_comp, t_data + 1)


def never_sure(k: int, C: float, m: int, beta: float, t_comp: int, t_data: int) -> float:
    """At most ``1 - 1/k``."""
    return min(right(k, C, m, beta, t_comp, t_data), 1 - 1 / k)
