"""The inputs that theory asks for: whether they keep their promise."""

from collections.abc import Iterator
from math import comb
from typing import NamedTuple

from flint import fmpq

from proofs_check.claims.spanner_sampling.setting import Mode, one_prompt, seeded_run
from proofs_check.claims.spanner_sampling.uncovered import base_pair_mass
from proofs_check.ledger import Case, Check, Family, On, claim, compare
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.parts.theory import TheoryParameters, theory_parameters
from reference.algorithms.spanner_sampling import Spanner
from reference.exact import LogLinear, Real, real
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.rational_numbers import ceiling
from reference.laws.first_round import gaps_returned, policy_after, probability_within, returned_policies
from reference.laws.returned import sampled_gap
from reference.model import LinearProblem, Prompt, Response, base_policy, gap
from reference.model.ratios import coverage_rounded_up


class Target(NamedTuple):
    """A problem, and what theory is asked for on it."""

    problem: LinearProblem
    eps: fmpq
    delta: fmpq
    mode: Mode

    def __str__(self) -> str:
        return f"{self.problem.name}, {self.mode}, eps = {self.eps}, delta = {self.delta}"

    def inputs(self, *, with_coverage: bool = True) -> TheoryParameters:
        """Return the inputs, with ``C_cov(pi*)`` rounded up to a multiple of 1/64."""
        p = self.problem
        covered = fmpq(coverage_rounded_up(p, 64), 64) if with_coverage else fmpq(1)
        return theory_parameters(
            self.eps, self.delta, beta=p.beta, R_max=p.R_max, B=p.B,
            dimension=p.difference_rank(), coverage=covered, mode=self.mode,
        )  # fmt: skip


def arms(rare: fmpq, beta: fmpq, reward: int = 1) -> LinearProblem:
    """Return a response of this base mass and reward beside one of reward 0."""
    rows = [(Vector.of([0]), 1 - rare), (Vector.of([1]), rare)]
    return one_prompt(f"an arm of mass {rare} and reward {reward}", rows, [LogLinear(fmpq(reward))], beta)


def two_prompts() -> LinearProblem:
    """Return two prompts with a fair arm each, whose features have nothing in common."""
    half = fmpq(1, 2)
    prompts = [
        Prompt(f"x{i}", half, responses=(Response("0", half, Vector.of([0, 0])), Response("1", half, Vector.of(phi))))
        for i, phi in enumerate(([1, 0], [0, 1]))
    ]
    return LinearProblem.of("two prompts with a fair arm each", prompts, theta=[1, 1], beta="1/8", B=2, R_max=1)


def targets() -> Iterator[Target]:
    """Yield targets below the gap of ``pi_ref`` whose exact law is short."""
    eighth, eps = fmpq(1, 8), fmpq(2, 5)
    fair = arms(fmpq(1, 2), eighth)
    yield Target(arms(fmpq(1, 20), eighth), fmpq(1, 2), eighth, "span")
    yield Target(fair, eps, eighth, "span")
    yield Target(fair, eps, eighth, "ridge")
    yield Target(two_prompts(), eps, fmpq(1, 4), "span")
    yield Target(two_prompts(), eps, fmpq(1, 4), "ridge")


def rare_targets() -> Iterator[Target]:
    """Yield targets where thousands of prompts are needed, on two responses: the law of phase 1 has a closed form.

    At the first, inputs with ``N_prompt = 1275``, which this package once gave, return ``pi_ref`` too often.
    """
    problem = arms(fmpq(6, 10**4), fmpq(1000), 1000)
    yield Target(problem, fmpq(2, 5), fmpq(1, 10), "ridge")
    yield Target(problem, fmpq(2, 5), fmpq(1, 10), "span")


TARGETS = Family("arms and prompts, eps below the gap of pi_ref", 5, targets)
RARE = Family("an arm of mass 6/10^4, beta = R_max = 1000", 2, rare_targets)


def tail(trials: int, h: fmpq, below: int) -> fmpq:
    """Return ``P(Bin(trials, h) < below)`` as a sum of rationals."""
    return sum((comb(trials, k) * h**k * (1 - h) ** (trials - k) for k in range(min(below, trials + 1))), fmpq(0))


def quantity(found: TheoryParameters, name: str) -> fmpq:
    """Return ``h`` or ``n_max``."""
    return next(fmpq(one.value) for one in found.quantities if one.name == name)


def enough_when_rare(target: Target) -> Iterator[Case]:
    """Two responses: nothing is found with probability ``(1 - 2p(1-p))^N_prompt``, else everything is covered."""
    problem, found = target.problem, target.inputs()
    p = found.parameters
    rare = problem.pi_ref(0).mass(1)
    few = returned_policies(problem, replace_prompts(p, 3))
    nothing, *others = few.outcomes
    miss = 1 - 2 * rare * (1 - rare)
    yield compare(f"{target}, N_prompt = 3", few.mass(nothing), "==", miss**3, "P(nothing found) = (1-2p(1-p))^N_prompt")
    yield compare(str(target), gap(problem, base_policy(problem)), ">", target.eps, "gap(pi_ref) > eps")
    for policy in others:
        yield compare(str(target), sampled_gap(problem, policy), "<=", target.eps, "gap <= eps once a pair is found")
    yield compare(str(target), real_power(miss, p.n_prompt), "<=", target.delta, "P(nothing found) <= delta")
