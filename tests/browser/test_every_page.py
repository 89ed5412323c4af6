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
from tests.browser.playing import opened, serious

pytestmark = pytest.mark.browser

HTML = SITE / "html"
SOURCES = "_modules/"
"""Highlighted source, of which one page stands for all."""

WIDTHS = (1300, 400)

OF_COLOURS = ("color-contrast", "link-in-text-block")
"""Axe-core's rules of colours, which are all that a theme changes."""

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

UNFOLDED = """async () => {
  const folded = [...document.querySelectorAll("article details")];
  for (const kind of new Set(folded.map((each) => each.className)))
    folded.find((each) => each.className === kind).open = true;
  await Promise.all(document.getAnimations().map((each) => each.finished));
}"""
"""What is folded is looked at, too: one of each kind, when it no longer fades in."""

FRAME = "<!doctype html><title>A page in a frame</title><body style='margin: 0'>"

FRAMED = """async ([address, widths]) => {
  const frame = document.querySelector("iframe") ?? document.body.appendChild(document.createElement("iframe"));
  frame.style = `width: ${widths[0]}px; height: 900px; border: 0`;
  await new Promise((done) => { frame.onload = done; frame.src = address; });
  const { contentWindow: shown, contentDocument: { body, documentElement: root } } = frame;
  await shown.MathJax?.startup?.promise;
  const scrolls = (each) => ["auto", "scroll"].includes(shown.getComputedStyle(each).overflowX);
  const held = (block) => {
    for (let each = block; each && each.localName !== "article"; each = each.parentElement)
      if (scrolls(each)) return true;
      else if (["td", "th"].includes(each.localName)) return false;
    return false;
  };
  const found = [];
  for (const width of widths) {
    frame.style.width = `${width}px`;
    shown.dispatchEvent(new Event("resize"));
    for (body.dataset.theme of ["light", "dark"]) {
      if (root.scrollWidth > shown.innerWidth) found.push(`wider than ${width}, ${body.dataset.theme}`);
      const blocks = [...root.querySelectorAll("article, article *:not(svg *, mjx-container *)")];
      const wide = blocks.filter((each) => each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 9);
      const out = wide.filter((each) => !held(each));
      for (const each of out.filter((each) => !out.some((inner) => inner !== each && each.contains(inner))))
        found.push(`${each.scrollWidth - each.clientWidth} pixels stick out at ${width}, ${body.dataset.theme}: `
          + each.outerHTML.slice(0, 150));
    }
  }
  return found;
}"""
"""Loads a page into a frame, and returns what sticks out; in a third of the time of a page of its own.

A block sticks out whose contents end right of it, unless it scrolls or stands in one that does; in a cell of a table,
which scrolls, it has the cell.  The article scrolls, too, and holds nothing.  Furo's headings reach out by half a rem.
"""

STICKING = (
    f"<p>{60 * 'wide'}</p>",
    "<div style='width: 1200px'>wide</div>",
    f"<div style='overflow: auto'><table style='table-layout: fixed; width: 100%'><td>{60 * 'wide'}<td></table></div>",
)
"""A word, a block and a cell that must be seen, though the article, or the frame of the table, scrolls."""

HELD = "<div style='overflow: auto'><div><div style='width: 1200px'>wide</div></div></div>"


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
    with opened(browser) as page:
        found, name = list[str](), ""
        page.on("pageerror", lambda error: found.append(f"{name}: {error}"))
        page.route("**/frame", lambda route: route.fulfill(body=FRAME, content_type="text/html"))
        page.goto(f"{docs_site}/frame")
        for name in pages():
            found += [f"{name}: {each}" for each in page.evaluate(FRAMED, [f"{docs_site}/{name}", WIDTHS])]
        assert found == []


def test_a_block_in_an_article_that_scrolls_is_seen_to_stick_out(browser: Any, docs_site: str) -> None:
    bodies = [f"{FRAME}<article style='display: block; overflow: auto'>{html}</article>" for html in (*STICKING, HELD)]

    def answer(route: Any) -> None:
        route.fulfill(body=bodies[int(route.request.url.rpartition("/")[2])], content_type="text/html")

    with opened(browser) as page:
        page.route("**/frame", lambda route: route.fulfill(body=FRAME, content_type="text/html"))
        page.route("**/made/*", answer)
        page.goto(f"{docs_site}/frame")
        seen = [page.evaluate(FRAMED, [f"{docs_site}/made/{i}", (400,)]) for i in range(len(bodies))]
        assert [len(found) for found in seen] == [2, 2, 2, 0]  # in both themes


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_serious(browser: Any, docs_site: str, axe: str, width: int) -> None:
    with opened(browser, viewport={"width": width, "height": 900}) as page:
        found = list[str]()
        for name in KINDS:
            page.goto(f"{docs_site}/{name}", wait_until="load")
            page.evaluate(SETTLED)
            page.evaluate(UNFOLDED)
            page.evaluate(axe)
            found += [f"{name}, light: {each}" for each in serious(page)]
            page.emulate_media(color_scheme="dark")
            found += [f"{name}, dark: {each}" for each in serious(page, rules=OF_COLOURS)]
            page.emulate_media(color_scheme="light")
        assert found == []


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
    with opened(browser) as page:
        page.goto(f"{docs_site}/index.html")
        machine_checked = "reference/machine-checked.html"
        assert machine_checked in shown(page, docs_site)
        page.goto(f"{docs_site}/{machine_checked}")
        assert len(proofs()) > 100
        assert proofs() - shown(page, docs_site) == set()
    for proof in proofs():
        address, _, line = proof.partition("#")
        assert line in scanned(HTML / address).names


def test_a_link_to_a_claim_unfolds_what_is_machine_checked_of_it(browser: Any, docs_site: str) -> None:
    with opened(browser) as page:
        page.goto(f"{docs_site}/reference/machine-checked.html")
        assert page.evaluate("document.querySelectorAll('details[open]').length") == 0
        tall = page.evaluate("document.documentElement.scrollHeight")
        assert tall < 9000
        page.goto(f"{docs_site}/reference/machine-checked.html#coq-gibbs-optimum")
        page.wait_for_selector("#coq-gibbs-optimum > details[open] table")
        page.goto(f"{docs_site}/reference/theory/objective.html")
        page.click("a[href$='machine-checked.html#coq-gibbs-optimum']")
        page.wait_for_selector("#coq-gibbs-optimum > details[open] table")
        page.wait_for_function(
            "Math.abs(document.getElementById('coq-gibbs-optimum').getBoundingClientRect().top) < 100"
        )


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
