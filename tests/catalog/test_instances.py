"""Each hand-made instance is what the tool writes, and does what its ``shows`` says."""

import pytest
from flint import fmpq

from reference.catalog import dump, linear_names, load, load_linear
from reference.catalog.handmade import instances
from reference.catalog.loading import DATA
from reference.exact import ExpRatio, LogLinear, Real, exp, log, loglinear, real, real_log
from reference.exact.law import Law
from reference.exact.linalg import Gram
from reference.model import (
    LinearProblem,
    Policy,
    SupportError,
    TabularPolicy,
    Tilt,
    base_policy,
    coverage,
    coverage_at,
    gap,
    kl_at,
    log_partition,
    objective,
    optimal_value,
    optimum,
    oscillation,
    softmax,
    tilted,
)

HANDMADE = {problem.name: problem for problem in instances()}


@pytest.mark.parametrize("name", sorted(HANDMADE))
def test_the_file_is_what_the_tool_writes(name: str) -> None:
    text = (DATA / f"{name}.json").read_text(encoding="utf-8")
    assert text == dump(HANDMADE[name])
    assert load_linear(name) == HANDMADE[name]


@pytest.mark.parametrize("name", linear_names())
def test_every_instance_says_what_it_is(name: str) -> None:
    problem = load_linear(name)
    assert problem.name == name
    assert problem.about.title
    assert problem.about.shows
    assert problem.about.source
    assert dump(problem) == (DATA / f"{name}.json").read_text(encoding="utf-8")


def test_two_arms() -> None:
    problem = load("two-arms")
    assert problem.is_log_rational()
    assert optimum(problem).law(0) == Law.of({0: "2/3", 1: "1/3"})
    assert coverage(problem, optimum(problem)) == fmpq(4, 3)
    for value in (optimal_value(problem), kl_at(problem, optimum(problem), 0), gap(problem, base_policy(problem))):
        assert isinstance(value.exact, LogLinear)


def test_two_arms_exp() -> None:
    problem = load("two-arms-exp")
    assert not problem.is_log_rational()
    assert optimum(problem).law(0).mass(0) == ExpRatio(exp(2), 1 + exp(2))
    assert optimal_value(problem) == (real_log(1 + exp(2)) - log(2)) / 2
    assert optimal_value(problem).exact is None


def test_two_arms_mixed() -> None:
    problem = load("two-arms-mixed")
    # (1 + e + sqrt 2)/3
    assert log_partition(problem, 0) == real_log(1 + exp(1) + exp("1/2*log(2)")) - log(3)
    assert exp("1/2*log(2)") ** 2 == 2


def test_single_response() -> None:
    problem = load("single-response")
    assert problem.difference_rank() == 0
    assert coverage(problem, optimum(problem)) == 1
    assert gap(problem, softmax(problem, ["7", "log(5)"])).exact == 0


def test_zero_base_mass() -> None:
    problem = load("zero-base-mass")
    rewards = problem.rewards(0)
    assert max(rewards) == rewards[0] == 5
    assert optimum(problem).law(0).mass(0) == 0
    assert oscillation(problem, 0) == log(3)
    assert problem.difference_rank() == 1
    with pytest.raises(SupportError):
        objective(problem, TabularPolicy(problem, [Law.of({0: "1/10", 1: "9/10"})]))


def test_rank_deficient() -> None:
    problem = load("rank-deficient")
    assert (problem.dimension, problem.difference_rank()) == (3, 1)
    other = softmax(problem, ["2*log(2)", "-2*log(2)", "-1"])
    assert gap(problem, other).exact == 0
    assert optimum(problem).law(0) == other.law(0)


def test_needle() -> None:
    problem = load("needle-1024")
    best = coverage(problem, optimum(problem))
    # e^14/(1 - p + p e^14), p = 1/1024
    assert best == ExpRatio(1024 * exp(14), 1023 + exp(14))
    assert 1022 < best < 1024
    assert exp(7) >= 1024
    assert optimal_value(problem) >= fmpq(1, 2)
    assert [problem.reward(0, y) for y in range(9)] == [int(y == 3) for y in range(9)]
    assert problem.support(0) == (0, 3)


def test_fair_coin() -> None:
    problem = load("fair-coin")
    assert problem.phi(0, 0) != problem.phi(0, 1)
    assert oscillation(problem, 0) == 0
    assert coverage(problem, optimum(problem)) == 1
    assert kl_at(problem, optimum(problem), 0).exact == 0
    assert gap(problem, base_policy(problem)).exact == 0


