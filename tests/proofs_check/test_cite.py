"""What ``spanner cite`` prints is what CITATION.cff has."""

import re
from pathlib import Path

import pytest

from proofs_check.cli import main

CITATION = (Path(__file__).parents[2] / "CITATION.cff").read_text("utf-8")


def _entries(text: str) -> dict[str, dict[str, str]]:
    """Return the fields of each BibTeX entry by its key, without braces and broken lines."""
    entries = re.findall(r"@\w+\{([\w-]+),\n(.*?)\n\}\n", text, re.DOTALL)
    fields = {key: re.findall(r"(\w+) += \{(.*?)\}(?:,\n|$)", body, re.DOTALL) for key, body in entries}
    return {key: {name: re.sub(r"\s+", " ", value.strip("{}")) for name, value in of} for key, of in fields.items()}


def test_both_entries_say_what_the_citation_file_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cite"]) == 0
    entries = _entries(capsys.readouterr().out)
    assert list(entries) == ["FMR25", "spanner-reference"]
    paper, package = entries.values()
    assert list(paper) == ["author", "title", "booktitle", "series", "volume", "pages", "year", "note"]
    for name in paper["author"].split(" and "):
        family, given = name.split(", ")
        assert f"family-names: {family}\n        given-names: {given}" in CITATION
    pages = paper["pages"].replace("--", "\n    end: ")
    for said in (
        f'title: "{paper["title"]}"',
        f'collection-title: "{paper["booktitle"]}"',
        f"volume: {paper['volume']}\n    start: {pages}\n",
        f'value: "{paper["note"]}"',
        f'title: "{package["title"]}"',
        f'name: "{package["author"]}"',
        f"version: {package['version']}\ndate-released: {package['year']}",
    ):
        assert said in CITATION


def test_a_claim_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cite", "gap-oscillation"]) == 0
    entries = _entries(capsys.readouterr().out)
    assert entries["spanner-reference"]["note"] == "Claim gap-oscillation"
    assert main(["cite", "gap-oscilation"]) == 2
    assert "did you mean 'gap-oscillation'?" in capsys.readouterr().err
