"""What is found out about a problem as a whole: what the optimum is worth, and its coverages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import mul

from reference.exact.expratio import ExpRatio, exp_ratio
from reference.exact.law import Mass
from reference.exact.log_linear import LogLinear
from reference.exact.reals import Real
from reference.model.comparison import largest
from reference.model.forms import lowered
from reference.model.policy import base_policy, optimum
from reference.model.problem import Problem
from reference.model.profile import ProfileRow, coverage_profile
from reference.model.ratios import coverages, l1_coverage, layer_coverages
from reference.model.reasons import or_reason
from reference.model.soft_bellman import soft_values
from reference.model.values import mean_rewards, total


@dataclass(frozen=True, slots=True)
class Coverages:
    """``C_cond``, ``C_cov`` and that of each prompt, ``E pi*/pi_ref``, the largest ratio of each layer.

    ``product`` and ``power`` are the bounds ``prod_h max`` and ``C_cond^H``.
    """

    C_cond: Mass
    C_cov: Mass
    product: Mass
    power: ExpRatio
    layers: tuple[Mass, ...]
    l1: Real
    prompts: Mapping[int, Mass]


@dataclass(frozen=True, slots=True)
class PromptSolution:
    """A prompt: the number of its supported responses, its partition function, coverage and divergence, its rewards.

    ``None`` where a number could not be had.
    """

    x: int
    sequences: int
    log_partition: Real
    coverage: Mass | None
    kl: Real | None
    base_gap: Real
    oscillation: LogLinear


@dataclass(frozen=True, slots=True)
class ProblemSolution:
    """The optimum of a problem and what it is worth; a text says why a part could not be had."""

    problem: Problem
    optimal_value: Real
    base_value: Real
    base_gap: Real
    coverages: Coverages | str
    profile: tuple[ProfileRow, ...] | str
    prompts: tuple[PromptSolution, ...]


def solution_of(problem: Problem) -> ProblemSolution:
    """Return the optimum, its value and coverages; nothing is expanded."""
    soft, base = soft_values(problem), mean_rewards(problem, base_policy(problem))  # its divergence is 0
    at_root = {i: soft.value(0, i) for i in problem.reachable[0]}
    values = {x: at_root[entry.root] for x, entry in enumerate(problem.prompts)}
    found = or_reason(lambda: _coverages(problem))
    earned = or_reason(lambda: mean_rewards(problem, optimum(problem)))
    counts = problem.sequence_counts()

    def prompt(x: int) -> PromptSolution:
        least, greatest = problem.reward_range(x)
        return PromptSolution(
            x,
            counts[x],
            values[x] / problem.beta,
            None if isinstance(found, str) else found.prompts[x],
            None if isinstance(earned, str) else (earned[x] - values[x]) / problem.beta,
            values[x] - base[x],
            greatest - least,
        )

    def mean(of: Mapping[int, Real]) -> Real:
        return total([of[x] * mass for x, mass in problem.rho.items()])

    best, worth = mean(values), mean(base)
    prompts = tuple(map(prompt, range(len(problem.prompts))))
    return ProblemSolution(problem, best, worth, best - worth, found, or_reason(lambda: _profile(problem)), prompts)


MOST_RESPONSES = 1000
"""Responses up to which the profile is formed."""


def _profile(problem: Problem) -> tuple[ProfileRow, ...] | str:
    if problem.sequence_count() > MOST_RESPONSES:
        return f"there are more than {MOST_RESPONSES} responses"
    return coverage_profile(problem).rows()


def _coverages(problem: Problem) -> Coverages:
    layers = layer_coverages(problem)  # the other two follow: each function of the model would begin again
    C_cond = largest(layers)
    product = lowered(reduce(mul, map(exp_ratio, layers)))
    each = coverages(problem, optimum(problem))
    C_cov, l1 = largest(each.values()), l1_coverage(problem)
    return Coverages(C_cond, C_cov, product, exp_ratio(C_cond) ** problem.horizon, layers, l1, each)
