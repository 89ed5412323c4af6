"""Vectors that are made when they are asked: right by the second source, the same for equal seeds, all of a kind."""

import struct
from collections.abc import Callable
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any

import msgspec
import pytest
from mpmath import mp

from proofs_check.cli import main
from proofs_check.cli.formats.grade import ImplementationGrade
from proofs_check.conformance import live
from proofs_check.conformance.condition import shadow_values
from proofs_check.conformance.kit import Kit, KitError
from proofs_check.conformance.live import all_bfloat16, exhaustive_kit, random_kit
from reference.conformance.functions import FUNCTIONS
from reference.conformance.questions import Refused, exact_answer
from reference.conformance.vectors import VectorFile
from reference.exact.rational_numbers import rational

_HALF = ["1/2", "1/2"]

QUICK = ("kl", "objective", "coverage", "dpo_loss", "best_of_n", "dnf_chance", "soft_value")


def test_random_answers_are_those_of_the_second_source() -> None:
    kit = random_kit(QUICK, 4, 7, "binary64")
    for name, file in kit.files.items():
        assert len({vector.id for vector in file.vectors}) == 4
        for vector in file.vectors:
            for answer, other in zip(vector.answer, shadow_values(name, vector.input), strict=True):
                with mp.workdps(50):
                    if answer.decimal in {"inf", "-inf"}:
                        assert mp.mpf(answer.decimal) == other
                        assert vector.also == [["refused"]]
                    else:
                        assert abs(mp.mpf(answer.decimal) - other) <= mp.mpf(10) ** -39 * (abs(other) or 1)


@pytest.mark.parametrize(
    ("function", "given", "value"),
    [
        ("token_policy", {"base": [["1"], ["1"]], "r": ["3"], "beta": "1", "prefix": [0]}, "1"),
        ("token_policy", {"base": [["1", "0"], _HALF, _HALF], "r": ["0"] * 4, "beta": "1", "prefix": [1]}, "1/2"),
        ("token_coverage", {"base": [["1"], ["1"]], "r": ["3"], "beta": "1"}, "1"),
        ("span_fit", {"phis": [["0", "0"]], "rewards": ["1"]}, "0"),
    ],
)
def test_the_second_source_knows_narrow_trees_and_prefixes_that_cannot_come(
    function: str, given: dict[str, Any], value: str
) -> None:
    (first, *_) = exact_answer(function, given)
    assert first == rational(value)
    assert shadow_values(function, given)[0] == mp.mpf(Fraction(value).numerator) / Fraction(value).denominator


def test_features_of_another_length_are_refused_without_candidates_too() -> None:
    given: dict[str, Any] = {"phis": [], "candidates": [], "theta": ["1"], "drawn": ["1", "0"], "ridge": "1", "nu": "1"}
    with pytest.raises(Refused, match="theta has 1 entries, and features have 2"):
        exact_answer("truncated_f", given)


@pytest.mark.usefixtures("grade")
def test_json_goes_to_standard_output_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", "python:naive_impl", "--json", "-"]) == 1
    found = msgspec.json.decode(capsys.readouterr().out, type=ImplementationGrade)
    assert found.name == "naive"
    assert not Path("-").exists()


def test_what_takes_a_million_bits_to_round_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = {"pi": [0.375, 0.125, 0.5], "r": [-2.0, 1.0, -900.0], "beta": 2.0**-20, "M": 2.0, "N": 1}
    quick = {"pi": [0.5, 0.5], "r": [0.0, 1.0], "beta": 1.0, "M": 2.0, "N": 1}
    monkeypatch.setattr(live, "random_inputs", lambda *_: iter([slow, quick]))
    (vector,) = random_kit(["rejection_failure"], 2, 0, "binary64").files["rejection_failure"].vectors
    assert vector.input["beta"] == "1"


def test_equal_seeds_ask_the_same_and_others_do_not() -> None:
    asked = [
        [vector.input for vector in random_kit(["accepts"], 5, seed, "binary64").files["accepts"].vectors]
        for seed in (1, 1, 2)
    ]
    assert asked[0] == asked[1] != asked[2]


def test_random_inputs_are_numbers_of_the_format() -> None:
    for vector in random_kit(["argmin"], 5, 0, "bfloat16").files["argmin"].vectors:
        for text in [x for row in vector.input["phis"] for x in row]:  # type: ignore[union-attr]  # rows
            above, _, below = str(text).partition("/")
            bits = struct.unpack(">I", struct.pack(">f", int(above) / int(below or 1)))[0]
            assert bits & 0xFFFF == 0


