"""The ledger's claims and the Coq theorems about them, side by side, generated from both.

``{machine-checked}`` prints contents, and for each claim with theorems their names, each a link to its proof, and
folded one table: what the ledger decides with Python, and what Coq prints.  A link to the claim unfolds it
(``_static/unfold.js``).  The build fails if the index names a theorem whose statement is missing from
``statements.md``.  The sources are pages of the site, ``proofs/FILE``, with a mark at each line.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from claims import parts
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from proofs_check.claims import registry
from proofs_check.cli.places import theorem_place
from proofs_check.ledger import Claim
from proofs_check.ledger.coq import FOLDER, Theorem, outside, theorems
from proofs_check.ledger.pages import PAGES
from reference.model.parts import counted

if TYPE_CHECKING:
    from sphinx.application import Sphinx

BLOCK = re.compile(r"^`(?P<name>\S+)` \(.*?^```coq\n(?P<statement>.*?)^```", re.MULTILINE | re.DOTALL)
WIDTHS = (34, 66)


def printed() -> dict[str, str]:
    """Return what Coq printed for each theorem, by name."""
    text = (FOLDER / "statements.md").read_text(encoding="utf-8")
    return {found["name"]: found["statement"].rstrip() for found in BLOCK.finditer(text)}


def proof_uri(theorem: str) -> str:
    """Return the address of a theorem's proof in the site, as seen from its root.

    >>> proof_uri("gibbs.J_pistar").partition("#")[0]
    'proofs/gibbs.html'

    Raises:
        ValueError: if no source has it.
    """
    path, _, line = theorem_place(theorem).partition(":")
    if not line:
        raise ValueError(f"{path} has no theorem {theorem}")
    return f"proofs/{path.rpartition('/')[2].removesuffix('.v')}.html#line-{line}"


class MachineChecked(SphinxDirective):
    """The contents, and the tables."""

    def run(self) -> list[nodes.Node]:
        """Return contents, and for each page of the theory a section with one for each claim that the index names."""
        self.env.note_reread()  # the ledger and the index may have changed since the last build
        statements = printed()
        made: list[nodes.Node] = []
        contents: list[str] = []
        for page in PAGES:
            found = [claim for claim in registry() if claim.page == page and theorems(claim.id)]
            if found:
                label = f"coq-page-{page.name}"
                many = f"{counted(len(found), 'claim')}, {sum(len(theorems(claim.id)) for claim in found)} theorems"
                contents.append(f"- {{ref}}`{page.title} <{label}>`: {many}")
                made.append(self._section(label, page.title, self._claims(found, statements)))
        for name, purpose in outside().items():
            contents.append(f"- **No claim**: {{ref}}`{name} <coq-{name}>` ({len(theorems(name))})")
            made.append(self._folded(name, self.parse_text_to_nodes(purpose), statements))
        # not as a Markdown link: these pages have no source of their own that one could lead to
        files = (f'<a href="{self._from_here(f"proofs/{file.stem}.html")}">{file.name}</a>' for file in sources())
        contents.append(f"- **Sources**: {', '.join(files)}")
        return [*self.parse_text_to_nodes("\n".join(contents)), *made]

    def _claims(self, claims: list[Claim], statements: dict[str, str]) -> Iterator[nodes.Node]:
        for claim in claims:
            yield self._folded(claim.id, self._ledger(claim), statements)

    def _folded(self, name: str, beside: Iterable[nodes.Node], statements: dict[str, str]) -> nodes.section:
        """Return the links to the proofs, and a table that unfolds; {ref}`text <coq-NAME>` leads here."""
        known = theorems(name)
        missing = [theorem.name for theorem in known if theorem.name not in statements]
        if missing:
            raise self.error(f"statements.md has no statement of {', '.join(missing)}; run check.sh update")
        proofs = nodes.paragraph("", "", nodes.Text("Proofs: "), classes=["coq-proofs"])
        for i, theorem in enumerate(known):
            proofs += [nodes.Text(", ")] * (i > 0)
            proofs += self._proof(theorem)
        inside = [
            proofs,
            nodes.raw("", "<details class='coq-claim'><summary>statement and theorems</summary>", format="html"),
            self._table(known, beside, statements),
            nodes.raw("", "</details>", format="html"),
        ]
        return self._section(f"coq-{name}", name, inside)

    def _section(self, label: str, title: str, inside: Iterable[nodes.Node]) -> nodes.section:
        """Return a section where {ref}`text <LABEL>` leads."""
        self.env.domains.standard_domain.anonlabels[label] = (self.env.docname, label)
        return nodes.section("", nodes.title("", title), *inside, ids=[label], names=[label])

    def _from_here(self, uri: str) -> str:
        return self.env.docname.count("/") * "../" + uri

    def _table(
        self, known: tuple[Theorem, ...], beside: Iterable[nodes.Node], statements: dict[str, str]
    ) -> nodes.table:
        body = nodes.tbody()
        for theorem in known:
            body += nodes.row("", nodes.entry("", *self._coq(theorem, statements[theorem.name])))
        left = nodes.entry("", *beside, morerows=len(known) - 1)  # beside all of the theorems
        body[0].insert(0, left)
        titles = [nodes.entry("", nodes.paragraph("", text)) for text in ("ledger", "Coq, for all instances")]
        head = nodes.thead("", nodes.row("", *titles))
        columns = [nodes.colspec(colwidth=width) for width in WIDTHS]
        return nodes.table("", nodes.tgroup("", *columns, head, body, cols=len(WIDTHS)), classes=["side-by-side"])

    def _ledger(self, claim: Claim) -> Iterator[nodes.Node]:
        yield from self.parse_text_to_nodes(claim.statement)
        yield from self.parse_text_to_nodes(" · ".join(parts(claim)))

    def _proof(self, theorem: Theorem) -> nodes.reference:
        proof = nodes.reference("", "", refuri=self._from_here(proof_uri(theorem.name)), internal=True)
        proof += nodes.literal("", theorem.name)
        return proof

    def _coq(self, theorem: Theorem, statement: str) -> Iterator[nodes.Node]:
        yield nodes.paragraph("", "", self._proof(theorem), nodes.Text(f": {theorem.reading}"))
        if theorem.caveat:
            yield nodes.paragraph("", "", nodes.emphasis("", f"Caveat: {theorem.caveat}"))
        folded = "<details class='coq-statement'><summary>as Coq prints it</summary>"
        yield nodes.raw("", folded, format="html")
        yield nodes.literal_block(statement, statement, language="coq")
        yield nodes.raw("", "</details>", format="html")


def sources() -> list[Path]:
    """Return the files of the development."""
    return sorted(FOLDER.glob("*.v"))


def _proofs(app: "Sphinx") -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield each source as a page, whose line 12 has the mark ``line-12``."""
    for file in sources():
        code = app.builder.highlighter.highlight_block(
            file.read_text(encoding="utf-8"), "coq", linenos="inline", lineanchors="line", anchorlinenos=True
        )
        body = f"<h1>{file.name}</h1><div class='proof-source highlight-coq'>{code}</div>"
        yield f"proofs/{file.stem}", {"title": file.name, "body": body}, "page.html"


def setup(app: "Sphinx") -> dict[str, bool]:
    """Add the directive, and the pages of the sources."""
    app.add_directive("machine-checked", MachineChecked)
    app.connect("html-collect-pages", _proofs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
