"""Base models that are softmaxes of logits: masses that are exp-ratios, in every measure of a problem.

Judged in three ways: logits ``log p`` give the problem with the base ``p``; a base ``~ exp(l)`` is a uniform one with
``beta l`` more reward; and mpmath at 60 digits for the floats that engines write.
"""

import pickle
from dataclasses import replace

import mpmath
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import reference as ref
from reference.algorithms import softmax_sampler
from reference.algorithms.brute_force import BruteForce
from reference.exact import exp_ratio, exp_sum, rational, real, real_log
from reference.exact.law import Mass
from reference.interaction import Choice, World
from reference.interaction import law_of as every_run
from reference.laws import softmax_sampler_masses, softmax_sampler_query_masses
from reference.model import coverage_at, log_partition
from reference.model.criteria import naming
from reference.model.game import GameError
from reference.model.parts import Edge, Node
from reference.model.solution import solution_of
from reference.testing import linear_problems, node_policies, policies, problems
from tests.model import peer
from tests.model.measures import MEASURES, same, three_ways

FLOATS = st.floats(-6, 6, width=16)


def on_base(problem: ref.LinearProblem, laws: list[ref.Law[int]]) -> ref.LinearProblem:
    """The same problem on other base laws."""
    prompts = [
        replace(entry, responses=tuple(replace(y, pi_ref=law.mass(j)) for j, y in enumerate(entry.responses)))
        for entry, law in zip(problem.prompts, laws, strict=True)
    ]
    return ref.LinearProblem.of(
        problem.name, prompts, theta=problem.theta, beta=problem.beta, B=problem.B, R_max=problem.R_max
    )


@st.composite
def problems_of_logits(draw: st.DrawFn) -> tuple[ref.LinearProblem, list[list[float]]]:
    """Linear problems whose base laws are softmaxes of floats, with these."""
    problem = draw(linear_problems("mixed", max_prompts=2, max_responses=3))
    rows = [[draw(FLOATS) for _ in entry.responses] for entry in problem.prompts]
    return on_base(problem, [ref.from_logits(row) for row in rows]), rows


@given(linear_problems(), st.integers(-3, 3))
@settings(max_examples=25)
def test_logits_that_are_logarithms_of_masses_give_the_problem_of_these_masses(
    problem: ref.LinearProblem, shift: int
) -> None:
    laws = []
    for entry in problem.prompts:
        kept = [y.pi_ref > 0 for y in entry.responses]
        logits = [ref.log(exp_ratio(y.pi_ref).as_rational()) + shift if y.pi_ref > 0 else 0 for y in entry.responses]
        laws.append(ref.from_logits(logits, mask=kept))
    other = on_base(problem, laws)
    assert other == problem
    for name, measure in MEASURES.items():
        assert same(measure(other, ref.optimum(other)), measure(problem, ref.optimum(problem))), name


@given(problems_of_logits())
@settings(max_examples=20)
def test_a_base_of_logits_is_a_uniform_one_with_more_reward(
    found: tuple[ref.LinearProblem, list[list[float]]],
) -> None:
    problem, rows = found
    plain = on_base(problem, [ref.Law.uniform(range(len(row))) for row in rows])

    def given_logit(x: int, y: int) -> ref.LogLinear:
        return ref.loglinear(fmpq(*rows[x][y].as_integer_ratio()) * problem.beta)

    best = ref.tilted(plain, lambda x, y: problem.reward(x, y) + given_logit(x, y))
    for x in range(len(rows)):
        assert ref.optimum(problem).law(x) == best.law(x)
        gained = log_partition(plain, x, lambda x, y: problem.reward(x, y) + given_logit(x, y))
        assert log_partition(problem, x) == gained - log_partition(plain, x, given_logit)
        shifted = ref.base_policy(problem).law(x)
        assert shifted == ref.tilted(plain, given_logit).law(x)
        assert coverage_at(problem, best, x) == max(
            exp_ratio(best.law(x).mass(y)) / shifted.mass(y) for y in range(len(rows[x]))
        )
    assert ref.gap(problem, best) == 0
    assert ref.optimal_value(problem) == ref.objective(problem, best)


