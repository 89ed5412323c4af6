"""Listings with line numbers, typeset: ``{listing}`` has a line for each step, indented as the program is.

A line is a number, spaces for its depth, words with formulas in ``$``, and perhaps a remark after ``#``.
"""

import re
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_LINE = re.compile(r"\s*(?P<number>\d*)(?P<gap>\s+)(?P<text>.*?)(?:\s+#\s+(?P<remark>.*))?")


class Step(NamedTuple):
    """A line of a listing."""

    number: str
    depth: int
    text: str
    remark: str


def steps(lines: list[str]) -> list[Step]:
    """Read a listing; a line without a number goes on with the one before.

    >>> steps([" 1  for $i$", " 2      draw $y$   # weak", "            once more"])[1:]
    [Step(number='2', depth=1, text='draw $y$', remark='weak'), Step(number='', depth=2, text='once more', remark='')]

    Raises:
        ValueError: for a line that is none.
    """
    found = []
    for line in lines:
        read = _LINE.fullmatch(line)
        if read is None:
            raise ValueError(f"no line of a listing: {line!r}")
        if read["text"]:
            depth = (line.index(read["text"]) - _START) // 4
            found.append(Step(read["number"], max(depth, 0), read["text"], read["remark"] or ""))
    return found


_START = 4
"""Columns before a line of depth 0."""


class Listing(SphinxDirective):
    """A listing."""

    has_content = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return a block with a line for each step."""
        block = nodes.container(classes=["listing"])
        for step in steps(list(self.content)):
            line = nodes.container(classes=["listing-line", f"depth-{step.depth}"])
            line += nodes.inline("", step.number, classes=["listing-number"])
            line += self.parse_text_to_nodes(step.text + (f" *{step.remark}*" if step.remark else ""))
            block += line
        return [block]


def setup(app: "Sphinx") -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("listing", Listing)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
