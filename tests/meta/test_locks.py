"""The locked versions are ones that pyproject.toml allows, each with hashes, and all sets agree."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOWEST = ROOT / ".ci/locks/lowest.txt"
LOCKS = sorted(set((ROOT / ".ci/locks").glob("*.txt")) - {LOWEST})
PINNED = re.compile(
    r"^([\w.-]+)==([^\s;]+)(?: ; ([^\\]*[^\\ ]))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def asked(extra: str) -> list[Requirement]:
    """Return what a set of extras asks for, that of other extras included."""
    listed = [Requirement(line) for line in PROJECT["dependencies"]]
    if extra != "base":
        for each in map(Requirement, PROJECT["optional-dependencies"][extra]):
            inner = [r for e in each.extras for r in asked(e)] if each.name == PROJECT["name"] else [each]
            listed += inner
    return listed


def locked(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version, *_ in PINNED.findall(path.read_text("utf-8")):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def test_make_installs_locked_versions_alone() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    used = set(re.findall(r"\.venv/\.installed-(\w+)", makefile))
    assert used - {"test", "base"} <= {path.stem for path in LOCKS} >= {"base", "verify", "test", "docs"}
    assert "--require-hashes -r .ci/locks/$*.txt" in makefile


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_every_requirement_is_locked_at_a_version_that_it_allows(path: Path) -> None:
    versions = locked(path)
    for requirement in asked(path.stem):
        at = versions[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version, prereleases=True) for version in at), requirement
    assert {"hatchling", "editables"} <= set(versions)  # what an editable installation is built with


def test_every_line_of_a_lock_is_a_version_with_hashes() -> None:
    for path in (*LOCKS, LOWEST):
        rest = PINNED.sub("", path.read_text("utf-8"))
        assert all(line.startswith("#") for line in rest.splitlines()), path


def test_the_sets_agree_with_each_other() -> None:
    pins = re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / ".ci/constraints.txt").read_text("utf-8"), re.MULTILINE)
    common: dict[str, set[str]] = {}
    for name, version in pins:
        common.setdefault(canonicalize_name(name), set()).add(version)
    for path in LOCKS:
        for name, at in locked(path).items():
            assert at <= common[name], (path, name)


def test_the_lowest_versions_are_those_of_the_bounds() -> None:
    versions = locked(LOWEST)
    for requirement in asked("test"):
        bounds = {Version(each.version) for each in requirement.specifier if each.operator in {">=", "=="}}
        assert bounds, f"{requirement} has no lowest version"
        (found,) = map(Version, versions[canonicalize_name(requirement.name)])
        assert min(bounds) <= found, requirement
        assert found.release[: len(min(bounds).release)] == min(bounds).release, f"{requirement} is tested at {found}"
