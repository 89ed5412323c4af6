"""What the tests of claims ask: whether a check can fail, and at what.  That a claim holds is for the ledger to say."""

from collections.abc import Callable

from proofs_check.ledger import Check, Evidence, Family
from proofs_check.ledger.kernel import gather


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
