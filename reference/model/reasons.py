"""What could not be had, and why."""

from collections.abc import Callable
from typing import TypeVar

from reference.exact import Undecided
from reference.model.soft_bellman import SumTooLong

T = TypeVar("T")


def or_reason(compute: Callable[[], T]) -> T | str:
    """Return what is computed, or why it is not: exp-sums too long to be formed, or numbers too close to tell apart."""
    try:
        return compute()
    except (SumTooLong, Undecided) as error:
        return str(error)
