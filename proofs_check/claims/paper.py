"""The theorems themselves: asymptotic or complexity-theoretic, so no finite run checks them.

Each names the finite claims that carry its argument; what is missing between those and the theorem is in the caveats.
"""

from proofs_check.ledger import Claim

CLAIMS = (
    Claim.paper(
        "fmr25-theorem-2-1",
        5,
        "Coverage is necessary for computational efficiency",
        "For the strong oracle, every learner that is correct at constant accuracy on all instances with "
        "C_cov(pi*) <= C*, "
        "B = R_max = 1, has T_data >= |Y|/8 or T_comp >= c min{e^(beta^2 d/2), e^(1/(2 beta)), C*}.",
        "FMR25 Thm 2.1",
        depends=("coverage-lower-bound", "needle-minimax", "data-without-coverage"),
        caveats="The finite form is on one family, with explicit constants; the constant c is the paper's. That "
        "T_comp of the finite form counts one draw from the returned policy is ours.",
    ),
    Claim.paper(
        "fmr25-theorem-3-1",
        6,
        "SpannerSampling is efficient in data and in queries",
        "SpannerSampling returns an eps-optimal policy with probability >= 1 - delta with "
        "T_data = O~((R_max^2/beta) d^2 log^2(1/delta)/min{eps, beta}) and "
        "T_comp = O~(C_cov(pi*) R_max^2/beta^2) T_data^2.",
        "FMR25 Thm 3.1",
        depends=(
            "gap-quadratic",
            "softmax-sampler-tv",
            "spanner-size",
            "ridge-error",
            "elliptic-potential",
            "uncovered-mass",
            "spanner-coverage",
            "truncated-coverage",
            "truncation-gap",
            "spanner-end-to-end",
        ),
        caveats="Rates that hide logarithms are not finite statements; spanner-end-to-end has constants.",
    ),
    Claim.paper(
        "fmr25-theorem-4-1",
        7,
        "Training-time methods cannot be efficient in general",
        "Under the randomised exponential-time hypothesis no proper learner has both "
        "T_data <= poly(d, 1/beta, 1/eps, 1/delta) and running time poly(d, e^(1/beta), 1/eps, 1/delta).",
        "FMR25 Thm 4.1",
        depends=("dnf-completeness", "dnf-soundness", "dnf-exploration", "dnf-decoding"),
        caveats="From the reduction to the theorem leads the inapproximability of Max-k-DNF: no run checks it. "
        "Proper in the finite claims is ours, and stronger than what is known of the paper's wording: the learner "
        "commits before the prompt, and nothing is filtered.",
    ),
    Claim.paper(
        "fmr25-theorem-5-1",
        9,
        "Token access replaces sequence coverage by token coverage",
        "MultiTurnSpannerSampling is efficient in data, and in queries up to the token-level coverage instead of the "
        "sequence-level one.",
        "FMR25 Thm 5.1",
        depends=("soft-bellman", "mtss-restarts", "mtss-exact", "token-vs-sequence"),
        caveats="The listing of the algorithm is ours where the paper's is unknown.",
    ),
)
