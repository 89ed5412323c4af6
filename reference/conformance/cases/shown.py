"""Vectors that show a mistake beside those that were made for it: found by running wrong implementations, and kept."""

from typing import Final

SHOWN_BESIDE: Final[dict[str, dict[str, set[int]]]] = {
    "log_partition": {
        "ZeroBaseMass": {8, 9, 255},
        "HugeReward": {8, 9},
        "WideLogits": {3, 4, 5, 6, 7, 13},
        "UnequalBase": {101, 104},
    },
    "softmax": {
        "ZeroBaseMass": {8, 9, 255},
        "HugeReward": {8, 9},
        "SmallMass": {3, 4, 5, 6, 13, 19, 20, 21, 205},
        "SubnormalMass": {3},
        "WideLogits": {3, 4, 5, 6, 13, 102, 103, 104, 105, 106, 107},
    },
    "objective": {
        "Cancelling": {7},
        "ZeroMass": {9, 10},
    },
    "gap": {
        "Away": {5, 101},
    },
    "coverage": {
        "ZeroBaseMass": {8, 9, 255},
        "HugeReward": {8, 9},
        "WideLogits": {5, 6},
    },
    "elliptic": {
        "Scaled": {3},
    },
    "accepts": {
        "Clear": {106, 108, 109, 111},
    },
    "sampler_law": {
        "FewTrials": {7, 8, 9, 14, 15, 16},
        "Fallback": {10, 11},
        "HugeValue": {11},
    },
    "accept_prob": {
        "Clipped": {207},
    },
    "needle_value": {
        "TinyMass": {6},
    },
    "dpo_loss": {
        "Several": {15},
        "FarApart": {11, 12, 13},
    },
    "argmin": {
        "Robust": {4, 102, 103, 202},
        "Clear": {101, 103, 104},
    },
    "spanner": {
        "TightC": {204, 205, 207, 208},
        "LongVectors": {201, 205, 206, 208, 209},
    },
    "preference_fit": {
        "Separable": {14, 15, 203},
    },
    "in_span": {
        "NearlyDependent": {10, 12},
    },
    "span_fit": {
        "Ridged": {201, 202, 203},
    },
    "soft_value": {
        "Uneven": {7, 13},
    },
    "chain_log_prob": {
        "Uneven": {7, 13},
    },
    "token_coverage": {
        "Uneven": {7, 13},
        "HugeReward": {13},
    },
    "token_policy": {
        "Zero": {14},
    },
}
"""By function and flag: numbers of vectors."""
