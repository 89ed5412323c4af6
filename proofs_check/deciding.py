"""What is claimed of every problem, decided on one: as data, for the command line and for a page in a browser.

Nothing here needs a terminal or computer algebra.

>>> import reference as ref
>>> from proofs_check.deciding import decide_on
>>> rows = {row.claim.id: row for row in decide_on(ref.load("two-arms"))}
>>> str(rows["coverage-range"].word), rows["coverage-range"].evidence.cases
('holds', 7)
>>> altered = {row.claim.id: str(row.word) for row in decide_on(ref.load("two-arms"), mutated=True)}
>>> altered["gibbs-optimum"]
'violated'
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, NamedTuple

from proofs_check.ledger import Catalog, Check, Claim, Evidence, Family, Verdict
from proofs_check.ledger.kernel import gather
from reference.model import Problem

SILENT = "nothing decided"
"""The hypotheses are not met, or the instance is too large for an exact check."""


class Decided(NamedTuple):
    """A claim, and what was decided of it on the instance."""

    claim: Claim
    evidence: Evidence

    @property
    def word(self) -> str:
        """The verdict; a claim of which nothing could be decided is neither true nor false there."""
        silent = self.evidence.verdict is Verdict.NOT_REACHED and not self.evidence.trouble
        return SILENT if silent else self.evidence.verdict

    @property
    def fine(self) -> bool:
        """Whether nothing speaks against the claim."""
        return self.word in {Verdict.HOLDS, SILENT}


def speaks_of(claim: Claim, problem: Problem) -> bool:
    """Return whether a claim says something about every problem of a kind that this one is of."""
    return claim.every is not None and _fits(claim.every, problem)


def decide_on(
    problem: Problem,
    claims: Iterable[Claim] | None = None,
    *,
    mutated: bool = False,
    showing: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> Iterator[Decided]:
    """Yield each claim that speaks of ``problem``, all of the ledger unless given, with what was decided of it there.

    ``mutated``: decide the false variant of each claim, where it has one for problems of this kind; a variant is false
    on some problem, not on every one.  ``showing``: around the work on a claim, for whoever shows what goes on.
    """
    if claims is None:
        from proofs_check.claims import registry

        claims = registry()
    for claim in claims:
        if (check := _check(claim, problem, mutated=mutated)) is not None:
            with showing(claim.id):
                evidence = gather(Check(Family(problem.name, 1, lambda: [problem]), check.run))
            yield Decided(claim, evidence)


def has_variant(claim: Claim) -> bool:
    """Return whether the false variant of a claim can be decided on problems of which the claim speaks."""
    if claim.every is None or claim.mutation is None:
        return False
    return _function(claim.mutation.check) is _function(claim.every)


def _function(check: Check[Any]) -> object:
    return check.run.func if isinstance(check.run, partial) else check.run


def _check(claim: Claim, problem: Problem, *, mutated: bool) -> Check[Any] | None:
    if not speaks_of(claim, problem):
        return None
    if not mutated:
        return claim.every
    return claim.mutation.check if claim.mutation is not None and has_variant(claim) else None


def _fits(every: Check[Any], problem: Problem) -> bool:
    return isinstance(every.domain, Catalog) and every.domain.fits(problem)
