r"""The claims: a folder for each page of the theory, in the order of the ledger.

How to write one
----------------
A claim is one function and one paragraph.  The function takes a member of a domain and *yields* cases; where the
hypotheses do not hold it yields nothing.  Its docstring says what is claimed, as the theory page shows it, and the
decorator where it is checked::

    @claim(
        "coverage-range",
        source="FMR25 section 1",
        every=Catalog(),
        on=(Random(linear_problems(), 50, name="problems"),),
        witness=Catalog("two-arms"),
        mutation=("osc/2 for osc", On(Catalog("two-arms"), osc_factor=fmpq(1, 2))),
        trivial="none: no algorithm is in it",
    )
    def coverage_range(problem, *, osc_factor=1):
        r'''Coverage is at most the exponential of the reward's range.

        $\Ccov(\pi^*) \le \max_x e^{\osc_x(r^*)/\beta}$.

        In words: How much more often the optimum says a response than the base model is limited by the exponential of
        the rewards' range over beta.
        Hypotheses: none.
        Constants: 1 in the exponent.
        '''
        for x in range(len(problem.prompts)):
            bound = exp(oscillation(problem, x) * osc_factor / problem.beta)
            yield compare(
                problem.name, coverage_at(problem, optimum(problem), x), "<=", bound, "C_cov <= exp(osc/beta)"
            )

The page ``docs/reference/theory/objective.md`` then has a paragraph with ``{claim} coverage-range`` where the statement
is to stand, and its proof.  The build fails for a claim that no page shows, and for a statement typed by hand.

Cases are made by ``compare`` (two numbers of the tower, any relation), ``agree`` (equality of general reals, exactly or
to ``2^-bits``), ``fact`` (what exact objects decide by themselves), ``identity`` (sympy, for all values) and
``frequency`` (simulated runs).  Domains are ``Catalog(*names)``, ``Family(name, size, each)``,
``Random(strategy, n, seed)``, ``Identity(variables)`` and ``Draws(n, seed)``.  ``On(domain, **parameters)`` runs the
claim's own function with parameters, ``Check(domain, other)`` another function.  Grades follow from domains and cases;
nobody states one.  Let ``Undecided`` pass: the runner records it.  A mutation stops at its first violated case, so give
it a domain that starts with an instance that refutes it.  An inequality about what an algorithm does also names a
trivial object that it excludes somewhere: ``trivial=("pi_ref is returned", On(Catalog("two-arms"), lazy=True))``; or it
says why it excludes none.  A new module is named in ``MODULES`` of its folder.
"""

from functools import lru_cache
from importlib import import_module

from proofs_check.ledger import Claim, Registry
from proofs_check.ledger.pages import PAGES
from proofs_check.ledger.stating import claims_of


@lru_cache(maxsize=1)
def registry() -> Registry:
    """Return all claims, page by page, each in the order of its modules."""
    claims: list[Claim] = []
    for page in PAGES:
        folder = import_module(f"{__name__}.{page.folder}")
        for name in folder.MODULES:
            claims.extend(claims_of(import_module(f"{folder.__name__}.{name}")))
    return Registry(tuple(claims))
