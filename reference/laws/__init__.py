"""Exact laws of what an algorithm answers, seen from outside the oracles: for evaluation, not for learners."""

from reference.laws.best_of import best_of_n_law
from reference.laws.chance import Chance, chance_within
from reference.laws.first_round import gaps_returned, policy_after, probability_within, returned_policies
from reference.laws.mtss import ideal_token_policy
from reference.laws.rejection import TruncatedRejection, truncated_rejection
from reference.laws.returned import ideal_law, largest_gap, sampled_gap, spanner_law, truncated_values
from reference.laws.softmax_sampling import TooManyCounts, softmax_sampler_law, softmax_sampler_masses

__all__ = [
    "Chance",
    "TooManyCounts",
    "TruncatedRejection",
    "best_of_n_law",
    "chance_within",
    "gaps_returned",
    "ideal_law",
    "ideal_token_policy",
    "largest_gap",
    "policy_after",
    "probability_within",
    "returned_policies",
    "sampled_gap",
    "softmax_sampler_law",
    "softmax_sampler_masses",
    "spanner_law",
    "truncated_rejection",
    "truncated_values",
]
