"""The instance of a formula: what a satisfied term gets, and that no real parameter beats its rounding."""

from collections.abc import Iterator

from flint import fmpq

from proofs_check.claims.proper.formulas import (
    EVERY_VERTEX,
    FOR_THEOREM_4_1,
    PLANTED_FORMULAS,
    SMALL_FORMULAS,
    DnfAim,
    grid_aims,
    random_aims,
    soundness_bound,
    tight_aims,
)
from proofs_check.ledger import Case, Check, Family, Identity, On, Random, claim, compare, identity
from reference.constructions.dnf.assignments import assignments
from reference.constructions.dnf.best_vertex import best_assignment, literal_patterns, vertex_maximum
from reference.constructions.dnf.branch_and_bound import largest_chance, orthant
from reference.constructions.dnf.formula import DnfInstance, Formula, signs_text
from reference.model import coverage, optimum
from reference.testing import dnf_instances

FIRST = "E_j[pi_theta(1|j)] <= v a + (1-v) b"


def completeness_identity(_: str) -> Iterator[Case]:
    """Decide it for all ``A, L, k``: the weight of response 1 is ``p A^k = L``."""
    import sympy

    A, L, k = sympy.symbols("A L k", positive=True)
    p = L * A**-k
    yield identity(p * A**k / (1 - p + p * A**k), L / (1 - p + L), "p A^k/(1-p+p A^k) = L/(1-p+L) with p = L A^-k")


@claim(
    "dnf-completeness",
    source=FOR_THEOREM_4_1,
    on=(
        Check(Identity("A, L, k > 0"), completeness_identity),
        EVERY_VERTEX,
        PLANTED_FORMULAS,
        Random(dnf_instances(), 60, seed=71, name="instances of formulas"),
    ),
    witness=PLANTED_FORMULAS,
    mutation=("all literals but one are enough", On(PLANTED_FORMULAS, false_literals=1)),
    trivial="none: an equality",
)
def dnf_completeness(instance: DnfInstance, *, false_literals: int = 0) -> Iterator[Case]:
    r"""A satisfied term is answered with 1.

    A term $j$ that the vertex $a$ satisfies has $\pi_a(1 \mid j) = \frac{L}{1 - p + L}$.

    In words: A parameter that encodes a satisfying assignment answers the prompt of a satisfied term with 1, with a
    chance of about L over L plus 1.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$.
    Constants: $p = L A^{-k}$.
    """
    best, p, L = optimum(instance.problem), instance.p, instance.L
    yield compare(str(instance), p, "==", L * instance.A**-instance.formula.k, "p = L A^-k")
    for j, true in enumerate(instance.formula.satisfied(instance.star)):
        answered = instance.answers[true]
        yield compare(f"{instance}, term {j + 1}", best.law(j).mass(1), "==", answered, "the table of answers")
        if true >= instance.formula.k - false_literals:
            mass = best.law(j).mass(1)
            yield compare(f"{instance}, term {j + 1}", mass, "==", L / (1 - p + L), "pi_a(1|j) = L/(1-p+L)")


def for_all_theta(instance: DnfInstance) -> Iterator[Case]:
    """Decide the first bound for all real ``theta`` at once, and for all in each closed orthant; and the second."""
    yield from _supremum(instance, None, best_assignment(instance.formula).value, "sup over all real theta")
    for a in assignments(instance.formula.variables):
        value = instance.formula.value(a)
        yield from _supremum(instance, a, value, f"sup over the closed orthant {signs_text(a)}")
        before, after = soundness_bound(instance, value), value + instance.L / instance.A / (1 - instance.p)
        yield compare(f"{instance}, v of {signs_text(a)}", before, "<=", after, "<= v + (L/A)/(1-p)")


def _supremum(instance: DnfInstance, a: tuple[int, ...] | None, value: fmpq, where: str) -> Iterator[Case]:
    top = largest_chance(instance, None if a is None else orthant(a))
    yield compare(f"{instance}, {where}", top, "<=", soundness_bound(instance, value), FIRST)


def at_all_vertices(instance: DnfInstance) -> Iterator[Case]:
    """Decide the first bound at all ``2^n`` vertices; those with the same numbers of true literals are one case."""
    formula, terms = instance.formula, len(instance.formula.terms)
    values = [fmpq(satisfied, terms) for satisfied in range(terms + 1)]
    bounds = [(instance.bound(value), soundness_bound(instance, value)) for value in values]
    counted = literal_patterns(formula)
    for pattern in sorted([(true, times) for true, times in enumerate(each) if times] for each in counted):
        chance = sum((instance.answers[true] * times for true, times in pattern), fmpq(0)) / terms
        true, times = pattern[-1]
        satisfied = times if true == formula.k else 0
        said, written_out = bounds[satisfied]
        yield compare(f"{instance}, val = {values[satisfied]}", said, "==", written_out, "v a + (1-v) b")
        yield compare(f"{instance}, literals true {tuple(pattern)}", chance, "<=", written_out, FIRST)


