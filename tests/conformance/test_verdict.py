"""The scale: each class by an answer made by hand, and the places where one ends and the next begins."""

import math
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from proofs_check.conformance.kit import GRADED_FORMATS, Kit, can_be_asked, function_named
from proofs_check.conformance.profile import Level
from proofs_check.conformance.truth import BadVector, Standard, Truth
from proofs_check.conformance.verdict import (
    MEANINGS,
    AnswerKind,
    AnswerVerdict,
    from_ideal,
    judge_answer,
    of_number,
    refused,
)
from proofs_check.conformance.written import Malformed, WrittenNumber, read_integer, read_number
from reference.conformance.functions import FUNCTIONS
from reference.conformance.vectors import Answer, Argument, Vector
from reference.exact.binary import BINARY_FORMATS, FormatName, to_float
from reference.exact.expsum import exp
from tests.conformance.small_kit import NAN, OFF, SHARP, TWO, VECTORS, vector

THIRD = vector("elliptic", 1, {"phis": [["1", "1"]], "phi": ["1", "0"], "ridge": "1"}, condition="4")
"""Two thirds, which no format has."""

HALF = vector("elliptic", 2, {"phis": [["1", "0"]], "phi": ["1", "0"], "ridge": "1"}, condition="2")
DRAWS, ACCEPTS, SPANNER = VECTORS["draws"][0], VECTORS["accepts"][0], VECTORS["spanner"][0]


def of(vector: Vector, answer: Any, format: FormatName = "binary64", **more: bool) -> AnswerVerdict:  # noqa: A002, ANN401 - as judge_answer
    return judge_answer(vector, FUNCTIONS[vector.id.rpartition("-")[0]], answer, format, **more)


def fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


# ------------------------------------------------------------------------------------------------- one number


def test_the_scale_on_a_number_that_no_format_has() -> None:
    nearest = 2 / 3
    up, down = math.nextafter(nearest, 1), math.nextafter(nearest, 0)
    other = up if Fraction(nearest) < Fraction(2, 3) else down
    assert of(THIRD, Fraction(2, 3)).kind == "exact"
    assert of(THIRD, "2/3").kind == "exact"
    assert of(THIRD, nearest).kind == "correct"
    assert of(THIRD, other).kind == "faithful"
    assert of(THIRD, nearest + 3 * 2**-53).kind == "ulps"
    assert of(THIRD, nearest + 8 * 2**-53).kind == "stable"
    assert of(THIRD, nearest + 2**-40).kind == "unstable"
    assert of(THIRD, 0.667).kind == "wrong"
    assert of(THIRD, -nearest).kind == "sign"
    assert of(THIRD, math.nan).kind == "nonfinite"
    assert of(THIRD, -math.inf).kind == "nonfinite"
    assert of(THIRD, None).kind == "malformed"


def test_a_number_that_the_format_has_is_exact() -> None:
    assert of(HALF, 0.5).kind == "exact"
    assert of(HALF, math.nextafter(0.5, 1)).kind == "ulps"


@pytest.mark.parametrize("format", ["binary64", "binary32", "bfloat16"])
def test_classes_end_where_the_definition_says(format: FormatName) -> None:  # noqa: A002 - the field's word
    precision, least, _ = BINARY_FORMATS[format]
    n, unit, value = 2, Fraction(1, 2**precision), Fraction(2, 3)
    allowed = (4 + 2 * n) * unit * (4 + value) + Fraction(2) ** least
    speck = Fraction(1, 10**40)
    assert of(THIRD, value + allowed, format).kind == "stable"
    assert of(THIRD, value + allowed, format).units == 1
    assert of(THIRD, value + allowed + speck, format).kind == "unstable"
    assert of(THIRD, value - allowed, format).kind == "stable"
    far = Fraction(math.isqrt(2**precision)) * allowed
    assert of(THIRD, value + far, format).kind == "unstable"
    assert of(THIRD, value + 2 * far, format).kind == "wrong"
    ulp = Fraction(1, 2**precision)  # of numbers from 1/2 to 1
    assert of(THIRD, value + 4 * ulp, format).kind == "ulps"
    assert of(THIRD, value + 4 * ulp + speck, format).kind == "stable"
    assert of(THIRD, value + ulp / 2, format).kind == "correct"
    assert of(THIRD, value + ulp / 2 + speck, format).kind == "ulps"


