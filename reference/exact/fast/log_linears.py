"""Weighted sums of many rationals, in integers.  The meaning is in :mod:`reference.exact.log_linears`."""

from collections.abc import Sequence
from operator import mul

from flint import fmpq

from reference.exact.exp_terms import MANY_TERMS
from reference.exact.log_linear import LogLinear
from reference.exact.log_linears import LogLinears, sum_by_terms
from reference.exact.plain import quick


@quick(sum_by_terms)
def weighted_sum(weights: Sequence[int], values: Sequence[LogLinear]) -> LogLinear:
    """Return ``sum weight * value``."""
    if len(values) < MANY_TERMS:
        return sum_by_terms(weights, values)
    known = (values if isinstance(values, LogLinears) else LogLinears(values)).integers
    if known is None:
        return sum_by_terms(weights, values)
    return LogLinear(fmpq(sum(map(mul, known.numerators, weights)), known.denominator))
