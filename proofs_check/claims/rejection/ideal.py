"""Ideal rejection sampling: known density ratios (FMR25 section 3)."""

from collections.abc import Iterator

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.claims.families import prompts, rational_coverage
from proofs_check.ledger import Case, Catalog, Check, On, Random, claim, compare
from reference.algorithms.rejection import ideal_rejection
from reference.exact import exp_ratio
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import World
from reference.model.linear_problem import LinearProblem
from reference.model.policy import Policy, TabularPolicy, optimum
from reference.testing import linear_problems, policies, rationals

Trials = tuple[LinearProblem, Policy, int, fmpq, int]
"""A problem, a policy on its support, a prompt, ``M - C_cov`` rounded up to a rational bound, and ``N``."""


def rejection_law(setting: Trials, *, lowered: bool = False, lazy: bool = False) -> Iterator[Case]:
    """The exact law of :func:`ideal_rejection`: ``pi (1 - (1-1/M)^N)``, and failure ``(1-1/M)^N``.

    ``lazy``: every draw from ``pi_ref`` is as good as any other.
    """
    problem, policy, x, slack, n = setting
    law, base = policy.law(x), problem.pi_ref(x)
    bound = rational_coverage(problem, policy, x) + slack
    ratios = {y: exp_ratio(law.mass(y)) / mass for y, mass in base.items()}
    if lazy:
        ratios = dict.fromkeys(ratios, exp_ratio(1))
    if lowered:  # a false variant: M below the coverage, which cuts ratios off
        bound = bound / 2

    def drawn(choice: Choice) -> int | None:
        found = ideal_rejection(World(problem, choice).oracles, ratios.__getitem__, x, bound, n)
        return None if found is None else found[0]

    result = law_of(drawn)
    fails = (1 - 1 / bound) ** n
    name = f"x={problem.prompts[x].name}, M={bound}, N={n}"
    yield compare(name, result.mass(None), "==", fails, "all N trials fail with probability (1-1/M)^N")
    for y in problem.support(x):
        expected = exp_ratio(law.mass(y)) * (1 - fails)
        yield compare(f"{name}, y={y}", result.mass(y), "==", expected, "given acceptance the law is exactly pi")


@st.composite
def rejection_trials(draw: st.DrawFn) -> Trials:
    """A random problem, policy, prompt, slack and number of trials."""
    problem = draw(linear_problems())
    policy = draw(policies(problem))
    x = draw(st.integers(0, len(problem.prompts) - 1))
    return problem, policy, x, draw(rationals(0, 4)), draw(st.integers(1, 4))


@claim(
    "rejection-exact",
    source="FMR25 section 3",
    every=Catalog(),
    on=(Check(Random(rejection_trials(), 100, name="problems, policies, M, N"), rejection_law),),
    witness=Catalog("two-arms", "two-arms-exp"),
    mutation=("M = C_cov/2, which cuts ratios off", On(Catalog("two-arms"), lowered=True)),
    trivial=("draws from pi_ref are returned", On(Catalog("two-arms"), lazy=True)),
)
def rejection_exact(problem: LinearProblem, *, lowered: bool = False, lazy: bool = False) -> Iterator[Case]:
    r"""Ideal rejection returns the law that it aims at.

    Each trial accepts with probability exactly $1/M$. Given acceptance, the law of the response is exactly
    $\pi(\cdot \mid x)$. All $N$ trials fail with probability exactly $(1 - 1/M)^N$.

    In words: Keeping draws of the base model with the right chance gives draws of the target, at M draws on average for
    each one kept.
    Hypotheses: $M \ge \Ccov(\pi; x)$ and $N \ge 1$.
    Constants: none.
    """
    base = TabularPolicy(problem, [problem.pi_ref(x) for x in prompts(problem)])
    for policy in (optimum(problem), base):
        for x in prompts(problem):
            for slack, n in ((fmpq(0), 1), (fmpq(0), 5), (fmpq(3, 2), 2)):
                yield from rejection_law((problem, policy, x, slack, n), lowered=lowered, lazy=lazy)
