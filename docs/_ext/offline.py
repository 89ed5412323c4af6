"""A page must not ask the network for anything: each external address that a browser would load is a warning."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LOADS: Final = {
    "script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src", "embed": "src",
    "link": "href", "object": "data", "use": "href", "image": "href",
}  # fmt: skip
"""Elements that a browser loads by itself, and the attribute that names what.  A plain link is not among them."""

NOT_LOADED: Final = frozenset({"canonical", "next", "prev", "author", "license", "index", "search"})
"""Values of ``<link rel=...>`` that only tell."""


def external_requests(html: str) -> list[str]:
    """Return the addresses outside the site that a browser would request on its own for this page."""
    scan = _Scan()
    scan.feed(html)
    return scan.found


def external_imports(css: str) -> list[str]:
    """Return the addresses outside the site that a style sheet loads."""
    addresses = (part.split(")")[0].strip("'\" ") for part in css.split("url(")[1:])
    imports = (part.split(";")[0].strip("'\" ") for part in css.split("@import ")[1:])
    return [address for address in (*addresses, *imports) if _external(address)]


def setup(app: "Sphinx") -> dict[str, bool]:
    """Check every page once the site is written."""
    app.connect("build-finished", _check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class _Scan(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        told = set((values.get("rel") or "").split())
        address = values.get(LOADS.get(tag, "")) or ""
        if _external(address) and not (told and told <= NOT_LOADED):
            self.found.append(address)
        self.found += external_imports(values.get("style") or "")


def _external(address: str) -> bool:
    return address.startswith(("http:", "https:", "//", "ws:", "wss:"))


def _check(app: "Sphinx", failure: Exception | None) -> None:
    from sphinx.util import logging  # noqa: PLC0415 (the two functions above are tested without Sphinx)

    if failure is not None or app.builder.format != "html":
        return
    logger = logging.getLogger(__name__)
    for path, address in _all_requests(Path(app.outdir)):
        logger.warning("%s would request %s", path, address)


def _all_requests(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*.html")):
        for address in external_requests(path.read_text("utf-8")):
            yield path.relative_to(folder), address
    for path in sorted(folder.rglob("*.css")):
        for address in external_imports(path.read_text("utf-8")):
            yield path.relative_to(folder), address
