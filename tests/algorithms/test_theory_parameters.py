import re
from fractions import Fraction
from math import e
from pathlib import Path
from typing import Literal

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.algorithms import SpannerPolicy, TheoryParameters, phase_1, theory_parameters
from reference.algorithms.parts.theory import E_SQUARED, largest_spanner
from reference.algorithms.parts.theory import __doc__ as said
from reference.exact import exp, loglinear, rational, to_decimal
from reference.interaction import World, law_of
from reference.laws import ideal_law
from reference.model import LinearProblem, Prompt, Response, base_policy, coverage, gap, optimum
from reference.testing import rationals

MODES: tuple[Literal["span", "ridge"], ...] = ("span", "ridge")


def by_name(found: TheoryParameters) -> dict[str, int | fmpq]:
    return {setting.name: setting.value for setting in found.settings}


def test_span_mode_by_hand() -> None:
    """K = C max(2(beta + R), R^2/(4 beta)) = 3 max(5, 2) = 15; K rank/(eps delta) = 15 * 2 * 8 = 240.

    M = ceil(4 * 7.39 * 3) = ceil(88.68).
    """
    found = theory_parameters("1/2", "1/4", beta="1/2", R_max=2, B=1, dimension=2, coverage=3)
    assert by_name(found) == {
        "n_prompt": 239, "n_pair": 1, "t_exp": 1, "M": 89, "delta": fmpq(1, 4), "ridge": 1, "nu": 1,
    }  # fmt: skip
    p = found.parameters
    assert (p.n_prompt, p.n_pair, p.t_exp, p.mode) == (239, 1, 1, "span")
    assert [p.M, p.delta] == [89, fmpq(1, 4)]


def test_the_other_term_of_the_constant() -> None:
    """R^2/(4 beta) = 100/(4/10) = 250 > 2 (1/10 + 10) = 20.2; 250 * 1 / 1 - 1."""
    found = theory_parameters(1, 1, beta="1/10", R_max=10, B=1, dimension=1, coverage=1)
    assert found.parameters.n_prompt == 249
    assert found.parameters.M == 30  # ceil(29.56)


def test_ridge_mode_by_hand() -> None:
    """lambda = min(1/4, 1/8)/4 = 1/32; n_max for d = 1: 2^n <= 1 + 128 n holds up to n = 10; n_prompt = 10 * 3 * 4 * 2.

    t_exp = R^2 d^2 ceil(log 2)^2 / (beta min(eps, beta)) = 4 / (1/8) = 32.
    """
    found = theory_parameters("1/4", "1/2", beta="1/2", R_max=2, B=2, dimension=1, coverage=3, mode="ridge")
    assert 2**10 <= 1 + 128 * 10 < 2**11
    assert by_name(found) == {
        "n_prompt": 240, "n_pair": 1, "t_exp": 32, "M": 89, "delta": fmpq(1, 2), "ridge": fmpq(1, 32), "nu": 1,
    }  # fmt: skip
    assert found.parameters.mode == "ridge"


def test_ridge_mode_takes_the_smaller_error_and_the_logarithm_squared() -> None:
    """eps > beta: lambda = beta^2/B^2; delta = 1/100: ceil(log 100) = 5; t_exp = 1 * 4 * 25 / (1/4 * 1/4)."""
    found = by_name(theory_parameters(2, "1/100", beta="1/4", R_max=1, B=3, dimension=2, coverage=1, mode="ridge"))
    assert found["ridge"] == fmpq(1, 144)
    assert found["t_exp"] == 1600


def test_nothing_to_learn_still_gives_valid_parameters() -> None:
    for mode in MODES:
        found = theory_parameters(100, 1, beta=1, R_max=0, B=0, dimension=1, coverage=1, mode=mode)
        assert found.parameters.t_exp == 1
    assert theory_parameters(100, 1, beta=1, R_max=0, B=0, dimension=1, coverage=1).parameters.n_prompt == 0


@given(
    rationals(fmpq(1, 8), 2), rationals(fmpq(1, 8), 1), rationals(fmpq(1, 8), 2), rationals(0, 3), rationals(1, 9),
    st.integers(1, 5),
)  # fmt: skip
def test_the_promise_is_met_and_by_the_smallest_count(
    eps: fmpq, delta: fmpq, beta: fmpq, R_max: fmpq, coverage: fmpq, rank: int
) -> None:
    """spanner-end-to-end: E[gap] <= K rank/(n_prompt + 1); Markov needs at most eps delta."""
    p = theory_parameters(eps, delta, beta=beta, R_max=R_max, B=1, dimension=rank, coverage=coverage).parameters
    K = coverage * max(2 * (beta + R_max), R_max**2 / (4 * beta))
    assert K * rank <= eps * delta * (p.n_prompt + 1)
    assert p.n_prompt == 0 or K * rank > eps * delta * p.n_prompt
    # softmax-sampler-tv asks M >= 2 C_cov(pi_f), and truncated-coverage gives C_cov(pi_f) <= e^2 C/(1/2)
    assert exp(2) * coverage * 4 <= p.M < exp(2) * coverage * 4 + 1 + coverage / 100


