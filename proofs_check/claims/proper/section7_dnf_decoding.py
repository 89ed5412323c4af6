"""Section 7: the suboptimality of a parameter bounds how much worse its rounding is than ``a*``.

Proof of ``dnf-decoding``, for every real ``theta``.  ``J(pi*) - J(pi_theta) = beta E_j KL(pi_theta(.|j) || pi*(.|j))``
(claim ``gibbs-optimum``), and responses are two, so each summand is a binary divergence.  At least a fraction
``val(a*) - val(sgn theta)`` of the terms is satisfied by ``a*`` and not by ``sgn theta``.  There ``pi*(1|j) = a``
(``dnf-completeness``) and ``pi_theta(1|j) <= b < a`` (in the proof of ``dnf-soundness``), and ``q -> kl(q || a)``
decreases on ``[0, a]``; elsewhere the divergence is at least 0.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, partial
from itertools import product

from flint import fmpq

from proofs_check.claims import section7_dnf
from proofs_check.claims.proper.section7_dnf import PARAMETERS, SOURCE, Aim, aims, grid, small_instances
from proofs_check.ledger import Case, Check, Claim, Family, Identity, Mutation, Random, compare, identity
from reference.constructions.dnf.assignments import assignments
from reference.constructions.dnf.families import PLANTED
from reference.constructions.dnf.formula import DnfInstance
from reference.exact import Real
from reference.exact.law import Law
from reference.interaction import Seeded
from reference.model import gap, softmax

STATEMENT = "J(pi*) - J(pi_theta) >= beta max(0, val(a*) - val(sgn theta)) kl(b || a)"


@lru_cache(maxsize=64)
def divergence(p: fmpq, L: fmpq, A: fmpq) -> Real:
    """``kl(b || a)``, in nats, with ``a`` and ``b`` written out once more."""
    below = L / A
    return Law.bernoulli(below / (1 - p + below)).kl(Law.bernoulli(L / (1 - p + L)))


def decoding(aim: Aim, *, relation: str = ">=", zeros: int = 1) -> Iterator[Case]:
    """Decide the claim at one parameter; ``zeros = 2`` is the false variant with ``b`` as at a vertex."""
    instance = aim.instance
    lost = instance.formula.value(instance.star) - instance.formula.value(aim.rounded)
    left = gap(instance.problem, softmax(instance.problem, instance.theta(aim.t)))
    right = divergence(instance.p, instance.L, instance.A**zeros) * (instance.beta * max(fmpq(0), lost))
    yield compare(str(aim), left, relation, right, STATEMENT.replace(">=", relation))


def every_star() -> Iterator[Aim]:
    """Yield the small formulas over 2 and 3 variables with ``A = 8``: every vertex as ``theta*``, every grid point."""
    first, _ = PARAMETERS[0]
    for instance in small_instances():
        if instance.formula.variables <= MOST_VARIABLES and first == instance.A:
            for star in assignments(instance.formula.variables):
                moved = replace(instance, star=star)
                for t in product((fmpq(-1), fmpq(0), fmpq(1)), repeat=instance.formula.variables):
                    yield Aim(moved, t)


MOST_VARIABLES = 3
"""All ``a*`` of the formulas over 4 variables would be 12,000 members more."""


def planted_aims() -> Iterator[Aim]:
    """Yield each planted formula at the opposite of ``a*``, at 0, and at 8 random points of ``{-1, -1/2, .., 1}^n``."""
    values = Law.uniform([fmpq(h, 2) for h in range(-2, 3)])
    for planted in PLANTED:
        formula, star = planted.formula()
        instance = DnfInstance.of(formula, 6, 4, "1/3", star)
        choice = Seeded(planted.seed)
        yield Aim(instance, tuple(fmpq(-sign) for sign in star))
        yield Aim(instance, (fmpq(0),) * formula.variables)
        for _ in range(8):
            yield Aim(instance, tuple(choice.draw(values) for _ in star))


def tight() -> Iterator[Aim]:
    """Yield the tight parameters of ``dnf-soundness``, with ``theta*`` at -1 where they are at 0."""
    for aim in section7_dnf.tight():
        star = tuple(1 if entry > 0 else -1 for entry in aim.t)
        yield Aim(replace(aim.instance, star=star), aim.t)


def slope(_: str) -> Iterator[Case]:
    """Decide that ``kl(q || a)`` has the slope ``log(q/(1-q)) - log(a/(1-a))``: negative for ``q < a``."""
    import sympy

    q, a = sympy.symbols("q a", positive=True)
    divergence = q * sympy.log(q / a) + (1 - q) * sympy.log((1 - q) / (1 - a))
    right = sympy.log(q / a) - sympy.log((1 - q) / (1 - a))
    yield identity(sympy.diff(divergence, q), right, "d/dq kl(q || a) = log(q/a) - log((1-q)/(1-a))")


TIGHT = Family("variables of theta* at zero", 12, tight)

DECODING = Claim(
    id="dnf-decoding",
    section=7,
    title="A small gap means a good assignment",
    statement=f"With a and b as in dnf-soundness, for every theta in Theta: {STATEMENT}, kl the binary divergence.",
    source=SOURCE,
    hypotheses="A > 1, L >= 1, p = L A^-k < 1/2; theta* at the vertex a*",
    constants="1 in front of beta kl(b || a); sgn 0 = +1",
    caveats="Attained: theta* with variables moved from -1 to 0 that stand negated only, and only in terms that a* "
    "satisfies, at most one in each.",
    depends=("dnf-completeness", "dnf-soundness", "gibbs-optimum"),
    checks=(
        Check(Family("small formulas at a*, t in {-1,0,1}^n", 3375, grid), decoding),
        Check(Family("small formulas, n <= 3, A = 8, every a*, t in {-1,0,1}^n", 2880, every_star), decoding),
        Check(Family("planted formulas, n <= 12, k = 3, 4, 10 points each", 10 * len(PLANTED), planted_aims), decoding),
        Check(Random(aims(), 100, seed=73, name="instances with rational theta"), decoding),
        Check(TIGHT, partial(decoding, relation="==")),
        Check(Identity("q, a > 0"), slope),
    ),
    witness=Check(TIGHT, decoding),
    mutation=Mutation("b as at a vertex: L A^-2 for L/A", TIGHT, partial(decoding, zeros=2)),
)

CLAIMS = (DECODING,)
