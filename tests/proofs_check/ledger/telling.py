"""A ledger of two claims that hold where definitions run in place of quick forms, for workers to import."""

from collections.abc import Iterator
from functools import partial

from proofs_check.ledger import Case, Catalog, Check, Claim, Family, Mutation, Registry, fact
from proofs_check.ledger.pages import PAGES
from reference.exact.plain import is_plain

ONE = Family("1", 1, lambda: [1])


def definitions_run(_: object, *, wanted: bool = True) -> Iterator[Case]:
    """Say whether definitions run in this process."""
    yield fact("here", is_plain() == wanted, "definitions run")


def telling() -> Registry:
    """Return the ledger."""
    check, mutation = Check(Catalog("two-arms"), definitions_run), Check(ONE, partial(definitions_run, wanted=False))
    return Registry(
        tuple(
            Claim(
                id=name, page=PAGES[0], title="t", statement="s", source="ours", hypotheses="none.", checks=(check,),
                witness=check, mutation=Mutation("the other way", mutation),
            )
            for name in ("one", "two")
        )
    )  # fmt: skip
