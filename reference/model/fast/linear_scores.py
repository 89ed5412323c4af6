"""Linear scores of many features, by one product of integer matrices; the meaning: :mod:`reference.model.linear`."""

from collections.abc import Sequence
from itertools import chain
from math import lcm

from flint import fmpq, fmpz_mat

from reference.exact.log_linear import LogLinear
from reference.exact.log_linears import MOST_COMMON_BITS
from reference.exact.matrix import Vector, column
from reference.exact.plain import quick
from reference.model.linear import each_score

_MANY = 16


@quick(each_score)
def linear_scores(theta: Sequence[LogLinear], features: Sequence[Vector]) -> list[LogLinear]:
    """Return ``<theta, phi>`` for each of the features."""
    if len(features) < _MANY or any(t.terms for t in theta):
        return each_score(theta, features)
    common = lcm(*{phi.denominator for phi in features})
    if common.bit_length() > MOST_COMMON_BITS:
        return each_score(theta, features)
    rows = [phi.numerators if phi.denominator == common else _over(phi, common) for phi in features]
    table = fmpz_mat(len(rows), len(theta), list(chain.from_iterable(rows)))
    parameter = Vector.of([t.constant for t in theta])
    below = common * parameter.denominator
    return [LogLinear(fmpq(n, below)) for n in (table * column(parameter)).entries()]


def _over(phi: Vector, common: int) -> list[int]:
    stretch = common // phi.denominator
    return [n * stretch for n in phi.numerators]
