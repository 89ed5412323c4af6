from dataclasses import replace
from fractions import Fraction
from math import isclose

import pytest
from flint import fmpq

from reference.algorithms import SpanCover, SpannerPolicy, SpannerSampling, phase_1
from reference.catalog import load
from reference.exact import LogLinear, Real, exp_ratio, log, loglinear
from reference.exact.law import Law, Mass
from reference.exact.linalg import Vector
from reference.interaction import Budget, Event, Oracles, Reading, Seeded, World, law_of, play
from reference.laws import ideal_law, spanner_law, truncated_values
from reference.model import LinearProblem, Prompt, Response, optimum
from tests.algorithms import peer
from tests.interaction.scripted import Scripted

NOTHING = fmpq(0)
"""The only outcome of the noise of noiseless rewards."""

NOISE = Law.of({fmpq(-1): "1/3", fmpq(1, 2): "2/3"})
PEER_NOISE = ((Fraction(-1), Fraction(1, 3)), (Fraction(1, 2), Fraction(2, 3)))


def two_arms(beta: str = "1/2", mass: str = "1/3") -> LinearProblem:
    rest = str(1 - Fraction(mass))
    arms = [Response.of("good", mass, [1]), Response.of("bad", rest, [0])]
    return LinearProblem.of("arms", [Prompt.of("x", arms)], theta=["log(2)"], beta=beta, B=1, R_max=1)


def corner() -> LinearProblem:
    """Two prompts that reveal one coordinate each; an unreachable response; a baseline."""
    first = [Response.of("a", "1/3", [1, 0]), Response.of("b", "2/3", [0, 0]), Response.of("c", 0, [0, "1/2"])]
    second = [Response.of("d", "1/2", [0, 1]), Response.of("e", "1/2", [0, -1])]
    prompts = [Prompt.of("x", first, rho="1/4", baseline=3), Prompt.of("z", second, rho="3/4")]
    return LinearProblem.of("corner", prompts, theta=["log(2)", "-log(2)"], beta=1, B=1, R_max=2)


def slanted() -> LinearProblem:
    """Three responses whose differences span a plane in Q^3: least norm matters, a span may be partial."""
    phis = [["1/2", "1/2", "0"], ["0", "1/2", "1/2"], ["-1/2", "0", "1/2"]]
    masses = ("1/2", "1/3", "1/6")
    responses = [Response.of(f"y{k}", mass, phi) for k, (mass, phi) in enumerate(zip(masses, phis, strict=True))]
    theta = ["2*log(2)", "-2*log(2)", "0"]
    return LinearProblem.of("slanted", [Prompt.of("x", responses)], theta=theta, beta=1, B=2, R_max=3)


def result_of(policy: SpannerPolicy) -> peer.Result:
    psi = tuple((tuple(Fraction(str(v)) for v in phi), peer.pair(r)) for phi, r in policy.psi)
    return psi, tuple(tuple(peer.pair(t) for t in theta) for theta in policy.thetas)


def settings_of(p: SpannerSampling) -> peer.Settings:
    exact = (Fraction(str(v)) for v in (p.ridge, p.nu))
    return peer.Settings(p.n_prompt, p.n_pair, p.t_exp, Fraction(str(p.M)), p.draws, p.mode, *exact)


def agree(mass: Mass | Real, other: Fraction | float) -> bool:
    if isinstance(other, Fraction):
        return bool(mass == fmpq(other.numerator, other.denominator))
    ball = mass.enclosure(80) if not isinstance(mass, fmpq) else exp_ratio(mass).enclosure(80)
    return isclose(float(ball.mid()), other, rel_tol=1e-12)


def span(n_prompt: int, n_pair: int, t_exp: int, M: str = "1") -> SpannerSampling:
    return SpannerSampling(n_prompt, n_pair, t_exp, M, 1, mode="span")


def ridge(n_prompt: int, n_pair: int, t_exp: int, ridge: str = "1/2", nu: str = "3/4") -> SpannerSampling:
    return SpannerSampling(n_prompt, n_pair, t_exp, 1, 1, ridge=ridge, nu=nu, mode="ridge")


def shortened(p: SpannerSampling, draws: int = 2) -> SpannerSampling:
    """The same parameters with a small ``N``: the algorithm takes any, and laws of few draws are found fast."""
    q = replace(p)
    object.__setattr__(q, "draws", draws)
    return q


def test_merging_states_changes_nothing() -> None:
    """Unmerged laws replay every path, so only the smallest run fits: two prompts in phase 1, N = 1 by hand."""
    p = shortened(span(1, 1, 1), 1)
    for problem in (two_arms("1", "1/2"), corner()):
        laws = [
            law_of(lambda choice, q=problem: play(q, p, choice), merge=merge)  # type: ignore[misc]  # the default binds the loop's variable
            for merge in (True, False)
        ]
        assert laws[0] == laws[1]


