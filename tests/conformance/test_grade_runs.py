"""``spanner grade --replay --samplers``: the second implementation from the command line, and what falls short."""

import json
from pathlib import Path

import msgspec
import pytest

from proofs_check.cli import main
from proofs_check.cli.formats.grade import ImplementationGrade
from proofs_check.conformance.host import REPLAYED
from reference.conformance.functions import FUNCTIONS
from tests.conformance.judging import seconds_with_children
from tests.conformance.oracle import Oracle

ORACLE = "python:tests.conformance.oracle:Oracle"

SHORT = """
from tests.conformance.right.algorithms import softmax_sampler as right

functions = ()


def softmax_sampler(oracles, x, theta, beta, M, N):
    return right(oracles, x, theta, beta, M, N + 1)


def enumerating(oracles, **inputs):
    raise ValueError("too many responses")


def xpo(oracles, **inputs):
    import os

    os._exit(3)


def draw_softmax_sampler(pi, f, beta, M, N, seed, count):
    return [[0, 1]] * count
"""


def test_the_second_implementation_passes_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "grade.json"
    options = ["--replay", "--samplers", "--draws", "1000", "--json", str(path)]
    assert main(["grade", ORACLE, "--functions", "draws,accepts", *options]) == 0
    printed = capsys.readouterr().out
    assert ["spanner_sampling", "7/7"] in [line.split()[:2] for line in printed.splitlines()]
    assert "not refuted" in printed
    found = msgspec.json.decode(path.read_bytes(), type=ImplementationGrade)
    assert found.passed
    assert len(found.replays or ()) == 25
    assert [each.repeats for each in found.samplers or ()] == [True] * 4


def test_the_second_implementation_has_all_functions_and_algorithms() -> None:
    assert [name for name in (*FUNCTIONS, *REPLAYED) if not hasattr(Oracle(), name)] == []


@pytest.mark.slow
def test_numpy_is_graded_on_all_vectors_in_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    before = seconds_with_children()
    assert main(["grade", ORACLE]) == 0
    assert "1206 of 1206 vectors of 51 functions passed" in " ".join(capsys.readouterr().out.split())
    assert seconds_with_children() - before < 10


def test_what_falls_short_is_told_in_a_line_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "short_impl.py").write_text(SHORT, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    path, page = tmp_path / "grade.json", tmp_path / "page.html"
    options = ["--replay", "--samplers", "--draws", "1000", "--json", str(path), "--html", str(page)]
    assert main(["grade", "python:short_impl", *options]) == 1
    printed = capsys.readouterr().out
    assert "softmax_sampler-2: question 4: asked: weak x = 0; the algorithm asks: coin p =" in printed
    assert "enumerating-1: after 0 questions it said: 'too many responses'" in printed
    assert "xpo-1: after 0 questions: its process ended with exit code 3" in printed
    found = json.loads(path.read_text("utf-8"))
    assert found["vectors"] == []
    assert {each["said"] != "" for each in found["samplers"]} == {True}
    assert "too many responses" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["python:json", "--replay", "--functions", "softmax"], "does not offer softmax"),
        ([ORACLE, "--functions", "draws", "--samplers", "--alpha", "2"], "--alpha 2: a probability between 0 and 1"),
        ([ORACLE, "--functions", "draws", "--samplers", "--alpha", "x"], "--alpha x: "),
    ],
)
def test_bad_usage_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", *arguments]) == 2
    printed = capsys.readouterr().err
    assert said in printed
    assert printed.count("\n") == 1


def test_a_format_without_scripts_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "small_format.py").write_text(
        "functions = ()\nformat = 'bfloat16'\n\n\ndef xpo(oracles, **inputs):\n    return {}\n", "utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert main(["grade", "python:small_format", "--replay"]) == 2
    assert "the replay scripts are rounded to binary64, binary32" in capsys.readouterr().err


def test_what_offers_no_algorithm_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "no_algorithm.py").write_text("def argmin(phis, rewards, thetas):\n    return 0\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert main(["grade", "python:no_algorithm", "--replay"]) == 2
    assert "offers no algorithm to replay: softmax_sampler, spanner_sampling" in capsys.readouterr().err
