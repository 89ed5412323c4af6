"""The pages say what the code says: grades, verdicts, claims, commands."""

import re
from pathlib import Path

import pytest

from docs._ext.api_pages import pages
from proofs_check.claims import registry
from proofs_check.ledger import Grade, Verdict

DOCS = Path(__file__).parents[2] / "docs"
MAKEFILE = DOCS.parent / "Makefile"
PROSE = [*DOCS.rglob("*.md"), DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md"]


def read(path: str) -> str:
    return (DOCS / path).read_text("utf-8")


@pytest.mark.parametrize("word", [*Grade, *Verdict])
def test_grades_and_verdicts_are_explained(word: str) -> None:
    assert re.search(rf"^\| `?{word}`? \|", read("explanation/evidence-grades.md"), re.MULTILINE)


def test_every_package_has_an_api_page() -> None:
    text = pages()
    for package in ("exact", "model", "interaction", "algorithms", "certificates", "catalog"):
        assert f"reference.{package}" in text
        assert f".. automodule:: reference.{package}." in text[f"reference.{package}"]


@pytest.mark.parametrize("path", PROSE, ids=lambda path: str(path.relative_to(DOCS.parent)))
def test_make_targets_in_the_prose_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE.read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)`|^\$ make ([a-z-]+)", path.read_text("utf-8"), re.MULTILINE))
    assert {a or b for a, b in named} <= targets


MODEL = "reference/theory/model.md"


@pytest.mark.parametrize("label", ["def-costs", "def-proper"])
def test_definitions_that_are_stronger_than_the_papers_are_marked_as_ours(label: str) -> None:
    before, after = read(MODEL).split(f"\n:label: {label}\n")
    assert before.endswith("(ours)")
    remark = " ".join(after.split("\n:::\n", 1)[1].strip().split("\n\n")[0].split())
    assert "**ours**" in remark
    assert "than what is known here of the paper's wording" in remark


@pytest.mark.parametrize(("page", "theorem"), [("proper", "4-1"), ("lower-bound", "2-1")])
def test_what_the_paper_says_is_not_said_with_our_definitions(page: str, theorem: str) -> None:
    stated = read(f"reference/theory/{page}.md").split(f"\n:label: fmr25-theorem-{theorem}\n")[1].split("\n:::")[0]
    assert "def-" not in stated
    assert "ours" in registry()[f"fmr25-theorem-{theorem}"].caveats
