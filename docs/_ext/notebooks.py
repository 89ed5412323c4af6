"""A page as a notebook to hand out: its text with the roles of Sphinx written out, its cells as they are.

``notebook(text)`` needs nothing but the text; what the page takes from the documentation (colours, ``show``, ``table``,
macros of formulas) goes into the notebook, so that it runs wherever ``spanner-reference`` and matplotlib are installed.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from palette import PALETTE

FIRST: Final = (
    "*Made from a page of spanner-reference. To run it: `pip install '.[docs]' notebook` in a clone of the project, "
    "or any Python with `spanner-reference[verify]` and matplotlib.*"
)

CELL: Final = "{code-cell}"
IMPORT: Final = re.compile(r"^from figures import (.*)$", re.MULTILINE)

TABLES: Final = "from tables import table"

SHOW: Final = '''

def show(figure, alt, name=""):
    """Show a figure; the pages give it to readers who do not see it as the text ``alt``."""
    display(figure)
    plt.close(figure)
'''


def notebook(text: str, macros: Mapping[str, str]) -> str:
    r"""Return the notebook of a page as JSON, format 4.5.

    ``macros``: what formulas abbreviate, by name; those with arguments are left alone.

    >>> made = json.loads(notebook("# A page\n\n$\\x$\n\n```{code-cell} ipython3\n1 + 1\n```\n", {"x": "y"}))
    >>> [(cell["cell_type"], cell["source"]) for cell in made["cells"][1:]]
    [('markdown', '# A page\n\n$y$'), ('code', '1 + 1')]
    """
    cells = [_cell(0, "markdown", FIRST)]
    for kind, source in _parts(text):
        whole = _with_tools(source) if kind == "code" else _plain(source, macros)
        cells.append(_cell(len(cells), kind, whole))
    document = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _cell(number: int, kind: str, source: str) -> dict[str, object]:
    common: dict[str, object] = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": source}
    return common if kind == "markdown" else {**common, "execution_count": None, "outputs": []}


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the cells of a page in order, as text and code."""
    _, _, body = text.removeprefix("---\n").partition("---\n") if text.startswith("---\n") else ("", "", text)
    lines = iter(body.splitlines())
    said: list[str] = []
    for line in lines:
        if not line.startswith(f"```{CELL}"):
            said.append(line)
            continue
        if any(said):
            yield "markdown", "\n".join(said).strip()
        said = []
        code = []
        for inner in lines:
            if inner == "```":
                break
            code.append(inner)
        yield "code", "\n".join(row for row in code if not row.startswith(":tags:")).strip()
    if any(said):
        yield "markdown", "\n".join(said).strip()


def _with_tools(code: str) -> str:
    """Replace the import of the pages' tables by their code, and that of the colours by the colours."""
    code = code.replace(TABLES, f"\n\n{_after_docstring(Path(__file__).with_name('tables.py'))}\n").strip()
    found = IMPORT.search(code)
    if found is None:
        return code
    wanted = [name.strip() for name in found[1].split(",")]
    colours = "".join(f'{n.upper()} = "{c.light}"\n' for n, c in PALETTE.items() if n.upper() in wanted)
    tools = f"import matplotlib.pyplot as plt\nfrom IPython.display import display\n\n{colours}{SHOW}"
    return IMPORT.sub(lambda _: tools.strip(), code)


def _after_docstring(module: Path) -> str:
    return module.read_text("utf-8").split('"""\n\n', 1)[1].strip()


def _plain(text: str, macros: Mapping[str, str]) -> str:
    """Write out what only Sphinx reads: roles, labels, fences of directives, macros of formulas."""
    text = re.sub(r"\{(?:doc|ref)\}`([^`<]+?) *<[^`>]+>`", r"\1", text)
    text = re.sub(r"\{doc\}`/?([^`]+)`", lambda found: f"*{found[1].split('/')[-1].replace('-', ' ')}*", text)
    text = re.sub(r"\{[\w:]+\}`([^`<]+?)(?: *<[^`>]+>)?`", r"`\1`", text)
    text = re.sub(r"^\([\w-]+\)=\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^:(?:class|name|tags|alt):.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^(?:```+|:::+)\{\w+\}.*\n|^:::+\n", "", text, flags=re.MULTILINE)
    for name, meaning in macros.items():
        text = re.sub(rf"\\{name}(?![A-Za-z])", lambda _, by=meaning: by, text)  # type: ignore[misc]  # a bound string
    return text
