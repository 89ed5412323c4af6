"""The ledger's claims and the Coq theorems about them, side by side, generated from both.

``{machine-checked}`` prints one table for each claim with theorems: what the ledger decides with Python, and what Coq
prints.  The build fails if the index names a theorem whose statement is missing from ``statements.md``.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from claims import parts
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from proofs_check.claims import registry
from proofs_check.ledger import Claim
from proofs_check.ledger.coq import FOLDER, Theorem, theorems

if TYPE_CHECKING:
    from sphinx.application import Sphinx

BLOCK = re.compile(r"^`(?P<name>\S+)` \(.*?^```coq\n(?P<statement>.*?)^```", re.MULTILINE | re.DOTALL)
WIDTHS = (34, 66)


def printed() -> dict[str, str]:
    """Return what Coq printed for each theorem, by name."""
    text = (FOLDER / "statements.md").read_text(encoding="utf-8")
    return {found["name"]: found["statement"].rstrip() for found in BLOCK.finditer(text)}


class MachineChecked(SphinxDirective):
    """The tables."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each claim that the index names."""
        self.env.note_reread()  # the ledger and the index may have changed since the last build
        statements = printed()
        made: list[nodes.Node] = []
        for claim in registry():
            known = theorems(claim.id)
            missing = [theorem.name for theorem in known if theorem.name not in statements]
            if missing:
                raise self.error(f"statements.md has no statement of {', '.join(missing)}; run check.sh update")
            if known:
                made.append(self._labelled(nodes.rubric("", claim.id), claim))
                made.append(self._table(claim, known, statements))
        return made

    def _labelled(self, title: nodes.rubric, claim: Claim) -> nodes.rubric:
        """Make ``{ref}`text <coq-CLAIM>``` lead to this title."""
        label = f"coq-{claim.id}"
        title["ids"].append(label)
        self.env.domains.standard_domain.anonlabels[label] = (self.env.docname, label)
        return title

    def _table(self, claim: Claim, known: tuple[Theorem, ...], statements: dict[str, str]) -> nodes.table:
        body = nodes.tbody()
        for theorem in known:
            body += nodes.row("", nodes.entry("", *_coq(theorem, statements[theorem.name])))
        left = nodes.entry("", *self._ledger(claim), morerows=len(known) - 1)  # beside all of the theorems
        body[0].insert(0, left)
        titles = [nodes.entry("", nodes.paragraph("", text)) for text in ("ledger", "Coq, for all instances")]
        head = nodes.thead("", nodes.row("", *titles))
        columns = [nodes.colspec(colwidth=width) for width in WIDTHS]
        return nodes.table("", nodes.tgroup("", *columns, head, body, cols=len(WIDTHS)), classes=["side-by-side"])

    def _ledger(self, claim: Claim) -> Iterator[nodes.Node]:
        yield from self.parse_text_to_nodes(claim.statement)
        yield from self.parse_text_to_nodes(" · ".join(parts(claim)))


def _coq(theorem: Theorem, statement: str) -> Iterator[nodes.Node]:
    yield nodes.paragraph("", "", nodes.literal("", theorem.name), nodes.Text(f": {theorem.reading}"))
    if theorem.caveat:
        yield nodes.paragraph("", "", nodes.emphasis("", f"Caveat: {theorem.caveat}"))
    yield nodes.literal_block(statement, statement, language="coq")


def setup(app: "Sphinx") -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("machine-checked", MachineChecked)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
