"""The needle family: hand-worked numbers, a second way to compute q(theta) and qbar, and bad parameters."""

from fractions import Fraction
from itertools import product

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from reference.constructions.needles import NeedleFamily, needle
from reference.exact import exp, real
from reference.model import coverage, optimal_value, optimum


def q_by_mpmath(C: int, beta: Fraction, theta: list[Fraction]) -> mp.mpf:
    """E_{v*}[pi_theta(i*)], every v* listed, in 60 digits."""
    d = len(theta)
    m = next(m for m in range(1, 9) if m * m == d)
    with mp.workdps(60):
        p, total = mp.mpf(1) / C, mp.mpf(0)
        for signs in product((1, -1), repeat=d):
            inner = sum((s * t for s, t in zip(signs, theta, strict=True)), Fraction(0)) / m / beta
            weight = p * mp.exp(mp.mpf(inner.numerator) / inner.denominator)
            total += weight / (1 - p + weight)
        return total / 2**d


def test_the_numbers_of_one_member() -> None:
    family = NeedleFamily.of(3, 4, 2, "1/2")
    problem = family.member(2, (1, -1, -1, 1))
    assert family.size == 48
    assert [str(problem.pi_ref(0).mass(y)) for y in range(4)] == ["3/4", "0", "1/4", "0"]
    assert [str(r) for r in problem.rewards(0)] == ["0", "0", "1", "0"]
    assert problem.phi(0, 2).norm_squared() == 1


def test_members_are_all_there_and_differ() -> None:
    members = list(NeedleFamily.of(3, 2, 1, 1).members())
    assert len(members) == NeedleFamily.of(3, 2, 1, 1).size == 6
    assert len({tuple(str(m.phi(0, y)) for y in range(4)) for m in members}) == 6


@pytest.mark.parametrize(("C", "beta"), [(2, "1/2"), (64, "1/9"), (10, 3)])
def test_closed_forms_agree_with_the_model(C: int, beta: str) -> None:
    family = NeedleFamily.of(2, C, 1, beta)
    problem = family.member(1, (-1,))
    assert coverage(problem, optimum(problem)) == family.coverage()
    difference = optimal_value(problem) - family.optimal_value()
    assert abs(float(difference.enclosure(200).abs_upper().str(5, radius=False))) < 1e-50


@given(st.integers(2, 10**6), st.integers(1, 40), st.integers(1, 2), st.data())
def test_hit_probability_against_mpmath(C: int, tenths: int, m: int, data: st.DataObject) -> None:
    beta = Fraction(tenths, 10)
    entries = data.draw(st.lists(st.integers(-4, 4), min_size=m * m, max_size=m * m))
    theta = [Fraction(n, 4 * m) for n in entries]
    family = NeedleFamily.of(1, C, m, beta)
    ball = family.hit_probability([fmpq(t.numerator, t.denominator) for t in theta]).enclosure(150)
    with mp.workdps(60):
        expected = q_by_mpmath(C, beta, theta)
        middle = mp.mpf(ball.mid().str(50, radius=False))
        assert abs(middle - expected) < expected * mp.mpf(10) ** -40


@pytest.mark.parametrize(("C", "m", "beta"), [(10**5, 3, 5), (100, 1, 1), (10, 2, 3), (2, 1, "1/10")])
def test_qbar_against_mpmath(C: int, m: int, beta: str) -> None:
    family = NeedleFamily.of(1, C, m, beta)
    with mp.workdps(60):
        b, odds = mp.mpf(int(family.beta.p)) / int(family.beta.q), mp.mpf(1) / (C - 1)
        scale = m * m * b**2
        expected = min(mp.mpf(1), odds * mp.exp(1 / (2 * scale)), mp.e * odds + mp.exp(-scale / 2))
        value = mp.mpf(family.qbar().enclosure(200).mid().str(50, radius=False))
        assert abs(value - expected) < mp.mpf(10) ** -45


def test_both_bounds_beside_each_other() -> None:
    family = NeedleFamily.of(1024, 64, 9, "1/9")
    assert family.is_learnable
    # e^(beta^2 d/2) = e^(1/2) is the least of the paper's three; ours is 3/(32 qbar) with qbar = e^(1/2)/63.
    assert str(family.paper_bound().enclosure(64).mid().str(8, radius=False)) == "1.6487213"
    assert family.our_bound() * family.qbar() == real(fmpq(3, 32))


def test_the_bound_of_the_paper_and_when_c_is_small() -> None:
    by_beta, by_coverage = NeedleFamily.of(1, 3, 2, 1), NeedleFamily.of(1, 2, 3, 1)
    assert by_beta.paper_bound() == real(exp(fmpq(1, 2)))  # e^(1/(2 beta)) < 3 < e^2
    assert by_coverage.paper_bound() == real(exp(fmpq(1, 2)))
    assert not by_coverage.is_learnable  # e^(1/2) < 2 < e
    assert NeedleFamily.of(1, 2, 3, "1/2").is_learnable  # 2 < e


def test_game_value_by_hand() -> None:
    family = NeedleFamily.of(4, 2, 1, 1)
    assert family.game_value(1, 1) == fmpq(3, 4)  # half the time drawn, else two names of four
    assert family.game_value(0, 3) == family.game_value(0, 9) == 1


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ((0, 4, 1, 1), "k = 0"),
        ((1, "3/2", 1, 1), "C >= 2"),
        ((1, 4, 0, 1), "m >= 1"),
        ((1, 4, 1, 0), "beta > 0"),
    ],
)
def test_bad_parameters_name_the_hypothesis(parameters: tuple[int, int, int, int], said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        NeedleFamily.of(*parameters)
    assert "\n" not in str(caught.value)


def test_facts_that_need_a_small_c_say_so() -> None:
    family = NeedleFamily.of(1, 100, 1, 1)
    assert not family.is_learnable
    with pytest.raises(ValueError, match=r"needs C <= e\^\(1/\(2 beta\)\) ≈1.64872"):
        family.our_bound()


def test_bad_members_and_thetas() -> None:
    family = NeedleFamily.of(2, 4, 2, 1)
    with pytest.raises(ValueError, match="needs 1 <= position <= 2"):
        family.member(3, (1,) * 4)
    with pytest.raises(ValueError, match="m\\^2 = 4"):
        family.member(1, (1, 0, 1, 1))
    with pytest.raises(ValueError, match="unit ball"):
        family.hit_probability([fmpq(1)] * 4)
    with pytest.raises(ValueError, match="dimension 4"):
        family.hit_probability([fmpq(1)])
    with pytest.raises(ValueError, match="not negative"):
        family.game_value(-1, 0)
    with pytest.raises(ValueError, match="C >= 2"):
        needle(1, 1, 1)
