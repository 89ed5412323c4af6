"""Tokens in place of sequences (FMR25 Thm 5.1)."""

MODULES = ("theorem", "values", "coverage_of_tokens", "mtss", "mtss_limits", "normaliser", "costs")
