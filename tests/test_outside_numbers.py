"""Numbers that other programs write: rows of floats and of logits in files, masks, log-probabilities, limits."""

import json
import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

import reference as ref
from proofs_check.cli import main
from reference.exact import exp, exp_ratio, log, rational, real
from reference.exact.law import Law, LawError
from reference.laws import masked, min_p, residual, tempered, top_k, top_p


def of_one_prompt(field: str, texts: list[str]) -> ref.Problem:
    """Read a file of version 2 whose responses have masses by this field."""
    responses = [{"name": str(j), field: text, "reward": "0"} for j, text in enumerate(texts)]
    head = {"format": "spanner-reference/problem", "version": 2, "name": "p", "beta": "1", "bounds": {"R_max": "1"}}
    return ref.parse(json.dumps(head | {"prompts": [{"name": "x", "rho": "1", "responses": responses}]}))


# ------------------------------------------------------------------------------------------------------ rows in files


def test_a_row_in_a_file_is_the_row_in_python() -> None:
    row = [0.09003057330846786, 0.2447284609079361, 0.6652409434318542]
    assert ref.from_floats(row).excess == fmpq(-3, 2**27)
    assert Law.weighted(range(3), dict(of_one_prompt("weight", [x.hex() for x in row]).pi_ref(0).items()).values()) == (
        ref.from_floats(row).law
    )
    least = float(np.finfo(np.float32).smallest_subnormal)
    assert of_one_prompt("weight", [least.hex(), "1"]).pi_ref(0).mass(0) == 1 / (1 + fmpq(2) ** 149)


@given(st.lists(st.floats(0, 1e300, width=64), min_size=1, max_size=8).filter(any))
def test_every_row_of_weights_in_a_file(row: list[float]) -> None:
    found, law = of_one_prompt("weight", [x.hex() for x in row]).pi_ref(0), ref.from_floats(row).law
    assert all(found.mass(j) == law.mass(j) for j in range(len(row)))


# ------------------------------------------------------------------------------------------------------------- masks


@pytest.mark.parametrize("depth", [10**4, 10**9])
def test_a_mask_within_the_limits_is_a_mass_that_is_positive(depth: int) -> None:
    law = Law.weighted([0, 1], [exp(0), exp(-depth)])
    assert 0 < law.mass(1) < fmpq(1, 10**300)
    assert float(ref.to_float(law.mass(1))) == 0.0
    assert real(log(1 + exp(-depth))) > 0
    uniform = Law.uniform([0, 1])
    assert ref.to_decimal(law.kl(uniform), 6) == ref.to_decimal(log(2), 6)
    assert exp(depth) - depth - 1 > 0  # what k3 has at a padded place


@pytest.mark.parametrize("mask", [-1e10, float(np.finfo(np.float32).min)])
def test_a_mask_beyond_the_limits_is_refused_at_once(mask: float) -> None:
    with pytest.raises(ref.BadNumber, match="the exponent is beyond 1000000000"):
        exp(Fraction(mask))
    with pytest.raises(ValueError, match="leave the outcome out, or pass mask="):
        ref.from_logits([0.0, mask])
    assert ref.from_logits([0.0, mask], mask=[True, False]) == Law.point(0)


@given(st.integers(1, 10**9), st.integers(1, 9))
def test_every_deep_logit_has_its_mass(depth: int, weight: int) -> None:
    mass = exp_ratio(Law.weighted([0, 1], [exp(0), exp(-depth) * weight]).mass(1))
    with mpmath.workdps(60):
        right = weight * mpmath.exp(-depth) / (1 + weight * mpmath.exp(-depth))
        assert mpmath.almosteq(mpmath.mpf(ref.to_decimal(mass, 40).text), right, 1e-35)


# ------------------------------------------------------------------------------------------------- log-probabilities


def test_a_line_of_logged_preferences() -> None:
    line = """{"prompt": "2+2=", "chosen": "4", "rejected": "5", "logp_chosen": -0.25, "logp_rejected": -1.5,
        "ref_logp_chosen": -0.5, "ref_logp_rejected": -1.0}"""
    row = json.loads(line)
    fields = ("logp_chosen", "logp_rejected", "ref_logp_chosen", "ref_logp_rejected")
    found = ref.preference_loss("dpo", ref.PreferencePair(*(row[field] for field in fields)), 1)
    assert found.value == log(1 + exp("-3/4"))  # log-ratios 1/4 and -1/2
    assert found.by_chosen == -1 / (1 + exp_ratio(exp("3/4")))


