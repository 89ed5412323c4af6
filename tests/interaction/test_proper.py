"""The interface of proper learners: commit before the prompt, reward every answer, return theta_hat; no way out."""

import dataclasses
import re

import pytest
from flint import fmpq

from reference.catalog import load
from reference.exact import exp, exp_ratio, log, loglinear
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction import (
    Answer,
    Budget,
    Event,
    NullRun,
    Outcome,
    ProperLearner,
    ProperOracles,
    Public,
    Reading,
    Round,
    Seeded,
    SoftmaxPolicy,
    World,
    bradley_terry,
    law_of,
    null_run,
    play,
    play_proper,
    preference,
    proper,
    recorded,
)
from reference.model import LinearProblem, Prompt, Response
from reference.model.parameter_set import Box, FiniteSet, Theta
from tests.interaction.scripted import Scripted

ZERO = loglinear(0)
BOX = Box((log(2),))


def two_prompts() -> LinearProblem:
    """Prompts u (1/4) and v (3/4); phi is 0 or 1 at u, 0 or -1 at v; theta* = log 2, beta = 1, baseline 5 at u."""
    responses = [Response.of("no", "2/3", [0]), Response.of("yes", "1/3", [1])]
    others = [Response.of("no", "1/2", [0]), Response.of("yes", "1/2", [-1])]
    prompts = [Prompt.of("u", responses, rho="1/4", baseline=5), Prompt.of("v", others, rho="3/4")]
    return LinearProblem.of("two prompts", prompts, theta=[log(2)], beta=1, B=1, R_max=1)


PROBLEM = two_prompts()
PUBLIC = Public.of(PROBLEM, BOX)


def once(*thetas: Theta, returned: Theta = (ZERO,)) -> ProperLearner:
    def learner(oracles: ProperOracles, /) -> Theta:
        oracles.round(thetas)
        return returned

    return learner


def test_what_is_public_by_hand() -> None:
    assert PUBLIC.rho == PROBLEM.rho
    assert PUBLIC.base == (PROBLEM.pi_ref(0), PROBLEM.pi_ref(1))
    assert PUBLIC.features == ((Vector.of([0]), Vector.of([1])), (Vector.of([0]), Vector.of([-1])))
    assert (PUBLIC.dimension, PUBLIC.zero, PUBLIC.parameter_set) == (1, (ZERO,), BOX)
    assert PUBLIC.beta == 1
    assert PUBLIC.tilt((log(2),), 0).law() == Law.of({0: "1/2", 1: "1/2"})
    assert PUBLIC.tilt((log(2),), 1).law() == Law.of({0: "2/3", 1: "1/3"})


def test_the_public_part_does_not_depend_on_what_is_hidden() -> None:
    other = dataclasses.replace(
        PROBLEM, theta=(-log(2),), prompts=tuple(dataclasses.replace(p, baseline=fmpq(0)) for p in PROBLEM.prompts)
    )
    assert Public.of(other, BOX) == PUBLIC


def test_a_round_commits_first_then_draws_then_rewards_everything() -> None:
    events: list[Event] = []
    shown: list[Round] = []

    def learner(oracles: ProperOracles, /) -> Theta:
        shown.append(oracles.round(((log(2),), (ZERO,))))
        return (log(2),)

    choice = Scripted([0, 1, 0, fmpq(0), fmpq(0)])  # the prompt, the answers, the noise of their rewards
    world = World(PROBLEM, choice, observer=events.append)
    policy = proper(learner, PUBLIC, observer=events.append)(world.oracles)
    assert policy == SoftmaxPolicy((log(2),))
    assert shown == [Round(0, (Answer(1, Vector.of([1]), log(2) + 5), Answer(0, Vector.of([0]), loglinear(5))))]
    assert events == [
        ("commit", ((log(2),), (ZERO,))),
        ("prompt", (0,)),
        ("strong", (0, (log(2),), 1)),
        ("weak", (0, 0)),
        ("reward", (0, 1, log(2) + 5)),
        ("reward", (0, 0, loglinear(5))),
    ]
    assert world.meter.reading == Reading(prompts=1, weak=(1,), strong=1, reward=2)
    assert choice.asked[1] == Law.of({0: "1/2", 1: "1/2"})  # y1 ~ pi_theta
    assert choice.asked[2] == PROBLEM.pi_ref(0)


def test_the_law_of_an_answer_by_hand() -> None:
    """P(u, yes) = 1/4 * 1/2, P(v, yes) = 3/4 * 1/3 under theta = log 2."""

    def learner(oracles: ProperOracles, /) -> Theta:
        shown = oracles.round(((log(2),),))
        return (log(2),) if shown.answers[0].y else (ZERO,)

    law = law_of(lambda choice: play_proper(PROBLEM, BOX, learner, choice))
    reading = Reading(prompts=1, strong=1, reward=1)
    yes, no = Outcome(SoftmaxPolicy((log(2),)), reading, None), Outcome(SoftmaxPolicy((ZERO,)), reading, None)
    assert law == Law.of({yes: "3/8", no: "5/8"})