@given(problems_of_logits(), st.data())
@settings(max_examples=20)
def test_every_measure_agrees_with_sixty_digits(
    found: tuple[ref.LinearProblem, list[list[float]]], data: st.DataObject
) -> None:
    problem, rows = found
    policy = data.draw(policies(problem))
    rho, beta = [peer.number(entry.rho) for entry in problem.prompts], peer.number(problem.beta)
    value = divergence = largest = square = gap = optimal = mpmath.mpf(0)
    for x, row in enumerate(rows):
        weights = [mpmath.exp(mpmath.mpf(logit)) for logit in row]
        base = [w / sum(weights) for w in weights]
        rewards, p = peer.reward(problem, x), peer.masses(policy.law(x), len(row))
        Z = sum(b * mpmath.exp(r / beta) for b, r in zip(base, rewards, strict=True))
        here = sum(a * r for a, r in zip(p, rewards, strict=True)) - beta * peer.divergence(p, base)
        optimal += rho[x] * beta * mpmath.log(Z)
        value += rho[x] * here
        gap += rho[x] * (beta * mpmath.log(Z) - here)
        divergence += rho[x] * peer.divergence(p, base)
        largest = max(largest, *(a / b for a, b in zip(p, base, strict=True)))
        square += rho[x] * sum(a * a / b for a, b in zip(p, base, strict=True))
    pairs = (
        (ref.objective(problem, policy), value),
        (ref.optimal_value(problem), optimal),
        (ref.gap(problem, policy), gap),
        (ref.kl(problem, policy), divergence),
        (real(exp_ratio(ref.coverage(problem, policy))), largest),
        (ref.l1_coverage(problem, policy), square),
        (ref.coverage_profile(problem, policy).at(1), _covered(problem, policy, rows)),
    )
    for exact, expected in pairs:
        assert abs(peer.number(exact) - expected) < mpmath.mpf(10) ** -48, (exact, expected)


def _covered(problem: ref.LinearProblem, policy: ref.Policy, rows: list[list[float]]) -> mpmath.mpf:
    """``P(pi/pi_ref >= 1)``, where no ratio is 1 up to rounding alone."""
    total = mpmath.mpf(0)
    for x, row in enumerate(rows):
        law, base = policy.law(x), problem.pi_ref(x)
        over = [y for y in range(len(row)) if exp_ratio(law.mass(y)) >= base.mass(y)]
        total += peer.number(problem.prompts[x].rho) * sum(peer.masses(law, len(row))[y] for y in over)
    return total


@given(problems_of_logits())
@settings(max_examples=8)
def test_certificates_of_them_pass_their_check_and_are_read_back(
    found: tuple[ref.LinearProblem, list[list[float]]],
) -> None:
    problem, _ = found
    assert pickle.loads(pickle.dumps(problem)) == problem  # noqa: S301 - our own bytes
    made = ref.certify(problem)
    for part in (made.optimum, made.coverage):
        read = ref.read_certificate(problem, ref.certificate_json(problem, part))
        assert read == part
        ref.check(problem, read)
    assert ref.decide_realizability(problem)
    ref.check(problem, ref.certify_realizability(problem))
    assert solution_of(problem).base_gap == ref.gap(problem, ref.base_policy(problem))


@st.composite
def token_problems_of_logits(draw: st.DrawFn) -> ref.Problem:
    """Problems of two tokens on softmaxes of small floats."""
    plain = draw(problems("rational", max_horizon=2, max_tokens=2, max_prompts=1))

    def of_logits(node: Node) -> Node:
        law = ref.from_logits([draw(st.integers(-8, 8)) * 0.25 for _ in node])
        return tuple(Edge(e.token, law.mass(j), e.phi, e.reward, e.child) for j, e in enumerate(node))

    layers = [[of_logits(node) for node in layer] for layer in plain.layers]
    R_max = 100
    return ref.Problem.of(plain.name, plain.prompts, layers, beta=plain.beta, R_max=R_max)


@pytest.mark.parametrize("name", MEASURES)
@given(token_problems_of_logits(), st.data())
@settings(max_examples=5)
def test_tokens_on_softmaxes_of_logits_agree_three_ways(name: str, problem: ref.Problem, data: st.DataObject) -> None:
    three_ways(problem, data.draw(node_policies(problem)), MEASURES[name])
    flat = problem.sequences()
    assert ref.optimal_value(problem) == ref.optimal_value(flat)
    assert ref.gap(problem, ref.optimum(problem)) == 0


def arms() -> ref.LinearProblem:
    law = ref.from_logits([0.5, -1.25, 2.0])
    rows = [ref.Response.of(f"y{j}", law.mass(j), [fmpq(j, 4)]) for j in range(3)]
    return ref.LinearProblem.of("arms", [ref.Prompt.of("x", rows)], theta=["log(3)"], beta=1, B=2, R_max=2)


@given(row=st.lists(FLOATS, min_size=2, max_size=6), beta=st.sampled_from(["1/2", "1", "3"]))
@settings(max_examples=20)
def test_rewards_that_undo_the_logits_leave_a_uniform_optimum(row: list[float], beta: str) -> None:
    """``pi* ~ exp(l) exp(-l)``, and ``J(pi*) = beta (log n - log sum exp(l))``: rational and decided."""
    law, exact = ref.from_logits(row), [fmpq(*x.as_integer_ratio()) for x in row]
    largest = max(abs(e) for e in exact) + 1
    rows = [ref.Response.of(f"y{j}", law.mass(j), [e / largest]) for j, e in enumerate(exact)]
    theta = -largest * rational(beta)
    prompt = [ref.Prompt.of("x", rows)]
    problem = ref.LinearProblem.of("undone", prompt, theta=[theta], beta=beta, B=abs(theta), R_max=2 * abs(theta))
    assert ref.optimum(problem).law(0) == ref.Law.uniform(range(len(row)))
    total = exp_sum([(1, e) for e in exact])
    assert ref.optimal_value(problem) == (ref.real(ref.log(len(row))) - real_log(total)) * rational(beta)
    assert not problem.is_log_rational() or law.is_rational


