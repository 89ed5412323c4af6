"""Instances of formulas a second time: the problem's own numbers in mpmath, literals counted by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import mpmath
from hypothesis import strategies as st

from reference.constructions.dnf.formula import DnfInstance
from reference.model.parameter_set import Theta
from reference.testing import dnf_instances, rationals
from tests.claims.second_opinion_float import Instance, Numbers, binary, instance, mp, number


@dataclass(frozen=True)
class Formulas:
    """An instance of a formula and its problem as numbers."""

    exact: DnfInstance

    @cached_property
    def mine(self) -> Instance:
        return instance(self.exact.problem)

    @property
    def terms(self) -> tuple[tuple[int, ...], ...]:
        return self.exact.formula.terms

    @cached_property
    def A(self) -> mpmath.mpf:
        return number(self.exact.A)

    @cached_property
    def L(self) -> mpmath.mpf:
        return number(self.exact.L)

    @cached_property
    def p(self) -> mpmath.mpf:
        """``L A^-k``."""
        return self.L / self.A ** len(self.terms[0])

    @cached_property
    def a(self) -> mpmath.mpf:
        return self.L / (1 - self.p + self.L)

    @cached_property
    def b(self) -> mpmath.mpf:
        return self.L / self.A / (1 - self.p + self.L / self.A)

    @cached_property
    def loss(self) -> mpmath.mpf:
        """``(L/A)/(1-p)``."""
        return self.L / self.A / (1 - self.p)

    def answers(self, theta: Numbers) -> list[mpmath.mpf]:
        """``pi_theta(1|j)`` for every term, from features and base masses."""
        rows = self.mine.phi
        return [self.mine.tilt(j, [mp.fdot(theta, phi) for phi in row])[1] for j, row in enumerate(rows)]

    def chance(self, theta: Numbers) -> mpmath.mpf:
        """``E_j[pi_theta(1|j)]``."""
        return mp.fsum(self.answers(theta)) / len(self.terms)

    def gap(self, theta: Numbers) -> mpmath.mpf:
        """``J(pi*) - J(pi_theta)``."""
        return self.mine.mean(lambda j: self.mine.gap(j, [1 - self.answers(theta)[j], self.answers(theta)[j]]))

    def value(self, signs: Sequence[float]) -> mpmath.mpf:
        """``val`` of an assignment; at or above 0 is true."""
        true = [all((signs[abs(n) - 1] >= 0) == (n > 0) for n in term) for term in self.terms]
        return mp.mpf(sum(true)) / len(true)

    @property
    def accuracy(self) -> mpmath.mpf:
        """``beta kl(b || a)/(2m)``."""
        return self.mine.beta * binary(self.b, self.a) / (2 * len(self.terms))

    @property
    def vertices(self) -> list[tuple[int, ...]]:
        return list(product((-1, 1), repeat=self.exact.formula.variables))


def numbers(theta: Theta) -> list[mpmath.mpf]:
    return [number(t) for t in theta]


@st.composite
def points(draw: st.DrawFn, max_terms: int = 3) -> tuple[Formulas, Theta]:
    """An instance, and a parameter in the box: zeros, ends and what is between."""
    exact = draw(dnf_instances(max_terms=max_terms))
    entry = st.one_of(st.sampled_from((-1, 0, 1)), rationals(-1, 1, 4))
    return Formulas(exact), exact.theta([draw(entry) for _ in range(exact.formula.variables)])
