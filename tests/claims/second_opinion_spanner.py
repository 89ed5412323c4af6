"""SpannerSampling a second time, from its listing alone: lists of pairs, linear algebra in mpmath, laws by enumeration.

A state of phase 1 is the list of accepted pairs ``(x, y, y')``; its mass is a 60-digit number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import comb
from typing import Literal

import mpmath
from flint import fmpq
from hypothesis import strategies as st

import reference as ref
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.spanner_sampling import Spanner, SpannerSampling, phase_1
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction.exhaustive import law_of
from reference.interaction.meter import Reading
from reference.interaction.world import World
from reference.model import LinearProblem
from reference.testing import linear_problems
from tests.claims.second_opinion_float import Instance, Numbers, elliptic, gram, instance, minus, mp, number, rank

Mode = Literal["ridge", "span"]
MODES: tuple[Mode, ...] = ("ridge", "span")

Pair = tuple[int, int, int]
Pairs = tuple[Pair, ...]

TINY = mp.mpf(10) ** -40
"""Norms of small fractions that are nearer than this are equal."""


@dataclass(frozen=True)
class Setting:
    """A problem with inputs of phase 1, and the same as numbers."""

    problem: LinearProblem
    mine: Instance
    inputs: SpannerSampling

    @property
    def dimension(self) -> int:
        return len(self.mine.theta)

    def phi(self, pair: Pair) -> list[mpmath.mpf]:
        x, y, z = pair
        return minus(self.mine.phi[x][y], self.mine.phi[x][z])

    def everything(self) -> list[list[mpmath.mpf]]:
        """All differences of supported responses to the same prompt."""
        prompts = range(len(self.mine.rho))
        return [self.phi((x, y, z)) for x in prompts for y, z in product(self.mine.support(x), repeat=2)]

    def covers(self, accepted: Pairs, phi: Numbers) -> bool:
        """Lines 6 and 12."""
        vectors = [self.phi(pair) for pair in accepted]
        if self.inputs.mode == "span":
            return rank([*vectors, phi]) == rank(vectors)
        sigma = gram(vectors, self.dimension, number(self.inputs.ridge))
        return bool(elliptic(sigma, phi) <= number(self.inputs.nu) ** 2 + TINY)

    def uncovered(self, accepted: Pairs, x: int) -> list[tuple[int, int]]:
        """The pairs of supported responses that are not covered."""
        pairs = product(self.mine.support(x), repeat=2)
        return [(y, z) for y, z in pairs if not self.covers(accepted, self.phi((x, y, z)))]

    def uncovered_mass(
        self, accepted: Pairs, x: int, left: Numbers | None = None, right: Numbers | None = None
    ) -> mpmath.mpf:
        """How likely such a pair is, under ``pi_ref x pi_ref`` unless told otherwise."""
        one, two = left or self.mine.pi[x], right or self.mine.pi[x]
        return mp.fsum([one[y] * two[z] for y, z in self.uncovered(accepted, x)])

    def hazard(self, accepted: Pairs, x: int) -> mpmath.mpf:
        """The probability that one more prompt, if it is ``x``, would lead to an acceptance."""
        return 1 - (1 - self.uncovered_mass(accepted, x)) ** self.inputs.n_pair

    def phase_1(self) -> dict[Pairs, mpmath.mpf]:
        """The law of the accepted pairs, prompt by prompt: a pair is the first that is not covered."""
        law: dict[Pairs, mpmath.mpf] = {(): mp.mpf(1)}
        for _ in range(self.inputs.n_prompt):
            after: dict[Pairs, mpmath.mpf] = {}
            for accepted, mass in law.items():
                for x, rho in enumerate(self.mine.rho):
                    new = {(y, z): self.mine.pi[x][y] * self.mine.pi[x][z] for y, z in self.uncovered(accepted, x)}
                    kept = (1 - mp.fsum(new.values())) ** self.inputs.n_pair
                    after[accepted] = after.get(accepted, mp.mpf(0)) + mass * rho * kept
                    tries = mp.fsum((1 - mp.fsum(new.values())) ** j for j in range(self.inputs.n_pair))
                    for (y, z), chance in new.items():
                        longer = (*accepted, (x, y, z))
                        after[longer] = after.get(longer, mp.mpf(0)) + mass * rho * chance * tries
            law = {accepted: mass for accepted, mass in after.items() if mass}
        return law

    def least_norm(self, accepted: Pairs) -> list[mpmath.mpf]:
        """The shortest ``theta`` with the accepted differences' rewards: ``A^T (A A^T)^-1 r``, rows independent."""
        if not accepted:
            return [mp.mpf(0)] * self.dimension
        rows = mp.matrix([self.phi(pair) for pair in accepted])
        seen = mp.matrix([self.mine.reward[x][y] - self.mine.reward[x][z] for x, y, z in accepted])
        return list(rows.T * mp.lu_solve(rows * rows.T, seen))

    def truncated(self, accepted: Pairs, theta: Numbers, x: int, anchor: int) -> list[mpmath.mpf]:
        """``f_t`` of line 12, 0 off the support, where nobody asks for it."""
        values = [mp.mpf(0)] * len(self.mine.pi[x])
        for y in self.mine.support(x):
            phi = self.phi((x, y, anchor))
            if self.covers(accepted, phi):
                values[y] = mp.fdot(theta, phi)
        return values

    def ideal(self, accepted: Pairs, theta: Numbers, x: int) -> list[mpmath.mpf]:
        """Line 15 with exact sampling: the mixture over ``y' ~ pi_ref`` of ``pi_f``."""
        laws = {z: self.mine.tilt(x, self.truncated(accepted, theta, x, z)) for z in self.mine.support(x)}
        return [mp.fsum(self.mine.pi[x][z] * law[y] for z, law in laws.items()) for y in range(len(self.mine.pi[x]))]