def test_a_loss_of_digits_that_the_condition_explains_is_stable() -> None:
    mild = vector("log_partition", 1, TWO, condition="1")
    hard = vector("log_partition", 1, TWO, condition="1e6")
    answer = of(mild, 0.6201145069582777).said  # not the value at all
    assert "in place of 0.62011450695827" in answer or answer == ""
    near = 0.6201145069582775 * (1 + 1e-12)
    assert of(mild, near).kind == "unstable"
    assert of(hard, near).kind == "stable"


def test_a_solution_of_equations_is_judged_as_a_vector() -> None:
    given: dict[str, Argument] = {"phis": [["1", "1/1073741824"]], "rewards": ["2"], "ridge": "1"}
    asked = vector("ridge", 1, given)
    small = msgspec.structs.replace(asked.answer[1], condition="4e-9")
    asked = msgspec.structs.replace(asked, answer=[msgspec.structs.replace(asked.answer[0], condition="4"), small])
    theta = [1.0, 2.0**-30 + 2.0**-52]  # an error of two ulps of 1, where the entry is 2^-30
    assert of(asked, theta).kind == "stable"
    assert of(asked, [1.0, 2.0**-30 + 2.0**-46]).kind == "unstable"
    entries = replace(FUNCTIONS["ridge"], solves=False)
    assert judge_answer(asked, entries, theta).kind == "unstable"
    assert {name for name, each in FUNCTIONS.items() if each.solves} == {
        "ridge", "span_fit", "preference_fit", "spanner_coefficients",
    }  # fmt: skip


def test_the_sign_is_forgiven_where_the_condition_hides_it() -> None:
    same: dict[str, Argument] = {"p": ["1/2", "1/2"], "q": ["1/2", "1/2"]}
    near: dict[str, Argument] = {"p": ["1/2", "1/2"], "q": ["1073741823/2147483648", "1073741825/2147483648"]}
    assert of(vector("kl", 1, same), -1e-17).kind == "stable"
    assert of(vector("kl", 2, near, condition="1"), -1e-17).kind == "stable"
    assert of(vector("kl", 2, near, condition="1e-9"), -1e-17).kind == "sign"


def test_an_infinite_value_is_infinite_and_nothing_else() -> None:
    endless = Vector("kl-9", "", [], "valid", ["binary64"], {"p": ["1"], "q": ["0"]}, [Answer(decimal="inf")])
    assert of(endless, math.inf).kind == "exact"
    assert of(endless, "inf").kind == "exact"
    assert of(endless, -math.inf).kind == "nonfinite"
    assert of(endless, 1e308).kind == "wrong"
    assert of(endless, math.nan).kind == "nonfinite"


def test_a_value_beyond_the_format_rounds_to_infinity_or_stays_below() -> None:
    huge = vector("coverage", 1, {"pi": ["1/2", "1/2"], "r": ["1", "0"], "beta": "1"})
    text = to_float(exp(100), "binary32", rounding="down").hex()
    large = Answer(
        decimal="2688117141816135448412625551580013587361000", binary32=["inf", text, "inf"], condition="100"
    )
    beyond = Vector(huge.id, "", [], "valid", ["binary32"], huge.input, [large])
    assert of(beyond, math.inf, "binary32").kind == "correct"
    assert of(beyond, float.fromhex(text), "binary32").kind == "faithful"
    assert of(beyond, 1.0, "binary32").kind == "wrong"


# -------------------------------------------------------------------------------------------------------- laws


def test_the_worst_entry_of_a_law_counts() -> None:
    right = [0.7310585786300049, 0.2689414213699951]
    assert of(VECTORS["softmax"][0], right).kind == "correct"
    assert of(VECTORS["softmax"][0], [right[0], 0.2689414213699]).kind == "unstable"
    assert of(VECTORS["softmax"][0], [right[0], 0.3]).said.startswith("entry 1: 0.2999")


def test_masses_that_are_stable_each_and_do_not_sum_to_1() -> None:
    shifted = [0.7310585786300049 + 5 * 2**-53, 0.2689414213699951 + 5 * 2**-54]
    assert of(VECTORS["softmax"][0], shifted).kind == "sum"
    assert "sum to 1 + " in of(VECTORS["softmax"][0], shifted).said