def test_different_supports() -> None:
    problem = load("different-supports")
    assert [problem.responses(x) for x in range(3)] == [("yes", "no"), ("no", "yes", "maybe"), ("yes", "never")]
    assert [problem.support(x) for x in range(3)] == [(0, 1), (1, 2), (0, 1)]
    assert [problem.baseline(x) for x in range(3)] == [0, -1, fmpq(7, 2)]
    at = [coverage_at(problem, optimum(problem), x) for x in range(3)]
    assert at[2] > 40 * at[0]
    assert at[2] > 20 * at[1]
    assert problem.is_log_rational()


def test_gap_oscillation_is_sharp() -> None:
    problem = load("gap-oscillation-tight")
    bound = oscillation(problem, 0).constant ** 2 / (8 * problem.beta)
    assert fmpq(9999, 10_000) * bound < gap(problem, base_policy(problem)) <= bound


def test_gap_quadratic_is_sharp() -> None:
    problem = load("gap-quadratic-tight")
    zero = tilted(problem, lambda _x, _y: LogLinear(fmpq(0)))
    square = zero.law(0).expectation(lambda y: problem.reward(0, y).constant ** 2)
    bound: Real = real(exp(1) - 2) / problem.beta * square
    assert bound * fmpq(9999, 10_000) < gap(problem, zero) <= bound


def test_truncated_coverage_is_sharp() -> None:
    problem = load("truncated-coverage-tight")
    anchor = problem.phi(0, 1)
    f = softmax(problem, ["1"])
    tilt = f.form(0, 0)
    assert isinstance(tilt, Tilt)
    assert anchor.is_zero
    assert coverage(problem, optimum(problem)) == 1
    assert max(abs(tilt.scores[y]) for y in range(3)) == problem.beta
    assert exp(2) * fmpq(98, 100) < coverage(problem, f) <= exp(2)


def test_an_anchor_off_the_support_spoils_coverage() -> None:
    problem = load("off-support-anchor")
    covered = problem.phi(0, 0) - problem.phi(0, 2)
    estimates = {0: covered.dot_numbers(problem.theta), 1: loglinear(0)}
    f = tilted(problem, lambda _, y: estimates[y])
    assert estimates[0] == -10
    assert problem.reward(0, 2) == 10
    assert 2 not in problem.support(0)
    assert coverage(problem, optimum(problem)) == 1
    assert coverage(problem, f) > 950


@pytest.mark.parametrize(("name", "ratio"), [("sampler-tight-m", 1000), ("sampler-tight-n", 10_000)])
def test_sampler_instances_have_the_stated_weights(name: str, ratio: int) -> None:
    problem = load_linear(name)
    law, base = optimum(problem).law(0), problem.pi_ref(0)
    assert problem.is_log_rational()
    assert ExpRatio(1) * law.mass(0) / law.mass(1) == ExpRatio(1) * base.mass(0) / base.mass(1) * ratio


def test_antipodal_features_attain_the_spanner_bound() -> None:
    problem = load("antipodal")
    difference = problem.phi(0, 0) - problem.phi(0, 1)
    scale = fmpq(3, 7)
    sigma = Gram.ridge(1, scale)
    for n in range(1, 6):
        sigma = sigma.with_vector(difference)
        assert sigma.determinant() / scale == 1 + 4 * n / scale


@pytest.mark.parametrize("name", sorted(HANDMADE))
def test_basic_facts_hold_on_every_instance(name: str) -> None:
    problem: LinearProblem = load_linear(name)
    best: Policy = optimum(problem)
    assert coverage(problem, best) >= 1
    assert gap(problem, best).exact == 0
    assert not gap(problem, base_policy(problem)) < 0


def test_spanner_fourfold() -> None:
    problem = load_linear("spanner-fourfold")
    assert coverage(problem, optimum(problem)) == fmpq(2) / (1 + fmpq(1, 2**64))
    worst, oscillating = gap(problem, base_policy(problem)), oscillation(problem, 0)
    assert oscillating == 64 * log(2)
    assert worst == 31 * log(2) + log(1 + fmpq(1, 2**64))
    bound = real(oscillating) * coverage(problem, optimum(problem))  # rank 1, N_prompt = 0
    assert fmpq(24, 100) * bound < worst < fmpq(1, 4) * bound
