"""Faults of SoftmaxSampler, and of the law that is computed for it."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="softmax_sampling", module="algorithms.softmax_sampling")
_of_law = partial(Fault, of="softmax_sampling", module="laws.softmax_sampling")

FAULTS = (
    _fault(
        name="sampler-half-the-draws", function="number_of_draws", line=1,
        old="4 * bound", new="2 * bound",
        what="half as many draws",
        test="tests/algorithms/test_sampling.py::test_number_of_draws_by_hand",
    ),
    _fault(
        name="sampler-log-of-two", function="number_of_draws", line=1,
        old="4 / failure", new="2 / failure",
        what="log(2/delta) for log(4/delta)",
        test="tests/algorithms/test_sampling.py::test_number_of_draws_by_hand",
    ),
    _fault(
        name="sampler-one-draw-more", function="number_of_draws", line=1,
        old="(log(4 / failure) * (4 * bound)).ceil()", new="(log(4 / failure) * (4 * bound)).ceil() + 1",
        what="N + 1 for N",
        test="tests/algorithms/test_sampling.py::test_number_of_draws_by_hand",
    ),
    _fault(
        name="sampler-normaliser-of-one-draw-more", function="softmax_sampler.sample", line=2,
        old="oracles.iterate(exp_sum([]), add, N)", new="oracles.iterate(exp_sum([]), add, N + 1)",
        what="Zhat adds N + 1 values, and divides by N",
        test="tests/algorithms/test_sampling.py::test_played_law_equals_the_law_through_counts_and_plain_recursion",
    ),
    _fault(
        name="sampler-normaliser-over-one-more", function="softmax_sampler.sample", line=2,
        old="fmpq(1, N)", new="fmpq(1, N + 1)",
        what="Zhat divides by N + 1",
        test="tests/algorithms/test_sampling.py::test_played_law_equals_the_law_through_counts_and_plain_recursion",
    ),
    _fault(
        name="sampler-without-beta", function="_of.w", line=2,
        old="f(phi) / beta", new="f(phi)",
        what="exp(f) for exp(f/beta)",
        test="tests/algorithms/test_sampling.py::test_played_law_equals_the_law_through_counts_and_plain_recursion",
    ),
    _fault(
        name="sampler-one-trial-fewer", function="softmax_sampler.sample", line=3,
        old="oracles.iterate(None, trial, N, until=lambda found: found is not None)",
        new="oracles.iterate(None, trial, N - 1, until=lambda found: found is not None)",
        what="N - 1 trials",
        test="tests/algorithms/test_sampling.py::test_played_law_equals_the_law_through_counts_and_plain_recursion",
    ),
    _fault(
        name="sampler-one-trial-more", function="softmax_sampler.sample", line=3,
        old="oracles.iterate(None, trial, N, until=lambda found: found is not None)",
        new="oracles.iterate(None, trial, N + 1, until=lambda found: found is not None)",
        what="N + 1 trials",
        test="tests/algorithms/test_sampling.py::test_played_law_equals_the_law_through_counts_and_plain_recursion",
    ),
    _fault(
        name="sampler-tries-the-later-of-two", function="softmax_sampler.sample.trial", line=4,
        old="oracles.weak(x)", new="max(oracles.weak(x), oracles.weak(x), key=lambda drawn: drawn[0])",
        what="a trial draws two responses and takes that of larger index",
        test="tests/algorithms/test_sampling.py::test_played_law_equals_the_law_through_counts_and_plain_recursion",
    ),
    _fault(
        name="sampler-without-m", function="_of.coin", line=5,
        old="z_hat * bound", new="z_hat",
        what="accepts with probability min(1, w/Zhat): M left out",
        test="tests/algorithms/test_sampling.py::test_played_law_equals_the_law_through_counts_and_plain_recursion",
    ),
    _fault(
        name="sampler-falls-back-on-the-later-of-two", function="softmax_sampler.sample", line=6,
        old="oracles.weak(x) if accepted is None else accepted",
        new="max(oracles.weak(x), oracles.weak(x), key=lambda drawn: drawn[0]) if accepted is None else accepted",
        what="if none is accepted, of two responses that of larger index",
        test="tests/algorithms/test_sampling.py::test_played_law_equals_the_law_through_counts_and_plain_recursion",
    ),
    _fault(
        name="sampler-is-the-base-model", function="softmax_sampler.sample", lazy=True,
        old="accepted = oracles.iterate(None, trial, N, until=lambda found: found is not None)", new="accepted = None",
        what="no trials: a fresh response of the base model is returned",
        test="tests/algorithms/test_sampling.py::test_played_law_equals_the_law_through_counts_and_plain_recursion",
    ),
    _of_law(
        name="sampler-law-one-trial-fewer", function="_factors",
        old="(1 - some) ** N", new="(1 - some) ** (N - 1)",
        what="the law computed for SoftmaxSampler has N - 1 trials",
        test="tests/algorithms/test_sampling.py::test_played_law_equals_the_law_through_counts_and_plain_recursion",
    ),
    _of_law(
        name="sampler-law-normaliser-over-one-more", function="_chances",
        old="field.of(value) * N / M", new="field.of(value) * (N + 1) / M",
        what="the law computed for it divides Zhat by N + 1",
        test="tests/algorithms/test_sampling.py::test_played_law_equals_the_law_through_counts_and_plain_recursion",
    ),
    _of_law(
        name="sampler-law-without-fallback", function="_factors",
        old="k * once + none_of_all", new="k * once",
        what="the law computed for it drops the fallback",
        test="tests/algorithms/test_sampling.py::test_played_law_equals_the_law_through_counts_and_plain_recursion",
    ),
)  # fmt: skip
"""In the order of the listing."""
