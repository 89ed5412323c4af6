"""What all numbers share: comparison across types, refinement, the precision cap."""

import operator
import pickle
from collections.abc import Callable
from decimal import Decimal as PythonDecimal
from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq, fmpz

from reference.exact import (
    InexactInput,
    Number,
    Undecided,
    enclosed,
    exp,
    exp_ratio,
    log,
    loglinear,
    precision_cap,
    real,
    real_log,
)
from reference.exact.number import ExactNumber, refine

HALVES: list[ExactNumber] = [loglinear("1/2"), exp(0) * fmpq(1, 2), exp_ratio(fmpq(1, 2)), real(fmpq(1, 2))]
IRRATIONAL: list[ExactNumber] = [log(2), exp(1), 1 / (exp_ratio(1) + exp(1)), real_log(exp(1) + 1)]


@pytest.mark.parametrize("half", HALVES)
def test_a_half_is_a_half_in_every_type(half: ExactNumber) -> None:
    for other in (fmpq(1, 2), Fraction(1, 2), *HALVES):
        assert half == other
        assert other == half
        assert (half != other) is False
        if not isinstance(half, type(real(0))) and not isinstance(other, type(real(0))):
            assert hash(half) == hash(other)
    for other in (0, 1, fmpq(1, 3), Fraction(1, 3), fmpz(1), -1):
        assert half != other
        assert other != half
        assert (half < other) == (fmpq(1, 2) < fmpq(Fraction(other).numerator, Fraction(other).denominator)
                                  if isinstance(other, Fraction) else fmpq(1, 2) < other)  # fmt: skip


@pytest.mark.parametrize("number", [*HALVES, *IRRATIONAL])
@pytest.mark.parametrize("inexact", [0.5, PythonDecimal("0.5"), 0.5j, arb(1) / 2])
def test_inexact_comparisons_are_refused(number: ExactNumber, inexact: object) -> None:
    for relation in (operator.eq, operator.ne, operator.lt, operator.ge):
        with pytest.raises(InexactInput, match="write it exactly"):
            relation(number, inexact)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("number", [*HALVES, *IRRATIONAL])
def test_other_objects_are_different_and_unordered(number: ExactNumber) -> None:
    assert number != "1/2"
    assert number != None  # noqa: E711  # the comparison is the test
    with pytest.raises(TypeError, match="not supported"):
        assert number < "1/2"


def test_log_linear_against_exp_sum() -> None:
    assert loglinear(2) == exp("log(2)")
    assert log(2) != exp(0)
    assert loglinear(1) != exp(1)
    assert 1 / exp_ratio(2) == loglinear("1/2")
    with pytest.raises(TypeError, match=r"cannot compare LogLinear with ExpSum; compare real\(a\) with real\(b\)"):
        assert log(2) == exp(1)
    assert real(log(2)) != real(exp(1))


@pytest.mark.parametrize("number", [*HALVES, *IRRATIONAL])
@pytest.mark.parametrize("other", [1.5, "1", None])
def test_arithmetic_with_other_types_is_refused(number: ExactNumber, other: object) -> None:
    for operation in (operator.add, operator.sub, operator.mul, operator.truediv):
        for left, right in ((number, other), (other, number)):
            with pytest.raises(TypeError):
                operation(left, right)


@pytest.mark.parametrize("number", [*HALVES, *IRRATIONAL])
def test_pickles_and_is_immutable(number: ExactNumber) -> None:
    copy = pickle.loads(pickle.dumps(number))  # noqa: S301  # our own bytes
    assert type(copy) is type(number)
    assert copy == number
    assert str(copy) == str(number)
    for name in ("terms", "parts", "numerator", "constant", "anything"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(number, name, 0)


@pytest.mark.parametrize("make", [exp_ratio, real, exp, loglinear])
def test_floats_do_not_get_in(make: Callable[[object], Number]) -> None:
    with pytest.raises(InexactInput, match=r"0\.5 is a float, of value 1/2; pass Fraction\(0\.5\) or the text '0\.5'"):
        make(0.5)


def test_absolute_value_and_truth() -> None:
    assert abs(log(fmpq(1, 2))) == log(2)
    assert abs(exp(1) - 3) == 3 - exp(1)
    assert not exp(1) - exp(1)
    assert exp(1) - 3


def _third(prec: int) -> arb:
    with ctx.workprec(prec):
        return arb(1) / 3


def test_undecided_names_the_cap_and_the_question() -> None:
    third = enclosed(_third)
    with pytest.raises(Undecided, match=r"undecided at 4096 bits: the sign of .*_third.*precision cap"):
        assert third == fmpq(1, 3)
    with precision_cap(200):
        with pytest.raises(Undecided, match="undecided at 200 bits"):
            assert third > fmpq(1, 3)
        assert third > fmpq(1, 3) - fmpq(1, 2**150)
        with precision_cap(100), pytest.raises(Undecided, match="undecided at 100 bits"):
            assert third > fmpq(1, 3) - fmpq(1, 2**150)
    assert third > fmpq(1, 3) - fmpq(1, 2**300)
    with pytest.raises(TypeError, match="not hashable"):
        hash(third)


@pytest.mark.parametrize("bits", [1, 0, -5])
def test_absurd_caps_are_refused(bits: int) -> None:
    with pytest.raises(ValueError, match=rf"precision_cap\({bits}\): at least 2 bits"), precision_cap(bits):
        pass


def test_the_smallest_cap_is_2_bits() -> None:
    third = enclosed(_third)
    with precision_cap(2):
        assert third < 1
        with pytest.raises(Undecided, match="undecided at 2 bits"):
            assert third > fmpq(1, 3)


def test_refine_doubles_from_64_and_stops_at_the_cap() -> None:
    asked: list[int] = []
    with pytest.raises(Undecided):
        refine(asked.append, question=lambda: "nothing", cap=300)
    assert asked == [64, 128, 256, 300]
    assert refine(lambda prec: prec if prec > 100 else None, question=str) == 128
    asked.clear()
    with pytest.raises(Undecided):
        refine(asked.append, question=lambda: "nothing", cap=10)
    assert asked == [10]


def test_the_precision_of_flint_is_restored() -> None:
    before = ctx.prec
    third = enclosed(_third)
    with pytest.raises(Undecided):
        assert third == fmpq(1, 3)
    assert log(2) < 1
    assert exp(1).enclosure(500).rad() < fmpq(1, 2**400)
    assert ctx.prec == before


def test_decided_beyond_the_cap_where_an_answer_exists() -> None:
    with ctx.workprec(12000):
        close = arb(2).log()
        scaled = (close * arb(2) ** 10000).floor().unique_fmpz()
    assert scaled is not None
    below = fmpq(scaled, fmpz(2) ** 10000)
    assert log(2) > below
    assert log(2) < below + fmpq(1, fmpz(2) ** 9990)
    assert real(log(2)) > below
    assert exp(below) < 2
