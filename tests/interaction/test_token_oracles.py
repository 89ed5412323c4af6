"""The world of token access: what a learner sees, what each query tells it, and what is counted."""

from collections.abc import Callable
from functools import partial

import pytest
from flint import fmpq

from reference.exact import LogLinear, log
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction import Budget, BudgetExceeded, Choice, Draw, Event, Seeded, law_of
from reference.interaction.meter import Reading
from reference.interaction.runs import Outcome, play_tokens
from reference.interaction.world import At, TokenOracles, World
from reference.model.parts import Edge, Start
from reference.model.problem import Problem
from tests.interaction.scripted import Scripted

NOTHING = Reading(0, (0, 0), (0, 0))


def little(beta: str = "1") -> Problem:
    """Two prompts, ``H = 2``, tokens a, b, c; c may follow b, with base mass zero, and earns most."""
    roots = [
        (Edge.of("a", "1/2", [1, 0], reward=1, child=0), Edge.of("b", "1/2", [0, 1], child=1)),
        (Edge.of("b", 1, ["3/5", "4/5"], child=1),),
    ]
    after = [
        (Edge.of("a", "1/3", [0]), Edge.of("b", "2/3", [1], reward="log(2)")),
        (Edge.of("b", "1/4", [1]), Edge.of("a", "3/4", [-1], reward=-1), Edge.of("c", 0, ["1/2"], reward=7)),
    ]
    prompts = [Start.of("x", rho="1/4", root=0), Start.of("z", rho="3/4", root=1)]
    return Problem.of("little", prompts, [roots, after], beta=beta, R_max=3)


def reading(prompts: int = 0, weak: tuple[int, int] = (0, 0), listed: tuple[int, int] = (0, 0)) -> Reading:
    return Reading(prompts, weak, listed)


def test_a_learner_sees_oracles_and_public_knowledge_only() -> None:
    oracles = World(little("1/2"), Seeded(1)).tokens
    public = {name for name in dir(oracles) if not name.startswith("_")}
    queries = {"prompt", "weak", "listing", "reward", "draw", "loop", "iterate", "part"}
    assert public == {"beta", "horizon", "dimensions"} | queries
    assert (oracles.beta, oracles.horizon, oracles.dimensions) == (fmpq(1, 2), 2, (2, 1))


def test_laws_of_the_oracles() -> None:
    problem = little()

    def asked(at: At, choice: Choice) -> Draw:
        return World(problem, choice).tokens.weak(at)

    assert law_of(lambda choice: World(problem, choice).tokens.prompt()) == Law.of({0: "1/4", 1: "3/4"})
    assert law_of(lambda choice: World(problem, choice).tokens.weak(At(0, ()))) == Law.of(
        {(0, Vector.of([1, 0])): "1/2", (1, Vector.of([0, 1])): "1/2"}
    )
    # Both prompts lead to the same node by token b; token c has base mass zero there and is never drawn.
    after_b = Law.of({(0, Vector.of([1])): "1/4", (1, Vector.of([-1])): "3/4"})
    for at in (At(0, (1,)), At(1, (0,))):
        assert law_of(partial(asked, at)) == after_b


def test_a_listing_has_the_support_the_masses_and_the_features_in_one_order() -> None:
    listing = World(little(), Scripted([])).tokens.listing(At(0, (1,)))
    assert listing.base == Law.of({0: "1/4", 1: "3/4"})
    assert dict(zip(listing.base.outcomes, listing.phi, strict=True)) == {0: Vector.of([1]), 1: Vector.of([-1])}


def test_a_longer_prefix() -> None:
    assert At(1, ()).then(2).then(0) == At(1, (2, 0))


