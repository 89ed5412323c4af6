"""The vectors that ship: what the catalog says, what the second source says, and that the bytes come again."""

import json
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import reference as ref
from proofs_check.conformance import making
from proofs_check.conformance.condition import conditions, log_partition_condition, shadow_values
from proofs_check.conformance.making import Disagreement, answers_to, made, made_of
from proofs_check.conformance.shadow import spans
from proofs_check.conformance.sources import SHADOWS
from reference.algorithms.parts.cover import RidgeCover
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.conformance import FUNCTIONS, VectorFile, read_vectors
from reference.conformance.cases import CASE_FAMILIES
from reference.conformance.cases.family import Asked, CaseFamily, Stream
from reference.conformance.cases.shown import SHOWN_BESIDE
from reference.conformance.cases.tilts import catalog_tilts
from reference.conformance.learned import returned_masses
from reference.conformance.questions import Refused, arguments, exact_answer
from reference.conformance.vectors import (
    DATA,
    VECTORS_SCHEMA_PATH,
    Argument,
    Note,
    index_text,
    read_index,
    vector_text,
    vectors_schema_text,
)
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.laws.returned import spanner_law

TILT: dict[str, Argument] = {"pi": ["1/2", "1/2"], "r": ["1", "0"], "beta": "1"}


def text_of_file(function: str) -> str:
    return (DATA / f"{function}.json").read_text("utf-8")


# ------------------------------------------------------------------------------------------- the files that ship


def test_every_function_has_cases_a_file_and_a_second_source() -> None:
    assert list(FUNCTIONS) == list(CASE_FAMILIES)
    assert set(FUNCTIONS) - set(SHADOWS) == {"spanner"}
    others = {"index.json", "kill_matrix.json"}
    assert {path.name for path in DATA.glob("*.json")} == {f"{name}.json" for name in FUNCTIONS} | others


def test_all_files_together_are_small_and_free() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 1_000_000
    assert read_index().licence == "CC0-1.0"
    assert sum(entry.number_of_vectors for entry in read_index().functions.values()) >= 900


def test_index_and_schema_are_those_of_the_files() -> None:
    assert (DATA / "index.json").read_text("utf-8") == index_text({name: text_of_file(name) for name in FUNCTIONS})
    assert VECTORS_SCHEMA_PATH.read_text("utf-8") == vectors_schema_text()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_file_is_what_its_schema_says(function: str) -> None:
    file = msgspec.json.decode(text_of_file(function).encode(), type=VectorFile, strict=True)
    schema = json.loads(vectors_schema_text())["$defs"]
    for name, value in (("VectorFile", msgspec.to_builtins(file)), ("Vector", msgspec.to_builtins(file.vectors[0]))):
        assert set(schema[name]["required"]) <= value.keys() <= schema[name]["properties"].keys()


@pytest.mark.parametrize("function", ["accept_prob", "draws", "spanner"])
def test_a_file_is_made_again_byte_for_byte(function: str) -> None:
    assert vector_text(made(function, shadow=True)) == text_of_file(function)


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_file_is_made_again_and_confirmed_by_the_second_source(function: str) -> None:
    assert vector_text(made(function, shadow=True)) == text_of_file(function)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_flag_is_used_and_ids_are_numbers_in_order(function: str) -> None:
    file = read_vectors(function)
    numbers = [int(vector.id.removeprefix(f"{function}-")) for vector in file.vectors]
    assert numbers == sorted(set(numbers))
    assert {flag for vector in file.vectors for flag in vector.flags} == file.notes.keys()


def test_what_must_be_refused_says_why() -> None:
    for function in FUNCTIONS:
        for vector in read_vectors(function).vectors:
            if vector.result == "invalid":
                with pytest.raises(Refused, match=r"."):
                    exact_answer(function, vector.input)


def test_rounded_inputs_are_those_of_the_catalog() -> None:
    for inputs, exact, comment in catalog_tilts():
        problem = ref.load_linear(comment.split()[0])
        size = len(problem.responses(0))
        assert inputs["pi"] == [str(problem.pi_ref(0).mass(y)) for y in range(size)]
        assert exact == [str(problem.reward(0, y)) for y in range(size)]
        assert inputs["r"] == [str(Fraction(ref.to_float(problem.reward(0, y)))) for y in range(size)]


