"""``spanner grade``: one line for each bad input, and answers that come from a file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proofs_check.cli import main
from tests.conformance.grading import RIGHT, Grade, refusal


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["small_impl"], "write python:my_package.impl:oracle"),
        (["python:"], "write python:my_package.impl:oracle"),
        (["python:impl.py:softmax"], "write a module name, not a path"),
        (["command:"], "write python:"),
        (["command:'unclosed"], "No closing quotation"),
        (["file:nothing.jsonl"], "No such file or directory"),
        (["node", "impl.mjs"], "one implementation at a time; quote a command"),
        (["python:small_impl", "--functions", "softmx"], "did you mean 'softmax'?"),
        (["python:small_impl", "--functions", "kl"], "small does not offer kl; it offers softmax, accepts"),
        (["python:small_impl", "--format", "float32"], "one of binary64, binary32, bfloat16"),
        (["python:small_impl", "--format", "binary16"], "one of binary64, binary32, bfloat16"),
        (["python:small_impl", "--level", "fine"], "one of exact, correct, faithful, stable and ulps:4"),
        (["python:small_impl", "--level", "ulps:0"], "one of exact"),
        (["python:small_impl", "--memory", "much"], "write bytes, or 500M, or 2G"),
        (["python:small_impl", "--profile", "turbo"], "no such file; or one of default, ftz"),
        (["python:small_impl", "--json", "/no/such/folder/x"], "No such file or directory"),
        (["python:small_impl", "--timeout", "0"], "try 'spanner grade --help'"),
    ],
    ids=lambda value: " ".join(value[-2:])[:40] if isinstance(value, list) else "",
)
def test_bad_usage_is_one_line(graded: Grade, module: Callable[..., str], arguments: list[str], said: str) -> None:
    module(RIGHT)
    assert said in refusal(graded, *arguments)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("command:/no/such/program", "No such file or directory"),
        ("python:no_such_module_at_all", "No module named 'no_such_module_at_all'"),
        ("python:small_impl:oracle", "has no attribute 'oracle'"),
        ("command:/bin/true", "no hello: its process ended with exit code 0"),
    ],
)
def test_what_cannot_be_started_has_an_exit_code_of_its_own(
    graded: Grade, module: Callable[..., str], spec: str, said: str
) -> None:
    module(RIGHT)
    assert said in refusal(graded, spec, code=3)


def test_a_changed_byte_of_a_vector_file_is_found(graded: Grade, module: Callable[..., str], kit: Path) -> None:
    path = kit / "kl.json"
    path.write_bytes(path.read_bytes().replace(b"by hand", b"by Hand", 1))
    assert "kl.json is not the file that was published (sha256 differs from index.json)" in refusal(
        graded, module(RIGHT)
    )
    path.unlink()
    assert "there are no vectors of kl" in refusal(graded, module(RIGHT))
    (kit / "index.json").write_text("{}", "utf-8")
    assert "is not the index of vectors that was published" in refusal(graded, module(RIGHT))


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"schema": "spanner-vectors-1"}'])
def test_a_file_that_is_none_of_vectors_is_named(
    graded: Grade, module: Callable[..., str], kit: Path, content: bytes
) -> None:
    (kit / "index.json").unlink()
    (kit / "softmax.json").write_bytes(content)
    assert "softmax.json is no file of vectors" in refusal(graded, module(RIGHT), "--functions", "softmax")


def test_an_implementation_that_offers_nothing_of_the_kit(graded: Grade, module: Callable[..., str]) -> None:
    assert "offers none of the kit's functions" in refusal(graded, module("def hardmax(x): return x"))


def answers(*lines: Any) -> str:  # noqa: ANN401 - any JSON
    return "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)


def test_answers_come_from_a_file(graded: Grade, tmp_path: Path) -> None:
    right = [
        {"id": "softmax-1", "answer": [0.7310585786300049, 0.2689414213699951]},
        {"id": "softmax-2", "answer": [0.7310585786300049, "0x1.136561454ba86p-2", 0]},
        {"id": "softmax-3", "answer": [1, "1e-323"]},
        {"id": "softmax-4", "refused": "no law"},
        {"id": "softmax-5", "refused": "NaN"},
    ]
    file = tmp_path / "answers.jsonl"
    spec = f"file:{file}"
    file.write_text(answers({"protocol": 1, "name": "cluster", "functions": ["softmax"]}, *right), "utf-8")
    code, out, _ = graded(spec)
    assert code == 0
    assert "cluster, binary64" in out
    file.write_text(
        answers(*right[:2], right[1], "not a line", {"answer": 1}, {"id": "x", "error": ""}, *right[3:]), "utf-8"
    )
    code, out, _ = graded(spec, "--functions", "softmax")
    assert code == 1
    assert "softmax-2: malformed [OffSupport]: answered more than once" in out
    assert "softmax-3: error: the file has no answer with this id" in out
    assert "note: line 4 is no reply" in out
    assert "note: answers to no vector of the kit: 1, such as 'x'" in out
    assert "note: line 5 is no reply: it has no id" in out
    for content in ("", "nothing\n", '{"protocol": 2}\n'):
        file.write_text(content, "utf-8")
        assert str(file) in refusal(graded, spec)


def test_the_questions_are_printed_as_peers_get_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vectors", "questions", "softmax"]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first["cmd"] == "ask"
    assert first["function"] == "softmax"
    assert all(isinstance(mass, float) for mass in first["input"]["pi"])
