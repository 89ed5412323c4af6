"""Tokens in place of sequences (FMR25 Thm 5.1)."""
