"""The domains of the kill matrix: of each claim its witness, and the first members of each of its checks."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from proofs_check.ledger import Catalog, Check, Claim, Domain, Draws, Family, Identity, Random

FIRST = 4
"""Members of a domain that are looked at, unless :data:`FEWER` says otherwise."""

FEWER = {
    "dnf-baselines-search": 1,
    "mtss-exact-where-covered": 2,
    "mtss-restarts": 1,
    "spanner-end-to-end": 2,
}
"""Claims whose members take longer."""


def reduced(claim: Claim) -> Iterator[tuple[str, Check[Any]]]:
    """Yield the parts of a claim that the matrix looks at, by name: the witness, and ``check i``.

    What runs nothing of ``reference`` (identities), and what is judged from many runs, is left out.
    """
    most = FEWER.get(claim.id, FIRST)
    if claim.witness is not None:
        yield "witness", _first(claim.witness, most)
    for i, check in enumerate(claim.checks):
        if not isinstance(check.domain, Identity | Draws):
            yield f"check {i}", _first(check, most)


def _first(check: Check[Any], most: int) -> Check[Any]:
    return Check(_first_of(check.domain, most), check.run)


def _first_of(domain: Domain[Any], most: int) -> Domain[Any]:
    match domain:
        case Catalog() if domain.size > most:
            return Catalog(*(name for name, _ in islice(domain.members(), most)), of=domain.kind)
        case Family() if domain.size > most:
            return Family(f"the first {most} of: {domain.name}", most, lambda: islice(domain.each(), most))
        case Random() if domain.n > most:
            return replace(domain, n=most)
        case _:
            return domain