def test_a_run_by_hand_is_counted_layer_by_layer_and_observed() -> None:
    seen = list[Event]()
    noise = Law.uniform([fmpq(-1), fmpq(1)])
    script = Scripted([1, 0, 0, 1, 1, True, fmpq(-1)])
    world = World(little(), script, noise=noise, observer=seen.append)
    oracles = world.tokens
    assert oracles.prompt() == 1
    assert oracles.weak(At(1, ())) == (0, Vector.of(["3/5", "4/5"]))
    assert oracles.weak(At(1, (0,))) == (0, Vector.of([1]))
    assert oracles.weak(At(0, (1,))) == (1, Vector.of([-1]))
    oracles.listing(At(0, (1,)))
    oracles.listing(At(0, ()))
    assert oracles.weak(At(0, ()))[0] == 1
    assert oracles.draw(Law.bernoulli("1/3"))  # the learner's own coin is no query
    assert oracles.reward(0, (0, 1)) == log(2) + 1 - 1
    assert world.meter.reading == Reading(prompts=1, weak=(2, 2), listed=(2, 2), reward=1)
    assert (world.meter.reading.t_comp, world.meter.reading.t_data) == (8, 1)
    assert script.left == []
    assert seen == [
        ("prompt", (1,)),
        ("weak", (1, (), 0)),
        ("weak", (1, (0,), 0)),
        ("weak", (0, (1,), 1)),
        ("listing", (0, (1,), 2)),
        ("listing", (0, (), 2)),
        ("weak", (0, (), 1)),
        ("reward", (0, (0, 1), log(2))),
    ]


def test_rewards_are_sums_over_the_tokens_base_mass_zero_included() -> None:
    oracles = World(little(), Seeded(1)).tokens
    assert oracles.reward(0, (0, 1)) == log(2) + 1
    assert oracles.reward(0, (0, 0)) == 1
    assert oracles.reward(0, (1, 1)) == -1
    assert oracles.reward(1, (0, 2)) == 7


def test_noise_is_added_to_rewards_and_drawn_anew() -> None:
    noise = Law.of({fmpq(-1): "2/3", fmpq(2): "1/3"})

    def twice(choice: Choice) -> tuple[LogLinear, LogLinear]:
        oracles = World(little(), choice, noise=noise).tokens
        return oracles.reward(0, (0, 0)), oracles.reward(0, (0, 0))

    low, high = LogLinear(fmpq(0)), LogLinear(fmpq(3))
    assert law_of(twice) == Law.of({(low, low): "4/9", (low, high): "2/9", (high, low): "2/9", (high, high): "1/9"})


def test_biased_noise_is_refused() -> None:
    with pytest.raises(ValueError, match="mean 1/2; subtract it"):
        World(little(), Seeded(1), noise=Law.uniform([fmpq(0), fmpq(1)]))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (lambda o: o.weak(At(2, ())), "prompt 2 of a problem with 2 prompts"),
        (lambda o: o.weak(At(-1, ())), "prompt -1"),
        (lambda o: o.listing(At(2, ())), "prompt 2 of a problem with 2 prompts"),
        (lambda o: o.reward(-1, (0, 0)), "prompt -1"),
        (lambda o: o.weak(At(0, (0, 0))), "a token asked for after 2 tokens; responses end after 2"),
        (lambda o: o.listing(At(0, (0, 0))), "a token asked for after 2 tokens; responses end after 2"),
        (lambda o: o.weak(At(0, (0, 0, 0))), "after 3 tokens"),
        (lambda o: o.weak(At(0, (2,))), r"token 2 does not follow prompt 'x', prefix \(\)"),
        (lambda o: o.listing(At(1, (1,))), r"token 1 does not follow prompt 'z', prefix \(\)"),
        (lambda o: o.reward(0, (0,)), "reward query for 1 tokens; responses have 2"),
        (lambda o: o.reward(0, (0, 0, 0)), "reward query for 3 tokens; responses have 2"),
        (lambda o: o.reward(0, (0, 2)), r"token 2 does not follow prompt 'x', prefix \('a'\)"),
        (lambda o: o.reward(1, (1, 0)), "token 1 does not follow"),
    ],
)
def test_impossible_queries_are_refused_and_not_counted(query: Callable[[TokenOracles], object], message: str) -> None:
    seen: list[Event] = []
    world = World(little(), Scripted([]), observer=seen.append)
    with pytest.raises(ValueError, match=message):
        query(world.tokens)
    assert world.meter.reading == NOTHING
    assert seen == []


