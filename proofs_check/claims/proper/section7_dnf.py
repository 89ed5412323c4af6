"""Section 7, the instance of a formula: what a satisfied term gets, and that no real parameter beats its rounding.

Proof of ``dnf-soundness``, for every real ``theta``.  Let ``t`` in ``[-1,1]^n``, ``a = sgn t``, any signs at 0.
Response 1 to term ``j`` has weight ``w = p A^s`` against ``1-p``, where ``s <= k`` is the sum of ``sign t_variable``
over the term, and ``w -> w/(1-p+w)`` increases.

* If ``a`` satisfies the term: ``w <= p A^k = L``, so ``pi(1|j) <= L/(1-p+L)``.
* If not, some literal is false under ``a``, so that its ``sign t_variable <= 0``; the others are at most 1.  Hence
  ``w <= p A^(k-1) = L/A``, and ``pi(1|j) <= (L/A)/(1-p+L/A)``.

The mean over terms is the first bound.  The second: ``L/(1-p+L) <= 1`` and ``(L/A)/(1-p+L/A) <= (L/A)/(1-p)``.
Coverage: ``pi*(1|j)/p <= 1/p = A^k/L``, and ``pi*(0|j)/(1-p) <= 1/(1-p) <= 1/p`` since ``p <= 1/2``.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.ledger import Case, Check, Claim, Family, Identity, Mutation, Random, compare, identity
from reference.constructions.dnf.assignments import assignments
from reference.constructions.dnf.best_vertex import best_assignment, vertex_maximum
from reference.constructions.dnf.branch_and_bound import largest_chance, orthant
from reference.constructions.dnf.families import PLANTED, SMALL_SIZE, small_formulas
from reference.constructions.dnf.formula import DnfInstance, Formula, signs_text
from reference.exact import Real, rational_text, real
from reference.model import coverage, optimum, softmax
from reference.testing import dnf_instances, rationals

SOURCE = "ours: finite form, constants and proof; for FMR25 Thm 4.1"

PARAMETERS = ((8, 2), (10, 40), (3, 4))
"""``(A, L)`` for the small formulas, ``k = 2``: ``p`` = 1/32, 2/5 and 4/9; with the last two, ``b`` is above 1/2."""

Point = tuple[fmpq, ...]


@dataclass(frozen=True)
class Aim:
    """An instance and a parameter: ``theta = beta k log(A) t``."""

    instance: DnfInstance
    t: Point

    def __str__(self) -> str:
        return f"{self.instance} at t=({', '.join(map(rational_text, self.t))})"

    @property
    def rounded(self) -> tuple[int, ...]:
        """``sgn theta``, with ``sgn 0 = +1``."""
        return self.instance.assignment(self.instance.theta(self.t))

    @property
    def chance(self) -> Real:
        """``E_j[pi_theta(1|j)]``, prompt by prompt from the model."""
        policy = softmax(self.instance.problem, self.instance.theta(self.t))
        masses = (policy.law(j).mass(1) for j in range(len(self.instance.formula.terms)))
        return sum((real(mass) for mass in masses), real(0)) / len(self.instance.formula.terms)


def small_instances() -> Iterator[DnfInstance]:
    """Yield every small formula with every ``(A, L)``; ``theta*`` at an assignment that attains ``val*``."""
    for formula, (A, L) in product(small_formulas(), PARAMETERS):
        yield DnfInstance.of(formula, A, L, "1/2", best_assignment(formula).assignment)


def all_vertices() -> Iterator[DnfInstance]:
    """Yield them once for every vertex as ``theta*``."""
    for instance in small_instances():
        for star in assignments(instance.formula.variables):
            yield DnfInstance(instance.formula, instance.A, instance.L, instance.beta, star)


def planted_instances() -> Iterator[DnfInstance]:
    """Yield the planted formulas with ``A = 6``, ``L = 4``; ``theta*`` at the planted assignment."""
    for planted in PLANTED:
        formula, star = planted.formula()
        yield DnfInstance.of(formula, 6, 4, "1/3", star)


def grid() -> Iterator[Aim]:
    """Yield every small instance at every ``t`` in ``{-1, 0, 1}^n``."""
    for instance in small_instances():
        for t in product((fmpq(-1), fmpq(0), fmpq(1)), repeat=instance.formula.variables):
            yield Aim(instance, t)


@st.composite
def aims(draw: st.DrawFn) -> Aim:
    """Draw an instance and a rational ``t`` in the box; zeros and ends included."""
    instance = draw(dnf_instances(max_terms=3))
    return Aim(instance, tuple(draw(rationals(-1, 1, 3)) for _ in range(instance.formula.variables)))


# ----------------------------------------------------------------------------------------------- dnf-completeness


def completeness(instance: DnfInstance, *, false_literals: int = 0) -> Iterator[Case]:
    """Decide ``pi*(1|j)`` at every term that ``theta*`` satisfies."""
    best, p, L = optimum(instance.problem), instance.p, instance.L
    for j, true in enumerate(instance.formula.satisfied(instance.star)):
        if true >= instance.formula.k - false_literals:
            mass = best.law(j).mass(1)
            yield compare(f"{instance}, term {j + 1}", mass, "==", L / (1 - p + L), "pi_a(1|j) = L/(1-p+L)")


def completeness_identity(_: str) -> Iterator[Case]:
    """Decide it for all ``A, L, k``: the weight of response 1 is ``p A^k = L``."""
    import sympy

    A, L, k = sympy.symbols("A L k", positive=True)
    p = L * A**-k
    yield identity(p * A**k / (1 - p + p * A**k), L / (1 - p + L), "p A^k/(1-p+p A^k) = L/(1-p+L) with p = L A^-k")


COMPLETENESS = Claim(
    id="dnf-completeness",
    section=7,
    title="A satisfied term is answered with 1",
    statement="A term satisfied by the vertex a has pi_a(1|j) = L/(1-p+L).",
    source=SOURCE,
    constants="p = L A^-k",
    checks=(
        Check(Identity("A, L, k > 0"), completeness_identity),
        Check(Family("small formulas, every vertex", 816, all_vertices), completeness),
        Check(Family("planted formulas, n <= 12, k = 3, 4", len(PLANTED), planted_instances), completeness),
        Check(Random(dnf_instances(), 60, seed=71, name="instances of formulas"), completeness),
    ),
    witness=Check(Family("planted formulas", len(PLANTED), planted_instances), completeness),
    mutation=Mutation(
        "all literals but one are enough",
        Family("planted formulas", len(PLANTED), planted_instances),
        partial(completeness, false_literals=1),
    ),
)

# -------------------------------------------------------------------------------------------------- dnf-soundness

FIRST = "E_j[pi_theta(1|j)] <= v a + (1-v) b"


def bound(instance: DnfInstance, value: fmpq, *, zeros: int = 1) -> fmpq:
    """Return ``v a + (1-v) b``, written out once more; ``zeros`` is 2 in the false variant, ``b`` as at a vertex."""
    p, L, near = instance.p, instance.L, instance.L / instance.A**zeros
    return value * (L / (1 - p + L)) + (1 - value) * (near / (1 - p + near))


def soundness(aim: Aim, *, zeros: int = 1) -> Iterator[Case]:
    """Decide both bounds at one parameter."""
    instance, value = aim.instance, aim.instance.formula.value(aim.rounded)
    yield compare(str(aim), aim.chance, "<=", bound(instance, value, zeros=zeros), FIRST)


def everywhere(instance: DnfInstance) -> Iterator[Case]:
    """Decide the first bound for all real ``theta`` at once, and for all in each closed orthant; and the second."""
    yield from _supremum(instance, None, best_assignment(instance.formula).value, "sup over all real theta")
    for a in assignments(instance.formula.variables):
        value = instance.formula.value(a)
        yield from _supremum(instance, a, value, f"sup over the closed orthant {signs_text(a)}")
        after = value + instance.L / instance.A / (1 - instance.p)
        yield compare(f"{instance}, v of {signs_text(a)}", bound(instance, value), "<=", after, "<= v + (L/A)/(1-p)")


def _supremum(instance: DnfInstance, a: tuple[int, ...] | None, value: fmpq, where: str) -> Iterator[Case]:
    top = largest_chance(instance, None if a is None else orthant(a))
    yield compare(f"{instance}, {where}", top, "<=", bound(instance, value), FIRST)


def every_vertex(instance: DnfInstance) -> Iterator[Case]:
    """Decide the first bound at all ``2^n`` vertices; those with the same numbers of true literals are one case."""
    formula, terms = instance.formula, len(instance.formula.terms)
    patterns = {tuple(sorted(Counter(formula.satisfied(a)).items())) for a in assignments(formula.variables)}
    for pattern in sorted(patterns):
        chance = sum((instance.answers[true] * times for true, times in pattern), fmpq(0)) / terms
        value = fmpq(dict(pattern).get(formula.k, 0), terms)
        yield compare(f"{instance}, literals true {pattern}", chance, "<=", bound(instance, value), FIRST)


def covered(instance: DnfInstance) -> Iterator[Case]:
    """Decide ``C_cov(pi*) <= A^k/L``."""
    most = instance.A**instance.formula.k / instance.L
    yield compare(
        str(instance), coverage(instance.problem, optimum(instance.problem)), "<=", most, "C_cov(pi*) <= A^k/L"
    )


def between(instance: DnfInstance) -> Iterator[Case]:
    """Decide that a point between the vertices does better than all of them."""
    best, halfway = vertex_maximum(instance).value, instance.chance((0, 1))
    yield compare(str(instance), best, "<", halfway, "max over vertices < E_j[pi_theta(1|j)] at t = (0, 1)")


def tight() -> Iterator[Aim]:
    """Yield parameters with one negative literal at zero where a term is not satisfied, and the rest satisfied."""
    for A, L in PARAMETERS:
        for terms, t in (
            (((-1, 2),), (0, 1)),
            (((1, 2), (1, -3)), (1, 1, 0)),
            (((1, -3), (2, -3), (1, 2)), (1, 1, 0)),
            (((1, 2, 3), (1, 2, -4), (-4, 5, 3)), (1, 1, 1, 0, 1)),
        ):
            formula = Formula(max(abs(n) for term in terms for n in term), terms)
            if A**formula.k > 2 * L:
                instance = DnfInstance.of(formula, A, L, 1, best_assignment(formula).assignment)
                yield Aim(instance, tuple(map(fmpq, t)))


def attained(aim: Aim) -> Iterator[Case]:
    """Decide equality in the first bound."""
    value = aim.instance.formula.value(aim.rounded)
    yield compare(str(aim), aim.chance, "==", bound(aim.instance, value), "E_j[pi_theta(1|j)] = v a + (1-v) b")


def soundness_identities(_: str) -> Iterator[Case]:
    """Decide that ``w/(1-p+w)`` increases, and what the second bound leaves over: a sum without negative terms."""
    import sympy

    p, q, L, w, v = sympy.symbols("p q L w v", positive=True)
    yield identity(sympy.diff(w / (1 - p + w), w), (1 - p) / (1 - p + w) ** 2, "d/dw w/(1-p+w) = (1-p)/(1-p+w)^2")
    a, b = L / (1 - p + L), q / (1 - p + q)
    left = v + q / (1 - p) - (v * a + (1 - v) * b)
    over = v * (1 - p) / (1 - p + L) + q**2 / ((1 - p) * (1 - p + q)) + v * b
    yield identity(left, over, "v + q/(1-p) - v a - (1-v) b = v(1-p)/(1-p+L) + q^2/((1-p)(1-p+q)) + v b, q = L/A")


SMALL = Family("small formulas, 3 pairs (A, L)", SMALL_SIZE * len(PARAMETERS), small_instances)
HALFWAY = Formula(2, ((1, 2), (-1, 2)))
TIGHT = Family("one literal at zero, the rest satisfied", 12, tight)

SOUNDNESS = Claim(
    id="dnf-soundness",
    section=7,
    title="A parameter is no better than the assignment it rounds to",
    statement="With a = L/(1-p+L) and b = (L/A)/(1-p+L/A), for every real theta in Theta and v = val(sgn theta): "
    "E_j[pi_theta(1|j)] <= v a + (1-v) b <= v + (L/A)/(1-p), and C_cov(pi*) <= A^k/L.",
    source=SOURCE,
    hypotheses="A > 1, L >= 1, p = L A^-k < 1/2",
    constants="(L/A)/(1-p); sgn 0 = +1",
    caveats="Attained if in each term that sgn t does not satisfy one literal, a negative one, is at zero, and all "
    "other literals are +1. Vertices alone do not decide it: the supremum may lie between them.",
    depends=("dnf-completeness",),
    checks=(
        Check(SMALL, everywhere),
        Check(Family("small formulas, t in {-1,0,1}^n", 3375, grid), soundness),
        Check(Family("planted formulas, every vertex, n <= 12", len(PLANTED), planted_instances), every_vertex),
        Check(Random(aims(), 150, seed=72, name="instances with rational theta"), soundness),
        Check(TIGHT, attained),
        Check(Family("x1 & x2 | !x1 & x2", 1, lambda: [DnfInstance.of(HALFWAY, 10, 40, 1, (1, 1))]), between),
        Check(Family("small formulas, every vertex", 816, all_vertices), covered),
        Check(Family("planted formulas", len(PLANTED), planted_instances), covered),
        Check(Identity("p, q, L, w, v"), soundness_identities),
    ),
    witness=Check(TIGHT, soundness),
    mutation=Mutation("b as at a vertex: L A^-2 for L/A", TIGHT, partial(soundness, zeros=2)),
)

CLAIMS = (COMPLETENESS, SOUNDNESS)