def test_a_proper_learner_plays_like_any_other_under_budgets_and_noise() -> None:
    noise = Law.uniform([fmpq(-1), fmpq(1)])
    learner = once((log(2),), (ZERO,))
    outcome = play(PROBLEM, proper(learner, PUBLIC), Seeded(3), noise=noise)
    assert outcome == Outcome(SoftmaxPolicy((ZERO,)), Reading(prompts=1, weak=(1,), strong=1, reward=2), None)
    assert outcome == play_proper(PROBLEM, BOX, learner, Seeded(3), noise=noise)
    for kind, reading in (
        ("reward", Reading(prompts=1, weak=(1,), strong=1, reward=1)),
        ("weak", Reading(prompts=1, strong=1)),
        ("strong", Reading(prompts=1)),
        ("prompts", Reading()),
        ("t_comp", Reading(prompts=1, strong=1)),
    ):
        budget = Budget(**{kind: 1 if kind in {"reward", "t_comp"} else 0})
        assert play_proper(PROBLEM, BOX, learner, Seeded(3), budget=budget) == Outcome(None, reading, kind)


def test_iterations_merge_under_the_meter() -> None:
    def learner(oracles: ProperOracles, /) -> Theta:
        hits = oracles.iterate(0, lambda n: n + oracles.round((oracles.public.zero,)).answers[0].y, 6)
        return (log(2) * fmpq(hits, 6),)

    law = law_of(lambda choice: play_proper(PROBLEM, BOX, learner, choice))
    p = fmpq(1, 4) / 3 + fmpq(3, 4) / 2
    hits = law.map(lambda outcome: str(outcome.policy))
    assert hits.mass(str(SoftmaxPolicy((log(2),)))) == p**6
    assert {outcome.reading for outcome in law.outcomes} == {Reading(prompts=6, weak=(6,), reward=6)}
    assert law == law_of(lambda choice: play_proper(PROBLEM, BOX, learner, choice), merge=False)


def test_until_and_key_are_passed_on() -> None:
    def learner(oracles: ProperOracles, /) -> Theta:
        def step(n: int) -> int:
            oracles.round(((ZERO,),))
            return n + 1

        return (log(2) * fmpq(oracles.iterate(0, step, 9, until=lambda n: n == 2, key=lambda n: n), 9),)

    outcome = play_proper(PROBLEM, BOX, learner, Seeded(1))
    assert outcome == Outcome(SoftmaxPolicy((log(2) * fmpq(2, 9),)), Reading(prompts=2, weak=(2,), reward=2), None)
    run = null_run(PUBLIC, learner, Seeded(1))
    assert run == NullRun(((((ZERO,),)),) * 2, (log(2) * fmpq(2, 9),))


def test_nothing_that_a_learner_holds_leads_to_the_world() -> None:
    """Every attribute of everything reachable by attributes, short of taking functions apart."""
    reached: list[object] = []

    def learner(oracles: ProperOracles, /) -> Theta:
        open_: list[object] = [oracles]
        while open_:
            here = open_.pop()
            if any(here is seen for seen in reached):
                continue
            reached.append(here)
            names = [name for name in dir(here) if not name.startswith("__")] + ["__self__", "__func__", "__wrapped__"]
            values = [getattr(here, name) for name in names if hasattr(here, name)]
            open_ += [v for v in values if type(v).__module__.startswith("reference") or hasattr(v, "__self__")]
        return oracles.public.zero

    play_proper(PROBLEM, BOX, learner, Seeded(1))
    kinds = {type(thing).__name__ for thing in reached}
    assert {"ProperOracles", "Public", "Law", "Box"} <= kinds
    assert not kinds & {"World", "Oracles", "TokenOracles", "Problem", "LinearProblem", "Meter", "Seeded"}
    assert not kinds & {"Prompt", "Start", "Response", "Edge"}
    assert {field.name for field in dataclasses.fields(ProperOracles)} == {"public", "round", "draw", "loop"}
    assert not {"theta", "reward", "rewards", "baseline"} & {name for thing in reached for name in dir(thing)}


def test_oracles_cannot_be_changed() -> None:
    def learner(oracles: ProperOracles, /) -> Theta:
        oracles.round = lambda _: Round(0, ())  # type: ignore[misc]  # what is tested
        return (ZERO,)

    with pytest.raises(dataclasses.FrozenInstanceError):
        play_proper(PROBLEM, BOX, learner, Seeded(1))


@pytest.mark.parametrize(
    ("learner", "message"),
    [
        (once((log(3),)), "theta 1 of the round = (log(3)) is outside Theta"),
        (once((ZERO,), (log(3),)), "theta 2 of the round = (log(3)) is outside Theta"),
        (once((log(2), log(2))), "theta 1 of the round has 2 entries, but the features have 1"),
        (once(), "a round needs at least one parameter to commit to"),
        (once((ZERO,), returned=(log(3),)), "the returned theta = (log(3)) is outside Theta"),
        (once((ZERO,), returned=()), "the returned theta has 0 entries, but the features have 1"),
    ],
)
def test_bad_commitments_and_bad_returns(learner: ProperLearner, message: str) -> None:
    world = World(PROBLEM, Seeded(1))
    with pytest.raises(ValueError, match=re.escape(message)):
        proper(learner, PUBLIC)(world.oracles)
    assert world.meter.reading in (Reading(), Reading(prompts=1, weak=(1,), reward=1))  # a bad round counts nothing
    with pytest.raises(ValueError, match=re.escape(message)):
        null_run(PUBLIC, learner, Seeded(1))


