"""What the tests of every section ask of its claims: the witness holds, the mutation is rejected, a check can fail."""

from collections.abc import Callable

from proofs_check.ledger import Check, Claim, Evidence, Family, run_claim
from proofs_check.ledger.kernel import gather


def witness_holds(claim: Claim) -> None:
    """The hypotheses of the claim can hold, and then its conclusion does."""
    assert claim.witness is not None
    found = gather(claim.witness)
    assert (found.verdict.value, found.trouble) == ("holds", "")


def mutation_is_rejected(claim: Claim) -> None:
    """The false variant of the claim has a counterexample."""
    assert claim.mutation is not None
    found = gather(claim.mutation.check, until_violated=True)
    assert found.violated
    assert found.counterexample is not None


def claim_holds(claim: Claim) -> None:
    """The whole claim holds, with witness and mutation."""
    report = run_claim(claim)
    assert (report.verdict.value, report.reason) == ("holds", "")


def evidence(run_on: Callable[..., object], *members: object) -> Evidence:
    """Return what a check finds on some members."""
    check: Check[object] = Check(Family("test", len(members), lambda: members), run_on)  # type: ignore[arg-type]  # any member
    return gather(check)


def fails(run_on: Callable[..., object], *members: object) -> bool:
    """Whether a check is violated on some members; a check that cannot run is no violation."""
    found = evidence(run_on, *members)
    assert not found.trouble
    return found.violated > 0


def says(run_on: Callable[..., object], *members: object) -> str:
    """Return what the first violated case claims."""
    found = evidence(run_on, *members)
    assert not found.trouble
    assert found.counterexample is not None
    return found.counterexample.statement
