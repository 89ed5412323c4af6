"""One version, wherever it is said."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def test_the_version_is_the_same_everywhere() -> None:
    said = {
        "CITATION.cff": r"^version: (\S+)$",
        "docs/conf.py": r'^release = "(\S+)"$',
        "docs/reference/stability.md": r"`spanner-reference (\S+), claim",
    }
    for file, words in said.items():
        found = re.findall(words, (ROOT / file).read_text("utf-8"), re.MULTILINE)
        assert found == [VERSION], file


def test_the_changelog_has_this_version_with_its_date() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## \[(.*)\](?: - (\d{4}-\d\d-\d\d))?$", text, re.MULTILINE)
    assert headings[0] == ("Unreleased", "")
    versions = [version for version, date in headings[1:] if date]
    assert versions[0] == VERSION
    assert len(versions) == len(headings) - 1, "a version without a date"
