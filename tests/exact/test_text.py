"""Everything that is printed can be read back, and what is no number is refused in one line."""

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import (
    BadNumber,
    ExpRatio,
    ExpSum,
    InexactInput,
    LogLinear,
    Number,
    Real,
    enclosed,
    exp,
    exp_sum,
    log,
    loglinear,
    rational,
    rational_text,
    real,
    real_log,
)
from reference.exact.precision import workprec
from reference.exact.reals import real_exp
from reference.exact.table import short
from reference.exact.text import text_within
from tests.exact.tower import expratios, expsums, loglinears, long_terms, positive_expsums, rationals

E = exp(1)


# ------------------------------------------------------------------------------------------------- values by hand


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-3/4", fmpq(-3, 4)),
        ("1e-6", fmpq(1, 10**6)),
        (" 1/2 + 3*log(2) - log(3/5)/2", fmpq(1, 2) + 3 * log(2) - log("3/5") / 2),
        ("log(1+exp(1))", real_log(1 + E)),
        ("exp(1/2*log(2))*exp(1/2*log(2))", real(2)),
        ("2^-3*exp(2)", exp(2) / 8),
        ("(1 + exp(1))^2/(1 + exp(1))", 1 + E),
        ("-exp(-1)", -exp(-1)),
        ("-(1 - exp(1))", E - 1),
        ("1 - 2 - 3", fmpq(-4)),
        ("8/2/2", fmpq(2)),
        ("2*3^2", fmpq(18)),
        ("-2^2", fmpq(-4)),
        ("log(exp(3))", fmpq(3)),
        ("exp(log(1 + exp(1)))", 1 + E),
        ("((1))", fmpq(1)),
        (".5 + 1.", fmpq(3, 2)),
        ("exp(1000000000)", exp(10**9)),
    ],
)
def test_reading_by_hand(text: str, value: Number) -> None:
    assert real(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is no number: character 1: a number is missing at the end"),
        ("1 +", "'1 +' is no number: character 4: a number is missing at the end"),
        ("2 log(3)", "'2 log(3)' is no number: character 3: an operator is missing here"),
        ("log(1 + exp(1)", "'log(1 + exp(1)' is no number: character 1: this bracket is not closed"),
        ("1)", "'1)' is no number: character 2: this bracket closes nothing"),
        ("1//2", "'1//2' is no number: character 3: here a number is expected"),
        ("1 + -2", "'1 + -2' is no number: character 5: here a number is expected"),
        ("log 2", "'log 2' is no number: character 1: log takes its argument in brackets"),
        ("1 + log(0)", "'1 + log(0)' is no number: character 5: log(0): the argument must be positive"),
        ("log(1 - exp(1))", "character 1: log(1 - exp(1)): the argument must be positive"),
        ("log(log(3))", "character 1: log(log(3)): the argument is no quotient of sums of exponentials"),
        ("1/(log(2) - log(2))", "character 1: division by zero"),
        ("2^(3)", "character 3: a power is an integer of few digits"),
        ("2^3.5", "character 3: a power is an integer of few digits"),
        ("2^10000000000000000000", "character 3: a power is an integer of few digits"),
        ("nan", "character 1: here a number is expected"),
        ("1e20000", "character 1: decimal exponent 20000; at most 10000 either way is read"),
        ("exp(2000000000)", "character 1: exp(2000000000): the exponent is beyond 1000000000"),
        ("ln(3)", "character 1: here a number is expected; write log(...)"),
        ("2**3", "character 3: here a number is expected; write ^ for powers"),
        ("sqrt(2)", "character 1: here a number is expected; write exp(log(...)/2)"),
        ("≈0.69", "character 1: here a number is expected; that is a rounded decimal"),
        ("\N{MINUS SIGN}3", "character 1: here a number is expected; write - for the minus sign"),
        ("(" * 101 + "1" + ")" * 101, "brackets are nested more than 100 deep"),
        ("1" * 500_001, "number of 500001 characters; at most 500000 are read"),
    ],
)
def test_refusals_by_hand(text: str, message: str) -> None:
    with pytest.raises(BadNumber) as caught:
        real(text)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "(1 + exp(1))^1000000",
        "(1 + exp(1/7) + exp(1/11))^2000*(1 + exp(1/13))^2000",
        "exp(1)^100000000000",
        "2^100000000000",
        "exp(10000000*log(2))",
        "(log(2) + log(3) + log(5))^100000",
        "/".join(["1"] + [f"(1 + exp(1/{k}))" for k in range(2, 60)]),
        "+".join(f"1/(1 + exp({k}/97) + exp(1/{k}))" for k in range(2, 60)),
    ],
)
def test_texts_that_ask_for_too_much_are_refused(text: str) -> None:
    with pytest.raises(BadNumber, match=r"too large to form|too much work|beyond|has more than"):
        real(text)


