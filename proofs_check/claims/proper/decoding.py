"""The suboptimality of a parameter bounds how much worse its rounding is than ``a*``."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import product

from flint import fmpq

from proofs_check.claims.proper.formulas import (
    FOR_THEOREM_4_1,
    GRID,
    SCALES,
    DnfAim,
    grid_aims,
    planted_instances,
    random_aims,
    small_instances,
    tight_aims,
)
from proofs_check.ledger import Case, Check, Family, Identity, On, Random, claim, compare, identity
from reference.constructions.dnf.assignments import assignments
from reference.constructions.dnf.families import PLANTED
from reference.constructions.dnf.formula import DnfInstance
from reference.exact import Real
from reference.exact.law import Law
from reference.interaction import Seeded
from reference.model import gap, softmax

_Pair = tuple[int, int]
"""Numerator and denominator."""

MOST_VARIABLES_EVERY_STAR = 3
"""All ``a*`` of the formulas over 4 variables would be 12,000 members more."""


def at_every_star() -> Iterator[DnfAim]:
    """Yield the small formulas over 2 and 3 variables with ``A = 8``: every vertex as ``theta*``, every grid point."""
    first, _ = SCALES[0]
    for instance in small_instances():
        if instance.formula.variables <= MOST_VARIABLES_EVERY_STAR and first == instance.A:
            for star in assignments(instance.formula.variables):
                moved = replace(instance, star=star)
                for t in product(GRID, repeat=instance.formula.variables):
                    yield DnfAim(moved, t)


def planted_aims() -> Iterator[DnfAim]:
    """Yield each planted formula at the opposite of ``a*``, at 0, and at 8 random points of ``{-1, -1/2, .., 1}^n``."""
    values = Law.uniform([fmpq(h, 2) for h in range(-2, 3)])
    for planted, instance in zip(PLANTED, planted_instances(), strict=True):
        choice = Seeded(planted.seed)
        yield DnfAim(instance, tuple(fmpq(-sign) for sign in instance.star))
        yield DnfAim(instance, (fmpq(0),) * instance.formula.variables)
        for _ in range(8):
            yield DnfAim(instance, tuple(choice.draw(values) for _ in instance.star))


def moved_stars() -> Iterator[DnfAim]:
    """Yield the tight parameters of ``dnf-soundness``, with ``theta*`` at -1 where they are at 0."""
    for aim in tight_aims():
        star = tuple(1 if entry > 0 else -1 for entry in aim.t)
        yield DnfAim(replace(aim.instance, star=star), aim.t)


def slope_of_divergence(_: str) -> Iterator[Case]:
    """Decide that ``kl(q || a)`` has the slope ``log(q/(1-q)) - log(a/(1-a))``: negative for ``q < a``."""
    import sympy

    q, a = sympy.symbols("q a", positive=True)
    divergence = q * sympy.log(q / a) + (1 - q) * sympy.log((1 - q) / (1 - a))
    right = sympy.log(q / a) - sympy.log((1 - q) / (1 - a))
    yield identity(sympy.diff(divergence, q), right, "d/dq kl(q || a) = log(q/a) - log((1-q)/(1-a))")


MOVED_STARS = Family("variables of theta* at zero", 12, moved_stars)


@claim(
    "dnf-decoding",
    source=FOR_THEOREM_4_1,
    depends=("dnf-completeness", "dnf-soundness", "gibbs-optimum"),
    on=(
        Family("small formulas at a*, t in {-1,0,1}^n", 3375, grid_aims),
        Family("small formulas, n <= 3, A = 8, every a*, t in {-1,0,1}^n", 2880, at_every_star),
        Family("planted formulas, n <= 12, k = 3, 4, 10 points each", 10 * len(PLANTED), planted_aims),
        Random(random_aims(), 100, seed=73, name="instances with rational theta"),
        On(MOVED_STARS, relation="=="),
        Check(Identity("q, a > 0"), slope_of_divergence),
    ),
    witness=MOVED_STARS,
    mutation=("b as at a vertex: L A^-2 for L/A", On(MOVED_STARS, zeros=2)),
    trivial="none: it bounds every parameter's gap from below, and is attained",
)
def dnf_decoding(aim: DnfAim, *, relation: str = ">=", zeros: int = 1) -> Iterator[Case]:
    r"""A small gap means a good assignment.

    With $a$ and $b$ as in {prf:ref}`dnf-soundness` and $\mathrm{kl}$ the binary divergence, for every
    $\theta \in \Theta$

    $$
    J(\pi^*) - J(\pi_\theta) \ge \beta\, \max\bigl(0, \val(a^*) - \val(\sgn \theta)\bigr)\, \mathrm{kl}(b \,\|\, a) .
    $$

    In words: A policy with a small loss encodes an assignment that is nearly as good as the one behind the rewards.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$; $\theta^*$ at the vertex $a^*$.
    Constants: 1 in front of $\beta\, \mathrm{kl}(b \,\|\, a)$; $\sgn 0 = +1$.
    Caveats: attained: $\theta^*$ with variables moved from $-1$ to $0$ that occur negated only, and only in terms that
    $a^*$ satisfies, at most one in each.
    """
    instance = aim.instance
    lost = instance.formula.value(instance.star) - instance.formula.value(aim.rounded)
    left = gap(instance.problem, softmax(instance.problem, aim.theta))
    right = least_gap(instance, max(fmpq(0), lost), zeros)
    said = f"J(pi*) - J(pi_theta) {relation} beta max(0, val(a*) - val(sgn theta)) kl(b || a)"
    yield compare(str(aim), left, relation, right, said)


def least_gap(instance: DnfInstance, lost: fmpq, zeros: int) -> Real:
    """``beta lost kl(b || a)``; remembered, by integers: a rational is hashed slowly."""
    numbers = (instance.p, instance.L, instance.A, instance.beta * lost)
    return _least_gap(*((int(number.p), int(number.q)) for number in numbers), zeros)


@lru_cache(maxsize=1024)
def _least_gap(p: _Pair, L: _Pair, A: _Pair, factor: _Pair, zeros: int) -> Real:
    return divergence(fmpq(*p), fmpq(*L), fmpq(*A) ** zeros) * fmpq(*factor)


def divergence(p: fmpq, L: fmpq, A: fmpq) -> Real:
    """``kl(b || a)``, in nats, with ``a`` and ``b`` written out once more."""
    below = L / A
    return Law.bernoulli(below / (1 - p + below)).kl(Law.bernoulli(L / (1 - p + L)))
