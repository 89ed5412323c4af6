"""What the claims about formulas share: instances of small and planted formulas, and parameters on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.ledger import Family
from reference.constructions.dnf.assignments import assignments
from reference.constructions.dnf.best_vertex import best_assignment
from reference.constructions.dnf.families import PLANTED, SMALL_SIZE, small_formulas
from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.exact import Real, rational_text, real
from reference.model import softmax
from reference.model.parameter_set import Theta
from reference.testing import dnf_instances, rationals

FOR_THEOREM_4_1 = "ours: finite form, constants and proof; for FMR25 Thm 4.1"
"""Whose statements those are that the reduction uses."""

SCALES = ((8, 2), (10, 40), (3, 4))
"""``(A, L)`` for the small formulas, ``k = 2``: ``p`` = 1/32, 2/5 and 4/9; with the last two, ``b`` is above 1/2."""

GRID = (fmpq(-1), fmpq(0), fmpq(1))
"""Coordinates of ``t``: vertices, and what lies halfway between them."""


@dataclass(frozen=True)
class DnfAim:
    """An instance and a parameter: ``theta = beta k log(A) t``."""

    instance: DnfInstance
    t: tuple[fmpq, ...]

    @cached_property
    def theta(self) -> Theta:
        """``beta k log(A) t``."""
        return self.instance.theta(self.t)

    def __str__(self) -> str:
        return f"{self.instance} at t=({', '.join(map(rational_text, self.t))})"

    @property
    def rounded(self) -> tuple[int, ...]:
        """``sgn theta``, with ``sgn 0 = +1``."""
        return self.instance.assignment(self.theta)

    @property
    def chance(self) -> Real:
        """``E_j[pi_theta(1|j)]``, prompt by prompt from the model."""
        policy = softmax(self.instance.problem, self.theta)
        masses = (policy.law(j).mass(1) for j in range(len(self.instance.formula.terms)))
        return sum((real(mass) for mass in masses), real(0)) / len(self.instance.formula.terms)


@cache  # here and below: checks share the problems of instances
def small_instances() -> tuple[DnfInstance, ...]:
    """Return every small formula with every ``(A, L)``; ``theta*`` at an assignment that attains ``val*``."""
    return tuple(
        DnfInstance.of(formula, A, L, "1/2", best_assignment(formula).assignment)
        for formula, (A, L) in product(small_formulas(), SCALES)
    )


def at_every_vertex() -> Iterator[DnfInstance]:
    """Yield the small instances once for every vertex as ``theta*``."""
    for instance in small_instances():
        for star in assignments(instance.formula.variables):
            yield DnfInstance(instance.formula, instance.A, instance.L, instance.beta, star)


@cache
def planted_instances() -> tuple[DnfInstance, ...]:
    """Return the planted formulas with ``A = 6``, ``L = 4``, so ``A^k/L`` is 54 and 324; ``a*`` is the planted one."""
    planted = (each.formula() for each in PLANTED)
    return tuple(DnfInstance.of(formula, 6, 4, "1/3", star) for formula, star in planted)


def grid_aims() -> Iterator[DnfAim]:
    """Yield every small instance at every ``t`` in ``{-1, 0, 1}^n``."""
    for instance in small_instances():
        for t in product(GRID, repeat=instance.formula.variables):
            yield DnfAim(instance, t)


def tight_aims() -> Iterator[DnfAim]:
    """Yield parameters with one negative literal at zero where a term is not satisfied, and the rest satisfied."""
    for A, L in SCALES:
        for terms, t in (
            (((-1, 2),), (0, 1)),
            (((1, 2), (1, -3)), (1, 1, 0)),
            (((1, -3), (2, -3), (1, 2)), (1, 1, 0)),
            (((1, 2, 3), (1, 2, -4), (-4, 5, 3)), (1, 1, 1, 0, 1)),
        ):
            formula = Formula(max(abs(n) for term in terms for n in term), terms)
            if A**formula.k > 2 * L:
                instance = DnfInstance.of(formula, A, L, 1, best_assignment(formula).assignment)
                yield DnfAim(instance, tuple(map(fmpq, t)))


@st.composite
def random_aims(draw: st.DrawFn) -> DnfAim:
    """Draw an instance and a rational ``t`` in the box; zeros and ends included."""
    instance = draw(dnf_instances(max_terms=3))
    return DnfAim(instance, tuple(draw(rationals(-1, 1, 3)) for _ in range(instance.formula.variables)))


SMALL_FORMULAS = Family("small formulas, 3 pairs (A, L)", SMALL_SIZE * len(SCALES), small_instances)
EVERY_VERTEX = Family("small formulas, every vertex", 816, at_every_vertex)
PLANTED_FORMULAS = Family("planted formulas, n <= 12, k = 3, 4", len(PLANTED), planted_instances)


def soundness_bound(instance: DnfInstance, value: fmpq, *, zeros: int = 1) -> fmpq:
    """Return ``v a + (1-v) b``, written out once more; ``zeros`` is 2 in the false variant, ``b`` as at a vertex."""
    p, L, near = instance.p, instance.L, instance.L / instance.A**zeros
    return value * (L / (1 - p + L)) + (1 - value) * (near / (1 - p + near))