def test_the_order_of_acceptance_is_part_of_the_result() -> None:
    """Merged and unmerged laws of phase 1 agree where pairs can be accepted in either order."""
    p = span(3, 1, 1)
    laws = [law_of(lambda choice: phase_1(World(corner(), choice).oracles, p), merge=merge) for merge in (True, False)]
    assert laws[0] == laws[1]
    orders = {tuple(abs(phi[0]) > 0 for phi, _ in spanner.psi) for spanner in laws[0].outcomes}
    assert {(True, False), (False, True)} <= orders


def test_a_run_in_span_mode_by_hand() -> None:
    """Good has reward log 2, bad 0; beta = 1, so weights relative to bad are 2 and 1, relative to good 1 and 1/2."""
    problem, good, bad = two_arms("1", "1/2"), 0, 1
    seen: list[Event] = []
    script: list[object] = [
        *(0, good, good, bad, good, NOTHING, NOTHING),  # phase 1: the second pair is accepted
        *(0, bad),  # t = 1: y2 = bad
        *(good, good, good, bad, bad, bad),  # Zhat = (2+2+2+1+1+1)/6 = 3/2
        *(bad, False, bad, False, good, True, NOTHING, NOTHING),  # bad accepted w.p. 1/(3/2), good w.p. 1
        *(0, good),  # t = 2: y2 = good
        *(good, good, good, good, good, good),  # Zhat = 1: good accepted w.p. 1, bad w.p. 1/2
        *(bad, False) * 6,  # all six rejected
        *(bad, NOTHING, NOTHING),  # a fresh draw
    ]
    choice = Scripted(script)
    world = World(problem, choice, observer=seen.append)
    policy = span(1, 2, 2)(world.oracles)
    assert choice.left == []
    coins = [law for law in choice.asked if isinstance(law, Law) and False in law.outcomes and law.outcomes[0] is True]
    assert coins == [Law.bernoulli("2/3")] * 2 + [Law.bernoulli("1/2")] * 6
    assert policy.psi == ((Vector.of([-1]), -log(2)),)
    assert policy.thetas == ((log(2),), (log(2),))
    assert policy.M == 1
    assert (policy.draws, policy.queries_per_draw) == (6, 14)
    weak = 2 * 2 + (1 + 6 + 3) + (1 + 6 + 6 + 1)
    assert world.meter.reading == Reading(prompts=3, weak=(weak,), reward=6)
    asked = [details[1] for oracle, details in seen if oracle == "reward"]
    assert asked == [bad, good, good, bad, bad, good]
    assert [oracle for oracle, _ in seen[:7]] == ["prompt", "weak", "weak", "weak", "weak", "reward", "reward"]


def test_a_run_in_ridge_mode_by_hand() -> None:
    """lambda = 1, nu^2 = 9/16: 1/1 is accepted; then 1/2 is covered, theta_1 = (1/2) log 2, theta_2 = (2/3) log 2."""
    problem, good, bad = two_arms("1", "1/2"), 0, 1
    fill = [good] * 6  # Zhat = exp(theta_1) = sqrt 2: good is accepted w.p. 1, bad w.p. 1/sqrt 2
    script: list[object] = [
        *(0, good, bad, NOTHING, NOTHING),
        *(0, bad, good),  # covered now: nothing is accepted
        *(0, bad, *fill, good, True, NOTHING, NOTHING),
        *(0, bad, *fill, good, True, NOTHING, NOTHING),
    ]
    choice = Scripted(script)
    policy = SpannerSampling(2, 1, 2, 1, 1, ridge=1, nu="3/4")(World(problem, choice).oracles)
    assert choice.left == []
    assert policy.thetas == ((log(2) / 2,), (log(2) * fmpq(2, 3),))
    assert [phi for phi, _ in policy.psi] == [Vector.of([1])]


def test_what_is_not_covered_keeps_its_base_weight() -> None:
    """One acceptance at the first prompt: at the second one every difference is uncovered, so f = 0 there."""
    choice = Scripted([0, 0, 1, NOTHING, NOTHING, 0, 1, *[0] * 6, 0, True, NOTHING, NOTHING])
    policy = span(1, 1, 1)(World(corner(), choice).oracles)
    (theta,) = policy.thetas
    assert theta == (log(2), loglinear(0))
    assert truncated_values(corner(), policy, theta, 0, 1) == {0: log(2), 1: 0}
    assert truncated_values(corner(), policy, theta, 0, 0) == {0: 0, 1: -log(2)}
    assert truncated_values(corner(), policy, theta, 1, 1) == {0: 0, 1: 0}
    assert ideal_law(corner(), policy, 0) == optimum(corner()).law(0)
    assert ideal_law(corner(), policy, 1) == corner().pi_ref(1)


