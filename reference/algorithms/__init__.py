"""The algorithms, one file each, in the paper's order of lines; a function stands here under its module's name."""

from reference.algorithms.barycentric_spanner import BarycentricSpanner, barycentric_spanner
from reference.algorithms.brute_force import brute_force
from reference.algorithms.cover import Cover, Datum, RidgeCover, SpanCover
from reference.algorithms.enumerating import enumerating
from reference.algorithms.mtss import mtss
from reference.algorithms.mtss_law import ideal_token_policy
from reference.algorithms.mtss_parameters import MTSSParameters
from reference.algorithms.mtss_policy import MTSSPolicy
from reference.algorithms.online_dpo import online_dpo
from reference.algorithms.parameters import Parameters
from reference.algorithms.passive import passive
from reference.algorithms.rejection import ideal_rejection
from reference.algorithms.returned_law import ideal_law, spanner_law, truncated_values
from reference.algorithms.softmax_sampler import number_of_draws, softmax_sampler
from reference.algorithms.softmax_sampler_law import TooManyCounts, softmax_sampler_law, softmax_sampler_masses
from reference.algorithms.spanner_sampling import Spanner, SpannerPolicy, phase_1, spanner_sampling, truncated
from reference.algorithms.theory_parameters import Setting, TheoryParameters, theory_parameters
from reference.algorithms.xpo import xpo

__all__ = [
    "BarycentricSpanner",
    "Cover",
    "Datum",
    "MTSSParameters",
    "MTSSPolicy",
    "Parameters",
    "RidgeCover",
    "Setting",
    "SpanCover",
    "Spanner",
    "SpannerPolicy",
    "TheoryParameters",
    "TooManyCounts",
    "barycentric_spanner",
    "brute_force",
    "enumerating",
    "ideal_law",
    "ideal_rejection",
    "ideal_token_policy",
    "mtss",
    "number_of_draws",
    "online_dpo",
    "passive",
    "phase_1",
    "softmax_sampler",
    "softmax_sampler_law",
    "softmax_sampler_masses",
    "spanner_law",
    "spanner_sampling",
    "theory_parameters",
    "truncated",
    "truncated_values",
    "xpo",
]