def test_a_float_is_refused_here_too() -> None:
    with pytest.raises(InexactInput, match=r"0\.5 is a float"):
        real(0.5)  # type: ignore[arg-type]  # wrong on purpose


def test_long_numbers_are_written_out_and_read_back() -> None:
    s = exp_sum((k + 1, fmpq(k, 7)) for k in range(3000))
    assert real(str(s)).exact == s
    assert text_within(s, 1000) is None
    assert text_within(s, 10**6) == str(s)
    for most in (10, 1000):
        assert text_within(real(s), most) == text_within(1 / real(s), most) == text_within(real_log(s), most) is None
    huge = fmpq(10**9_999 + 1, 3)
    assert real(rational_text(huge)).exact == huge
    assert repr(s).endswith("...)")
    with pytest.raises(BadNumber, match="the text was cut off"):
        real(repr(s).removeprefix("ExpSum(").removesuffix(")"))


def test_what_is_shown_in_a_table_is_exact_while_that_is_short() -> None:
    assert short(1 + E) == "1 + exp(1)"
    assert short(log(1 + E) / 3) == "1/3*log(1 + exp(1))"
    assert short(exp_sum((1, fmpq(k)) for k in range(10**4))) == "≈5.12536e4342"
    assert short(fmpq(10**40)) == "1e40"
    assert short(fmpq(10**40, 3)) == "≈3.33333e39"


def test_numbers_that_are_only_enclosed_are_named() -> None:
    def half_pi(prec: int) -> arb:
        with ctx.workprec(prec):
            return arb.pi() / 2

    assert str(2 * enclosed(half_pi)) == "2*half_pi()"
    with pytest.raises(BadNumber, match="here a number is expected"):
        real("2*half_pi()")


# ------------------------------------------------------------------------------------------- round trips, every type


def same(text: str, value: Number) -> None:
    """Assert that a text reads as the very terms of the number, and is written in the same way again."""
    found = real(text)
    assert found.terms == real(value).terms
    assert str(found if isinstance(value, Real) else real(value)) == str(found)


@given(rationals(10**9, 10**9))
def test_rationals_come_back(value: fmpq) -> None:
    assert rational(rational_text(value)) == value
    same(rational_text(value), value)


@given(loglinears)
def test_log_linear_numbers_come_back(value: LogLinear) -> None:
    assert loglinear(str(value)) == value
    same(str(value), value)


@given(st.one_of(expsums, long_terms.map(exp_sum)))
def test_exp_sums_come_back(value: ExpSum) -> None:
    same(str(value), value)


@given(expratios)
def test_exp_ratios_come_back(value: ExpRatio) -> None:
    same(str(value), value)


def grown(reals: st.SearchStrategy[Real]) -> st.SearchStrategy[Real]:
    """Return sums, products, quotients and exponentials of reals: every kind of atom, within one another."""
    return st.one_of(
        st.builds(Real.__add__, reals, reals),
        st.builds(Real.__mul__, reals, reals),
        st.builds(lambda a, b: a / (b * b + 1), reals, reals),
        st.builds(lambda a: exp(a / 7), reals),
        st.builds(lambda a, k: a**k, reals, st.integers(0, 2)),
    )


reals = st.recursive(
    st.one_of(rationals(), loglinears, expratios, positive_expsums.map(real_log)).map(real), grown, max_leaves=4
)


@given(reals)
def test_reals_come_back(value: Real) -> None:
    same(str(value), value)


@given(st.text(alphabet="0123456789.+-*/^()logexp e", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value = real(text)
    except BadNumber:
        return
    same(str(value), value)


def _two(prec: int) -> arb:
    with workprec(prec):
        return arb(2).sqrt()


@pytest.mark.parametrize(
    "number",
    [
        enclosed(_two),
        enclosed(_two) / 3 + log(2),
        real_exp(enclosed(_two) + 1),
        1 / (enclosed(_two) + log(3)),
        enclosed(_two) * real_log(1 + exp(1)),
    ],
)
def test_what_is_only_enclosed_has_no_text(number: Real) -> None:
    """Its ``str`` is for error messages: it is cut, and nothing reads it."""
    assert "_two" in str(number)
    with pytest.raises(BadNumber):
        real(str(number))
    assert text_within(number, 10**6) is None


@given(st.one_of(loglinears, expsums, expratios), st.integers(1, 3))
def test_a_text_that_fits_exactly_is_written(number: Number, more: int) -> None:
    text = str(real(number))
    assert text_within(real(number), len(text)) == text
    assert text_within(real(number), len(text) + more) == text
    assert text_within(real(number), len(text) - 1) is None


def test_many_short_terms_fit() -> None:
    for count in range(1, 40):
        s = exp_sum((1, fmpq(k)) for k in range(count))  # 1 + exp(1) + exp(2) + ...
        text = str(s)
        assert [text_within(s, most) for most in (len(text) - 1, len(text))] == [None, text]
