"""Each public report on the page has the value that is computed here, and a second opinion by other means."""

import json
import math
import re
from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from operator import attrgetter
from pathlib import Path

import mpmath
import pytest
from flint import fmpq

import reference as ref
from docs._ext.api_pages import pages
from reference.constructions.dnf.assignments import best_value
from reference.constructions.dnf.text import parse_formula
from reference.exact import exp_ratio
from reference.laws import SpeculativeStep, tempered, top_k, top_p

PAGE = Path(__file__).parents[1] / "docs/reference/public-reports.md"
ROW = re.compile(
    r"^\| (?P<reports>[\w.-]+#\d+(?:, [\w.-]+#\d+)*) \| (?P<core>.+)"
    r" \| `(?P<value>[^|]+)` \| (?P<by>.+) \| `(?P<test>\w+)` \|$"
)
LINK = re.compile(r"{py:(func|class|meth)}`~(reference\.[a-z_.]+)\.([A-Za-z_]+|Law\.[a-z]+)`")
ROWS = {row["test"]: row for line in PAGE.read_text("utf-8").splitlines() if (row := ROW.match(line))}

P = ref.Law.of({"a": "0.4", "b": "0.3", "c": "0.2", "d": "0.1"})


def on_page(test: Callable[[], None], value: object) -> bool:
    """Whether the row that names this test has this value."""
    return ROWS[test.__name__]["value"] == str(value)


def mp(value: ref.Real | ref.LogLinear | ref.ExpRatio | fmpq) -> mpmath.mpf:
    return mpmath.mpf(ref.to_decimal(value, 30).text)


def near(value: ref.Real | ref.LogLinear | ref.ExpRatio | fmpq, right: object) -> bool:
    return bool(mpmath.almosteq(mp(value), right, rel_eps=mpmath.mpf(10) ** -14))


def test_every_row_of_the_page_names_a_test_of_its_own() -> None:
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ") and "#" in line]
    assert len(lines) == len(ROWS)
    assert set(ROWS) == {
        name for name, found in globals().items() if name.startswith("test_") and "on_page" in found.__code__.co_names
    }
    for row in ROWS.values():
        role, module, name = LINK.fullmatch(row["by"]).groups()  # type: ignore[union-attr]  # it does, or the test fails
        assert callable(attrgetter(name)(import_module(module)))
        assert (role == "class") == isinstance(getattr(import_module(module), name, None), type)
        assert any(f".. automodule:: {module}\n" in text for text in pages().values())
    assert sum(row["reports"].count("#") for row in ROWS.values()) >= 25


# -------------------------------------------------------------------------------------------------------- decoding


def test_top_k_before_top_p() -> None:
    new = top_p(top_k(P, 2), "1/2")
    assert on_page(test_top_k_before_top_p, new)
    assert Fraction("0.4") / (Fraction("0.4") + Fraction("0.3")) >= Fraction(1, 2) > Fraction("0.4")


def test_top_p_before_or_after_the_temperature() -> None:
    before, after = tempered(top_p(P, "0.7"), 2), top_p(tempered(P, 2), "0.7")
    assert on_page(test_top_p_before_or_after_the_temperature, before.mass("a"))
    assert near(exp_ratio(before.mass("a")), 2 / (2 + mpmath.sqrt(3)))
    assert near(exp_ratio(after.mass("a")), 2 / (2 + mpmath.sqrt(3) + mpmath.sqrt(2)))


def test_log_probabilities_after_truncation() -> None:
    shift = ref.log(top_p(P, "0.75").mass("a")) - ref.log(P.mass("a"))
    assert on_page(test_log_probabilities_after_truncation, shift)
    assert near(shift, mpmath.log(mpmath.mpf(10) / 9))


def test_the_temperature_divides_the_logits_once() -> None:
    mass = ref.from_logits([0.0, 1.0], temperature=2).mass(1)
    assert on_page(test_the_temperature_divides_the_logits_once, mass)
    assert near(exp_ratio(mass), 1 / (1 + mpmath.exp(-0.5)))
    assert mass != tempered(ref.from_logits([0.0, 1.0], temperature=2), 2).mass(1)  # twice


