"""Mistakes that people make in an instance file: each is answered by one line, with path, excess and line."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from reference.catalog import InstanceError, parse
from reference.catalog.places import line_of

BASE = """{
  "format": "spanner-reference/problem",
  "version": 1,
  "name": "sums",
  "beta": "1/2",
  "theta": ["1", "log(2)"],
  "bounds": {"B": "2", "R_max": "3"},
  "prompts": [
    {"name": "2 + 2", "rho": "1", "responses": [
      {"name": "four", "pi_ref": "1/10", "phi": ["1", "0"]},
      {"name": "five", "pi_ref": "9/10", "phi": ["0", "0"]}
    ]}
  ]
}
"""

Change = Callable[[dict[str, Any]], object]


def put(value: object, *path: str | int) -> Change:
    def change(document: Any) -> None:  # noqa: ANN401 - any JSON
        for key in path[:-1]:
            document = document[key]
        document[path[-1]] = value

    return change


def drop(*path: str) -> Change:
    def change(document: Any) -> None:  # noqa: ANN401 - any JSON
        for key in path[:-1]:
            document = document[key]
        del document[path[-1]]

    return change


RESPONSE = ("prompts", 0, "responses", 0)
PLACE = "prompts[0].responses[0]"
NOT_EXACT = 'is not an exact number; write an integer, a fraction "3/4" or a decimal "0.125"'
FORM = "is not of the form 'a + b*log(c) - ...' with exact a, b, c"
READ = "is not read here: numbers are sums of rationals and of rational multiples of log(c)"

CHANGED: list[tuple[Change, str]] = [
    (put(0.5, "beta"), 'beta: the number 0.5 stands without quotes; numbers are exact text here, write "0.5"'),
    (put(1, "beta"), 'beta: the number 1 stands without quotes; numbers are exact text here, write "1"'),
    (put("1", "version"), 'version: the text "1" is not supported; write 1 without quotes'),
    (drop("format"), 'the field "format" is missing'),
    (put("spanner", "format"), 'format: the text "spanner" is not supported; this package reads '),
    (drop("name"), 'the field "name" is missing'),
    (drop("bounds"), 'the field "bounds" is missing'),
    (drop("bounds", "R_max"), 'bounds: the field "R_max" is missing'),
    (
        put("1/2", "bounds", "R_max"),
        "prompts[0].responses: rewards on the support differ by 1, 0.5 more than bounds.R_max",
    ),
    (put("1", "bounds", "B"), "theta: ||theta||_2 is about 1.21674, about 0.216739 more than bounds.B = 1; raise B"),
    (put(["1", "0", "0"], *RESPONSE, "phi"), f"{PLACE}.phi: 3 features, but theta has 2 entries"),
    (put(["1", "1"], *RESPONSE, "phi"), f"{PLACE}.phi: ||phi||_2^2 = 2, 1 more than 1; scale the features down"),
    (put(["log(2)/2", "0"], *RESPONSE, "phi"), f"{PLACE}.phi[0]: 'log(2)/2' {NOT_EXACT}"),
    (put("1/log(3)", *RESPONSE, "pi_ref"), f"{PLACE}.pi_ref: '1/log(3)' {NOT_EXACT}"),
    (put("0.2", *RESPONSE, "pi_ref"), "prompts[0].responses: pi_ref masses sum to 11/10, 1/10 too much"),
    (put("0.4", "prompts", 0, "rho"), "prompts: rho masses sum to 2/5, 3/5 too little"),
    (put("four", "prompts", 0, "responses", 1, "name"), "prompts[0].responses[1].name: the name 'four' is taken by "),
    (put(["sqrt(2)", "1"], "theta"), f"theta[0]: 'sqrt(2)' {NOT_EXACT}; sqrt {READ}"),
    (put(["exp(1)", "1"], "theta"), f"theta[0]: 'exp(1)' {NOT_EXACT}; exp {READ}"),
    (put(["ln(2)", "1"], "theta"), f"theta[0]: 'ln(2)' {NOT_EXACT}; did you mean 'log(2)'?"),
    (put(["2 log(2)", "1"], "theta"), f"theta[0]: '2 log(2)' {FORM}; did you mean '2*log(2)'?"),
    (put(["log(2)/0", "1"], "theta"), "theta[0]: 'log(2)/0' divides by zero"),
    (put(["log(-2)", "1"], "theta"), "theta[0]: log(-2): the argument must be positive"),
    (put(["\N{MINUS SIGN}1", "1"], "theta"), f"theta[0]: '\N{MINUS SIGN}1' {NOT_EXACT}; did you mean '-1'?"),
    (put("10%", *RESPONSE, "pi_ref"), f"{PLACE}.pi_ref: '10%' {NOT_EXACT}"),
    (put("nan", *RESPONSE, "pi_ref"), f"{PLACE}.pi_ref: 'nan' {NOT_EXACT}"),
    (put("-inf", *RESPONSE, "pi_ref"), f"{PLACE}.pi_ref: '-inf' {NOT_EXACT}"),
    (put("0x1p-1", *RESPONSE, "pi_ref"), f"{PLACE}.pi_ref: '0x1p-1' {NOT_EXACT}"),
    (put("log(1/2)", *RESPONSE, "pi_ref"), f"{PLACE}.pi_ref: 'log(1/2)' {NOT_EXACT}"),
    (
        put("0.10000000149011611938", *RESPONSE, "pi_ref"),
        "prompts[0].responses: pi_ref masses sum to ≈1.00000, 74505805969/50000000000000000000 too much",
    ),
    (put(["0", "1e7"], *RESPONSE, "phi"), f"{PLACE}.phi: ||phi||_2^2 = 100000000000000, 99999999999999 more than 1"),
    (put("1", *RESPONSE, "reward"), f'{PLACE}: unknown field "reward"; known fields: name, pi_ref, phi'),
    (put("0", "beta"), "beta: 0 is not positive"),
    (put({}, "prompts"), "prompts: expected a list, found an object"),
    (put([], "prompts"), "prompts: the list is empty; at least one is needed"),
]

WRITTEN: list[tuple[str, str]] = [
    (BASE.replace("]\n}", "],\n}"), "not JSON: "),
    ("", "not JSON: expecting value at line 1"),
    ("name: x\n", "not JSON: expecting value at line 1"),
    (BASE.replace('"1/2"', "NaN", 1), 'beta: NaN is not a number; write a finite exact value as text, such as "3/4"'),
    ("p cnf 3 2\n1 -3 0\n", "a DIMACS file; an instance file is needed here"),
    ("c a comment\np dnf 2 1\n1 2 0\n", "a DIMACS file; an instance file is needed here"),
    ("mdp\nmodule m\nendmodule\n", "a PRISM model; an instance file is needed here"),
    ('{"nbformat": 4, "cells": []}', "a Jupyter notebook; an instance file is needed here"),
    (
        '{"format": "spanner-reference/certificate"}',
        'format: the text "spanner-reference/certificate" is not supported',
    ),
]


def complaint(text: str) -> str:
    with pytest.raises(InstanceError) as caught:
        parse(text, "FILE")
    said = str(caught.value)
    assert "\n" not in said
    return said.removeprefix("FILE: ")


@pytest.mark.parametrize(("change", "said"), CHANGED, ids=[said[:40] for _, said in CHANGED])
def test_each_mistake_has_one_line_with_its_path(change: Change, said: str) -> None:
    document = json.loads(BASE)
    change(document)
    assert complaint(json.dumps(document)).startswith(said)


@pytest.mark.parametrize(("text", "said"), WRITTEN, ids=[said[:30] + str(i) for i, (_, said) in enumerate(WRITTEN)])
def test_what_is_no_instance_file_is_told_what_is_read(text: str, said: str) -> None:
    assert complaint(text).startswith(said)


def test_the_base_is_right_and_a_logarithm_may_be_divided() -> None:
    assert parse(BASE).name == "sums"
    assert parse(BASE.replace('"log(2)"', '"log(2)/2 - 1/3"')) != parse(BASE)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"1/2"', '"0"', 5),
        ('"log(2)"', '"ln(2)"', 6),
        ('"9/10"', '"9/11"', 9),  # the responses of the prompt
        ('["0", "0"]', '["0"]', 11),
        ('"R_max": "3"', '"R_max": "1/9"', 9),
        ('"four"', "4", 10),
        ('"format"', '"formats"', 1),
    ],
)
def test_the_line_is_named(old: str, new: str, line: int) -> None:
    said = complaint(BASE.replace(old, new, 1))
    assert said.endswith(f" (line {line})") == (line > 1)
    assert ("(line" in said) == (line > 1)


def test_lines_of_paths() -> None:
    text = '{\n "a": {"b c": [1,\n 2, {"d": "x]\\"}{",\n "e": null}]}}'
    lines = {"a": 2, 'a."b c"': 2, 'a."b c"[0]': 2, 'a."b c"[1]': 3, 'a."b c"[2].e': 4, "z": None, "a.q": 2}
    assert {path: line_of(text, path) for path in lines} == lines
    assert line_of(text.encode(), "a") == 2
    assert line_of('{"a": 1}', "a") is None  # one line