@pytest.mark.parametrize(
    ("budget", "query", "kind"),
    [
        (Budget(prompts=0), lambda o: o.prompt(), "prompts"),
        (Budget(weak=0), lambda o: o.weak(At(0, ())), "weak"),
        (Budget(t_comp=0), lambda o: o.weak(At(0, ())), "t_comp"),
        (Budget(t_comp=1), lambda o: o.listing(At(0, ())), "t_comp"),
        (Budget(reward=0), lambda o: o.reward(0, (0, 0)), "reward"),
    ],
)
def test_a_refused_query_is_neither_drawn_nor_observed(
    budget: Budget, query: Callable[[TokenOracles], object], kind: str
) -> None:
    seen: list[Event] = []
    world = World(little(), Scripted([]), budget=budget, observer=seen.append)
    with pytest.raises(BudgetExceeded, match=f"{kind} allows"):
        query(world.tokens)
    assert world.meter.reading == NOTHING
    assert seen == []


def test_weak_queries_of_all_layers_share_a_budget_that_listings_do_not_use() -> None:
    oracles = World(little(), Seeded(0), budget=Budget(weak=2)).tokens
    oracles.weak(At(0, ()))
    oracles.weak(At(0, (0,)))
    oracles.listing(At(0, ()))
    with pytest.raises(BudgetExceeded, match="weak allows 2"):
        oracles.weak(At(0, (0,)))


def test_t_comp_counts_a_query_for_each_listed_token() -> None:
    world = World(little(), Seeded(0), budget=Budget(t_comp=4))
    world.tokens.listing(At(0, ()))  # 2 tokens
    world.tokens.listing(At(1, ()))  # 1 token
    with pytest.raises(BudgetExceeded, match="t_comp allows 4"):
        world.tokens.listing(At(0, (1,)))  # 2 tokens: one too many
    world.tokens.weak(At(0, ()))
    with pytest.raises(BudgetExceeded, match="t_comp allows 4"):
        world.tokens.weak(At(0, ()))
    world.tokens.prompt()
    world.tokens.reward(0, (0, 0))  # neither is a token query
    assert world.meter.reading == Reading(1, (1, 0), (3, 0), 1)


def test_a_budget_of_strong_queries_is_refused() -> None:
    with pytest.raises(ValueError, match="strong = 3: token access has no strong queries; limit weak or t_comp"):
        _ = World(little(), Seeded(0), budget=Budget(strong=3)).tokens


def test_without_the_meter_rewards_alone_are_counted_and_limited() -> None:
    world = World(little(), Seeded(0), budget=Budget(prompts=0, weak=0, reward=1, t_comp=0), metered=False)
    oracles = world.tokens
    oracles.prompt()
    oracles.weak(At(0, ()))
    oracles.listing(At(0, ()))
    oracles.reward(0, (0, 0))
    assert world.meter.reading == Reading(0, (0, 0), (0, 0), 1)
    with pytest.raises(BudgetExceeded, match="reward allows 1"):
        oracles.reward(0, (0, 0))


def walk(oracles: TokenOracles) -> int:
    """Three first tokens of prompt 0; after b a second one is asked for and listed, after a a reward."""

    def step(found: int) -> int:
        token, _ = oracles.weak(At(0, ()))
        if token == 1:
            oracles.weak(At(0, (1,)))
            oracles.listing(At(0, (1,)))
        else:
            oracles.reward(0, (0, 0))
        return found + token

    return oracles.iterate(0, step, 3)


