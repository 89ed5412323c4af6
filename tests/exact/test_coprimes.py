"""Powers over a coprime base, by gcds alone: whether logarithms of integers cancel."""

from flint import fmpq
from sympy import factorint

from reference.exact.coprimes import independent


def test_by_hand() -> None:
    assert not independent([(6, fmpq(1)), (2, fmpq(-1)), (3, fmpq(-1))])
    assert independent([(6, fmpq(1)), (2, fmpq(-1)), (3, fmpq(-2))])
    assert not independent([(4, fmpq(1, 2)), (2, fmpq(-1))])


def test_high_powers_do_not_recurse() -> None:
    # 10^400 against 2 and 5: once a chain of calls deeper than Python allows
    assert not independent([(2**2000, fmpq(1, 2000)), (2, fmpq(-1))])
    assert independent([(2**2000, fmpq(1, 2000)), (2, fmpq(-1, 2))])
    assert not independent([(10**400, fmpq(1, 400)), (2, fmpq(-1)), (5, fmpq(-1))])


def test_against_factorisations() -> None:
    for a in range(2, 13):
        for b in range(2, 13):
            for c in (fmpq(-1), fmpq(-2), fmpq(-1, 2), fmpq(-2, 3)):
                terms = [(a, fmpq(1)), (b, c)]
                primes = {p for n, _ in terms for p in factorint(n)}
                zero = all(sum((k * factorint(n).get(p, 0) for n, k in terms), fmpq(0)) == 0 for p in primes)
                assert independent(terms) == (not zero)
