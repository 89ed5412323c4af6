"""The evidence map: every claim once, no box on another, every relation drawn; and an audit that is told as it is."""

import doctest
import json
import re
import sys
from itertools import combinations
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "_ext"))

import evidence
import map_layout
from map_layout import MARKS, PITCH, ROWS, SIZE, WIDTH, drawn, svg

from proofs_check.claims import registry
from proofs_check.ledger import Grade, Standing
from proofs_check.ledger.coq import digests
from proofs_check.ledger.pages import PAGES

ROOT = Path(__file__).parents[2]
MAP = drawn({claim.id: "paper" if claim.standing is Standing.PAPER else "exhaustive" for claim in registry()})
CLAIMS = {claim.id: claim for claim in registry()}


@pytest.mark.parametrize("module", [evidence, map_layout])
def test_examples(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


def test_each_claim_has_a_box_of_its_own_inside_the_picture() -> None:
    assert set(MAP.nodes) == set(CLAIMS)
    assert sorted(name for row in ROWS for name in row) == sorted(page.name for page in PAGES)
    for node in MAP.nodes.values():
        assert 0 <= node.x <= WIDTH - SIZE[0]
        assert 0 <= node.y <= MAP.height - SIZE[1]
    for one, other in combinations(MAP.nodes.values(), 2):
        assert abs(one.x - other.x) >= PITCH[0] or abs(one.y - other.y) >= PITCH[1]


def test_inside_a_page_what_a_claim_rests_on_stands_to_its_left() -> None:
    for node in MAP.nodes.values():
        for name in node.claim.depends:
            assert MAP.nodes[name].claim.page != node.claim.page or MAP.nodes[name].x < node.x


def test_the_picture_names_every_claim_and_draws_every_relation() -> None:
    text = svg(MAP)
    assert re.findall(r'class="node" data-claim="([\w-]+)"', text) == list(MAP.nodes)
    drawn_edges = set(re.findall(r'data-from="([\w-]+)" data-to="([\w-]+)"', text))
    assert drawn_edges == {(name, claim.id) for claim in registry() for name in claim.depends}
    assert all(f"{claim.id}: " in text for claim in registry())  # for readers who do not see it


def test_every_grade_has_a_letter_and_a_shape_of_its_own() -> None:
    assert list(MARKS) == [str(grade) for grade in Grade]
    assert list(MARKS) == list(evidence.GRADES)
    assert len({letter for letter, _, _ in MARKS.values()}) == len(MARKS)
    assert len({shape for _, _, shape in MARKS.values()}) == len(MARKS)


# ------------------------------------------------------------------------------------------ what rests on what

NOT_PROOF = {("rejection-exact", "coverage-profile")}
"""Named after a proof, in the text that leads to the next claim."""


def cited(text: str) -> dict[str, set[str]]:
    """Return the claims that the proof of each claim of a page refers to."""
    found = {}
    parts = re.split(r"^```\{claim\} (\S+)\n```$", text, flags=re.MULTILINE)
    for claim, after in zip(parts[1::2], parts[2::2], strict=True):
        body = re.split(r"^#+ |^:::|^```", after, flags=re.MULTILINE)[0]
        _, started, proof = body.partition("*Proof")
        names = re.findall(r"\{prf:ref\}`([\w-]+)`", proof) if started else []
        found[claim] = {name for name in names if name in CLAIMS} - {claim}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_claim_declares_what_its_proof_cites(page: object) -> None:
    for claim, names in cited((ROOT / page.file).read_text("utf-8")).items():  # type: ignore[attr-defined]  # a Page
        undeclared = {name for name in names - set(CLAIMS[claim].depends) if (claim, name) not in NOT_PROOF}
        assert not undeclared, f"{claim}: depends=... leaves out {undeclared}, which its proof cites"


# ------------------------------------------------------------------------------------------ the last audit


@pytest.fixture(autouse=True)
def fresh() -> None:
    evidence.audit.cache_clear()
    evidence.ledger.cache_clear()


def test_the_record_of_the_last_audit_fits_itself() -> None:
    found = evidence.audit()
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", found.date)
    assert found.theorems > 100
    record = json.loads(evidence.AUDIT.read_text("utf-8"))
    assert record["digest"] == evidence.digest_of(record["files"])
    assert found.digest[:12] in found.words


def test_changed_sources_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "digests", lambda: digests() | {"gibbs.v": "0" * 64})
    assert "gibbs.v" in evidence.audit().changed
    assert "the sources have changed" in evidence.audit().words


def test_without_a_record_no_claim_has_the_grade_kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(evidence, "AUDIT", tmp_path / "audit.json")
    monkeypatch.setattr(evidence, "ledger", lambda: {"gibbs-optimum": {"grades": ["exhaustive"]}})
    assert evidence.grades("gibbs-optimum") == ["exhaustive"]
    assert "make coq" in evidence.audit().words


@pytest.mark.parametrize("text", [None, "{", '{"claims": []}'])
def test_a_missing_or_stale_ledger_says_what_to_do(
    text: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(evidence, "DOCS", tmp_path)
    monkeypatch.setattr(evidence, "LEDGER", tmp_path / "ledger.json")
    if text is not None:
        (tmp_path / "ledger.json").write_text(text, "utf-8")
    with pytest.raises(evidence.NoLedger, match="run make docs"):
        evidence.ledger()