def some_policies() -> list[tuple[LinearProblem, SpannerSampling, SpannerPolicy]]:
    found = []
    for problem, p in [
        (two_arms(), span(1, 1, 2)),
        (corner(), span(2, 1, 1, M="5/4")),
        (two_arms("1"), ridge(1, 1, 2)),
        (slanted(), span(1, 1, 1)),
    ]:
        found += [(problem, p, play_seeded(problem, p, seed)) for seed in (1, 5)]
    # by hand: two rounds that differ; and the second prompt covered alone
    arms = shortened(span(1, 1, 2), 2)
    pair = (Vector.of([1]), log(2))
    thetas = ((loglinear(0),), (log(2),))
    cover = SpanCover.empty(1).with_vector(pair[0])
    found.append((two_arms("1", "1/3"), arms, SpannerPolicy(cover, thetas, arms.M, arms.draws, (pair,))))
    second = (Vector.of([0, 2]), -2 * log(2))
    plane = SpanCover.empty(2).with_vector(second[0])
    found.append((corner(), arms, SpannerPolicy(plane, ((loglinear(0), -log(2)),), arms.M, arms.draws, (second,))))
    return found


def play_seeded(problem: LinearProblem, p: SpannerSampling, seed: int) -> SpannerPolicy:
    policy = play(problem, p, Seeded(seed)).policy
    assert policy is not None
    return policy


@pytest.mark.parametrize(("problem", "p", "policy"), some_policies())
def test_three_ways_to_the_law_of_the_returned_policy(
    problem: LinearProblem, p: SpannerSampling, policy: SpannerPolicy
) -> None:
    table, settings = peer.instance(problem), settings_of(p)
    for x in range(len(problem.prompts)):
        played = law_of(lambda choice, x=x: policy.sample(World(problem, choice).oracles, x))  # type: ignore[misc]  # bound at once
        formula = spanner_law(problem, policy, x)
        theirs = peer.returned_law(table, settings, result_of(policy), x)
        assert set(formula) == set(problem.support(x)) >= set(played.outcomes)
        for y, mass in formula.items():
            assert agree(played.mass(y), theirs[y])
            ball = mass.enclosure(128)
            assert ball.rad() < 1e-25
            assert ball.overlaps(exp_ratio(played.mass(y)).enclosure(128))


def test_the_mixture_weighs_every_round_alike() -> None:
    """theta_1 = 0 keeps the base law (1/2, 1/2), theta_2 = log 2 gives (2/3, 1/3): the mixture is (7/12, 5/12)."""
    problem = two_arms("1", "1/2")
    cover = play_seeded(problem, span(9, 9, 1), 1).cover
    policy = SpannerPolicy(cover, ((loglinear(0),), (log(2),)), fmpq(1), 6, ())
    assert ideal_law(problem, policy, 0) == Law.of({0: "7/12", 1: "5/12"})


@pytest.mark.parametrize("mode", ["span", "ridge"])
def test_queries_of_every_run_are_within_their_bounds(mode: str) -> None:
    for problem in (two_arms(), corner(), slanted(), load("single-response"), load("zero-base-mass")):
        for seed in range(6):
            p = span(4, 3, 2) if mode == "span" else ridge(4, 3, 2, nu="1/2")
            outcome = play(problem, p, Seeded(seed))
            assert outcome.policy is not None
            n = len(outcome.policy.psi)
            assert n <= (problem.difference_rank() if mode == "span" else 4)
            assert outcome.t_data == 2 * n + 2 * p.t_exp
            assert outcome.reading.prompts == p.n_prompt + p.t_exp
            assert outcome.reading.strong == 0
            most = 2 * p.n_prompt * p.n_pair + p.t_exp * (2 * p.draws + 2)
            assert 2 * p.n_prompt + p.t_exp * (p.draws + 2) <= outcome.reading.drawn <= most


def test_one_draw_from_the_returned_policy_makes_at_most_the_stated_queries_and_may_need_them_all() -> None:
    problem = two_arms("1", "1/2")
    policy = play_seeded(problem, span(9, 1, 1), 1)
    law = law_of(lambda choice: play(problem, lambda oracles: policy.sample(oracles, 0), choice).reading.drawn)
    assert max(law.outcomes) == policy.queries_per_draw == 2 * 6 + 2
    assert min(law.outcomes) == 1 + 6 + 1


def test_without_phase_1_only_what_is_certain_is_covered() -> None:
    policy = play_seeded(corner(), span(0, 1, 3), 2)
    assert policy.psi == ()
    assert policy.thetas[0] == (loglinear(0), loglinear(0))
    for x in (0, 1):
        assert ideal_law(corner(), policy, x) == corner().pi_ref(x)


