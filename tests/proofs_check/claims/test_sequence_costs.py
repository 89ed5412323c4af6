"""What SpannerSampling costs on fair bits as whole sequences: by hand, by multisets, and between the bounds."""

from collections import Counter
from fractions import Fraction
from itertools import product
from math import comb, prod

import mpmath
import pytest
from flint import fmpq, fmpz_mat
from hypothesis import given
from hypothesis import strategies as st

from proofs_check.claims.multi_turn.sequence_costs import (
    _Values,
    expected_run,
    expected_trials,
    needle_draws,
    probability_of_missing,
    rewarded,
    run_bounds,
    run_parameters,
    sequence_draws,
    trials_bounds,
)
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact import to_decimal

BIT: _Values = ((fmpq(1), 1), (fmpq(4), 1))


def test_trials_of_a_constant_by_hand() -> None:
    # every trial accepts with 1/2: 1 + 1/2 + 1/4
    assert expected_trials(((fmpq(3), 5),), fmpq(2), 2) == fmpq(7, 4)
    assert expected_trials(((fmpq(3), 5),), fmpq(1), 9) == 1


def test_trials_of_one_bit_by_hand() -> None:
    # N = 1, M = 16/5.  Zhat = 1: a = (5/16 + 1)/2 = 21/32, the 4 is truncated.  Zhat = 4: a = (5/64 + 5/16)/2 = 25/128.
    assert expected_trials(BIT, fmpq(16, 5), 1) == (fmpq(1 + 1 - fmpq(21, 32)) + fmpq(1 + 1 - fmpq(25, 128))) / 2


def by_multisets(values: _Values, M: Fraction, N: int) -> Fraction:
    """The mean number of trials, over all ``N``-tuples by their counts, in the standard library's fractions."""
    law = {Fraction(int(v.p), int(v.q)): Fraction(n, sum(k for _, k in values)) for v, n in values}
    mean = Fraction(0)
    for counts in product(range(N + 1), repeat=len(law)):
        if sum(counts) == N:
            ways = prod(comb(sum(counts[i:]), n) for i, n in enumerate(counts))
            z_hat = sum((v * n for v, n in zip(law, counts, strict=True)), Fraction(0)) / N
            refused = 1 - sum((p * min(Fraction(1), v / (z_hat * M)) for v, p in law.items()), Fraction(0))
            weight = ways * prod((p**n for p, n in zip(law.values(), counts, strict=True)), start=Fraction(1))
            mean += weight * sum((refused**i for i in range(N + 1)), Fraction(0))
    return mean


POSITIVE = st.builds(Fraction, st.integers(1, 12), st.integers(1, 6))
COUNTS = st.dictionaries(POSITIVE, st.integers(1, 4), min_size=2, max_size=3)


def values_of(counts: dict[Fraction, int]) -> _Values:
    return tuple((fmpq(v.numerator, v.denominator), n) for v, n in sorted(counts.items()))


@given(COUNTS, POSITIVE, st.integers(1, 5))
def test_trials_against_multisets(counts: dict[Fraction, int], M: Fraction, N: int) -> None:
    values, bound = values_of(counts), fmpq(M.numerator, M.denominator)
    mean = by_multisets(values, M, N)
    assert expected_trials(values, bound, N) == fmpq(mean.numerator, mean.denominator)


@given(COUNTS, st.integers(0, 3), st.integers(1, 40))
def test_trials_lie_between_their_bounds(counts: dict[Fraction, int], more: int, N: int) -> None:
    values = values_of(counts)
    Z = sum((v * n for v, n in values), fmpq(0)) / sum(n for _, n in values)
    M = 2 * values[-1][0] / Z + more
    low, high = trials_bounds(values, M, N)
    assert low <= expected_trials(values, M, N) <= high


def test_the_bounds_are_those_of_the_proof() -> None:
    # X in {1, 4}, Z = 5/2, variance 9/4, u = 10/9; M = 16/5, N = 18; one bit, 8 pairs, with missing = 2^-8
    p = run_parameters(1, 4, 1)
    with mpmath.workdps(60):
        M, Z, N = mpmath.mpf(16) / 5, mpmath.mpf(5) / 2, 18
        u, v = mpmath.mpf(10) / 9, (N + 1) / (M * N * Z)
        eps = mpmath.exp(u * N * Z / 2) * ((mpmath.exp(-u) + mpmath.exp(-4 * u)) / 2) ** N
        moment, first = (mpmath.exp(v) + mpmath.exp(4 * v)) / 2, (mpmath.exp(v) + 4 * mpmath.exp(4 * v)) / 2
        never = mpmath.exp(-2 * (N + 1) / M) * moment ** (N - 1) * first * M / Z
        low, high = M - eps * M / 2 - never, M + (N + 1) * eps
        run = [16 + 3 * N + 3 + (255 * low + 1) / 256, 16 + 3 * N + 3 + (255 * high + N + 1) / 256]
        wanted = [mpmath.nstr(value, 40, strip_zeros=False) for value in (low, high, *run)]
    found = (*trials_bounds(BIT, p.M, p.draws), *run_bounds(1, 4, p))
    assert [to_decimal(value, 40).text for value in found] == wanted


