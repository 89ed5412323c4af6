"""Alignment problems, policies, the objective and coverage (FMR25 section 1); every object is valid by construction."""

from reference.exact.law import SupportError
from reference.model.policy import Policy, TabularPolicy, TiltedPolicy, base_policy, mixed, optimum, softmax, tilted
from reference.model.problem import About, Problem, ProblemError, Prompt, Response, ResponseLaw
from reference.model.ratios import coverage, coverage_at, l1_coverage, l1_coverage_at, largest, uncovered_mass
from reference.model.tilt import Tilt
from reference.model.values import (
    gap,
    gap_at,
    kl,
    kl_at,
    log_partition,
    objective,
    optimal_value,
    oscillation,
    value_at,
)

__all__ = [
    "About",
    "Policy",
    "Problem",
    "ProblemError",
    "Prompt",
    "Response",
    "ResponseLaw",
    "SupportError",
    "TabularPolicy",
    "Tilt",
    "TiltedPolicy",
    "base_policy",
    "coverage",
    "coverage_at",
    "gap",
    "gap_at",
    "kl",
    "kl_at",
    "l1_coverage",
    "l1_coverage_at",
    "largest",
    "log_partition",
    "mixed",
    "objective",
    "optimal_value",
    "optimum",
    "oscillation",
    "softmax",
    "tilted",
    "uncovered_mass",
    "value_at",
]
