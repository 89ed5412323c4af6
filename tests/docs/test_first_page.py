"""The first page, in README and on the site: four results with their claims, a figure, and doors that open."""

import doctest
import re
from pathlib import Path

import pytest

from proofs_check.claims import registry
from proofs_check.cli.places import theorem_place
from proofs_check.ledger.coq import theorems

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
INDEX = (ROOT / "docs" / "index.md").read_text("utf-8")
LISTED = re.compile(r"^- \*\*.*?(?:\[|\{prf:ref\})`([\w-]+)`.*?: ([a-z, -]+)$", re.MULTILINE | re.DOTALL)


def grades(claim: str) -> str:
    """Return the grades that the table at the end of README gives to a claim."""
    (found,) = re.findall(rf"^\|[^|]*`{claim}`[^|]*\|[^|]*\| ([^|]*) \|$", README, re.MULTILINE)
    return str(found)


@pytest.mark.parametrize("text", [README, INDEX], ids=["README", "index"])
def test_each_result_of_the_paper_has_a_claim_and_its_grades(text: str) -> None:
    named = dict(LISTED.findall(text[: text.index("```pycon")]))
    pages = [registry()[claim].page.name for claim in named]
    assert pages == ["lower-bound", "spanner-sampling", "proper", "multi-turn"]  # Theorems 2.1, 3.1, 4.1, 5.1
    assert named == {claim: grades(claim) for claim in named}


def test_readme_and_the_site_name_the_same_claims() -> None:
    assert LISTED.findall(README[: README.index("```pycon")]) == LISTED.findall(INDEX[: INDEX.index("```pycon")])


def test_the_examples_of_the_site_show_what_happens() -> None:
    code = "".join(re.findall(r"```pycon\n(.*?)```", INDEX, re.DOTALL))
    examples = doctest.DocTestParser().get_doctest(code, {}, "index.md", "index.md", 0)
    assert len(examples.examples) == 3
    assert doctest.DocTestRunner().run(examples) == doctest.TestResults(0, 3)


def test_readme_links_to_what_is_there() -> None:
    anchors = {
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    }
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert len(links) > 10
    for link in links:
        if link.startswith("#"):
            assert link[1:] in anchors, link
        else:
            assert (ROOT / link).is_file(), link


def test_the_figure_is_there_for_each_theme_with_a_text() -> None:
    shown = re.findall(r'(?:srcset|src)="([^"]+)"', README) + [
        f"docs/{path}" for path in re.findall(r"\{image\} (\S+)", INDEX)
    ]
    assert len(shown) == 8
    assert all((ROOT / path).is_file() for path in shown)
    texts = set(re.findall(r'alt="([^"]+)"', README) + re.findall(r"^:alt: (.*)$", INDEX, re.MULTILINE))
    ((said,),) = [texts]
    assert f"<title>{said}</title>" in (ROOT / "docs/_static/first-wide-light.svg").read_text("utf-8")


def test_every_theorem_in_coq_has_a_line_to_link_to() -> None:
    for claim in registry():
        for theorem in theorems(claim.id):
            path, _, line = theorem_place(theorem.name).partition(":")
            assert line, theorem
            assert theorem.name.partition(".")[2] in (ROOT / path).read_text("utf-8").splitlines()[int(line) - 1]