def test_the_ideal_answer_of_a_rounded_input_is_that_of_the_catalog() -> None:
    vector = next(v for v in read_vectors("coverage").vectors if v.comment.startswith("two-arms"))
    assert vector.ideal[0].exact == "4/3"
    assert vector.answer[0].exact != "4/3"


# ----------------------------------------------------------------------------------------------- condition numbers


def test_masses_are_moved_along_the_simplex() -> None:
    p, q = [str(Fraction(1, 2) + Fraction(1, 2**40)), str(Fraction(1, 2) - Fraction(1, 2**40))], ["1/2", "1/2"]
    tangent = conditions("kl", {"p": p, "q": q}, frozenset({"p", "q"}))[0]
    free = conditions("kl", {"p": p, "q": q}, frozenset())[0]
    assert float(tangent) == pytest.approx(4 * 2**-40, rel=0.01)  # sum p |log(p/q) - D| + sum |p - q|
    assert float(free) > 1  # every answer, 0 too, would be within an ulp of that


def test_a_condition_number_is_rounded_up_to_four_digits() -> None:
    assert conditions("elliptic", {"phis": [], "phi": ["1", "0"], "ridge": "1"}, frozenset()) == ["3.000"]
    assert conditions("soft_value", {"base": [["1"]], "r": ["3"], "beta": "1"}, frozenset({"base"})) == ["3.000"]
    third = conditions("ridge", {"phis": [["1"]], "rewards": ["4/9"], "ridge": "1"}, frozenset())[0]
    assert third == "0.3334"


def test_a_kink_counts_with_its_steeper_side_and_a_jump_not_at_all() -> None:
    given: dict[str, Argument] = {"f": ["1", "1"], "drawn": [0, 1], "y": 0, "beta": "1", "M": "1"}
    assert exact_answer("accept_prob", given) == [1]
    assert float(conditions("accept_prob", given, frozenset())[0]) >= 1
    given = {"p": ["1/2", "1/4", "1/4"], "share": "3/4"}  # two that tie, and a nucleus that is just complete
    assert all(float(k) < 2 for k in conditions("top_p", given, frozenset({"p"})))


def test_a_tiny_answer_has_a_condition_of_its_size() -> None:
    given: dict[str, Argument] = {"p": ["1", "0"], "pi": ["1/2", "1/2"], "r": ["493", "-1"], "beta": "1"}
    (found,) = answers_to(FUNCTIONS["gap"], given, exact_answer("gap", given), ["binary64"])
    assert found.decimal is not None  # log(1 + e^-494) by rewards 493 and 1, by beta 495, by masses 2
    assert float(found.condition or 0) == pytest.approx((493 + 1 + 495 + 2) * float(found.decimal), rel=1e-3)


def test_coefficients_have_neighbours_off_the_span() -> None:
    given: dict[str, Argument] = {"vectors": [["1", "1", "0"], ["0", "0", "1"]], "indices": [0, 1]}
    assert conditions("spanner_coefficients", {**given, "phi": ["3", "3", "5"]}, frozenset()) == ["6.000", "10.00"]


@given(seed=st.integers(0, 10**6))
@settings(max_examples=5)
def test_the_formula_for_long_rows_is_that_of_the_differences(seed: int) -> None:
    stream = Stream(str(seed))
    given: dict[str, Argument] = {
        "pi": [str(x) for x in stream.law(4, 6)], "r": [str(x) for x in stream.dyadics(4, -2, 2, 3)], "beta": "3/4"
    }  # fmt: skip
    by_differences = conditions("log_partition", given, frozenset({"pi"}))[0]
    assert float(log_partition_condition(given)) == pytest.approx(float(by_differences), rel=2e-3)


# ----------------------------------------------------------------------------------------------- the second source


def family_of(case: Asked, function: str = "log_partition") -> CaseFamily:
    return CaseFamily(function, {"A": Note("b", "c", "d", mutants=["e"])}, {1: [case]})


