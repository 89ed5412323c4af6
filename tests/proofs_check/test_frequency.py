"""Frequencies are judged by exact binomial tails, in both directions, however many runs there are."""

from fractions import Fraction
from math import comb
from time import process_time

import mpmath
import pytest
from flint import fmpq
from hypothesis import example, given
from hypothesis import strategies as st

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


def test_the_default_error_is_met_exactly_by_six_of_six() -> None:
    assert frequency("six", 6, 6, ">=", "1/10").holds  # P = 1/10^6
    with pytest.raises(Undecided):
        frequency("five", 5, 6, ">=", "1/10")


def test_many_runs_cost_no_more_than_few() -> None:
    """CPU seconds; by sums over counts 10^4 runs took 11 s, and 10^5 did not end."""
    for trials in (10**4, 10**6, 10**8):
        near, wide = trials // 3, trials // 3 + 3 * int(trials**0.5)
        start = process_time()
        assert not frequency("third", wide, trials, "<=", "1/3").holds
        with pytest.raises(Undecided, match="too close to call"):
            frequency("third", near, trials, "<=", "1/3")
        assert process_time() - start < 0.1


def test_one_hit_refutes_that_there_is_none() -> None:
    for trials in (1, 1000, 10**8):
        assert not frequency("never", 1, trials, "<=", 0, error=0).holds
        assert not frequency("always", trials - 1, trials, ">=", 1, error=0).holds
        with pytest.raises(Undecided):
            frequency("never", 0, trials, "<=", 0)
        with pytest.raises(Undecided):
            frequency("always", trials, trials, ">=", 1)


def verdict(successes: int, trials: int, relation: str, p: fmpq, error: fmpq) -> bool | None:
    """The case's ``holds``; ``None`` if more draws are asked for."""
    try:
        return frequency("x", successes, trials, relation, p, error=error).holds
    except Undecided as undecided:
        if "draw more" not in str(undecided):
            raise
        return None


def summed(first: int, last: int, trials: int, p: Fraction) -> Fraction:
    """P(first <= Binomial(trials, p) <= last), term by term."""
    return sum((comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(first, last + 1)), Fraction(0))


def rational(q: Fraction) -> fmpq:
    return fmpq(q.numerator, q.denominator)


@st.composite
def samples(draw: st.DrawFn) -> tuple[int, int, Fraction]:
    """Successes, trials, probability."""
    trials = draw(st.integers(0, 24))
    successes = draw(st.one_of(st.integers(0, trials), st.sampled_from([0, trials])))
    return (
        successes,
        trials,
        draw(st.one_of(st.fractions(0, 1, max_denominator=200), st.sampled_from([0, 1]))) + Fraction(),
    )


@given(samples(), st.fractions(0, "1/2"))
@example((0, 0, Fraction(1, 2)), Fraction(0))
@example((7, 7, Fraction(1)), Fraction(0))
def test_verdicts_are_those_of_the_exact_sums(sample: tuple[int, int, Fraction], some: Fraction) -> None:
    """At any error, and where the error is one of the tails or next to it: nearer than balls can tell, too."""
    successes, trials, p = sample
    at_least, at_most = summed(successes, trials, trials, p), summed(0, successes, trials, p)
    steps = [Fraction(0), *(Fraction(sign, 10**e) for sign in (1, -1) for e in (30, 120))]
    for error in [some, *(tail * (1 + step) for tail in (at_least, at_most) for step in steps)]:
        if error < 1:
            many, few = at_least <= error, at_most <= error
            for relation, holds in ((">=", many), ("<=", few)):
                expected = holds if many or few else None
                assert verdict(successes, trials, relation, rational(p), rational(error)) is expected


@pytest.mark.parametrize(
    ("successes", "trials", "p", "above", "below"),
    [
        (2, 10**12, fmpq(1, 2), False, True),
        (10**12 - 2, 10**12, fmpq(1, 2), True, False),
        (1, 10**7, 1 - fmpq(1, 10**200), False, True),
        (10**7 - 1, 10**7, 1 - fmpq(1, 10**200), False, True),
        (10**7, 10**7, 1 - fmpq(1, 10**200), None, None),
        (0, 10**7, fmpq(1, 10**200), None, None),
        (1, 10**7, fmpq(1, 10**200), True, False),
        (3 * 10**6, 10**7, fmpq(10**4000, 3 * 10**4000 + 1), False, True),
    ],
)
def test_samples_far_from_the_probability_and_probabilities_far_from_the_middle(
    successes: int,
    trials: int,
    p: fmpq,
    above: bool | None,  # noqa: FBT001 (a value)
    below: bool | None,  # noqa: FBT001 (a value)
) -> None:
    assert verdict(successes, trials, ">=", p, fmpq(1, 10**6)) is above
    assert verdict(successes, trials, "<=", p, fmpq(1, 10**6)) is below


def tail_at_60_digits(successes: int, trials: int, p: Fraction) -> mpmath.mpf:
    """P(Binomial(trials, p) >= successes) for successes above the mean: masses from the first, while they matter."""
    odds = mpmath.mpf(p.numerator) / (p.denominator - p.numerator)
    ways = mpmath.loggamma(trials + 1) - mpmath.loggamma(successes + 1) - mpmath.loggamma(trials - successes + 1)
    term = mpmath.exp(ways + successes * mpmath.log(odds) - trials * mpmath.log(1 + odds))
    total, k = term, successes
    while term > total * mpmath.mpf(10) ** -60 and k < trials:
        term *= odds * (trials - k) / (k + 1)
        total, k = total + term, k + 1
    return total


@pytest.mark.parametrize(
    ("successes", "trials", "p"),
    [
        (5_200, 10_000, Fraction(1, 2)),
        (336_000, 10**6, Fraction(1, 3)),
        (80, 10**6, Fraction(1, 30_000)),
        (999_990, 10**6, Fraction(9_999, 10_000)),
        (12_000, 10**8, Fraction(1, 10_000)),
    ],
)
def test_errors_next_to_the_tail_are_told_from_it(successes: int, trials: int, p: Fraction) -> None:
    with mpmath.workdps(60):
        tail = tail_at_60_digits(successes, trials, p)
        above, below = (tail * (1 + mpmath.mpf(sign) / 10**30) for sign in (1, -1))
        over, under = (rational(Fraction(mpmath.nstr(error, 55))) for error in (above, below))
    failures, q = trials - successes, rational(1 - p)
    assert verdict(successes, trials, ">=", rational(p), over) is True
    assert verdict(successes, trials, ">=", rational(p), under) is None
    assert verdict(successes, trials, "<=", rational(p), over) is False
    assert verdict(failures, trials, "<=", q, over) is True
    assert verdict(failures, trials, "<=", q, under) is None


def test_a_tail_equal_to_the_error_is_decided_while_its_sum_is_short() -> None:
    """An odd number of fair coins: half of the sequences have more heads than tails."""
    half = fmpq(1, 2)
    assert verdict(1_001, 2_001, ">=", half, half) is True
    assert verdict(1_000, 2_001, "<=", half, half) is True
    with pytest.raises(
        Undecided, match=r"P\(500001 or more of 1000001 at 1/2\) is 1/2 to 256 bits: choose another error"
    ):
        frequency("coins", 500_001, 1_000_001, ">=", half, error=half)
