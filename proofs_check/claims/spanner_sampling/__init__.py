"""Why coverage is enough: SpannerSampling (FMR25 Thm 3.1)."""

MODULES = ("spanner_size", "regression", "uncovered", "truncation", "end_to_end", "parameters", "needles", "theorem")
