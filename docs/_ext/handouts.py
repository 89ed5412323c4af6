"""What a lecturer takes along: figures as SVG and PDF, and the tutorials as notebooks, in the folder ``handouts``.

The cells of the pages save the figures while the site is built (:func:`figures.show` with a name).  Once it is written
the notebooks are made from the pages (:mod:`notebooks`).  The role ``{handout}`` links to such a file, with a text or
its kind alone; a link to a file that was not made is a warning.
"""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from docutils import nodes
from notebooks import notebook
from palette import FOLDER_VARIABLE
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

FOLDER: Final = "handouts"
LINKED: Final = "handouts_linked"


class Handout(ReferenceRole):
    """A link to a file of the folder, relative to the page."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link."""
        self.env.metadata[self.env.docname][LINKED] = " ".join(
            [self.env.metadata[self.env.docname].get(LINKED, ""), self.target]
        )
        up = "../" * self.env.docname.count("/")
        title = self.title if self.has_explicit_title else self.target.rpartition(".")[2].upper()
        link = nodes.reference("", title, refuri=f"{up}{FOLDER}/{self.target}", internal=True, classes=["handout"])
        return [link], []


def setup(app: "Sphinx") -> dict[str, bool]:
    """Say where figures are kept, add the role, and write and check the files."""
    app.add_config_value("handout_pages", [], "env")
    app.add_role("handout", Handout())
    app.connect("builder-inited", _prepare)
    app.connect("build-finished", _finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _prepare(app: "Sphinx") -> None:
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    os.environ[FOLDER_VARIABLE] = str(folder)  # the kernels that run the cells inherit it


def macros(config: dict[str, dict[str, dict[str, object]]]) -> dict[str, str]:
    """Return the macros without arguments of a MathJax configuration, the longest names first."""
    defined = config["tex"]["macros"]
    plain = {name: meaning for name, meaning in defined.items() if isinstance(meaning, str)}
    return dict(sorted(plain.items(), key=lambda item: -len(item[0])))


def _finish(app: "Sphinx", failure: Exception | None) -> None:
    if failure is not None or app.builder.format != "html":
        return
    logger = logging.getLogger(__name__)
    folder = Path(app.outdir) / FOLDER
    for page in app.config.handout_pages:
        text = Path(app.srcdir, f"{page}.md").read_text("utf-8")
        made = notebook(text, macros(app.config.mathjax3_config))
        (folder / f"{page.rpartition('/')[2]}.ipynb").write_text(made, "utf-8")
    for name, pages in _linked(app.env).items():
        if not (folder / name).is_file():
            logger.warning("%s links to handouts/%s, which no page makes", ", ".join(pages), name)


def _linked(env: "BuildEnvironment") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for page, known in env.metadata.items():
        for name in re.findall(r"\S+", known.get(LINKED, "")):
            found.setdefault(name, []).append(page)
    return found