def test_where_nothing_can_be_asked_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "random_inputs", lambda *_: iter([{"p": [0.5, 0.25], "q": [0.5, 0.5]}] * 60))
    with pytest.raises(KitError, match="60 inputs of kl were tried; in binary32 none has an answer"):
        random_kit(["kl"], 1, 0, "binary32")


def test_every_finite_number_comes_once() -> None:
    values = [struct.unpack(">f", struct.pack(">I", bits << 16))[0] for bits in all_bfloat16()]
    assert len(values) == len(set(values)) == 65_279
    assert max(values) == 2.0**128 - 2.0**120 == -min(values)
    assert all(abs(value) < inf for value in values)


def test_the_mean_of_two_is_right_for_numbers_of_every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "all_bfloat16", lambda: range(3, 0x7F80, 1009))
    above = exhaustive_kit("binary64").files["log_partition"]
    monkeypatch.setattr(live, "all_bfloat16", lambda: range(0x8003, 0xFF80, 1009))
    for vector in [*above.vectors, *exhaustive_kit("binary64").files["log_partition"].vectors]:
        bits = int(vector.id.rpartition("-")[2], 16)
        x = struct.unpack(">f", struct.pack(">I", bits << 16))[0]
        with mp.workdps(100):
            value = max(x, 0.0) + mp.log1p(mp.expm1(-abs(mp.mpf(x))) / 2)
            assert abs(mp.mpf(vector.answer[0].decimal) - value) <= mp.mpf(10) ** -39 * abs(value)


SHIFTED = """
from math import exp, log

name = "naive"


def log_partition(pi, r, beta):
    if sum(pi) != 1 or beta <= 0:
        raise ValueError
    return beta * log(sum(p * exp(x / beta) for p, x in zip(pi, r)))
"""


@pytest.fixture
def grade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ImplementationGrade]:
    (tmp_path / "naive_impl.py").write_text(SHIFTED, "utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*options: str) -> ImplementationGrade:
        assert main(["grade", "python:naive_impl", "--json", "grade.json", *options]) == 1
        return msgspec.json.decode((tmp_path / "grade.json").read_bytes(), type=ImplementationGrade)

    return run


def test_random_questions_are_graded(grade: Callable[..., ImplementationGrade]) -> None:
    found = grade("--random", "12", "--seed", "3")
    assert (found.vectors_asked, found.vectors_in_kit) == (12, 12)
    assert found.vectors_version.endswith("random, seed 3")
    assert [each.function for each in found.functions] == ["log_partition"]


def test_all_of_a_kind_are_graded(grade: Callable[..., ImplementationGrade], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "all_bfloat16", lambda: range(5, 0x7F80, 2003))
    found = grade("--exhaustive", "--jobs", "2")
    assert found.vectors_asked == 17
    assert 0 < found.vectors_passed < 17  # large rewards overflow


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["python:naive_impl", "--random", "3", "--exhaustive"], "--random, --exhaustive: one of the two"),
        (["python:naive_impl", "--random", "3", "--badge", "b.json"], "--badge: of the vectors that ship"),
        (["python:naive_impl", "--random", "3", "--vectors", "."], "what is asked is made now, not read"),
        (["python:naive_impl", "--exhaustive", "--xfails", "x.toml"], "what is asked is made now, not read"),
        (["python:naive_impl", "--exhaustive", "--functions", "kl"], "it asks for log_partition, and no other"),
        (["python:naive_impl", "--random", "3", "--functions", "kl"], "does not offer kl"),
        (["python:naive_impl", "--seed", "3"], "--seed 3: of the random questions; say --random how many"),
        (["python:naive_impl", "--random", "0"], "try 'spanner grade --help'"),
        (["file:answers.jsonl", "--random", "3"], "a file has been answered, and nobody is asked"),
        (["file:answers.jsonl", "--exhaustive"], "a file has been answered, and nobody is asked"),
        (["compare", "a.json", "--exhaustive"], "gradings are read, and nothing is asked"),
    ],
)
def test_what_makes_no_sense_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    (tmp_path / "naive_impl.py").write_text(SHIFTED, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["grade", *arguments]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert said in captured.err


def test_the_functions_that_are_made_are_those_of_the_kit() -> None:
    kit = random_kit(["draws"], 2, 0, "binary32")
    assert isinstance(kit, Kit)
    file = kit.files["draws"]
    assert msgspec.json.decode(msgspec.json.encode(file), type=VectorFile) == file
    assert file.result == FUNCTIONS["draws"].result
    assert kit.mutants == {}
