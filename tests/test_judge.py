"""The judge of samplers: a right one is refuted with probability at most the error, wrong ones are refuted."""

import random
from collections import Counter
from fractions import Fraction
from itertools import product
from math import isqrt

import numpy as np
import numpy.typing as npt
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import reference as ref
from reference.exact import InexactInput, RationalLike, exp, exp_ratio
from reference.exact.law import Law

FIFTH = fmpq(1, 5)

SMALL: list[tuple[Law[int], int]] = [
    (Law.of({0: "1/100", 1: "99/100"}), 10),
    (Law.of({0: "1/20", 1: "1/4", 2: "7/10"}), 6),
    (Law.of({0: "1/3", 1: "2/3"}), 12),
    (Law.of({0: "1/1000", 1: "1/10", 2: "899/1000"}), 5),
]


@pytest.mark.parametrize(("law", "n"), SMALL)
def test_a_right_sampler_is_ever_refuted_with_probability_at_most_the_error(law: Law[int], n: int) -> None:
    """All sequences, asked after every draw: those that were refuted once stay so."""
    masses = [exp_ratio(mass).as_rational() for _, mass in law.items()]
    going = {(0,) * len(masses): fmpq(1)}
    refuted = fmpq(0)
    for _ in range(n):
        after: dict[tuple[int, ...], fmpq] = {}
        for counts, probability in going.items():
            for i, mass in enumerate(masses):
                longer = (*counts[:i], counts[i] + 1, *counts[i + 1 :])
                after[longer] = after.get(longer, fmpq(0)) + probability * mass
        going = {}
        for counts, probability in after.items():
            if ref.judge_sampler(dict(enumerate(counts)), law, FIFTH).refuted:
                refuted += probability
            else:
                going[counts] = probability
    assert refuted <= FIFTH
    assert refuted > 0  # it is not that nothing is ever refuted


def test_the_same_with_draws_in_their_order() -> None:
    law = Law.of({0: "1/8", 1: "7/8"})
    n, error = 7, fmpq(1, 2)
    refuted, seen = fmpq(0), set[tuple[int, ...]]()
    for length in range(1, n + 1):
        for drawn in product((0, 1), repeat=length):
            if drawn[:-1] in seen:
                seen.add(drawn)
            elif ref.judge_sampler(drawn, law, error).refuted:
                seen.add(drawn)
                refuted += fmpq(1, 8) ** drawn.count(0) * fmpq(7, 8) ** drawn.count(1)
    assert 0 < refuted <= error


@pytest.mark.parametrize("in_order", [False, True])
def test_false_alarms_are_no_more_frequent_than_the_error(in_order: bool) -> None:  # noqa: FBT001 - parametrized
    """40 right samplers, asked after every 40 of 240 draws."""
    law, rng = Law.weighted(range(6), [1, 2, 3, 4, 10, 20]), np.random.default_rng(8)
    highest = []
    for _ in range(40):
        drawn = rng.choice(6, size=240, p=np.array([1, 2, 3, 4, 10, 20]) / 40).tolist()
        asked = (drawn[:n] if in_order else Counter(drawn[:n]) for n in range(40, 241, 40))
        found = [ref.judge_sampler(draws, law).log_e_value for draws in asked]
        highest.append(max(value for value in found if value is not None))
    for error in (2, 5, 10, 20):
        alarms = sum(ref.exp(value) >= error for value in highest)  # what a judge with error 1/2, 1/5, .. had said
        assert alarms * error <= 40
    assert max(highest) > 0  # some rival is ahead at times


def test_power_grows_with_the_draws() -> None:
    """A sampler at temperature 10/11, 12 runs each; from about 16,000 draws on, half of them are refuted."""
    law, cold = Law.weighted(range(20), range(1, 21)), renormalised(np.arange(1.0, 21.0, dtype=np.float64) ** 1.1)
    refuted = [
        sum(
            ref.judge_sampler(dict(enumerate(np.random.default_rng(seed).multinomial(n, cold).tolist())), law).refuted
            for seed in range(12)
        )
        for n in (4_000, 16_000, 64_000)
    ]
    assert refuted[0] <= 1
    assert 1 <= refuted[1] <= 11
    assert refuted[2] == 12


