"""The exact law of the best of ``n`` draws, by differences of ``F^n``.

Order the responses by value, among equal values by index, the smaller index on top: ``F(y)`` is the base mass up to
``y``.  The best of ``n`` draws is ``y`` with probability ``F(y)^n - F(y-)^n``.  If among equal values the first draw
wins instead, only the value of the best draw is an order statistic, and within a value the law is the base law.
Source: Beirami et al. 2024 (arXiv 2401.01879) for distinct values; ties are ours.
"""

from collections.abc import Callable, Hashable
from itertools import groupby
from typing import TypeVar, get_args

from flint import fmpq

from reference.algorithms.best_of import Ties, checked_draws
from reference.exact.expratio import exp_ratio
from reference.exact.law import Law
from reference.exact.log_linear import LogLinear

T = TypeVar("T", bound=Hashable)


def best_of_n_law(pi_ref: Law[T], f: Callable[[T], LogLinear], n: int, *, ties: Ties = "index") -> Law[T]:
    """Return the law of :func:`~reference.algorithms.best_of.best_of_n`: the best of ``n`` draws by ``f``.

    ``pi_ref``: rational base law; the index of a response is its place there.  ``ties``: to the smallest ``index``,
    or to the ``first`` draw.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.best_of_n_law(p.pi_ref("x"), lambda y: p.reward(0, y), n=3)
    Law({0: 7/8, 1: 1/8})

    Raises:
        ValueError: unless ``n >= 1``; for other ``ties``; if the base law is irrational.
    """
    checked_draws(n)
    if ties not in get_args(Ties):
        raise ValueError(f"ties {ties!r:.40}; one of {', '.join(get_args(Ties))}")
    if not pi_ref.is_rational:
        raise ValueError("the base law is irrational; best_of_n_law takes rational ones")
    masses = [(y, exp_ratio(mass).as_rational()) for y, mass in pi_ref.items()]
    values = {y: f(y) for y, _ in masses}
    rows = sorted(masses, key=lambda row: values[row[0]])
    below, found = fmpq(0), dict[T, fmpq]()
    for _, group in groupby(rows, key=lambda row: values[row[0]]):
        level = list(group)
        if ties == "index":
            for y, mass in reversed(level):  # the smallest index is on top
                found[y] = (below + mass) ** n - below**n
                below += mass
        else:
            whole = sum((mass for _, mass in level), fmpq(0))
            found |= {y: mass / whole * ((below + whole) ** n - below**n) for y, mass in level}
            below += whole
    return Law.of((y, found[y]) for y, _ in masses)
