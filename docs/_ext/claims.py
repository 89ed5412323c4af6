"""Statements and their checks: a line under each statement, made from the ledger, that leads to the code.

``{claim} gibbs-optimum`` prints source, domains, mutation and links to the check functions.  The build fails if the
ledger has no such claim, if a link leads nowhere, or if a claim of the ledger has no statement in the pages.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from proofs_check.claims import registry
from proofs_check.ledger import Catalog, Claim, ClaimError, Standing
from proofs_check.ledger.coq import theorems

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

MANY = 3
"""Names of instances up to which they are listed."""


class ClaimLine(SphinxDirective):
    """The line under a statement."""

    required_arguments = 1
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the line, or an error if the ledger does not know the claim."""
        try:
            claim = registry()[self.arguments[0]]
        except ClaimError as error:
            raise self.error(str(error)) from error
        made = self.parse_text_to_nodes(" · ".join(parts(claim)))
        for paragraph in made:
            if isinstance(paragraph, nodes.paragraph):
                paragraph["classes"].append("claim-line")
        return made


def parts(claim: Claim) -> Iterator[str]:
    """Yield the pieces of a claim's line, as MyST text."""
    yield f"**{claim.source}**"
    if proved := len(theorems(claim.id)):
        many = "theorem" if proved == 1 else "theorems"
        yield f"{{ref}}`{proved} Coq {many} <coq-{claim.id}>`"
    match claim.standing:
        case Standing.LATER:
            yield "not implemented yet"
        case Standing.PAPER:
            yield "not checked by any run"
        case Standing.CHECKED:
            yield f"checked by {', '.join(links(check.run for check in claim.checks))}"
            yield f"on {'; '.join(f'`{_brief(check.domain)}`' for check in claim.checks)}"
            if claim.mutation is not None:
                yield f"must be rejected: `{claim.mutation.text}`"


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


def _check_complete(_app: "Sphinx", env: "BuildEnvironment") -> None:
    stated = getattr(env, "proof_list", {})
    logger = logging.getLogger(__name__)
    for claim in registry():
        if claim.id not in stated:
            logger.warning("the ledger's claim %s has no statement in the pages", claim.id)


def setup(app: "Sphinx") -> dict[str, bool]:
    """Add the directive and the check that no claim is left out."""
    app.add_directive("claim", ClaimLine)
    app.connect("env-check-consistency", _check_complete)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
