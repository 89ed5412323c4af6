"""Meaning apart from speed: a quick function names the plain definition that it must equal.

``quick(definition)`` stands over the quick form.  Within :func:`plain` the definition runs in its place, so that
everything computed there rests on the definitions alone (``spanner verify --plain``).  All pairs are in
:data:`PAIRS`; a test compares each on random inputs.  A function whose answers are :func:`cached` is a pair, too: when
all is plain, it is asked every time.

What is no quick path: a *representation* (Laurent polynomials for exp-sums, integers over one denominator, closed forms
of a softmax), merging equal states of a loop, and a decision by enclosures where they suffice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class QuickPair(NamedTuple):
    """A quick form and its meaning: functions of the same arguments, with equal results and errors of the same kind."""

    quick: Callable[..., Any]  # Any: pairs of every type are in one table
    meaning: Callable[..., Any]


PAIRS: dict[str, QuickPair] = {}
"""Every pair, by the full name of the function that people call; those made within functions are not listed."""


class _Switch:
    __slots__ = ("plain",)

    def __init__(self) -> None:
        self.plain = False


_SWITCH = _Switch()


def quick(meaning: Callable[P, R]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator for a quick form of ``meaning``; the definition runs instead within :func:`plain`."""

    def over(fast: "Callable[P, R]") -> "Callable[P, R]":  # read by nobody: quoted, so that they are not made each time
        @wraps(fast)
        def chosen(*args: "P.args", **kwargs: "P.kwargs") -> R:
            return meaning(*args, **kwargs) if _SWITCH.plain else fast(*args, **kwargs)

        if "<locals>" not in fast.__qualname__:
            PAIRS[f"{fast.__module__}.{fast.__qualname__}"] = QuickPair(fast, meaning)
        return chosen

    return over


def cached(size: int | None = 128) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator: the answers to the last ``size`` questions are remembered (all of them if ``None``).

    Arguments must be hashable.
    """

    def over(compute: "Callable[P, R]") -> "Callable[P, R]":  # quoted as above: algorithms remember by the thousand
        known: Callable[P, R] = lru_cache(size)(compute)  # type: ignore[assignment]  # hashable, it says
        return quick(compute)(known)

    return over


@contextmanager
def plain() -> Iterator[None]:
    """Within the block every quick form gives way to its definition, in this process.

    >>> from reference.exact.plain import is_plain, plain
    >>> with plain():
    ...     is_plain()
    True
    """
    before, _SWITCH.plain = _SWITCH.plain, True
    try:
        yield
    finally:
        _SWITCH.plain = before


def is_plain() -> bool:
    """Return whether definitions run in place of quick forms."""
    return _SWITCH.plain


def only_plain() -> None:
    """Let definitions run from now on: for a process that does nothing else."""
    _SWITCH.plain = True
