"""Why coverage is enough: SpannerSampling (FMR25 Thm 3.1)."""

MODULES = (
    "spanner_size", "regression", "uncovered", "coverage_tail", "truncation", "end_to_end", "as_listed", "parameters",
    "needles", "ridge_round", "ridge_exploration", "ridge_end_to_end", "ridge_noise", "theorem",
)  # fmt: skip
