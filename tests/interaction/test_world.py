from collections.abc import Callable

import pytest
from flint import fmpq

from reference.catalog import load
from reference.exact import LogLinear, log, loglinear
from reference.exact.law import Law
from reference.interaction import (
    At,
    Budget,
    BudgetExceeded,
    Event,
    Oracles,
    Outcome,
    Reading,
    Seeded,
    World,
    law_of,
    play,
)
from reference.model import LinearProblem, Prompt, Response
from tests.interaction.scripted import Scripted


def little(beta: str = "1") -> LinearProblem:
    """Two prompts; the third response to the first one has base mass zero."""
    first = [Response.of("a", "1/2", [1, 0]), Response.of("b", "1/2", [0, 1]), Response.of("c", 0, ["3/5", "4/5"])]
    second = [Response.of("d", "1/3", [0, 0]), Response.of("e", "2/3", [0, -1])]
    prompts = [Prompt.of("x", first, rho="1/4", baseline=2), Prompt.of("z", second, rho="3/4")]
    return LinearProblem.of("little", prompts, theta=["log(2)", 1], beta=beta, B=2, R_max=2)


def test_a_learner_sees_oracles_and_public_knowledge_only() -> None:
    public = {name for name in dir(World(little("1/2"), Seeded(1)).oracles) if not name.startswith("_")}
    assert public == {"beta", "dimension", "prompt", "weak", "strong", "reward", "draw", "loop", "iterate", "part"}
    oracles = World(little("1/2"), Seeded(1)).oracles
    assert (oracles.beta, oracles.dimension) == (fmpq(1, 2), 2)


def test_whole_responses_cannot_be_listed() -> None:
    """On the needle with C = 2^20 one listing would find it for T_comp = 2, and coverage would bound nothing."""
    with pytest.raises(AttributeError):
        _ = World(little(), Seeded(1)).oracles.listing  # type: ignore[attr-defined]  # what is tested


def test_both_views_share_a_meter_and_the_random_source() -> None:
    world = World(little(), Seeded(1))
    world.oracles.weak(0)
    world.tokens.weak(At(0, ()))
    world.tokens.listing(At(0, ()))
    assert world.meter.reading == Reading(weak=(2,), listed=(len(world.problem.support(0)),))


def test_the_noise_of_the_problem_is_the_noise_of_its_world() -> None:
    plain, noise = little(), Law.uniform([fmpq(-1), fmpq(1)])
    noisy = LinearProblem.of(
        plain.name, plain.prompts, theta=plain.theta, beta=plain.beta, B=plain.B, R_max=plain.R_max, noise=noise
    )
    r = plain.reward(0, 0)
    assert law_of(lambda choice: World(noisy, choice).oracles.reward(0, 0)) == Law.uniform([r - 1, r + 1])
    silent = law_of(lambda choice: World(noisy, choice, noise=Law.point(fmpq(0))).oracles.reward(0, 0))
    assert silent == Law.point(r)


def test_laws_of_the_oracles() -> None:
    problem = little()
    base = law_of(lambda choice: World(problem, choice).oracles.weak(1))
    assert base == Law.of({(0, problem.phi(1, 0)): "1/3", (1, problem.phi(1, 1)): "2/3"})
    assert law_of(lambda choice: World(problem, choice).oracles.prompt()) == Law.of({0: "1/4", 1: "3/4"})
    # pi_theta(a) : pi_theta(b) = exp(log 3) : 1 at theta = (log 3, 0), and base mass zero stays zero
    theta = (log(3), loglinear(0))
    assert law_of(lambda choice: World(problem, choice).oracles.strong(0, theta)[0]) == Law.of({0: "3/4", 1: "1/4"})


def test_a_run_by_hand_is_counted_and_observed() -> None:
    problem, seen = little(), list[Event]()
    error = Law.uniform([fmpq(-1), fmpq(1)])
    world = World(problem, Scripted([1, 1, 0, True, fmpq(-1)]), noise=error, observer=seen.append)
    oracles = world.oracles
    theta = (log(2), loglinear(0))
    assert oracles.prompt() == 1
    assert oracles.weak(1) == (1, problem.phi(1, 1))
    assert oracles.strong(0, theta) == (0, problem.phi(0, 0))
    assert oracles.draw(Law.bernoulli("1/3"))  # the learner's own coin is no query
    assert oracles.reward(0, 1) == 1 + 2 - 1
    assert world.meter.reading == Reading(prompts=1, weak=(1,), strong=1, reward=1)
    reward = "reward", (0, 1, LogLinear(fmpq(2)))
    assert seen == [("prompt", (1,)), ("weak", (1, 1)), ("strong", (0, theta, 0)), reward]


def test_rewards_of_every_response_base_mass_zero_included() -> None:
    oracles = World(little(), Seeded(1)).oracles
    assert oracles.reward(0, 2) == log(2) * fmpq(3, 5) + fmpq(4, 5) + 2
    assert oracles.reward(1, 1) == -1


def test_noise_is_added_to_rewards() -> None:
    noise = Law.of({fmpq(-1): "2/3", fmpq(2): "1/3"})
    law = law_of(lambda choice: World(little(), choice, noise=noise).oracles.reward(0, 1))
    assert law == Law.of({LogLinear(fmpq(2)): "2/3", LogLinear(fmpq(5)): "1/3"})


