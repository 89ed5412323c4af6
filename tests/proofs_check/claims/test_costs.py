"""Tokens against sequences: the mutation, every entry can fail; the costs of MTSS by brute force."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import product

import pytest
from flint import fmpq

from proofs_check.claims.multi_turn import costs
from proofs_check.claims.multi_turn.sequence_costs import expected_run
from proofs_check.claims.multi_turn.token_costs import (
    TokenCosts,
    expected_t_comp,
    most_t_comp,
    probability_of_covering,
)
from reference.algorithms.mtss import MTSS
from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import log
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.runs import play_tokens
from tests.proofs_check.claim_trials import fails, says


def test_costs_notice_wrong_recursions(monkeypatch: pytest.MonkeyPatch) -> None:
    recursion, between, naming = costs.token_recursion, costs.between_by_rejection, costs.sequences_by_name
    sequences, member = costs.sequence_recursion, (1, 2, fmpq(1), fmpq(1))
    assert not fails(sequences, member)
    with monkeypatch.context() as patch:
        patch.setattr(costs, "expected_run", lambda *a: expected_run(*a) + fmpq(1, 10**9))
        assert says(sequences, member) == "E T_comp of SpannerSampling, two ways"
    case = (1, MTSS(1, 1, look="draws"))
    assert not fails(recursion, case)
    assert not fails(between, 1)
    assert not fails(naming, 2)
    with monkeypatch.context() as patch:
        patch.setattr(costs, "expected_t_comp", lambda *a: expected_t_comp(*a) + 1)
        assert says(recursion, case) == "E T_comp, two ways"
    with monkeypatch.context() as patch:
        patch.setattr(costs, "expected_t_comp", lambda *a: expected_t_comp(*a) * 3)
        assert says(between, 1).startswith("E T_comp with N + 1 draws")
    with monkeypatch.context() as patch:
        patch.setattr(costs, "expected_t_comp", lambda *a: expected_t_comp(*a) / 3)
        assert says(between, 1).startswith("E T_comp with 2N + 1 draws")
    monkeypatch.setattr(costs, "gap", lambda *_: fmpq(1))
    assert says(naming, 2) == "H + 1 named rewards give pi*"


@pytest.mark.parametrize(
    ("claim", "name", "change", "statement"),
    [
        ("tokens_by_listing", "token_coverage", lambda C: C * 2, "C_cond = 8/5"),
        ("tokens_by_listing", "coverage", lambda C: C * 2, "C_cov = C_cond^H"),
        ("tokens_by_listing", "expected_t_comp", lambda t: t + 1, "E T_comp = 2H(H+2)"),
        ("tokens_by_listing", "probability_of_covering", lambda p: p / 2, "P(MTSS returns pi*) = 1"),
        ("tokens_by_draws", "expected_t_comp", lambda t: t * 1000, "line 7 by draws: E T_comp <="),
        ("tokens_by_draws", "probability_of_covering", lambda p: p / 2, "line 7 by draws: P(pi*) > 99.6 %"),
        ("needle_by_sequences", "needle_draws", lambda T: T - 1, "T draws name the needle"),
        ("needle_by_sequences", "needle_draws", lambda T: T + 1, "T - 1 draws do not"),
        ("sequences_by_spanner", "run_parameters", lambda p: replace(p, delta=fmpq(1, 8)), "N >= 8 C_cond^H"),
        ("sequences_by_spanner", "trials_bounds", lambda e: (e[0] - 1, e[1]), "trials with the right theta >="),
        ("sequences_by_spanner", "trials_bounds", lambda e: (e[0], e[1] + 1), "trials with the right theta <="),
        ("sequences_by_spanner", "probability_of_missing", lambda q: q * 100, "P(theta* is found) > 99.6 %"),
        ("sequences_by_spanner", "run_bounds", lambda e: (e[0] - 1, e[1]), "its E T_comp >="),
        ("sequences_by_spanner", "run_bounds", lambda e: (e[0], e[1] + 1), "its E T_comp <="),
        ("sequences_by_spanner", "expected_run", lambda m: m - fmpq(1, 10), "its E T_comp, exactly, is no less"),
        ("sequences_by_spanner", "expected_run", lambda m: m + 1, "and no more than its upper bound"),
        ("tokens_below_sequences", "expected_t_comp", lambda t: t * 20, "E T_comp of MTSS < that of SpannerSampling"),
        ("tokens_below_sequences", "run_bounds", lambda e: (e[0] / 10, e[1]), "E T_comp of MTSS < that of Spanner"),
    ],
)
def test_the_claim_notices_each_wrong_number(
    monkeypatch: pytest.MonkeyPatch, claim: str, name: str, change: Callable[[object], object], statement: str
) -> None:
    decide, right = getattr(costs, claim), getattr(costs, name)
    assert not fails(decide, 1)
    monkeypatch.setattr(costs, name, lambda *a: change(right(*a)))
    assert says(decide, 1).startswith(statement)


# ------------------------------------------------------------------------------------------------ costs, by brute force


def whole_runs(H: int, p: MTSS, choice: Choice) -> tuple[int, bool]:
    """``T_comp`` and whether every layer was covered."""
    outcome = play_tokens(fair_bits(H, log(4)), lambda o: all(layer.psi for layer in p(o).layers), choice)
    assert outcome.policy is not None
    return outcome.reading.t_comp + 2 * H, outcome.policy  # a draw from the policy lists two bits, H times


@pytest.mark.parametrize(
    ("H", "p"),
    [
        *((1, MTSS(n_roll, n_pair, look="draws")) for n_roll, n_pair in ((1, 1), (2, 3))),
        (1, MTSS(3, 1, n_out=2, look="draws")),
        (2, MTSS(1)),
    ],
)
def test_mean_and_probability_are_those_of_whole_runs(H: int, p: MTSS) -> None:
    law = law_of(partial(whole_runs, H, p))
    assert law.expectation(lambda run: fmpq(run[0])) == expected_t_comp(H, p, TokenCosts.listed())
    assert law.expectation(lambda run: fmpq(run[1])) == probability_of_covering(H, p)
    assert max(t for t, _ in law.outcomes) <= most_t_comp(H, p, TokenCosts.listed())


def simulated(H: int, p: MTSS, costs: TokenCosts) -> tuple[fmpq, fmpq]:
    """The mean of ``T_comp`` and the probability of covering, by every coin: a pair that is drawn differs or not."""

    def looks(covered: frozenset[int]) -> list[tuple[int, fmpq]]:
        """Every prefix of a pass that meets no pair: its layer, and what a token costs there."""
        outs = [(h, costs.roll_out) for start in sorted(covered, reverse=True) for _ in range(2 * p.n_out)
                for h in range(start + 1, H)]  # fmt: skip
        return outs + [(h, costs.roll_in) for _ in range(p.n_roll) for h in range(H)]

    def one_pass(covered: frozenset[int]) -> Iterator[tuple[fmpq, fmpq, int | None]]:
        """Yield mass, cost, and the layer that accepts, for each way the pairs may fall."""
        going: list[tuple[fmpq, fmpq]] = [(fmpq(1), fmpq(0))]
        for h, token in looks(covered):
            after: list[tuple[fmpq, fmpq]] = []
            for mass, cost in going:
                for coins in product((False, True), repeat=p.n_pair if h not in covered else 0):
                    share = mass / 2 ** len(coins)
                    if True in coins:
                        yield share, cost + 2 * (coins.index(True) + 1), h
                    else:
                        after.append((share, cost + 2 * p.n_pair + token))
            going = after
        yield from ((mass, cost, None) for mass, cost in going)

    def rest(covered: frozenset[int]) -> tuple[fmpq, fmpq]:
        mean = chance = fmpq(0)
        for mass, cost, found in one_pass(covered):
            later = (fmpq(0), fmpq(int(len(covered) == H))) if found is None else rest(covered | {found})
            mean += mass * (cost + later[0])
            chance += mass * later[1]
        return mean, chance

    mean, chance = rest(frozenset())
    return mean + H * costs.drawn, chance


@pytest.mark.parametrize(
    ("H", "n_roll", "n_pair", "n_out"),
    [(1, 2, 2, 2), (2, 1, 2, 1), (2, 2, 1, 1), (2, 2, 2, 3), (3, 1, 2, 1), (3, 2, 1, 2)],
)
def test_mean_and_probability_by_every_coin(H: int, n_roll: int, n_pair: int, n_out: int) -> None:
    p = MTSS(n_roll, n_pair, n_out=n_out, look="draws")
    for each in (TokenCosts.listed(), TokenCosts.by_rejection(6, most=True), TokenCosts(fmpq(1, 3), fmpq(7), fmpq(2))):
        mean, chance = simulated(H, p, each)
        assert (expected_t_comp(H, p, each), probability_of_covering(H, p)) == (mean, chance)


def test_by_listing_layer_after_layer_is_covered() -> None:
    """``H`` passes of one listing; then ``2 N_out`` roll-outs of ``H(H-1)/2`` tokens, ``N_roll`` roll-ins, a draw."""
    for H, n_roll, n_out in product(range(1, 7), (1, 4), (1, 3)):
        p = MTSS(n_roll, n_out=n_out)
        by_hand = 2 * H + 2 * n_out * H * (H - 1) + 2 * H * n_roll + 2 * H
        assert expected_t_comp(H, p, TokenCosts.listed()) == by_hand
        assert probability_of_covering(H, p) == 1
        assert by_hand <= most_t_comp(H, p, TokenCosts.listed())


def test_costs_of_a_token_by_hand() -> None:
    assert TokenCosts.listed() == TokenCosts(fmpq(2), fmpq(2), fmpq(2))
    assert TokenCosts.by_rejection(6, most=False) == TokenCosts(fmpq(8), fmpq(10), fmpq(14))
    assert TokenCosts.by_rejection(6, most=True) == TokenCosts(fmpq(14), fmpq(16), fmpq(14))


def test_the_bound_is_the_sum_over_passes() -> None:
    # H = 2, N_roll = 3, N_pair = 4: 3 passes, each 3 roll-ins of 2 tokens at 8 + 2, and 2 roll-outs of one token
    drawn, listed = MTSS(3, 4, look="draws"), TokenCosts.listed()
    assert most_t_comp(2, drawn, listed) == 3 * (3 * 2 * 10 + 2 * 10) + 2 * 2
    assert most_t_comp(2, MTSS(3, n_out=5), listed) == 3 * (3 * 2 * 2 + 5 * 2 * 2) + 2 * 2
    for H in range(1, 13):  # as the claim writes it
        assert most_t_comp(H, MTSS(1, 8, look="draws"), listed) == 18 * H**2 * (H + 1) + 2 * H


def test_runs_notice_a_dear_run_and_another_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not fails(costs.listing_runs, 3)
    for name, statement in (("BITS", "T_comp = 2H(H+2)"), ("gap", "pi* is returned")):
        with monkeypatch.context() as patch:
            patch.setattr(costs, name, 3 if name == "BITS" else lambda *_: fmpq(1))
            assert says(costs.listing_runs, 3) == statement
    monkeypatch.setattr(costs, "LISTING", MTSS(1, n_out=2))
    assert fails(costs.listing_runs, 2)
