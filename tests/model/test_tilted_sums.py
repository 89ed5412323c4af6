"""The sums of a softmax of many responses: on one lattice where scores and weights are rational."""

import math

import pytest
from flint import fmpq

from reference.exact import LogLinear, exp, exp_sum, log, to_float
from reference.exact.law import Law
from reference.exact.log_linears import LogLinears
from reference.exact.plain import plain
from reference.model.fast.tilted_sums import IntegerTiltedSums, tilted_sums
from reference.model.tilt import Tilt

BASE = Law.weighted(range(99), range(1, 100))


def scores(*values: fmpq | int) -> LogLinears:
    """Take turns."""
    return LogLinears([LogLinear(fmpq(values[y % len(values)])) for y in range(99)])


def test_three_rewards_by_hand() -> None:
    sums = tilted_sums(BASE, scores(fmpq(1, 2), 0, 1), fmpq(1, 3))
    assert isinstance(sums, IntegerTiltedSums)
    weights = [sum(range(first, 100, 3)) for first in (1, 2, 3)]
    assert sums.whole() == exp_sum([(weights[0], 0), (weights[1], fmpq(-3, 2)), (weights[2], fmpq(3, 2))])
    ones = [fmpq(int(y % 3 == 1), 7) for y in range(99)]
    assert sums.weighted(ones) == exp(fmpq(-3, 2)) * fmpq(weights[1], 7)


def test_equal_scores_leave_the_total() -> None:
    assert tilted_sums(BASE, scores(fmpq(2, 3)), fmpq(1, 5)).whole() == BASE.total


@pytest.mark.parametrize(
    "given",
    [
        scores(*[fmpq(k, 97) for k in range(97)]),  # dense
        scores(0, fmpq(1, 2), 10**6),  # places lie far apart
        scores(*[fmpq(1, 2 ** (31 * k) - 1) for k in range(1, 60)]),  # no short denominator
        LogLinears([log(y + 1) for y in range(99)]),
        LogLinears([log(2) * (y % 3) + fmpq(y % 7, 7) for y in range(99)]),
    ],
    ids=["dense", "far-apart", "long", "logarithms", "mixed"],
)
def test_a_softmax_is_what_its_definition_says(given: LogLinears) -> None:
    def found() -> list[object]:
        tilt = Tilt(BASE, given, fmpq(2, 3))
        values = [LogLinear(fmpq(y, 3)) for y in range(99)]
        base = Tilt(BASE, scores(0), fmpq(1))
        regret = tilt.regret(base, fmpq(2, 3))
        return [tilt.partition, tilt.coverage(), tilt.mean(values).exact, regret.enclosure(64).mid(), tilt.exponents]

    quickly = found()
    with plain():
        assert found() == quickly


def test_a_mean_agrees_with_floats() -> None:
    tilt = Tilt(BASE, scores(*[fmpq(k, 7) for k in range(7)]), fmpq(2))
    weights = [(y + 1) * math.exp((y % 7) / 14) for y in range(99)]
    mean = sum(w * (y % 7) / 7 for y, w in enumerate(weights)) / sum(weights)
    assert math.isclose(to_float(tilt.mean(tilt.scores)), mean, rel_tol=1e-12)
    most = max(w / (y + 1) for y, w in enumerate(weights)) * sum(range(1, 100)) / sum(weights)
    assert math.isclose(to_float(tilt.coverage()), most, rel_tol=1e-12)
