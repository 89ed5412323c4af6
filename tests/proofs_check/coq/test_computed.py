"""The audit of the laws that the kernel computes: a changed digit, instance or listing loses them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import reference as ref
from proofs_check.certified import kernel_check
from proofs_check.computed import files
from proofs_check.ledger import coq
from tests.proofs_check.coq.development import NEEDS_COQ

import computed_form as form  # isort: skip - a script beside the audit; its folder is known after proofs_check.ledger

pytestmark = NEEDS_COQ

TWO_ARMS = Path(ref.__file__).parent / "catalog" / "data" / "two-arms.json"
RUN = """
import sys
from pathlib import Path
import certificates, computed_laws
computed_laws.random_instances = lambda: []
found = certificates.audit_of_laws(*map(Path, sys.argv[1:]))
print("\\n".join(f"{name}: {problem}" for name, problem in found), certificates.summary(found), sep="\\n")
"""


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    for module in kernel_check.modules_below("listing_run"):
        (folder / f"{module}.v").write_bytes((coq.FOLDER / f"{module}.v").read_bytes())
        command = ["coqc", "-q", "-w", "none", "-R", ".", "Spanner", f"{module}.v"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def text(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(files, "catalog_names", lambda: ["two-arms"])
    return files.catalog_text()


def audited(build: Path, folder: Path, text: str, instance: str | None = None) -> list[str]:
    """Audit a file with two-arms alone; return the lines about it, and the last one."""
    for name in ("computed", "data"):
        (folder / name).mkdir()
    (folder / "computed" / "catalog.v").write_text(text, encoding="utf-8")
    (folder / "computed" / "random.v").write_text(form.HEAD + form.TAIL, encoding="utf-8")
    (folder / "data" / "two-arms.json").write_text(instance or TWO_ARMS.read_text(encoding="utf-8"), encoding="utf-8")
    command = [sys.executable, "-c", RUN, str(build), str(folder / "computed"), str(folder / "data")]
    done = subprocess.run(command, cwd=coq.FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if "random" not in line]


def test_the_laws_of_two_arms_pass(build: Path, tmp_path: Path, text: str) -> None:
    assert audited(build, tmp_path, text) == [
        "computed two-arms: Rejection, Sampler, Returned: None",
        "0 verdicts on 0 instances certified, 3 computed",
    ]


def test_a_changed_digit_is_refused_by_the_kernel(build: Path, tmp_path: Path, text: str) -> None:
    digit = "(1219#2048)"
    assert digit in text
    first, last = audited(build, tmp_path, text.replace(digit, "(1217#2048)"))
    assert "the kernel refuses it" in first
    assert last == "0 verdicts on 0 instances certified, 0 computed"


def test_a_changed_instance_is_seen(build: Path, tmp_path: Path, text: str) -> None:
    document = json.loads(TWO_ARMS.read_text(encoding="utf-8")) | {"beta": "2"}
    first, _ = audited(build, tmp_path, text, json.dumps(document))
    assert "its instance is not that of the exporter" in first
