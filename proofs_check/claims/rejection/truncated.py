"""Rejection with a cap below the coverage: what is cut off, and what it costs (ours)."""

from collections.abc import Iterator

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.claims.families import prompts, rational_coverage
from proofs_check.ledger import Case, Catalog, Check, Family, On, Random, claim, compare, fact
from reference.algorithms.rejection import ideal_rejection
from reference.exact import exp_ratio, log
from reference.exact.law import Law
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import World
from reference.laws.rejection import truncated_rejection
from reference.model import coverage_profile_at, largest
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prompt, Response
from reference.model.policy import Policy, optimum
from reference.testing import linear_problems, policies, rationals

_ONE = fmpq(1)

Capped = tuple[LinearProblem, Policy, int, fmpq, int]
"""A problem, a policy on its support, a prompt, the cap ``M > 0``, and ``N``."""


def cut_off(setting: Capped, *, uncut: bool = False, lazy: bool = False, times: fmpq = _ONE) -> Iterator[Case]:
    """Decide all of it from the exact law of :func:`ideal_rejection`.

    ``uncut``: as if the cap left ``pi`` as it is.  ``lazy``: every draw from ``pi_ref`` is accepted.
    """
    problem, policy, x, M, n = setting
    law, base = policy.law(x), problem.pi_ref(x)
    w = {y: exp_ratio(law.mass(y)) / mass for y, mass in base.items()}
    asked = dict.fromkeys(w, exp_ratio(M)) if lazy else w

    def drawn(choice: Choice) -> int | None:
        found = ideal_rejection(World(problem, choice).oracles, asked.__getitem__, x, M, n)
        return None if found is None else found[0]

    result = law_of(drawn)
    name = f"{problem.name}, x={problem.prompts[x].name}, M={M}, N={n}"
    above = [y for y in law.outcomes if w[y] > M]
    s = sum((law.mass(y) * (1 - M / w[y]) for y in above), exp_ratio(0))
    fails = (1 - (1 - s) / M) ** n
    yield compare(name, result.mass(None), "==", fails, "all N trials fail with probability (1 - (1-s)/M)^N")
    for y, mass in base.items():
        given = exp_ratio(law.mass(y)) if uncut else min(w[y], exp_ratio(M)) * mass / (1 - s)
        yield compare(f"{name}, y={y}", result.mass(y), "==", given * (1 - fails), "accepted: ~ pi_ref min(w, M)")
    profile, closed = coverage_profile_at(problem, policy, x), truncated_rejection(law, base, M)
    same = closed.cut == s and profile.cut(M) == s and closed.of_trials(n) == result
    yield fact(name, same, "truncated_rejection, and the profile's cut, say the same")
    accepted = Law.of((y, exp_ratio(result.mass(y)) / (1 - exp_ratio(result.mass(None)))) for y in base.outcomes)
    distance, cap = exp_ratio(accepted.total_variation(law)), M / (1 - s)
    yield compare(name, profile.cut(cap), "==", distance, "TV(accepted, pi) = s at the cap M/(1-s)")
    ratio = largest(exp_ratio(accepted.mass(y)) / mass for y, mass in base.items())
    if above:
        yield compare(name, distance, "<", s * times, "TV < s where M < C_cov")
        yield compare(name, s, "<", profile.at(M), "s < Cov_M where M < C_cov")
        yield compare(name, ratio, "==", cap, "the largest ratio to pi_ref is M/(1-s) where M < C_cov")
    else:
        yield fact(name, s == 0 == distance, "s = 0 = TV where M >= C_cov")
        yield compare(name, ratio, "==", largest(w.values()), "the largest ratio to pi_ref is C_cov where M >= C_cov")


@st.composite
def caps(draw: st.DrawFn) -> Capped:
    """A random problem, policy, prompt, cap and number of trials."""
    problem = draw(linear_problems())
    policy = draw(policies(problem))
    x = draw(st.integers(0, len(problem.prompts) - 1))
    return problem, policy, x, draw(rationals(0, 4)) + fmpq(1, 8), draw(st.integers(1, 3))


def half_at(rare: fmpq) -> LinearProblem:
    """Return the instance with half of ``pi*`` on a response of base mass ``rare``."""
    rows = [Response.of("rare", rare, [1]), Response.of("common", 1 - rare, [0])]
    theta = log((1 - rare) / rare)
    return LinearProblem.of(
        f"pi_ref(rare) = {rare}", [Prompt.of("x", rows)], theta=[theta], beta=1, B=theta.ceil(), R_max=theta.ceil()
    )


def nothing_is_lost(problem: LinearProblem) -> Iterator[Case]:
    """Decide that both inequalities are attained up to ``1 - 10^-5``."""
    law, base = optimum(problem).law(0), problem.pi_ref(0)
    found, profile = truncated_rejection(law, base, 1), coverage_profile_at(problem, optimum(problem), 0)
    nearly = fmpq(99_999, 100_000)
    distance = found.accepted.total_variation(law)
    yield compare(problem.name, distance, ">=", exp_ratio(found.cut) * nearly, "TV >= (1-10^-5) s")
    yield compare(problem.name, found.cut, ">=", profile.at(1) * nearly, "s >= (1-10^-5) Cov_M")


RARE = Family("pi_ref(rare) = 10^-6", 1, lambda: [half_at(fmpq(1, 10**6))])


@claim(
    "truncated-rejection",
    source="ours; M >= C_cov: FMR25 section 3",
    depends=("rejection-exact", "coverage-profile"),
    every=Catalog(),
    on=(
        On(Catalog("two-arms", "two-arms-exp", "two-arms-mixed", "different-supports"), trials=(3,)),
        RARE,
        Check(RARE, nothing_is_lost),
        Check(Random(caps(), 40, seed=82, name="problems, policies, M, N"), cut_off),
    ),
    witness=Catalog("two-arms", "two-arms-exp"),
    mutation=("given acceptance the law is pi, whatever M", On(Catalog("two-arms"), uncut=True)),
    trivial=("every draw from pi_ref is accepted", On(Catalog("two-arms"), lazy=True)),
)
def truncated_rejection_exact(
    problem: LinearProblem,
    *,
    trials: tuple[int, ...] = (1,),
    uncut: bool = False,
    lazy: bool = False,
    times: fmpq = _ONE,
) -> Iterator[Case]:
    r"""Ideal rejection with any cap $M > 0$: what the cap cuts off.

    Let $w = \pi/\piref$ and $s = \E_\pi(1 - M/w)_+$. A trial accepts with probability $(1-s)/M$; given acceptance the
    law is $\hat\pi \propto \piref \min(w, M)$. If $M \ge \Ccov(\pi; x)$ then $s = 0$ and $\hat\pi = \pi$; else

    $$
    \TV(\hat\pi, \pi) < s < \mathrm{Cov}_M(\pi; x), \qquad \max_y \frac{\hat\pi(y)}{\piref(y)} = \frac{M}{1-s}, \qquad
    \TV(\hat\pi, \pi) = \E_\pi\Bigl(1 - \frac{M}{(1-s)\,w}\Bigr)_+ .
    $$

    In words: With a cap below the coverage, rejection is cheaper, and errs by less than the part of the target
        behind the cap.
    Hypotheses: $M > 0$; $\pi$ is on the support of $\piref$.
    Constants: 1 twice, sharp.
    """
    policy = optimum(problem)
    for x in prompts(problem):
        C = rational_coverage(problem, policy, x)
        for M in sorted({C / 2, fmpq(1), C + fmpq(1, 2)}):
            for n in trials:
                yield from cut_off((problem, policy, x, M, n), uncut=uncut, lazy=lazy, times=times)
