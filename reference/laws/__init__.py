"""Exact laws of what an algorithm answers, seen from outside the oracles: for evaluation, not for learners."""

from reference.laws.best_of import best_of_n_law
from reference.laws.mtss import ideal_token_policy
from reference.laws.rejection import TruncatedRejection, truncated_rejection
from reference.laws.returned import ideal_law, spanner_law, truncated_values
from reference.laws.softmax_sampling import TooManyCounts, softmax_sampler_law, softmax_sampler_masses

__all__ = [
    "TooManyCounts",
    "TruncatedRejection",
    "best_of_n_law",
    "ideal_law",
    "ideal_token_policy",
    "softmax_sampler_law",
    "softmax_sampler_masses",
    "spanner_law",
    "truncated_rejection",
    "truncated_values",
]
