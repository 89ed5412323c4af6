"""Parts of a program with names: the laws that are remembered are those of the runs, and the queries are counted."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import reference as ref
from reference.algorithms.parts.cover import NamedScore
from reference.algorithms.softmax_sampling import softmax_sampler
from reference.exact import LogLinear, exp, exp_ratio, log, loglinear
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.plain import plain
from reference.games.contest import Contestant, Guarded, Noted, simulate
from reference.interaction import Budget, BudgetExceeded, Choice, Oracles, Reading, World, law_of
from reference.laws import softmax_sampler_joint_law, softmax_sampler_masses
from reference.model import LinearProblem, Prompt, Response
from tests.interaction.scripted import Scripted

COINS = [Law.weighted([0, 1], [2, 1]), Law.weighted([1, 0], [exp(1), exp(0)]), Law.weighted([0, 1, 2], [1, 2, 3])]

WAYS = Law.uniform(range(40))

Step = tuple[int, bool, int]
"""Which coin a part throws, whether the result is forgotten, and the name of the part among those of the coin."""


def program(steps: list[Step]) -> Callable[[Choice], object]:
    """Parts one after the other; what a part of one coin throws depends on the coin alone."""

    def thrown(choice: Choice, coin: int) -> int:
        first = choice.draw(COINS[coin])
        return 2 * first + choice.draw(COINS[coin]) if first else 0

    def run(choice: Choice) -> object:
        seen: tuple[int, ...] = ()
        for coin, forgotten, name in steps:
            found = choice.part(lambda coin=coin: thrown(choice, coin), (coin, name))  # type: ignore[misc]  # bound now
            seen = seen if forgotten else (*seen, found)
        return seen

    return run


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 1)), max_size=3))
@settings(max_examples=40)
def test_the_law_is_that_of_the_runs(steps: list[Step]) -> None:
    law = law_of(program(steps))
    if sum(coin == 1 for coin, _, _ in steps) < 2:  # long exp-sums are slow by definition
        assert law == law_of(program(steps), merge=False)
        with plain():
            assert law == law_of(program(steps))
    balls = [(exp_ratio(law.mass(x)), exp_ratio(mass)) for x, mass in law_of(program(steps), merge=False).items()]
    assert all(one.enclosure(100).overlaps(other.enclosure(100)) for one, other in balls)


def test_irrational_weights_that_nobody_needs_are_not_formed() -> None:
    law = law_of(program([(1, True, 0)] * 3 + [(0, False, 0)]))
    assert law.is_rational
    assert law.mass((0,)) == fmpq(2, 3)


@pytest.mark.parametrize("way", [0, 3, 30])
def test_nor_are_those_of_a_part_that_is_irrational_on_one_way_only(way: int) -> None:
    """On way 30 no look meets an irrational law: the enumeration does."""

    def run(choice: Choice) -> int:
        def part() -> int:
            at = choice.draw(WAYS)
            return choice.draw(COINS[1]) if at == way else at

        choice.part(part, "ways")
        return choice.draw(COINS[0])

    assert law_of(run, max_leaves=500) == law_of(run, merge=False)  # 1,000 with its weights


def test_a_part_is_enumerated_once() -> None:
    calls = []

    def run(choice: Choice) -> int:
        def part() -> int:
            calls.append(1)
            return choice.draw(COINS[0])

        return choice.part(part, "coin") and choice.part(part, "coin")

    assert law_of(run).mass(1) == fmpq(1, 9)
    assert len(calls) == 2 + 2  # two looks at whether it is rational, and its two outcomes


def test_irrational_parts_of_which_one_or_another_is_drawn() -> None:
    """Their weights are needed, and after them the runs go on with other outcomes of the draw before."""

    def run(choice: Choice) -> tuple[int, ...]:
        way = choice.draw(WAYS) % 3
        return way, choice.part(lambda: choice.draw(COINS[way]), ("coin", way)), choice.draw(COINS[0])

    assert law_of(run) == law_of(run, merge=False)


def test_an_error_in_a_part_belongs_to_its_branch() -> None:
    def run(choice: Choice) -> str:
        def part() -> int:
            return 1 // choice.draw(COINS[0])

        try:
            return str(choice.part(part, "quotient"))
        except ZeroDivisionError:
            return "none"

    assert law_of(run) == law_of(run, merge=False) == Law.of({"1": "1/3", "none": "2/3"})


def arms(*masses: str) -> LinearProblem:
    responses = [Response.of(f"y{k}", mass, [fmpq(k, 4)]) for k, mass in enumerate(masses)]
    return LinearProblem.of("arms", [Prompt.of("x", responses)], theta=[0], beta=1, B=0, R_max=0)


def score(*values: LogLinear) -> NamedScore:
    return NamedScore(values, lambda phi: values[int(phi[0] * 4)])


def twice(problem: LinearProblem, N: int, *scores: Callable[[Vector], LogLinear]) -> Callable[[Choice], Any]:
    """Sample with each score; the responses, and the reading."""

    def run(choice: Choice) -> tuple[tuple[int, ...], Reading]:
        world = World(problem, choice)
        ys = tuple(softmax_sampler(world.oracles, f, 0, 2, N)[0] for f in scores)
        return ys, world.meter.reading

    return run


SCORES = st.sampled_from([(log(2), loglinear(0)), (log(3), log(2)), (log(2) / 2, loglinear(0)), (loglinear(0),) * 2])


@given(SCORES, SCORES)
@settings(max_examples=8, deadline=None)
def test_samplers_one_after_the_other(one: tuple[LogLinear, ...], other: tuple[LogLinear, ...]) -> None:
    """Remembered by name, with the count of queries moved on; without names; and every run on its own."""
    problem = arms("1/3", "2/3")
    law = law_of(twice(problem, 1, score(*one), score(*other)))
    assert law == law_of(twice(problem, 1, *(score(*f).function for f in (one, other))))
    assert law == law_of(twice(problem, 1, score(*one), score(*other)), merge=False)


def test_a_budget_is_watched_within_parts() -> None:
    problem, f = arms("1/3", "2/3"), score(log(2), loglinear(0))

    def run(choice: Choice) -> int | None:
        world = World(problem, choice, budget=Budget(weak=4))
        try:
            softmax_sampler(world.oracles, f, 0, 2, 1)
            softmax_sampler(world.oracles, f, 0, 2, 1)
        except BudgetExceeded:
            return None
        return world.meter.reading.drawn

    law = law_of(run)
    assert law == law_of(run, merge=False)
    assert set(law.outcomes) == {4, None}


def test_a_part_on_one_run() -> None:
    assert Scripted([True]).part(lambda: 7, "name") == 7


def test_two_rounds_of_exploration_and_their_queries_through_closed_forms() -> None:
    """SpannerSampling, (1, 1, 2), N = 17: queries by the joint laws of its samplers, which are other code."""
    p = ref.load("two-arms")
    learner = ref.SpannerSampling(1, 1, 2, M=3, delta=1, mode="span")

    def run(choice: Choice) -> tuple[object, int]:
        world = World(p, choice)
        policy = learner(world.oracles)
        return policy.thetas, world.meter.reading.drawn

    theirs: dict[tuple[object, int], fmpq] = {}
    nothing, right = (loglinear(0),), (log(2),)
    for found, chance in ((False, fmpq(1, 2)), (True, fmpq(1, 2))):
        rounds: list[dict[tuple[bool, int], fmpq]] = []  # by whether theta is known: y1 != y2, and the queries
        for known in (False, True):
            table: dict[tuple[bool, int], fmpq] = {}
            for y2, mass in p.pi_ref(0).items():
                f = [p.reward(0, y) - p.reward(0, y2) if found else loglinear(0) for y in (0, 1)]
                for (y1, queries), own in softmax_sampler_joint_law(p.pi_ref(0), f.__getitem__, p.beta, 3, 17).items():
                    key = known or y1 != y2, queries + 1
                    table[key] = table.get(key, fmpq(0)) + exp_ratio(mass).as_rational() * exp_ratio(own).as_rational()
            rounds.append(table)
        for (known, first), one in rounds[found].items():
            for (_, second), two in rounds[known].items():
                thetas = right if found else nothing, right if known else nothing
                place = thetas, 2 + first + second
                theirs[place] = theirs.get(place, fmpq(0)) + chance * one * two
    assert law_of(run) == Law.of(theirs)


@pytest.mark.slow
def test_ridge_mode_through_enclosures() -> None:
    """Two rounds on rank-deficient features: the law of theta_2, by the masses of the first round's sampler."""
    p = ref.load("rank-deficient")
    learner = ref.SpannerSampling(1, 1, 2, M=1, delta=1, nu="1/2")

    def run(choice: Choice) -> tuple[object, ...]:
        return learner(World(p, choice, metered=False).oracles).thetas

    law = law_of(run)
    assert not law.is_rational
    theirs: dict[tuple[object, ...], ref.Real] = {}
    empty = ref.RidgeCover.empty(3, fmpq(1), fmpq(1, 2))
    base = p.pi_ref(0)
    for a, pa in base.items():
        for b, pb in base.items():
            phi, difference = p.phi(0, a) - p.phi(0, b), p.reward(0, a) - p.reward(0, b)
            taken = not empty.covers(phi)
            cover, psi = (empty.with_vector(phi), [(phi, difference)]) if taken else (empty, [])
            theta = cover.least_squares(psi)
            for y2, p2 in base.items():
                f = [
                    d.dot_numbers(theta) if cover.covers(d) else loglinear(0)
                    for d in (p.phi(0, y) - p.phi(0, y2) for y in range(3))
                ]
                for y1, mass in softmax_sampler_masses(base, f.__getitem__, p.beta, 1, 6).items():
                    datum = p.phi(0, y1) - p.phi(0, y2), p.reward(0, y1) - p.reward(0, y2)
                    thetas: tuple[object, ...] = theta, cover.least_squares([*psi, datum])
                    theirs[thetas] = theirs.get(thetas, ref.real(0)) + mass * (pa * pb * p2)
    assert set(law.outcomes) == set(theirs)
    for thetas, mass in theirs.items():
        ball = mass.enclosure(150)
        assert ball.rad() < 1e-30
        assert ball.overlaps(exp_ratio(law.mass(thetas)).enclosure(150))


