"""From tokens to sequences with the features of the prefixes; the tabular form is tested with the values."""

import pytest
from flint import fmpq

from reference.constructions.fair_bits import fair_bits
from reference.exact import log
from reference.model import ProblemError, coverage, optimal_value, optimum
from reference.model.token_convert import to_problem
from reference.model.token_coverage import sequence_coverage
from reference.model.token_policy import optimal_token_value
from tests.model.token_peer import two_step


def test_additive_rewards_are_linear_in_the_features_of_the_prefixes() -> None:
    problem = fair_bits(3, log(3))
    flat = to_problem(problem, "concatenated")
    # phi = (a_1, a_2, a_3)/3 and r = log 3 (a_1 + a_2 + a_3)
    assert flat.theta == (log(3) * 3,) * 3
    assert flat.phi(0, 5).numerators == (1, 0, 1)
    assert flat.phi(0, 5).denominator == 3
    assert coverage(flat, optimum(flat)) == sequence_coverage(problem) == fmpq(27, 8)
    assert optimal_value(flat).exact == optimal_token_value(problem).exact


def test_a_reward_that_is_not_linear_is_refused_and_the_sequence_named() -> None:
    with pytest.raises(ProblemError, match="prompt 'x': the reward of '1 1' is not linear in the features"):
        to_problem(two_step(log(2)), "concatenated")
