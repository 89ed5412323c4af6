"""Solvers from other libraries, each wrapped once with types."""
