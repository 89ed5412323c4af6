r"""The ledger's frame: claims, the domains they are checked on, cases, grades, and the runner.

A claim module reads like mathematics.  This is a whole claim, and a run of it:

>>> from flint import fmpq
>>> from proofs_check.ledger import Family, On, claim, claim_of, compare, run_claim
>>> POWERS = Family("n = 0..9", 10, lambda: range(10))
>>> @claim(
...     "bernoulli",
...     page="objective",  # elsewhere the folder says it
...     source="Bernoulli 1689",
...     on=[POWERS],
...     witness=Family("n = 2", 1, lambda: [2]),
...     mutation=("2 in front of n x", On(POWERS, slope=2)),
... )
... def bernoulli(n, slope=1):
...     r'''Bernoulli's inequality at 1/2.
...
...     $(1 + x)^n \ge 1 + n x$ for $x = 1/2$.
...
...     Hypotheses: none.
...     Constants: 1 in front of $n x$.
...     '''
...     x = fmpq(1, 2)
...     yield compare(f"n={n}", (1 + x) ** n, ">=", 1 + slope * n * x, "(1+x)^n >= 1 + n x")
>>> report = run_claim(claim_of(bernoulli))
>>> print(report.verdict, *report.grades, report.cases)
holds exhaustive 10

The grade was derived: a finite family, every case decided by a normal form.
"""

from proofs_check.ledger.cases import Case, Forged, Method, agree, compare, fact, frequency, identity
from proofs_check.ledger.domains import ANY, Catalog, Domain, Draws, Family, Identity, Random
from proofs_check.ledger.executing import OtherVersion
from proofs_check.ledger.grades import Grade, Verdict
from proofs_check.ledger.kernel import Evidence, Exhibit, Report
from proofs_check.ledger.pieces import run_claim
from proofs_check.ledger.pool import run_claims
from proofs_check.ledger.quick import LeftOut, left_out
from proofs_check.ledger.registry import Check, Claim, ClaimError, Mutation, Registry, Standing
from proofs_check.ledger.stating import On, claim, claim_of, on_paper

__all__ = [
    "ANY",
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
    "On",
    "OtherVersion",
    "Random",
    "Registry",
    "Report",
    "Standing",
    "Verdict",
    "agree",
    "claim",
    "claim_of",
    "compare",
    "fact",
    "frequency",
    "identity",
    "left_out",
    "on_paper",
    "run_claim",
    "run_claims",
]
