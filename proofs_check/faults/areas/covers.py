"""Faults of what "covered" means: lines 6, 7, 10 and 12 of SpannerSampling, and of what is not covered."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="spanner_sampling", module="algorithms.parts.cover")

FAULTS = (
    _fault(
        name="covers-by-nu", function="RidgeCover.covers", line=6,
        old="self.nu**2", new="self.nu",
        what="nu for nu^2",
        test="tests/algorithms/test_learners.py::test_what_equals_the_threshold_is_covered",
    ),
    Fault(
        name="exceeds-at-equality", of="spanner_sampling", module="exact.fast.gram", function="IntegerGram.exceeds",
        line=6,
        old="bool((extended.determinant - extended.before) * threshold.q > extended.before * threshold.p)",
        new="bool((extended.determinant - extended.before) * threshold.q >= extended.before * threshold.p)",
        what="a norm of exactly nu is uncovered",
        test="tests/exact/test_linalg_gram.py::test_by_hand",
    ),
    _fault(
        name="ridge-cover-stays", function="RidgeCover.with_vector", line=7,
        old="self.sigma.with_vector(phi)", new="self.sigma",
        what="Sigma += phi phi^T left out",
        test="tests/algorithms/test_learners.py::test_what_equals_the_threshold_is_covered",
    ),
    _fault(
        name="span-cover-stays", function="SpanCover.with_vector", line=7,
        old="self.span.with_vector(phi)", new="self.span",
        what="the span is not extended",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    _fault(
        name="ridge-fit-with-twice-lambda", function="_ridge_fit", line=10,
        old="Gram.ridge(dimension, ridge)", new="Gram.ridge(dimension, 2 * ridge)",
        what="2 lambda ||theta||^2 in the fit",
        test="tests/algorithms/test_learners.py::test_the_law_of_passive_exploration_by_hand",
    ),
    _fault(
        name="span-fit-with-ridge", function="_fit_of_smallest_norm", line=10,
        old="gram + Matrix.identity(span.dimension, -1)", new="gram",
        what="ridge regression in place of least squares",
        test="tests/algorithms/test_learners.py::test_enumerating_recovers_every_reward_difference",
    ),
    _fault(
        name="span-fit-learns-nothing", function="_fit_of_smallest_norm", lazy=True,
        old="if not span.basis:\n    return (ZERO,) * dimension",
        new="return (ZERO,) * dimension",
        what="least squares returns 0, whatever the data",
        test="tests/algorithms/test_learners.py::test_enumerating_recovers_every_reward_difference",
    ),
    _fault(
        name="truncation-left-out", function="truncated.f", line=12,
        old="difference.dot_numbers(theta) if cover.covers(difference) else ZERO", new="difference.dot_numbers(theta)",
        what="f_t is linear: what is not covered is not set to 0",
        test="tests/algorithms/test_spanner_sampling.py::test_three_ways_to_the_law_of_the_returned_policy",
    ),
    _fault(
        name="truncation-of-everything", function="truncated.f", line=12, lazy=True,
        old="difference.dot_numbers(theta) if cover.covers(difference) else ZERO", new="ZERO",
        what="f_t = 0 everywhere",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    Fault(
        name="uncovered-mass-inverted", of="spanner_sampling", module="model.ratios",
        function="uncovered_mass",
        old="not covered(phi)", new="covered(phi)",
        what="the mass of what is covered",
        test="tests/model/test_coverage.py::test_uncovered_mass_by_hand",
    ),
)  # fmt: skip
"""In the order of the listing."""
