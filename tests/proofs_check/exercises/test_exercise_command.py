"""`spanner exercise`: lists, shows, decides; bad input is one line, and a learner that loops is ended."""

import json
from pathlib import Path

import pytest

from proofs_check.cli import main
from proofs_check.cli.shared_options import exercise_names
from tests.proofs_check.cli_output import loaded
from tests.proofs_check.exercises.solutions import ANSWERS, HEAD, needle, path


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(text: str, name: str = "my.json") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_the_list_says_the_results_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "exercise")
    assert found["format"] == "spanner-reference/exercises"
    assert len(found["results"]) == 4
    assert len(found["exercises"]) == 16
    assert main(["exercise"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for each in found["exercises"]:
        assert f"{each['name']} {each['level']} {each['kind']}" in shown
    for result in found["results"]:
        assert f"{result['title']} {result['words']}" in shown


def test_the_text_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "exercise", "one-in-four")
    assert found["example"] == '{"formula": "x1 & !x2 | x2 & x3"}'
    assert main(["exercise", "one-in-four"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "of which no assignment satisfies more than a quarter" in shown
    assert "spanner exercise one-in-four my.json decides it" in shown
    assert "spanner verify dnf-completeness dnf-soundness --explain" in shown


@pytest.mark.parametrize("name", ["coverage-five-halves", "spanner-in-the-plane"])
def test_an_answer_is_decided(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    right, (wrong, said) = ANSWERS[name].right[0], next(iter(ANSWERS[name].wrong.items()))
    found = loaded(capsys, "exercise", name, written(right))
    assert found["solved"]
    assert all(each["met"] for each in found["conditions"])
    assert main(["exercise", name, "my.json"]) == 0
    assert capsys.readouterr().out.startswith(f"{name}: solved\n")
    found = loaded(capsys, "exercise", name, written(wrong), code=1)
    assert not found["solved"]
    assert [each["met"] for each in found["conditions"]][-2:] == [True, False]
    assert main(["exercise", name, "my.json"]) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.startswith(f"{name}: not yet: {said}")
    assert shown.endswith(f"hint: {found['hint']}")


def test_learners_run_in_processes_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    Path("my folder").mkdir()
    file = written(needle(20, 1), "my folder/my-learner.py")
    assert loaded(capsys, "exercise", "needle-in-twenty", file)["solved"]
    file = written(path("        token, _ = oracles.weak(At(0, prefix))").replace("learner(", "guess("), "other.py")
    found = loaded(capsys, "exercise", "five-queries", f"{file}:guess", code=1)
    assert found["conditions"][-1]["found"]["exact"] == "1/32"


LOOPS = "from time import sleep\n\ndef learner(oracles):\n    while True: sleep(1)\n"
MANY = f"{HEAD}\ndef learner(oracles):\n    for _ in range(30): oracles.weak(0)\n    return Named(1)\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LOOPS, "it was not done within the time limit"),
        (MANY, "it has more than 50 runs on an instance: stop when there is nothing more to learn"),
    ],
)
def test_a_learner_that_does_not_end(
    text: str, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proofs_check.cli.exercise._MOST_LEAVES", 50)
    arguments = ["needle-in-twenty", written(text, "mine.py"), "--time-limit", "1" if text == LOOPS else "60"]
    found = loaded(capsys, "exercise", *arguments, code=1)
    assert (found["broke"], found["conditions"]) == (said, [])


@pytest.mark.parametrize(
    ("name", "file", "text", "said"),
    [
        ("coverage-five-halfs", None, "", "no exercise 'coverage-five-halfs'; did you mean 'coverage-five-halves'?"),
        ("coverage-five-halves", "no.json", None, "no.json: no such file"),
        ("coverage-five-halves", ".", None, ".: not a file"),
        ("coverage-five-halves", "my.json", "{", "my.json: not JSON"),
        ("coverage-five-halves", "my.json", " " * 300_000, "my.json: 300000 bytes; an answer has at most 200000"),
        ("coverage-five-halves", "my.py", "", "my.py: an answer to coverage-five-halves is an instance file"),
        (
            "fewest-draws",
            "my.json",
            '{"t_comp": "7"}',
            'expected `int`, got `str` - at `$.t_comp`; an answer looks like {"t_',
        ),
        ("fewest-draws", "my.json", '{"t_comp": 1000000}', "expected `int` <= 100000"),
        ("fewest-draws", "my.json", '{"t_comp": 1, "a": 2}', "object contains unknown field `a`"),
        ("fewest-draws", "my.json", "[" * 100_000, "my.json: "),
        ("one-in-four", "my.json", '{"formula": "x1 & "}', "my.json: formula: "),
        ("one-in-four", "my.json", '{"formula": "x1 & x2 | x3"}', "my.json: formula: term 2 (x3) has length 1"),
        ("good-for-all-prompts", "my.json", '{"assignment": "+-"}', "needs 6 signs"),
        ("spanner-in-the-plane", "my.json", '{"pairs": [["a", "z"], ["a", "b"]]}', "no response 'z'; there are a, b"),
        ("sampler-on-a-budget", "my.json", '{"M": "1e999999", "N": 3}', "expected `str` matching regex"),
        ("sampler-on-a-budget", "my.json", '{"M": "1/0", "N": 3}', "1/0"),
        ("needle-in-twenty", "my.json", "{}", "my.json: an answer to needle-in-twenty is a Python file"),
        ("needle-in-twenty", "my.py", "def f(", "my.py: my.py, line 1: "),
        ("needle-in-twenty", "no.py", None, "no.py: no such file"),
    ],
)
def test_bad_input_is_one_line(
    name: str, file: str | None, text: str | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if file is not None and text is not None:
        written(text, file)
    assert main(["exercise", name, *([] if file is None else [file])]) == 2
    line = capsys.readouterr().err
    assert said in line
    assert line.count("\n") == 1
    assert "internal" not in line


def test_an_instance_that_is_too_large_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    responses = [{"name": f"y{i}", "pi_ref": "1/300", "reward": "0"} for i in range(300)]
    instance = json.loads(ANSWERS["coverage-five-halves"].right[0])
    instance["prompts"][0]["responses"] = responses
    assert main(["exercise", "coverage-five-halves", written(json.dumps(instance))]) == 2
    assert "at most 200 are read" in capsys.readouterr().err


def test_shells_complete_the_names() -> None:
    assert exercise_names("one-") == ["one-in-four", "one-token-worse"]
