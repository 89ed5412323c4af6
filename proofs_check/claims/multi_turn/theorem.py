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
        "tokens-below-sequences",
    ),
)
def theorem_5_1() -> None:
    """Token access replaces sequence coverage by token coverage.

    MultiTurnSpannerSampling is efficient in data, and in queries up to the *token-level* coverage instead of the
    sequence-level one.

    Caveats: the listing of the algorithm is ours where the paper's is unknown.
    """
