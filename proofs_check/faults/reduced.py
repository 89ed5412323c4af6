"""The domains of the kill matrix: of each claim its witness, and the first members of each of its checks."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from proofs_check.ledger import Catalog, Check, Claim, Domain, Draws, Family, Identity, Random

FIRST_MEMBERS = 4
"""Members of a domain that are looked at, unless :data:`FEWER` says otherwise."""

FEWER = {
    "coverage-lower-bound": 2,
    "dnf-baselines-search": 1,
    "dnf-baselines-search, check 1": 4,
    "mtss-costs": 2,
    "mtss-end-to-end": 2,
    "mtss-end-to-end, check 3": 0,
    "mtss-end-to-end-by-draws": 2,
    "mtss-exact-where-covered": 1,
    "mtss-exact-where-covered, check 0": 0,
    "mtss-exact-where-covered, check 2": 2,
    "mtss-exact-where-covered, check 3": 2,
    "mtss-restarts": 1,
    "mtss-restarts, check 0": 0,
    "mtss-restarts, check 2": 4,
    "mtss-rounded-fit": 2,
    "mtss-rounded-fit, check 3": 3,
    "mtss-rounded-gap": 2,
    "mtss-target-noise": 3,
    "mtss-unrealizable": 2,
    "mtss-unrealizable, check 2": 1,
    "needle-path-by-listing": 2,
    "needle-path-in-roll-ins, witness": 0,
    "path-by-strings": 2,
    "ridge-end-to-end": 1,
    "ridge-end-to-end, check 2": 0,
    "sampler-gap": 2,
    "sampler-mixture": 2,
    "softmax-sampler-tv": 2,
    "spanner-as-listed": 2,
    "spanner-as-listed, check 2": 0,
    "spanner-coverage": 2,
    "spanner-end-to-end": 2,
    "spanner-end-to-end, check 2": 0,
    "spanner-size": 2,
    "tokens-below-sequences, witness": 0,
}
"""Claims, and parts of claims, whose members take longer; 0 leaves a part out."""


def reduced(claim: Claim) -> Iterator[tuple[str, Check[Any]]]:
    """Yield the parts of a claim that the matrix looks at, by name: the witness, and ``check i``.

    What runs nothing of ``reference`` (identities), and what is judged from many runs, is left out.
    """
    parts = {"witness": claim.witness, **{f"check {i}": check for i, check in enumerate(claim.checks)}}
    for part, check in parts.items():
        most = FEWER.get(f"{claim.id}, {part}", FEWER.get(claim.id, FIRST_MEMBERS))
        if check is not None and most and not isinstance(check.domain, Identity | Draws):
            yield part, Check(_first_of(check.domain, most), check.run)


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
