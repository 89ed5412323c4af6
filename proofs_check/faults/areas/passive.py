"""Faults of passive exploration, and of the feedback and the fits that proper learners share."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="passive", module="algorithms.passive")

FAULTS = (
    _fault(
        name="passive-one-pair-more", function="_fitted", line=1,
        old="loops.iterate(none, add, n, key=counts)", new="loops.iterate(none, add, n + 1, key=counts)",
        what="n + 1 pairs",
        test="tests/algorithms/test_learners.py::test_the_law_of_passive_exploration_by_hand",
    ),
    _fault(
        name="passive-pair-of-one-response", function="Passive.__call__.pair", line=2,
        old="(y1, phi1), (y2, phi2) = oracles.weak(x), oracles.weak(x)",
        new="y1, phi1 = y2, phi2 = oracles.weak(x)",
        what="y1 and y2 are the same draw",
        test="tests/algorithms/test_learners.py::test_the_law_of_passive_exploration_by_hand",
    ),
    _fault(
        name="passive-proper-commits-elsewhere", function="ProperPassive.__call__", line=2,
        old="oracles.public.zero",
        new="projected(oracles.public.parameter_set, tuple(t + 1000 for t in oracles.public.zero))",
        what="as a proper learner, commits to the largest parameter",
        test="tests/claims/test_proper.py::test_what_passive_learners_pay",
    ),
    _fault(
        name="passive-rewards-swapped", function="Passive.__call__.pair", line=3,
        old="oracles.reward(x, y1) - oracles.reward(x, y2)", new="oracles.reward(x, y2) - oracles.reward(x, y1)",
        what="notes r2 - r1",
        test="tests/algorithms/test_learners.py::test_the_law_of_passive_exploration_by_hand",
    ),
    _fault(
        name="passive-proper-rewards-swapped", function="ProperPassive.__call__.pair", line=3,
        old="one.r - two.r", new="two.r - one.r",
        what="as a proper learner, notes r2 - r1",
        test="tests/claims/test_proper.py::test_what_passive_learners_pay",
    ),
    _fault(
        name="passive-fits-the-first-pair", function="_fitted", line=4,
        old="cover.least_squares(data)", new="cover.least_squares(data[:1])",
        what="theta is fitted to the first pair only",
        test="tests/algorithms/test_learners.py::test_the_law_of_passive_exploration_by_hand",
    ),
    _fault(
        name="passive-is-the-base-model", function="_fitted", line=5, lazy=True,
        old="cover.least_squares(data)", new="cover.least_squares(())",
        what="returns pi_0 = pi_ref",
        test="tests/algorithms/test_learners.py::test_the_law_of_passive_exploration_by_hand",
    ),
)  # fmt: skip
"""In the order of the listing."""
