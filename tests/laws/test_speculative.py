"""Speculative decoding's step: lossless if the draft was drawn from its law, and otherwise as its theorem says."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import fmpq
from hypothesis import assume, given, settings

import reference as ref
from reference.exact import exp, exp_ratio
from reference.exact.law import Law, LawError
from reference.laws import SpeculativeStep, top_k
from tests.laws.test_decoding import any_laws, mp_masses, rational_laws

SOFT_P = Law.weighted(range(3), [exp(1), 1, exp("1/2")])
SOFT_Q = Law.weighted(range(3), [1, exp(1), exp("log(2)/3")])


def step_in_fractions(p: dict[int, Fraction], q: dict[int, Fraction], d: dict[int, Fraction]) -> dict[int, Fraction]:
    """The law of the outcome, as the listing says it."""
    found: dict[int, Fraction] = {}
    rejected = Fraction(0)
    for x, mass in d.items():
        here, there = p.get(x, Fraction(0)), q.get(x, Fraction(0))
        chance = min(Fraction(1), here / there) if there else Fraction(here > 0)
        found[x] = mass * chance
        rejected += mass * (1 - chance)
    gains = {x: max(m - q.get(x, Fraction(0)), Fraction(0)) for x, m in p.items()}
    for x, gain in gains.items():
        if rejected:
            found[x] = found.get(x, Fraction(0)) + rejected * gain / sum(gains.values())
    return {x: m for x, m in found.items() if m}


def as_fractions(law: Law[int]) -> dict[int, Fraction]:
    return {x: Fraction(str(exp_ratio(mass).as_rational())) for x, mass in law.items()}


@given(rational_laws, rational_laws, rational_laws)
def test_the_law_by_fractions(p: Law[int], q: Law[int], d: Law[int]) -> None:
    assume(p != q)
    theirs = step_in_fractions(as_fractions(p), as_fractions(q), as_fractions(d))
    assert as_fractions(SpeculativeStep(p, q, d).law()) == theirs


@given(any_laws, any_laws)
@settings(max_examples=20)
def test_nothing_is_lost_if_the_draft_was_drawn_from_its_law(p: Law[int], q: Law[int]) -> None:
    step = SpeculativeStep(p, q)
    assert step.law() == p
    assert step.loss() == 0
    assert step.acceptance() == 1 - p.total_variation(q)


@given(rational_laws, rational_laws, rational_laws)
def test_at_most_the_distance_of_the_proposal_is_lost_and_nothing_only_at_distance_zero(
    p: Law[int], q: Law[int], d: Law[int]
) -> None:
    assume(p != q)
    loss = SpeculativeStep(p, q, d).loss()
    assert loss <= d.total_variation(q)
    if {*q.outcomes, *d.outcomes} <= set(p.outcomes):
        assert (loss == 0) == (d == q)


@given(any_laws, any_laws, any_laws)
@settings(max_examples=15)
def test_the_law_by_mpmath(p: Law[int], q: Law[int], d: Law[int]) -> None:
    assume(p != q)
    with mpmath.workdps(60):
        here, there, drawn = map(mp_masses, (p, q, d))
        found = {}
        for x, mass in drawn.items():
            chance = min(1, here.get(x, 0) / there[x]) if x in there else mpmath.mpf(x in here)
            found[x] = mass * chance
        rejected = 1 - mpmath.fsum(found.values())
        gains = {x: max(m - there.get(x, 0), 0) for x, m in here.items()}
        for x, gain in gains.items():
            found[x] = found.get(x, 0) + rejected * gain / mpmath.fsum(gains.values())
        mine = mp_masses(SpeculativeStep(p, q, d).law())
        assert all(abs(mine.get(x, 0) - found[x]) < mpmath.mpf(10) ** -35 for x in found)
        assert mine.keys() <= found.keys()


def test_a_draft_from_another_law_in_a_vocabulary_is_refused_with_its_size() -> None:
    rows = np.random.default_rng(1).normal(size=(3, 50)).astype("float32")
    p, q, d = (Law.weighted(range(50), [exp(fmpq(*x.as_integer_ratio())) for x in row]) for row in rows)
    assert SpeculativeStep(p, q).law() == p
    with pytest.raises(LawError, match=r"masses have about \d+ exponentials, more than 10000000; truncate"):
        SpeculativeStep(p, q, d).law()


def test_irrational_laws_and_a_draft_that_was_drawn_from_another() -> None:
    step = SpeculativeStep(SOFT_P, SOFT_Q, SOFT_P)
    assert 0 < step.loss() < SOFT_P.total_variation(SOFT_Q)
    assert step.law() != SOFT_P
    p, q = ([float(str(ref.to_decimal(m, 20)).lstrip("≈")) for _, m in law.items()] for law in (SOFT_P, SOFT_Q))
    accept = np.minimum(1, np.array(p) / q)
    gain = np.maximum(np.array(p) - q, 0)
    theirs = p * accept + (1 - np.dot(p, accept)) * gain / gain.sum()
    for x, mass in step.law().items():
        assert abs(float(str(ref.to_decimal(mass, 20)).lstrip("≈")) - theirs[x]) < 1e-14
        assert abs(float(str(ref.to_decimal(step.accepts(x), 20)).lstrip("≈")) - accept[x]) < 1e-14


def test_the_converse_needs_a_target_that_gives_whatever_the_draft_gives() -> None:
    """A truncated target rejects what it cannot give, wherever that came from."""
    p, q, d = Law.point(0), Law.uniform(range(2)), Law.of({0: "9/10", 1: "1/10"})
    assert SpeculativeStep(p, q, d).law() == p
    assert d != q
    target = top_k(Law.weighted(range(3), [3, 2, 1]), 2)
    draft = Law.uniform(range(3))
    moved = Law.of({0: fmpq(1, 3) + fmpq(4, 15) / 4, 1: fmpq(1, 3) + fmpq(1, 15) / 4, 2: fmpq(1, 4)})
    assert SpeculativeStep(target, draft, moved).law() == target
    p, q, d = (Law.weighted(range(3), weights) for weights in ([3, 1, 0], [2, 2, 0], [1, 2, 1]))
    assert SpeculativeStep(p, q, d).law() == p  # q alone has only what p has


def test_a_proposal_that_neither_law_has() -> None:
    p, d = Law.uniform(range(2)), Law.uniform(range(3))
    assert SpeculativeStep(p, Law.point(0), d).accepts(2) == 0
    assert SpeculativeStep(p, Law.point(0), d).accepts(1) == 1
    with pytest.raises(LawError, match="target and draft have equal laws: there is no residual"):
        SpeculativeStep(p, p, d).law()
    assert SpeculativeStep(p, p).acceptance() == 1


def test_the_judge_sees_a_draft_from_another_law() -> None:
    p, q = Law.of({0: "1/2", 1: "1/4", 2: "1/4"}), Law.of({0: "1/5", 1: "2/5", 2: "2/5"})
    wrong = SpeculativeStep(p, q, Law.uniform(range(3)))
    masses = [float(Fraction(str(wrong.law().mass(y)))) for y in range(3)]
    draws = np.random.default_rng(1).choice(3, size=20_000, p=masses)
    assert ref.judge_sampler(draws, p).refuted
    assert not ref.judge_sampler(draws, wrong.law()).refuted
