"""The pages say what the code says: grades, verdicts, claims, commands."""

import re
from pathlib import Path

import pytest

from docs._ext.api_pages import pages
from proofs_check.claims import registry
from proofs_check.ledger import Grade, Verdict
from proofs_check.ledger.pages import PAGES, Page

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
        assert f"{{doc}}`reference.{package}." in text[f"reference.{package}"]
    assert ".. automodule:: reference.exact.span\n" in text["reference.exact.span"]
    named = {name for page in text.values() for name in re.findall(r"\{doc\}`([\w.]+)`", page)}
    assert set(text) - {"index", *re.findall(r"^[\w.]+$", text["index"], re.MULTILINE)} <= named


def test_the_first_api_page_says_that_spanner_reference_is_reference() -> None:
    assert "`import spanner_reference as ref` is `import reference as ref`" in pages()["index"]


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


@pytest.mark.parametrize("theorem", ["2-1", "4-1"])
def test_what_the_paper_says_is_not_said_with_our_definitions(theorem: str) -> None:
    stated = registry()[f"fmr25-theorem-{theorem}"]
    assert "def-" not in stated.statement + stated.hypotheses
    assert "ours" in stated.caveats


STATED = re.compile(r"^```\{claim\} (\S+)\n```$", re.MULTILINE)
BY_HAND = re.compile(r"\{prf:(proposition|theorem|lemma|corollary)\}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_states_its_claims_once_and_nothing_by_hand(page: Page) -> None:
    text = read(f"reference/theory/{page.name}.md")
    assert STATED.findall(text) == [claim.id for claim in registry() if claim.page == page]
    assert not BY_HAND.search(text)


def test_no_other_page_states_a_claim() -> None:
    of_claims = {f"{page.name}.md" for page in PAGES}
    for path in DOCS.rglob("*.md"):
        if path.parent.name != "theory" or path.name not in of_claims:
            assert not STATED.search(path.read_text("utf-8")), path
