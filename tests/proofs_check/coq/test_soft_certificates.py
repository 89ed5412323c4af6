"""The audit of certified soft values: a changed digit, problem or checker loses the certificate."""

import subprocess
import sys
from pathlib import Path

import pytest

from proofs_check.ledger import coq
from reference.catalog.loading import file_of
from tests.proofs_check.coq.development import NEEDS_COQ

pytestmark = NEEDS_COQ

PROBLEM = file_of("fair-bits-3").read_text(encoding="utf-8")
CERTIFICATE = (coq.FOLDER / "certified" / "fair_bits_3.v").read_text(encoding="utf-8")
RUN = """
import sys
from pathlib import Path
import certificates
found = certificates.audit(*map(Path, sys.argv[1:]))
print("\\n".join(f"{name}: {problem}" for name, problem in found), certificates.summary(found), sep="\\n")
"""


def audited(build: Path, folder: Path, certificate: str, problem: str = PROBLEM) -> list[str]:
    for part in ("certified", "tokens"):
        (folder / part).mkdir()
    (folder / "certified" / "fair_bits_3.v").write_text(certificate, encoding="utf-8")
    (folder / "tokens" / "fair-bits-3.json").write_text(problem, encoding="utf-8")
    command = [sys.executable, "-c", RUN, str(build), str(folder / "certified"), str(folder / "tokens")]
    done = subprocess.run(command, cwd=coq.FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_committed_file_passes(build: Path, tmp_path: Path) -> None:
    assert audited(build, tmp_path, CERTIFICATE) == [
        "certified fair-bits-3: Soft: None",
        "1 verdicts on 0 instances, 1 token problems certified, 0 computed",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(125#8); (25#4)", "(126#8); (25#4)"),
        ("(5#2)]", "(5#3)]"),
        ("[:: 3; 2; 1]%N", "[:: 2; 2; 1]%N"),
        ("[:: [:: 1; 4];", "[:: [:: 1; 2];"),
    ],
)
def test_a_changed_number_is_refused_by_the_kernel(build: Path, tmp_path: Path, old: str, new: str) -> None:
    assert CERTIFICATE.count(old) == 1
    first, last = audited(build, tmp_path, CERTIFICATE.replace(old, new))
    assert "the kernel refuses it" in first
    assert last == "0 verdicts on 0 instances certified, 0 computed"


def test_a_changed_problem_is_seen(build: Path, tmp_path: Path) -> None:
    first, _ = audited(build, tmp_path, CERTIFICATE, PROBLEM.replace('"2*log(2)"', '"3*log(2)"', 1))
    assert "its token problem is not that of the file" in first


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[&& all (arc_ok v) ", "[&& true || all (arc_ok v) "),
        ("Qeq_bool f.1 q0, ", "true, "),
        ("& Qeq_bool (exp_value c v)", "& true || Qeq_bool (exp_value c v)"),
    ],
)
def test_a_checker_that_accepts_too_much_has_no_soundness_theorem(
    build: Path, tmp_path: Path, old: str, new: str
) -> None:
    text = (build / "cert_token.v").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "cert_token.v").write_text(text.replace(old, new), encoding="utf-8")
    command = ["coqc", "-q", "-w", "none", "-R", str(build), "Spanner", "cert_token.v"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0