def test_another_value_of_the_second_source_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SHADOWS, "log_partition", lambda pi, r, beta: pi[0] + r[0] - beta)
    with pytest.raises(Disagreement, match="log_partition-1"):
        made_of(family_of(Asked(TILT, "two", "A")), shadow=True)
    made_of(family_of(Asked(TILT, "two", "A")))  # it is not asked for the value


def test_the_second_source_of_rational_functions_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    off = Fraction(1, 10**80)
    real = SHADOWS["elliptic"]
    monkeypatch.setitem(SHADOWS, "elliptic", lambda **given: real(**given) + off)
    with pytest.raises(Disagreement, match="elliptic-1"):
        made("elliptic", shadow=True)


def test_an_invalid_case_that_is_not_refused_is_noticed() -> None:
    with pytest.raises(Disagreement, match="to be refused, and is not"):
        made_of(family_of(Asked(TILT, "two", "A", "invalid")))
    with pytest.raises(Disagreement, match="beta = 0"):
        made_of(family_of(Asked({**TILT, "beta": "0"}, "two", "A")))


def test_a_block_does_not_run_into_the_next() -> None:
    case = Asked(TILT, "two", "A")
    with pytest.raises(ValueError, match="the block from 1 runs into the next at 2"):
        list(CaseFamily("log_partition", {}, {1: [case, case], 2: [case]}).numbered())


def test_long_rows_are_made_with_the_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    short = made_of(family_of(Asked(TILT, "two", "A"))).vectors[0].answer[0].condition
    monkeypatch.setattr(making, "LONG_ROW", 1)
    assert made_of(family_of(Asked(TILT, "two", "A"))).vectors[0].answer[0].condition == short


def test_shadow_values_agree_where_masses_underflow() -> None:
    (value,) = shadow_values("coverage", {"pi": ["1/2", "0", "1/2"], "r": ["0", "900", "1"], "beta": "1"})
    assert float(value) == pytest.approx(1.4621171572600098)


# ------------------------------------------------------------------------------------------ questions and spanners


@pytest.mark.parametrize(
    ("function", "given", "said"),
    [
        ("kl", {"p": ["1"]}, "inputs p; takes p, q"),
        ("kl", {"p": "1", "q": ["1"]}, "p: not a list of masses"),
        ("kl", {"p": ["1/2", "1/2"], "q": ["1"]}, "p has 2 entries, q has 1 entries"),
        ("draws", {"M": 2, "delta": "1/2"}, "M: not a number as text"),
        ("sampler_law", {"pi": ["1"], "f": ["0"], "beta": "1", "M": "2", "N": True}, "N: not an integer from 0"),
        ("spanner", {"vectors": [["1"], ["1", "2"]], "C": "2"}, "vectors: rows of different lengths"),
        ("softmax", {"pi": ["1"], "r": ["nan"], "beta": "1"}, "'nan' is not an exact number"),
    ],
)  # fmt: skip
def test_inputs_of_another_kind_are_refused_in_one_line(function: str, given: dict[str, Argument], said: str) -> None:
    with pytest.raises(Refused, match=said) as error:
        exact_answer(function, given)
    assert "\n" not in str(error.value)


def test_an_infinite_divergence_is_an_answer() -> None:
    (value,) = exact_answer("kl", {"p": ["1/2", "1/2"], "q": ["1", "0"]})
    assert value == float("inf")
    vector = next(v for v in read_vectors("objective").vectors if "OffSupport" in v.flags)
    assert (vector.answer[0].decimal, vector.also) == ("-inf", [["refused"]])


CHECK = FUNCTIONS["spanner"].check
TABLE: dict[str, Argument] = {"vectors": [["1", "0"], ["3", "1"], ["0", "2"], ["3", "1"]], "C": "2"}


