"""The costs on needles are what runs of the learners give, and the tuned inputs keep the guarantee."""

import pytest
from flint import fmpq

from proofs_check.claims.lower_bound import learners, tuning
from proofs_check.claims.lower_bound.learners import list_then_enumerate, simulated_learners
from proofs_check.claims.lower_bound.tuning import (
    Tuned,
    chance_of_finding,
    cost,
    gap_of_hit,
    gap_once_found,
    hit_needed,
    least_draws,
    least_pairs,
    least_when_asked,
    needed_of_all,
    separation,
    tuned,
)
from proofs_check.claims.spanner_sampling.end_to_end import first_policy
from proofs_check.claims.spanner_sampling.needles import NeedleSetting
from proofs_check.claims.spanner_sampling.setting import seeded_run, spanners
from proofs_check.ledger import Draws
from reference.algorithms.parts.cover import SpanCover
from reference.algorithms.passive import Passive
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.constructions.needles import NeedleFamily, needle
from reference.exact.law import Law
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.meter import Reading
from reference.interaction.runs import SoftmaxPolicy
from reference.interaction.world import World
from reference.laws.returned import gap_of_masses, spanner_law
from reference.model import LinearProblem, TabularPolicy, gap

THREE_QUARTERS = fmpq(3, 4)


@pytest.mark.parametrize("C", [2, 3, 8, 100])
def test_the_least_numbers_are_least(C: int) -> None:
    setting, p = NeedleSetting(C), 1 / fmpq(C)
    n = least_pairs(setting)
    assert chance_of_finding(setting, n - 1) < THREE_QUARTERS <= chance_of_finding(setting, n)
    n = least_draws(setting)
    assert 1 - (1 - p) ** (n - 1) < THREE_QUARTERS <= 1 - (1 - p) ** n


@pytest.mark.parametrize("C", [2, 4, 8])
def test_tuned_inputs_keep_the_guarantee(C: int) -> None:
    """By the exact law of phase 1 and the enclosed law of every policy it leads to."""
    setting = NeedleSetting(C)
    best = tuned(setting)
    law = spanners(setting.problem, best.inputs)
    success = law.probability(
        lambda s: (
            gap_of_masses(setting.problem, 0, spanner_law(setting.problem, first_policy(s, best.inputs), 0))
            <= fmpq(1, 4)
        )
    )
    assert success == (best.success if C > 2 else 1)  # at C = 2 even pi_ref is good enough
    assert best.success >= THREE_QUARTERS
    assert best.t_comp < cost(setting.inputs())


def test_too_few_draws_lose_the_guarantee() -> None:
    setting = NeedleSetting(64)
    best = tuned(setting).inputs
    assert gap_once_found(setting, best.M, best.delta) <= fmpq(1, 4)
    assert gap_once_found(setting, best.M / 2, best.delta) > fmpq(1, 4)


def test_the_cost_is_the_meter() -> None:
    setting = NeedleSetting(8)
    inputs = tuned(setting).inputs
    for seed in range(20):
        r = seeded_run(setting.problem, inputs, seed)
        assert r.reading.t_comp + r.policy.queries_per_draw <= cost(inputs)
        if not r.policy.psi:  # phase 1 looked at all its pairs
            assert r.reading.drawn == cost(inputs) - r.policy.queries_per_draw or r.reading.t_data == 2


@pytest.mark.parametrize("learner", ["passive", "enumerating"])
@pytest.mark.parametrize("fewer", [0, 1])
def test_the_table_is_what_the_learners_do(learner: str, fewer: int) -> None:
    """With the numbers of the table, a policy other than ``pi_ref`` has probability 3/4; with one query less, not."""
    C = 4
    t_data, t_comp = separation(NeedleSetting(C))[learner]
    problem, n = needle(C, 1, 1, 2), (t_data // 2 if learner == "passive" else t_comp - 1) - fewer

    def play(world: World[LinearProblem]) -> SoftmaxPolicy:
        return (
            Passive(n, SpanCover.empty(1))(world.oracles)
            if learner == "passive"
            else list_then_enumerate(world.oracles, n)
        )

    def outcome(choice: Choice) -> tuple[bool, Reading]:
        world = World(problem, choice)
        policy = play(world)
        return policy.theta[0] != 0, world.meter.reading

    law = law_of(outcome)
    assert (law.probability(lambda o: o[0]) >= THREE_QUARTERS) is (fewer == 0)
    if not fewer:
        assert max(reading.t_data for _, reading in law.outcomes) == t_data
        assert max(reading.t_comp for _, reading in law.outcomes) + 1 == t_comp


@pytest.mark.parametrize("C", [2, 8, 64])
def test_the_needed_hit_is_just_below_enough(C: int) -> None:
    setting = NeedleSetting(C)
    h = hit_needed(setting)
    assert gap_of_hit(setting, h + fmpq(1, 1024)) <= fmpq(1, 4) < gap_of_hit(setting, h)


def test_the_gap_of_a_hit_is_the_gap() -> None:
    setting = NeedleSetting(8)
    problem, h = setting.problem, fmpq(1, 3)
    assert gap(problem, TabularPolicy(problem, [Law.of({0: 1 - h, 1: h})])) - gap_of_hit(setting, h) < fmpq(1, 2**60)


@pytest.mark.parametrize("C", [4, 64])
def test_searching_when_asked_is_between_the_bound_and_a_search(C: int) -> None:
    setting = NeedleSetting(C)
    n, least = least_when_asked(setting), needed_of_all(setting)
    p = 1 / fmpq(C)
    assert gap_of_hit(setting, 1 - (1 - p) ** n) <= fmpq(1, 4) < gap_of_hit(setting, 1 - (1 - p) ** (n - 1))
    assert NeedleFamily.of(1024, C, 1, 1).game_value(least - 1, 4) < hit_needed(setting) * THREE_QUARTERS
    assert least <= n <= least_draws(setting)


def test_only_passive_pays_rewards_for_coverage() -> None:
    few, many = separation(NeedleSetting(8)), separation(NeedleSetting(64))
    assert [name for name in few if few[name][0] != many[name][0]] == ["passive"]
    assert all(many[name][1] >= 4 * few[name][1] for name in few)


def test_the_simulation_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    setting = NeedleSetting(64)
    poor = Tuned(setting, SpannerSampling(1, 5, 1, 1, 1, mode="span"))
    monkeypatch.setattr(tuning, "tuned", lambda _: poor)
    assert not next(tuning.simulated(Draws(40))).holds


def test_no_bound_of_the_simulated_learners_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[tuple[object, ...]] = []
    monkeypatch.setattr(learners, "frequency", lambda *a: judged.append(a))
    _ = list(simulated_learners(Draws(2)))
    bounds = [bound for _, _, _, _, bound, _ in judged]
    assert len(bounds) == 6
    assert all(isinstance(bound, fmpq) and bound < 1 for bound in bounds)


def test_a_bound_ten_times_too_small_is_refuted_by_simulation(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = NeedleFamily.qbar
    monkeypatch.setattr(NeedleFamily, "qbar", lambda family: honest(family) * fmpq(1, 10))
    assert not next(simulated_learners(Draws(150))).holds
