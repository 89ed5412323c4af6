"""Tutorials have a button at each cell that runs it in the reader's browser: the script ``run-this.js``."""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER: Final = "tutorials/"
SCRIPT: Final = "run-this.js"


def setup(app: "Sphinx") -> dict[str, bool]:
    """Add the script to the pages of the folder."""
    app.connect("html-page-context", _add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _add(app: "Sphinx", page: str, _template: str, _context: dict[str, Any], _doctree: object) -> None:
    if page.startswith(FOLDER):
        app.add_js_file(SCRIPT, loading_method="defer")