# ------------------------------------------------------------------------------------------------------------ limits


def steep(theta: str, beta: str) -> str:
    responses = [{"name": "good", "pi_ref": "1/2", "phi": ["1"]}, {"name": "bad", "pi_ref": "1/2", "phi": ["0"]}]
    head = {"format": "spanner-reference/problem", "version": 1, "name": "steep", "beta": beta, "theta": [theta]}
    prompts = [{"name": "x", "rho": "1", "responses": responses}]
    return json.dumps(head | {"bounds": {"B": "1", "R_max": "1"}, "prompts": prompts})


@pytest.mark.parametrize("theta", ["log(2)", "1"])
def test_the_smallest_beta_that_is_read_is_solved(
    theta: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "steep.json"
    path.write_text(steep(theta, "1/1000000"))
    assert main(["solve", str(path)]) == 0
    assert "C_cov(pi*)     \N{ALMOST EQUAL TO}2.00000" in capsys.readouterr().out


def test_a_problem_whose_powers_are_too_long_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "steep.json"
    path.write_text(steep("8*log(2)-5*log(3)", "1/1000000"))
    assert main(["solve", str(path)]) == 2
    said = capsys.readouterr().err
    assert "steep.json: the power 2^" in said
    assert "raise beta" in said
    assert said.count("\n") == 1


def test_powers_of_reals_are_formed_by_squaring_or_refused() -> None:
    assert real(1) ** 10**9 == 1
    with pytest.raises(ref.BadNumber, match="too large to form"):
        real(2) ** 10**9
    with pytest.raises(ref.BadNumber, match="too large to form"):
        (log(2) + real(1)) ** 10**9
    with pytest.raises(ref.BadNumber, match="arises in a product"):
        exp(10**7) ** 1000


@given(st.integers(0, 60), st.fractions(-3, 3, max_denominator=9))
def test_every_power_is_the_product(k: int, q: Fraction) -> None:
    assert real(rational(q)) ** k == rational(q**k)
    assert (real(1) + log(2)) ** 3 == (real(1) + log(2)) * (real(1) + log(2)) * (real(1) + log(2))


# --------------------------------------------------------------------------------------------------------- bad input

P = Law.of({"a": "1/2", "b": "1/2"})
TWO_ARMS = ref.load_linear("two-arms")


def oracles() -> ref.FloatOracles:
    return ref.FloatOracles(TWO_ARMS, np.random.default_rng(1))


BAD: dict[str, tuple[Callable[[], object], str]] = {
    "floats: NaN": (lambda: ref.from_floats([0.5, math.nan]), r"row\[1\] = nan: not a finite number"),
    "floats: infinity": (lambda: ref.from_floats(np.array([np.inf])), r"row\[0\] = inf: not a finite number"),
    "floats: sum 0": (lambda: ref.from_floats([0.0, -0.0]), "all 2 entries of the row are 0"),
    "floats: negative": (lambda: ref.from_floats([1.5, -0.5]), r"row\[1\] = -0.5 is negative"),
    "floats: dtype object": (lambda: ref.from_floats(np.array([None, 1])), r"row\[0\]: None of type NoneType"),
    "floats: dtype text": (lambda: ref.from_floats(np.array(["0.5"])), r"row\[0\] is the text '0.5'"),
    "floats: dtype date": (lambda: ref.from_floats(np.array(["2020-01-01"], "M8[D]")), r"row\[0\]: .* is not taken"),
    "floats: dtype complex": (lambda: ref.from_floats(np.array([1j])), r"row\[0\]: 1j of type complex"),
    "floats: dtype record": (lambda: ref.from_floats(np.zeros(1, "i4,i4")), r"row\[0\] is a row itself"),
    "floats: dtype bytes": (lambda: ref.from_floats(np.array([b"1"])), r"row\[0\]"),
    "floats: two axes": (lambda: ref.from_floats(np.ones((2, 2))), r"row\[0\] is a row itself"),
    "floats: no axis": (lambda: ref.from_floats(np.float64(1)), "row is 1.0; a row of numbers is needed"),  # type: ignore[arg-type]  # wrong on purpose
    "floats: empty": (lambda: ref.from_floats(np.zeros(0)), "row is empty"),
    "logits: NaN": (lambda: ref.from_logits([math.nan]), r"logits\[0\] = nan: not a finite number"),
    "logits: infinity": (lambda: ref.from_logits([0.0, math.inf]), r"logits\[1\] = inf: not a finite number"),
    "logits: mask in place": (lambda: ref.from_logits([0.0, -math.inf]), r"logits\[1\] = -inf: .* pass mask="),
    "logits: dtype object": (lambda: ref.from_logits(np.array([{}, 1])), r"logits\[0\]: {} of type dict"),
    "logits: dtype text": (lambda: ref.from_logits(np.array(["a"])), r"logits\[0\] is the text 'a'"),
    "logits: nothing left": (lambda: ref.from_logits([0.0], mask=[0]), "the mask leaves none of 1 outcomes"),
    "logits: temperature": (lambda: ref.from_logits([0.0], temperature=math.nan), "temperature = nan: not a finite"),
    "judge: draws NaN": (lambda: ref.judge_sampler([math.nan], P), "draws like nan .*, but the law has 'a'"),  # type: ignore[misc]  # wrong on purpose
    "judge: counts NaN": (lambda: ref.judge_sampler({"a": math.nan}, P), "the count of 'a' is nan"),
    "judge: counts negative": (lambda: ref.judge_sampler({"a": -1}, P), "the count of 'a' is -1"),
    "judge: counts text": (lambda: ref.judge_sampler({"a": "1"}, P), "the count of 'a' is '1'"),
    "judge: object array": (lambda: ref.judge_sampler(np.array([[], 1], object), P), r"the draw \[\] cannot be an"),
    "judge: error": (lambda: ref.judge_sampler("a", P, 0), "error = 0: needs a probability"),
    "judge: no law": (lambda: ref.judge_sampler("a", [0.5, 0.5]), r"the law is \[0.5, 0.5\]; give a Law"),  # type: ignore[arg-type]  # wrong on purpose
    "arrays: format": (lambda: ref.arrays(TWO_ARMS, "float8"), "float8"),  # type: ignore[arg-type]  # wrong on purpose
    "arrays: no problem": (lambda: ref.arrays(np.zeros(3)), "arrays: .*a linear problem"),  # type: ignore[arg-type]  # wrong on purpose
    "weighted: sum 0": (lambda: Law.weighted("ab", [0, 0]), "every outcome has weight zero"),
    "weighted: negative": (lambda: Law.weighted("ab", [1, -1]), "outcome 'b' has the negative weight -1"),
    "weighted: float": (lambda: Law.weighted("a", [0.5]), "0.5 is a float"),  # type: ignore[list-item]  # wrong on purpose
    "top-k: 0": (lambda: top_k(P, 0), "top_k: k = 0"),
    "top-p: 0": (lambda: top_p(P, 0), "top_p: p = 0: needs 0 < p <= 1"),
    "top-p: NaN": (lambda: top_p(P, math.nan), "nan"),  # type: ignore[arg-type]  # wrong on purpose
    "min-p: 2": (lambda: min_p(P, 2), "min_p: p = 2: needs 0 < p <= 1"),
    "mask: nothing left": (lambda: masked(P, []), "the mask leaves no outcome"),
    "given: nothing left": (lambda: P.given(lambda _: False), "the event holds for none of the 2 outcomes"),
    "tempered: 0": (lambda: tempered(P, 0), "T = 0: a temperature is positive"),
    "tempered: NaN text": (lambda: tempered(P, "nan"), "'nan' is not"),
    "residual: nothing left": (lambda: residual(P, P), "nothing is left"),
    "oracles: prompt": (lambda: oracles().weak(7, 1), "query for prompt 7 of a problem with 1 prompts"),
    "oracles: negative": (lambda: oracles().weak(0, -1), "-1 weak queries asked for"),
    "oracles: NaN": (lambda: oracles().strong(0, [math.nan], 1), r"theta\[0\] = nan: not a finite number"),
    "oracles: infinity": (lambda: oracles().strong(0, np.array([np.inf]), 1), r"theta\[0\] = inf: not a finite number"),
    "oracles: text": (lambda: oracles().strong(0, ["x"], 1), "'x' is not"),
    "oracles: object": (lambda: oracles().strong(0, [None], 1), "NoneType"),
    "oracles: responses": (lambda: oracles().reward(0, np.array(["good"])), "responses of type <U4; give indices"),
    "oracles: responses NaN": (lambda: oracles().reward(0, np.array([np.nan])), "responses of type float64"),
    "oracles: object array": (lambda: oracles().reward(0, np.array([None])), "responses of type object; give indices"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_that_says_what_and_where(case: str) -> None:
    call, said = BAD[case]
    with pytest.raises((ValueError, TypeError, LawError), match=said) as caught:
        call()
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300
