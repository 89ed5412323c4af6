"""Exact laws of what an algorithm answers, seen from outside the oracles: for evaluation, not for learners."""

from reference.laws.best_of import best_of_n_law
from reference.laws.derivatives import (
    KLEstimator,
    kl_estimator,
    kl_gradient,
    logit_gradient,
    objective_gradient,
    theta_gradient,
)
from reference.laws.mtss import ideal_token_policy
from reference.laws.preference_losses import PreferenceLoss, PreferencePair, preference_loss
from reference.laws.rejection import TruncatedRejection, truncated_rejection
from reference.laws.returned import ideal_law, spanner_law, truncated_values
from reference.laws.softmax_sampling import TooManyCounts, softmax_sampler_law, softmax_sampler_masses

__all__ = [
    "KLEstimator",
    "PreferenceLoss",
    "PreferencePair",
    "TooManyCounts",
    "TruncatedRejection",
    "best_of_n_law",
    "ideal_law",
    "ideal_token_policy",
    "kl_estimator",
    "kl_gradient",
    "logit_gradient",
    "objective_gradient",
    "preference_loss",
    "softmax_sampler_law",
    "softmax_sampler_masses",
    "spanner_law",
    "theta_gradient",
    "truncated_rejection",
    "truncated_values",
]
