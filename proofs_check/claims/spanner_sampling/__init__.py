"""Why coverage is enough: SpannerSampling (FMR25 Thm 3.1)."""

MODULES = (
    "spanner_size", "regression", "uncovered", "coverage_tail", "truncation", "end_to_end", "as_listed", "needles",
    "theorem",
)  # fmt: skip
