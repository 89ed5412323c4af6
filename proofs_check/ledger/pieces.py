"""The pieces of work that a claim consists of, and how their evidence is put together again.

A check has several pieces, so that many processes help: one for each member if they are few, which are long ones.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from proofs_check.ledger.cases import _SEAL
from proofs_check.ledger.domains import Domain, apart
from proofs_check.ledger.grades import Grade
from proofs_check.ledger.kernel import Evidence, Report, gather, judge, other_size
from proofs_check.ledger.registry import Check, Claim, Mutation, Standing

T = TypeVar("T")


def parts(claim: Claim) -> dict[str, Callable[..., Evidence]]:
    """Return the independent pieces of work that a claim consists of, by name, in order."""
    if claim.standing is not Standing.CHECKED:
        return {}
    work = {
        name: _work(Check(domain, check.run), is_piece=domain is not check.domain)
        for i, check in enumerate(claim.checks)
        for name, domain in zip(_names(i, check), apart(check.domain), strict=True)
    }
    if claim.witness is not None:
        work["witness"] = _work(claim.witness)
    if claim.mutation is not None:
        work["mutation"] = _work(claim.mutation.check, until_violated=True)
    if isinstance(claim.trivial, Mutation):
        work["trivial"] = _work(claim.trivial.check, until_violated=True)
    return work


def assemble(claim: Claim, found: dict[str, Evidence]) -> Report:
    """Put the pieces of :func:`parts` together again."""
    checks = tuple(
        joined(check.domain, [found[name] for name in names]) if len(names) > 1 else found[names[0]]
        for names, check in ((_names(i, check), check) for i, check in enumerate(claim.checks))
        if found.keys() >= set(names)
    )
    return judge(claim, checks, found.get("witness"), found.get("mutation"), found.get("trivial"))


def run_claim(claim: Claim, progress: Callable[[], None] = lambda: None) -> Report:
    """Run everything a claim consists of, here and now."""
    return assemble(claim, {name: work(progress) for name, work in parts(claim).items()})


def joined(domain: Domain[T], pieces: Sequence[Evidence]) -> Evidence:
    """Return the evidence of a check on a domain, from that on what it is made up of, in order."""
    first_stop = next((i for i, piece in enumerate(pieces) if piece.stopped), None)
    kept = pieces if first_stop is None else pieces[: first_stop + 1]
    members = sum(piece.members for piece in kept)
    trouble = next((piece.trouble for piece in kept if piece.trouble), "")
    if first_stop is not None:
        trouble = kept[-1].trouble
    elif not trouble and domain.size not in {None, members}:
        trouble = other_size(domain.size, members)
    return Evidence(
        domain=str(domain),
        grade=Grade.weakest([piece.grade for piece in kept]),
        members=members,
        reached=sum(piece.reached for piece in kept),
        cases=sum(piece.cases for piece in kept),
        exact=sum(piece.exact for piece in kept),
        violated=sum(piece.violated for piece in kept),
        undecided=sum(piece.undecided for piece in kept),
        seconds=sum(piece.seconds for piece in pieces),
        trouble=trouble,
        counterexample=next((piece.counterexample for piece in kept if piece.counterexample), None),
        tightest=min(kept, key=lambda piece: piece.slack).tightest,
        slack=min(piece.slack for piece in kept),
        stopped=first_stop is not None,
        seal=_SEAL,
    )


def _names(i: int, check: Check[Any]) -> list[str]:
    """Return the names of the pieces of a check."""
    number = len(apart(check.domain))
    return [f"check {i}"] if number == 1 else [f"check {i}, piece {j}" for j in range(1, number + 1)]


def _work(check: Check[T], *, until_violated: bool = False, is_piece: bool = False) -> Callable[..., Evidence]:
    def work(progress: Callable[[], None] = lambda: None) -> Evidence:
        return gather(check, until_violated=until_violated, is_piece=is_piece, progress=progress)

    return work
