"""Mends of what the theme and its extensions write, for readers with a screen reader; axe-core found them."""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SPOKEN: Final = ("body", "furo_navigation_tree")
"""What of a page's context is HTML that others made."""

PARAMETERS: Final = re.compile(r"<dl>\n((?:<dd>.*</dd>\n)+)</dl>")
"""Parameters of a long signature: Sphinx writes a list of definitions without anything that is defined."""


def mended(html: str) -> str:
    r"""Return HTML in which headings have levels, lists are lists, and a button is called what it shows.

    >>> mended('<p class="caption" role="heading"><span>How to</span></p>')
    '<p class="caption" role="heading" aria-level="2"><span>How to</span></p>'
    >>> mended('<summary aria-label="Toggle hidden content">Show</summary>')
    '<summary>Show</summary>'
    >>> mended("<dl>\n<dd>H: int,</dd>\n</dl>").replace("\n", "")
    '<ul class="parameters"><li>H: int,</li></ul>'
    """
    html = html.replace('<p class="caption" role="heading">', '<p class="caption" role="heading" aria-level="2">')
    html = html.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    return PARAMETERS.sub(lambda found: f'<ul class="parameters">\n{_items(found[1])}</ul>', html)


def setup(app: "Sphinx") -> dict[str, bool]:
    """Mend every page, after the theme."""
    app.connect("html-page-context", _mend, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _items(lines: str) -> str:
    return re.sub(r"^<dd>(.*)</dd>$", r"<li>\1</li>", lines, flags=re.MULTILINE)


def _mend(_app: "Sphinx", _page: str, _template: str, context: dict[str, object], _doctree: object) -> None:
    for name in SPOKEN:
        if isinstance(found := context.get(name), str):
            context[name] = mended(found)
