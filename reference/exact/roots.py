"""Products of sums of radicals; the quick form is in :mod:`reference.exact.fast.roots`."""

from reference.exact.laurent import Laurent
from reference.exact.radical import Radical, product
from reference.exact.sizes import SumParts


def product_by_pairs(left: SumParts, right: SumParts) -> dict[Radical, Laurent]:
    """Return the product of ``sum radical * part`` and another, every radical with every other."""
    parts: dict[Radical, Laurent] = {}
    for mine, one in left:
        for theirs, other in right:
            radical, whole = product(mine, theirs)
            addend = one * other if whole == 1 else (one * other).scaled(whole)
            parts[radical] = parts[radical] + addend if radical in parts else addend
    return parts