def test_mass_off_the_support_and_negative_mass_are_never_forgiven() -> None:
    right = [0.7310585786300049, 0.2689414213699951]
    assert of(vector("softmax", 2, OFF), [*right, 0.0]).kind == "correct"
    for zero in (-0.0, "0/7", 0, "0e5", Fraction(0)):
        assert of(vector("softmax", 2, OFF), [*right, zero]).kind == "correct"
    assert of(vector("softmax", 2, OFF), [*right, 5e-324]).kind == "support"
    assert of(vector("softmax", 2, OFF, condition="1e300"), [*right, 1e-300]).kind == "support"
    assert of(vector("softmax", 3, SHARP, condition="1e300"), [1.0, -5e-324]).kind == "negative"
    assert of(vector("softmax", 2, OFF), [*right, math.nan]).kind == "nonfinite"


def test_what_flushes_subnormal_numbers_passes_where_that_is_accepted() -> None:
    accepted, plain = VECTORS["softmax"][2], vector("softmax", 3, SHARP, condition="0")
    assert of(accepted, [1.0, 1e-323]).acceptable is False
    assert of(plain, [1.0, 0.0]).kind == "ulps"  # 10^-323 is two units
    far = vector("softmax", 6, {"pi": ["1/2", "1/2"], "r": ["0", "-720"], "beta": "1"}, condition="0")
    assert of(far, [1.0, 0.0]).kind == "wrong"
    assert of(far, [1.0, 0.0], flush=True).kind == "stable"
    also = vector("softmax", 6, far.input, condition="0", also=[["", "0"]])
    assert (of(also, [1.0, 0.0]).kind, of(also, [1.0, 0.0]).acceptable) == ("correct", True)
    assert of(also, [1.0, 1e-300]).acceptable is False
    assert of(also, [0.9999999, 0.0]).kind == "wrong"
    assert not Level.of("correct").passes(of(also, [math.nextafter(1, 0), 0.0]))


def test_another_index_of_a_tie_passes_where_the_vector_lists_it() -> None:
    tie = vector(
        "argmin", 1, {"phis": [["1"]], "rewards": ["0"], "thetas": [["1"], ["-1"], ["2"]]}, result="acceptable",
        also=[["1"]],
    )  # fmt: skip
    assert of(tie, 0).kind == "exact"
    assert (of(tie, 1).kind, of(tie, 1).acceptable) == ("exact", True)
    assert of(tie, 2).kind == "wrong"


def test_the_shape_of_an_answer_counts() -> None:
    rows: list[Any] = [[0.5], [0.5, 0.5, 0], 0.5, {}, None, "0.5", [[0.5, 0.5]], [0.5, None], [True, False], [0.5, "x"]]
    for answer in rows:
        assert of(VECTORS["softmax"][0], answer).kind == "malformed", answer
    numbers: list[Any] = [[0.5], {}, None, True, "x", [], "", ".", "1/0", "0x", "1e", "--1", "1_0", "½", object()]
    for answer in numbers:
        assert of(THIRD, answer).kind == "malformed", answer


# ------------------------------------------------------------------------- integers, booleans, certificates, refusals


def test_integers_are_integers() -> None:
    (right,) = Standard.of(DRAWS, FUNCTIONS["draws"], "binary64").values
    assert of(DRAWS, right).kind == "exact"
    assert of(DRAWS, str(right)).kind == "exact"
    assert of(DRAWS, WrittenNumber(right)).kind == "exact"
    assert of(DRAWS, right + 1).said == f"{right + 1} in place of {right}, 1 from it"
    for answer in (float(right), WrittenNumber(f"{right}.0"), True, None, [right], "", "9" * 2000, 10**5000):
        assert of(DRAWS, answer).kind == "malformed"


def test_booleans_are_booleans() -> None:
    assert of(ACCEPTS, True).kind == "exact"
    assert of(ACCEPTS, False).kind == "wrong"
    for answer in (1, 0, "true", None, [True], 1.0):
        assert of(ACCEPTS, answer).kind == "malformed"


