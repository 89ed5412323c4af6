"""Ideal rejection, SoftmaxSampler, and the law of SoftmaxSampler through counts."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.algorithms import ideal_rejection, number_of_draws, softmax_sampler
from reference.catalog import load, load_linear
from reference.exact import ExpRatio, LogLinear, RationalLike, exp, exp_ratio, log, loglinear, rational
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction import Oracles, Outcome, Reading, Seeded, World, law_of, play
from reference.laws import TooManyCounts, softmax_sampler_law, softmax_sampler_masses
from reference.model import LinearProblem, Prompt, Response, coverage_at, optimum
from reference.testing import laws
from tests.algorithms import peer
from tests.interaction.scripted import Scripted

Score = Callable[[Vector], LogLinear]


def arms(masses: list[str], beta: str = "1") -> LinearProblem:
    """Responses 0, 1, .. with the one-dimensional features 0, 1/4, 2/4, .."""
    responses = [Response.of(f"y{k}", mass, [fmpq(k, 4)]) for k, mass in enumerate(masses)]
    return LinearProblem.of("arms", [Prompt.of("x", responses)], theta=[0], beta=beta, B=0, R_max=0)


def table(*values: LogLinear | int) -> Score:
    """The score of response k is ``values[k]``."""
    scores = [loglinear(0) + value for value in values]
    return lambda phi: scores[int(phi[0] * 4)]


def played(problem: LinearProblem, f: Score, M: RationalLike, N: int, *, merge: bool = True) -> Law[int]:
    return law_of(lambda choice: softmax_sampler(World(problem, choice).oracles, f, 0, M, N)[0], merge=merge)


CASES = [  # base law, weights exp(f/beta) up to a common factor exp(shift/beta), beta, shift, M, N
    (["1/2", "1/2"], [2, 1], "1", 0, 2, 1),
    (["1/2", "1/2"], [2, 1], "1", 0, 1, 3),
    (["1/3", "2/3"], [3, "1/2"], "1", 0, "3/2", 6),
    (["1/3", "2/3"], [4, 1], "1/2", 0, "3/2", 4),
    (["1/6", "1/3", "1/2"], [5, 2, 2], "3", 0, 2, 4),
    (["1/6", "1/3", "1/2"], [1, 2, 7], "1", 0, "1/2", 3),  # M < 1: most trials accept
    (["1/4", "0", "3/4"], [1, 100, 2], "1", 0, 2, 3),  # base mass zero never counts
    (["1"], [9], "1", 0, 3, 2),
    (["1/3", "2/3"], [1, 3], "1", 7, 2, 3),
]


@pytest.mark.parametrize(("masses", "w", "beta", "shift", "M", "N"), CASES)
def test_played_law_equals_the_law_through_counts_and_plain_recursion(
    masses: list[str], w: list[RationalLike], beta: str, shift: int, M: RationalLike, N: int
) -> None:
    problem = arms(masses, beta)
    f = table(*(log(v) * problem.beta + shift for v in w))
    law = softmax_sampler_law(problem.pi_ref(0), lambda y: f(problem.phi(0, y)), problem.beta, M, N)
    weights = tuple(Fraction(str(v)) for v in w)
    theirs = peer.sampler(peer.instance(problem).pi[0], weights, Fraction(str(M)), N)
    assert {y: Fraction(str(mass)) for y, mass in law.items()} == {y: m for y, m in enumerate(theirs) if m}
    assert played(problem, f, M, N) == law


IRRATIONAL = [
    (arms(["1/2", "1/2"]), table(1, 0), 2, 2),
    (arms(["1/3", "2/3"], "2"), table(log(2), 0), "3/2", 3),
    (arms(["1/6", "1/3", "1/2"]), table(1, log(3) / 2, 0), "5/4", 2),
    (arms(["1/4", "0", "3/4"]), table(2, 5, -1), 3, 2),
]


@pytest.mark.parametrize(("problem", "f", "M", "N"), IRRATIONAL)
def test_irrational_laws_lie_in_their_enclosures(problem: LinearProblem, f: Score, M: RationalLike, N: int) -> None:
    law = played(problem, f, M, N)
    assert not law.is_rational
    masses = softmax_sampler_masses(problem.pi_ref(0), lambda y: f(problem.phi(0, y)), problem.beta, M, N)
    assert set(masses) == set(law.outcomes)
    for y, mass in masses.items():
        ball = mass.enclosure(200)
        assert ball.rad() < 1e-40
        assert ball.overlaps(exp_ratio(law.mass(y)).enclosure(200))
    with pytest.raises(ValueError, match="use softmax_sampler_masses"):
        softmax_sampler_law(problem.pi_ref(0), lambda y: f(problem.phi(0, y)), problem.beta, M, N)


@given(
    laws((0, 1, 2), 4),
    st.lists(st.fractions(Fraction(1, 4), 4, max_denominator=4), min_size=3, max_size=3),
    st.integers(1, 8),
    st.integers(1, 3),
)
@settings(max_examples=25)
def test_any_rational_weights(base: Law[int], w: list[Fraction], halves: int, N: int) -> None:
    problem = arms([str(base.mass(y)) for y in range(3)])
    f = table(*(log(v) for v in w))
    M = fmpq(halves, 2)
    law = softmax_sampler_law(problem.pi_ref(0), lambda y: log(w[y]), problem.beta, M, N)
    theirs = peer.sampler(peer.instance(problem).pi[0], tuple(w), Fraction(halves, 2), N)
    assert {y: Fraction(str(mass)) for y, mass in law.items()} == {y: m for y, m in enumerate(theirs) if m}
    assert played(problem, f, M, N) == law
    for y, mass in softmax_sampler_masses(problem.pi_ref(0), lambda y: log(w[y]), problem.beta, M, N).items():
        assert mass.enclosure(100).overlaps(exp_ratio(law.mass(y)).enclosure(100))


def test_two_arms_and_one_draw_by_hand() -> None:
    """Weights 2 and 1, fair base law, N = 1, M = 2.

    Zhat = 2: a trial accepts y=0 w.p. 1/2, y=1 w.p. 1/4: 0 w.p. 1/4, 1 w.p. 1/8, else (5/8) fresh: 9/16 and 7/16.
    Zhat = 1: accepts w.p. 1 and 1/2: 0 w.p. 1/2, 1 w.p. 1/4, else (1/4) fresh: 5/8 and 3/8.
    """
    half = {0: fmpq(9, 16) / 2 + fmpq(5, 8) / 2, 1: fmpq(7, 16) / 2 + fmpq(3, 8) / 2}
    assert half == {0: fmpq(19, 32), 1: fmpq(13, 32)}
    problem = arms(["1/2", "1/2"])
    assert played(problem, table(log(2), 0), 2, 1) == Law.of(half)
    assert played(problem, table(log(2), 0), 2, 1, merge=False) == Law.of(half)


def test_a_run_by_hand_with_its_coins() -> None:
    """beta = 1/2, f = log 2 on y = 1: weights 1 and 4; Zhat = (4 + 1 + 1)/3 = 2, M = 3/2: coins 1/3 and 1."""
    choice = Scripted([1, 0, 0, 0, False, 0, False, 1, True])
    world = World(arms(["1/3", "2/3"], "1/2"), choice)
    assert softmax_sampler(world.oracles, table(0, log(2)), 0, "3/2", 3) == (1, Vector.of(["1/4"]))
    assert world.meter.reading == Reading(weak=(6,))
    assert [choice.asked[k] for k in (4, 6, 8)] == [Law.bernoulli("1/3")] * 2 + [Law.bernoulli(1)]


def test_queries_at_most_twice_the_draws_and_one() -> None:
    problem = arms(["1/2", "1/2"])
    law = law_of(
        lambda choice: (
            play(problem, lambda oracles: softmax_sampler(oracles, table(log(2), 0), 0, 2, 3)[0], choice).reading.drawn
        )
    )
    assert set(law.outcomes) == {4, 5, 6, 7}


@pytest.mark.parametrize(
    ("M", "delta", "N"),
    [
        (1, 1, 6),  # 4 log 4 = 5.545
        (4, "1/2", 34),  # 16 log 8 = 33.271
        ("3/2", 1, 9),  # 6 log 4 = 8.318
        (2, "4/1000000", 111),  # 8 log 10^6 = 110.52
        (10**6, "1/100", 23965859),  # 4e6 log 400 = 23965858.18..
    ],
)
def test_number_of_draws_by_hand(M: RationalLike, delta: RationalLike, N: int) -> None:
    assert number_of_draws(M, delta) == N


@pytest.mark.parametrize(("M", "delta"), [("1/2", "1/2"), (1, 0), (1, "3/2"), (-1, 1), (2, -1)])
def test_number_of_draws_refuses(M: RationalLike, delta: RationalLike) -> None:
    with pytest.raises(ValueError, match="needs M >= 1 and 0 < delta <= 1"):
        number_of_draws(M, delta)


@pytest.mark.parametrize(("M", "N"), [(0, 1), (-1, 1), (1, 0), (1, -2)])
def test_samplers_refuse(M: int, N: int) -> None:
    problem = arms(["1/2", "1/2"])
    oracles = World(problem, Seeded(1)).oracles
    with pytest.raises(ValueError, match=f"M = {M}, N = {N}: needs M > 0 and N >= 1"):
        softmax_sampler(oracles, table(0, 0), 0, M, N)
    for law in (softmax_sampler_law, softmax_sampler_masses):
        with pytest.raises(ValueError, match=f"M = {M}, N = {N}: needs M > 0 and N >= 1"):
            law(problem.pi_ref(0), lambda _: loglinear(0), problem.beta, M, N)


def test_too_many_counts_are_refused_at_once() -> None:
    base = Law.uniform(range(40))
    with pytest.raises(TooManyCounts, match=r"40 values of f and N = 50 .* values of Zhat; .* N = 4 works"):
        softmax_sampler_masses(base, loglinear, fmpq(1), 2, 50)
    with pytest.raises(TooManyCounts, match=r"4 values of f and N = 2000 .* bits in its .* N = 816 works"):
        softmax_sampler_law(Law.uniform(range(4)), lambda y: log(y + 1), fmpq(1), 2, 2000)


def test_a_lattice_takes_hundreds_of_draws() -> None:
    """Base weights 1, .., 4 on the values 1, .., 4: 301 values of Zhat, and 6,001, for 0.2 and 1,336 million counts."""
    base, f = Law.weighted(range(4), [1, 2, 3, 4]), [log(y + 1) for y in range(4)]
    law = softmax_sampler_law(base, f.__getitem__, fmpq(1), 8, 100)
    masses = softmax_sampler_masses(base, f.__getitem__, fmpq(1), 8, 2000)
    pi_f = Law.weighted(range(4), [1, 4, 9, 16])  # which both are near
    assert all(mass.enclosure(60).overlaps(exp_ratio(pi_f.mass(y)).enclosure(20)) for y, mass in masses.items())
    assert 0 < law.total_variation(pi_f) < rational("1/1000")


def test_hundreds_of_draws() -> None:
    """With M = 2 C_cov the law is within delta of pi_f: delta = 1/8, C_cov = 4/3, N = ceil(4 (8/3) log 32) = 37."""
    problem = load("two-arms")
    N = number_of_draws("8/3", "1/8")
    assert N == 37
    law = softmax_sampler_law(problem.pi_ref(0), partial(problem.reward, 0), problem.beta, "8/3", N)
    assert 0 < law.total_variation(optimum(problem).law(0)) < fmpq(1, 8)


def rejection_law(problem: LinearProblem, M: RationalLike, N: int) -> Law[Outcome[int | None]]:
    pi, base = optimum(problem).law(0), problem.pi_ref(0)

    def w(y: int) -> ExpRatio:
        return exp_ratio(pi.mass(y)) / exp_ratio(base.mass(y))

    def learner(oracles: Oracles) -> int | None:
        found = ideal_rejection(oracles, w, 0, M, N)
        return None if found is None else found[0]

    return law_of(lambda choice: play(problem, learner, choice))


@pytest.mark.parametrize(("name", "M", "N"), [("two-arms", "4/3", 3), ("two-arms", "2", 2), ("two-arms-exp", "3", 3)])
def test_ideal_rejection_has_its_exact_law(name: str, M: str, N: int) -> None:
    """Trial k accepts y with probability (1 - 1/M)^(k-1) pi(y)/M; all fail with (1 - 1/M)^N."""
    problem, m = load_linear(name), 1 / rational(M)
    pi = optimum(problem).law(0)
    masses: dict[Outcome[int | None], ExpRatio] = {
        Outcome(y, Reading(weak=(k,)), None): exp_ratio(mass) * m * (1 - m) ** (k - 1)
        for k in range(1, N + 1)
        for y, mass in pi.items()
    }
    masses[Outcome(None, Reading(weak=(N,)), None)] = exp_ratio((1 - m) ** N)
    assert rejection_law(problem, M, N) == Law.of(masses)


def test_ideal_rejection_asks_for_the_prompt_it_is_given() -> None:
    problem = load("different-supports")
    for x in range(len(problem.prompts)):
        pi, base = optimum(problem).law(x), problem.pi_ref(x)

        def w(y: int, pi: Law[int] = pi, base: Law[int] = base) -> ExpRatio:
            return exp_ratio(pi.mass(y)) / exp_ratio(base.mass(y))

        def learner(oracles: Oracles, x: int = x, w: Callable[[int], ExpRatio] = w) -> int:
            found = ideal_rejection(oracles, w, x, 100, 1)
            return -1 if found is None else found[0]

        law = law_of(lambda choice, f=learner: f(World(problem, choice).oracles))  # type: ignore[misc]  # the default binds the loop's variable
        assert law == Law.mixture([("99/100", Law.point(-1)), ("1/100", pi)])


def test_ideal_rejection_at_the_edges() -> None:
    assert rejection_law(load("two-arms"), 2, 0) == Law.point(Outcome(None, Reading(), None))
    single = load("single-response")
    assert rejection_law(single, 1, 1) == Law.point(Outcome(0, Reading(weak=(1,)), None))
    assert coverage_at(load("two-arms"), optimum(load("two-arms")), 0) == fmpq(4, 3)
    for M, N in [(0, 1), (-2, 1), (1, -1)]:
        with pytest.raises(ValueError, match=f"M = {M}, N = {N}: needs a cap M > 0 and N >= 0 trials"):
            rejection_law(load("two-arms"), M, N)
    oracles = World(load("two-arms"), Scripted([0, True])).oracles
    assert ideal_rejection(oracles, lambda _: exp(0), 0, 1, 5) == (0, Vector.of([1]))
