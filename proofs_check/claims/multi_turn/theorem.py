"""The theorem itself: asymptotic, so no finite run checks it."""

from proofs_check.ledger import on_paper


@on_paper(
    "fmr25-theorem-5-1",
    source="FMR25 Thm 5.1",
    depends=(
        "soft-bellman",
        "mtss-restarts",
        "mtss-exact-where-covered",
        "mtss-end-to-end",
        "mtss-costs",
        "needle-path-by-listing",
        "needle-path-by-draws",
        "tokens-below-sequences",
    ),
)
def theorem_5_1() -> None:
    r"""Token access replaces sequence coverage by token coverage.

    Under additional assumptions on the representation, exploration token by token improves on the running time of
    SpannerSampling: the *token-level* coverage $C_{\mathrm{cond}}$ takes the place of the sequence-level
    $\Ccov(\pi^*)$, with $\Tdata$ and $\Tcomp$ polynomial in the other quantities.

    In words: Under assumptions on the features, coverage of tokens takes the place of that of whole responses if the
    learner may ask token by token.
    Caveats: after the paper's abstract, with efficient read as polynomial: more is not known of it here, neither its
        rates, nor its assumptions in full, nor the listing of the algorithm. That the assumption is realizability by
        the autoregressive class, the listing, and every finite claim about it are ours.
    """
