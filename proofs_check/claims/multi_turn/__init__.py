"""Tokens in place of sequences (FMR25 Thm 5.1)."""

MODULES = (
    "theorem", "values", "coverage_of_tokens", "mtss", "mtss_sweep", "mtss_end_to_end", "mtss_costs", "mtss_noise",
    "mtss_limits", "normaliser", "mtss_path", "costs", "path_sequences",
)  # fmt: skip