def test_a_draft_from_another_law_than_the_one_it_is_weighed_by() -> None:
    p, q = ref.Law.of({"a": "1/2", "b": "1/2"}), ref.Law.of({"a": "1/4", "b": "3/4"})
    loss = SpeculativeStep(p, q, proposal=p).loss()
    assert on_page(test_a_draft_from_another_law_than_the_one_it_is_weighed_by, loss)
    kept_b = Fraction(1, 2) * Fraction(2, 3)  # a is always kept, and replaces b once in three
    assert abs(kept_b - Fraction(1, 2)) == Fraction(str(loss))
    assert SpeculativeStep(p, q).law() == p
    assert SpeculativeStep(p, q).acceptance() == 1 - exp_ratio(p.total_variation(q))


# -------------------------------------------------------------------------------------------------------- softmaxes


def test_a_softmax_of_large_logits() -> None:
    law = ref.from_logits([8000.0, 0.0])
    assert on_page(test_a_softmax_of_large_logits, law.mass(1))
    assert (ref.to_float(law.mass(0)), ref.to_float(law.mass(1))) == (1.0, 0.0)
    with mpmath.workdps(60):
        assert near(exp_ratio(law.mass(1)), mpmath.exp(-8000))


def test_a_masked_logit() -> None:
    assert on_page(test_a_masked_logit, ref.from_logits([0.0, -1e10], mask=[1, 0]))
    with pytest.raises(ValueError, match=r"^logits\[1\] = -10000000000.0 is more than 10,000 below the largest"):
        ref.from_logits([0.0, -1e10])


def test_the_logarithm_of_a_sum_close_to_one() -> None:
    value = ref.log(1 + ref.exp(-40))
    assert on_page(test_the_logarithm_of_a_sum_close_to_one, ref.to_decimal(value, 17))
    assert ref.to_float(value) == math.log1p(math.exp(-40)) != 0
    assert ref.log(1 + ref.exp(-5000)) > 0


# --------------------------------------------------------------------------------------------------------- samplers


def test_an_outcome_of_weight_zero() -> None:
    law = ref.Law.of({0: "0.33", 1: "0.34", 2: "0", 3: "0.33"})
    verdict = ref.judge_sampler({0: 33 * 10**6, 1: 34 * 10**6, 2: 1, 3: 33 * 10**6}, law)
    assert on_page(test_an_outcome_of_weight_zero, verdict.rival)
    assert verdict.refuted
    assert law.mass(2) == 0


def test_an_outcome_below_the_resolution_of_floats() -> None:
    rare = fmpq(1, 2**100)
    law = ref.Law.of({0: 1 - rare, 1: rare})
    assert on_page(test_an_outcome_below_the_resolution_of_floats, law.mass(1))
    last = 2**128 - 2**28  # the last 2^28 of 2^128 words are its own
    assert [law.locate(u, 128) for u in (last - 1, last, 2**128 - 1)] == [0, 1, 1]


def test_draws_that_repeat_earlier_ones() -> None:
    law = ref.Law.uniform(range(50))
    verdict = ref.judge_sampler([y for y in range(50) for _ in range(4)], law)
    assert on_page(test_draws_that_repeat_earlier_ones, "refuted" if verdict.refuted else "not refuted")
    assert not ref.judge_sampler(dict.fromkeys(range(50), 4), law).refuted  # counts do not show it


# ------------------------------------------------------------------------------------------------- divergences, losses


def test_the_direction_of_a_divergence() -> None:
    p, q = ref.Law.of({0: "1/2", 1: "1/2"}), ref.Law.of({0: "1/4", 1: "3/4"})
    assert on_page(test_the_direction_of_a_divergence, p.kl(q))
    assert near(p.kl(q), mpmath.log(2) - mpmath.log(3) / 2)
    assert near(q.kl(p), mpmath.log(3) * 3 / 4 - mpmath.log(2))


def test_the_gradient_of_k3() -> None:
    problem = ref.load("different-supports")
    x = problem.index("die")
    law, other = ref.optimum(problem).law(x), problem.pi_ref(x)
    third, yes = ref.kl_estimator("k3", law, other), law.outcomes[0]
    assert on_page(test_the_gradient_of_k3, third.gradient[yes])
    assert third.mean == law.kl(other)
    assert third.gradient[yes] == exp_ratio(law.mass(yes)) - other.mass(yes)  # of the other direction
    assert third.gradient[yes] > 1000 * ref.kl_gradient(law, other)[yes] > 0


