"""The audit of certified soft values and realizability: a changed digit, problem or checker loses the certificate."""

import json
import subprocess
from pathlib import Path

import pytest

import reference as ref
from proofs_check.certified.soft_values import soft_certificate
from reference.catalog.loading import file_of
from tests.proofs_check.certified.test_soft_values import LATE
from tests.proofs_check.coq.deciding import committed, decided
from tests.proofs_check.coq.development import NEEDS_COQ

import token_form  # isort: skip - a script of the audit; its folder is known after proofs_check.certified

pytestmark = NEEDS_COQ

PROBLEM = file_of("fair-bits-3").read_text(encoding="utf-8")
CERTIFICATE = committed("fair-bits-3")


def answer(
    build: Path, folder: Path, certificate: str, problem: str = PROBLEM, name: str = "fair-bits-3"
) -> list[str] | str:
    return decided(build, folder, certificate, problem, f"{name}.json")


def test_the_committed_file_passes(build: Path, tmp_path: Path) -> None:
    assert answer(build, tmp_path, CERTIFICATE) == ["Soft", "Realizable"]


def test_a_refutation_after_a_prefix_passes(build: Path, tmp_path: Path) -> None:
    text = json.dumps(LATE)
    (tmp_path / "late.json").write_text(text, encoding="utf-8")
    _, written = token_form.read(tmp_path / "late.json")
    certificate = soft_certificate("late", written, ref.load(tmp_path / "late.json"))
    assert answer(build, tmp_path, certificate, text, "late") == ["Soft", "NotRealizable"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Difference (-2) 0", "Difference (-1) 0"),
        ("Difference 1 0 [::]%N 2 0", "Difference 1 0 [::]%N 1 0"),
        ("Difference 1 0 [::]%N 2 0", "Difference 1 1 [::]%N 2 0"),
        ("Difference 1 0 [::]%N 2 0", "Difference 1 0 [:: 0]%N 1 0"),
        ("NotRealizable 0", "NotRealizable 1"),
    ],
)
def test_a_changed_refutation_is_refused_by_the_kernel(build: Path, tmp_path: Path, old: str, new: str) -> None:
    name = "linear-not-realizable"
    text = committed(name)
    assert text.count(old) == 1
    found = answer(build, tmp_path, text.replace(old, new), file_of(name).read_text(encoding="utf-8"), name)
    assert "the kernel refuses it" in found


def test_a_refutation_of_what_is_realizable_is_refused_by_the_kernel(build: Path, tmp_path: Path) -> None:
    first, last = CERTIFICATE.index("  (Realizable"), CERTIFICATE.index(".\n\nLemma")
    claim = "  (NotRealizable 0 [::\n    Difference 1 0 [::]%N 0 1;\n    Difference 1 0 [::]%N 1 0])"
    assert "the kernel refuses it" in answer(build, tmp_path, CERTIFICATE[:first] + claim + CERTIFICATE[last:])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(125#8); (25#4)", "(126#8); (25#4)"),
        ("(5#2)]", "(5#3)]"),
        ("[:: 3; 2; 1]%N", "[:: 2; 2; 1]%N"),
        ("[:: [:: 1; 4];", "[:: [:: 1; 2];"),
        ("(Realizable (Witness [:: 2]", "(Realizable (Witness [:: 3]"),
        ("[:: [:: [:: 2]];", "[:: [:: [:: 1]];"),
    ],
)
def test_a_changed_number_is_refused_by_the_kernel(build: Path, tmp_path: Path, old: str, new: str) -> None:
    assert CERTIFICATE.count(old) == 1
    assert "the kernel refuses it" in answer(build, tmp_path, CERTIFICATE.replace(old, new))


def test_a_changed_problem_is_seen(build: Path, tmp_path: Path) -> None:
    changed = PROBLEM.replace('"2*log(2)"', '"3*log(2)"', 1)
    assert "its token problem is not that of the file" in answer(build, tmp_path, CERTIFICATE, changed)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("cert_token", "[&& all (arc_ok v) ", "[&& true || all (arc_ok v) "),
        ("cert_token", "Qeq_bool f.1 q0, ", "true, "),
        ("cert_token", "& Qeq_bool (exp_value c v)", "& true || Qeq_bool (exp_value c v)"),
        ("cert_realizable", "is_zero (clearing w) (", "true || is_zero (clearing w) ("),
        ("cert_realizable", "all (linear_at w) (", "true || all (linear_at w) ("),
        ("cert_realizable", "& whole (coefficient d)]", "& true || whole (coefficient d)]"),
        ("cert_realizable", "& ~~ Qeq_bool (qprod", "& true || Qeq_bool (qprod"),
        ("cert_realizable", "[&& (h < horizon i)%N, all (difference_ok h n) ds", "[&& (h < horizon i)%N, true"),
    ],
)
def test_a_checker_that_accepts_too_much_has_no_soundness_theorem(
    build: Path, tmp_path: Path, file: str, old: str, new: str
) -> None:
    text = (build / f"{file}.v").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / f"{file}.v").write_text(text.replace(old, new), encoding="utf-8")
    command = ["coqc", "-q", "-w", "none", "-R", str(build), "Spanner", f"{file}.v"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0
