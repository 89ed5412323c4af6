"""Data-efficient learning that enumerates."""

MODULES = ("barycentric", "learner")
