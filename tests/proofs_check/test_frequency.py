"""Frequencies are judged by exact binomial tails, in both directions."""

import pytest

from proofs_check.ledger import frequency
from reference.exact import Undecided


@pytest.mark.parametrize(
    ("successes", "relation", "holds"),
    [(900, ">=", True), (900, "<=", False), (100, ">=", False), (100, "<=", True)],
)
def test_clear_samples_are_decided_both_ways(successes: int, relation: str, holds: bool) -> None:  # noqa: FBT001 (a value)
    assert frequency("coin", successes, 1000, relation, "1/2").holds is holds


@pytest.mark.parametrize("relation", [">=", "<="])
def test_a_close_sample_is_undecided(relation: str) -> None:
    with pytest.raises(Undecided, match="too close to call"):
        frequency("coin", 505, 1000, relation, "1/2")


def test_the_tails_are_exact() -> None:
    # P(Binomial(3, 1/2) >= 3) = 1/8: decided at error 1/8, not at a smaller one.
    assert frequency("coin", 3, 3, ">=", "1/2", error="1/8").holds
    with pytest.raises(Undecided):
        frequency("coin", 3, 3, ">=", "1/2", error="1/9")
    assert frequency("coin", 0, 3, "<=", "1/2", error="1/8").holds
    with pytest.raises(Undecided):
        frequency("coin", 0, 3, "<=", "1/2", error="1/9")
