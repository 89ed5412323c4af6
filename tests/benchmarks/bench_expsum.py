"""Exp-sums through the public API against the same work written bare on FLINT's integer polynomials.

The bare side knows the lattice (``t = exp(1/12)``), the shift and the common
denominator beforehand, so it pays neither for normalising nor for choosing a form.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import lcm

import c_limit
from flint import arb, ctx, fmpq, fmpz_poly
from frame import Row, check, cpu, main

from reference.exact import ExpSum, exp_sum

TERMS = 1000
LATTICE = 12
DENOMINATOR = 30
ROUNDS = 31


@dataclass(frozen=True)
class Bare:
    """``exp(shift/LATTICE) * polynomial(exp(1/LATTICE)) / denominator``."""

    shift: int
    polynomial: fmpz_poly
    denominator: int

    def __mul__(self, other: "Bare") -> "Bare":
        return Bare(self.shift + other.shift, self.polynomial * other.polynomial, self.denominator * other.denominator)

    def equals(self, other: "Bare") -> bool:
        """Compare, cross-multiplied if need be; the shifts are those of non-zero first coefficients."""
        if self.denominator == other.denominator:
            return self.shift == other.shift and self.polynomial == other.polynomial
        left, right = self.polynomial * other.denominator, other.polynomial * self.denominator
        return self.shift == other.shift and left == right

    def sign(self) -> int:
        """Evaluate at one ball, doubling the precision."""
        prec = 64
        while True:
            with ctx.workprec(prec):
                ball = self.polynomial(arb(fmpq(1, LATTICE)).exp())
            if ball > 0 or ball < 0:
                return 1 if ball > 0 else -1
            prec *= 2


def tower(bare: Bare) -> ExpSum:
    """Return the same number through the public API: a new object, so nothing is remembered."""
    return exp_sum(
        (fmpq(int(c), bare.denominator), fmpq(bare.shift + k, LATTICE))
        for k, c in enumerate(bare.polynomial.coeffs())
        if c != 0
    )


def dense(seed: int, terms: int = TERMS) -> Bare:
    """Return a sum with random coefficients of 30 bits."""
    draw = random.Random(seed)
    coefficients = [draw.randint(1, 2**30) * draw.choice([1, -1]) for _ in range(terms)]
    return Bare(-terms // 2, fmpz_poly(coefficients), DENOMINATOR)


def cancelling(digits: int) -> Bare:
    """Return a sum of 1,000 terms that is its constant term times ``10^-digits``, or less."""
    start = dense(5)
    with ctx.workprec(digits * 4 + 200):
        t = arb(fmpq(1, LATTICE)).exp()
        value = start.polynomial(t) * arb(10) ** digits
        nearest = value.floor().unique_fmpz()
    if nearest is None:
        msg = "precision too low for the cancelling sum"
        raise ArithmeticError(msg)
    return Bare(0, start.polynomial * 10**digits - int(nearest), DENOMINATOR * 10**digits)


def fastest(work: Callable[[], object], prepare: Callable[[], object] = lambda: None, rounds: int = ROUNDS) -> float:
    """Return CPU seconds of the fastest round; ``prepare`` runs before each and is not counted."""
    best = float("inf")
    for _ in range(rounds):
        prepare()
        start = cpu()
        work()
        best = min(best, cpu() - start)
    return best


def sign_row(work: str, bare: Bare) -> Row:
    """Compare signs; on both sides the number is new in each round, so nothing is remembered or in the cache."""
    fresh: list[ExpSum] = []
    fresh_bare: list[Bare] = []

    def prepare() -> None:
        fresh[:] = [tower(bare)]

    def prepare_bare() -> None:
        tower(bare)
        fresh_bare[:] = [Bare(bare.shift, fmpz_poly(bare.polynomial.coeffs()), bare.denominator)]

    def ours() -> int:
        return fresh[0].sign()

    def theirs() -> int:
        return fresh_bare[0].sign()

    check(agree=tower(bare).sign() == bare.sign(), work=work)
    return _row(work, fastest(ours, prepare), fastest(theirs, prepare_bare))


def rows() -> list[Row]:
    """Exp-sums of 1,000 terms: equality, product, sign and order, with cancellation up to relative 10^-400."""
    a, b = dense(1), dense(2)
    x, y, again = tower(a), tower(b), tower(a)
    product, expected = a * b, tower(a * b)
    check(agree=x * y == expected and x == again and x != y, work="equality")
    copy = Bare(a.shift, fmpz_poly(a.polynomial.coeffs()), a.denominator)
    build, enclose = _scattered()
    many = _fractions(10**5)
    return [
        _row("equality, 1,000 terms", fastest(lambda: x == again), fastest(lambda: a.equals(copy))),
        _row(
            "x * y == z, 1,000 terms each", fastest(lambda: x * y == expected), fastest(lambda: (a * b).equals(product))
        ),
        sign_row("sign, 1,000 terms", a),
        sign_row("sign, cancellation to 10^-100", cancelling(100)),
        sign_row("sign, cancellation to 10^-400", cancelling(400)),
        _row("order, cancellation to 10^-400", *_order_of_two_sums()),
        *_fractions_enclosed(),
        Row(
            "build and enclose 10^5 terms, fractions",
            "1 second",
            fastest(lambda: exp_sum(many).enclosure(53), rounds=1),
            1,
            limit=1,
        ),
        *_left_fold(),
        Row("build 10^4 terms, arbitrary denominators", "-", build, None),
        Row("enclose 10^4 terms, arbitrary denominators", "-", enclose, None),
    ]


def _row(work: str, ours: float, bare: float, *, peer: str = "bare fmpz_poly") -> Row:
    return Row(work, peer, ours, bare, limit=4)


def _fractions(terms: int) -> list[tuple[fmpq, fmpq]]:
    """Return random terms: fractions with numerators and denominators of 20 bits, exponents on a lattice."""
    draw = random.Random(6)
    return [
        (
            fmpq(draw.getrandbits(20) + 1, draw.getrandbits(20) + 1),
            fmpq(draw.randint(-20 * 5040, 20 * 5040), 5040),
        )
        for _ in range(terms)
    ]


def _fractions_enclosed() -> list[Row]:
    """At 53 bits, beside C and bare balls, which add what is listed, and do not collect equal exponents."""
    work, terms = "build and enclose 1,000 terms, fractions as coefficients", _fractions(TERMS)

    def ours() -> arb:
        return exp_sum(terms).enclosure(53)

    def bare() -> arb:
        with ctx.workprec(53):
            return sum((arb(q).exp() * c for c, q in terms), arb(0))

    check(agree=ours().overlaps(bare()), work=work)
    in_c, timed = c_limit.enclosed_sum(terms, 53), c_limit.enclosed_sum(terms, 53, told=False)
    return [
        c_limit.limit_row(work, ours, in_c, limit=8, agree=arb.overlaps, timed=timed),
        _row(work, fastest(ours), fastest(bare), peer="bare arb"),
    ]


def _left_fold() -> list[Row]:
    """A product one factor after the other; C finds the common lattice, and the bare side knows it, of 60."""
    draw = random.Random(11)
    factors: list[list[tuple[int, fmpq]]] = []
    for _ in range(20):
        places = sorted({fmpq(draw.randint(-5 * q, 5 * q), q) for q in (draw.randint(1, 6) for _ in range(30))})
        factors.append([(draw.randint(1, 1 << 10), place) for place in draw.sample(places, 10)])
    sums = [exp_sum(factor) for factor in factors]
    low = [min(place for _, place in factor) for factor in factors]
    above = [[(c, place - least) for c, place in factor] for factor, least in zip(factors, low, strict=True)]
    polynomials = []
    for factor in above:
        coefficients = [0] * (int(max(place for _, place in factor) * 60) + 1)
        for c, place in factor:
            coefficients[int(place * 60)] = c
        polynomials.append(fmpz_poly(coefficients))
    own = [lcm(*(int(place.q) for _, place in factor)) for factor in above]
    on_own = [(q, [(c, int(place * q)) for c, place in factor]) for q, factor in zip(own, above, strict=True)]

    def ours() -> ExpSum:
        product = sums[0]
        for factor in sums[1:]:
            product = product * factor
        return product

    def bare() -> fmpz_poly:
        product = polynomials[0]
        for factor in polynomials[1:]:
            product = product * factor
        return product

    def in_c(library: c_limit.Library) -> ExpSum:
        return sum_of(*c_limit.folded(on_own)(library))

    def sum_of(lattice: int, coefficients: Sequence[int]) -> ExpSum:
        return exp_sum((fmpq(c), sum(low, fmpq(0)) + fmpq(k, lattice)) for k, c in enumerate(coefficients) if c)

    work = "left fold of 20 factors on different lattices"
    check(agree=ours() == sum_of(60, [int(c) for c in bare().coeffs()]), work=work)
    return [
        c_limit.limit_row(work, ours, in_c, limit=3, timed=c_limit.folded(on_own, told=False)),
        _row(work, fastest(ours, rounds=5), fastest(bare, rounds=5)),
    ]


def _order_of_two_sums() -> tuple[float, float]:
    near = cancelling(400)
    first = dense(7)
    second = Bare(first.shift, first.polynomial - near.polynomial.left_shift(-first.shift), 1)
    first = Bare(first.shift, first.polynomial, 1)
    x, y = tower(first), tower(second)

    def bare() -> bool:
        difference = first.polynomial * second.denominator - second.polynomial * first.denominator
        return Bare(first.shift, difference, 1).sign() > 0

    check(agree=(x > y) == bare(), work="order")
    return fastest(lambda: x > y), fastest(bare)


def _scattered() -> tuple[float, float]:
    """Return seconds to build and to enclose 10^4 terms whose denominators have nothing in common."""
    draw = random.Random(3)
    terms = [
        (fmpq(draw.randint(1, 9)), fmpq(draw.randint(-(10**6), 10**6), draw.randint(1, 10**6))) for _ in range(10**4)
    ]
    s = exp_sum(terms)
    precisions = iter(range(64, 128))  # another one each time: the last enclosure is remembered
    return fastest(lambda: exp_sum(terms), rounds=3), fastest(lambda: s.enclosure(next(precisions)), rounds=3)


if __name__ == "__main__":
    main(rows)
