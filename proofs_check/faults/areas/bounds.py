"""Faults of the constants that theory gives: the largest spanner, and the inputs of SpannerSampling."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="bounds", module="algorithms.parts.theory")

FAULTS = (
    _fault(
        name="largest-spanner-with-two", function="largest_spanner.allowed",
        old="4 * n", new="2 * n",
        what="2n for 4n in the bound on the spanner's size",
        test="tests/algorithms/test_theory_parameters.py::test_ridge_mode_by_hand",
    ),
)  # fmt: skip
"""In the order of the module."""