def test_the_law_of_the_shipped_sampler_on_a_softmax() -> None:
    problem, N = arms(), 2
    joint = every_run(lambda choice: _sampled(problem, choice, N))
    responses, numbers = joint.map(lambda pair: pair[0]), joint.map(lambda pair: pair[1])
    scores = [problem.reward(0, y) for y in range(3)]
    masses = softmax_sampler_masses(problem.pi_ref(0), scores.__getitem__, problem.beta, 3, N)
    for y, mass in masses.items():
        assert mass.enclosure(200).overlaps(exp_ratio(responses.mass(y)).enclosure(200))
    queries = softmax_sampler_query_masses(problem.pi_ref(0), scores.__getitem__, problem.beta, 3, N)
    for n, mass in queries.items():
        assert mass.enclosure(200).overlaps(exp_ratio(numbers.mass(n)).enclosure(200))


def _sampled(problem: ref.LinearProblem, choice: Choice, N: int) -> tuple[int, int]:
    world = World(problem, choice)
    y, _ = softmax_sampler(world.oracles, lambda phi: ref.log(3) * phi[0], 0, 3, N)
    return y, world.meter.reading.drawn


def test_what_needs_rational_masses_says_so_in_one_line() -> None:
    problem = arms()
    base = problem.pi_ref(0)
    with pytest.raises(ref.InstanceError, match=r"^'arms' cannot be written: pi_ref of 'y0': .* is irrational"):
        ref.dump(problem)
    with pytest.raises(ValueError, match=r"^pi_ref is irrational, .*; use softmax_sampler_masses$"):
        ref.softmax_sampler_law(base, lambda _: ref.loglinear(0), problem.beta, 3, 2)
    members = ((ref.log(3),),)
    with pytest.raises(ref.ProblemError, match=r"^pi_ref: the base law is irrational .*, and BruteForce takes"):
        ref.play_proper(problem, ref.FiniteSet(members), BruteForce(T=1, members=members), seed=1)
    with pytest.raises(GameError, match=r"^member 0: its base law is irrational \(a softmax of logits\); games take"):
        naming([problem], lambda _: {(0, 0)})


def test_masses_that_are_no_law_are_refused_where_they_stand() -> None:
    half = ref.from_logits([0.0, 1.0]).mass(0)
    with pytest.raises(ref.ProblemError, match=r"^prompts\[0\].responses: pi_ref: the masses sum to ≈0.53788"):
        _two(half, half)
    with pytest.raises(ref.ProblemError, match=r"^prompts\[0\].responses\[1\].pi_ref: .* is negative$"):
        _two(half, half - 1)
    edges = [[ref.Edge.of("a", half, [0]), ref.Edge.of("b", "1/2", [0])]]
    with pytest.raises(ref.ProblemError, match=r"^prompt 'x', prefix \(\): edges: pi_ref: the masses sum to"):
        ref.Problem.of("p", [ref.Start.of("x")], [edges], beta=1, R_max=1)


def _two(first: Mass, second: Mass) -> None:
    rows = [ref.Response.of("a", first, [0]), ref.Response.of("b", second, [0])]
    ref.LinearProblem.of("p", [ref.Prompt.of("x", rows)], theta=[0], beta=1, B=0, R_max=1)


def test_a_law_of_many_logits_has_its_own_way() -> None:
    """Beyond 64 outcomes the quotient of ``E pi/pi_ref`` is not multiplied out."""
    row = [0.125 * ((7 * j) % 41) - 2 for j in range(70)]
    law = ref.from_logits(row)
    responses = [ref.Response.of(f"y{j}", law.mass(j), [fmpq(j % 3, 2)]) for j in range(70)]
    problem = ref.LinearProblem.of("many", [ref.Prompt.of("x", responses)], theta=["log(3)"], beta="1/2", B=2, R_max=2)
    weights = [mpmath.exp(mpmath.mpf(x)) for x in row]
    base = [w / sum(weights) for w in weights]
    factors = [mpmath.exp(2 * mpmath.log(3) * (j % 3) / 2) for j in range(70)]
    Z = sum(b * f for b, f in zip(base, factors, strict=True))
    best = [b * f / Z for b, f in zip(base, factors, strict=True)]
    pairs = (
        (ref.l1_coverage(problem), sum(p * p / b for p, b in zip(best, base, strict=True))),
        (ref.kl(problem), peer.divergence(best, base)),
        (ref.optimal_value(problem), mpmath.log(Z) / 2),
        (real(exp_ratio(ref.coverage(problem))), max(factors) / Z),
    )
    for exact, expected in pairs:
        assert abs(peer.number(exact) - expected) < mpmath.mpf(10) ** -48
