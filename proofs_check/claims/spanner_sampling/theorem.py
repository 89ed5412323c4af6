"""The theorem itself (FMR25 Thm 3.1)."""

from proofs_check.ledger import on_paper


@on_paper(
    "fmr25-theorem-3-1",
    source="FMR25 Thm 3.1",
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
        "spanner-as-listed",
        "ridge-end-to-end",
    ),
)
def fmr25_theorem_3_1() -> None:
    r"""SpannerSampling is efficient in data and in queries.

    SpannerSampling returns an $\varepsilon$-optimal policy with probability at least $1 - \delta$, with

    $$
    \Tdata = \tilde{O}\Bigl( \frac{\Rmax^2}{\beta} \cdot \frac{d^2 \log^2(1/\delta)}{\min\{\varepsilon, \beta\}} \Bigr),
    \qquad
    \Tcomp = \tilde{O}\Bigl( \frac{\Ccov(\pi^*)\, \Rmax^2}{\beta^2} \Bigr) \cdot \Tdata^2 .
    $$

    In words: SpannerSampling needs few rewards, whatever the coverage, and samples in proportion to coverage.
    Caveats: rates that hide logarithms are not finite statements; {prf:ref}`spanner-as-listed` has constants, in
        span mode and without noise.
    """
