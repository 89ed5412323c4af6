"""Other people's implementations, asked for the test vectors of :mod:`reference.conformance` and graded."""
