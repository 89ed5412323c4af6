"""Rounding to ``2^-bits``: on the grid and within one step, whatever the number; else undecided."""

import mpmath
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import LogLinear, Undecided, enclosed, exp, log, precision_cap, real, real_log
from reference.exact.number import ExactNumber
from reference.exact.rounding import dyadic
from tests.exact.tower import expratios, loglinears, mp, mp_loglinear, positive_expsums

numbers: st.SearchStrategy[ExactNumber] = st.one_of(
    loglinears,
    expratios,
    positive_expsums.map(real_log),
    st.builds(lambda a, b, q: real_log(a) * q - b, positive_expsums, loglinears, loglinears),
)


@given(numbers, st.integers(0, 80))
def test_on_the_grid_and_within_one_step(value: ExactNumber, bits: int) -> None:
    rounded = dyadic(value, bits)
    assert (rounded * 2**bits).q == 1
    ball = value.enclosure(4096)
    with ctx.workprec(4096):
        assert abs(ball - arb(rounded)) <= arb(2) ** -bits


@given(loglinears, st.integers(0, 60))
def test_log_linear_numbers_by_mpmath(value: LogLinear, bits: int) -> None:
    with mpmath.workdps(80):
        assert abs(mp(dyadic(value, bits)) - mp_loglinear(value)) <= mpmath.mpf(2) ** -bits


@pytest.mark.parametrize(
    ("value", "bits", "rounded"),
    [
        (log(2), 0, fmpq(1)),  # 0.693
        (log(2), 4, fmpq(11, 16)),  # 11.09 sixteenths
        (-log(2), 4, fmpq(-11, 16)),
        (real_log(1 + exp(1)), 3, fmpq(11, 8)),  # 1.3133: 10.506 eighths
        (LogLinear(fmpq(3, 8)), 3, fmpq(3, 8)),
        (LogLinear(fmpq(3, 8)), 7, fmpq(3, 8)),
        (LogLinear(fmpq(0)), 0, fmpq(0)),
        (real(exp(200)), 0, None),  # more binary digits than the first enclosure has
    ],
)
def test_by_hand(value: ExactNumber, bits: int, rounded: fmpq | None) -> None:
    if rounded is not None:
        assert dyadic(value, bits) == rounded
    else:
        assert abs(value - dyadic(value, bits)) <= 1  # type: ignore[operator]  # a Real


def test_numbers_half_way_are_within_half_a_step() -> None:
    assert abs(dyadic(LogLinear(fmpq(1, 2)), 0) - fmpq(1, 2)) == fmpq(1, 2)
    assert abs(dyadic(LogLinear(fmpq(-3, 8)), 2) + fmpq(3, 8)) == fmpq(1, 8)


def test_half_a_step_that_no_enclosure_separates_is_no_trouble() -> None:
    """The nearest multiple of ``log 2 - log 2 + 1/2``, seen through balls, is never decided; one within a step is."""

    def ball(prec: int) -> arb:
        with ctx.workprec(prec):
            return arb(2).log() - arb(2).log() + arb("0.5")

    assert dyadic(enclosed(ball), 0) in {0, 1}


def test_negative_bits_are_refused() -> None:
    with pytest.raises(ValueError, match="bits = -1: the precision to round to is at least 0"):
        dyadic(log(2), -1)


def test_undecided_at_the_cap_names_the_question() -> None:
    with precision_cap(64), pytest.raises(Undecided, match="to 100 binary digits"):
        dyadic(log(2), 100)
    wide = enclosed(lambda _: arb(0, 10))
    with pytest.raises(Undecided, match="to 2 binary digits"):
        dyadic(wide, 2)
