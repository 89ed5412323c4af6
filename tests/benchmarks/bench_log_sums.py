"""Signs of sums of logarithms of 10-term sums against the same decided by bare products of polynomials.

The bare side knows the lattice (``t = exp(1/12)``) and which factors are on which side, and only multiplies, in
a balanced tree.  The sums are new in each round on both sides, so nothing is remembered.
"""

import random
from collections.abc import Callable, Sequence
from operator import mul

from flint import arb, ctx, fmpq, fmpz_poly
from frame import Row, check, cpu, main

from reference.exact import ExpSum, Real, exp_sum, real_log, real_sum

SUMS, TERMS, LATTICE = 100, 10, 12
ROUNDS = 31
NEAR = 10**100
"""One over the difference of two sums that are close."""

Factors = Sequence[fmpz_poly]


def polynomials(seed: int) -> list[fmpz_poly]:
    """Return 100 random polynomials with 10 positive coefficients."""
    draw = random.Random(seed)
    return [fmpz_poly([draw.randint(1, 1000) for _ in range(TERMS)]) for _ in range(SUMS)]


def pairs(factors: Factors) -> list[fmpz_poly]:
    """Return the products of neighbours."""
    return [*map(mul, factors[::2], factors[1::2])]


def exp_of(polynomial: fmpz_poly) -> ExpSum:
    """Return ``polynomial(exp(1/12))``."""
    return exp_sum((int(c), fmpq(k, LATTICE)) for k, c in enumerate(polynomial.coeffs()))


def alternating(factors: Factors) -> Real:
    """Return the logarithms with signs in turn: far from zero."""
    return real_sum(real_log(exp_of(f)) * (-1) ** i for i, f in enumerate(factors))


def zero(factors: Factors) -> Real:
    """Return 0: the logarithms of all factors, less those of their products by pairs."""
    return real_sum([*(real_log(exp_of(f)) for f in factors), *(-real_log(exp_of(p)) for p in pairs(factors))])


def near(factors: Factors) -> Real:
    """Return a number below zero that is smaller than 10^-100: the same with one pair a little larger."""
    pair = exp_of(factors[0] * factors[1])
    return zero(factors) + real_log(pair) - real_log(pair + fmpq(1, NEAR))


def product(factors: Factors) -> fmpz_poly:
    """Multiply neighbours, over and over."""
    level = list(factors)
    while len(level) > 1:
        level = [*map(mul, level[::2], level[1::2]), *(level[-1:] if len(level) % 2 else [])]
    return level[0]


def bare_zero(factors: Factors, by_pairs: Factors) -> int:
    """Compare the products of both sides."""
    return int(product(factors) != product(by_pairs))


def bare_near(factors: Factors, by_pairs: Factors) -> int:
    """Return the sign of the difference of the sides."""
    difference = product(factors) * NEAR - product([by_pairs[0] * NEAR + 1, *by_pairs[1:]])
    prec = 64
    while True:
        with ctx.workprec(prec):
            ball = difference(arb(fmpq(1, LATTICE)).exp())
        if ball > 0 or ball < 0:
            return 1 if ball > 0 else -1
        prec *= 2


def rows() -> list[Row]:
    """Sums far from zero, zero, and close to zero."""
    sides = "bare products of both sides"
    return [
        _row("sign of 100 logarithms of 10-term sums", "bare product", alternating, lambda all_, _: product(all_)),
        _row("the same, less 50 of their products by pairs: 0", sides, zero, bare_zero),
        _row("the same, with a difference below 10^-100", sides, near, bare_near),
    ]


def _row(
    work: str, peer: str, make: Callable[[Factors], Real], bare: Callable[[Factors, Factors], fmpz_poly | int]
) -> Row:
    ours = theirs = float("inf")
    for seed in range(ROUNDS):
        factors = polynomials(seed)
        by_pairs, number = pairs(factors), make(factors)
        start = cpu()
        sign = number.sign()
        ours = min(ours, cpu() - start)
        start = cpu()
        meant = bare(factors, by_pairs)
        theirs = min(theirs, cpu() - start)
        check(agree=isinstance(meant, fmpz_poly) or sign == meant, work=work)
    return Row(work, peer, ours, theirs, limit=5)


if __name__ == "__main__":
    main(rows)
