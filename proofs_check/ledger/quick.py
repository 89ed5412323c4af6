"""A quick look at a claim: its witness, and of each of its checks on the catalog one instance.

Nothing is concluded from it: a claim of which a part was looked at holds *so far*.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from proofs_check.ledger.kernel import Evidence, Report, gather, judge_in_part
from proofs_check.ledger.registry import Check, Claim, Mutation, Standing

CHECK, WITNESS = "check", "witness"


def quick_parts(claim: Claim) -> dict[str, Callable[..., Evidence]]:
    """Return the pieces of work of a quick look, by name, in order."""
    if claim.standing is not Standing.CHECKED or claim.witness is None:
        return {}
    witness = claim.witness
    on_catalog = {f"{CHECK} {i}": _one_instance(check) for i, check in _on_catalog(claim)}
    return {WITNESS: lambda progress=_nothing: gather(witness, progress=progress), **on_catalog}


def quick_report(claim: Claim, found: dict[str, Evidence]) -> Report:
    """Put the pieces of :func:`quick_parts` together again."""
    checks = tuple(evidence for name, evidence in found.items() if name.startswith(CHECK))
    ran = len(found) == len(quick_parts(claim))
    return judge_in_part(claim, checks, found.get(WITNESS), complete=ran)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a quick look at a claim leaves out."""

    checks: tuple[str, ...]
    """Domains of which nothing is looked at."""
    instances: int
    """Instances of the catalog on which checks are not run, counted once for each check."""
    mutation: bool
    """Whether there is a mutation: it is not tried."""
    trivial: bool
    """Whether there is a trivial object to exclude: it is not tried."""
    catalog: bool
    """Whether a check runs on the catalog: else the witness is all that is looked at."""


def left_out(claim: Claim) -> LeftOut:
    """Return what :func:`quick_parts` leaves out of a claim."""
    kept = dict(_on_catalog(claim))
    others = tuple(str(check.domain) for i, check in enumerate(claim.checks) if i not in kept)
    instances = sum((check.domain.size or 0) - 1 for check in kept.values())
    return LeftOut(others, instances, claim.mutation is not None, isinstance(claim.trivial, Mutation), bool(kept))


def _nothing() -> None:
    pass


def _on_catalog(claim: Claim) -> list[tuple[int, Check[Any]]]:
    return [(i, check) for i, check in enumerate(claim.checks) if any(True for _ in check.domain.instances())]


def _one_instance(check: Check[Any]) -> Callable[..., Evidence]:
    """Return the check on the first instance of its domain of which it decides anything."""

    def work(progress: Callable[[], None] = _nothing) -> Evidence:
        found = None
        for domain in check.domain.instances():
            found = gather(Check(domain, check.run), progress=progress)
            if found.cases or found.trouble:
                break
        return gather(check) if found is None else found

    return work
