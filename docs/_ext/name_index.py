"""The index of all names, a page for each letter, instead of Sphinx's, which had 900 kB on one page."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Links: TypeAlias = Sequence[tuple[str, str]]
"""What an entry leads to: whether that is the main place, and its address."""

Entry: TypeAlias = tuple[str, tuple[Links, Sequence[tuple[str, Links]], object]]
"""A name, where it stands, and names below it."""


def letters(index: Sequence[tuple[str, Sequence[Entry]]], here: str = "") -> str:
    """Return links to the page of each letter, ``here`` without one.

    >>> letters([("A", []), ("B", [])], "A")
    '<p class="letters"><strong>A</strong> <a href="genindex-B.html">B</a></p>'
    """
    each = (
        f"<strong>{key}</strong>" if key == here else f'<a href="genindex-{key}.html">{key}</a>' for key, _ in index
    )
    return f'<p class="letters">{" ".join(each)}</p>'


def names(entries: Sequence[Entry]) -> str:
    """Return the names of a letter as a list.

    >>> names([("law() (in module a)", ([("", "a.html#law")], [], None))])
    '<ul class="names"><li><a href="a.html#law">law() (in module a)</a></li></ul>'
    >>> names([("run", ([], [("(A method)", [("", "a.html"), ("", "b.html")])], None))])
    '<ul class="names"><li>run<ul><li><a href="a.html">(A method)</a>, <a href="b.html">[1]</a></li></ul></li></ul>'
    """
    return f'<ul class="names">{"".join(_entry(name, *found[:2]) for name, found in entries)}</ul>'


def setup(app: "Sphinx") -> dict[str, bool]:
    """Add the pages."""
    app.connect("html-collect-pages", _pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _entry(name: str, links: Links, below: Sequence[tuple[str, Links]]) -> str:
    inner = "".join(f"<li>{_linked(each, to)}</li>" for each, to in below)
    return f"<li>{_linked(name, links)}{f'<ul>{inner}</ul>' if inner else ''}</li>"


def _linked(name: str, links: Links) -> str:
    if not links:
        return escape(name)
    others = "".join(f', <a href="{escape(to)}">[{i}]</a>' for i, (_, to) in enumerate(links[1:], 1))
    return f'<a href="{escape(links[0][1])}">{escape(name)}</a>{others}'


def _pages(app: "Sphinx") -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield the page of letters, and one for each."""
    from sphinx.environment.adapters.indexentries import IndexEntries  # noqa: PLC0415 (the rest is tested without it)

    index: Sequence[tuple[str, Sequence[Entry]]] = IndexEntries(app.env).create_index(app.builder)
    said = "<p>All names of the API, by their first letter. The search finds parts of names, too.</p>"
    yield "genindex", {"title": "Index", "body": f"<h1>Index</h1>{said}{letters(index)}"}, "page.html"
    for key, entries in index:
        body = f"<h1>Index: {key}</h1>{letters(index, key)}{names(entries)}"
        yield f"genindex-{key}", {"title": f"Index: {key}", "body": body}, "page.html"
