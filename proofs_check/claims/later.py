"""Claims of sections 7 and 9: stated with their constants, not checked yet.

A claim leaves this module when its section's module checks it.
"""

from proofs_check.ledger import Claim

_OURS = "ours: finite form, constants and proof"

TRAINING_TIME_METHODS = (
    Claim.later(
        "dnf-exploration",
        7,
        "A proper learner that explores contains a Max-k-DNF algorithm",
        "If some rewarded y = 1 appears within T draws with probability >= 1/2, then with probability >= 1/4 "
        "some iterate "
        "has val(sgn theta_t) >= 1/(4T) - (L/A)/(1-p), also on the null run, where every answer is forced to 0; and "
        "E max_t val(sgn theta_t) >= 1/(2T) - (L/A)/(1-p) over null runs.",
        f"{_OURS}; for FMR25 Thm 4.1",
        constants="1/(4T), 1/(2T), 1/4",
        caveats="A single transcript need not contain a good iterate.",
        depends=("dnf-soundness",),
    ),
    Claim.later(
        "proper-tradeoff",
        7,
        "Data or work: the table for every learner",
        "On enumerated small formulas and planted random ones: success probability, T_data, T_comp and "
        "arithmetic work of "
        "passive exploration, OnlineDPO, XPO, brute force over vertices, and SpannerSampling with "
        "T_data <= 2 rank + 2 T_exp.",
        f"{_OURS}; illustrates FMR25 Thm 4.1",
        constants="passive T_data ~ A^k/L; brute force 2^n work",
        depends=("dnf-completeness", "dnf-soundness", "dnf-decoding"),
    ),
)

CLAIMS = TRAINING_TIME_METHODS
