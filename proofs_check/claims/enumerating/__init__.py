"""Data-efficient learning that enumerates."""
