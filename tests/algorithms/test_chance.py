"""How often the gap is small enough: against the law of what is returned, by hand, and from runs."""

from math import comb
from typing import Literal

import pytest
from flint import fmpq

from reference.algorithms import SpannerSampling, theory_parameters
from reference.catalog import load, load_linear
from reference.exact import Undecided, rational
from reference.exact.binomial import least_probability
from reference.exact.reals import Real
from reference.laws import Chance, chance_within, largest_gap, probability_within, returned_policies, sampled_gap
from reference.laws.softmax_sampling import TooManyCounts

TWO_ARMS = load_linear("two-arms")
LEARNER = SpannerSampling(2, 1, 1, "16/3", "1/32", mode="span")


@pytest.mark.parametrize("mode", ["span", "ridge"])
@pytest.mark.parametrize(("name", "n_prompt"), [("two-arms", 3), ("two-arms-mixed", 3), ("zero-base-mass", 4)])
@pytest.mark.parametrize("eps", ["1/100", "1/20", "1/4"])
def test_it_is_that_of_the_law_of_what_is_returned(
    name: str, n_prompt: int, eps: str, mode: Literal["span", "ridge"]
) -> None:
    problem = load_linear(name)
    p = SpannerSampling(n_prompt, 2, 1, 3, "1/2", ridge="1/8", mode=mode)
    found = chance_within(problem, p, rational(eps))
    assert found == Chance(exact := probability_within(problem, returned_policies(problem, p), rational(eps)), exact)
    assert found.is_exact


def test_by_hand() -> None:
    """Two responses of mass 1/2: a prompt shows their difference with probability 1/2."""
    assert chance_within(TWO_ARMS, LEARNER, fmpq(1, 20)) == Chance(fmpq(3, 4), fmpq(3, 4))
    assert chance_within(TWO_ARMS, LEARNER, fmpq(1, 10)) == Chance(fmpq(1), fmpq(1))  # the gap of pi_ref is 0.0589


def test_another_number_of_rounds_is_refused() -> None:
    with pytest.raises(ValueError, match="t_exp = 2: what is returned follows from phase 1 only if t_exp = 1"):
        chance_within(TWO_ARMS, SpannerSampling(2, 1, 2, 3, "1/2"), fmpq(1))


@pytest.mark.parametrize("runs", [0, -3])
def test_fewer_runs_than_one_are_refused(runs: int) -> None:
    with pytest.raises(ValueError, match=rf"^runs = {runs}: needs runs >= 1$"):
        chance_within(TWO_ARMS, LEARNER, fmpq(1, 20), runs=runs)


def test_a_problem_of_tokens_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^chance_within: problem 'fair-bits-3'.*a linear problem .* is needed"):
        chance_within(load("fair-bits-3"), LEARNER, fmpq(1, 20))  # type: ignore[arg-type]  # wrong on purpose


def test_from_runs_the_interval_holds_the_chance() -> None:
    """Of 400 runs about 300 are good; an end is wrong with probability 10^-6."""
    found = chance_within(TWO_ARMS, LEARNER, fmpq(1, 20), runs=400, max_steps=0)
    assert (found.runs, found.is_exact) == (400, False)
    assert fmpq(6, 10) < rational_of(found.least) <= fmpq(3, 4) <= rational_of(found.most) < fmpq(9, 10)
    assert chance_within(TWO_ARMS, LEARNER, fmpq(1, 20), runs=20, seed=5, max_steps=0).runs == 20


def rational_of(mass: object) -> fmpq:
    assert isinstance(mass, fmpq)
    return mass


def test_a_run_ends_once_all_is_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    """10^9 rounds are run as few; where it is not looked, as many runs as the rounds allow."""
    many = SpannerSampling(10**9, 1, 1, "16/3", "1/32", mode="span")
    assert chance_within(TWO_ARMS, many, fmpq(1, 20), runs=50) == Chance(
        least_probability(50, 50, fmpq(1, 10**6)), fmpq(1), 50
    )
    monkeypatch.setattr("reference.laws.chance.MAX_PAIRS", 0)
    monkeypatch.setattr("reference.laws.chance.MAX_ROUNDS", 100)
    some = SpannerSampling(30, 1, 1, "16/3", "1/32", mode="span")
    assert chance_within(TWO_ARMS, some, fmpq(1, 20), max_steps=0).runs == 3


def test_what_is_not_decided_is_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(*_: object) -> Real:
        raise TooManyCounts

    def undecided(*_: object) -> Real:
        what = "nothing"
        raise Undecided(what)

    monkeypatch.setattr("reference.laws.chance.sampled_gap", too_large)
    found = chance_within(TWO_ARMS, LEARNER, fmpq(1, 20))
    assert (found.least, found.most, found.is_exact) == (fmpq(3, 4), fmpq(1), False)
    monkeypatch.setattr("reference.laws.chance.largest_gap", undecided)
    assert chance_within(TWO_ARMS, LEARNER, fmpq(1, 20)) == Chance(fmpq(0), fmpq(1))


@pytest.mark.parametrize("name", ["two-arms", "two-arms-mixed", "gap-quadratic-tight"])
def test_the_bound_without_the_sampler_is_a_bound(name: str) -> None:
    problem = load_linear(name)
    p = theory_parameters("1/4", "1/2", beta=problem.beta, R_max=problem.R_max, B=problem.B, dimension=1, coverage=2)
    for policy in returned_policies(problem, SpannerSampling(2, 1, 1, 8, p.parameters.delta, mode="span")).outcomes:
        assert sampled_gap(problem, policy) <= largest_gap(problem, policy, p.parameters.delta)


@pytest.mark.parametrize(("successes", "trials"), [(0, 5), (1, 5), (5, 5), (17, 20)])
def test_clopper_pearson_by_sums(successes: int, trials: int) -> None:
    def tail(p: fmpq) -> fmpq:
        terms = (comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(successes, trials + 1))
        return sum(terms, fmpq(0))

    level = fmpq(1, 100)
    found = least_probability(successes, trials, level, parts=50)
    assert found == max((fmpq(j, 50) for j in range(51) if tail(fmpq(j, 50)) <= level), default=fmpq(0))
