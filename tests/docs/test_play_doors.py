"""The grader in the page: its verdicts are the command line's, and what is typed badly is a sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from docs.play.page.door import answer
from docs.play.page.softmaxes import EXAMPLES
from proofs_check.conformance.grade import grade
from proofs_check.conformance.implementations import opened
from proofs_check.conformance.kit import Kit


def asked(call: str, *arguments: object) -> Any:  # noqa: ANN401 - JSON
    return json.loads(answer(call, json.dumps(arguments)))


CODE = {title: code for title, _, code in EXAMPLES}


@pytest.mark.parametrize("title", CODE)
def test_code_is_graded_as_by_the_command_line(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "typed_softmax.py").write_text(CODE[title], "utf-8")
    monkeypatch.chdir(tmp_path)
    kit = Kit.of()
    with opened("python:typed_softmax", list(kit.files)) as source:
        there = [(each.vector.id, str(each.verdict.kind), each.answered) for each in grade(source, kit).vectors]
    functions = asked("grade", CODE[title])["functions"]
    here = [(each["id"], each["verdict"], each["answered"]) for function in functions for each in function["vectors"]]
    assert here == there
    for function in functions:
        assert sum(function["marks"].values()) == len(function["vectors"])


def test_what_the_examples_show() -> None:
    (naive,) = asked("grade", CODE["exp as it is"])["functions"]
    assert [each["mutant"] for each in naive["resembles"]] == ["softmax/no-max-shift"]
    smallest = next(each for each in naive["vectors"] if each["id"] == naive["smallest"])
    assert smallest["input"] == {"pi": "[1/2, 1/2]", "r": "[710, 0]", "beta": "1"}
    assert smallest["said"] == "OverflowError: math range error"
    (careful,) = asked("grade", CODE["shifted by the largest"])["functions"]
    assert careful["marks"]["wrong"] == 0
    assert careful["smallest"] is None
    (single,) = asked("grade", CODE["shifted, in 24 bits"])["functions"]
    assert "softmax/float32-throughout" in [each["mutant"] for each in single["resembles"]]
    three = asked("grade", CODE["log-sum-exp and KL"])["functions"]
    assert [each["name"] for each in three] == ["log_partition", "softmax", "kl"]
    assert "softmax/log-shortcut" in [each["mutant"] for each in three[1]["resembles"]]


def test_only_refusals_are_left_where_all_answers_are_right() -> None:
    code = CODE["shifted by the largest"].replace("beta <= 0", "False")
    (found,) = asked("grade", code)["functions"]
    smallest = next(each for each in found["vectors"] if each["id"] == found["smallest"])
    assert smallest["value"] == "a refusal is due"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("def softmax(", "SyntaxError in line 1"),
        ("x = 1\ny = x / 0", "ZeroDivisionError in line 2: division by zero"),
        ("raise SystemExit", "SystemExit in line 1"),
        ("def soft_max(pi, r, beta): ...", "no function of the kit in your code"),
        ("format = 'decimal'\ndef softmax(pi, r, beta): ...", "format 'decimal'"),
        ("#" * 200_000, "reads up to 100,000"),
        ("softmax = None", "no function of the kit"),
    ],
)
def test_what_cannot_be_graded_is_one_line(typed: str, said: str) -> None:
    found = asked("grade", typed)
    assert list(found) == ["error"]
    assert said in found["error"]
    assert "\n" not in found["error"]


WITHOUT_VALUE = ["raise SystemExit(3)", "return softmax(pi, r, beta)", "return 'much'", "return {1: {}}"]


@pytest.mark.parametrize("body", WITHOUT_VALUE)
def test_whatever_a_function_does_each_vector_gets_a_verdict(body: str) -> None:
    (found,) = asked("grade", f"def softmax(pi, r, beta):\n    {body}\n")["functions"]
    assert found["marks"]["bit"] == found["marks"]["stable"] == 0
    assert len(found["vectors"]) == len(Kit.of(["softmax"]).vectors("softmax"))
