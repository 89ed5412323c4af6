"""Faults of SpannerSampling."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="spanner_sampling", module="algorithms.spanner_sampling")
_of_policy = partial(Fault, of="spanner_sampling", module="algorithms.parts.spanner_policy")

FAULTS = (
    _fault(
        name="spanner-twice-lambda", function="phase_1", line=1,
        old="RidgeCover.empty(oracles.dimension, p.ridge, p.nu)",
        new="RidgeCover.empty(oracles.dimension, 2 * p.ridge, p.nu)",
        what="Sigma starts at 2 lambda I",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_ridge_mode_by_hand",
    ),
    _fault(
        name="spanner-one-prompt-fewer", function="phase_1", line=2,
        old="p.n_prompt", new="max(p.n_prompt - 1, 0)",
        what="phase 1 has a round less",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    _fault(
        name="spanner-one-prompt-more", function="phase_1", line=2,
        old="p.n_prompt", new="p.n_prompt + 1",
        what="phase 1 has a round more",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    _fault(
        name="spanner-phase-1-at-the-first-prompt", function="phase_1_round", line=3,
        old="oracles.prompt()", new="0",
        what="phase 1 looks at the first prompt only",
        test="tests/algorithms/test_spanner_sampling.py::test_the_order_of_acceptance_is_part_of_the_result",
    ),
    _fault(
        name="spanner-one-pair-a-round", function="phase_1_round", line=4,
        old="oracles.iterate(None, pair, n_pair, until=lambda new: new is not None)",
        new="oracles.iterate(None, pair, 1, until=lambda new: new is not None)",
        what="one pair a round for N_pair",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    _fault(
        name="spanner-pair-of-one-response", function="phase_1_round.pair", line=5,
        old="(y1, phi1), (y2, phi2) = oracles.weak(x), oracles.weak(x)",
        new="y1, phi1 = y2, phi2 = oracles.weak(x)",
        what="y1 and y2 are the same draw",
        test="tests/algorithms/test_spanner_sampling.py::test_the_order_of_acceptance_is_part_of_the_result",
    ),
    _fault(
        name="spanner-accepts-what-is-covered", function="phase_1_round.pair", line=6,
        old="None if spanner.cover.covers(phi) else (y1, y2, phi)",
        new="(y1, y2, phi) if spanner.cover.covers(phi) else None",
        what="accepts covered pairs, and no others",
        test="tests/algorithms/test_spanner_sampling.py::test_the_order_of_acceptance_is_part_of_the_result",
    ),
    _fault(
        name="spanner-accepts-every-pair", function="phase_1_round.pair", line=6,
        old="None if spanner.cover.covers(phi) else (y1, y2, phi)", new="(y1, y2, phi)",
        what="accepts every pair",
        test="tests/algorithms/test_spanner_sampling.py::test_the_order_of_acceptance_is_part_of_the_result",
    ),
    _fault(
        name="spanner-rewards-swapped", function="phase_1_round", line=7,
        old="oracles.reward(x, y1) - oracles.reward(x, y2)", new="oracles.reward(x, y2) - oracles.reward(x, y1)",
        what="phase 1 notes r2 - r1",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    _fault(
        name="spanner-sigma-stays", function="phase_1_round", line=7,
        old="spanner.cover.with_vector(phi)", new="spanner.cover",
        what="Sigma is not updated",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    _fault(
        name="spanner-psi-forgets", function="phase_1_round", line=7,
        old="(*spanner.psi, datum)", new="(datum,)",
        what="Psi holds the last pair only",
        test="tests/algorithms/test_spanner_sampling.py::test_the_order_of_acceptance_is_part_of_the_result",
    ),
    _fault(
        name="spanner-starts-without-psi", function="SpannerSampling.__call__", line=8,
        old="Exploration(spanner.psi, ())", new="Exploration((), ())",
        what="D starts empty",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    _fault(
        name="spanner-one-exploration-more", function="SpannerSampling.__call__", line=9,
        old="self.t_exp", new="self.t_exp + 1",
        what="phase 2 has a round more",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    _fault(
        name="spanner-fits-the-first-pair", function="_phase_2_round", line=10,
        old="cover.least_squares(e.data)", new="cover.least_squares(e.data[:1])",
        what="theta_t is fitted to the first pair only",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_ridge_mode_by_hand",
    ),
    _fault(
        name="spanner-fits-a-round-late", function="_phase_2_round", line=10,
        old="cover.least_squares(e.data)",
        new="cover.least_squares(e.data[: max(len(e.data) - 1, len(e.data) - len(e.thetas))])",
        what="theta_t leaves out the pair of round t - 1",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_ridge_mode_by_hand",
    ),
    _fault(
        name="spanner-explores-the-first-prompt", function="_phase_2_round", line=11,
        old="oracles.prompt()", new="0",
        what="phase 2 looks at the first prompt only",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    _fault(
        name="spanner-truncates-without-reference", function="_phase_2_round", line=12,
        old="truncated(cover, theta, phi2)", new="truncated(cover, theta, phi2 - phi2)",
        what="f_t takes phi(x,y) for phi(x,y) - phi(x,y2)",
        test="tests/algorithms/test_spanner_sampling.py::test_the_exact_law_agrees_with_plain_recursion",
    ),
    _fault(
        name="spanner-explores-with-the-base-model", function="_phase_2_round", line=13, lazy=True,
        old="softmax_sampler(oracles, f, x, p.M, p.draws)", new="oracles.weak(x)",
        what="y1 ~ pi_ref in phase 2",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    _fault(
        name="spanner-difference-swapped", function="_phase_2_round", line=14,
        old="phi1 - phi2", new="phi2 - phi1",
        what="phase 2 notes phi2 - phi1 beside r1 - r2",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    _fault(
        name="spanner-exploration-forgotten", function="_phase_2_round", line=14,
        old="(*e.data, datum)", new="e.data",
        what="D does not grow",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_ridge_mode_by_hand",
    ),
    _fault(
        name="spanner-returns-the-last-estimate", function="SpannerSampling.__call__", line=15,
        old="exploration.thetas", new="exploration.thetas[-1:]",
        what="the last round in place of the mixture",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    _of_policy(
        name="spanner-one-query-less", function="SpannerPolicy.queries_per_draw", line=15,
        old="2 * self.draws + 2", new="2 * self.draws + 1",
        what="2N + 1 queries a draw for 2N + 2",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    _of_policy(
        name="spanner-samples-without-reference", function="SpannerPolicy.sample", line=15,
        old="truncated(self.cover, self.thetas[t], reference)",
        new="truncated(self.cover, self.thetas[t], reference - reference)",
        what="the returned policy's f_t takes phi(x,y) for phi(x,y) - phi(x,y')",
        test="tests/algorithms/test_spanner_sampling.py::test_three_ways_to_the_law_of_the_returned_policy",
    ),
    _fault(
        name="spanner-returns-the-base-model", function="SpannerSampling.__call__", lazy=True,
        old="exploration.thetas", new="tuple(tuple(t * 0 for t in theta) for theta in exploration.thetas)",
        what="every theta_t is 0: the base model is returned",
        test="tests/algorithms/test_spanner_sampling.py::test_a_run_in_span_mode_by_hand",
    ),
    _of_policy(
        name="spanner-samples-the-base-model", function="SpannerPolicy.sample", lazy=True,
        old="softmax_sampler(oracles, truncated(self.cover, self.thetas[t], reference), x, self.M, self.draws)",
        new="oracles.weak(x)",
        what="the returned policy draws from the base model",
        test="tests/algorithms/test_spanner_sampling.py::test_three_ways_to_the_law_of_the_returned_policy",
    ),
)  # fmt: skip
"""In the order of the listing."""
