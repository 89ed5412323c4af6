"""The evidence map: every claim, what it rests on, and how strong its evidence is, from the ledger.

``{evidence-map}`` prints a graph, whose nodes lead to cards, and the cards: statement, code, property and proofs of
each claim. What a claim rests on is what it declares (``depends`` of its decorator); a test compares that with the
claims that its proof cites. The properties are pages of the site, ``tests/FILE``, with a mark at each line.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from docutils import nodes
from evidence import answers_about, audit, grades, ledger
from machine_checked import proof_uri
from map_layout import drawn, legend, svg
from sphinx.util.docutils import SphinxDirective

from proofs_check.claims import registry
from proofs_check.ledger import Claim
from proofs_check.ledger.coq import theorems
from proofs_check.ledger.pages import PAGES

if TYPE_CHECKING:
    from sphinx.application import Sphinx

TESTS: Final = Path(__file__).parents[2] / "tests" / "claims"


class Property(NamedTuple):
    """A test that is marked with a claim."""

    file: str
    name: str
    line: int


@lru_cache(maxsize=1)
def properties() -> dict[str, list[Property]]:
    """Return the properties of each claim: tests of drawn values with its mark."""
    found: dict[str, list[Property]] = {}
    for path in sorted(TESTS.glob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            calls = [call for call in getattr(node, "decorator_list", ()) if isinstance(call, ast.Call)]
            named = {ast.unparse(call.func): call for call in calls}
            if isinstance(node, ast.FunctionDef) and "given" in named:
                for call in calls:
                    if ast.unparse(call.func) == "pytest.mark.claim":
                        found.setdefault(ast.literal_eval(call.args[0]), []).append(
                            Property(path.stem, node.name, node.lineno)
                        )
    return found


def strongest() -> dict[str, str]:
    """Return the strongest grade of each claim."""
    return {claim.id: (grades(claim.id) or ["paper"])[0] for claim in registry()}


def card(claim: Claim, up: str = "") -> str:
    """Return what the map says of a claim, as HTML; ``up`` leads to the root of the site."""
    return f'<section class="evidence-card" id="map-{claim.id}">{"".join(_lines(claim, up))}</section>'


def _lines(claim: Claim, up: str) -> Iterator[str]:
    yield f'<h3>{claim.id}<a class="headerlink" href="#map-{claim.id}" title="Link to this card">¶</a></h3>'
    yield f"<p>{escape(claim.words)}</p>"
    found, verdict = grades(claim.id), ledger()[claim.id]["verdict"]
    yield f'<p class="known">{verdict}: {", ".join(found)}</p>' if found else f'<p class="known">{verdict}</p>'
    module, _, function = claim.function.rpartition(".")
    links = [
        (f"reference/theory/{claim.page.name}.html#{claim.id}", "statement and proof"),
        (f"_modules/{module.replace('.', '/')}.html#{function}", "code"),
        *((f"tests/{test.file}.html#line-{test.line}", f"property {i}") for i, test in _numbered(claim)),
    ]
    yield f"<p>{' · '.join(_link(up + uri, words) for uri, words in links)}</p>"
    if proved := theorems(claim.id):
        yield f"<p>In Coq: {', '.join(_link(up + proof_uri(each.name), each.name) for each in proved)}</p>"
    if again := answers_about(claim.id):
        names = {grade: dict.fromkeys(name for g, name, _ in again if g == grade) for grade, _, _ in again}
        said = "; ".join(f"{grade} on {', '.join(on)}" for grade, on in names.items())
        yield f"<p>By Coq's kernel: {said}</p>"
    above = [other.id for other in registry() if claim.id in other.depends]
    for words, names in (("Rests on", claim.depends), ("Used by", above)):
        if names:
            yield f"<p>{words} {', '.join(_link(f'#map-{name}', name) for name in names)}</p>"


def _numbered(claim: Claim) -> Iterator[tuple[str, Property]]:
    known = properties().get(claim.id, [])
    for i, test in enumerate(known, 1):
        yield (str(i) if len(known) > 1 else "test"), test


def _link(uri: str, words: str) -> str:
    return f'<a href="{uri}">{escape(words)}</a>'


class EvidenceMap(SphinxDirective):
    """The graph, and the cards."""

    def run(self) -> list[nodes.Node]:
        """Return the graph, and a section of cards for each page of the theory."""
        self.env.note_reread()  # the ledger may have changed since the last build
        up = self.env.docname.count("/") * "../"
        made: list[nodes.Node] = [*self.parse_text_to_nodes(audit().words), nodes.raw("", legend(), format="html")]
        made.append(nodes.raw("", svg(drawn(strongest())), format="html"))
        for page in PAGES:
            cards = "\n".join(card(claim, up) for claim in registry() if claim.page == page)
            inside = [nodes.title("", page.title), nodes.raw("", cards, format="html")]
            made.append(nodes.section("", *inside, ids=[f"map-page-{page.name}"], names=[f"map-page-{page.name}"]))
        return made


class LastAudit(SphinxDirective):
    """When the Coq proofs were audited, and whether that was of what lies here."""

    def run(self) -> list[nodes.Node]:
        """Return one sentence."""
        self.env.note_reread()
        return self.parse_text_to_nodes(audit().words)


def _tests(app: "Sphinx") -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield each file of properties as a page, whose line 12 has the mark ``line-12``."""
    for file in sorted({test.file for known in properties().values() for test in known}):
        code = app.builder.highlighter.highlight_block(
            (TESTS / f"{file}.py").read_text("utf-8"),
            "python",
            linenos="inline",
            lineanchors="line",
            anchorlinenos=True,
        )
        body = f"<h1>{file}.py</h1><div class='proof-source highlight-python'>{code}</div>"
        yield f"tests/{file}", {"title": f"{file}.py", "body": body}, "page.html"


def setup(app: "Sphinx") -> dict[str, bool]:
    """Add the directives, and the pages of the properties."""
    app.add_directive("evidence-map", EvidenceMap)
    app.add_directive("audit", LastAudit)
    app.connect("html-collect-pages", _tests)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
