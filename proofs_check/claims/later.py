"""Claims of section 9: stated with their constants, not checked yet.

A claim leaves this module when its section's module checks it.
"""

from proofs_check.ledger import Claim

_OURS = "ours: finite form, constants and proof"

MULTI_TURN = (
    Claim.later(
        "token-vs-sequence",
        9,
        "Exponentially fewer queries with token access",
        "On fair bits the exact expected T_comp of MTSS grows polynomially in H, while sequence-level "
        "SpannerSampling with "
        "M = 2 C_cov needs N >= 8 C_cond^H log(4/delta) draws a round.",
        f"{_OURS}; for FMR25 Thm 5.1",
        constants="8",
        caveats="A sequence-level learner that may name responses needs only H + 1 reward queries on fair bits.",
        depends=("coverage-gap", "mtss-restarts"),
    ),
)

CLAIMS = MULTI_TURN
