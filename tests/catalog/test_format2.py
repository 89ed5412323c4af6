"""Version 2 of the instance file means what it says: worked by hand, and equal to version 1 where that says it too."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.catalog import (
    dump,
    load,
    names,
    parse,
    parse_linear,
)
from reference.catalog.build2 import built, graph_of
from reference.catalog.format2 import SCHEMA_2_PATH, schema_2, schema_2_text
from reference.catalog.graph2 import Excess, Linear
from reference.catalog.weights2 import hexadecimal
from reference.catalog.write2 import written
from reference.exact.expsum import exp
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import log, loglinear
from reference.model import Edge, LinearProblem, Problem
from reference.model.checks import rational_mass
from reference.model.parts import END
from reference.testing import linear_problems, problems
from tests.catalog.files2 import graph, nodes, noisy, with_rewards, with_theta


def test_the_shipped_schema_is_the_generated_one() -> None:
    assert SCHEMA_2_PATH.read_text(encoding="utf-8") == schema_2_text()


def test_the_schema_says_what_each_field_is_and_refuses_others() -> None:
    definitions: Any = schema_2()["$defs"]
    assert all(entry["additionalProperties"] is False for entry in definitions.values())
    fields = [field for entry in definitions.values() for field in entry["properties"].items()]
    assert [name for name, about in fields if not about.get("description")] == []
    (number,) = {json.dumps(definitions[e]["properties"][f]["pattern"])
                 for e in ("TokenEntry2", "ResponseEntry2") for f in ("weight", "logit")}  # fmt: skip
    pattern = re.compile(json.loads(number))
    assert all(pattern.search(text) for text in ("0x1.8p-2", "-0XAp0", "1/3", "-2.5e-3", "3"))
    assert not any(pattern.search(text) for text in ("nan", "-inf", "0x", "0x1p", "log(2)", ""))


# ------------------------------------------------------------------------------------------------- nodes


def test_nodes_become_layers_in_the_order_of_the_file() -> None:
    found = graph(nodes())
    assert [[[step.token for step in node] for node in layer] for layer in found.layers] == [
        [["stop", "go"], ["on"]],
        [["l", "r"], [END]],
        [["end", "END"], [END]],
    ]
    # stop leads to the end, go and on to c; l and r to d
    assert [[[step.child for step in node] for node in layer] for layer in found.layers] == [
        [[1, 0], [0]],
        [[0, 0], [1]],
        [[0, 0], [0]],
    ]
    assert [(start.name, start.rho, start.root) for start in found.prompts] == [
        ("x", fmpq(1, 4), 0),
        ("y", fmpq(3, 4), 1),
    ]
    assert found.alphabet == ("stop", "go", "on", "l", "r", "end", "END")
    assert found.linear is None


def test_masses_features_and_rewards_of_nodes() -> None:
    (a, b), (c, over), (d, _) = graph(nodes()).layers
    assert [step.pi_ref for step in a] == [fmpq(1, 3), fmpq(2, 3)]
    assert [step.pi_ref for step in b] == [1]
    assert [step.pi_ref for step in c] == [fmpq(1, 4), fmpq(3, 4)]  # 1/2 and 3/2 of 2
    assert [step.pi_ref for step in d] == [fmpq(1, 2), fmpq(1, 2)]
    assert [step.phi for step in d] == [Vector.of([1, 0]), Vector.of([0, 1])]
    assert [step.reward for step in (*a, *c, *d)] == [loglinear(r) for r in ("1/2", "0", "0", "log(2)", "0", "-1")]
    assert over[0] == Edge(END, fmpq(1), Vector.of([0, 0]), loglinear(0), 1)


def test_a_response_that_ends_is_filled_up_with_forced_steps() -> None:
    problem = parse(json.dumps(nodes()))
    assert problem.alphabet == ("stop", "go", "on", "l", "r", "end", "END")
    assert problem.horizon == 3
    # stop; go or on, and then two choices twice: 1 + 4 + 4
    assert problem.sequence_count() == 9
    stop = next(iter(problem.expanded(0)))
    assert problem.spelled(0, stop) == ("stop",)
    assert [node[0].token for node in (problem.layers[1][-1], problem.layers[2][-1])] == [END, END]
    assert problem.reward_of(0, stop) == fmpq(1, 2)


def test_noise_belongs_to_the_problem_and_is_written_as_version_2() -> None:
    problem = parse(json.dumps(noisy()))
    assert problem.noise.expectation(lambda error: error) == 0
    assert problem.noise != Law.point(fmpq(0))
    text = dump(problem)
    assert '"version": 2' in text
    assert parse(text) == problem
    assert parse(text).noise == problem.noise


def test_what_version_1_cannot_say_is_written_as_version_2() -> None:
    problem = parse(json.dumps(nodes()))
    text = dump(problem)
    assert '"version": 2' in text
    assert text.count('"ends": true') == 1
    assert parse(text) == problem
    assert dump(parse(text)) == text


def test_noise_of_irrational_mass_is_not_written() -> None:
    noise = Law.weighted([fmpq(1), fmpq(-1), fmpq(0)], [exp(1), exp(1), 1])
    problem = replace(parse(json.dumps(nodes())), noise=noise)
    with pytest.raises(ValueError, match=r"'example' cannot be written: noise: a mass of .* is not rational"):
        dump(problem)


def test_a_horizon_beyond_every_response_is_filled_up() -> None:
    tree = nodes() | {"horizon": "5"}
    for token in tree["nodes"][3]["tokens"]:
        token["ends"] = True
    found = graph(tree)
    assert [len(layer) for layer in found.layers] == [2, 2, 2, 1, 1]
    assert [layer[-1][0].token for layer in found.layers[1:]] == [END] * 4
    assert [step.child for node in found.layers[2] for step in node] == [0, 0, 0]
    assert found.layers[3] == ((Edge(END, fmpq(1), Vector.of([0]), loglinear(0), 0),),)
    assert graph(json.loads(written(found))) == found


def test_an_end_at_the_horizon_is_no_end_before_it() -> None:
    tree = nodes()
    plain = graph(tree)
    for token in tree["nodes"][3]["tokens"]:
        token["ends"] = True
    assert graph(tree) == plain


# ------------------------------------------------------------------------------------------------- responses


def test_responses_with_theta_are_the_problem_of_version_1() -> None:
    problem = parse_linear(json.dumps(with_theta()))
    assert problem.theta == (log(2), loglinear(-1))
    assert problem.B == 2
    assert [problem.pi_ref(0).mass(y) for y in (0, 1)] == [fmpq(1, 4), fmpq(3, 4)]
    assert problem.rewards(0) == (log(2) + 5, loglinear("22/5"))  # 5 - 3/5
    text = dump(problem)
    assert '"version": 1' in text
    assert parse(text) == problem


def test_responses_with_rewards_have_a_coordinate_each() -> None:
    problem = parse_linear(json.dumps(with_rewards()))
    assert problem.theta == (loglinear(3), loglinear(0), loglinear(-4))
    assert problem.B == 5  # 9 + 16 = 25
    assert [problem.phi(0, 0), problem.phi(0, 1), problem.phi(1, 0)] == [
        Vector.of([1, 0, 0]),
        Vector.of([0, 1, 0]),
        Vector.of([0, 0, 1]),
    ]
    assert problem.rewards(0) + problem.rewards(1) == (loglinear(3), loglinear(0), loglinear(-4))


@pytest.mark.parametrize(
    ("rewards", "bound"),
    [
        (["0", "0"], 0),
        (["1", "1"], 2),
        (["1/2", "0"], 1),
        (["log(2)", "0"], 1),
        (["2*log(2)", "0"], 2),
        (["1e4000", "0"], 10**4000),
    ],
)
def test_the_bound_is_the_norm_rounded_up(rewards: list[str], bound: int) -> None:
    tree = with_rewards()
    del tree["prompts"][1]
    tree["prompts"][0]["rho"] = "1"
    for response, reward in zip(tree["prompts"][0]["responses"], rewards, strict=True):
        response["reward"] = reward
    linear = graph(tree).linear
    assert linear is not None
    assert bound == linear.B


def test_the_bound_is_rounded_up_where_128_bits_see_no_difference() -> None:
    above = 10**120 // (log(2) * 10**60).floor() + 1  # above/10^60 * log 2 exceeds 1 by less than 10^-58
    tree = with_rewards()
    tree["prompts"][0]["responses"][0]["reward"] = f"{above}/{10**60}*log(2)"
    tree["prompts"][1]["responses"][0]["reward"] = "0"
    linear = graph(tree).linear
    assert linear is not None
    assert linear.theta[0] > 1
    assert linear.B == 2


# ------------------------------------------------------------------------------------------------- masses


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0x1.8p-2", fmpq(3, 8)),
        ("0x0p+0", fmpq(0)),
        ("-0X1.FP+3", fmpq(-31, 2)),
        ("+0x.8", fmpq(1, 2)),
        ("0xa.p0", fmpq(10)),
        ("0x1p-16494", fmpq(1, 2**16494)),
    ],
)
def test_floats_in_hexadecimal(text: str, value: fmpq) -> None:
    assert hexadecimal(text) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_as_what_it_is(value: float) -> None:
    exact = Fraction(value)
    assert hexadecimal(value.hex()) == fmpq(exact.numerator, exact.denominator)


@pytest.mark.parametrize("text", ["0x", "0x.", "0x.p1", "1.8p3", "0x1.8p", "0x1.8e3q", "x1", "0x1 p3"])
def test_what_is_no_float_in_hexadecimal(text: str) -> None:
    assert hexadecimal(text) is None


def masses(tokens: list[dict[str, str]]) -> tuple[list[fmpq], tuple[Excess, ...]]:
    tree = nodes()
    tree["prompts"] = [{"name": "x", "rho": "1", "start": "a"}]
    tree["nodes"] = [{"name": "a", "tokens": [{"token": str(i), "reward": "0", **t} for i, t in enumerate(tokens)]}]
    found = graph(tree)
    return [rational_mass("pi_ref", step.pi_ref) for step in found.layers[0][0]], found.excess


def test_weights_are_divided_by_their_sum_and_the_excess_is_kept() -> None:
    # 0.1 + 0.7 + 0.2 in binary64 is not 1
    texts = [value.hex() for value in (0.1, 0.7, 0.2)]
    exact = [Fraction(value) for value in (0.1, 0.7, 0.2)]
    found, excess = masses([{"weight": text} for text in texts])
    assert [Fraction(int(m.p), int(m.q)) for m in found] == [value / sum(exact) for value in exact]
    assert sum(found, fmpq(0)) == 1
    amount = sum(exact) - 1
    assert amount != 0
    assert excess == (Excess("node 'a'", fmpq(amount.numerator, amount.denominator)),)


def test_weights_that_are_a_law_have_no_excess() -> None:
    assert masses([{"weight": "0.5"}, {"weight": "0x1p-1"}]) == ([fmpq(1, 2)] * 2, ())


def test_logits_are_relative_to_the_greatest() -> None:
    one, _ = masses([{"logit": "1e4"}, {"logit": "9999"}, {"logit": "0x1p+0"}])
    other, excess = masses([{"logit": "0"}, {"logit": "-1"}, {"logit": "-9999"}])
    assert one == other
    assert excess == ()
    inverse = fmpq(*float.fromhex("0x1.78b56362cef38p-2").as_integer_ratio())  # 1/e in binary64
    assert one == [1 / (1 + inverse), inverse / (1 + inverse), 0]


def test_the_largest_excess_stands_in_provenance() -> None:
    tree = nodes() | {"provenance": {"renormalised": "no", "made": "by hand"}}
    problem = parse(json.dumps(tree))
    note = {"laws": "2 of 2", "largest excess": "2", "where": "node 'b'"}
    assert problem.about.provenance == (
        ("renormalised", "no"),
        ("made", "by hand"),
        ("renormalised'", tuple(note.items())),
    )


def test_the_largest_excess_may_be_negative() -> None:
    tree = nodes()
    tree["nodes"][1]["tokens"][0]["weight"] = "1.25"
    for token in tree["nodes"][2]["tokens"]:
        token["weight"] = "1/8"
    ((_, note),) = parse(json.dumps(tree)).about.provenance
    assert note == (("laws", "2 of 2"), ("largest excess", "-3/4"), ("where", "node 'c'"))


# ------------------------------------------------------------------------------------------------- noise


def test_noise_is_a_law_of_mean_zero() -> None:
    assert graph(noisy()).noise == ((fmpq(1), fmpq(2, 3)), (fmpq(-2), fmpq(1, 3)))


# ------------------------------------------------------------------------------------------------- round trips


@pytest.mark.parametrize("tree", [nodes(), with_theta(), with_rewards(), noisy()])
def test_a_graph_is_written_as_it_is_read(tree: Any) -> None:  # noqa: ANN401 - JSON
    found = graph(tree)
    again = graph(json.loads(written(found)))
    assert again == found
    assert written(again) == written(found)


@pytest.mark.parametrize("name", names())
def test_version_2_can_say_what_version_1_says(name: str) -> None:
    problem = load(name)
    found = graph_of(problem)
    assert graph(json.loads(written(found))) == found
    assert built(found) == problem  # but for the order of the alphabet, which is that of appearance in version 2


@given(linear_problems())
def test_every_problem_survives_version_2(problem: LinearProblem) -> None:
    found = graph_of(problem)
    assert isinstance(found.linear, Linear)
    assert graph(json.loads(written(found))) == found
    assert built(found) == problem


@given(problems())
def test_every_tree_survives_version_2(problem: Problem) -> None:
    found = graph_of(problem)
    again = graph(json.loads(written(found)))
    assert again == found
    assert graph_of(built(again)) == found


def test_a_file_that_is_not_linear_is_said_to_be_none() -> None:
    with pytest.raises(ValueError, match="a problem of horizon 3 without theta; a linear problem is needed here"):
        parse_linear(json.dumps(nodes()))