def sampled(p: mpmath.mpf, w: mpmath.mpf, M: mpmath.mpf, N: int) -> mpmath.mpf:
    """How often SoftmaxSampler answers the response of base mass ``p`` and weight ``w``, where the others have 1.

    By the number of times that it is among the first ``N`` draws, of which the mean weight is ``z``.
    """
    total = mp.mpf(0)
    for hits in range(N + 1):
        z = (hits * w + N - hits) / N
        yes, no = min(mp.mpf(1), w / (z * M)), min(mp.mpf(1), 1 / (z * M))
        some = p * yes + (1 - p) * no
        none = (1 - some) ** N
        total += comb(N, hits) * p**hits * (1 - p) ** (N - hits) * (p * yes / some * (1 - none) + p * none)
    return total


def played(problem: LinearProblem, inputs: SpannerSampling, seed: int) -> tuple[SpannerPolicy, Reading]:
    """Run the algorithm: what it returns, and the reading of the meter."""
    outcome = ref.play(problem, inputs, seed)
    assert outcome.policy is not None
    return outcome.policy, outcome.reading


def left_by_phase_1(setting: Setting) -> Law[Spanner]:
    """The law that the package computes, by running phase 1 for all draws."""
    return law_of(lambda choice: phase_1(World(setting.problem, choice, metered=False).oracles, setting.inputs))


def same_law(setting: Setting, theirs: Law[Spanner], mine: dict[Pairs, mpmath.mpf]) -> bool:
    """Whether the accepted differences, with the rewards seen, have the same law."""
    total: dict[tuple[tuple[str, ...], ...], mpmath.mpf] = {}
    for spanner, mass in theirs.items():
        key = tuple(tuple(map(str, phi)) for phi, _ in spanner.psi)
        total[key] = total.get(key, mp.mpf(0)) + number(mass)
        theta = setting.problem.theta
        if any(seen != phi.dot_numbers(theta) for phi, seen in spanner.psi):
            return False
    for accepted, mass in mine.items():
        key = tuple(tuple(map(str, setting.problem.phi(x, y) - setting.problem.phi(x, z))) for x, y, z in accepted)
        total[key] = total.get(key, mp.mpf(0)) - mass
    return all(abs(rest) < mp.mpf(10) ** -50 for rest in total.values())


@st.composite
def phases(
    draw: st.DrawFn, *, mode: Mode | None = None, max_n_prompt: int = 2, max_n_pair: int = 2, max_dimension: int = 2
) -> Setting:
    """A problem, and inputs of phase 1 that make its law short."""
    problem = draw(linear_problems(max_dimension=max_dimension))
    ridge, nu = draw(st.sampled_from(("1/3", "1", "2"))), draw(st.sampled_from(("1/3", "1/2", "1")))
    lengths = sorted({abs(phi[0]) for phi in _differences(problem)} - {fmpq(0)})
    if problem.dimension == 1 and lengths and draw(st.booleans()):  # a norm that is exactly the threshold
        ridge, nu = "1", str(draw(st.sampled_from(lengths)))
    inputs = SpannerSampling(
        draw(st.integers(0, max_n_prompt)), draw(st.integers(1, max_n_pair)), 1, 1, 1,
        ridge=ridge, nu=nu,
        mode=draw(st.sampled_from(MODES)) if mode is None else mode,
    )  # fmt: skip
    return Setting(problem, instance(problem), inputs)


def _differences(problem: LinearProblem) -> Iterator[Vector]:
    for x in range(len(problem.prompts)):
        for y, z in product(problem.support(x), repeat=2):
            yield problem.phi(x, y) - problem.phi(x, z)
