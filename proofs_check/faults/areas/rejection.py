"""Faults of ideal rejection."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="rejection", module="algorithms.rejection")
_LOOP = "oracles.iterate(None, trial, N, until=lambda found: found is not None)"

FAULTS = (
    _fault(
        name="rejection-one-trial-more", function="ideal_rejection", line=1,
        old=_LOOP, new="oracles.iterate(None, trial, N + 1, until=lambda found: found is not None)",
        what="N + 1 trials",
        test="tests/algorithms/test_sampling.py::test_ideal_rejection_has_its_exact_law",
    ),
    _fault(
        name="rejection-tries-the-later-of-two", function="ideal_rejection.trial", line=2,
        old="oracles.weak(x)", new="max(oracles.weak(x), oracles.weak(x), key=lambda drawn: drawn[0])",
        what="a trial draws two responses and takes that of larger index",
        test="tests/algorithms/test_sampling.py::test_ideal_rejection_has_its_exact_law",
    ),
    _fault(
        name="rejection-over-one-more", function="ideal_rejection.coin", line=3,
        old="min(exp_ratio(w(y)), exp_ratio(bound)) / bound",
        new="min(exp_ratio(w(y)), exp_ratio(bound)) / (bound + 1)",
        what="accepts with probability min(w, M)/(M + 1)",
        test="tests/algorithms/test_sampling.py::test_ideal_rejection_has_its_exact_law",
    ),
    _fault(
        name="rejection-falls-back", function="ideal_rejection", line=4,
        old=_LOOP, new=f"{_LOOP} or oracles.weak(x)",
        what="if all trials fail, a response of the base model",
        test="tests/algorithms/test_sampling.py::test_ideal_rejection_has_its_exact_law",
    ),
    _fault(
        name="rejection-is-the-base-model", function="ideal_rejection.trial", lazy=True,
        old="(y, phi) if oracles.draw(coin(y)) else None", new="(y, phi)",
        what="accepts whatever the base model answers",
        test="tests/algorithms/test_sampling.py::test_ideal_rejection_has_its_exact_law",
    ),
    Fault(
        name="rejection-law-without-the-cap", of="rejection", module="laws.rejection", function="truncated_rejection",
        old="lowered(kept / cap)", new="lowered(kept)",
        what="the law computed for it accepts M times as often",
        test="tests/claims/test_rejection.py::test_a_cap_cuts_off_what_lies_above_it",
    ),
)  # fmt: skip
"""In the order of the listing."""
