"""What is claimed of every instance, decided on the one that was typed."""

from typing import Any

from docs.play.page.shown import read
from proofs_check.claims import registry
from proofs_check.deciding import Decided, decide_on, has_variant, speaks_of
from proofs_check.ledger.kernel import Exhibit, Side

Answer = dict[str, Any]

CLAIMS = registry()
"""Made here, where it is imported: it takes a second."""


def list_claims(source: str) -> Answer:
    """Return the claims that speak of an instance, with what their false variants change."""
    problem = read(source)
    listed = [
        {
            "id": claim.id,
            "title": claim.title,
            "page": claim.page.name,
            "variant": claim.mutation.text if claim.mutation is not None and has_variant(claim) else "",
        }
        for claim in CLAIMS
        if speaks_of(claim, problem)
    ]
    return {"name": problem.name, "claims": listed}


def decide_claim(source: str, claim: str, mutated: bool = False) -> Answer:  # noqa: FBT001, FBT002 - from JSON
    """Return what was decided of a claim, or of its false variant, on an instance."""
    rows = [_told(row) for row in decide_on(read(source), [CLAIMS[claim]], mutated=mutated)]
    return rows[0] if rows else {"id": claim, "word": "nothing decided", "cases": 0, "why": "", "sides": None}


def _told(row: Decided) -> Answer:
    evidence = row.evidence
    shown = evidence.counterexample or evidence.tightest
    return {
        "id": row.claim.id,
        "word": str(row.word),
        "cases": evidence.cases,
        "why": evidence.trouble,
        "sides": None if shown is None or shown.sides is None else _sides(shown),
        "statement": "" if shown is None else shown.statement,
    }


def _sides(shown: Exhibit) -> Answer:
    assert shown.sides is not None  # noqa: S101 - asked before
    left, right = shown.sides
    return {
        "left": {"text": shown.left, "value": _value(left)},
        "right": {"text": shown.right, "value": _value(right)},
        "relation": shown.relation,
    }


def _value(side: Side) -> float:
    return float(side.decimal if side.decimal is not None else side.lower)
