"""The needle family: what the lower bound needs to know of it."""

from collections.abc import Iterator
from itertools import product

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.claims.families import some_policies
from proofs_check.ledger import Case, Check, Family, Identity, On, Random, agree, claim, compare, fact, identity
from reference.constructions.needles import NeedleFamily
from reference.exact import exp, real_min
from reference.exact.law import Law
from reference.model import LinearProblem, TabularPolicy, base_policy, coverage, objective, optimal_value, optimum
from reference.testing import policies

_HALF = fmpq(1, 2)


def needle_families() -> Iterator[NeedleFamily]:
    """Yield families with ``C`` from 2 to 1000, ``beta`` from 1/20 to 1, ``k`` 1 and 3, ``m`` 1 and 2."""
    for C, beta, k, m in product((2, 3, 10, 64, 1000), ("1/20", "1/8", "1/2", "1"), (1, 3), (1, 2)):
        yield NeedleFamily.of(k, C, m, beta)


def rare() -> NeedleFamily:
    """Return a family whose needle ``pi_ref`` seldom draws, and ``pi*`` nearly always."""
    return NeedleFamily.of(1, 64, 1, "1/20")


def needle_of(problem: LinearProblem) -> int:
    """Return ``i*``: the supported response with features other than 0."""
    return next(y for y in problem.support(0) if not problem.phi(0, y).is_zero)


def member_facts(problem: LinearProblem, family: NeedleFamily) -> Iterator[Case]:
    """Decide the rewards, the coverage and ``J(pi*)`` of one member."""
    found = needle_of(problem)
    rewards = tuple(int(y == found) for y in range(family.k + 1))
    yield fact(str(family), problem.rewards(0) == rewards, "r(i*) = 1, every other reward is 0")
    yield compare(str(family), problem.pi_ref(0).mass(found), "==", family.p, "pi_ref(i*) = p = 1/C")
    statement = "C_cov(pi*) = e^(1/beta)/(1-p+p e^(1/beta))"
    yield compare(str(family), coverage(problem, optimum(problem)), "==", family.coverage(), statement)
    statement = "J(pi*) = beta log(1-p+p e^(1/beta))"
    yield agree(str(family), optimal_value(problem), family.optimal_value(), statement)


def every_member() -> Iterator[tuple[LinearProblem, NeedleFamily]]:
    """Yield every member of the families with ``k = 3``, ``C = 10``, ``beta = 1/5``, ``m`` 1 and 2."""
    for m in (1, 2):
        family = NeedleFamily.of(3, 10, m, "1/5")
        yield from ((member, family) for member in family.members())


def coverage_identity(_: str) -> Iterator[Case]:
    """Decide that ``1/p - E/(1-p+pE)`` has the sign of ``1-p``."""
    import sympy

    p, big = sympy.symbols("p E", positive=True)
    left = 1 / p - big / (1 - p + p * big)
    yield identity(left, (1 - p) / (p * (1 - p + p * big)), "1/p - E/(1-p+pE) = (1-p)/(p(1-p+pE)), E = e^(1/beta)")


@st.composite
def members_with_policies(draw: st.DrawFn) -> tuple[LinearProblem, int, TabularPolicy]:
    """Draw a member of a family, its needle, and a policy on its support."""
    C, m, k = draw(st.integers(2, 50)), draw(st.integers(1, 2)), draw(st.integers(1, 4))
    family = NeedleFamily.of(k, C, m, fmpq(1, draw(st.integers(1, 9))))
    signs = draw(st.tuples(*[st.sampled_from((1, -1))] * family.dimension))
    place = draw(st.integers(1, k))
    problem = family.member(place, signs)
    return problem, place, TabularPolicy(problem, [draw(policies(problem)).law(0)])


def value_is_mass(member: tuple[LinearProblem, int, TabularPolicy]) -> Iterator[Case]:
    """Decide ``J(pi) <= pi(i*)`` for one policy."""
    problem, place, policy = member
    mass = policy.law(0).mass(place)
    yield compare(problem.name, objective(problem, policy), "<=", mass, "J(pi) <= pi(i*)")


