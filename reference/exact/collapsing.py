"""Sums of logarithms with exp-ratios as coefficients, collapsed where what belongs to each exponential cancels.

``D sum_i c_i log s_i`` with a common denominator ``D`` of the ``c_i`` is ``sum_m exp(m) Lambda_m`` over different
exponents ``m``, where every ``Lambda_m`` is a sum of logarithms with rational coefficients.  Where all of those are
log-linear the number is smaller than it looked; so identities between KL divergences are seen.
"""

from collections import defaultdict
from collections.abc import Mapping

from flint import fmpq

from reference.exact.atoms import UNIT, LogInt, LogSum, Monomial
from reference.exact.expratio import ExpRatio, exp_ratio
from reference.exact.expsum import exp_sum
from reference.exact.fast.products import multiplied
from reference.exact.log_linear import LogLinear
from reference.exact.log_sums import PowerProduct
from reference.exact.log_terms import Logs
from reference.exact.sizes import product_size


def collapsed(terms: Mapping[Monomial, ExpRatio]) -> dict[Monomial, ExpRatio] | None:
    """Return the terms of a positive multiple with logarithms of integers only; ``None`` where that does not work."""
    logs: list[tuple[LogInt | LogSum, ExpRatio]] = []
    for monomial, c in terms.items():
        if monomial == UNIT:
            continue
        atom, power = next(iter(monomial))
        if len(monomial) > 1 or power != 1 or not isinstance(atom, LogInt | LogSum):
            return None
        logs.append((atom, c))
    divisors = list(dict.fromkeys(c.denominator for _, c in logs))
    factors = [*divisors, *(c.numerator for _, c in logs)]
    if not product_size((s.scale, s.parts, 1) for s in factors).is_formed:
        return None
    by_exponent: dict[LogLinear, list[tuple[LogInt | LogSum, fmpq]]] = defaultdict(list)
    for atom, c in logs:
        cleared = multiplied([(c.numerator, 1), *((d, 1) for d in divisors if d != c.denominator)])
        for q, exponent in cleared.terms():
            by_exponent[exponent].append((atom, q))
    total: dict[Monomial, ExpRatio] = defaultdict(lambda: exp_ratio(0))
    total[UNIT] = terms.get(UNIT, exp_ratio(0)) * multiplied([(d, 1) for d in divisors])
    for exponent, pairs in by_exponent.items():
        value = PowerProduct.of(Logs(fmpq(0), pairs)).logarithm()
        if value is None:
            return None
        total[UNIT] += exp_sum([(value.constant, exponent)])
        for p, a in value.terms:
            total[frozenset({(LogInt(p), 1)})] += exp_sum([(a, exponent)])
    return {monomial: c for monomial, c in total.items() if c != 0}
