"""The claims on MTSS and on what tokens cost: witnesses, mutations, and every check can fail; costs by brute force."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from importlib import import_module
from itertools import product

import pytest
from flint import fmpq

from proofs_check.claims import section9_costs, section9_mtss, section9_mtss_limits, section9_mtss_setting
from proofs_check.ledger import Claim
from proofs_check.token_costs import (
    TokenCosts,
    exact_sequence_round,
    expected_t_comp,
    most_t_comp,
    needle_draws,
    probability_of_covering,
    sequence_draws,
    sequence_round,
)
from reference.algorithms.mtss import mtss
from reference.algorithms.mtss_parameters import MTSSParameters
from reference.algorithms.softmax_sampler import softmax_sampler
from reference.catalog import load_tokens
from reference.constructions.fair_bits import fair_bits
from reference.constructions.opposite_rewards import opposite_rewards
from reference.exact import log, real
from reference.interaction.choice import Choice, law_of
from reference.interaction.token_world import play_tokens
from reference.interaction.world import World
from reference.model.token_convert import to_problem
from reference.model.token_policy import token_base
from tests.proofs_check.claim_trials import claim_holds, evidence, fails, mutation_is_rejected, witness_holds

CLAIMS = section9_mtss.CLAIMS + section9_mtss_limits.CLAIMS + section9_costs.CLAIMS


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_witness_holds_and_the_mutation_is_rejected(claim: Claim) -> None:
    witness_holds(claim)
    mutation_is_rejected(claim)


@pytest.mark.slow
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_claim_holds(claim: Claim) -> None:
    claim_holds(claim)


def says(check: Callable[..., object], *members: object) -> str:
    """Return what the first violated case claims."""
    found = evidence(check, *members)
    assert not found.trouble
    assert found.counterexample is not None
    return found.counterexample.statement


# ------------------------------------------------------------------------------------------ broken code is noticed


def test_restarts_notices_a_run_that_passes_or_asks_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    check, member = section9_mtss.restarts_in_runs, load_tokens("fair-bits-3")
    right = section9_mtss_setting.run
    with monkeypatch.context() as patch:
        patch.setattr(section9_mtss, "run", lambda *a: right(*a)._replace(passes=9))
        assert says(check, member) == "passes <= n + 1"
    with monkeypatch.context() as patch:
        patch.setattr(section9_mtss, "run", lambda *a: right(*a)._replace(t_data=99))
        assert says(check, member) == "T_data <= n (n + 1)"
    assert not fails(partial(check, seeds=1), member)


def test_restarts_notices_vectors_that_are_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    right = section9_mtss_setting.run

    def twice(*arguments: object) -> section9_mtss_setting.Run:
        found = right(*arguments)  # type: ignore[arg-type]  # passed on
        return found._replace(vectors=tuple(v * 4 for v in found.vectors), passes=1, t_data=0)

    monkeypatch.setattr(section9_mtss, "run", twice)
    assert fails(section9_mtss.restarts_in_runs, load_tokens("fair-bits-3"))


def test_exactness_notices_a_wrong_parameter_and_a_wrong_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    check, member = section9_mtss.exact_in_runs, load_tokens("fair-bits-3")
    right = section9_mtss_setting.fitted

    def off(*arguments: object) -> section9_mtss_setting.Fitted:
        found = right(*arguments)  # type: ignore[arg-type]  # passed on
        first, *others = found.layers
        return found._replace(layers=(first._replace(theta=(log(3),)), *others))

    with monkeypatch.context() as patch:
        patch.setattr(section9_mtss, "fitted", off)
        assert says(check, member).startswith("(i) theta_1 = theta*_1")
    with monkeypatch.context() as patch:
        patch.setattr(section9_mtss, "ideal_token_policy", lambda problem, _: token_base(problem))
        assert says(check, member).startswith("(ii) line 8 draws from pi*_")
    monkeypatch.setattr(section9_mtss, "token_gap", lambda *_: fmpq(1))
    assert says(check, member) == "(iii) the returned policy is pi*"


def test_exactness_notices_returns_that_are_not_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("reference.algorithms.mtss"), "real_sum", lambda _: real(0))
    assert fails(section9_mtss.exact_in_law, load_tokens("clean-sweep"))
    assert fails(section9_mtss.exact_in_runs, load_tokens("markov-bits"))


def test_the_probability_of_a_wrong_sweep_notices_cached_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    check, member = partial(section9_mtss.not_certified, sweeps=2), load_tokens("clean-sweep")
    assert not fails(check, member)
    monkeypatch.setattr(section9_mtss, "log", lambda _: log(3))
    assert fails(check, member)


def test_rounding_notices_a_coarser_grid_and_a_larger_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    check, member = section9_mtss_limits.rounding_error, fair_bits(3, log(3))
    assert not fails(partial(check, seeds=2), member)
    with monkeypatch.context() as patch:
        patch.setattr(section9_mtss_limits, "token_gap", lambda *_: fmpq(100))
        assert says(check, member) == "gap <= 2 sum_h eta_h"
    monkeypatch.setattr(section9_mtss_limits, "kappa", lambda *_: fmpq(1, 10**6))
    assert says(check, member).startswith("|f_")


def test_the_rounding_claim_sees_runs_that_cover_everything() -> None:
    for member in section9_mtss_limits.EXACT_BITS.each():
        assert evidence(section9_mtss_limits.rounding_error, member).cases >= 4


def test_unrealizable_notices_a_wrong_gap_and_a_wrong_probability(monkeypatch: pytest.MonkeyPatch) -> None:
    check, member = section9_mtss_limits.wrong_everywhere, opposite_rewards(log(3))
    assert not fails(check, member)
    with monkeypatch.context() as patch:
        patch.setattr(section9_mtss_limits, "decide_realizability", lambda _: True)
        assert says(check, member) == "not realizable"
    right = section9_mtss_limits.end
    with monkeypatch.context() as patch:
        patch.setattr(section9_mtss_limits, "end", lambda q, p, c: right(q, replace(p, n_pair=3), c))
        assert says(check, member) == "P(pi_ref is returned)"
    monkeypatch.setattr(section9_mtss_limits, "token_gap", lambda *_: fmpq(0))
    assert fails(partial(section9_mtss_limits.left_with, seeds=1), load_tokens("linear-not-realizable"))


def test_costs_notice_wrong_recursions(monkeypatch: pytest.MonkeyPatch) -> None:
    recursion, between, naming = section9_costs.recursion, section9_costs.between, section9_costs.naming
    assert not fails(recursion, (1, 1, 1))
    assert not fails(between, 1)
    assert not fails(naming, 2)
    with monkeypatch.context() as patch:
        patch.setattr(section9_costs, "expected_t_comp", lambda *a: expected_t_comp(*a) + 1)
        assert says(recursion, (1, 1, 1)) == "E T_comp, two ways"
    with monkeypatch.context() as patch:
        patch.setattr(section9_costs, "expected_t_comp", lambda *a: expected_t_comp(*a) * 3)
        assert says(between, 1).startswith("E T_comp with N + 1 draws")
    with monkeypatch.context() as patch:
        patch.setattr(section9_costs, "expected_t_comp", lambda *a: expected_t_comp(*a) / 3)
        assert says(between, 1).startswith("E T_comp with 2N + 1 draws")
    monkeypatch.setattr(section9_costs, "gap", lambda *_: fmpq(1))
    assert says(naming, 2) == "H + 1 named rewards give pi*"


@pytest.mark.parametrize(
    ("name", "change", "statement"),
    [
        ("sequence_coverage", lambda C: C * 2, "C_cov = C_cond^H"),
        ("expected_t_comp", lambda t: t * 1000, "E T_comp <="),
        ("probability_of_covering", lambda p: p / 2, "P(MTSS returns pi*)"),
        ("sequence_draws", lambda N: N // 2, "N >= 8 C_cond^H"),
        ("needle_draws", lambda T: T - 1, "T draws name the needle"),
        ("needle_draws", lambda T: T + 1, "T - 1 draws do not"),
        ("sequence_draws", lambda N: N - 1, "N >= 8 C_cond^H"),
        ("sequence_round", lambda ends: (ends[0] - 1, ends[1]), "N + 2 draws a round"),
        ("sequence_round", lambda ends: (ends[0], ends[1] * 2), "and less than an eighth more"),
        ("exact_sequence_round", lambda mean: mean / 2, "the exact mean of a round is no less"),
        ("exact_sequence_round", lambda mean: mean * 2, "the exact mean of a round is no more"),
    ],
)
def test_the_row_of_the_table_notices_each_wrong_entry(
    monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[object], object], statement: str
) -> None:
    right = getattr(section9_costs, name)
    assert not fails(section9_costs.against_sequences, 2)
    monkeypatch.setattr(section9_costs, name, lambda *a: change(right(*a)))
    assert says(section9_costs.against_sequences, 2).startswith(statement)


# ------------------------------------------------------------------------------------------------ costs, by brute force


def whole_runs(H: int, p: MTSSParameters, choice: Choice) -> tuple[int, bool]:
    """``T_comp`` and whether every layer was covered."""
    outcome = play_tokens(fair_bits(H, log(4)), lambda o: all(layer.psi for layer in mtss(o, p).layers), choice)
    assert outcome.policy is not None
    return outcome.reading.t_comp, outcome.policy


@pytest.mark.parametrize(("H", "n_roll", "n_pair"), [(1, 1, 1), (1, 3, 1), (1, 2, 3), (2, 1, 1)])
def test_mean_and_probability_are_those_of_whole_runs(H: int, n_roll: int, n_pair: int) -> None:
    p = MTSSParameters.of(n_roll, n_pair)
    law = law_of(partial(whole_runs, H, p))
    assert law.expectation(lambda run: fmpq(run[0])) == expected_t_comp(H, p, TokenCosts.listed())
    assert law.expectation(lambda run: fmpq(run[1])) == probability_of_covering(H, p)
    assert max(t for t, _ in law.outcomes) <= most_t_comp(H, p, TokenCosts.listed())


def simulated(H: int, n_roll: int, n_pair: int, costs: TokenCosts) -> tuple[fmpq, fmpq]:
    """The mean of ``T_comp`` and the probability of covering, by every coin: a pair differs or not."""

    def sweep(covered: frozenset[int]) -> Iterator[tuple[fmpq, fmpq, int | None]]:
        """Yield mass, cost, and the layer that accepts, for each way the pairs of a sweep may fall."""
        free = [h for h in range(H) if h not in covered]
        for coins in product((False, True), repeat=n_roll * len(free) * n_pair):
            left, cost, found = iter(coins), fmpq(0), None
            for _, h in product(range(n_roll), range(H)):
                for _ in range(n_pair):
                    cost += 2
                    if h in free and next(left):
                        found = h
                        break
                if found is not None:
                    break
                cost += costs.roll_in
            yield fmpq(1, 2 ** len(coins)), cost, found

    def rest(covered: frozenset[int]) -> tuple[fmpq, fmpq]:
        mean = sum((2 * (H - 1 - h) * costs.roll_out for h in covered), fmpq(0))
        chance = fmpq(0)
        for mass, cost, found in sweep(covered):
            later = (fmpq(0), fmpq(int(len(covered) == H))) if found is None else rest(covered | {found})
            mean += mass * (cost + later[0])
            chance += mass * later[1]
        return mean, chance

    return rest(frozenset())


@pytest.mark.parametrize(("H", "n_roll", "n_pair"), [(1, 2, 2), (2, 1, 2), (2, 2, 1), (2, 2, 2), (3, 1, 2), (3, 2, 1)])
def test_mean_and_probability_by_every_coin(H: int, n_roll: int, n_pair: int) -> None:
    p = MTSSParameters.of(n_roll, n_pair)
    for costs in (TokenCosts.listed(), TokenCosts.by_rejection(6, most=True), TokenCosts(fmpq(1, 3), fmpq(7))):
        mean, chance = simulated(H, n_roll, n_pair, costs)
        assert (expected_t_comp(H, p, costs), probability_of_covering(H, p)) == (mean, chance)


def test_costs_of_a_token_by_hand() -> None:
    assert TokenCosts.listed() == TokenCosts(fmpq(3), fmpq(5))
    assert TokenCosts.by_rejection(6, most=False) == TokenCosts(fmpq(8), fmpq(10))
    assert TokenCosts.by_rejection(6, most=True) == TokenCosts(fmpq(14), fmpq(16))


def test_the_bound_is_the_sum_over_passes() -> None:
    # H = 2, N_roll = 3, N_pair = 4: 3 passes, each 3 roll-ins of 2 tokens at 8 + 3, and 2 roll-outs of one token at 5
    assert most_t_comp(2, MTSSParameters.of(3, 4), TokenCosts.listed()) == 3 * (3 * 2 * 11 + 2 * 5)


@pytest.mark.parametrize("H", range(1, 9))
def test_needle_draws_are_the_least_of_their_definition(H: int) -> None:
    literal = next(T for T in range(1000) if 1 - (1 - fmpq(1, 2**H)) ** T / 2 >= fmpq(3, 4))
    assert needle_draws(H) == literal


def test_sequence_draws_by_hand() -> None:
    # N = ceil(4 M log(4/delta)), M = 2 (8/5)^2 = 5.12, delta = 1/16: 20.48 * 4.1589 = 85.17
    assert sequence_draws(2, "8/5", "1/16") == 86
    assert sequence_draws(1, 1, 1) == 12  # 8 log 4 = 11.09


def test_the_mean_of_a_round_against_the_interpreter() -> None:
    """SoftmaxSampler itself on fair bits as sequences, with the theta of the optimum and ``N`` small."""
    problem = to_problem(fair_bits(1, log(4)), features="concatenated")
    M, N = fmpq(16, 5), sequence_draws(1, "8/5", 1)

    def round_(choice: Choice) -> int:
        world = World(problem, choice)
        x = world.oracles.prompt()
        _, reference = world.oracles.weak(x)
        softmax_sampler(world.oracles, lambda phi: (phi - reference).dot_numbers(problem.theta), x, M, N)
        return world.meter.reading.weak

    law = law_of(round_)
    mean = sum((fmpq(n) * mass for n, mass in law.items() if isinstance(mass, fmpq)), fmpq(0))
    assert mean == exact_sequence_round(1, 4, 1)
    low, high = sequence_round(1, 4, 1)
    assert low <= mean <= high
