"""Alignment problems, policies, the objective and coverage (FMR25 sections 1, 5); objects are valid by construction."""

from reference.exact.law import SupportError
from reference.model.checks import ProblemError
from reference.model.comparison import largest
from reference.model.forms import Form
from reference.model.linear_problem import LinearProblem
from reference.model.named_law import NamedLaw
from reference.model.parts import About, Edge, Prompt, Response, Start
from reference.model.policy import NodePolicy, Policy, TabularPolicy, base_policy, mixed, optimum, softmax, tilted
from reference.model.problem import Problem, TreeTooLarge
from reference.model.profile import (
    CoverageProfile,
    ProfileRow,
    PromptProfile,
    coverage_profile,
    coverage_profile_at,
)
from reference.model.ratios import (
    coverage,
    coverage_at,
    l1_coverage,
    l1_coverage_at,
    layer_coverages,
    layer_product,
    token_coverage,
    uncovered_mass,
)
from reference.model.soft_bellman import soft_values
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
    "CoverageProfile",
    "Edge",
    "Form",
    "LinearProblem",
    "NamedLaw",
    "NodePolicy",
    "Policy",
    "Problem",
    "ProblemError",
    "ProfileRow",
    "Prompt",
    "PromptProfile",
    "Response",
    "Start",
    "SupportError",
    "TabularPolicy",
    "Tilt",
    "TreeTooLarge",
    "base_policy",
    "coverage",
    "coverage_at",
    "coverage_profile",
    "coverage_profile_at",
    "gap",
    "gap_at",
    "kl",
    "kl_at",
    "l1_coverage",
    "l1_coverage_at",
    "largest",
    "layer_coverages",
    "layer_product",
    "log_partition",
    "mixed",
    "objective",
    "optimal_value",
    "optimum",
    "oscillation",
    "soft_values",
    "softmax",
    "tilted",
    "token_coverage",
    "uncovered_mass",
    "value_at",
]