@pytest.mark.parametrize("H", [1, 2, pytest.param(3, marks=pytest.mark.slow), pytest.param(4, marks=pytest.mark.slow)])
def test_the_bounds_of_a_round_are_close_and_the_exact_mean_is_long(H: int) -> None:
    p = run_parameters(H, 4, "1/16")
    low, high = trials_bounds(rewarded(H, 4), p.M, p.draws)
    mean = expected_trials(rewarded(H, 4), p.M, p.draws)
    assert low <= mean <= high
    assert high - low <= fmpq(1, 10**4)
    bits = {1: 5_324, 2: 125_641, 3: 1_268_110, 4: 5_794_171}  # "1.3 million bits at H = 3 and 5.8 million at H = 4"
    assert int(mean.q).bit_length() == bits[H]


@pytest.mark.slow
def test_three_bits_exactly() -> None:
    p = run_parameters(3, 4, "1/16")
    low, high = run_bounds(3, 4, p)
    assert low <= expected_run(3, 4, p) <= high


@pytest.mark.parametrize(("H", "pairs"), [(1, 1), (1, 5), (2, 1), (2, 2), (2, 4), (3, 2), (3, 3)])
def test_missing_against_the_rank_of_all_pairs(H: int, pairs: int) -> None:
    differences = Counter(
        tuple(a - b for a, b in zip(y1, y2, strict=True)) for y1, y2 in product(product((0, 1), repeat=H), repeat=2)
    )
    missing = 0
    for rows in product(differences, repeat=pairs):
        if fmpz_mat(pairs, H, [entry for row in rows for entry in row]).rank() < H:
            missing += prod(differences[row] for row in rows)
    exactly = fmpq(missing, 4 ** (H * pairs))
    assert exactly <= probability_of_missing(H, pairs)
    assert H > 1 or exactly == probability_of_missing(H, pairs)


def test_a_run_by_hand() -> None:
    # H = 1, one pair, M = 1, N = 6: the pair is equal with probability 1/2.  Then f = 0 and the first trial accepts.
    p = SpannerSampling(1, 1, 1, 1, 1, mode="span")
    trials = expected_trials(BIT, fmpq(1), 6)  # the factor 4^-y2 does not matter
    assert expected_run(1, 4, p) == 2 + 1 + 6 + (1 + trials) / 2 + 2 * 6 + 2


@pytest.mark.parametrize(
    ("p", "message"),
    [
        (SpannerSampling(8, 2, 1, 4, 1, mode="span"), "n_pair = 2"),
        (SpannerSampling(8, 1, 2, 4, 1, mode="span"), "t_exp = 2"),
        (SpannerSampling(8, 1, 1, 4, 1), "mode ridge"),
    ],
)
def test_other_inputs_are_refused(p: SpannerSampling, message: str) -> None:
    for mean in (expected_run, run_bounds):
        with pytest.raises(ValueError, match=message):
            mean(1, 4, p)


def test_bounds_refuse_what_they_do_not_hold_for() -> None:
    with pytest.raises(ValueError, match="needs M >= 2 max X/E X = 16/5"):
        trials_bounds(BIT, fmpq(3), 9)
    with pytest.raises(ValueError, match="at least two values"):
        trials_bounds(((fmpq(1), 2),), fmpq(3), 9)


@pytest.mark.parametrize("H", range(1, 9))
def test_needle_draws_are_the_least_of_their_definition(H: int) -> None:
    literal = next(T for T in range(1000) if 1 - (1 - fmpq(1, 2**H)) ** T / 2 >= fmpq(3, 4))
    assert needle_draws(H) == literal


def test_sequence_draws_by_hand() -> None:
    # N = ceil(4 M log(4/delta)), M = 2 (8/5)^2 = 5.12, delta = 1/16: 20.48 * 4.1589 = 85.17
    assert sequence_draws(2, "8/5", "1/16") == 86
    assert sequence_draws(1, 1, 1) == 12  # 8 log 4 = 11.09