def test_zero_may_be_committed_to_but_not_returned_where_it_is_not_in_theta() -> None:
    only = FiniteSet(((log(2),),))
    assert play_proper(PROBLEM, only, once((ZERO,), returned=(log(2),)), Seeded(1)).t_data == 1
    with pytest.raises(ValueError, match="the returned theta"):
        play_proper(PROBLEM, only, once((ZERO,)), Seeded(1))


def test_a_public_part_of_another_problem() -> None:
    with pytest.raises(ValueError, match="Theta has dimension 2, the features have 1"):
        Public.of(PROBLEM, Box((log(2), log(2))))
    with pytest.raises(ValueError, match="belong to different problems"):
        play(dataclasses.replace(PROBLEM, beta=fmpq(2)), proper(once((ZERO,)), PUBLIC), Seeded(1))
    with pytest.raises(ValueError, match="belong to different problems"):
        play(load("rank-deficient"), proper(once((ZERO,)), PUBLIC), Seeded(1))


def climbing(oracles: ProperOracles, /) -> Theta:
    """Commit to log 2 as soon as some answer had a reward other than 0 or the prompt was u; three rounds."""

    def step(theta: Theta) -> Theta:
        shown = oracles.round((theta,))
        return (log(2),) if shown.x == 0 or shown.answers[0].r != 0 else theta

    return oracles.iterate((ZERO,), step, 3)


def test_null_runs_by_hand() -> None:
    """Rewards are 0, so only prompt u (1/4 in each round) moves the learner."""
    low, high = (((ZERO,),)), (((log(2),),))
    law = law_of(lambda choice: null_run(PUBLIC, climbing, choice))
    assert law == Law.of(
        {
            NullRun((low, high, high), (log(2),)): "1/4",
            NullRun((low, low, high), (log(2),)): "3/16",
            NullRun((low, low, low), (log(2),)): "9/64",
            NullRun((low, low, low), (ZERO,)): "27/64",
        }
    )
    assert law == law_of(lambda choice: null_run(PUBLIC, climbing, choice), merge=False)


def test_answers_of_a_null_run() -> None:
    seen: list[Round] = []

    def learner(oracles: ProperOracles, /) -> Theta:
        seen.append(oracles.round(((ZERO,), (log(2),))))
        return (ZERO,)

    null_run(PUBLIC, learner, Scripted([1]))
    assert seen == [Round(1, (Answer(0, Vector.of([0]), ZERO),) * 2)]


def test_records_of_real_runs_keep_the_law_and_tell_merged_states_apart() -> None:
    def note(hits: int, thetas: tuple[Theta, ...], shown: Round) -> int:
        return hits + sum(a.y for a, _ in zip(shown.answers, thetas, strict=True))

    def whole(choice: World[LinearProblem]) -> tuple[Theta, int]:
        found: list[tuple[Theta, int]] = []

        def learner(oracles: ProperOracles, /) -> Theta:
            found.append(recorded(climbing, 0, note)(oracles))
            return found[-1][0]

        proper(learner, PUBLIC)(choice.oracles)
        return found[-1]

    merged = law_of(lambda choice: whole(World(PROBLEM, choice)))
    assert merged == law_of(lambda choice: whole(World(PROBLEM, choice)), merge=False)
    thetas = law_of(lambda choice: play_proper(PROBLEM, BOX, climbing, choice))
    assert merged.map(lambda pair: pair[0]) == thetas.map(lambda o: o.policy.theta if o.policy else ())
    assert len(merged.outcomes) > len(thetas.outcomes)


def test_bradley_terry() -> None:
    assert bradley_terry(log(3)) == Law.of({True: "3/4", False: "1/4"})
    assert bradley_terry(ZERO) == Law.of({True: "1/2", False: "1/2"})
    assert bradley_terry(loglinear(1)).mass(True) == exp_ratio(exp(1)) / (1 + exp(1))


@pytest.mark.parametrize("first_wins", [True, False])
def test_preferences_by_hand(first_wins: bool) -> None:  # noqa: FBT001 - a parameter of the test
    def learner(oracles: ProperOracles, /) -> Theta:
        shown, answer = preference(oracles, (log(2),), (ZERO,))
        yes, no = Vector.of([1]), Vector.of([0])
        assert answer == (0, *((yes, no) if first_wins else (no, yes)), first_wins)
        assert [a.y for a in shown.answers] == [1, 0]
        return (ZERO,)

    choice = Scripted([0, 1, 0, fmpq(0), fmpq(0), first_wins])
    world = World(PROBLEM, choice)
    proper(learner, PUBLIC)(world.oracles)
    assert choice.asked[-1] == Law.of({True: "2/3", False: "1/3"})  # r1 - r2 = log 2
    assert world.meter.reading.t_data == 2