def test_both_terms_of_apo_down_take_log_ratios() -> None:
    pair = ref.PreferencePair("log(2)", "log(1/3)", 0, 0)
    value = ref.preference_loss("apo-down", pair, "1/2").value
    assert on_page(test_both_terms_of_apo_down_take_log_ratios, ref.to_decimal(value, 12))
    sigma = [1 / (1 + mpmath.mpf(ratio) ** -0.5) for ratio in (2, 6)]
    assert near(value, sigma[0] + 1 - sigma[1])


# ----------------------------------------------------------------------------------------- responses of any length


def ends_early() -> ref.Problem:
    """One token, then an end or a second one: a row of two tokens is padded after ``eos``."""
    second = [{"token": "a", "pi_ref": "1/4", "reward": "0"}, {"token": "eos", "pi_ref": "3/4", "reward": "0"}]
    first = [
        {"token": "a", "pi_ref": "1/2", "reward": "0", "next": "after a"},
        {"token": "eos", "pi_ref": "1/2", "reward": "1", "ends": True},
    ]
    head = {"format": "spanner-reference/problem", "version": 2, "name": "eos", "beta": "1", "bounds": {"R_max": "1"}}
    prompts = [{"name": "x", "rho": "1", "start": "start"}]
    nodes = [{"name": "start", "tokens": first}, {"name": "after a", "tokens": second}]
    return ref.parse(json.dumps(head | {"prompts": prompts, "nodes": nodes}))


def test_padding_adds_nothing_to_a_divergence() -> None:
    problem = ends_early()
    laws = {(0, 0): ref.Law.of({0: "4/5", 1: "1/5"}), (1, 0): ref.Law.of({0: "1/2", 1: "1/2"})}
    policy = ref.NodePolicy(problem, lambda h, i: laws.get((h, i), ref.Law.point(0)))
    found = ref.kl(problem, policy)
    assert on_page(test_padding_adds_nothing_to_a_divergence, found)
    log = mpmath.log
    first = (4 * log(mpmath.mpf(8) / 5) + log(mpmath.mpf(2) / 5)) / 5
    second = (log(2) + log(mpmath.mpf(2) / 3)) / 2
    assert near(found, first + 4 * second / 5)
    assert found + ref.log("1/5") / 5 < 0  # with a padded step of 1/10 against 1/2 it is no divergence any more


def test_the_end_of_a_response_has_a_probability() -> None:
    problem = ends_early()
    value = ref.optimal_value(problem)
    assert on_page(test_the_end_of_a_response_has_a_probability, value)
    assert near(value, mpmath.log((1 + mpmath.e) / 2))
    assert problem.sequences().pi_ref(0).is_rational
    assert sorted(Fraction(str(m)) for _, m in problem.sequences().pi_ref(0).items()) == [
        Fraction(1, 8),
        Fraction(3, 8),
        Fraction(1, 2),
    ]


def test_log_ratios_of_responses_are_sums() -> None:
    pair = ref.PreferencePair(
        "2*log(3/4)", "log(1/2)", "2*log(1/2)", "log(1/2)"
    )  # a response of two tokens and one of one
    value = ref.preference_loss("dpo", pair, 1).value
    assert on_page(test_log_ratios_of_responses_are_sums, value)
    assert near(value, mpmath.log(1 + mpmath.mpf(4) / 9))
    mean = pair._replace(chosen="log(3/4)", base_chosen="log(1/2)")
    assert near(ref.preference_loss("dpo", mean, 1).value, mpmath.log(1 + mpmath.mpf(2) / 3))


# ------------------------------------------------------------------------------------------------- search, spanners


def test_weights_of_terms_by_repetition() -> None:
    found = best_value(parse_formula("c twice the second\np dnf 1 3\n1 0\n-1 0\n-1 0\n"))
    assert on_page(test_weights_of_terms_by_repetition, found.value)
    assert found.assignment == (-1,)


def test_the_constant_of_a_spanner_is_kept() -> None:
    vectors = [ref.Vector.of(v.split()) for v in ("1 0", "0 1", "3/2 0", "7/4 1/4")]
    found = ref.barycentric_spanner(vectors, "5/4")
    assert on_page(test_the_constant_of_a_spanner_is_kept, found.indices)
    (a, c), (b, d) = (vectors[i] for i in found.indices)
    for v in vectors:
        first, second = (v[0] * d - v[1] * b) / (a * d - b * c), (a * v[1] - c * v[0]) / (a * d - b * c)
        assert abs(first) <= fmpq(5, 4)
        assert abs(second) <= fmpq(5, 4)