def test_certificates_are_checked() -> None:
    assert of(SPANNER, [0, 1]).kind == "exact"
    assert of(SPANNER, [1, 2]).kind == "exact"
    assert of(SPANNER, [0, 0]).kind == "wrong"
    assert of(SPANNER, [0]).kind == "wrong"
    assert of(SPANNER, [0, 7]).kind == "wrong"
    assert of(SPANNER, [0, -1]).kind == "wrong"
    assert of(SPANNER, [0.0, 1.0]).kind == "malformed"
    assert of(SPANNER, 3).kind == "malformed"


def test_what_has_no_answer_is_refused() -> None:
    uneven = VECTORS["softmax"][3]
    assert of(uneven, [0.5, 0.5]).kind == "wrong"
    assert of(uneven, math.nan).kind == "wrong"
    assert refused(uneven, "masses do not sum to 1").kind == "refused"
    assert Level.of("exact").passes(refused(uneven, "masses do not sum to 1"))
    assert refused(THIRD, "too hard").kind == "refused"
    assert not Level.of("stable").passes(refused(THIRD, "too hard"))
    either = vector("softmax", 1, TWO, result="acceptable", also=[["refused"]])
    assert Level.of("exact").passes(refused(either, "no"))
    assert NAN["r"] == ["nan", "0"]


# ------------------------------------------------------------------------------------------------------ levels


def test_levels_take_what_is_as_good_or_better() -> None:
    order = ["exact", "correct", "faithful", "stable"]
    for level in order:
        for kind in AnswerKind:
            good = kind in AnswerKind and list(AnswerKind).index(kind) <= list(AnswerKind).index(AnswerKind(level))
            assert Level.of(level).passes(AnswerVerdict(kind)) == good
    assert Level.of("ulps:4").passes(of(THIRD, 2 / 3 + 3 * 2**-53))
    assert not Level.of("ulps:2").passes(of(THIRD, 2 / 3 + 3 * 2**-53))
    assert Level.of("ulps:100").passes(of(THIRD, 2 / 3 + 50 * 2**-53))
    assert not Level.of("ulps:4").passes(AnswerVerdict(AnswerKind.NONFINITE))
    assert MEANINGS.keys() == set(AnswerKind)


# ----------------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    "text", ["nan", "NaN", "-nan", "+NAN", "nan(0x1)", "qnan", "sNaN", "1.#QNAN", "-1.#IND", WrittenNumber("NaN")]
)
def test_nan_is_nan_however_it_is_spelled(text: str) -> None:
    assert of(THIRD, text).kind == "nonfinite"
    assert of(VECTORS["softmax"][0], [text, text]).kind == "nonfinite"


@pytest.mark.parametrize(
    "text",
    ["1e999999999", "-1e999999999", "1e400", "0x1p99999999999", "inf", "-Infinity", WrittenNumber("1e999999999")],
)
def test_what_no_format_holds_is_infinite(text: str) -> None:
    assert of(THIRD, text).kind == "nonfinite"
    assert of(THIRD, text, "bfloat16").kind == "nonfinite"


@pytest.mark.parametrize("text", ["1e-999999999", "0x1p-99999999999", "0e999999999", "-0", "0x0p0", "0/7"])
def test_what_is_too_small_is_zero(text: str) -> None:
    assert read_number(text, "binary64") == 0
    assert not of(HALF, text, "bfloat16").is_stable


def test_a_decimal_is_the_number_of_the_format_that_is_nearest() -> None:
    assert read_number("0.1", "binary64") == 0.1
    assert read_number(0.1, "binary32") == to_float(fmpq(1, 10), "binary32")
    assert read_number(WrittenNumber("0.1"), "bfloat16") == to_float(fmpq(1, 10), "bfloat16")
    assert read_number("1/10", "binary32") == fmpq(1, 10)
    assert read_number("0x1.8p1", "binary32") == 3
    assert read_number("0x1.000000000000000001p0", "binary64") == 1 + fmpq(1, 2**72)


def test_long_numbers_are_refused_at_once() -> None:
    for number in ("9" * 1001, "1/" + "9" * 1001, 10**5000, Fraction(1, 10**5000)):
        with pytest.raises(Malformed):
            read_number(number, "binary64")


@given(st.floats(allow_nan=False), st.sampled_from(["binary64", "binary32", "bfloat16"]))
def test_floats_read_as_python_rounds_them(value: float, format: FormatName) -> None:  # noqa: A002 - the field's word
    for text in (repr(value), value.hex() if math.isfinite(value) else repr(value)):
        found = read_number(text, "binary64")
        assert found == value
    assert read_number(repr(value), format) == read_number(value, format)


