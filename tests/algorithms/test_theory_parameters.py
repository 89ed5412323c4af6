import re
from dataclasses import replace
from fractions import Fraction
from math import ceil, comb, e, log, sqrt
from pathlib import Path
from typing import Literal

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.algorithms import TheoryParameters, theory_parameters
from reference.algorithms.parts.theory import E_ABOVE, E_SQUARED, largest_spanner
from reference.catalog import load_linear
from reference.exact import exp, rational, to_decimal
from reference.laws import ideal_law, returned_policies, sampled_gap
from reference.model import LinearProblem, Prompt, Response, base_policy, coverage, gap, optimum
from reference.testing import rationals

MODES: tuple[Literal["span", "ridge"], ...] = ("span", "ridge")


def by_name(found: TheoryParameters) -> dict[str, int | fmpq]:
    return {setting.name: setting.value for setting in found.settings}


def test_span_mode_by_hand() -> None:
    """h = 7 (1/2)/(16 * 3 * 2) = 7/192, n_max = 2, s = (1/2)/16; N from the binomial sum; N = ceil(4 * 12 log 128)."""
    found = theory_parameters("1/2", "1/4", beta="1/2", R_max=2, B=1, dimension=2, coverage=3)
    assert by_name(found) == {
        "n_prompt": 74, "n_pair": 1, "t_exp": 1, "M": 12, "delta": fmpq(1, 32), "ridge": 1, "nu": 1,
    }  # fmt: skip
    assert binomial(74, Fraction(7, 192), 2) <= Fraction(1, 4) < binomial(73, Fraction(7, 192), 2)
    p = found.parameters
    assert (p.n_prompt, p.n_pair, p.t_exp, p.mode) == (74, 1, 1, "span")
    assert (p.M, p.delta) == (fmpq(12), fmpq(1, 32))
    assert p.draws == ceil(48 * log(128)) == 233
    assert found.t_comp == 2 * 74 + 2 * (2 * 233 + 2)
    assert found.t_data == 2 * 2 + 2
    assert [(q.name, q.value) for q in found.quantities] == [("h", fmpq(7, 192)), ("n_max", 2)]


def test_ridge_mode_by_hand() -> None:
    """e0^2 = min((1/4)(1/2)/(8 * 0.719), 1/4, 4/36), lambda = e0^2/4; h = (3/16)/(e * 3 * 2); s = (3/4)/64."""
    found = theory_parameters("1/4", "1/2", beta="1/2", R_max=2, B=2, dimension=1, coverage=3, mode="ridge")
    square = Fraction(1, 8) / (8 * Fraction(719, 1000))
    assert square < Fraction(1, 9)
    h, n_max = Fraction(3, 16) / (6 * Fraction(2719, 1000)), 13
    assert 2**n_max <= 1 + 4 * n_max / (square / 4) < 1 + 4 * (n_max + 1) / (square / 4) < 2 ** (n_max + 1)
    inputs = by_name(found)
    n_prompt = int(fmpq(inputs.pop("n_prompt")).p)
    assert inputs == {
        "n_pair": 1, "t_exp": 1, "M": 12 * E_SQUARED, "delta": fmpq(3, 256),
        "ridge": fmpq(1, 8) / (8 * fmpq(719, 1000)) / 4, "nu": 1,
    }  # fmt: skip
    assert binomial(n_prompt, h, n_max) <= Fraction(1, 2) < binomial(n_prompt - 1, h, n_max)
    assert found.parameters.mode == "ridge"


@pytest.mark.parametrize(
    ("eps", "beta", "R_max", "square"),
    [(2, "1/10", 10, "1/100"), (2, 1, 3, "1/4"), (1, "1/2", 12, "1/2 / 5.752")],  # beta^2; R^2/36; eps beta/(8(e-2))
)
def test_each_term_of_the_ridge(eps: int, beta: int | str, R_max: int, square: str) -> None:
    found = theory_parameters(eps, "1/3", beta=beta, R_max=R_max, B=3, dimension=2, coverage=1, mode="ridge")
    above, _, below = square.partition(" / ")
    assert by_name(found)["ridge"] == rational(above) / (rational(below) if below else 1) / 9


@pytest.mark.parametrize("mode", MODES)
def test_nothing_to_learn_still_gives_valid_parameters(mode: Literal["span", "ridge"]) -> None:
    """If eps is at least R_max nothing is sought, and what is returned is pi_ref."""
    for reward, norm in ((0, 0), (0, 1), (1, 1), (1, 0)):
        found = theory_parameters(1, "1/2", beta=1, R_max=reward, B=norm, dimension=1, coverage=1, mode=mode)
        assert (found.parameters.n_prompt, found.t_data) == (0, 2)
        assert found.settings[0].formula == "0, as EPS >= R_max: pi_ref is good enough"
    assert theory_parameters("99/100", "1/2", beta=1, R_max=1, B=1, dimension=1, coverage=1).parameters.n_prompt > 0
    problem = load_linear("two-arms")
    idle = theory_parameters(1, "1/2", beta=1, R_max=1, B=1, dimension=1, coverage=1, mode=mode)
    (policy,) = returned_policies(problem, idle.parameters).outcomes
    assert ideal_law(problem, policy, 0) == problem.pi_ref(0)