@pytest.mark.parametrize(
    ("indices", "said"),
    [
        ([1, 2], None),
        ([2, 1], None),
        ([0, 1], "a coefficient of size 6 exceeds C = 2"),
        ([1, 1], "not different numbers from 0 to 3"),
        ([1, 4], "not different numbers from 0 to 3"),
        ([-1, 1], "not different numbers from 0 to 3"),
        ([1, 3], "the vectors at these indices are dependent"),
        ([1], "vector 0: the combination of the chosen ones misses it"),
        ([], "vector 0: the combination of the chosen ones misses it"),
        ([0, 1, 2], "the vectors at these indices are dependent"),
    ],
)  # fmt: skip
def test_a_spanner_is_checked_by_its_dual_basis(indices: list[int], said: str | None) -> None:
    assert CHECK is not None
    given = arguments(FUNCTIONS["spanner"], TABLE)
    found = CHECK(**given, indices=indices)
    assert (found is None) == (said is None)
    assert said is None or said in str(found)
    rows = [[Fraction(int(x.p), int(x.q)) for x in row] for row in given["vectors"]]
    if all(0 <= i < len(rows) for i in indices) and len(set(indices)) == len(indices):
        assert spans(rows, 2, indices) == (said is None)


def test_the_spanner_of_nothing_but_zeros_is_empty() -> None:
    assert CHECK is not None
    given = arguments(FUNCTIONS["spanner"], {"vectors": [["0", "0"]], "C": "2"})
    assert CHECK(**given, indices=[]) is None
    assert CHECK(**given, indices=[0]) == "the vectors at these indices are dependent"


def test_near_integers_are_on_the_side_that_more_digits_say() -> None:
    hard = [v for v in read_vectors("draws").vectors if "NearInteger" in v.flags]
    assert len(hard) >= 20
    for vector in hard[:5]:
        M, delta = (fmpq(*Fraction(str(vector.input[name])).as_integer_ratio()) for name in ("M", "delta"))
        exact = ref.log(4 / delta) * (4 * M)
        assert int(str(vector.answer[0].value)) - 1 < exact <= int(str(vector.answer[0].value))


def test_masses_that_are_hard_to_round_are_next_to_a_half_unit() -> None:
    hard = [v for v in read_vectors("softmax").vectors if "NearMidpoint" in v.flags]
    assert len(hard) == 8
    for vector in hard:
        entry = vector.answer[1]
        assert entry.binary64 is not None
        _, below, above = (Fraction(float.fromhex(text)) for text in entry.binary64)
        halves = 2 * (Fraction(entry.decimal or "") - below) / (above - below)
        assert abs(halves - round(halves)) < Fraction(2, 10**5)
        assert (round(halves) == 1) == ("middle" in vector.comment)


def test_flags_found_by_wrong_implementations_are_on_vectors_that_exist() -> None:
    for function, beside in SHOWN_BESIDE.items():
        flags = {vector.id: vector.flags for vector in read_vectors(function).vectors}
        for flag, numbers in beside.items():
            assert all(flag in flags[f"{function}-{number}"] for number in numbers)


def test_streams_do_not_depend_on_the_machine() -> None:
    stream = Stream("a seed")
    assert [stream.below(100) for _ in range(5)] == RECORDED
    assert sum(stream.law(7, 8)) == 1
    assert all(mass > 0 for mass in stream.law(7, 8))
    weights = stream.weights(10, 1000)
    assert sum(weights) == 1000
    assert min(weights) >= 1


RECORDED = [99, 54, 26, 40, 98]


def test_the_data_are_inside_of_the_package() -> None:
    assert Path(ref.__file__).parent in DATA.parents


def test_the_returned_law_is_that_of_the_policy_of_a_run() -> None:
    p = ref.load("two-arms")
    data = ((Vector.of([fmpq(1, 2)]), LogLinear(fmpq(1))),)
    cover = RidgeCover.empty(1, fmpq(1), fmpq(1)).with_vector(data[0][0])
    policy = SpannerPolicy(cover, ((LogLinear(fmpq(1, 2)),), (LogLinear(fmpq(2)),)), fmpq(4), 3, data)
    law = spanner_law(p, policy, 0)
    support = p.support(0)
    found = returned_masses(
        [mass for y in support if isinstance(mass := p.pi_ref(0).mass(y), fmpq)],
        [p.phi(0, y) for y in support],
        [phi for phi, _ in policy.psi],
        [Vector.of(entry.constant for entry in theta) for theta in policy.thetas],
        p.beta,
        policy.M,
        policy.draws,
        fmpq(1),
        fmpq(1),
    )
    for y, mass in zip(support, found, strict=True):
        assert ref.to_decimal(mass, 30).text == ref.to_decimal(law[y], 30).text
