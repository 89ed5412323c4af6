"""The exact law of the best of ``n`` draws, by differences of ``F^n``.

Order the responses by value, among equal values by index, the smaller index on top: ``F(y)`` is the base mass up to
``y``.  The best of ``n`` draws is ``y`` with probability ``F(y)^n - F(y-)^n``.  If among equal values the first draw
wins instead, only the value of the best draw is an order statistic, and within a value the law is the base law.
Source: Beirami et al. 2024 (arXiv 2401.01879) for distinct values; ties are ours.
"""

from collections.abc import Callable, Hashable
from itertools import groupby
from typing import TypeVar, cast, get_args

from reference.algorithms.best_of import Ties, checked_draws
from reference.exact.fast.weights import balanced_sum
from reference.exact.law import Law
from reference.exact.log_linear import LogLinear
from reference.exact.rational_numbers import BadNumber
from reference.exact.sizes import product_cap
from reference.exact.weights import Weight

T = TypeVar("T", bound=Hashable)

MAX_MASS_BITS = 1 << 23
"""Irrational masses may be sums of exponentials of so many bits in all."""


def best_of_n_law(pi_ref: Law[T], f: Callable[[T], LogLinear], n: int, *, ties: Ties = "index") -> Law[T]:
    """Return the law of :func:`~reference.algorithms.best_of.best_of_n`: the best of ``n`` draws by ``f``.

    The index of a response is its place in ``pi_ref``, whose masses may be irrational.  ``ties``: to the smallest
    ``index``, or to the ``first`` draw.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.best_of_n_law(p.pi_ref("x"), lambda y: p.reward(0, y), n=3)
    Law({0: 7/8, 1: 1/8})

    Raises:
        ValueError: unless ``n >= 1``; for other ``ties``; if irrational masses would be sums of too many exponentials.
    """
    checked_draws(n)
    if ties not in get_args(Ties):
        raise ValueError(f"ties {ties!r:.40}; one of {', '.join(get_args(Ties))}")
    masses = list(zip(pi_ref.outcomes, pi_ref.weights, strict=True))
    values = {y: f(y) for y, _ in masses}
    rows = sorted(masses, key=lambda row: values[row[0]])
    below, found = cast("Weight", 0), dict[T, Weight]()  # masses times the total, and in the law its n-th power
    try:
        with product_cap(MAX_MASS_BITS):
            for _, group in groupby(rows, key=lambda row: values[row[0]]):
                level = list(group)
                if ties == "index":
                    for y, mass in reversed(level):  # the smallest index is on top
                        found[y] = (below + mass) ** n - below**n
                        below += mass
                else:
                    above = below + balanced_sum([mass for _, mass in level], 0)
                    share = _share(below, above, n)
                    found |= {y: mass * share for y, mass in level}
                    below = above
    except BadNumber as error:
        raise ValueError(f"best of n = {n}: {error}; take fewer draws, or round the masses to rationals") from None
    return Law.weighted(pi_ref.outcomes, [found[y] for y in pi_ref.outcomes])


def _share(below: Weight, above: Weight, n: int) -> Weight:
    """Return ``(above^n - below^n) / (above - below)``."""
    if isinstance(below, int) and isinstance(above, int):
        return int((above**n - below**n) // (above - below))
    _ = above**n  # the longest of all powers; refused if it is too long
    found, power = cast("Weight", 0), cast("Weight", 1)
    for _ in range(n):
        found, power = found * above + power, power * below
    return found
