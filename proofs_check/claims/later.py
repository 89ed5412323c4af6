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
)

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

CLAIMS = TRAINING_TIME_METHODS + MULTI_TURN