def test_a_budget_ends_the_run_and_names_itself() -> None:
    for budget, kind in [(Budget(reward=3), "reward"), (Budget(weak=5), "weak"), (Budget(prompts=1), "prompts")]:
        outcome = play(two_arms(), span(1, 9, 1), Seeded(1), budget=budget)
        assert (outcome.policy, outcome.exceeded) == (None, kind)


def test_equal_seeds_give_equal_runs_and_seeds_matter() -> None:
    runs = [play_seeded(slanted(), span(3, 1, 4), seed) for seed in (7, 7, 8, 9, 10)]
    assert runs[0] == runs[1]
    assert len(set(runs)) > 1


def test_noiseless_span_mode_finds_the_optimum_once_everything_is_covered() -> None:
    policy = play_seeded(slanted(), span(20, 1, 2), 3)
    assert len(policy.psi) == 2
    assert ideal_law(slanted(), policy, 0) == optimum(slanted()).law(0)
    # the least-norm estimate: orthogonal to (1, -1, 1), the direction that no difference shows
    for theta in policy.thetas:
        assert Vector.of([1, -1, 1]).dot_numbers(theta) == LogLinear(fmpq(0))


@pytest.mark.parametrize(
    ("counts", "extra", "message"),
    [
        ((-1, 1, 1, 1, 1), {}, "n_prompt = -1: SpannerSampling needs at least 0"),
        ((0, 0, 1, 1, 1), {}, "n_pair = 0: SpannerSampling needs at least 1"),
        ((0, 1, 0, 1, 1), {}, "t_exp = 0: SpannerSampling needs at least 1"),
        ((0, 1, 1, "1/2", 1), {}, "M = 1/2, delta = 1: needs M >= 1"),
        ((0, 1, 1, 1, 0), {}, "delta = 0"),
        ((0, 1, 1, 1, 2), {}, "delta = 2"),
        ((0, 1, 1, 1, 1), {"ridge": 0}, "ridge = 0, nu = 1: both must be positive"),
        ((0, 1, 1, 1, 1), {"nu": "-1"}, "nu = -1"),
        ((0, 1, 1, 1, 1), {"mode": "sapn"}, "mode = 'sapn': write 'ridge' or 'span'"),
    ],
)
def test_bad_parameters(counts: tuple[int, int, int, int, int], extra: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SpannerSampling(*counts, **extra)  # type: ignore[arg-type]  # wrong on purpose


def test_parameters_know_their_draws() -> None:
    assert SpannerSampling(0, 1, 1, 4, "1/2").draws == 34  # 16 log 8 = 33.27..
    assert isinstance(World(two_arms(), Seeded(1)).oracles, Oracles)


LAWS = [
    (two_arms(), span(1, 1, 1), False),
    (two_arms("1", "1/2"), span(2, 1, 2), False),
    (two_arms("1", "1/4"), shortened(span(1, 2, 2, M="3/2"), 3), False),
    (two_arms("1", "1/2"), span(0, 1, 3), False),
    (corner(), shortened(span(2, 1, 2), 1), False),
    (corner(), shortened(span(1, 2, 2)), False),
    (slanted(), shortened(span(2, 1, 1), 3), False),
    (two_arms(), shortened(span(1, 1, 1)), True),
    (two_arms(), shortened(ridge(2, 1, 1)), False),
    (two_arms(), shortened(ridge(3, 1, 1, nu="1/2")), True),  # two acceptances: 1/(1/2) and 1/(3/2) exceed 1/4
    (two_arms("1", "1/2"), shortened(ridge(1, 1, 2), 3), False),
    (two_arms("1", "1/2"), shortened(ridge(1, 1, 3), 1), False),  # estimates depend on how often a pair was seen
    (corner(), shortened(ridge(2, 1, 1, ridge="1/3", nu="1/2")), False),
    (slanted(), shortened(ridge(2, 1, 1, ridge="1/4")), False),
    (slanted(), shortened(ridge(1, 1, 2, ridge="1/4", nu="4/5"), 1), False),
    (slanted(), shortened(span(1, 1, 2), 1), False),  # one difference covered: what is covered depends on y2
]


@pytest.mark.parametrize(("problem", "p", "noisy"), LAWS)
def test_the_exact_law_agrees_with_plain_recursion(problem: LinearProblem, p: SpannerSampling, noisy: bool) -> None:  # noqa: FBT001 - a parameter of the test
    noise = NOISE if noisy else Law.point(fmpq(0))
    mine = law_of(lambda choice: p(World(problem, choice, noise=noise).oracles))
    table = peer.instance(problem, PEER_NOISE) if noisy else peer.instance(problem)
    theirs = peer.spanner_sampling(table, settings_of(p))
    found = {result_of(policy): mass for policy, mass in mine.items()}
    assert found.keys() == theirs.keys()
    for result, mass in found.items():
        assert agree(mass, theirs[result]), result
    assert len(found) == len(mine.outcomes)