K = 200
WEIGHTS = [1 + 7 * i % 31 for i in range(K)]
LAW = Law.weighted(range(K), WEIGHTS)
P = np.array(WEIGHTS) / sum(WEIGHTS)
DRAWS = 200_000


Array = npt.NDArray[np.float64]


def renormalised(p: Array) -> Array:
    normal: Array = p / p.sum()
    return normal


WRONG: dict[str, tuple[Array, str]] = {
    "one mass half": (renormalised(np.where(np.arange(K) == 13, P / 2, P)), "outcome 13"),
    "last dropped": (renormalised(np.where(np.arange(K) >= K - 16, P * 0.7, P)), "the last 16"),
    "temperature": (renormalised(P**1.07), "temperature"),
    "uniform at times": (0.96 * P + 0.04 / K, ""),
    "neighbours swapped": (P.reshape(-1, 2)[:, ::-1].ravel(), ""),
    "all masses blurred": (renormalised(P * (1 + 0.1 * (-1.0) ** np.arange(K))), "near this one"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_laws_are_refuted_and_named(name: str) -> None:
    p, said = WRONG[name]
    counts = np.random.default_rng(3).multinomial(DRAWS, p)
    verdict = ref.judge_sampler(dict(enumerate(counts.tolist())), LAW)
    assert verdict.refuted
    assert said in verdict.rival
    assert verdict.log_e_value is not None
    assert verdict.log_e_value > 20


@pytest.mark.parametrize(
    ("p", "n"),
    [(fmpq(1, 2), 2_000), (fmpq(1, 3), 2_000), (fmpq(1, 1000), 10**6), (fmpq(999, 1000), 10**6), (fmpq(1, 3), 10**8)],
)
def test_eight_deviations_are_refuted_and_four_are_not(p: fmpq, n: int) -> None:
    law = Law.of({0: p, 1: 1 - p})
    mean, deviation = int(n * p), isqrt(int(n * p * (1 - p)))
    for deviations, seen in ((-8, True), (-4, False), (0, False), (4, False), (8, True)):
        hits = mean + deviations * deviation
        assert ref.judge_sampler({0: hits, 1: n - hits}, law).refuted is seen


def test_a_tail_that_is_never_drawn_is_seen_as_a_group() -> None:
    """As in a library whose table of float32 sums stands still: each outcome is too rare to be missed, not all."""
    heavy = [10**6 * (1 + i % 3) for i in range(100)]
    law = Law.weighted(range(1000), [heavy[i // 10] if i % 10 == 0 else 1 for i in range(1000)])
    n = 2 * 10**7
    counts = np.random.default_rng(7).multinomial(n, renormalised(np.array(heavy)))
    verdict = ref.judge_sampler({10 * i: c for i, c in enumerate(counts.tolist())}, law)
    assert verdict.rival == "the 512 least likely outcomes: 0 times in 20000000 draws, about 51.46 expected"
    assert verdict.refuted


def test_right_samplers_are_not_refuted() -> None:
    rng = np.random.default_rng(4)
    for n in (10, 1000, DRAWS, 10**8):
        assert not ref.judge_sampler(dict(enumerate(rng.multinomial(n, P).tolist())), LAW).refuted
    assert not ref.judge_sampler(rng.choice(K, size=20_000, p=P), LAW).refuted
    softmax = Law.weighted(range(3), [exp(1), 1, exp("1/2")])
    p = renormalised(np.exp([1, 0, 0.5]))
    assert not ref.judge_sampler(rng.choice(3, size=50_000, p=p), softmax).refuted
    assert ref.judge_sampler(rng.choice(3, size=50_000, p=renormalised(p**1.1)), softmax).refuted


def test_repeats_are_seen_in_the_order_alone() -> None:
    rng = np.random.default_rng(5)
    blocks = [
        np.tile(rng.choice(K, size=64, p=P), 2) for _ in range(30)
    ]  # each batch comes twice: a seed is used again
    draws = np.concatenate(blocks)
    assert "repeats the draw 64 before" in ref.judge_sampler(draws, LAW).rival
    assert ref.judge_sampler(draws, LAW).refuted
    assert not ref.judge_sampler(Counter(draws.tolist()), LAW).refuted
    rng.shuffle(draws)
    assert not ref.judge_sampler(draws, LAW).refuted


def test_an_outcome_without_mass_once_in_a_hundred_million_draws_refutes() -> None:
    law = Law.of({0: "0.33", 1: "0.34", 2: "0", 3: "0.33"})  # once in millions of draws, as in a library's report
    draws = [0, 1, 3] * 1000
    assert not ref.judge_sampler(draws[:20], law).refuted
    verdict = ref.judge_sampler([*draws[:17], 2, *draws], law)
    assert (verdict.refuted, verdict.log_e_value) == (True, None)
    assert verdict.rival == "outcome 2 is off the support; it came first in draw 18"
    counted = ref.judge_sampler({0: 33 * 10**6, 1: 34 * 10**6, 2: 1, 3: 33 * 10**6}, law)
    assert counted.refuted
    assert "outcome 2 is off the support; draws of it: 1" in str(counted)
    assert ref.judge_sampler([0, 1], Law.point(0)).refuted
    assert not ref.judge_sampler([0, 0], Law.point(0)).refuted


def test_a_named_rival_sees_more() -> None:
    law, other = Law.uniform(range(50)), Law.weighted(range(50), [1 + i % 2 for i in range(50)])
    counts = Counter(np.random.default_rng(1).choice(50, size=600, p=[(1 + i % 2) / 75 for i in range(50)]).tolist())
    assert not ref.judge_sampler(counts, law).refuted
    verdict = ref.judge_sampler(counts, law, rivals={"doubled": other})
    assert verdict.refuted
    assert verdict.rival == "the rival 'doubled'"
    assert not ref.judge_sampler({1: 5}, law, rivals={"never one": Law.point(0)}).refuted  # its stake is lost


@given(st.lists(st.integers(0, 2), min_size=1, max_size=40), st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_counts_say_the_same_in_whatever_order_batches_come(drawn: list[int], source: random.Random) -> None:
    law = Law.of({0: "1/2", 1: "1/3", 2: "1/6"})
    shuffled = source.sample(drawn, len(drawn))
    first, second = (ref.judge_sampler(Counter(d), law) for d in (drawn, shuffled))
    assert (first.refuted, first.log_e_value) == (second.refuted, second.log_e_value)
    assert ref.judge_sampler(np.array(drawn), law) == ref.judge_sampler(iter(drawn), law)


# ------------------------------------------------------------------------------------------ what would have been seen


@pytest.mark.parametrize(("law", "n"), [(Law.of({0: "1/3", 1: "2/3"}), 400), (Law.weighted(range(3), [1, 2, 3]), 150)])
def test_counts_as_far_from_the_law_as_is_said_are_refuted(law: Law[int], n: int) -> None:
    """Without chance: whenever the frequencies are so far from the law, whatever the sampler was."""
    masses = [Fraction(str(mass)) for _, mass in law.items()]
    certain = fmpq(10**9 - 1, 10**9)  # no allowance for the sampler's luck
    refuted = 0
    for i in range(0, n + 1, 1 if len(masses) == 2 else 10):
        for j in [0] if len(masses) == 2 else range(0, n + 1 - i, 10):
            counts = [i, n - i] if len(masses) == 2 else [i, j, n - i - j]
            verdict = ref.judge_sampler(dict(enumerate(counts)), law, "1/1000")
            bound = verdict.seen(certain).any_law
            assert bound is not None
            distance = sum(abs(Fraction(c, n) - m) for c, m in zip(counts, masses, strict=True)) / 2
            if distance >= Fraction(str(bound)):
                assert verdict.refuted
                refuted += 1
    assert refuted > 5


def test_what_is_seen_grows_with_the_draws_and_names_its_conditions() -> None:
    law = Law.of({"a": "1/3", "b": "2/3"})
    early, later, late = (ref.judge_sampler({"a": n, "b": 2 * n}, law) for n in (1, 10**4, 10**7))
    assert early.seen() == type(early.seen())(None, None, None)
    far, near = later.seen(), late.seen()
    assert far.any_law is not None
    assert near.any_law is not None
    assert near.any_law < far.any_law / 20
    assert near.off_support is not None
    assert 69 < 3 * 10**8 * near.off_support < 70  # log(1000)
    assert "seen by now, total variation of any law   from 0.00" in str(late)
    assert "nothing: draw more" in str(early)
    with pytest.raises(ValueError, match="missed = 2: needs a probability between 0 and 1"):
        late.seen(2)


def test_samplers_that_far_away_are_seen_as_often_as_is_said() -> None:
    rng = np.random.default_rng(6)
    law, n = Law.of({0: "1/10", 1: "2/5", 2: "1/2"}), 20_000
    bound = ref.judge_sampler({0: n // 10, 1: 2 * n // 5, 2: n // 2}, law).seen("1/10").any_law
    assert bound is not None
    far = float(Fraction(str(bound)))
    for q in ([0.1 + far, 0.4 - far, 0.5], [0.1, 0.4 + far, 0.5 - far], [0.1 - far, 0.4, 0.5 + far]):
        seen = sum(ref.judge_sampler(dict(enumerate(rng.multinomial(n, q).tolist())), law).refuted for _ in range(20))
        assert seen >= 18  # nine in ten are promised, and almost all are


# ----------------------------------------------------------------------------------------------------------- bad input


COIN = Law.of({"a": "1/3", "b": "2/3"})


@pytest.mark.parametrize(
    ("draws", "error", "said"),
    [
        ({"a": -3, "b": 1}, "1/10", "the count of 'a' is -3; a count is 0 or more"),
        ({"a": 1.5}, "1/10", "the count of 'a' is 1.5; a count is an integer"),
        ({"a": "7"}, "1/10", "the count of 'a' is '7'; a count is an integer"),
        ([["a"], "b"], "1/10", r"the draw \['a'\] cannot be an outcome"),
        (7, "1/10", "7 is neither draws nor a mapping"),
        (
            np.array([["a", "b"], ["b", "b"]]),
            "1/10",
            r"the draw \['a', 'b'\] cannot be an outcome; give one value for each",
        ),
        (np.array([{"a": 1}, "b"], dtype=object), "1/10", r"the draw {'a': 1} cannot be an outcome"),
        (np.array([0.5, np.nan]), "1/10", r"draws like 0.5 \(float\), but the law has 'a' \(str\)"),
        ({"a": np.float64(2)}, "1/10", "a count is an integer"),
        ({"a": float("nan")}, "1/10", "the count of 'a' is nan; a count is an integer"),
        ([0, 1, 1], "1/10", r"draws like 0 \(int\), but the law has 'a' \(str\)"),
        (["a"], "0", "error = 0: needs a probability between 0 and 1"),
        (["a"], "1", "error = 1: needs a probability"),
        (["a"], 1e-9, "is a float"),
    ],
)
def test_bad_input_is_one_line(draws: object, error: RationalLike, said: str) -> None:
    with pytest.raises((ValueError, TypeError, InexactInput), match=said) as caught:
        ref.judge_sampler(draws, COIN, error)  # type: ignore[arg-type]  # wrong on purpose
    assert "\n" not in str(caught.value)


def test_a_law_is_wanted() -> None:
    with pytest.raises(TypeError, match=r"judge_sampler: the law is {'a': 1}; give a Law"):
        ref.judge_sampler("aab", {"a": 1})  # type: ignore[arg-type]  # wrong on purpose
    assert not ref.judge_sampler([], COIN).refuted


def test_what_numpy_gives_is_taken() -> None:
    assert not ref.judge_sampler(np.array(["a", "b", "b"]), COIN).refuted
    assert not ref.judge_sampler(np.array(["a", "b", "b"], dtype=object), COIN).refuted
    counts: dict[int, int] = dict(zip(np.arange(2), np.array([1, 2], dtype="uint8"), strict=True))
    assert not ref.judge_sampler(counts, Law.uniform(range(2))).refuted
    assert ref.judge_sampler(np.array([0.0, np.nan]), Law.uniform([0.0, 1.0])).rival.startswith("outcome nan is off")
