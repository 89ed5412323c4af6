"""Tokens in place of sequences."""
