"""Every node of a page belongs to its document, so that a page is kept without the environment.

MyST parses ``eval-rst`` into a document of its own, and the nodes go on to name it.  Its settings hold Sphinx's whole
environment, with the source of every module, and went into what is kept of each page of the API: 3 MB a page.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


def own(page: "nodes.document") -> None:
    """Make every node of a page name the page as its document.

    >>> from docutils.utils import new_document
    >>> from docutils.nodes import paragraph
    >>> page, other = new_document("page"), new_document("other")
    >>> node = paragraph()
    >>> other += node
    >>> page += node
    >>> node.document = other
    >>> own(page)
    >>> node.document is page
    True
    """
    for node in page.findall():
        node.document = page


def setup(app: "Sphinx") -> dict[str, bool]:
    """Do so when a page has been read, before it is kept."""
    app.connect("doctree-read", lambda _app, page: own(page), priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
