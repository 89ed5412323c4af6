"""The claims, one module for each section of the theory, in the order of the ledger.

How to write one
----------------
A module holds check functions and, at its end, ``CLAIMS``, a tuple of :class:`~proofs_check.ledger.Claim`.  A check
function takes one member of a domain and *yields* cases; where the hypotheses do not hold it yields nothing::

    def coverage_range(problem, osc_factor=1):
        for x in range(len(problem.prompts)):
            bound = exp(oscillation(problem, x) * osc_factor / problem.beta)
            yield compare(
                problem.name, coverage_at(problem, optimum(problem), x), "<=", bound, "C_cov <= exp(osc/beta)"
            )


    CLAIMS = (
        Claim(
            id="coverage-range",
            section=3,
            title="...",
            statement="...",
            source="FMR25 section 1",
            constants="...",
            checks=(Check(Catalog(), coverage_range), Check(Random(problems(), n=50, seed=1), coverage_range)),
            witness=Check(Catalog("two-arms"), coverage_range),
            mutation=Mutation("osc/2 for osc", Catalog("two-arms"), partial(coverage_range, osc_factor=fmpq(1, 2))),
        ),
    )

Cases are made by ``compare`` (two numbers of the tower, any relation), ``agree`` (equality of general reals, exactly or
to ``2^-bits``), ``fact`` (what exact objects decide by themselves), ``identity`` (sympy, for all values) and
``frequency`` (simulated runs).  Domains are ``Catalog(*names)``, ``Family(name, size, each)``,
``Random(strategy, n, seed)``, ``Identity(variables)`` and ``Draws(n, seed)``.  Grades follow from both; nobody states
one.  Let ``Undecided`` pass: the runner records it.  Parameters with defaults make mutations one ``partial`` long.  A
mutation stops at its first violated case, so give it a domain that starts with an instance that refutes it.
"""

from functools import lru_cache
from importlib import import_module

from proofs_check.ledger import Claim, Registry

MODULES = (
    "section3",
    "section4",
    "section5",
    "section6",
    "section7_dnf",
    "section7_dnf_decoding",
    "section7_dnf_commitment",
    "section7_exploration",
    "section7_baselines",
    "section7_tradeoff",
    "section7_online_dpo",
    "section8",
    "section9_values",
    "section9_coverage",
    "section9_mtss",
    "section9_mtss_limits",
    "section9_costs",
    "paper",
)
"""Modules of claims; each has a tuple ``CLAIMS``."""


@lru_cache(maxsize=1)
def registry() -> Registry:
    """Return all claims: by section, those that rest on the paper alone at the end of theirs."""
    claims: list[Claim] = []
    for name in MODULES:
        claims.extend(import_module(f"{__name__}.{name}").CLAIMS)
    return Registry(tuple(sorted(claims, key=lambda claim: claim.section)))