@given(
    rationals(fmpq(1, 8), 2), rationals(fmpq(1, 8), fmpq(7, 8)), rationals(fmpq(1, 8), 2), rationals(0, 3),
    rationals(1, 9), st.integers(1, 5), st.sampled_from(MODES),
)  # fmt: skip
def test_the_terms_sum_to_eps_and_the_count_is_least(
    eps: fmpq, delta: fmpq, beta: fmpq, R: fmpq, C: fmpq, rank: int, mode: Literal["span", "ridge"]
) -> None:
    """Step 2 and 3 of the module with floats, and the binomial sum with fractions."""
    found = theory_parameters(eps, delta, beta=beta, R_max=R, B=2, dimension=rank, coverage=C, mode=mode)
    p, (h, n_max) = found.parameters, (fmpq(q.value) for q in found.quantities)
    if eps >= R:
        assert p.n_prompt == 0
        return
    s, hazard, reward = (float(Fraction(str(v))) for v in (p.delta, h, R))
    if mode == "span":
        spent = 2 * float(Fraction(str(C))) * reward * hazard + s * reward
        assert (p.M, n_max) == (4 * C, fmpq(rank))
    else:
        error = sqrt(Fraction(str(p.ridge))) * 2
        assert error <= float(Fraction(str(beta))) * (1 + 1e-9)
        worst = max(e * reward, 2 * reward + 4 * error)
        spent = worst * float(Fraction(str(C))) * hazard + (e - 2) * error**2 / float(Fraction(str(beta)))
        spent += s * (reward + 2 * error)
        assert exp(2) * C * 4 <= p.M
    assert spent <= float(Fraction(str(eps))) * (1 + 1e-9)
    exact, below, level = Fraction(str(h)), int(n_max.p), Fraction(str(delta))
    if p.n_prompt < 400:
        assert binomial(p.n_prompt, exact, below) <= level < binomial(p.n_prompt - 1, exact, below)


def binomial(trials: int, h: Fraction, below: int) -> Fraction:
    """P(Bin(trials, h) < below)."""
    terms = (comb(trials, k) * h**k * (1 - h) ** (trials - k) for k in range(min(below, trials + 1)))
    return sum(terms, Fraction(0))


def test_both_modes_promise_the_same() -> None:
    for mode in MODES:
        found = theory_parameters("1/2", "1/2", beta=1, R_max=1, B=1, dimension=1, coverage=1, mode=mode)
        assert found.promise == "gap at most EPS with probability at least 1 - DELTA, for noiseless rewards"


@pytest.mark.parametrize(("mode", "prompts"), [("span", 39_472), ("ridge", 704_287)])
def test_where_earlier_inputs_failed_the_promise_is_kept(mode: Literal["span", "ridge"], prompts: int) -> None:
    """With N_prompt = 1275 phase 1 finds nothing with probability 0.2165 > delta; then pi_ref is returned."""
    eps, delta, p = rational("2/5"), rational("1/10"), rational("6/10000")
    found = theory_parameters(eps, delta, beta=1000, R_max=1000, B=1000, dimension=1, coverage=3, mode=mode)
    arms = [Response.of("common", 1 - p, [0]), Response.of("rare", p, [1])]
    problem = LinearProblem.of("rare", [Prompt.of("x", arms)], theta=[1000], beta=1000, B=1000, R_max=1000)
    assert coverage(problem, optimum(problem)) < 3  # every hypothesis holds
    loss = gap(problem, base_policy(problem))
    assert loss > eps
    assert to_decimal(loss, 4).text == "0.4304"

    nothing, *others = returned_policies(problem, replace(found.parameters, n_prompt=1275)).items()
    miss = 1 - 2 * p * (1 - p)
    assert (nothing[0].psi, [len(policy.psi) for policy, _ in others]) == ((), [1, 1])
    assert nothing[1] == miss**1275 > delta
    assert to_decimal(nothing[1], 4).text == "0.2165"
    assert sampled_gap(problem, nothing[0]) > eps

    assert found.parameters.n_prompt == prompts
    assert all(sampled_gap(problem, policy) <= eps for policy, _ in others)
    assert miss**prompts < fmpq(1, 10**20)  # so far below delta = 1/10
    page = (Path(__file__).parents[2] / "docs/reference/theory/spanner-sampling.md").read_text("utf-8")
    assert {"1275", "0.2165", "0.4304", f"{prompts:,}"} <= set(re.findall(r"[0-9.,]*[0-9]", page))


def test_every_setting_names_its_formula_and_source() -> None:
    for mode in MODES:
        found = theory_parameters("1/2", "1/2", beta=1, R_max=1, B=1, dimension=1, coverage=1, mode=mode)
        assert len({setting.name for setting in found.settings}) == len(found.settings) == 7
        assert all(setting.formula and setting.source for setting in found.settings)


GOOD = {"eps": 1, "delta": "1/2", "beta": 1, "R_max": 1, "B": 1, "dimension": 1, "coverage": 1}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"eps": 0}, "eps = 0: must be positive"),
        ({"delta": "-1/2"}, "delta = -1/2: must be positive"),
        ({"beta": 0}, "beta = 0: must be positive"),
        ({"dimension": 0}, "dimension = 0: must be positive"),
        ({"delta": 1}, "delta = 1: must be below 1"),
        ({"delta": "3/2"}, "delta = 3/2: must be below 1"),
        ({"coverage": "1/2"}, "coverage >= 1"),
        ({"R_max": -1}, "R_max >= 0"),
        ({"B": -1}, "B >= 0"),
        ({"mode": "both"}, "mode = 'both': write 'ridge' or 'span'"),
    ],
)
def test_each_range_error(wrong: dict[str, int | str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        theory_parameters(**{**GOOD, **wrong})  # type: ignore[arg-type]  # wrong on purpose


def test_the_rationals_above_e_and_its_square() -> None:
    assert exp(1) < E_ABOVE < exp(1) + fmpq(1, 1000)
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
