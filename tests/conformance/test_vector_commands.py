"""``spanner vectors``: what is written and printed, and one line for what is wrong."""

import json
import re
from pathlib import Path

import msgspec
import pytest

import reference.conformance.cases.large as long_rows
from proofs_check.cli import main
from proofs_check.cli.vector_commands import vectors_app
from proofs_check.conformance import making
from proofs_check.conformance.sources import SHADOWS
from reference.conformance import VectorFile, read_vectors
from reference.conformance.vectors import DATA
from tests.proofs_check.cli_output import loaded


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


NAMES = [command.name or "" for command in vectors_app.registered_commands]


def test_a_small_function_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "vectors", "make", "--check", "draws")
    assert [row["file"] for row in found["files"]] == ["draws.json", "index.json", "vectors-1.schema.json"]
    assert not any(row["changed"] for row in found["files"])


def test_files_are_written_elsewhere_and_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vectors", "make", "draws", "accepts", "--shadow", "--into", str(tmp_path / "new")]) == 0
    assert "written" in capsys.readouterr().out
    assert (tmp_path / "new" / "draws.json").read_bytes() == (DATA / "draws.json").read_bytes()
    index = json.loads((tmp_path / "new" / "index.json").read_text("utf-8"))
    assert list(index["functions"]) == ["draws", "accepts"]
    (tmp_path / "new" / "draws.json").write_text("{}", "utf-8")
    assert main(["vectors", "make", "draws", "--check", "--into", str(tmp_path / "new")]) == 1
    assert re.search(r"draws.json .* differs", capsys.readouterr().out)
    assert (tmp_path / "new" / "draws.json").read_text("utf-8") == "{}"


def test_a_disagreement_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(SHADOWS, "draws", lambda **given: len(given))
    assert main(["vectors", "make", "draws", "--shadow", "--check"]) == 1
    assert re.fullmatch(r"spanner: draws-1: .*\n", capsys.readouterr().err)


def test_large_rows_are_written_on_demand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(long_rows, "ROW_LENGTHS", (100,))
    monkeypatch.setattr(making, "LONG_ROW", 10)
    found = loaded(capsys, "vectors", "make", "--large", "--shadow", "--into", str(tmp_path))
    assert [row["file"] for row in found["files"]] == ["large-log_partition.json"]
    file = msgspec.json.decode((tmp_path / "large-log_partition.json").read_bytes(), type=VectorFile)
    assert [len(vector.input["pi"]) for vector in file.vectors if isinstance(vector.input["pi"], list)] == [100, 100]
    assert main(["vectors", "lint", str(tmp_path / "large-log_partition.json")]) == 0


def test_files_are_linted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, "vectors", "lint", str(DATA / "draws.json")) == "1 file, nothing wrong\n"
    (tmp_path / "a.json").write_text("[]", "utf-8")
    assert main(["vectors", "lint", str(tmp_path / "a.json")]) == 1
    assert capsys.readouterr().out == "a.json: Expected `object`, got `array`\n1 file, 1 finding\n"
    found = loaded(capsys, "vectors", "lint", str(DATA / "draws.json"))
    assert (found["files"], found["findings"]) == (1, [])


def test_questions_are_lines_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.loads(line) for line in shown(capsys, "vectors", "questions", "kl").splitlines()]
    vectors = read_vectors("kl").vectors
    assert [line["id"] for line in lines] == [vector.id for vector in vectors]
    assert lines[0] == {"cmd": "ask", "id": "kl-1", "function": "kl", "input": {"p": [0.5, 0.5], "q": [0.25, 0.75]}}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["make", "softmx"], "no function 'softmx' in the kit; did you mean 'softmax'?"),
        (["questions", "xyz"], "no function 'xyz' in the kit; there are log_partition, softmax, kl"),
        (["lint", "/no/such/file.json"], "cannot read /no/such/file.json: No such file or directory"),
        (["make", "draws", "--into", "/proc/nowhere"], "cannot write /proc/nowhere"),
        (["mend"], "No such command 'mend'"),
    ],
)  # fmt: skip
def test_bad_usage_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vectors", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r"spanner: [^\n]*\n", err)
    assert said in err


@pytest.mark.parametrize("name", NAMES)
def test_every_help_has_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"  Example: spanner vectors {name}" in shown(capsys, "vectors", name, "--help")
    assert f"  {name:<9}  " in shown(capsys, "vectors", "--help")
