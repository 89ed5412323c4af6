"""Log-linear numbers side by side: over one denominator where they can be, and their weighted sums."""

from math import lcm

from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import LogLinear, log
from reference.exact.fast.log_linears import weighted_sum
from reference.exact.log_linears import LogLinears, over_one_denominator
from reference.testing import rationals


def test_a_denominator_by_hand() -> None:
    assert over_one_denominator([fmpq(1, 4), fmpq(-5, 6), fmpq(2)]) == ([3, -10, 24], 12)
    assert over_one_denominator([fmpq(0)] * 3) == ([0, 0, 0], 1)
    assert over_one_denominator([]) == ([], 1)


@given(st.lists(rationals(), max_size=200))
def test_numbers_over_their_denominator_are_the_numbers(values: list[fmpq]) -> None:
    found = over_one_denominator(values)
    assert found is not None
    assert found.denominator == lcm(*(int(value.q) for value in values))
    assert [fmpq(n, found.denominator) for n in found.numerators] == values


def test_a_long_denominator_is_not_formed() -> None:
    far_apart = [fmpq(1, 2**521 - 1), *[fmpq(0)] * 100, fmpq(1, 2**607 - 1)]
    assert over_one_denominator(far_apart) is None
    assert over_one_denominator(far_apart[:-1]) is not None
    values = LogLinears([LogLinear(value) for value in far_apart])
    assert values.integers is None
    assert weighted_sum([1] * len(values), values) == LogLinear(far_apart[0] + far_apart[-1])


def test_logarithms_have_no_integers() -> None:
    values = LogLinears([log(2), *[LogLinear(fmpq(1, 3))] * 99])
    assert values.integers is None
    assert weighted_sum(range(1, 101), values) == log(2) + fmpq(sum(range(2, 101)), 3)


def test_it_is_the_tuple_that_it_holds() -> None:
    values = [log(2), LogLinear(fmpq(1, 3))]
    assert LogLinears(values) == tuple(values)
    assert hash(LogLinears(values)) == hash(tuple(values))
