"""Claims of section 9: stated with their constants, not checked yet.

A claim leaves this module when its section's module checks it.
"""

from proofs_check.ledger import Claim

_OURS = "ours: finite form, constants and proof"

MULTI_TURN = (
    Claim.later(
        "mtss-restarts",
        9,
        "MTSS restarts few times",
        "With n = sum_h n_h acceptances, each n_h bounded as in spanner-size: at most n + 1 passes, and "
        "T_data <= n (n+1) "
        "without noise.",
        f"{_OURS}; for FMR25 Thm 5.1",
        constants="n + 1; n (n+1)",
        depends=("spanner-size",),
    ),
    Claim.later(
        "mtss-exact",
        9,
        "MTSS is exact where it covers",
        "Noiseless, span mode, realizable, exact log-normalisers: (i) if at every later prefix that the last "
        "pass's rollouts "
        "visited all differences of supported tokens are spanned, theta_h agrees with theta*_h on span "
        "Psi_h; (ii) then the "
        "softmax law equals pi*_h at every prefix whose differences are spanned; (iii) if that holds at all "
        "supported "
        "prefixes the returned policy is pi*.",
        f"{_OURS}; for FMR25 Thm 5.1",
        caveats="A clean sweep alone does not imply coverage; the counterexample is kept with its exact probability.",
        depends=("q-linear", "path-consistency"),
    ),
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
