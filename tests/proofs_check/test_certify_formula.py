"""``spanner certify FORMULA.dnf``: files that hold a formula and its ``val*``, and one line where there are none."""

import json
from pathlib import Path

import pytest

from proofs_check.cli import main
from proofs_check.ledger.coq import FOLDER
from reference.constructions.dnf.generate import random_formula
from reference.constructions.dnf.text import to_dimacs
from reference.interaction.seeded import Seeded
from tests.proofs_check.cli_output import loaded

HALFWAY = FOLDER / "formulas" / "halfway.dnf"


def line_of(capsys: pytest.CaptureFixture[str]) -> str:
    (line,) = capsys.readouterr().err.splitlines()
    return line


@pytest.fixture
def without_coq(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)


@pytest.mark.usefixtures("without_coq")
def test_the_files_hold_the_formula_and_its_certificate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = loaded(capsys, "certify", str(HALFWAY), "--coq", "--out", str(tmp_path))
    ends = (".dnf", ".certificates.json", ".v")
    assert document["files"] == [str(tmp_path / f"halfway{end}") for end in ends]
    certificate = {"val": "1/2", "assignment": "-+", "order": [1, 2], "looks": 7}
    assert document["certificate"] == certificate
    assert json.loads((tmp_path / "halfway.certificates.json").read_text("utf-8")) == certificate
    assert (tmp_path / "halfway.dnf").read_bytes() == HALFWAY.read_bytes()
    assert (tmp_path / "halfway.v").read_bytes() == (FOLDER / "certified" / "halfway.v").read_bytes()
    assert document["coq"]["kinds"] == ["Best"]
    assert document["coq"]["accepted"] is None
    assert main(["certify", str(HALFWAY), "--coq", "--out", str(tmp_path)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "halfway: 2 variables, 2 terms, k = 2; val* = 1/2 at -+" in printed
    assert "val* with an assignment that attains it" in printed


def test_a_formula_in_words_is_written_with_one_term_in_each_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.dnf").write_text("x1 & x2 | !x1 & x2\n", encoding="utf-8")
    document = loaded(capsys, "certify", str(tmp_path / "mine.dnf"), "--out", str(tmp_path / "out"))
    assert "coq" not in document
    assert (tmp_path / "out" / "mine.dnf").read_text("utf-8") == document["formula"] == "p dnf 2 2\n1 2 0\n-1 2 0\n"
    assert main(["certify", str(tmp_path / "mine.dnf"), "--out", str(tmp_path)]) == 2
    assert line_of(capsys).endswith("mine.dnf is another file: give another folder with --out")
    assert (tmp_path / "mine.dnf").read_text("utf-8") == "x1 & x2 | !x1 & x2\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x1 & x1 | x2 & x3", "term 1 (x1 & x1) repeats x1; name it once"),
        ("p dnf 2 2\n1 2 0\n", "the line 'p dnf' declares 2 as the number of terms, but there are 1"),
        ("x1 & x40", "40 variables: all assignments are enumerated up to 22; beyond, a MaxSAT solver finds val*"),
        (None, "no such file"),
    ],
)
def test_bad_input_is_told_in_a_line(
    text: str | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.dnf"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    assert main(["certify", str(file), "--out", str(tmp_path / "out")]) == 2
    line = line_of(capsys)
    assert line.startswith(f"spanner: {str(file)[:80]}")
    assert said in line
    assert not (tmp_path / "out").exists()


def test_what_takes_more_than_a_minute_is_refused_before_coq_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proofs_check.cli.certify_formula.MOST", 3)
    monkeypatch.setattr("proofs_check.cli.certify_formula.checked_by_kernel", lambda *_: pytest.fail("Coq was started"))
    (tmp_path / "large.dnf").write_text(to_dimacs(random_formula(Seeded(2), 18, 3, 120)), encoding="utf-8")
    assert main(["certify", str(tmp_path / "large.dnf"), "--coq", "--out", str(tmp_path / "out")]) == 2
    assert line_of(capsys).endswith("large.dnf: branch and bound would take more than 3 s")
