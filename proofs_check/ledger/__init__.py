"""The ledger's frame: claims, the domains they are checked on, cases, grades, and the runner.

A claim module reads like mathematics.  This is a whole claim, and a run of it:

>>> from flint import fmpq
>>> from proofs_check.ledger import Check, Claim, Family, Mutation, compare, run_claim
>>> def bernoulli(n, slope=1):
...     x = fmpq(1, 2)
...     yield compare(f"n={n}", (1 + x) ** n, ">=", 1 + slope * n * x, "(1+x)^n >= 1 + n x")
>>> from functools import partial
>>> POWERS = Family("n = 0..9", 10, lambda: range(10))
>>> claim = Claim(
...     id="bernoulli",
...     section=3,
...     title="Bernoulli's inequality at 1/2",
...     statement="(1+x)^n >= 1 + n x for x = 1/2",
...     source="Bernoulli 1689",
...     constants="1 in front of n x",
...     checks=(Check(POWERS, bernoulli),),
...     witness=Check(Family("n = 2", 1, lambda: [2]), bernoulli),
...     mutation=Mutation("2 in front of n x", POWERS, partial(bernoulli, slope=2)),
... )
>>> report = run_claim(claim)
>>> print(report.verdict, *report.grades, report.cases)
holds exhaustive 10

The grade was derived: a finite family, every case decided by a normal form.
"""

from proofs_check.ledger.cases import Case, Forged, Method, agree, compare, fact, frequency, identity
from proofs_check.ledger.claim import Check, Claim, ClaimError, Mutation, Registry, Standing
from proofs_check.ledger.domains import Catalog, Domain, Draws, Family, Identity, Random, WholeCatalog
from proofs_check.ledger.grades import Grade, Verdict
from proofs_check.ledger.kernel import Evidence, Exhibit, Report, run_claim
from proofs_check.ledger.pool import run_claims
from proofs_check.ledger.quick import LeftOut, left_out

__all__ = [
    "Case",
    "Catalog",
    "Check",
    "Claim",
    "ClaimError",
    "Domain",
    "Draws",
    "Evidence",
    "Exhibit",
    "Family",
    "Forged",
    "Grade",
    "Identity",
    "LeftOut",
    "Method",
    "Mutation",
    "Random",
    "Registry",
    "Report",
    "Standing",
    "Verdict",
    "WholeCatalog",
    "agree",
    "compare",
    "fact",
    "frequency",
    "identity",
    "left_out",
    "run_claim",
    "run_claims",
]
