"""Sums of many fractions, which are kept term by term at first, and hashes of rationals."""

import pickle
from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import exp_sum, log
from reference.exact.exp_terms import LONG_SCALE, MANY_TERMS
from reference.exact.expsum import ExpSum
from reference.exact.log_linear import LogLinear
from reference.exact.rational_numbers import HASH_MODULUS, rational_hash

Term = tuple[fmpq, LogLinear]


def fractions(terms: int, seed: int) -> list[Term]:
    powers = [(pow(3 + seed, k, 10**12 + 39), pow(7, k, 10**12 + 61)) for k in range(1, terms + 1)]
    return [(fmpq(a + 1, b + 1), fmpq(a % 121 - 60, 12) + log(2) * fmpq(b % 2, 2)) for a, b in powers]


def added(terms: list[Term]) -> ExpSum:
    """Return the sum term after term: each has its scale."""
    total = exp_sum([])
    for term in terms:
        total += exp_sum([term])
    return total


@pytest.mark.parametrize("seed", range(3))
def test_a_sum_of_many_fractions_is_the_sum_of_its_terms(seed: int) -> None:
    terms = fractions(2 * MANY_TERMS, seed)
    plain = added(terms)
    assert plain.scale.bit_length() > LONG_SCALE  # else nothing is put off
    for prec in (53, 128):
        assert exp_sum(terms).enclosure(prec).overlaps(plain.enclosure(prec))
        assert exp_sum(terms).enclosure(prec).rad() < plain.enclosure(53).rad() * 2**20
    whole = exp_sum(terms)
    assert whole.number_of_terms == plain.number_of_terms
    assert whole.sign() == 1
    assert (whole, hash(whole), whole.terms()) == (plain, hash(plain), plain.terms())
    assert whole.enclosure(64).overlaps(plain.enclosure(64))  # now from its parts
    assert exp_sum(terms) * 2 - plain == plain == pickle.loads(pickle.dumps(exp_sum(terms)))  # noqa: S301  # our own


def test_a_scale_that_is_hardly_longer_than_one_denominator_is_taken_at_once() -> None:
    many = 2 * MANY_TERMS
    shared = exp_sum([(fmpq(3 * k + 1, 3 * 7**500), LogLinear(fmpq(k, 12))) for k in range(many)])
    assert shared._terms is None  # a polynomial: a sign with much cancellation is 25 times faster
    assert shared.scale == 3 * 7**500
    apart = exp_sum([(fmpq(1, (3, 5, 7)[k % 3] ** 500), LogLinear(fmpq(k, 12))) for k in range(many)])
    assert apart._terms is not None


def test_what_cancels_among_many_fractions_leaves_a_rational() -> None:
    terms = fractions(2 * MANY_TERMS, 7)
    against = [(-c, exponent) for c, exponent in terms]
    assert exp_sum([*terms, *against]).rational == 0
    assert exp_sum([*terms, (fmpq(3, 7), LogLinear(fmpq(0))), *against]).rational == fmpq(3, 7)


@given(st.integers(-(10**30), 10**30), st.one_of(st.integers(1, 10**30), st.just(HASH_MODULUS)))
def test_rationals_are_hashed_as_python_hashes_them(p: int, q: int) -> None:
    assert rational_hash(fmpq(p, q)) == hash(Fraction(p, q)) == hash(fmpq(p, q)) == hash(LogLinear(fmpq(p, q)))


def test_the_hash_that_says_error_is_another_one() -> None:
    assert rational_hash(fmpq(-1)) == hash(-1)
    minus = fmpq(-2, 2 * HASH_MODULUS + 1)  # its size is hashed to a number near 1
    assert rational_hash(minus) == hash(minus)
