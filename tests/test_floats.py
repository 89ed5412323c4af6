"""Rows of floats and of logits as exact laws, and an instance as arrays."""

import math
from fractions import Fraction
from unittest.mock import patch

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

import reference as ref
from reference.exact.rational_numbers import rational
from reference.testing import float_problems, float_tables, linear_problems

SOFTMAX_OF_0_1_2 = [0.09003057330846786, 0.2447284609079361, 0.6652409434318542]
"""What a float32 softmax writes: no law."""


def test_a_row_of_an_engine_becomes_the_law_of_its_shares() -> None:
    law, excess = ref.from_floats(np.array(SOFTMAX_OF_0_1_2, dtype=np.float32))
    exact = [Fraction(x) for x in SOFTMAX_OF_0_1_2]
    assert [Fraction(str(mass)) for _, mass in law.items()] == [x / sum(exact) for x in exact]
    assert Fraction(str(excess)) == sum(exact) - 1 != 0


@given(st.lists(st.floats(0, 1e300, width=64), min_size=1, max_size=20).filter(any))
def test_every_row_of_floats_is_taken_as_the_dyadic_numbers_that_it_holds(row: list[float]) -> None:
    law, excess = ref.from_floats(row)
    total = sum(map(Fraction, row))
    assert [Fraction(str(law.mass(j))) for j in range(len(row))] == [Fraction(x) / total for x in row]
    assert Fraction(str(excess)) == total - 1


@given(st.lists(st.floats(-60, 60, width=32), min_size=1, max_size=12), st.sampled_from((1, 2, "1/2", 0.75)))
def test_a_row_of_logits_is_its_softmax(row: list[float], temperature: object) -> None:
    law = ref.from_logits(row, temperature=temperature)  # type: ignore[arg-type]  # drawn from several types
    heat = float(Fraction(str(temperature)))
    weights = [math.exp((x - max(row)) / heat) for x in row]
    for j, weight in enumerate(weights):
        assert float(ref.to_float(law.mass(j))) == pytest.approx(weight / math.fsum(weights), rel=1e-12)
    assert sum((law.mass(j) for j in range(len(row))), ref.exp_ratio(0)) == 1


def test_logits_that_are_masked_are_left_out() -> None:
    least = float(np.finfo(np.float32).min)
    law = ref.from_logits([0.0, least, -math.inf, 0.0], mask=[1, 0, 0, 1])
    assert law == ref.Law.of({0: "1/2", 3: "1/2"})


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "longdouble"])
def test_every_width_is_read_without_loss(dtype: str) -> None:
    third = np.array([1, 2], dtype=dtype) / np.array(3, dtype=dtype)
    expected = [Fraction(*value.as_integer_ratio()) for value in third]
    assert Fraction(str(ref.from_floats(third).law.mass(0))) == expected[0] / sum(expected)
    assert Fraction(str(ref.from_floats(list(third)).excess)) == sum(expected) - 1


@pytest.mark.parametrize(
    ("row", "error", "said"),
    [
        ([0.5, math.nan], ValueError, r"^row\[1\] = nan: not a finite number$"),
        ([math.inf], ValueError, r"^row\[0\] = inf: not a finite number$"),
        ([0.5, -0.25], ValueError, r"^row\[1\] = -0.25 is negative; probabilities and weights are at least 0$"),
        ([0.0, 0.0], ValueError, r"^all 2 entries of the row are 0: there is no law$"),
        ([], ValueError, r"^row is empty; a row of numbers is needed$"),
        (np.zeros((2, 2)), TypeError, r"^row\[0\] is a row itself; pass one row at a time$"),
        (np.array(["0.5"]), TypeError, r"^row\[0\] is the text '0.5'; a number is needed$"),
        (np.array([None]), TypeError, r"^row\[0\]: None of type NoneType is not taken for exact"),
        ([True, False], TypeError, r"^row\[0\]: True is a truth value"),
        ("abc", TypeError, r"^row is 'abc'; a row of numbers is needed$"),
        (0.5, TypeError, r"^row is 0.5; a row of numbers is needed$"),
        ([0.5j], TypeError, r"^row\[0\]: 0.5j of type complex is not taken for exact"),
        ([np.longdouble("nan")], ValueError, r"^row\[0\] = nan: not a finite number$"),
    ],
)
def test_rows_that_are_none_are_refused_in_one_line(row: object, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        ref.from_floats(row)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("logits", "options", "said"),
    [
        ([0.0, -math.inf], {}, r"^logits\[1\] = -inf: an outcome of mass 0; leave the outcome out, or pass mask=$"),
        ([0.0, math.nan], {}, r"^logits\[1\] = nan: not a finite number$"),
        (
            [0.0, -1e10],
            {},
            r"^logits\[1\] = -10000000000.0 is more than 10,000 below the largest, as masks of engines are; ",
        ),
        ([0.0, 1.0], {"mask": [True]}, r"^2 logits and a mask of 1 entries$"),
        ([0.0, 1.0], {"mask": [0, 0]}, r"^the mask leaves none of 2 outcomes: there is no law$"),
        ([0.0, 1.0], {"temperature": 0}, r"^temperature = 0: needs temperature > 0"),
        ([0.0, 1.0], {"temperature": math.nan}, r"^temperature = nan: not a finite number$"),
    ],
)
def test_logits_without_a_law_are_refused(logits: list[float], options: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ref.from_logits(logits, **options)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    "mask",
    [np.zeros((2, 2), bool), [[False], [False]], ["False", "True"], [0.0, -math.inf], [2, 1], np.array([1.0, 0.0])],
)
def test_what_is_no_row_of_flags_is_no_mask(mask: object) -> None:
    with pytest.raises(TypeError, match=r"^mask\[0\] = .*; true or false is needed$"):
        ref.from_logits([0.0, 1.0], mask=mask)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.filterwarnings("error")
