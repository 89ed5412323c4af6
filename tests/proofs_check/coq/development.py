"""A small development beside a copy of the audit's scripts, to be audited and tampered with."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from proofs_check.ledger import coq

NEEDS_COQ = [
    pytest.mark.coq,
    pytest.mark.skipif(shutil.which("coqc") is None, reason="Coq is not installed: make coq"),
]
PROJECT = "-R . Spanner\n-arg -w -arg -notation-overridden,-ambiguous-paths,-parsing\n"
AXIOMS = "[axioms]\ngeneral = []\nconcrete = []\n[uninstantiated]\nclaim = 'a fixture'\n"

POTENTIAL = """\
Definition quad (s x : nat) : nat := s * x * x.
Definition spd (n s : nat) : Prop := forall x, x <> 0 -> 0 < quad s x.
Theorem spd_pos n s : spd n s -> 0 < quad s 1.
Proof. intros h. apply h. discriminate. Qed.
"""
WEAKENED = """\
Definition quad (s x : nat) : nat := s * x * x.
Definition spd (n s : nat) : Prop := (forall x, x <> 0 -> 0 < quad s x) /\\ n = 0.
Theorem spd_pos n s : spd n s -> 0 < quad s 1.
Proof. intros [h _]. apply h. discriminate. Qed.
"""


@dataclass
class Development:
    """A folder with the audit's scripts, files, an index, and a build of its own."""

    folder: Path

    @property
    def build(self) -> Path:
        return self.folder / "build"

    def start(self, files: dict[str, str]) -> None:
        for script in (file for pattern in ("*.sh", "*.py", "*.elpi") for file in coq.FOLDER.glob(pattern)):
            (self.folder / script.name).write_bytes(script.read_bytes())
            (self.folder / script.name).chmod(0o755)
        (self.folder / "_CoqProject").write_text(PROJECT + "\n".join(files) + "\n", encoding="utf-8")
        self.build.mkdir()
        for name, text in files.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        """Write a file and compile it."""
        for place in (self.folder, self.build):
            (place / name).write_text(text, encoding="utf-8")
        command = ["coqc", "-q", "-w", "none", "-R", ".", "Spanner", name]
        done = subprocess.run(command, cwd=self.build, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def index(self, theorems: list[str], definitions: list[str]) -> None:
        """List these names, and record their present digests."""
        self.enter(theorems, definitions)
        self.statements("update")

    def enter(self, theorems: list[str], definitions: list[str]) -> None:
        """List these names, without digests."""
        theorem = "[[theorem]]\nname = \"{}\"\nclaim = 'claim'\nreading = 'r'\nsha256 = \"pending\"\n"
        definition = '[[definition]]\nname = "{}"\nreading = \'r\'\nsha256 = "pending"\n'
        rows = [theorem.format(name) for name in theorems] + [definition.format(name) for name in definitions]
        (self.folder / "theorems.toml").write_text("\n".join([AXIOMS, *rows]), encoding="utf-8")

    def statements(self, command: str) -> list[str]:
        """Run a command of statements.py on the build; return the lines that it prints."""
        asked = [sys.executable, "statements.py", command, str(self.build)]
        done = subprocess.run(asked, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode in {0, 1}, done.stderr
        assert command == "update" or done.returncode == int("FAIL" in done.stdout)
        return done.stdout.splitlines()

    def audit(self) -> list[str]:
        """Run the whole audit on the files; return the lines that it prints."""
        done = subprocess.run(["./check.sh"], cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == int("FAIL" in done.stdout), done.stderr
        return done.stdout.splitlines()


def failures(lines: list[str]) -> list[str]:
    """Return what failed, without the word FAIL."""
    return [line.removeprefix("FAIL ") for line in lines if line.startswith("FAIL ")]