def test_span_mode_says_what_it_promises_and_ridge_mode_promises_nothing() -> None:
    span, ridge = (theory_parameters(1, 1, beta=1, R_max=1, B=1, dimension=1, coverage=1, mode=m) for m in MODES)
    assert span.promise == (
        "gap at most eps with probability at least 1 - delta, for noiseless rewards and exact sampling from pi_f "
        "(ours: spanner-end-to-end and Markov's inequality)"
    )
    assert ridge.promise is None
    sources = {setting.name: setting.source for setting in ridge.settings}
    assert all("promises nothing" in sources[name] for name in ("n_prompt", "t_exp"))
    assert "promises nothing" not in "".join(setting.source for setting in span.settings)


def test_on_this_instance_the_inputs_of_ridge_mode_miss_eps_more_often_than_delta() -> None:
    """The instance at the top of the module: phase 1 finds nothing with (1 - 2p(1-p))^1275, then pi_ref is returned."""
    eps, delta, p = rational("2/5"), rational("1/10"), rational("6/10000")
    found = theory_parameters(eps, delta, beta=1000, R_max=1000, B=1000, dimension=1, coverage=3, mode="ridge")
    assert found.promise is None
    arms = [Response.of("common", 1 - p, [0]), Response.of("rare", p, [1])]
    problem = LinearProblem.of("rare", [Prompt.of("x", arms)], theta=[1000], beta=1000, B=1000, R_max=1000)
    assert coverage(problem, optimum(problem)) < 3  # every hypothesis holds

    inputs = found.parameters
    assert inputs.n_prompt == 1275
    (nothing, chance), *others = law_of(lambda choice: phase_1(World(problem, choice).oracles, inputs)).items()
    assert (nothing.psi, [len(spanner.psi) for spanner, _ in others]) == ((), [1, 1])
    assert chance == (1 - 2 * p * (1 - p)) ** 1275 > delta
    assert to_decimal(chance, 4).text == "0.2165"

    for theta in (0, 1000, -7):  # whatever phase 2 estimates: nothing is covered
        policy = SpannerPolicy(nothing.cover, ((loglinear(theta),),), inputs.M, inputs.draws, nothing.psi)
        assert ideal_law(problem, policy, 0) == problem.pi_ref(0)
    loss = gap(problem, base_policy(problem))
    assert loss > eps
    assert to_decimal(loss, 4).text == "0.4304"
    page = Path(__file__).parents[2] / "docs/reference/theory/spanner-sampling.md"
    for text in (said or "", page.read_text("utf-8")):
        assert not {"1275", "0.2165", "0.4304"} - set(re.findall(r"[0-9.]*[0-9]", text))


def test_every_setting_names_its_formula_and_source() -> None:
    for mode in MODES:
        found = theory_parameters(1, 1, beta=1, R_max=1, B=1, dimension=1, coverage=1, mode=mode)
        assert len({setting.name for setting in found.settings}) == len(found.settings) == 7
        assert all(setting.formula and setting.source for setting in found.settings)


GOOD = {"eps": 1, "delta": 1, "beta": 1, "R_max": 1, "B": 1, "dimension": 1, "coverage": 1}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"eps": 0}, "eps = 0: must be positive"),
        ({"delta": "-1/2"}, "delta = -1/2: must be positive"),
        ({"beta": 0}, "beta = 0: must be positive"),
        ({"dimension": 0}, "dimension = 0: must be positive"),
        ({"delta": "3/2"}, "needs delta <= 1"),
        ({"coverage": "1/2"}, "coverage >= 1"),
        ({"R_max": -1}, "R_max >= 0"),
        ({"B": -1}, "B >= 0"),
        ({"mode": "both"}, "mode = 'both': write 'ridge' or 'span'"),
    ],
)
def test_each_range_error(wrong: dict[str, int | str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        theory_parameters(**{**GOOD, **wrong})  # type: ignore[arg-type]  # wrong on purpose


def test_the_rational_above_e_squared() -> None:
    assert exp(2) < E_SQUARED < exp(2) + fmpq(1, 1000)
    assert abs(float(e) ** 2 - float(Fraction(str(E_SQUARED)))) < 1e-3


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("ridge", ["4", "1", "1/10", "1/1000"])
@pytest.mark.parametrize("nu", ["1/4", "1/2", "1", "3"])
def test_largest_spanner_against_brute_force(d: int, ridge: str, nu: str) -> None:
    scale, step = Fraction(ridge), 1 + Fraction(nu) ** 2
    allowed = [n for n in range(1000) if step**n <= (1 + 4 * n / (scale * d)) ** d]
    assert max(allowed) < 900
    assert largest_spanner(d, rational(ridge), rational(nu)) == max(allowed)