def test_numbers_of_numpy_in_a_list_are_taken_as_they_are() -> None:
    assert ref.from_floats([np.int64(3), np.uint8(1)]).law.mass(0) == fmpq(3, 4)
    for value in (np.float16("-inf"), np.float32("-inf"), np.longdouble("-inf")):
        with pytest.raises(ValueError, match=r"^logits\[1\] = -inf: an outcome of mass 0"):
            ref.from_logits([0.0, value])
    assert ref.from_logits([0.0, 1.0], mask=[np.bool_(1), np.bool_(0)]) == ref.Law.point(0)


@given(float_problems("none"))
def test_arrays_of_a_problem_in_floats_are_its_tables(problem: ref.LinearProblem) -> None:
    found, tables = ref.arrays(problem), float_tables(problem)
    assert (found.rho.tolist(), found.beta) == (tables.rho, tables.beta)
    for x, row in enumerate(tables.pi_ref):
        there = found.mask[x]
        assert there.tolist() == [y < len(row) for y in range(len(there))]
        assert found.pi_ref[x][there].tolist() == row
        assert found.rewards[x][there].tolist() == tables.rewards[x]
        assert found.phi[x][there].tolist() == tables.phi[x]
        assert not found.pi_ref[x][~there].any()


@given(linear_problems())
def test_each_number_of_the_arrays_is_rounded_once(problem: ref.LinearProblem) -> None:
    found = ref.arrays(problem, "binary32")
    assert {found.pi_ref.dtype, found.phi.dtype, found.rewards.dtype, found.rho.dtype} == {np.dtype("float32")}
    for x, entry in enumerate(problem.prompts):
        for y in range(len(entry.responses)):
            assert ref.ulps(found.rewards[x, y], problem.reward(x, y), "binary32") <= rational("1/2")
            assert ref.ulps(found.pi_ref[x, y], entry.responses[y].pi_ref, "binary32") <= rational("1/2")


def test_without_numpy_there_are_lists() -> None:
    with patch("reference.floats.import_module", side_effect=ImportError):
        found = ref.arrays(ref.load("two-arms"))
    assert found.pi_ref == [[0.5, 0.5]]
    assert found.mask == [[True, True]]


def test_arrays_are_of_linear_problems() -> None:
    with pytest.raises(TypeError, match=r"^arrays: problem .*: a linear problem \(horizon 1, with theta\) is needed"):
        ref.arrays(ref.load("fair-bits-3"))
    assert ref.arrays(ref.load("fair-bits-3").sequences()).pi_ref.shape == (1, 8)


def test_a_vocabulary_of_logits_is_quick() -> None:
    logits = np.random.default_rng(1).standard_normal(5000, dtype=np.float32) * 3
    law = ref.from_logits(logits)
    weights = np.exp(logits.astype(float))
    assert ref.to_float(law.mass(17)) == pytest.approx(weights[17] / weights.sum(), rel=1e-12)
    assert law.mass(17) != fmpq(0)
