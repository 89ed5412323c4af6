"""Faults of the enumerating learner, and of barycentric spanners."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="enumerating", module="algorithms.enumerating")
_of_spanner = partial(Fault, of="barycentric", module="algorithms.parts.barycentric_cofactors")

FAULTS = (
    _of_spanner(
        name="barycentric-starts-elsewhere", function="chosen_by_cofactors", line=1,
        old="int(i == j)", new="int(i + j == rank - 1)",
        what="B starts with the unit vectors in reverse",
        test="tests/algorithms/test_barycentric_spanner.py::test_small_examples_by_hand",
    ),
    _of_spanner(
        name="barycentric-takes-the-first-vectors", function="chosen_by_cofactors", line=2,
        old="k, _ = _largest((table * basis.cofactors(i)).entries(), scales)", new="k = i",
        what="row i becomes the i-th vector",
        test="tests/algorithms/test_barycentric_spanner.py::test_every_answer_has_a_valid_certificate",
    ),
    _of_spanner(
        name="barycentric-without-swaps", function="_violation", line=3,
        old="divmod(place, rank) if size > bound * abs(basis.determinant) else None", new="None",
        what="no swaps",
        test="tests/algorithms/test_barycentric_spanner.py::test_brute_force_over_all_subsets_agrees",
    ),
    _of_spanner(
        name="barycentric-bound-squared", function="_violation", line=3,
        old="size > bound * abs(basis.determinant)", new="size > bound**2 * abs(basis.determinant)",
        what="C^2 for C",
        test="tests/algorithms/test_barycentric_spanner.py::test_swaps_repair_what_the_first_pass_left",
    ),
    _of_spanner(
        name="barycentric-one-swap", function="chosen_by_cofactors", line=4,
        old="k, i = swap", new="k, i = swap\nC = 1000 * C",
        what="after one swap, coefficients up to 1000 C will do",
        test="tests/algorithms/test_barycentric_spanner.py::test_swaps_go_on_until_none_is_left",
    ),
    _of_spanner(
        name="barycentric-returns-one-less", function="chosen_by_cofactors", line=5,
        old="return chosen", new="return chosen[1:]",
        what="a row is left out",
        test="tests/algorithms/test_barycentric_spanner.py::test_every_answer_has_a_valid_certificate",
    ),
    _fault(
        name="enumerating-first-prompt", function="Enumerating.__call__", line=1,
        old="enumerate(self.table)", new="enumerate(self.table[:1])",
        what="differences of the first prompt only",
        test="tests/algorithms/test_learners.py::test_enumerating_recovers_every_reward_difference",
    ),
    _fault(
        name="enumerating-loose-spanner", function="Enumerating.__call__", line=2,
        old="barycentric_spanner([difference for *_, difference in pairs], self.C)",
        new="barycentric_spanner([difference for *_, difference in pairs], 1000 * self.C)",
        what="a 1000 C-approximate spanner",
        test="tests/algorithms/test_learners.py::test_enumerating_refuses",
    ),
    _fault(
        name="enumerating-rewards-swapped", function="Enumerating.__call__", line=3,
        old="oracles.reward(x, y) - oracles.reward(x, z)", new="oracles.reward(x, z) - oracles.reward(x, y)",
        what="r' - r for r - r'",
        test="tests/algorithms/test_learners.py::test_enumerating_recovers_every_reward_difference",
    ),
    _fault(
        name="enumerating-adds", function="Enumerating.__call__", line=3,
        old="total / self.n", new="total",
        what="m_s is a sum for the mean",
        test="tests/algorithms/test_learners.py::test_enumerating_recovers_random_problems",
    ),
    _fault(
        name="enumerating-fits-the-first-pair", function="Enumerating.__call__", line=4,
        old="cover.least_squares(data)", new="cover.least_squares(data[:1])",
        what="interpolates the first pair only",
        test="tests/algorithms/test_learners.py::test_enumerating_recovers_every_reward_difference",
    ),
    _fault(
        name="enumerating-is-the-base-model", function="Enumerating.__call__", line=5, lazy=True,
        old="SoftmaxPolicy(cover.least_squares(data))", new="SoftmaxPolicy(cover.least_squares([]))",
        what="returns pi_0 = pi_ref",
        test="tests/algorithms/test_learners.py::test_enumerating_recovers_every_reward_difference",
    ),
)  # fmt: skip
"""In the order of the listings."""