@pytest.mark.parametrize("budget", [Budget(), Budget(weak=100)])
def test_readings_are_the_same_with_and_without_a_budget(budget: Budget) -> None:
    problem, f = arms("1/2", "1/2"), score(log(2), loglinear(0))

    def run(choice: Choice) -> Reading:
        world = World(problem, choice, budget=budget)
        oracles: Oracles = world.oracles
        oracles.prompt()
        softmax_sampler(oracles, f, 0, 2, 1)
        oracles.reward(0, 0)
        return world.meter.reading

    assert law_of(run) == law_of(run, merge=False)


# ------------------------------------------------------------------------------- errors, and guarded oracles


def _failing(oracles: Oracles) -> None:
    """Five queries, then a part that makes one more and fails, whose error is swallowed."""
    for _ in range(5):
        oracles.weak(0)

    def failing() -> None:
        oracles.weak(0)
        raise KeyError("x")

    with suppress(KeyError):
        oracles.part(failing, "failing")


def test_a_part_that_fails_has_its_queries_counted() -> None:
    assert ref.play(ref.load("two-arms"), _failing).reading.weak == (6,)


@pytest.mark.parametrize("merge", [True, False])
def test_a_part_that_fails_has_its_queries_counted_in_every_run(merge: bool) -> None:  # noqa: FBT001 - a test's parameter
    def reading(choice: Choice) -> Reading:
        world = World(ref.load("two-arms"), choice)
        _failing(world.oracles)
        return world.meter.reading

    assert law_of(reading, merge=merge).map(lambda found: found.weak) == Law.point((6,))


def test_spanner_sampling_is_a_contestant() -> None:
    learner = ref.SpannerSampling(1, 1, 1, M=3, delta="1/2", mode="span")
    family = ref.NeedleFamily.of(k=1, C=2, m=1, beta="1/5")
    assert len(simulate(Contestant("SpannerSampling", learner, family), 2, 1)) == 2


def test_guarded_parts_have_no_names() -> None:
    """A learner that gives one name to parts that differ gets what each part returns, all the same."""
    problem = ref.load("two-arms")

    def run(choice: Choice) -> tuple[int, int]:
        guarded = Guarded(World(problem, choice).oracles, Noted())
        first = guarded.part(lambda: guarded.draw(Law.uniform([0, 1])), "one name")
        return first, guarded.part(lambda: first + 2, "one name")

    assert law_of(run) == Law.uniform([(0, 2), (1, 3)])