@pytest.mark.parametrize("merge", [True, False])
def test_readings_are_part_of_the_state(merge: bool) -> None:  # noqa: FBT001 - a parameter of the test
    law = law_of(lambda choice: play_tokens(little(), walk, choice), merge=merge)
    masses = {0: "1/8", 1: "3/8", 2: "3/8", 3: "1/8"}
    ended = {Outcome(k, Reading(0, (3, k), (0, 2 * k), 3 - k), None): mass for k, mass in masses.items()}
    assert law == Law.of(ended)


@pytest.mark.parametrize("merge", [True, False])
def test_states_with_one_key_are_kept_apart_by_their_counts(merge: bool) -> None:  # noqa: FBT001 - a parameter of the test
    def learner(oracles: TokenOracles) -> None:
        def step(_: None) -> None:
            if oracles.draw(Law.bernoulli("1/3")):
                oracles.weak(At(0, (0,)))

        return oracles.iterate(None, step, 2, key=lambda _: 0)

    law = law_of(lambda choice: play_tokens(little(), learner, choice).reading.weak, merge=merge)
    assert law == Law.of({(0, 0): "4/9", (0, 1): "4/9", (0, 2): "1/9"})
    unmetered = law_of(lambda choice: _unmetered(choice, learner), merge=merge)
    assert unmetered == Law.point((0, 0))


def _unmetered(choice: Choice, learner: Callable[[TokenOracles], None]) -> tuple[int, ...]:
    world = World(little(), choice, metered=False)
    learner(world.tokens)
    return world.meter.reading.weak


@pytest.mark.parametrize("merge", [True, False])
def test_a_budget_that_runs_out_inside_a_loop_ends_that_branch_only(merge: bool) -> None:  # noqa: FBT001 - a parameter of the test
    law = law_of(lambda choice: play_tokens(little(), walk, choice, budget=Budget(t_comp=6)), merge=merge)
    # A step after b costs 1 + 1 + 2 queries, after a 1.
    stopped: dict[Outcome[int], str] = {
        Outcome(None, Reading(0, (2, 2), (0, 2), 0), "t_comp"): "1/4",  # bb: 4 + 2, then the listing
        Outcome(None, Reading(0, (3, 1), (0, 2), 1), "t_comp"): "1/4",  # abb, bab: 6, then the second draw
    }
    ended: dict[Outcome[int], str] = {
        Outcome(0, Reading(0, (3, 0), (0, 0), 3), None): "1/8",
        Outcome(1, Reading(0, (3, 1), (0, 2), 2), None): "3/8",
    }
    assert law == Law.of({**stopped, **ended})


def test_a_run_is_the_same_with_and_without_a_loop_that_stops_early() -> None:
    def learner(oracles: TokenOracles) -> int:
        drawn = oracles.iterate(0, lambda n: n + 1 + 0 * oracles.weak(At(0, ()))[0], 5, until=lambda n: n == 2)
        oracles.reward(0, (0, 0))
        return drawn

    outcome = play_tokens(little(), learner, Seeded(3))
    assert outcome == Outcome(2, Reading(0, (2, 0), (0, 0), 1), None)
    assert law_of(lambda choice: play_tokens(little(), learner, choice)) == Law.point(outcome)


@pytest.mark.parametrize("merge", [True, False])
def test_a_refused_branch_is_kept_apart_from_one_that_asked_for_nothing(merge: bool) -> None:  # noqa: FBT001 - a parameter of the test
    def learner(oracles: TokenOracles) -> int:
        def step(n: int) -> int:
            if oracles.draw(Law.bernoulli("1/3")):
                oracles.reward(0, (0, 0))
            return n

        return oracles.iterate(0, step, 2)

    law = law_of(lambda choice: play_tokens(little(), learner, choice, budget=Budget(reward=0)).exceeded, merge=merge)
    assert law == Law.of({None: "4/9", "reward": "5/9"})
