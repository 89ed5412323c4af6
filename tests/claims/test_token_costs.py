"""Section 9, what tokens cost against whole sequences, on fair bits: by listings of events, coins and sums."""

from fractions import Fraction
from functools import cache

import mpmath
import pytest
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from proofs_check.claims.multi_turn.sequence_costs import (
    expected_run,
    needle_draws,
    probability_of_missing,
    rewarded,
    run_bounds,
    run_parameters,
    trials_bounds,
)
from proofs_check.claims.multi_turn.token_costs import TokenCosts, expected_t_comp, probability_of_covering
from reference.algorithms.mtss import MTSS
from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import log
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.runs import play_tokens
from reference.interaction.seeded import Seeded
from reference.interaction.world import Event, World
from tests.claims.second_opinion import at_most, below, close, mp, number, same
from tests.claims.token_second_opinion import Learned, Tree

CLOSE = mp.mpf(10) ** -4


@pytest.mark.claim("token-vs-sequence")
@given(st.integers(1, 5), st.integers(2, 9), st.integers(0, 2**20))
@settings(max_examples=20)
def test_by_listing_every_run_costs_the_same_and_finds_the_optimum(H: int, earned: int, seed: int) -> None:
    problem, events = fair_bits(H, log(earned)), list[Event]()
    world = World(problem, Seeded(seed), observer=events.append)
    final = MTSS(1)(world.tokens)
    listed = sum(2 for oracle, _ in events if oracle == "listing")
    assert {oracle for oracle, _ in events} == {"prompt", "listing", "reward"}
    assert listed + final.queries_per_draw(2) == 2 * H * (H + 2)
    assert sum(oracle == "reward" for oracle, _ in events) == world.meter.reading.t_data == 2 * H
    assert world.meter.reading.t_comp == listed
    tree = Tree(problem)
    learned, star = Learned(tree, final), mp.mpf(earned) / (1 + earned)
    assert all(same(learned.law(x, prefix)[1], star) for x, prefix in tree.contexts())
    assert close(expected_t_comp(H, MTSS(1), TokenCosts.listed()), mp.mpf(2 * H * (H + 2)))


def coins(H: int, p: MTSS) -> tuple[Fraction, Fraction]:
    """The mean of ``T_comp``, and the chance that all layers are covered: coin by coin, while nothing is found.

    A look by draws takes two queries, and finds an uncovered pair with probability 1/2; a listing takes two and finds
    it.  Line 8 lists.  Nothing that is counted depends on the parameters.
    """

    @cache
    def going_on(covered: frozenset[int]) -> tuple[Fraction, Fraction]:
        fitted = [h for h in reversed(range(H)) if h in covered]
        roll_outs = [j for h in fitted for _ in range(2 * p.n_out) for j in range(h + 1, H)]
        cost, sure, alive = Fraction(0), Fraction(0), Fraction(1)
        for layer in (*roll_outs, *list(range(H)) * p.n_roll):
            chance = Fraction(layer not in covered) * (Fraction(1, 2) if p.look == "draws" else 1)
            for _ in range(p.n_pair if p.look == "draws" else 1):
                later = going_on(covered | {layer}) if chance else (Fraction(0), Fraction(0))
                cost += alive * 2 + alive * chance * later[0]
                sure += alive * chance * later[1]
                alive *= 1 - chance
            cost += alive * 2 * (p.look == "draws")
        return cost, sure + alive * (len(covered) == H)

    cost, sure = going_on(frozenset())
    return cost + 2 * H, sure


@st.composite
def lookers(draw: st.DrawFn) -> MTSS:
    n_roll, n_out = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    return draw(
        st.one_of(
            st.just(MTSS(n_roll, n_out=n_out)),
            st.integers(1, 8).map(lambda n: MTSS(n_roll, n, n_out=n_out, look="draws")),
        )
    )


@pytest.mark.claim("token-vs-sequence")
@given(st.integers(1, 4), lookers())
@example(3, MTSS(1, 8, look="draws"))
@example(5, MTSS(1, 8, look="draws"))
@settings(max_examples=25)
def test_the_mean_by_draws_is_that_of_its_coins(H: int, p: MTSS) -> None:
    cost, sure = coins(H, p)
    exact = expected_t_comp(H, p, TokenCosts.listed())
    assert exact == fmpq(cost.numerator, cost.denominator)
    assert probability_of_covering(H, p) == fmpq(sure.numerator, sure.denominator)
    assert p.look == "draws" or sure == 1
    if p.look == "draws" and (p.n_roll, p.n_pair, p.n_out) == (1, 8, 1):
        assert cost <= 18 * H**2 * (H + 1) + 2 * H
        assert sure > Fraction(996, 1000)


