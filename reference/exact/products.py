"""Products of powers of exp-sums; the quick form is in :mod:`reference.exact.fast.products`."""

from collections.abc import Sequence

from reference.exact.expsum import ONE, ExpSum


def product_of_powers(factors: Sequence[tuple[ExpSum, int]]) -> ExpSum:
    """Return ``prod sum**power``, powers not negative."""
    result = ONE
    for value, power in factors:
        for _ in range(power):
            result *= value
    return result
