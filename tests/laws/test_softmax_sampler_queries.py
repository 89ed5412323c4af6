"""SoftmaxSampler's response and number of queries together: the listing as played, hand-worked and by other code."""

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import reference as ref
from reference.algorithms import softmax_sampler
from reference.exact import LogLinear, RationalLike, exp_ratio, log, loglinear
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction import Choice, World, law_of
from reference.laws import TooManyCounts, softmax_sampler_law, softmax_sampler_query_masses
from reference.model import LinearProblem, Prompt, Response


def arms(masses: list[str]) -> LinearProblem:
    responses = [Response.of(f"y{k}", mass, [fmpq(k, 4)]) for k, mass in enumerate(masses)]
    return LinearProblem.of("arms", [Prompt.of("x", responses)], theta=[0], beta=1, B=0, R_max=0)


def played(problem: LinearProblem, scores: list[LogLinear], M: RationalLike, N: int) -> Law[tuple[int, int]]:
    """The shipped sampler on metered oracles."""

    def f(phi: Vector) -> LogLinear:
        return scores[int(phi[0] * 4)]

    def program(choice: Choice) -> tuple[int, int]:
        world = World(problem, choice)
        y, _ = softmax_sampler(world.oracles, f, 0, M, N)
        return y, world.meter.reading.drawn

    return law_of(program)


@given(
    st.sampled_from([["1/2", "1/2"], ["1/3", "2/3"], ["1/6", "1/3", "1/2"], ["1/4", "0", "3/4"]]),
    st.lists(st.fractions(Fraction(1, 4), 4, max_denominator=4), min_size=3, max_size=3),
    st.integers(1, 8),
    st.integers(1, 3),
)
@settings(max_examples=25)
def test_it_is_the_law_of_the_shipped_sampler(masses: list[str], w: list[Fraction], halves: int, N: int) -> None:
    problem, M = arms(masses), fmpq(halves, 2)
    scores = [log(v) for v in w]
    joint = ref.softmax_sampler_joint_law(problem.pi_ref(0), scores.__getitem__, problem.beta, M, N)
    assert joint == played(problem, scores, M, N)
    assert joint.map(lambda pair: pair[0]) == softmax_sampler_law(
        problem.pi_ref(0), scores.__getitem__, problem.beta, M, N
    )
    queries = joint.map(lambda pair: pair[1])
    enclosed = softmax_sampler_query_masses(problem.pi_ref(0), scores.__getitem__, problem.beta, M, N)
    assert set(enclosed) == set(range(N + 1, 2 * N + 2))
    for number, mass in enclosed.items():
        assert mass.enclosure(100).overlaps(exp_ratio(queries.mass(number)).enclosure(100))


def test_irrational_weights_by_enclosures() -> None:
    problem, scores = arms(["1/3", "2/3"]), [loglinear(1), loglinear(0)]
    law = played(problem, scores, 2, 2).map(lambda pair: pair[1])
    masses = softmax_sampler_query_masses(problem.pi_ref(0), scores.__getitem__, problem.beta, 2, 2)
    for number, mass in masses.items():
        ball = mass.enclosure(200)
        assert ball.rad() < 1e-40
        assert ball.overlaps(exp_ratio(law.mass(number)).enclosure(200))
    with pytest.raises(ValueError, match="use softmax_sampler_query_masses"):
        ref.softmax_sampler_joint_law(problem.pi_ref(0), scores.__getitem__, problem.beta, 2, 2)


def test_too_many_trials_are_refused_with_a_number_that_works() -> None:
    problem, scores = arms(["1/4", "1/4", "1/4", "1/4"]), [loglinear(k) for k in range(4)]
    law = problem.pi_ref(0)
    with pytest.raises(TooManyCounts, match=r"trials over all values of Zhat; use fewer draws: N = 122 works"):
        softmax_sampler_query_masses(law, scores.__getitem__, problem.beta, 2, 150)
    assert len(softmax_sampler_query_masses(law, scores.__getitem__, problem.beta, 2, 122)) == 123


def test_one_draw_by_hand() -> None:
    """Weights 2 and 1, fair, N = 1, M = 2: Zhat = 2 accepts with 1/2 and 1/4, Zhat = 1 with 1 and 1/2."""
    p = ref.load("two-arms")
    joint = ref.softmax_sampler_joint_law(p.pi_ref(0), lambda y: log(2 - y), fmpq(1), 2, 1)
    assert joint.mass((0, 2)) == (fmpq(1, 4) + fmpq(1, 2)) / 2
    assert joint.mass((1, 2)) == (fmpq(1, 8) + fmpq(1, 4)) / 2
    assert joint.mass((0, 3)) == joint.mass((1, 3)) == (fmpq(5, 16) + fmpq(1, 8)) / 2


def test_a_trial_too_few_shows_in_the_queries_alone() -> None:
    p = ref.load("two-arms")
    right, short = (
        ref.softmax_sampler_joint_law(p.pi_ref(0), lambda y: p.reward(0, y), p.beta, "16/3", N) for N in (74, 73)
    )
    assert right.map(lambda pair: pair[0]).total_variation(short.map(lambda pair: pair[0])) < ref.rational("1e-8")
    assert right.total_variation(short) > ref.rational("0.18")
    drawn = ref.Seeded(1)
    sample = [drawn.draw(short) for _ in range(200)]
    assert ref.judge_sampler(sample, right).refuted
    assert not ref.judge_sampler(sample, short).refuted


def test_bad_input() -> None:
    law = Law.uniform(range(12))
    with pytest.raises(ValueError, match="M = 0, N = 1: needs M > 0 and N >= 1"):
        ref.softmax_sampler_joint_law(law, lambda _: log(1), fmpq(1), 0, 1)
    with pytest.raises(TooManyCounts, match="use fewer draws"):
        softmax_sampler_query_masses(law, loglinear, fmpq(1), 2, 100)
    with pytest.raises(TooManyCounts, match=r"4 values of f and N = 9000 .* together; .* N = 188 works"):
        ref.softmax_sampler_joint_law(Law.uniform(range(4)), lambda y: log(y + 1), fmpq(1), 2, 9000)
