"""The audit of the laws of brute force and MTSS: a changed digit, instance or listing loses them."""

import subprocess
import sys
from pathlib import Path

import pytest

from proofs_check.ledger import coq
from tests.proofs_check.coq.development import NEEDS_COQ

pytestmark = NEEDS_COQ

FILES = ("brute_force", "mtss")
RUN = """
import sys
from pathlib import Path
import certificates
found = certificates.audit_of_learners(*map(Path, sys.argv[1:]))
print("\\n".join(f"{name}: {problem}" for name, problem in found))
"""


def compiled(build: Path, module: str) -> bool:
    command = ["coqc", "-q", "-w", "none", "-R", ".", "Spanner", f"{module}.v"]
    return subprocess.run(command, cwd=build, capture_output=True, check=False).returncode == 0


def audited(build: Path, folder: Path, **changes: tuple[str, str]) -> list[str]:
    (folder / "learners").mkdir()
    for name in FILES:
        text = (coq.FOLDER / "learners" / f"{name}.v").read_text(encoding="utf-8")
        old, new = changes.get(name, ("", ""))
        assert old in text
        (folder / "learners" / f"{name}.v").write_text(text.replace(old, new, 1), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(build), str(folder)],
        cwd=coq.FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_committed_files_pass(build: Path, tmp_path: Path) -> None:
    assert audited(build, tmp_path) == [
        "computed antipodal: BruteForce: None",
        "computed two-arms: BruteForce: None",
        "52 laws of BruteForce on 26 random instances, computed: None",
        "computed clean-sweep: Mtss: None",
        "computed token-coverage-larger: Mtss: None",
        "24 laws of Mtss on 12 random instances, computed: None",
    ]


def test_a_changed_digit_is_refused_by_the_kernel(build: Path, tmp_path: Path) -> None:
    found = audited(
        build,
        tmp_path,
        brute_force=("[:: (1#4); (3#4); 0]", "[:: (3#4); (1#4); 0]"),
        mtss=("[:: (8#13); (4#13); (1#13)]", "[:: (8#13); (1#13); (4#13)]"),
    )
    assert all("the kernel refuses it" in line for line in found), found


def test_a_changed_instance_is_seen(build: Path, tmp_path: Path) -> None:
    found = audited(build, tmp_path, brute_force=("Instance 1", "Instance 2"), mtss=("Tree 1", "Tree 2"))
    assert all("its instance is not that of the exporter" in line for line in found), found


@pytest.mark.parametrize(
    ("old", "new", "faulty"),
    [
        ("then (c, v) else best", "then best else (c, v)", "brute_force"),
        ("(plus explained (difference (c.1 c.2.2) z))", "(plus explained (c.1 c.2.2))", "mtss"),
    ],
)
def test_a_fault_in_a_listing_shows(build: Path, tmp_path: Path, old: str, new: str, faulty: str) -> None:
    """In a build of its own: the listings are compiled anew."""
    own = tmp_path / "build"
    own.mkdir()
    for path in build.glob("*.v*"):
        (own / path.name).write_bytes(path.read_bytes())
    text = (own / "listing_learners.v").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (own / "listing_learners.v").write_text(text.replace(old, new), encoding="utf-8")
    assert compiled(own, "listing_learners")
    assert compiled(own, "learners_run")
    found = audited(own, tmp_path)
    about = {"brute_force": "BruteForce", "mtss": "Mtss"}[faulty]
    assert all(("the kernel refuses it" in line) == (about in line) for line in found)
