"""The evidence map in a real browser: a click on a claim opens its card, and one more its statement, code or proof."""

from typing import Any

import pytest

from proofs_check.claims import registry
from proofs_check.ledger.coq import theorems
from tests.browser.conftest import SITE
from tests.browser.playing import opened

pytestmark = pytest.mark.browser

MAP = "reference/evidence-map.html"
CLAIM = "gibbs-optimum"
"""It has theorems in Coq."""

OPENED = """() => Object.fromEntries([...document.querySelectorAll(".evidence-map .node")].map((node) => {
  node.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  const panel = document.querySelector(".evidence-panel:not([hidden])");
  const links = [...panel.querySelectorAll("a")].map((a) => a.href);
  return [node.dataset.claim, [panel.querySelector("h3").textContent, ...links]];
}))"""
"""Clicks on every node, and returns what its card is called and leads to."""

COLOURS = """() => [...document.querySelectorAll(".evidence-map .node")].map((node) =>
  [node.querySelector("rect").className.baseVal, getComputedStyle(node.querySelector("path")).fill])"""


def test_a_click_on_a_claim_opens_its_statement_its_code_and_its_proof(browser: Any, docs_site: str) -> None:
    with opened(browser) as page:
        page.goto(f"{docs_site}/{MAP}")
        page.click(f".node[data-claim={CLAIM}]")
        panel = page.locator(".evidence-panel")
        assert panel.locator("h3").text_content() == CLAIM
        for words in ("statement and proof", "code", theorems(CLAIM)[0].name):
            page.goto(f"{docs_site}/{MAP}")
            page.click(f".node[data-claim={CLAIM}]")
            panel.get_by_role("link", name=words, exact=True).click()
            page.wait_for_load_state()
            _, _, mark = page.url.partition("#")
            assert page.locator(f"[id='{mark}'], [name='{mark}']").count() == 1, page.url
            assert MAP not in page.url


def test_every_card_leads_to_pages_that_are_there(browser: Any, docs_site: str) -> None:
    with opened(browser) as page:
        page.goto(f"{docs_site}/{MAP}")
        found = page.evaluate(OPENED)
        assert set(found) == {claim.id for claim in registry()}
        for claim in registry():
            name, *links = found[claim.id]
            assert name == claim.id
            places = [link.removeprefix(f"{docs_site}/").partition("#")[0] for link in links]
            assert f"reference/theory/{claim.page.name}.html" in places
            assert any(place.startswith("_modules/") for place in places)
            assert len([place for place in places if place.startswith("proofs/")]) == len(theorems(claim.id))
            assert [place for place in places if not (SITE / "html" / place).exists()] == []


def test_a_grade_has_one_colour_and_kernel_another_than_sampled(browser: Any, docs_site: str) -> None:
    with opened(browser) as page:
        page.goto(f"{docs_site}/{MAP}")
        seen = page.evaluate(COLOURS)
        colours = dict(map(tuple, seen))
        assert {tuple(each) for each in seen} == set(colours.items())
        assert colours["kernel"] != colours["exhaustive"]
