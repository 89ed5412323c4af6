"""Strategies and second opinions shared by the tests of the number tower."""

from fractions import Fraction

import mpmath
from flint import arb, ctx, fmpq, fmpz
from hypothesis import strategies as st

from reference.exact import ExpRatio, ExpSum, LogLinear, exp_sum

PRIMES = (2, 3, 5, 7)
DIGITS = 60


def fmpq_of(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def fractions(limit: int = 8, denominators: int = 6) -> st.SearchStrategy[Fraction]:
    return st.builds(Fraction, st.integers(-limit, limit), st.integers(1, denominators))


def rationals(limit: int = 8, denominators: int = 6) -> st.SearchStrategy[fmpq]:
    return fractions(limit, denominators).map(fmpq_of)


def _loglinear(constant: fmpq, coefficients: dict[int, fmpq]) -> LogLinear:
    return LogLinear(constant, tuple((p, a) for p, a in sorted(coefficients.items()) if a != 0))


loglinears: st.SearchStrategy[LogLinear] = st.builds(
    _loglinear, rationals(), st.dictionaries(st.sampled_from(PRIMES), rationals(), max_size=3)
)

terms: st.SearchStrategy[list[tuple[fmpq, LogLinear]]] = st.lists(st.tuples(rationals(), loglinears), max_size=4)

long_terms: st.SearchStrategy[list[tuple[fmpq, LogLinear]]] = st.lists(
    st.tuples(rationals(), st.builds(LogLinear, rationals(20, 3))), min_size=8, max_size=30
)
"""Enough terms with few denominators for the dense form."""

expsums: st.SearchStrategy[ExpSum] = st.one_of(terms, long_terms).map(exp_sum)

positive_expsums: st.SearchStrategy[ExpSum] = st.lists(
    st.tuples(st.integers(1, 5), loglinears), min_size=1, max_size=3
).map(exp_sum)

expratios: st.SearchStrategy[ExpRatio] = st.builds(ExpRatio, terms.map(exp_sum), positive_expsums)


def mp(value: fmpq | int) -> mpmath.mpf:
    q = fmpq(value)
    return mpmath.mpf(int(q.p)) / int(q.q)


def mp_loglinear(value: LogLinear) -> mpmath.mpf:
    return mp(value.constant) + sum((mp(a) * mpmath.log(p) for p, a in value.terms), mpmath.mpf(0))


def mp_terms(pairs: list[tuple[fmpq, LogLinear]]) -> mpmath.mpf:
    """Sum the terms as they were given, so that folding and collecting are not trusted."""
    return sum((mp(c) * mpmath.exp(mp_loglinear(exponent)) for c, exponent in pairs), mpmath.mpf(0))


def mp_expsum(value: ExpSum) -> mpmath.mpf:
    return mp_terms(list(value.terms()))


def inside(ball: arb, value: mpmath.mpf, scale: mpmath.mpf | int = 1) -> bool:
    """Whether the ball contains the mpmath value, give or take mpmath's own error at ``scale``."""
    negative, mantissa, exponent, _ = value._mpf_
    with ctx.workprec(4 * DIGITS + 200):
        centre = arb(fmpz(int(mantissa))) * arb(2) ** exponent * (-1 if negative else 1)
        slack = (abs(centre) + arb(str(mpmath.nstr(mpmath.mpf(scale), 5)))) * arb(10) ** (5 - DIGITS)
        return bool(abs(ball.mid() - centre) <= ball.rad() + slack)
