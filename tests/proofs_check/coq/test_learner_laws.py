"""The audit of the laws of brute force and MTSS: a changed digit, instance or listing loses them."""

import subprocess
from pathlib import Path

import pytest

from proofs_check.ledger import coq
from tests.proofs_check.coq.development import NEEDS_COQ

import certificates as auditing  # isort: skip - a script of the audit; its folder is known after proofs_check.ledger

pytestmark = NEEDS_COQ

FILES = ("brute_force", "mtss")
LINES = (
    "computed antipodal: BruteForce",
    "computed spanner-fourfold: BruteForce",
    "computed two-arms: BruteForce",
    "52 laws of BruteForce on 26 random instances, computed",
    "computed clean-sweep: Mtss",
    "computed token-coverage-larger: Mtss",
    "24 laws of Mtss on 12 random instances, computed",
)


def compiled(build: Path, module: str) -> bool:
    command = ["coqc", "-q", "-w", "none", "-R", ".", "Spanner", f"{module}.v"]
    return subprocess.run(command, cwd=build, capture_output=True, check=False).returncode == 0


def audited(build: Path, folder: Path, **changes: tuple[str, str]) -> dict[str, str | None]:
    """Audit the files, changed so; return what is wrong, by what the line is about."""
    (folder / "learners").mkdir()
    for name in FILES:
        text = (coq.FOLDER / "learners" / f"{name}.v").read_text(encoding="utf-8")
        old, new = changes.get(name, ("", ""))
        assert old in text
        (folder / "learners" / f"{name}.v").write_text(text.replace(old, new, 1), encoding="utf-8")
    return dict(auditing.audit_of_learners(build, folder))


def test_a_changed_digit_is_refused_by_the_kernel(build: Path, tmp_path: Path) -> None:
    found = audited(
        build,
        tmp_path,
        brute_force=("[:: (1#4); (3#4); 0]", "[:: (3#4); (1#4); 0]"),
        mtss=("[:: (8#13); (4#13); (1#13)]", "[:: (8#13); (1#13); (4#13)]"),
    )
    assert tuple(found) == LINES
    assert all("the kernel refuses it" in str(problem) for problem in found.values())


def test_a_changed_instance_is_seen(build: Path, tmp_path: Path) -> None:
    found = audited(build, tmp_path, brute_force=("Instance 1", "Instance 2"), mtss=("Tree 1", "Tree 2"))
    assert len(found) == len(FILES)
    assert all("its instance is not that of the exporter" in str(problem) for problem in found.values())


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("then (c, v) else best", "then best else (c, v)", "BruteForce"),
        ("(plus explained (difference (c.1 c.2.2) z))", "(plus explained (c.1 c.2.2))", "Mtss"),
    ],
)
def test_a_fault_in_a_listing_shows(build: Path, tmp_path: Path, old: str, new: str, kind: str) -> None:
    """In a build of its own: the listings are compiled anew.  The other file passes."""
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
    assert tuple(found) == LINES
    for name, problem in found.items():
        if kind in name:
            assert "the kernel refuses it" in str(problem)
        else:
            assert problem is None
