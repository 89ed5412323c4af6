"""Vectors that show a mistake beside those that were made for it: found by running wrong implementations, and kept."""

from typing import Final

SHOWN_BESIDE: Final[dict[str, dict[str, set[int]]]] = {
    "log_partition": {"HugeReward": {8, 9}, "WideLogits": {3, 4, 5, 6, 7, 13}},
    "softmax": {"HugeReward": {8, 9}, "SmallMass": {3, 4, 5, 6, 13, 19, 20, 21, 205}, "SubnormalMass": {3}},
    "coverage": {"ZeroBaseMass": {8, 9, 255}},
    "elliptic": {"Scaled": {3}},
    "accepts": {"Clear": {106, 108, 109, 111}},
    "sampler_law": {
        "FewTrials": {7, 8, 9, 14, 15, 16},
        "Fallback": {10, 11},
        "Irregular": {9},
        "Clipped": {3, 4, 5, 9, 10, 11, 13, 14, 15},
    },
    "accept_prob": {"Clipped": {207}},
    "dpo_loss": {"Several": {15}},
    "argmin": {"Robust": {4, 102, 103, 202}, "Clear": {101, 103, 104}},
    "preference_fit": {"Separable": {14, 15, 203}},
    "spanner": {"LongVectors": {201, 205, 206, 208, 209}},
}
"""By function and flag: numbers of vectors."""
