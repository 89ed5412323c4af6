"""Losses of preference pairs, exactly, against mpmath at 60 digits."""

import math
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reference as ref
from reference.laws.preference_losses import LossName

LOSSES: tuple[LossName, ...] = ("dpo", "ipo", "apo-zero", "apo-down")

nats = st.fractions(-30, 0, max_denominator=64)


def written(name: str, row: list[mpmath.mpf], beta: mpmath.mpf) -> mpmath.mpf:
    """Return a loss as papers write it."""

    def sigma(h: mpmath.mpf) -> mpmath.mpf:
        return 1 / (1 + mpmath.exp(-h))

    c, r = row[0] - row[2], row[1] - row[3]
    return {
        "dpo": -mpmath.log(sigma(beta * (c - r))),
        "ipo": (c - r - 1 / (2 * beta)) ** 2,
        "apo-zero": 1 - sigma(beta * c) + sigma(beta * r),
        "apo-down": sigma(beta * c) + 1 - sigma(beta * (c - r)),
    }[name]


@given(st.sampled_from(LOSSES), st.lists(nats, min_size=4, max_size=4), st.sampled_from(("1/10", "1/2", "1", "2")))
def test_losses_and_their_derivatives(name: LossName, row: list[Fraction], beta: str) -> None:
    found = ref.preference_loss(name, ref.PreferencePair(*row), beta)
    with mpmath.workdps(60):
        numbers = [mpmath.mpf(x.numerator) / x.denominator for x in row]
        scale = mpmath.mpf(Fraction(beta).numerator) / Fraction(beta).denominator
        step = mpmath.mpf(10) ** -25

        def at(place: int, shift: mpmath.mpf) -> mpmath.mpf:
            return written(name, [x + (shift if j == place else 0) for j, x in enumerate(numbers)], scale)

        assert abs(mpmath.mpf(ref.to_decimal(found.value, 40).text) - at(0, mpmath.mpf(0))) < mpmath.mpf(10) ** -30
        for place, slope in ((0, found.by_chosen), (1, found.by_rejected)):
            expected = (at(place, step) - at(place, -step)) / (2 * step)
            assert abs(mpmath.mpf(ref.to_decimal(slope, 40).text) - expected) < mpmath.mpf(10) ** -20


def test_the_second_term_of_apo_down_takes_log_ratios() -> None:
    pair = ref.PreferencePair("log(2)", "log(1/3)", 0, 0)  # log-ratios alone count
    found = ref.preference_loss("apo-down", pair, "1/2").value
    assert f"{found:.12g}" == "0.875684386184"  # 2^(1/2)/(1 + 2^(1/2)) + 1 - 6^(1/2)/(1 + 6^(1/2))
    mixed = ref.exp_ratio(1) / (1 + ref.exp("-5/4"))  # scores of forward KL, -exp(-c), in place of log-ratios
    assert found != ref.exp_ratio(1) / (1 + ref.exp("-1/2*log(2)")) + 1 - mixed


def test_floats_are_the_numbers_that_they_are() -> None:
    floats = ref.PreferencePair(-0.25, -1.5, -0.5, -1.0)
    exact = ref.PreferencePair("-1/4", "-3/2", "-1/2", -1)
    assert ref.preference_loss("dpo", floats, "1/10") == ref.preference_loss("dpo", exact, "1/10")
    tenths = floats._replace(chosen=0.1), exact._replace(chosen="1/10")
    assert ref.preference_loss("dpo", tenths[0], 1) != ref.preference_loss("dpo", tenths[1], 1)


def test_a_hopeless_pair_costs_what_it_costs() -> None:
    pair = ref.PreferencePair(-1000.0, 0.0, 0.0, 0.0)
    found = ref.preference_loss("dpo", pair, 1)
    assert found.value > 1000
    assert float(found.by_chosen) == -1.0


@pytest.mark.parametrize(
    ("name", "pair", "beta", "said"),
    [
        ("sft", (0, 0, 0, 0), 1, r"^loss 'sft'; one of dpo, ipo, apo-zero, apo-down$"),
        ("dpo", (0, 0, 0, 0), 0, r"^beta = 0: needs beta > 0$"),
        ("dpo", (0, -math.inf, 0, 0), 1, r"^rejected = -inf: a log-probability must be finite$"),
        ("ipo", (math.nan, 0, 0, 0), 1, r"^chosen = nan: a log-probability must be finite$"),
    ],
)
def test_bad_input(name: LossName, pair: tuple[float, float, float, float], beta: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ref.preference_loss(name, ref.PreferencePair(*pair), beta)