def bounds_as_stated(family: NeedleFamily) -> Iterator[Case]:
    """Decide that the family's own words and numbers are those stated, written out once more."""
    half = exp(1 / (2 * family.beta))
    small = compare(str(family), family.C, "<=", half)
    yield fact(str(family), family.is_learnable == small.holds, "learnable if and only if C <= e^(1/(2 beta))")
    least = real_min([exp(family.beta**2 * family.dimension / 2), half, family.C])
    yield agree(str(family), family.paper_bound(), least, "min{e^(beta^2 d/2), e^(1/(2 beta)), C}")


TWO_SIZES = Family(
    "C = 2, beta = 1 and 1/2, m = 2", 2, lambda: [NeedleFamily.of(1, 2, 2, beta) for beta in ("1", "1/2")]
)


@claim(
    "needle-facts",
    source="ours: finite form, constants and proof; for FMR25 Thm 2.1",
    on=(
        Family("C = 2..1000, beta = 1/20..1, k = 1, 3, m = 1, 2", 80, needle_families),
        Check(Family("every member, k = 3, m = 1, 2", 54, every_member), lambda pair: member_facts(*pair)),
        Check(Identity("p, E > 0"), coverage_identity),
        Check(TWO_SIZES, bounds_as_stated),
        Check(Random(members_with_policies(), 60, seed=51, name="members and policies"), value_is_mass),
    ),
    witness=Family("C = 2, beta = 1/8", 1, lambda: [NeedleFamily.of(2, 2, 1, "1/8")]),
    mutation=(
        "J(pi*) >= 1/2 without C <= e^(1/(2 beta))",
        On(Family("C = 64, beta = 1/2", 1, lambda: [NeedleFamily.of(1, 64, 1, "1/2")]), learnable_only=False),
    ),
    trivial=("pi_ref in place of pi*", On(Family("C = 64, beta = 1/20", 1, lambda: [rare()]), lazy=True)),
)
def needle_facts(
    family: NeedleFamily, *, least: fmpq = _HALF, learnable_only: bool = True, lazy: bool = False
) -> Iterator[Case]:
    r"""The needle family is what the lower bound needs.

    $$
    \Ccov(\pi^*) = \frac{e^{1/\beta}}{1 - p + p\, e^{1/\beta}} \le C .
    $$

    If $C \le e^{1/(2\beta)}$ then $J(\pi^*) \ge 1/2$. And $J(\pi) \le \pi(i^*)$ for every $\pi$.

    In words: A needle is rare by the base model, well worth finding, and finding it is the only way to do well.
    Hypotheses: $C \ge 2$; $C \le e^{1/(2\beta)}$ for $J(\pi^*) \ge 1/2$ only.
    Constants: $p = 1/C$; 1/2 in the exponent and in $J(\pi^*) \ge 1/2$.
    """
    problem = family.member(family.k, [(-1) ** j for j in range(family.dimension)])
    if family.dimension == 1:
        members = {(needle_of(member), member.theta) for member in family.members()}
        yield compare(str(family), family.size, "==", len(members), "k 2^d members, all different")
    best = optimum(problem)
    yield from member_facts(problem, family)
    yield compare(str(family), family.coverage(), "<=", family.C, "C_cov(pi*) <= C")
    if family.is_learnable or not learnable_only:
        value = objective(problem, base_policy(problem)) if lazy else optimal_value(problem)
        yield compare(str(family), value, ">=", least, f"J(pi*) >= {least}")
    named = TabularPolicy(problem, [Law.point(family.k)])
    for name, policy in (*some_policies(problem), ("pi*", best), ("the needle", named)):
        mass = policy.law(0).mass(family.k)
        yield compare(f"{family}, {name}", objective(problem, policy), "<=", mass, "J(pi) <= pi(i*)")
