"""Statements of the theory, rendered from the claims of the ledger.

``{claim} gibbs-optimum`` prints title, statement and hypotheses as they stand in the docstring of the function that
decides the claim, and under them source, domains, mutation and links to the code.  The build fails if the ledger has no
such claim or has it on another page, if a link leads nowhere, if a claim of the ledger is on no page, or if a page
states a proposition by hand.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from proofs_check.claims import registry
from proofs_check.ledger import Catalog, Claim, ClaimError, Mutation, Standing, claim_of
from proofs_check.ledger.coq import theorems, weaker
from proofs_check.ledger.pages import PAGES

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

MANY = 3
"""Names of instances up to which they are listed."""

FOLDER = "reference/theory"
BY_HAND = re.compile(r"\{prf:(?:proposition|theorem|lemma|corollary)\}.*")


class Statement(SphinxDirective):
    """A claim, as a proposition or theorem."""

    required_arguments = 1
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the proposition, or an error if the ledger does not know the claim or has it on another page."""
        try:
            claim = registry()[self.arguments[0]]
        except ClaimError as error:
            raise self.error(str(error)) from error
        if self.env.docname != f"{FOLDER}/{claim.page.name}":
            raise self.error(f"the claim {claim.id} is on page {claim.page.name}: its function is in that folder")
        self.env.note_reread()  # the docstring may have changed since the last build
        made = self.parse_text_to_nodes("\n".join(text(claim)))
        *_, last = (found for node in made for found in node.findall(nodes.paragraph))
        last["classes"].append("claim-line")
        module, _, name = claim.function.rpartition(".")
        code = self.env.app.builder.get_relative_uri(self.env.docname, f"_modules/{module.replace('.', '/')}")
        last += [nodes.Text(" · "), nodes.reference("", "code", refuri=f"{code}#{name}", internal=True)]
        return made


def text(claim: Claim) -> Iterator[str]:
    """Yield the lines of a claim's statement, as MyST text."""
    kind = "proposition" if claim.standing is Standing.CHECKED else "theorem"
    yield from (f":::{{prf:{kind}}} `{claim.id}`: {claim.title}", f":label: {claim.id}", "")
    if claim.words:
        yield from ("{.in-words}", claim.words, "")
    yield from (claim.statement, "")
    for name in ("hypotheses", "constants", "caveats"):
        if (said := getattr(claim, name)) not in {"", "none."}:
            yield from (f"*{name.capitalize()}:* {said}", "")
    yield from (" · ".join(parts(claim)), ":::")


def parts(claim: Claim) -> Iterator[str]:
    """Yield the pieces of a claim's line, as MyST text."""
    yield f"**{claim.source}**"
    if proved := len(theorems(claim.id)):
        many = "theorem" if proved == 1 else "theorems"
        less = " with weaker constants" if weaker(claim.id) else ""
        yield f"{{ref}}`{proved} Coq {many} <coq-{claim.id}>`{less}"
    if claim.standing is Standing.PAPER:
        yield "not checked by any run"
        return
    yield f"checked by {', '.join(links(check.run for check in claim.checks))}"
    yield f"on {'; '.join(f'`{_brief(check.domain)}`' for check in claim.checks)}"
    if claim.mutation is not None:
        yield f"must be rejected: `{claim.mutation.text}`"
    if isinstance(claim.trivial, Mutation):
        yield f"excludes: `{claim.trivial.text}`"


def _brief(domain: object) -> str:
    """Return a domain's name; a long list of instances becomes their number."""
    if isinstance(domain, Catalog) and len(domain.names) > MANY:
        return f"catalog: {len(domain.names)} instances"
    return str(domain)


def links(functions: Iterable[Callable[..., object]]) -> list[str]:
    """Return a link to each check function, or to its module if it has no name of its own."""
    return list(dict.fromkeys(_link(function) for function in functions))


def _link(function: Callable[..., object]) -> str:
    while isinstance(function, partial):
        function = function.func
    name = getattr(function, "__qualname__", "<lambda>")
    if "<" in name or name.startswith("_"):
        return f"{{py:mod}}`~{function.__module__}`"
    return f"{{py:func}}`~{function.__module__}.{name}`"


def _check_complete(app: "Sphinx", env: "BuildEnvironment") -> None:
    stated = getattr(env, "proof_list", {})
    logger = logging.getLogger(__name__)
    for claim in registry():
        if claim.id not in stated:
            logger.warning("the ledger's claim %s is not on its page %s", claim.id, claim.page.file)
    for page in PAGES:
        for found in BY_HAND.findall(Path(app.srcdir, FOLDER, f"{page.name}.md").read_text(encoding="utf-8")):
            logger.warning("%s: a statement typed by hand, %s; state it as a claim", page.file, found)


def _only_link(_app: "Sphinx", _what: str, _name: str, function: object, _options: object, lines: list[str]) -> None:
    """In the API pages the function that decides a claim leads to the statement, which is no reStructuredText."""
    if (claim := claim_of(function)) is not None:
        lines[:] = [f"Decides :prf:ref:`{claim.id}`."]


def setup(app: "Sphinx") -> dict[str, bool]:
    """Add the directive, and the check that every claim stands on its page and nothing else does."""
    app.add_directive("claim", Statement)
    app.connect("env-check-consistency", _check_complete)
    app.connect("autodoc-process-docstring", _only_link, priority=300)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
