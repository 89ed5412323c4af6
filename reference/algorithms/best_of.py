"""Best of ``n``: draw ``n`` responses from the base model and keep the one with the highest value.

::

    1  repeat n times
    2      y ~ pi_ref(.|x)
    3      keep y if nothing is kept, or f(y) is above the value of what is kept
    4                 or equal to it, and the index of y is the smaller one
    5  return what is kept

Without line 4 the first draw wins among equal values, and the law is another one (``ties="first"``).  Source: folklore;
its law and its divergence: Beirami et al. 2024 (arXiv 2401.01879), claim ``best-of-n``.
"""

from collections.abc import Callable
from typing import Literal, TypeVar

from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.plain import cached
from reference.interaction.weak import Draw, WeakOracles

X = TypeVar("X")

Ties = Literal["index", "first"]
"""Which of two draws of equal value is kept: that of the smaller index, or the first."""


def best_of_n(oracles: WeakOracles[X], f: Callable[[Vector], LogLinear], x: X, n: int, *, ties: Ties = "index") -> Draw:
    """Return the best of ``n`` draws to prompt ``x``, or of tokens after a prefix, by ``f``; ``n`` weak queries.

    ``f`` maps features to log-linear numbers, as all the weak oracle reveals.

    Raises:
        ValueError: unless ``n >= 1``.
    """
    checked_draws(n)
    value = cached(None)(f)  # the exhaustive reading asks again and again

    def keep(kept: Draw | None) -> Draw:
        y, phi = oracles.weak(x)  # 2
        if kept is None or value(phi) > value(kept[1]):  # 3
            return y, phi
        tied = ties == "index" and value(phi) == value(kept[1]) and y < kept[0]  # 4
        return (y, phi) if tied else kept

    found = oracles.iterate(None, keep, n)  # 1
    assert found is not None  # noqa: S101 - for the type checker: n >= 1
    return found  # 5


def checked_draws(n: int) -> None:
    """Raise :class:`ValueError` unless ``n >= 1``."""
    if n < 1:
        raise ValueError(f"n = {n}: the best of n draws needs n >= 1")
