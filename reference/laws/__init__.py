"""Exact laws of what an algorithm answers, seen from outside the oracles: for evaluation, not for learners."""

from reference.algorithms.parts.preference_losses import (
    PreferenceLoss,
    PreferencePair,
    preference_loss,
    xpo_loss,
)
from reference.laws.best_of import best_of_n_law
from reference.laws.chance import Chance, chance_within
from reference.laws.decoding import masked, min_p, residual, tempered, top_k, top_p
from reference.laws.derivatives import (
    KLEstimator,
    kl_estimator,
    kl_gradient,
    logit_gradient,
    objective_gradient,
    theta_gradient,
)
from reference.laws.first_round import gaps_returned, policy_after, probability_within, returned_policies
from reference.laws.mtss import ideal_token_policy
from reference.laws.rejection import TruncatedRejection, truncated_rejection
from reference.laws.returned import ideal_law, largest_gap, sampled_gap, spanner_law, truncated_values
from reference.laws.softmax_sampling import (
    TooManyCounts,
    softmax_sampler_joint_law,
    softmax_sampler_law,
    softmax_sampler_masses,
    softmax_sampler_query_masses,
)
from reference.laws.speculative import SpeculativeStep

__all__ = [
    "Chance",
    "KLEstimator",
    "PreferenceLoss",
    "PreferencePair",
    "SpeculativeStep",
    "TooManyCounts",
    "TruncatedRejection",
    "best_of_n_law",
    "chance_within",
    "gaps_returned",
    "ideal_law",
    "ideal_token_policy",
    "kl_estimator",
    "kl_gradient",
    "largest_gap",
    "logit_gradient",
    "masked",
    "min_p",
    "objective_gradient",
    "policy_after",
    "preference_loss",
    "probability_within",
    "residual",
    "returned_policies",
    "sampled_gap",
    "softmax_sampler_joint_law",
    "softmax_sampler_law",
    "softmax_sampler_masses",
    "softmax_sampler_query_masses",
    "spanner_law",
    "tempered",
    "theta_gradient",
    "top_k",
    "top_p",
    "truncated_rejection",
    "truncated_values",
    "xpo_loss",
]
