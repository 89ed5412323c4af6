"""Certified instances: what ``spanner certify`` writes, and what the Coq audit said of the catalog's files."""