@given(st.text(max_size=30) | st.from_regex(r"[+-]?[0-9a-fxpe./#]{0,12}", fullmatch=True))
def test_any_text_is_a_number_or_malformed(text: str) -> None:
    for read in (lambda: read_number(text, "binary32"), lambda: read_integer(text)):
        with suppress(Malformed):
            assert read() is not None
    assert "\n" not in of(THIRD, text).said


@given(st.fractions(0, 1), st.integers(-3, 3))
def test_a_better_answer_never_has_a_worse_verdict(share: Fraction, power: int) -> None:
    value, step = Fraction(2, 3), share * Fraction(1, 2**50) * 10**power
    ranks = [of(THIRD, value + k * step).rank for k in range(6)]
    assert all(a <= b for a, b in pairwise(ranks))


def nearest(vector: Vector, result: str, format: FormatName) -> Any:  # noqa: A002, ANN401 - as judge_answer takes it
    """Return the rounded answer that the vector has."""
    if result in {"integer", "boolean"}:
        return vector.answer[0].value
    if result == "certificate":
        return [int(str(each.value)) for each in vector.answer]
    row = [each.decimal if "inf" in str(each.decimal) else getattr(each, format)[0] for each in vector.answer]
    return row[0] if result == "number" else row


@pytest.mark.parametrize("format", GRADED_FORMATS)
def test_what_is_correctly_rounded_is_correct_on_every_vector_of_the_kit(format: FormatName) -> None:  # noqa: A002 - the field's word
    kit, asked, due = Kit.of(), 0, 0
    for name in kit.files:
        function = function_named(name)
        for each in kit.vectors(name, format):
            asked += 1
            due += each.result == "invalid"
            verdict = (
                refused(each, "")
                if each.result == "invalid"
                else judge_answer(each, function, nearest(each, function.result, format), format)
            )
            assert Level.of("correct").passes(verdict), (each.id, verdict)
    assert asked > 300
    assert due > 100


def test_what_a_format_cannot_say_is_not_asked_in_it() -> None:
    uneven: dict[str, Argument] = {"pi": ["1/2", "2251799813685249/4503599627370496"], "r": ["1", "nan"], "beta": "1"}
    invalid = Vector("softmax-9", "", [], "invalid", [], uneven)
    assert [can_be_asked(invalid, each) for each in GRADED_FORMATS] == [True, False, False]


def test_the_price_of_rounded_inputs_is_told_and_not_judged() -> None:
    """At pi = (1/2, 1/2), r = (log 2, 0) the masses are 2/3 and 1/3; log 2 is rounded to bfloat16."""
    third = [Answer(exact="2/3", decimal="0.6666666666666666666666666666666666666667"), Answer(exact="1/3")]
    rounded = vector("softmax", 9, {"pi": ["1/2", "1/2"], "r": ["177/256", "0"], "beta": "1"})
    both = msgspec.structs.replace(rounded, ideal_input=dict(rounded.input) | {"r": ["log(2)", "0"]}, ideal=third)
    answer = nearest(both, "law", "binary64")
    assert of(both, answer).kind == "correct"
    distance = from_ideal(both, answer, "binary64")
    assert distance is not None
    assert fraction(distance) * Fraction(1, 2**54) == Fraction(float.fromhex(answer[1])) - Fraction(1, 3)
    assert from_ideal(rounded, answer, "binary64") is None
    assert from_ideal(both, ["nan", 0], "binary64") is None


def test_a_vector_that_lacks_its_answer_is_named() -> None:
    empty = Vector("kl-7", "", [], "valid", ["binary64"], {"p": ["1"], "q": ["1"]}, [Answer()])
    with pytest.raises(BadVector, match="vector kl-7: no roundings to binary64"):
        of(empty, 0.0)


def test_of_an_enclosure_the_far_end_counts() -> None:
    wide = Truth(fmpq(1), fmpq(2), 1.5, 1.5, 1.5, ulp=fmpq(1, 100), allowed=fmpq(3, 4), unit=fmpq(1, 2**53))
    assert of_number(wide, fmpq(5, 4)).units == 1
    assert of_number(wide, fmpq(7, 4)).units == 1
    assert of_number(wide, fmpq(9, 8)).kind == "unstable"
