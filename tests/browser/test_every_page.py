"""Every page of the documentation in a real browser: nothing sticks out, no script fails, no link leads nowhere.

One page of each kind is also looked at by axe-core, and every proof is two clicks from the first page.
"""

import os
import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urldefrag

import pytest

from proofs_check.claims import registry
from proofs_check.cli.places import theorem_place
from proofs_check.ledger.coq import theorems
from tests.browser.conftest import SITE

pytestmark = pytest.mark.browser

HTML = SITE / "html"
SOURCES = "_modules/"
"""Highlighted source, of which one page stands for all."""

WIDTHS, THEMES = (1300, 400), ("light", "dark")

KINDS = [
    "index.html",
    "tutorials/spanner-in-the-plane.html",
    "tutorials/exercises.html",
    "how-to/play-a-learner.html",
    "explanation/kl-estimators.html",
    "reference/theory/lower-bound.html",
    "reference/api/reference.exact.log_linear.html",
    "reference/command-line.html",
    "reference/ledger.html",
    "reference/evidence-map.html",
    "reference/machine-checked.html",
    "reference/kill-matrix.html",
    "reference/catalog.html",
    "proofs/gibbs.html",
    "_modules/reference/exact/log_linear.html",
]
"""One page of each kind."""

SETTLED = "window.MathJax?.startup?.promise"
"""Formulas are typeset after the page is loaded."""


def pages() -> list[str]:
    found = [path.relative_to(HTML).as_posix() for path in sorted(HTML.rglob("*.html"))]
    ours = [name for name in found if not name.startswith((SOURCES, "play/", "_static"))]
    return [*ours, next(name for name in KINDS if name.startswith(SOURCES))]


class Marks(NamedTuple):
    """The links of a page, and the names that a link can lead to."""

    links: frozenset[str]
    names: frozenset[str]


LINK = re.compile(r"""<a\s[^>]*?\bhref=(["'])(.*?)\1""")
NAME = re.compile(r"""<[^>]*?\s(?:id|name)=(["'])(.*?)\1""")


@cache
def scanned(path: Path) -> Marks:
    """Return what a page has; by patterns, which take a tenth of a parser's time: there are a thousand pages."""
    text = path.read_text("utf-8")
    links = {unescape(found[2]) for found in LINK.finditer(text)}
    ours = frozenset(link for link in links if link and ":" not in link.partition("/")[0])
    return Marks(ours, frozenset(unescape(found[2]) for found in NAME.finditer(text)))


def test_nothing_sticks_out_and_no_script_fails(browser: Any, docs_site: str) -> None:
    """A page is loaded once, and then seen at each width in each theme: no script asks for them at the start."""
    context = browser.new_context()
    page, found = context.new_page(), list[str]()
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    for name in pages():
        page.goto(f"{docs_site}/{name}", wait_until="load")
        page.evaluate(SETTLED)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                    found.append(f"{name}: wider than {width}, {theme}")
    assert found == []
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_serious(browser: Any, docs_site: str, axe: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page, serious = context.new_page(), list[str]()
    for name in KINDS:
        page.goto(f"{docs_site}/{name}", wait_until="load")
        page.evaluate(SETTLED)
        page.evaluate(axe)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            for found in page.evaluate("axe.run({resultTypes: ['violations']}).then((found) => found.violations)"):
                if found["impact"] in {"serious", "critical"}:
                    serious.append(f"{name}, {theme}: {found['id']}: {found['nodes'][0]['html'][:120]}")
    assert serious == []
    context.close()


def proofs() -> set[str]:
    """Return where the proof of each theorem of the index stands in the site."""
    places = (theorem_place(each.name).partition(":") for claim in registry() for each in theorems(claim.id))
    return {f"proofs/{Path(file).stem}.html#line-{line}" for file, _, line in places}


def shown(page: Any, docs_site: str) -> set[str]:
    """Return the addresses in the site of all links that can be seen, without unfolding anything."""
    seen = "[...document.querySelectorAll('a[href]')].filter((a) => a.checkVisibility()).map((a) => a.href)"
    links = page.evaluate(seen)
    return {str(link).removeprefix(f"{docs_site}/") for link in links}


def test_every_proof_is_two_clicks_from_the_first_page(browser: Any, docs_site: str) -> None:
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.goto(f"{docs_site}/index.html")
    machine_checked = "reference/machine-checked.html"
    assert machine_checked in shown(page, docs_site)
    page.goto(f"{docs_site}/{machine_checked}")
    assert len(proofs()) > 100
    assert proofs() - shown(page, docs_site) == set()
    for proof in proofs():
        address, _, line = proof.partition("#")
        assert line in scanned(HTML / address).names
    page.close()


def test_a_link_to_a_claim_unfolds_what_is_machine_checked_of_it(browser: Any, docs_site: str) -> None:
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.goto(f"{docs_site}/reference/machine-checked.html")
    assert page.evaluate("document.querySelectorAll('details[open]').length") == 0
    tall = page.evaluate("document.documentElement.scrollHeight")
    assert tall < 9000
    page.goto(f"{docs_site}/reference/machine-checked.html#coq-gibbs-optimum")
    page.wait_for_selector("#coq-gibbs-optimum > details[open] table")
    page.goto(f"{docs_site}/reference/theory/objective.html")
    page.click("a[href$='machine-checked.html#coq-gibbs-optimum']")
    page.wait_for_selector("#coq-gibbs-optimum > details[open] table")
    assert abs(page.evaluate("document.getElementById('coq-gibbs-optimum').getBoundingClientRect().top")) < 100
    page.close()


def test_internal_links_lead_somewhere(docs_site: str) -> None:
    assert docs_site
    there = {str(path) for path in HTML.rglob("*")}
    known = {name: scanned(Path(name)) for name in sorted(there) if name.endswith(".html")}
    lost = []
    for name, found in known.items():
        for link in sorted(found.links):
            address, fragment = urldefrag(link)
            target = os.path.normpath(Path(name).parent / unquote(address)) if address else name
            in_play = "play" in Path(target).parts
            has_names = fragment and not in_play and target in known
            if target not in there or (has_names and unquote(fragment) not in known[target].names):
                lost.append(f"{Path(name).relative_to(HTML)}: {link}")
    assert lost == []
