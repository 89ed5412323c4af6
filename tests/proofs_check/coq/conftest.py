"""Each test has a development of its own; those about certificates share the compiled checkers."""

import subprocess
from pathlib import Path

import pytest

from proofs_check.certified import kernel_check
from proofs_check.ledger import coq
from tests.proofs_check.coq.development import Development

ROOTS = ("certificate", "cert_dnf", "cert_game", "cert_realizable", "cert_laws", "cert_returned", "learners_run")
"""The modules that certificates and laws are checked with."""


@pytest.fixture
def development(tmp_path: Path) -> Development:
    return Development(tmp_path)


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the compiled checkers: those of the audit, if these files are what it audited."""
    folder, audited = tmp_path_factory.mktemp("build"), coq.audited()
    for module in dict.fromkeys(module for root in ROOTS for module in kernel_check.modules_below(root)):
        (folder / f"{module}.v").write_bytes((coq.FOLDER / f"{module}.v").read_bytes())
        compiled = coq.FOLDER / "audited.build" / f"{module}.vo"
        if audited and compiled.exists():
            (folder / compiled.name).write_bytes(compiled.read_bytes())
            continue
        command = ["coqc", "-q", "-w", "none", "-R", ".", "Spanner", f"{module}.v"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return folder
