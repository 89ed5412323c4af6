"""``make reproduce``: numbers that stand in sentences are computed anew, and no such number is forgotten."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"

sys.path.insert(0, str(DOCS))  # scripts, no package

from reproduce import run  # noqa: E402
from reproduce.numbers import QUOTATIONS  # noqa: E402
from reproduce.quotations import Quotation  # noqa: E402
from reproduce.records import RECORDS  # noqa: E402

SLOW = ("explanation/coverage-and-compute.md", "explanation/number-tower.md")


@pytest.mark.parametrize("quotation", QUOTATIONS, ids=lambda each: f"{Path(each.page).stem}: {each.stated[0]}")
def test_a_page_has_these_words(quotation: Quotation) -> None:
    assert quotation.stated
    assert quotation.stands(), quotation.text


@pytest.mark.parametrize(
    "quotation",
    [pytest.param(each, marks=[pytest.mark.slow] * (each.page in SLOW)) for each in QUOTATIONS],
    ids=lambda each: f"{Path(each.page).stem}: {each.stated[0]}",
)
def test_a_number_is_what_the_page_says(quotation: Quotation) -> None:
    assert quotation.compute() == quotation.stated


def test_what_differs_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (right,) = [each for each in QUOTATIONS if each.stated == ("30",)]
    other = replace(right, compute=lambda: ("29",))
    gone = replace(right, words="no page has «1» such words")
    monkeypatch.setattr(run, "QUOTATIONS", [right, other, gone])
    assert run.main(["sentences"]) == 1
    said = capsys.readouterr().out
    assert "2 differ" in said
    assert "Six responses have 30 differences.: computed 29" in said
    assert "no such words: no page has 1 such words" in said
    monkeypatch.setattr(run, "QUOTATIONS", [right])
    assert run.main(["sentences"]) == 0


def test_every_record_is_a_file_of_the_repository() -> None:
    for record in RECORDS:
        assert all((DOCS.parent / file).exists() for file in record.files), record.what
        for script in re.findall(r"(?:docs|proofs_check)/\S+\.(?:py|sh)", record.command):
            assert (DOCS.parent / script).is_file(), script


@pytest.mark.parametrize(("cell", "found"), [("t", False), ("v", True)])
def test_how_long_a_claim_held_is_no_finding_and_that_it_fell_is_one(cell: str, found: object, tmp_path: Path) -> None:
    (matrix,) = [each for each in RECORDS if each.what == "kill matrix of the ledger"]
    made = tmp_path / "made.json"
    made.write_text(' "best-of-n": ".",\n "kl-exact": "v"\n')
    git = ["git", "-C", str(tmp_path), "-c", "user.name=n", "-c", "user.email=e"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "made"]):
        run.ran(*git, *words)
    record = replace(matrix, command=f"sed -i 's/[.]\",/{cell}\",/' made.json", files=("made.json",))
    assert bool(run.differing(record, tmp_path)) is found


# ---------------------------------------------------------------------- nothing is forgotten

MEASURED = {"how-to/sweep.md", "reference/performance.md", "explanation/read-next.md", "reference/public-reports.md"}
"""Pages whose numbers are times, names of reports, or read by tests of their own."""

GIVEN = {
    "explanation/bets-against-a-law.md": {"1,000", "2,000", "4,000"},  # when the cell asks
    "explanation/number-tower.md": {"100,000"},  # how many are tried
    "explanation/tokens-instead-of-sequences.md": {"150,000"},  # asserted in the cell before
    "explanation/what-you-have-to-trust.md": {"2,000"},  # responses of an instance that was timed
    "how-to/judge-a-sampler.md": {"0.999", "1.05"},
    "how-to/logits.md": {"151,936"},  # a vocabulary
    "how-to/test-your-implementation.md": {"65,536"},  # 2^16
    "reference/command-line.md": {"1,000"},
    "reference/graded-libraries.md": {"1,024"},
    "reference/instance-format.md": {"10,000"},
    "reference/protocol.md": {"1,000"},
    "reference/theory/multi-turn.md": {"0.0008", "0.0005", "0.35"},  # of the example: 2/50^2, and the bound 5/10^4
    "reference/theory/spanner-sampling.md": {"0.0099"},
    "reference/vectors.md": {"10,000", "151,936"},
    "tutorials/exercises.md": {"20,000"},
}
"""Numbers that nothing computes: parameters, limits, measured times."""


def spoken(text: str) -> str:
    """Return the text of a page without cells, comments, links, roles, references and versions."""

    def blank(found: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", found.group())

    text = re.sub(r"(?ms)^(```|~~~).*?^\1\s*$", blank, text)
    text = re.sub(r"\]\([^)]*\)|<[^>]*>|\{[a-z:-]+\}`[^`]*`|`[^`]*`|https?:\S+", blank, text)
    text = re.sub(r"[A-Z0]+-\d\.\d|Before 1\.0", blank, text)  # licences; a version to come
    names = "arXiv|PMLR|Theorem|Thm|Assumption|Def\\.|Alg\\.|FLINT|Apache-|MPL-|Python|Version|versions? from"
    return re.sub(rf"(?:{names})\s?v?[\d.:–]+", blank, text)


def test_no_number_in_a_sentence_is_forgotten() -> None:
    """Numbers with a decimal point or a thousands separator are computed, or given."""
    forgotten = []
    for page in sorted(DOCS.rglob("*.md")):
        name = page.relative_to(DOCS).as_posix()
        if name in MEASURED or name.startswith("_build"):
            continue
        known = {number for each in QUOTATIONS if each.page == name for number in each.stated} | GIVEN.get(name, set())
        numbers = re.findall(r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+\.\d+)(?![\w.])", spoken(page.read_text("utf-8")))
        forgotten += [f"{name}: {number}" for number in numbers if number not in known]
    assert forgotten == []