def test_biased_noise_is_refused() -> None:
    with pytest.raises(ValueError, match="mean 1/2; subtract it"):
        World(little(), Seeded(1), noise=Law.uniform([fmpq(0), fmpq(1)]))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (lambda o: o.weak(2), "prompt 2 of a problem with 2 prompts"),
        (lambda o: o.weak(-1), "prompt -1"),
        (lambda o: o.strong(2, (loglinear(0), loglinear(0))), "prompt 2"),
        (lambda o: o.strong(0, (loglinear(0),)), "1 entries, but the features have 2"),
        (lambda o: o.strong(0, (loglinear(2), loglinear("1/1000"))), r"outside the declared ball \|\|theta\|\|_2 <= 2"),
        (lambda o: o.strong(0, (log(2), loglinear(2))), "outside the declared ball"),
        (lambda o: o.reward(0, 3), "response 3 of prompt 0, which has 3 responses"),
        (lambda o: o.reward(1, -1), "response -1 of prompt 1, which has 2 responses"),
        (lambda o: o.reward(-1, 0), "prompt -1"),
    ],
)
def test_impossible_queries_are_refused_and_not_counted(query: Callable[[Oracles], object], message: str) -> None:
    seen: list[Event] = []
    world = World(little(), Seeded(1), observer=seen.append)
    with pytest.raises(ValueError, match=message):
        query(world.oracles)
    assert world.meter.reading == Reading()
    assert seen == []


def test_the_boundary_of_the_ball_is_allowed() -> None:
    oracles = World(little(), Seeded(1)).oracles
    for theta in (["6/5", "-8/5"], ["2", "0"], ["log(2)", "1"]):
        oracles.strong(0, tuple(loglinear(t) for t in theta))


@pytest.mark.parametrize(
    ("budget", "query"),
    [
        (Budget(prompts=0), lambda o: o.prompt()),
        (Budget(weak=0), lambda o: o.weak(0)),
        (Budget(strong=0), lambda o: o.strong(0, (loglinear(0), loglinear(0)))),
        (Budget(reward=0), lambda o: o.reward(0, 0)),
    ],
)
def test_a_refused_query_is_neither_drawn_nor_observed(budget: Budget, query: Callable[[Oracles], object]) -> None:
    seen: list[Event] = []
    world = World(little(), Scripted([]), budget=budget, observer=seen.append)
    with pytest.raises(BudgetExceeded):
        query(world.oracles)
    assert world.meter.reading == Reading()
    assert seen == []


def count_heads(oracles: Oracles) -> int:
    """Three flips; a head costs a reward query, and every flip a weak one."""

    def flip(heads: int) -> int:
        y, _ = oracles.weak(0)
        if y == 0:
            oracles.reward(0, 0)
        return heads + (y == 0)

    return oracles.iterate(0, flip, 3)


@pytest.mark.parametrize("merge", [True, False])
def test_a_budget_that_runs_out_inside_a_loop_ends_that_branch_only(merge: bool) -> None:  # noqa: FBT001 - a parameter of the test
    law = law_of(lambda choice: play(load("two-arms"), count_heads, choice, budget=Budget(reward=1)), merge=merge)
    stopped: dict[Outcome[int], str] = {  # after the second head, which comes at the second or at the third flip
        Outcome(None, Reading(weak=(2,), reward=1), "reward"): "1/4",
        Outcome(None, Reading(weak=(3,), reward=1), "reward"): "1/4",
    }
    ended: dict[Outcome[int], str] = {
        Outcome(0, Reading(weak=(3,)), None): "1/8",
        Outcome(1, Reading(weak=(3,), reward=1), None): "3/8",
    }
    assert law == Law.of({**stopped, **ended})


@pytest.mark.parametrize("merge", [True, False])
def test_budgets_pass_through_nested_loops(merge: bool) -> None:  # noqa: FBT001 - a parameter of the test
    def learner(oracles: Oracles) -> int:
        return oracles.iterate(0, lambda n: n + oracles.iterate(0, lambda k: k + 1 - oracles.weak(0)[0], 2), 2)

    law = law_of(lambda choice: play(load("two-arms"), learner, choice, budget=Budget(weak=3)), merge=merge)
    assert law == Law.point(Outcome(None, Reading(weak=(3,)), "weak"))
    free = law_of(lambda choice: play(load("two-arms"), learner, choice), merge=merge)
    masses = {0: "1/16", 1: "4/16", 2: "6/16", 3: "4/16", 4: "1/16"}
    assert free == Law.of((Outcome(n, Reading(weak=(4,)), None), mass) for n, mass in masses.items())


@pytest.mark.parametrize("merge", [True, False])
def test_readings_are_part_of_the_state(merge: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Merging may not mix up states that differ in nothing but their counts."""

    def learner(oracles: Oracles) -> None:
        def step(_: None) -> None:
            if oracles.draw(Law.bernoulli("1/3")):
                oracles.prompt()

        return oracles.iterate(None, step, 2, key=lambda _: 0)

    law = law_of(lambda choice: play(load("two-arms"), learner, choice).reading.prompts, merge=merge)
    assert law == Law.of({0: "4/9", 1: "4/9", 2: "1/9"})


def test_until_is_asked_before_every_round_and_the_reading_goes_on_afterwards() -> None:
    def learner(oracles: Oracles) -> int:
        seen = oracles.iterate(0, lambda n: n + 1 + 0 * oracles.weak(0)[0], 5, until=lambda n: n == 2)
        oracles.reward(0, 0)
        return seen

    outcome = play(load("two-arms"), learner, Seeded(3))
    assert outcome == Outcome(2, Reading(weak=(2,), reward=1), None)
    assert outcome.t_data == 1
    assert law_of(lambda choice: play(load("two-arms"), learner, choice)) == Law.point(outcome)


def test_other_errors_of_a_learner_are_not_swallowed() -> None:
    def learner(oracles: Oracles) -> int:
        return oracles.iterate(0, lambda n: n // oracles.weak(0)[0], 1)

    with pytest.raises(ZeroDivisionError):
        law_of(lambda choice: play(load("two-arms"), learner, choice))
