"""Every page of the documentation in a real browser: nothing sticks out, no script fails, no link leads nowhere."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest

from tests.browser.conftest import SITE

pytestmark = pytest.mark.browser

HTML = SITE / "html"
SOURCES = "_modules/"
"""Highlighted source, of which one page stands for all."""


def pages() -> list[str]:
    found = [path.relative_to(HTML).as_posix() for path in sorted(HTML.rglob("*.html"))]
    return [name for name in found if not name.startswith((SOURCES, "play/", "_static"))]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links, self.names = set[str](), set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.names |= {name for name in (values.get("id"), values.get("name")) if name}
        if tag == "a" and (href := values.get("href")) and ":" not in href.partition("/")[0]:
            self.links.add(href)


def scanned(path: Path) -> _Links:
    found = _Links()
    found.feed(path.read_text("utf-8"))
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 400])
def test_nothing_sticks_out_and_no_script_fails(browser: Any, docs_site: str, theme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page, found = context.new_page(), list[str]()
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    for name in pages():
        page.goto(f"{docs_site}/{name}", wait_until="load")
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append(f"{name}: wider than {width}")
    assert found == []
    context.close()


def test_internal_links_lead_somewhere(docs_site: str) -> None:
    assert docs_site
    known = {path: scanned(path) for path in sorted(HTML.rglob("*.html"))}
    lost = []
    for path, found in known.items():
        for link in sorted(found.links):
            address, fragment = urldefrag(link)
            target = (path.parent / unquote(address)).resolve() if address else path
            in_play = "play" in target.parts
            if not target.exists() or (
                fragment and not in_play and target in known and unquote(fragment) not in known[target].names
            ):
                lost.append(f"{path.relative_to(HTML)}: {link}")
    assert lost == []
