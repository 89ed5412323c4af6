"""What the committed record no longer speaks of: faults and claims that are new or other than they were.

That a claim or ``reference`` has changed behind the same names is not seen: for that the whole matrix is made again.
"""

from proofs_check.claims import registry
from proofs_check.faults import Fault, all_faults
from proofs_check.faults.record import Record
from proofs_check.faults.reduced import reduced
from proofs_check.ledger import Claim


def domain_of(claim: Claim) -> tuple[str, ...]:
    """Return the parts of a claim that the matrix looks at, with their domains."""
    return tuple(f"{part}: {check.domain}" for part, check in reduced(claim))


def stale_faults(record: Record) -> tuple[Fault, ...]:
    """Return the faults that the record has not, or has with another change, or another test."""
    rows = record.faults
    return tuple(fault for fault in all_faults() if fault.name not in rows or rows[fault.name].fault != fault.text)


def stale_claims(record: Record) -> list[str]:
    """Return the claims that the record has not, or has with other domains."""
    checked = (claim for claim in registry() if claim.checks)
    return [c.id for c in checked if c.id not in record.claims or record.claims[c.id].domain != domain_of(c)]
