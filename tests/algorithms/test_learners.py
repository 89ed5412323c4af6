"""The enumerating learner, passive exploration, and what both fit with."""

from collections.abc import Callable

import pytest
from flint import fmpq
from hypothesis import given, settings

from reference.algorithms import Cover, Datum, RidgeCover, SpanCover
from reference.algorithms.enumerating import Enumerating, FeatureTable
from reference.algorithms.passive import Passive
from reference.catalog import linear_names, load, load_linear
from reference.exact import LogLinear, log, loglinear
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction import Budget, Outcome, Reading, Seeded, SoftmaxPolicy, World, law_of, play
from reference.model import LinearProblem, Prompt, Response, optimum, softmax
from reference.testing import linear_problems
from tests.algorithms import peer
from tests.interaction.scripted import Scripted

ZERO = loglinear(0)


def revealed(problem: LinearProblem) -> FeatureTable:
    return [[(y, problem.phi(x, y)) for y in problem.support(x)] for x in range(len(problem.prompts))]


def fitted(outcome: Outcome[SoftmaxPolicy]) -> SoftmaxPolicy:
    assert outcome.policy is not None
    return outcome.policy


def recovers(problem: LinearProblem, n: int = 1, C: int = 2) -> None:
    outcome = play(problem, Enumerating(revealed(problem), n=n, C=C), Seeded(1))
    theta = fitted(outcome).theta
    rank = problem.difference_rank()
    assert outcome.reading == Reading(reward=2 * n * rank)  # no sampling at all
    for x in range(len(problem.prompts)):
        first = problem.support(x)[0]
        for y in problem.support(x):
            difference = problem.phi(x, y) - problem.phi(x, first)
            assert difference.dot_numbers(theta) == problem.reward(x, y) - problem.reward(x, first)


@pytest.mark.parametrize("name", [name for name in linear_names() if not name.startswith("smollm2-facts")])
def test_enumerating_recovers_every_reward_difference(name: str) -> None:
    recovers(load_linear(name))


@given(linear_problems())
@settings(max_examples=30)
def test_enumerating_recovers_random_problems(problem: LinearProblem) -> None:
    recovers(problem, n=2, C=3)


def test_enumerating_returns_the_optimum() -> None:
    problem = load("different-supports")
    policy = fitted(play(problem, Enumerating(revealed(problem)), Seeded(1)))
    assert policy.queries_per_draw == 1
    for x in range(len(problem.prompts)):
        assert softmax(problem, policy.theta).law(x) == optimum(problem).law(x)
        drawn = law_of(lambda choice, x=x: policy.sample(World(problem, choice).oracles, x))  # type: ignore[misc]  # the default binds the loop's variable
        assert drawn == optimum(problem).law(x)


def test_enumerating_averages_noise() -> None:
    """Two arms, n = 2, errors +-1: the mean of the two differences of errors is k/2 with k from 4 fair signs."""
    noise = Law.uniform([fmpq(-1), fmpq(1)])
    problem = load("two-arms")
    law = law_of(lambda choice: play(problem, Enumerating(revealed(problem), n=2), choice, noise=noise))
    masses = {-4: "1/16", -2: "4/16", 0: "6/16", 2: "4/16", 4: "1/16"}
    assert law == Law.of(
        (Outcome(SoftmaxPolicy((log(2) + fmpq(k, 2),)), Reading(reward=4), None), mass) for k, mass in masses.items()
    )


def test_enumerating_asks_for_spanner_pairs_by_hand() -> None:
    """Features 0, 1/2, 1 on a line: the spanner of the differences is (0, 2), of size 1."""
    responses = [Response.of(name, "1/3", [phi]) for name, phi in (("a", "0"), ("b", "1/2"), ("c", "1"))]
    problem = LinearProblem.of("line", [Prompt.of("x", responses)], theta=[3], beta=1, B=3, R_max=3)
    seen: list[object] = []
    world = World(problem, Seeded(1), observer=seen.append)
    assert Enumerating(revealed(problem))(world.oracles).theta == (loglinear(3),)
    assert seen == [("reward", (0, 0, ZERO)), ("reward", (0, 2, loglinear(3)))]


def test_enumerating_with_nothing_to_learn() -> None:
    outcome = play(load("single-response"), Enumerating(revealed(load("single-response"))), Seeded(1))
    assert fitted(outcome).theta == (ZERO, ZERO)
    assert outcome.t_data == 0


@pytest.mark.parametrize(("n", "C", "message"), [(0, 2, "n = 0: each spanner pair"), (1, 1, "needs C > 1")])
def test_enumerating_refuses(n: int, C: int, message: str) -> None:
    problem = load("two-arms")
    with pytest.raises(ValueError, match=message):
        play(problem, Enumerating(revealed(problem), n=n, C=C), Seeded(1))


