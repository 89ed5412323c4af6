"""The questions of the test vectors: inputs by hand and from seeds, each with the mistakes that it shows.  Only data.

A family numbers its vectors in blocks: what is added goes to the end of a block, so that no number changes.
"""

from typing import Final

from reference.conformance.cases.divergences import GAP, KL, OBJECTIVE
from reference.conformance.cases.family import CaseFamily
from reference.conformance.cases.linear import ACCEPTS, ARGMIN, ELLIPTIC, RIDGE
from reference.conformance.cases.paths import DPO_LOSS, PATH_RETURN
from reference.conformance.cases.sampling import ACCEPT_PROB, DRAWS, SAMPLER_LAW
from reference.conformance.cases.spanners import SPANNER
from reference.conformance.cases.tilts import COVERAGE, LOG_PARTITION, SOFTMAX

FAMILIES: Final[dict[str, CaseFamily]] = {
    each.function: each
    for each in (
        LOG_PARTITION, SOFTMAX, KL, OBJECTIVE, GAP, COVERAGE, DRAWS, ELLIPTIC, ACCEPTS, RIDGE, SAMPLER_LAW, ACCEPT_PROB,
        PATH_RETURN, DPO_LOSS, ARGMIN, SPANNER,
    )
}  # fmt: skip
"""By function, in the order of the kit."""
