"""Opposite rewards: the facts of the docstring."""

import pytest
from flint import fmpq

from reference.constructions.opposites import opposite_rewards
from reference.exact import LogLinear, exp, log, loglinear, real, real_log
from reference.exact.law import Law
from reference.exact.reals import Real
from reference.model.checks import ProblemError
from reference.model.policy import base_policy, softmax
from reference.model.realizability import decide_realizability
from reference.model.soft_bellman import soft_values
from reference.model.values import gap

SPREADS = ("log(3)", "log(3/2)", "1", "1/10")
BETAS = ("1/2", "1", "3")


def gap_of_the_base(s: LogLinear, beta: fmpq) -> Real:
    """``beta log((1 + w)^2/(4w))``."""
    w = exp(s)
    return (real_log(1 + w) * 2 - log(4) - s) * beta


@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("s", SPREADS)
def test_rewards_features_and_bound(s: str, beta: str) -> None:
    problem = opposite_rewards(s, beta=beta)
    earned = loglinear(s) * fmpq(beta)
    rewards = {sequence: problem.reward_of(0, sequence) for sequence in problem.expanded(0)}
    assert rewards == {(0, 0): 0, (0, 1): earned, (1, 0): 0, (1, 1): -earned}
    assert all(problem.base(h, i) == Law.uniform([0, 1]) for h, i in ((0, 0), (1, 0), (1, 1)))
    features = [[[list(edge.phi) for edge in node] for node in layer] for layer in problem.layers]
    assert features == [[[[0], [0]]], [[[0], [1]], [[0], [1]]]]
    assert earned * 2 <= problem.R_max < earned * 2 + 1
    assert problem.beta == fmpq(beta)


@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("w", [fmpq(3), fmpq(3, 2), fmpq(100)])
def test_the_optimum(w: fmpq, beta: str) -> None:
    values = soft_values(opposite_rewards(log(w), beta=beta))
    assert values.optimal(0, 0) == Law.of({0: w / (1 + w), 1: 1 / (1 + w)})
    assert values.optimal(1, 0) == Law.of({0: 1 / (1 + w), 1: w / (1 + w)})
    assert values.optimal(1, 1) == Law.of({0: w / (1 + w), 1: 1 / (1 + w)})


@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("s", SPREADS)
def test_not_realizable_and_the_base_model_has_the_gap_named(s: str, beta: str) -> None:
    problem = opposite_rewards(s, beta=beta)
    assert not decide_realizability(problem)
    lost = gap(problem, base_policy(problem))
    assert lost.enclosure(256).overlaps(gap_of_the_base(loglinear(s), fmpq(beta)).enclosure(256))
    assert lost > 0


@pytest.mark.parametrize("s", ["log(3)", "1"])
def test_the_base_model_is_the_best_of_its_class(s: str) -> None:
    problem = opposite_rewards(s, beta="1/2")
    base = gap(problem, base_policy(problem))
    for theta in (fmpq(1, 10), fmpq(-1, 10), fmpq(1), fmpq(-3)):
        for first in (fmpq(0), fmpq(2)):  # theta_1 makes no difference
            other = gap(problem, softmax(problem, [first], [theta]))
            assert other > base
            assert first == 0 or other == gap(problem, softmax(problem, [0], [theta]))
        opposite = gap(problem, softmax(problem, [0], [-theta]))
        mirrored = gap(problem, softmax(problem, [0], [theta]))
        assert opposite.enclosure(128).overlaps(mirrored.enclosure(128))
    for parameter in (fmpq(5), fmpq(-1, 2)):
        assert gap(problem, softmax(problem, [parameter], [0])) == base


@pytest.mark.parametrize(
    ("s", "beta", "message"),
    [("0", "1", "0 is not positive: equal rewards would be realizable"), ("-log(2)", "1", "is not positive"),
     ("1", "0", "beta"), ("1", "-1", "beta")],
)  # fmt: skip
def test_inputs_out_of_range_are_refused(s: str, beta: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        opposite_rewards(s, beta=beta)


def test_equal_rewards_would_be_realizable() -> None:
    """What the refusal of ``s = 0`` says: the limit of small spreads is the base model itself."""
    assert real(gap_of_the_base(LogLinear(fmpq(0)), fmpq(1))) == 0