@pytest.mark.parametrize(
    ("cover", "share"),
    [
        (SpanCover.empty(1), lambda k: fmpq(1 if k else 0)),
        (RidgeCover.empty(1, fmpq(1), fmpq(1)), lambda k: fmpq(k, k + 1)),
        (RidgeCover.empty(1, fmpq(1, 3), fmpq(1)), lambda k: k / (k + fmpq(1, 3))),
    ],
)
@pytest.mark.parametrize("merge", [True, False])
def test_the_law_of_passive_exploration_by_hand(
    cover: Cover,
    share: Callable[[int], fmpq],
    merge: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Of n = 3 pairs k tell the arms apart, k ~ Bin(3, 1/2): theta = share(k) log 2, exactly 1 in span mode."""
    law = law_of(lambda choice: play(load("two-arms"), Passive(3, cover), choice), merge=merge)
    masses: dict[Outcome[SoftmaxPolicy], fmpq] = {}
    for k, ways in enumerate([1, 3, 3, 1]):
        outcome = Outcome(SoftmaxPolicy((log(2) * share(k),)), Reading(prompts=3, weak=(6,), reward=6), None)
        masses[outcome] = masses.get(outcome, fmpq(0)) + fmpq(ways, 8)
    assert law == Law.of(masses)


def test_passive_by_hand_on_two_prompts() -> None:
    """rho picks the prompt of a pair; both responses come from it, the baseline cancels."""
    first = [Response.of("a", "1/2", [1, 0]), Response.of("b", "1/2", [0, 0])]
    second = [Response.of("c", "1/2", [0, 1]), Response.of("d", "1/2", [0, 0])]
    prompts = [Prompt.of("x", first, rho="1/2", baseline=5), Prompt.of("z", second, rho="1/2")]
    problem = LinearProblem.of("two", prompts, theta=[1, -2], beta=1, B=3, R_max=3)
    none = fmpq(0)
    choice = Scripted([1, 0, 1, none, none, 0, 1, 0, none, none])
    world = World(problem, choice)
    assert Passive(2, SpanCover.empty(2))(world.oracles).theta == (loglinear(1), loglinear(-2))
    assert choice.left == []


def test_passive_without_data_and_with_a_budget() -> None:
    problem = load("two-arms")
    outcome = play(problem, Passive(0, SpanCover.empty(1)), Seeded(1))
    assert fitted(outcome).theta == (ZERO,)
    stopped = play(problem, Passive(2, SpanCover.empty(1)), Seeded(1), budget=Budget(reward=3))
    assert stopped == Outcome(None, Reading(prompts=2, weak=(4,), reward=3), "reward")
    with pytest.raises(ValueError, match="n = -1"):
        Passive(-1, SpanCover.empty(1))


def test_what_equals_the_threshold_is_covered() -> None:
    """||phi||^2 = 1/lambda: at lambda = 4 and nu = 1/2 exactly nu^2, which line 6 does not accept."""
    edge = RidgeCover.empty(1, fmpq(4), fmpq(1, 2))
    assert edge.covers(Vector.of([1]))
    assert not edge.covers(Vector.of(["1000001/1000000"]))
    after = RidgeCover.empty(1, fmpq(1), fmpq(1, 2)).with_vector(Vector.of([1])).with_vector(Vector.of([1]))
    assert after.sigma.determinant() == 3
    assert not after.covers(Vector.of([1]))  # 1/3 > 1/4
    assert after.with_vector(Vector.of([1])).covers(Vector.of([1]))


DATA: tuple[Datum, ...] = (
    (Vector.of([1, 1, 0]), log(2)),
    (Vector.of([0, 1, 1]), loglinear(1)),
    (Vector.of([1, 2, 1]), log(2) * 3),  # inconsistent with the first two
    (Vector.of(["1/2", "-1/2", 0]), loglinear(0)),
    (Vector.of([0, 0, 0]), loglinear(7)),
)


@pytest.mark.parametrize("count", range(6))
@pytest.mark.parametrize("ridge", [None, "1/2"])
def test_fits_agree_with_normal_equations(count: int, ridge: str | None) -> None:
    cover: Cover = SpanCover.empty(3) if ridge is None else RidgeCover.empty(3, fmpq(1, 2), fmpq(1))
    theta = cover.least_squares(DATA[:count])
    plain = [(tuple(peer.Q(str(v)) for v in phi), peer.pair(r)) for phi, r in DATA[:count]]
    assert tuple(map(peer.pair, theta)) == peer.least_squares(plain, 3, None if ridge is None else peer.Q(1, 2))


def test_fits_do_not_depend_on_the_order_of_the_data() -> None:
    for cover in (SpanCover.empty(3), RidgeCover.empty(3, fmpq(1, 7), fmpq(1))):
        fits: set[tuple[LogLinear, ...]] = {cover.least_squares(DATA), cover.least_squares(DATA[::-1])}
        assert len(fits) == 1
