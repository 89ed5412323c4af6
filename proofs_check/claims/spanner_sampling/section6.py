"""Section 6: SpannerSampling (FMR25 Alg. SpannerSampling, Thm 3.1)."""

from proofs_check.claims import (
    section6_coverage,
    section6_end_to_end,
    section6_needle,
    section6_spanner,
    section6_truncation,
)

CLAIMS = (
    *section6_spanner.CLAIMS,
    *section6_coverage.CLAIMS,
    *section6_truncation.CLAIMS,
    *section6_end_to_end.CLAIMS,
    *section6_needle.CLAIMS,
)
