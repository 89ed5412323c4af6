"""The page of licences names what was not written here, and what is installed beside the package."""

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/licences.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
INSTALLED = {name: row[-1] for row in ROWS if len(row) == 3 for name in re.split(r", |with ", row[0])}


def test_every_folder_on_the_page_is_there() -> None:
    for row in ROWS:
        if len(row) == 4 and row[1].startswith("`"):
            assert (ROOT / row[1].strip("`")).is_dir(), row


def test_the_package_says_its_own_licence() -> None:
    assert f"the licence [{PROJECT['license']}]" in PAGE


def test_every_instance_made_from_weights_is_covered() -> None:
    made = {
        path.name
        for path in (ROOT / "reference/catalog/data").rglob("*.json")
        if "provenance" in json.loads(path.read_text("utf-8"))
    }
    assert made
    assert all(name.startswith("smollm2-") for name in made)


def test_every_part_of_a_page_that_is_not_ours_is_on_the_page() -> None:
    foreign = {path.parent for path in (ROOT / "docs").rglob("LICENSE*") if "_build" not in path.parts}
    assert all(f"`{path.relative_to(ROOT)}`" in PAGE for path in foreign)


@pytest.mark.parametrize("extra", ["core", "verify", "grade"])
def test_every_package_that_is_installed_is_on_the_page_with_its_licence(extra: str) -> None:
    listed = PROJECT["dependencies"] if extra == "core" else PROJECT["optional-dependencies"][extra]
    for requirement in listed:
        name = re.split(r"[<>=]", requirement)[0]
        assert name in INSTALLED, name
        try:
            says = metadata(name).json
        except PackageNotFoundError:  # a test environment may be without an extra
            continue
        words = " ".join(str(says.get(key)) for key in ("license_expression", "license", "classifier"))
        assert INSTALLED[name].split("-")[0].split(";")[0] in words, (name, words)
