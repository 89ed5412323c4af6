"""Weights of results over products of totals, and how they are brought together over one."""

from collections.abc import Iterable
from typing import Any

from reference.exact.fast.weights import common_multiple
from reference.exact.weights import Factored, Weight

Denominator = int | Factored
"""A product of totals; plain integers as long as no exp-sum is among them, because that is faster."""

ResultWeights = dict[Any, Weight]
"""The weights of results, by key, over one denominator.  Results are of the program's own type, hence ``Any``."""

Leaves = dict[Denominator, ResultWeights]


def denominator_times(denominator: Denominator, total: Weight | Factored) -> Denominator:
    """Return the product of a denominator with a total, or with another denominator."""
    if type(denominator) is int and type(total) is int:
        return denominator * total
    return _factored(denominator).times(total)


def together(leaves: Leaves) -> tuple[Denominator, ResultWeights]:
    """Return the weights of all leaves over one denominator."""
    tables = [(denominator, table) for denominator, table in leaves.items() if table]
    if len(tables) > 1 and all(type(denominator) is int for denominator, _ in tables):
        return _over_one(tables)
    while len(tables) > 1:  # exp-sums grow long: in a balanced tree most of them are still short
        odd = tables[-1:] if len(tables) % 2 else []
        tables = [*map(_over_one, zip(tables[::2], tables[1::2], strict=False)), *odd]
    return tables[0]


def _over_one(tables: Iterable[tuple[Denominator, ResultWeights]]) -> tuple[Denominator, ResultWeights]:
    listed = list(tables)
    common, cofactors = common_multiple([_factored(d) for d, _ in listed])
    (_, first), *others = listed
    joined: ResultWeights = dict(first)
    if cofactors[0] != 1:
        for name, weight in first.items():
            joined[name] = weight * cofactors[0]
    get = joined.get
    for (_, table), cofactor in zip(others, cofactors[1:], strict=True):
        for name, weight in table.items():
            joined[name] = get(name, 0) + weight * cofactor
    return common if common.powers else common.integer, joined


def _factored(denominator: Denominator) -> Factored:
    return Factored(denominator) if isinstance(denominator, int) else denominator
