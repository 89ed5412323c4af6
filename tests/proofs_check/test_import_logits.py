"""``spanner import-logits``: what it prints and writes, and that ``solve`` reads it."""

import json
from pathlib import Path

import numpy as np
import pytest

from proofs_check.cli import main
from tests.catalog.logit_files import chat, lines, npz

ROWS = [(" Paris", -0.25), (" Lyon", -2.5), (" the", -9999.0)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "answers.jsonl"
    path.write_bytes(lines(chat(ROWS)))
    return path


def test_from_an_answer_to_a_verdict(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Paris has the odds e^(9/4) to Lyon, and a reward of log 2 doubles them."""
    out = tmp_path / "my.json"
    line = ["import-logits", str(file), "--reward", " Paris=log(2)", "--drop-masked", "-o", str(out)]
    assert main(line) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        "2 outcomes of record 0, place 0; 1 left out; the listed probabilities sum to about 0.860886; "
        f"divided by that; now: spanner solve {out}\n"
    )
    assert main(["solve", str(out), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    paris = found["prompts"][0]["responses"][0]
    odds = 2 * np.exp(2.25)
    assert (paris["name"], found["name"]) == (" Paris", "answers")
    assert float(paris["pi_star"]["decimal"].lstrip("≈")) == pytest.approx(odds / (1 + odds), rel=1e-5)


def test_without_an_output_the_instance_is_printed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["import-logits", str(file), "--reward", "#1=1", "--drop-masked", "--temperature", "1/2", "--beta", "1/4"]
    assert main([*line, "--name", "capital"]) == 0
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert (found["name"], found["beta"], found["provenance"]["temperature"]) == ("capital", "1/4", "1/2")
    assert [r["logit"] for r in found["prompts"][0]["responses"]] == ["-0x1p-1", "-0x1.4p+2"]
    assert told.err.startswith("2 outcomes of record 0, place 0; 1 left out; ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--reward", "Paris"], "--reward 'Paris': write TOKEN=NUMBER, such as 17=1 or ' Paris'=log(2)"),
        (["--reward", "=1"], "--reward '=1': write TOKEN=NUMBER"),
        (["--row", "one", "--reward", "#0=1"], "--row 'one': write integers with commas between, such as 0 or 3,12"),
        (
            ["--output", "FILE", "--reward", "#0=1"],
            "--output FILE: this is the file with the logits; give another name",
        ),
        (
            ["--output", "/nowhere/my.json", "--drop-masked", "--reward", "#0=1"],
            "/nowhere/my.json: cannot be written: No",
        ),
        (["--drop-masked"], "FILE: no rewards are given; choose one of --reward TOKEN=NUMBER"),
        (["--reward", "#0=1"], "FILE: record 0, place 0: logits[2] = -9999.0: what engines write"),
        (["--reward", "#2=1", "--drop-masked"], "FILE: --reward '#2': this outcome is left out, so it has no reward"),
    ],
)
def test_mistakes_are_one_line(options: list[str], said: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import-logits", str(file), *(str(file) if text == "FILE" else text for text in options)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"spanner: {said.replace('FILE', str(file))}")
    assert told.err.count("\n") == 1


def test_features_with_a_parameter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(npz(logits=np.zeros(3), phi=np.array([[1, 0], [0, 1], [0, 0]], dtype=np.float32)))
    assert main(["import-logits", str(path), "--features", "phi", "--theta", "1, log(2)", "--key", "logits"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["theta"] == ["1", "log(2)"]
    assert [r["phi"] for r in found["prompts"][0]["responses"]] == [["1", "0"], ["0", "1"], ["0", "0"]]