@pytest.mark.claim("token-vs-sequence")
@given(st.integers(1, 2), st.integers(1, 2), st.integers(2, 5))
@settings(max_examples=8)
def test_the_mean_of_whole_runs_is_that_of_their_coins(n_roll: int, n_pair: int, earned: int) -> None:
    p = MTSS(n_roll, n_pair, look="draws")

    def spent(choice: Choice) -> int:
        outcome = play_tokens(fair_bits(1, log(earned)), lambda oracles: p(oracles).queries_per_draw(2), choice)
        return outcome.reading.t_comp + (outcome.policy or 0)

    cost, _ = coins(1, p)
    assert law_of(spent).expectation(fmpq) == fmpq(cost.numerator, cost.denominator)


def mean_trials(law: dict[int, mpmath.mpf], M: mpmath.mpf, N: int) -> mpmath.mpf:
    """The mean number of trials of a round, counting the draw after ``N`` refusals.

    ``law``: of the weights ``exp(f/beta)``, which are integers.  ``Zhat`` is summed draw after draw.
    """
    sums = {0: mp.mpf(1)}
    for _ in range(N):
        after: dict[int, mpmath.mpf] = {}
        for total, mass in sums.items():
            for w, chance in law.items():
                after[total + w] = after.get(total + w, 0) + mass * chance
        sums = after
    mean = mp.mpf(0)
    for total, mass in sums.items():
        refused = 1 - mp.fsum(chance * min(mp.mpf(1), mp.mpf(w) * N / (total * M)) for w, chance in law.items())
        mean += mass * mp.fsum(refused**i for i in range(N + 1))
    return mean


@pytest.mark.claim("token-vs-sequence")
@given(st.sampled_from((4, 4, 2, 3, 6)), st.sampled_from((fmpq(1, 16), fmpq(1, 16), fmpq(1, 8))))
@settings(max_examples=8)
def test_sequences_of_one_bit_cost_their_trials(earned: int, delta: fmpq) -> None:
    """``H = 1``, where the means are sums over 54 draws or so."""
    p = run_parameters(1, earned, delta)
    C_cov, N = mp.mpf(2 * earned) / (1 + earned), p.draws
    assert close(p.M, 2 * C_cov)
    assert N == mp.ceil(4 * number(p.M) * mp.log(4 / number(delta))) >= 8 * C_cov * mp.log(4 / number(delta))
    half = mp.mpf(1) / 2
    trials = mean_trials({1: half, earned: half}, number(p.M), N)
    flat = mean_trials({1: mp.mpf(1)}, number(p.M), N)  # nothing was found: f = 0
    missed = half**p.n_prompt
    # pairs, y2, Zhat and the trials of the round, and a draw from the returned policy
    spent = 2 * p.n_prompt + 1 + N + (1 - missed) * trials + missed * flat + 2 * N + 2
    assert close(expected_run(1, earned, p), spent)
    assert close(probability_of_missing(1, p.n_prompt), missed)
    for (low, high), mean in (
        (trials_bounds(rewarded(1, earned), p.M, N), trials),
        (run_bounds(1, earned, p), spent),
    ):
        assert below(number(low), mean)
        assert below(mean, number(high))
    if (earned, delta) == (4, fmpq(1, 16)):
        assert abs(trials - 2 * C_cov) <= CLOSE
        assert abs(spent - (16 + 3 * N + 3 + 2 * C_cov)) <= 2 * mp.mpf(8) ** -1 + CLOSE
        by_draws, _ = coins(1, MTSS(1, 8, look="draws"))
        assert below(mp.mpf(by_draws.numerator) / by_draws.denominator, spent)


@pytest.mark.claim("token-vs-sequence")
@given(st.integers(1, 12))
@settings(max_examples=12)
def test_a_needle_among_sequences_takes_as_many_draws_as_there_are(H: int) -> None:
    rest, T = 1 - mp.mpf(2) ** -H, needle_draws(H)
    assert at_most(mp.mpf(3) / 4, 1 - rest**T / 2)
    assert below(1 - rest ** (T - 1) / 2, mp.mpf(3) / 4)
    assert at_most((2**H - 1) * mp.log(2), mp.mpf(T))
