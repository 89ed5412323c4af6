"""Null runs and records: exact laws by hand, records that merging never mixes, and only what is public.

Prompts u (1/4) and v (3/4).  The learner below remembers only the last prompt, so that its states merge.
"""

import dataclasses

import pytest
from flint import fmpq

from reference.exact import log, loglinear
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction import (
    Answer,
    Choice,
    NullRun,
    ProperOracles,
    Public,
    Round,
    Seeded,
    law_of,
    null_run,
    recorded,
)
from reference.interaction.null_runs import null_oracles
from reference.model import LinearProblem, Prompt, Response
from reference.model.parameter_set import Box, FiniteSet, Theta

ZERO, TWO = (loglinear(0),), (log(2),)


def two_prompts(theta: int = 1, baseline: int = 0) -> LinearProblem:
    """Response 0 has phi = 1 at u and 0 at v."""
    rows = [Response.of("a", "1/2", [1]), Response.of("b", "1/2", [-1])]
    others = [Response.of("a", "1/3", [0]), Response.of("b", "2/3", [-1])]
    prompts = [Prompt.of("u", rows, rho="1/4", baseline=baseline), Prompt.of("v", others, rho="3/4")]
    return LinearProblem.of("two", prompts, theta=[theta], beta=1, B=9, R_max=99)


BOX = Box(TWO)
PUBLIC = Public.of(two_prompts(), BOX)


def following(oracles: ProperOracles, /) -> Theta:
    """Two rounds: 0 first, then log 2 after prompt u and 0 after v; return what a third would commit to."""

    def step(theta: Theta) -> Theta:
        return TWO if oracles.round((theta,)).x == 0 else ZERO

    return oracles.iterate(ZERO, step, 2)


def noting_prompts(seen: tuple[int, ...], thetas: tuple[Theta, ...], shown: Round) -> tuple[int, ...]:
    del thetas
    return (*seen, shown.x)


def prompts_of(choice: Choice) -> tuple[Theta, tuple[int, ...]]:
    none: tuple[int, ...] = ()
    return recorded(following, none, noting_prompts)(null_oracles(PUBLIC, choice))


@pytest.mark.parametrize("merge", [True, False])
def test_the_law_of_a_null_run_by_hand(merge: bool) -> None:  # noqa: FBT001 - a parameter of the test
    after_u, after_v = ((ZERO,), (TWO,)), ((ZERO,), (ZERO,))
    assert law_of(lambda choice: null_run(PUBLIC, following, choice), merge=merge) == Law.of(
        {
            NullRun(after_u, TWO): "1/16",
            NullRun(after_u, ZERO): "3/16",
            NullRun(after_v, TWO): "3/16",
            NullRun(after_v, ZERO): "9/16",
        }
    )


@pytest.mark.parametrize("merge", [True, False])
def test_records_of_merging_states_are_not_mixed(merge: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """After two rounds the learner's state tells the last prompt only; each record tells both."""
    assert law_of(prompts_of, merge=merge) == Law.of(
        {(TWO, (0, 0)): "1/16", (TWO, (1, 0)): "3/16", (ZERO, (0, 1)): "3/16", (ZERO, (1, 1)): "9/16"}
    )


def test_a_key_that_merges_all_states_keeps_records_apart() -> None:
    """The learner forgets everything; its record still has each number of visits to u: binomial."""

    def forgetting(oracles: ProperOracles, /) -> Theta:
        def step(state: int) -> int:
            oracles.round((ZERO,))
            return state

        oracles.iterate(0, step, 3, key=lambda _: None)
        return ZERO

    def visits(choice: Choice) -> int:
        note = recorded(forgetting, 0, lambda n, _, shown: n + (shown.x == 0))
        return note(null_oracles(PUBLIC, choice))[1]

    assert law_of(visits) == Law.of({0: "27/64", 1: "27/64", 2: "9/64", 3: "1/64"})


def test_rounds_before_between_and_after_iterations_are_recorded() -> None:
    def learner(oracles: ProperOracles, /) -> Theta:
        def step(n: int) -> int:
            oracles.round((ZERO,) * (n + 2))
            return n + 1

        oracles.round((TWO,))
        oracles.iterate(0, step, 2)
        oracles.round((ZERO, TWO))
        oracles.iterate(0, step, 5, until=lambda n: n == 1)
        return TWO

    committed = ((TWO,), (ZERO,) * 2, (ZERO,) * 3, (ZERO, TWO), (ZERO,) * 2)
    assert null_run(PUBLIC, learner, Seeded(1)) == NullRun(committed, TWO)


def test_the_learner_may_flip_coins() -> None:
    def learner(oracles: ProperOracles, /) -> Theta:
        return TWO if oracles.draw(Law.bernoulli(fmpq(1, 3))) else ZERO

    law = law_of(lambda choice: null_run(PUBLIC, learner, choice))
    assert law == Law.of({NullRun((), TWO): "1/3", NullRun((), ZERO): "2/3"})


def test_every_answer_is_response_0_with_its_own_features_and_reward_0() -> None:
    def first(choice: Choice) -> Round:
        return null_oracles(PUBLIC, choice).round((TWO, ZERO))

    def answer(phi: int) -> Answer:
        return Answer(0, Vector.of([phi]), loglinear(0))

    expected = {Round(0, (answer(1),) * 2): "1/4", Round(1, (answer(0),) * 2): "3/4"}
    assert law_of(first) == Law.of(expected)


def test_a_record_starts_anew_in_each_run() -> None:
    none: tuple[int, ...] = ()
    again = recorded(following, none, noting_prompts)
    for seed in (1, 2, 3):
        assert len(again(null_oracles(PUBLIC, Seeded(seed)))[1]) == 2


def test_a_recorded_learner_has_no_way_to_its_record() -> None:
    """A bound ``loop`` would show what is carried: the learner could read and set it."""

    def looking(oracles: ProperOracles, /) -> Theta:
        for function in (oracles.round, oracles.draw, oracles.loop):
            assert not {"__self__", "__func__", "__wrapped__"} & set(dir(function))
            assert not vars(function)
        return ZERO

    null_run(PUBLIC, looking, Seeded(1))


def test_only_what_is_public_matters() -> None:
    """Other rewards and baselines give the same public part, and the oracles hold nothing else."""
    other = Public.of(two_prompts(theta=-3, baseline=7), BOX)
    assert other == PUBLIC
    oracles = null_oracles(PUBLIC, Seeded(1))
    assert oracles.public is PUBLIC
    assert {field.name for field in dataclasses.fields(oracles)} == {"public", "round", "draw", "loop"}
    assert {field.name for field in dataclasses.fields(PUBLIC)} == {
        "rho",
        "base",
        "features",
        "beta",
        "parameter_set",
    }  # neither theta* nor a baseline


def test_refuses() -> None:
    only = Public.of(two_prompts(), FiniteSet((TWO,)))
    with pytest.raises(ValueError, match="the returned theta"):
        null_run(only, lambda _: ZERO, Seeded(1))
    outside = (log(2) * 2,)

    def learner(oracles: ProperOracles, /) -> Theta:
        oracles.round((outside,))
        return ZERO

    with pytest.raises(ValueError, match="theta 1 of the round"):
        null_run(PUBLIC, learner, Seeded(1))
    with pytest.raises(ValueError, match="at least one parameter"):
        null_oracles(PUBLIC, Seeded(1)).round(())
