"""The audit of certified formulas: a changed digit, assignment, order, formula or checker loses the certificate."""

import subprocess
from pathlib import Path

import pytest

from proofs_check.certified import kernel_check
from proofs_check.cli import main
from proofs_check.ledger import coq
from tests.proofs_check.coq.deciding import committed, decided
from tests.proofs_check.coq.development import NEEDS_COQ

pytestmark = NEEDS_COQ

NAME = "planted-2"
FORMULA = (coq.FOLDER / "formulas" / f"{NAME}.dnf").read_text(encoding="utf-8")
CERTIFICATE = committed(NAME)


def answer(build: Path, folder: Path, certificate: str, formula: str = FORMULA) -> list[str] | str:
    return decided(build, folder, certificate, formula, f"{NAME}.dnf")


def test_the_committed_file_passes(build: Path, tmp_path: Path) -> None:
    assert answer(build, tmp_path, CERTIFICATE) == ["Best"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Best (7#10)", "Best (8#10)"),  # no assignment has it
        ("Best (7#10)", "Best (6#10)"),  # not what the assignment has
        ("%Q [:: true; ", "%Q [:: false; "),  # an assignment with another value
        ("%Q [:: true; ", "%Q [:: "),  # a value is missing
        ("[:: 0; 4; 5; 1; 2; 6; 7; 3].", "[:: 0; 4]."),  # branch and bound ends too early
    ],
)
def test_a_changed_answer_is_refused_by_the_kernel(build: Path, tmp_path: Path, old: str, new: str) -> None:
    assert CERTIFICATE.count(old) == 1
    assert "the kernel refuses it" in answer(build, tmp_path, CERTIFICATE.replace(old, new))


def test_a_value_that_is_attained_but_not_the_largest_is_refused(build: Path, tmp_path: Path) -> None:
    """Of ``x1 & x2 | !x1 & x2 | x1 & !x3`` all true satisfies one term, and x3 false two."""
    formula = "p dnf 3 3\n1 2 0\n-1 2 0\n1 -3 0\n"
    terms = "[:: (0, true); (1, true)];\n    [:: (0, false); (1, true)];\n    [:: (0, true); (2, false)]"
    before, _, after = CERTIFICATE.partition("  Formula ")
    _, _, tail = after.partition(".\n\nLemma")
    text = f"{before}  Formula 3 [::\n    {terms}].\n\nDefinition claimed : best :=\n  Best"
    right = f"{text} (2#3)%Q [:: true; true; false] [:: 0; 1; 2].\n\nLemma{tail}"
    wrong = f"{text} (1#3)%Q [:: true; true; true] [:: 0; 1; 2].\n\nLemma{tail}"
    assert answer(build, tmp_path, right, formula) == ["Best"]
    assert "the kernel refuses it" in answer(build, tmp_path, wrong, formula)


def test_a_changed_formula_is_seen(build: Path, tmp_path: Path) -> None:
    *lines, last = FORMULA.splitlines()
    changed = "\n".join([*lines, last.replace("-", "", 1) if "-" in last else f"-{last}"]) + "\n"
    assert "its formula is not that of the file" in answer(build, tmp_path, CERTIFICATE, changed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("if (size ts <= m)%N then true", "if (size ts <= m.+1)%N then true"),
        ("possible x false ts) else false", "possible x true ts) else false"),
        ("[&& formula_ok, ", "[&& true, "),
    ],
)
def test_a_checker_that_accepts_too_much_has_no_soundness_theorem(
    build: Path, tmp_path: Path, old: str, new: str
) -> None:
    text = (build / "cert_dnf.v").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "cert_dnf.v").write_text(text.replace(old, new), encoding="utf-8")
    command = ["coqc", "-q", "-w", "none", "-R", str(build), "Spanner", "cert_dnf.v"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_the_command_has_the_kernel_decide(
    build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(kernel_check, "_built", lambda *_: build)
    (tmp_path / "mine.dnf").write_text("x1 & x2 | !x1 & x3 | !x2 & !x3 | x1 & !x3", encoding="utf-8")
    command = ["certify", str(tmp_path / "mine.dnf"), "--coq", "--out"]
    assert main([*command, str(tmp_path / "right")]) == 0
    assert "accepted by Coq 8.16" in capsys.readouterr().out
    worse = "  Best (1#4)%Q [:: true; true; true] [:: 0; 1; 2]"
    monkeypatch.setattr("formula_form.best_term", lambda *_: worse)
    assert main([*command, str(tmp_path / "wrong")]) == 1
    assert "the kernel refuses it" in " ".join(capsys.readouterr().out.split())
