"""The algorithms, one file each, in the paper's order of lines: values that hold their inputs, called with oracles."""

from reference.algorithms.barycentric import BarycentricSpanner, barycentric_spanner
from reference.algorithms.best_of import best_of_n
from reference.algorithms.brute_force import BruteForce
from reference.algorithms.enumerating import Enumerating
from reference.algorithms.mtss import MTSS
from reference.algorithms.online_dpo import OnlineDPO
from reference.algorithms.parts.cover import Cover, Datum, RidgeCover, SpanCover, truncated
from reference.algorithms.parts.mtss_inputs import MTSSInputs
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.parts.spanner_sampling_inputs import SpannerSamplingInputs
from reference.algorithms.parts.theory import Setting, TheoryParameters, theory_parameters
from reference.algorithms.passive import Passive, ProperPassive
from reference.algorithms.rejection import ideal_rejection
from reference.algorithms.softmax_sampling import number_of_draws, softmax_sampler
from reference.algorithms.spanner_sampling import Spanner, SpannerSampling, phase_1
from reference.algorithms.xpo import XPO

__all__ = [
    "MTSS",
    "XPO",
    "BarycentricSpanner",
    "BruteForce",
    "Cover",
    "Datum",
    "Enumerating",
    "MTSSInputs",
    "MTSSPolicy",
    "OnlineDPO",
    "Passive",
    "ProperPassive",
    "RidgeCover",
    "Setting",
    "SpanCover",
    "Spanner",
    "SpannerPolicy",
    "SpannerSampling",
    "SpannerSamplingInputs",
    "TheoryParameters",
    "barycentric_spanner",
    "best_of_n",
    "ideal_rejection",
    "number_of_draws",
    "phase_1",
    "softmax_sampler",
    "theory_parameters",
    "truncated",
]