def coverage_is_bounded(instance: DnfInstance) -> Iterator[Case]:
    """Decide ``C_cov(pi*) <= A^k/L``."""
    most = instance.A**instance.formula.k / instance.L
    value = coverage(instance.problem, optimum(instance.problem))
    yield compare(str(instance), value, "<=", most, "C_cov(pi*) <= A^k/L")


def better_than_vertices(instance: DnfInstance) -> Iterator[Case]:
    """Decide that a point between the vertices does better than all of them."""
    best, halfway = vertex_maximum(instance).value, instance.chance((0, 1))
    yield compare(str(instance), best, "<", halfway, "max over vertices < E_j[pi_theta(1|j)] at t = (0, 1)")


def soundness_attained(aim: DnfAim) -> Iterator[Case]:
    """Decide equality in the first bound."""
    bound = soundness_bound(aim.instance, aim.instance.formula.value(aim.rounded))
    yield compare(str(aim), aim.chance, "==", bound, "E_j[pi_theta(1|j)] = v a + (1-v) b")


def soundness_identities(_: str) -> Iterator[Case]:
    """Decide that ``w/(1-p+w)`` increases, and what the second bound leaves over: a sum without negative terms."""
    import sympy

    p, q, L, w, v = sympy.symbols("p q L w v", positive=True)
    yield identity(sympy.diff(w / (1 - p + w), w), (1 - p) / (1 - p + w) ** 2, "d/dw w/(1-p+w) = (1-p)/(1-p+w)^2")
    a, b = L / (1 - p + L), q / (1 - p + q)
    left = v + q / (1 - p) - (v * a + (1 - v) * b)
    over = v * (1 - p) / (1 - p + L) + q**2 / ((1 - p) * (1 - p + q)) + v * b
    yield identity(left, over, "v + q/(1-p) - v a - (1-v) b = v(1-p)/(1-p+L) + q^2/((1-p)(1-p+q)) + v b, q = L/A")


TIGHT = Family("one literal at zero, the rest satisfied", 12, tight_aims)
HALFWAY = DnfInstance.of(Formula(2, ((1, 2), (-1, 2))), 10, 40, 1, (1, 1))


@claim(
    "dnf-soundness",
    source=FOR_THEOREM_4_1,
    depends=("dnf-completeness",),
    on=(
        Check(SMALL_FORMULAS, for_all_theta),
        Family("small formulas, t in {-1,0,1}^n", 3375, grid_aims),
        Check(PLANTED_FORMULAS, at_all_vertices),
        Random(random_aims(), 150, seed=72, name="instances with rational theta"),
        Check(TIGHT, soundness_attained),
        Check(Family("x1 & x2 | !x1 & x2", 1, lambda: [HALFWAY]), better_than_vertices),
        Check(EVERY_VERTEX, coverage_is_bounded),
        Check(PLANTED_FORMULAS, coverage_is_bounded),
        Check(Identity("p, q, L, w, v"), soundness_identities),
    ),
    witness=TIGHT,
    mutation=("b as at a vertex: L A^-2 for L/A", On(TIGHT, zeros=2)),
    trivial="none: it bounds every parameter from above, theta = 0, too, and is attained",
)
def dnf_soundness(aim: DnfAim, *, zeros: int = 1) -> Iterator[Case]:
    r"""A parameter is no better than the assignment it rounds to.

    With $a = \frac{L}{1 - p + L}$ and $b = \frac{L/A}{1 - p + L/A}$, for every real $\theta \in \Theta$ and
    $v = \val(\sgn \theta)$,

    $$
    \E_j[\pi_\theta(1 \mid j)] \le v\, a + (1 - v)\, b \le v + \frac{L/A}{1-p} .
    $$

    Moreover $\Ccov(\pi^*) \le A^k/L$.

    In words: No parameter, not even one between assignments, answers 1 more often than a good assignment satisfies
    terms, but for a share of about L over A.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$.
    Constants: $(L/A)/(1 - p)$; $\sgn 0 = +1$.
    Caveats: the first bound is attained if in each term that $\sgn \theta$ does not satisfy exactly one literal, a
    negative one, is at zero, and all other literals are $+1$. Vertices alone do not decide it: the supremum may lie
    between them.
    """
    bound = soundness_bound(aim.instance, aim.instance.formula.value(aim.rounded), zeros=zeros)
    yield compare(str(aim), aim.chance, "<=", bound, FIRST)
