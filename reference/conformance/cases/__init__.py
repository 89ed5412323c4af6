"""The questions of the test vectors: inputs by hand and from seeds, each with the mistakes that it shows.  Only data.

A family numbers its vectors in blocks: what is added goes to the end of a block, so that no number changes.
"""

from typing import Final

from reference.conformance.cases.bounds import (
    DNF_CHANCE,
    DNF_SOUNDNESS,
    DNF_VALUE,
    NEEDLE_COVERAGE,
    NEEDLE_QBAR,
    NEEDLE_VALUE,
)
from reference.conformance.cases.decoding import (
    BEST_OF_N,
    L1_COVERAGE,
    MIN_P,
    REJECTION_FAILURE,
    RESIDUAL,
    TEMPERED,
    TOP_K,
    TOP_P,
)
from reference.conformance.cases.derivatives import DPO_GRADIENT, K3_GRADIENT, KL_GRADIENT, OBJECTIVE_GRADIENT
from reference.conformance.cases.divergences import GAP, KL, OBJECTIVE
from reference.conformance.cases.family import CaseFamily
from reference.conformance.cases.learned import PREFERENCE_FIT, XPO_ARGMIN, XPO_LOSS
from reference.conformance.cases.linear import ACCEPTS, ARGMIN, ELLIPTIC, RIDGE
from reference.conformance.cases.paths import DPO_LOSS, PATH_RETURN
from reference.conformance.cases.returned import (
    POTENTIAL_SIDES,
    SPANNER_COEFFICIENTS,
    SPANNER_POLICY,
    SPANNER_SIZE_SIDES,
)
from reference.conformance.cases.sampling import ACCEPT_PROB, DRAWS, SAMPLER_LAW
from reference.conformance.cases.spanners import SPANNERS
from reference.conformance.cases.spans import IN_SPAN, LOG_DET, SPAN_FIT, SPANNER_SIZE, TRUNCATED_F
from reference.conformance.cases.tilts import COVERAGE, LOG_PARTITION, SOFTMAX
from reference.conformance.cases.trees import (
    CHAIN_LOG_PROB,
    SEQUENCE_COVERAGE,
    SOFT_VALUE,
    TOKEN_COVERAGE,
    TOKEN_POLICY,
)

CASE_FAMILIES: Final[dict[str, CaseFamily]] = {
    each.function: each
    for each in (
        LOG_PARTITION, SOFTMAX, KL, OBJECTIVE, GAP, COVERAGE, DRAWS, ELLIPTIC, ACCEPTS, RIDGE, SAMPLER_LAW, ACCEPT_PROB,
        PATH_RETURN, DPO_LOSS, ARGMIN, SPANNERS,
        KL_GRADIENT, K3_GRADIENT, OBJECTIVE_GRADIENT, DPO_GRADIENT, L1_COVERAGE, BEST_OF_N, REJECTION_FAILURE, RESIDUAL,
        TOP_K, TOP_P, MIN_P, TEMPERED, IN_SPAN, SPAN_FIT, TRUNCATED_F, LOG_DET, POTENTIAL_SIDES,
        SPANNER_SIZE_SIDES, SPANNER_SIZE, NEEDLE_VALUE, NEEDLE_QBAR, NEEDLE_COVERAGE, DNF_VALUE, DNF_CHANCE,
        DNF_SOUNDNESS, SOFT_VALUE, TOKEN_POLICY, CHAIN_LOG_PROB, TOKEN_COVERAGE, SEQUENCE_COVERAGE, XPO_LOSS,
        XPO_ARGMIN, PREFERENCE_FIT, SPANNER_POLICY, SPANNER_COEFFICIENTS,
    )
}  # fmt: skip
"""By function, in the order of the kit."""
