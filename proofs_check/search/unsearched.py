"""Claims of which nothing is searched for, and why: what they say has no two sides of which one could come closer."""

from collections.abc import Mapping

_EQUAL = "its checks decide equalities"

NOT_SEARCHED: Mapping[str, str] = {
    "gibbs-optimum": f"{_EQUAL}, and which policy attains the maximum",
    "policy-is-reward": _EQUAL,
    "rejection-exact": _EQUAL,
    "needle-minimax": f"{_EQUAL}: the value of a game is its formula",
    "data-lower-bound": "its checks decide which numbers of rewards are enough, and that two values differ",
    "dnf-completeness": _EQUAL,
    "dnf-baselines-passive": f"{_EQUAL}, and that two laws are the same",
    "online-dpo-rewards": f"{_EQUAL}: a chance is its formula",
    "online-dpo-preferences": f"{_EQUAL}: a chance is its formula",
    "tradeoff-walks": f"{_EQUAL}: counts of two kinds of learners",
    "tradeoff-brute-force": f"{_EQUAL}: what is asked is counted",
    "soft-bellman": f"{_EQUAL}, and that two policies are the same",
    "q-linear": f"{_EQUAL}, and which classes a policy is in",
    "path-consistency": _EQUAL,
    "mtss-exact-where-covered": f"{_EQUAL}, and which prefixes are covered",
    "needle-path-by-listing": f"{_EQUAL}: what is asked is counted, and the law is a point",
    "tokens-by-listing": f"{_EQUAL}: what is asked is counted",
    "sequences-by-name": f"{_EQUAL}: what is asked is counted",
}
"""By claim; every other checked claim can be searched."""
