"""A figure must say what it shows to readers who do not see it: each image without a text is a warning."""

from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def silent_images(html: str) -> list[str]:
    """Return the images of a page that have no text: ``img`` without ``alt``, ``svg`` named an image without a label.

    >>> silent_images('<img src="a.svg" alt="A line."><img src="b.svg" alt="b.svg"><svg role="img"></svg>')
    ['b.svg', 'svg']
    """
    scan = _Scan()
    scan.feed(html)
    return scan.found


def setup(app: "Sphinx") -> dict[str, bool]:
    """Check every page once the site is written."""
    app.connect("build-finished", _check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class _Scan(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        source = values.get("src", "")
        said = values.get("alt", "").strip()
        if tag == "img" and (not said or source.endswith(said)):  # by default Sphinx says the file's name
            self.found.append(source)
        if tag == "svg" and values.get("role") == "img" and not values.get("aria-label", "").strip():
            self.found.append("svg")


def _check(app: "Sphinx", failure: Exception | None) -> None:
    from sphinx.util import logging  # noqa: PLC0415 (the function above is tested without Sphinx)

    if failure is not None or app.builder.format != "html":
        return
    logger = logging.getLogger(__name__)
    for path in sorted(Path(app.outdir).rglob("*.html")):
        for source in silent_images(path.read_text("utf-8")):
            logger.warning("%s has an image without a text: %s", path.relative_to(app.outdir), source)
