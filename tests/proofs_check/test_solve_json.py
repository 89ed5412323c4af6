"""``spanner solve --json``: responses are written some at a time, and the document is the same as a whole one."""

import io
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from flint import fmpq
from msgspec import UNSET

import reference as ref
from proofs_check.cli.formats.parts import AnyDocument, Numeral, number
from proofs_check.cli.formats.solve import Response
from proofs_check.cli.output import LATER, print_json
from proofs_check.cli.responses import Responses, ResponseTexts, responses_to
from proofs_check.cli.solution import certified_solution
from proofs_check.cli.solve import solution_json
from reference.exact import BadNumber, enclosing, exp_sum
from reference.exact.law import Mass
from reference.model import soft_values
from reference.model.checks import ProblemError
from reference.model.probabilities import Probabilities
from tests.proofs_check.cli_output import loaded

Captured = pytest.CaptureFixture[bytes]


class _Document(AnyDocument, frozen=True, tag="test"):
    parts: Any
    text: str = ""


class _Row(msgspec.Struct, frozen=True):
    name: str
    values: list[int]


ROWS = [_Row(name, [*range(k)]) for k, name in enumerate(["a", '"\\u006c"', "\\u006c", "l\n", "é"])]


@pytest.mark.parametrize("pieces", [[], [[]], [ROWS], [ROWS[:2], [], ROWS[2:]], [[row] for row in ROWS]])
@pytest.mark.parametrize("out", ["standard output", "somebody's own"])
@pytest.mark.parametrize("nested", ["in a list", "alone", "twice"])
def test_a_list_that_is_made_later_stands_in_its_place(
    pieces: list[list[_Row]], out: str, nested: str, capsysbinary: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parts(rows: object) -> object:
        deep = [{"name": '"\\u006c"', "rows": rows, "after": 1}, {"none": []}]
        return {"in a list": deep, "alone": rows, "twice": {"first": rows, "then": deep}}[nested]

    text = io.StringIO()
    if out == "somebody's own":
        monkeypatch.setattr(sys, "stdout", text)
    print_json(_Document(parts(LATER), '"\\u006c"'), [pieces] * (2 if nested == "twice" else 1))
    whole = _Document(parts([row for piece in pieces for row in piece]), '"\\u006c"')
    expected = msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"
    assert capsysbinary.readouterr().out + text.getvalue().encode() == expected


def test_each_place_needs_its_list() -> None:
    with pytest.raises(ValueError, match="zip"):
        print_json(_Document(LATER), [])
    with pytest.raises(ValueError, match="zip"):
        print_json(_Document([]), [[ROWS]])


def test_nothing_is_printed_where_a_list_cannot_be_made(capsysbinary: Captured) -> None:
    def broken() -> Iterator[list[_Row]]:
        yield ROWS
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        print_json(_Document(LATER), [broken()])
    assert capsysbinary.readouterr().out == b""


def test_a_weight_that_is_too_long_is_one_document(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sequences of several tokens may have weights that are longer than all that is asked for before."""

    def refused(self: ResponseTexts, found: Responses) -> Iterator[list[Response]]:
        del self, found
        yield []
        raise BadNumber("the power 2^3020000 has more than 3000000 bits")

    monkeypatch.setattr(ResponseTexts, "of", refused)
    message = loaded(capsys, "solve", "two-arms", code=2)["message"]
    assert message.startswith("two-arms: the power 2^3020000 has more than 3000000 bits; raise beta")


@pytest.mark.parametrize("name", ["two-arms-mixed", "zero-base-mass", "different-supports", "smollm2-facts"])
@pytest.mark.parametrize("digits", [3, 17])
def test_each_response_is_written_with_its_own_numbers(
    name: str, digits: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """One by one, from the law itself; of some prompts the first response has no base mass."""
    problem = ref.load_linear(name)
    found = loaded(capsys, "solve", name, "--digits", str(digits))["prompts"]
    for x, (prompt, written) in enumerate(zip(problem.prompts, found, strict=True)):
        best = ref.optimum(problem).law(x)
        for y, (response, row) in enumerate(zip(prompt.responses, written["responses"], strict=True)):
            mass, reward, optimal = response.pi_ref, problem.reward(x, y), best.mass(y)
            assert (row["name"], row["pi_ref"]) == (response.name, str(mass))
            assert (row["phi"], row["weight"]) == (list(map(str, response.phi)), _weight(mass, reward / problem.beta))
            assert row["reward"] == msgspec.to_builtins(number(reward, digits))
            known = str(optimal) if isinstance(optimal, fmpq) else None
            assert row["pi_star"] == msgspec.to_builtins(Numeral(known, *enclosing(optimal, digits)))


def _weight(mass: Mass, exponent: ref.LogLinear) -> str:
    return str(exp_sum([(mass, exponent)])) if isinstance(mass, fmpq) and mass != 0 else "0"


@pytest.mark.parametrize("name", ["two-arms", "zero-base-mass", "needle-1024", "smollm2-facts"])
def test_responses_written_piece_by_piece_are_those_of_the_whole(name: str, capsysbinary: Captured) -> None:
    problem = ref.load(name)
    found = [responses_to(problem, x) for x in range(len(problem.prompts))]
    solution, texts = certified_solution(problem), ResponseTexts(problem.beta, 6)

    def listed(x: int) -> list[Response]:
        return [row for piece in texts.of(found[x]) for row in piece]

    document = solution_json(solution, UNSET, 6)
    prompts = [msgspec.structs.replace(prompt, responses=listed(x)) for x, prompt in enumerate(document.prompts)]
    whole = msgspec.structs.replace(document, prompts=prompts)
    print_json(solution_json(solution, LATER, 6), [ResponseTexts(problem.beta, 6).of(each) for each in found])
    printed = capsysbinary.readouterr().out
    assert printed == msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"
    assert [len(listed(x)) for x in range(len(found))] == [
        len(problem.layers[0][entry.root]) for entry in problem.prompts
    ]


def test_an_irrational_base_probability_is_refused() -> None:
    problem = ref.load_linear("two-arms")
    irrational = ref.from_logits([0.0, 1.0])
    prompt = problem.prompts[0]
    responses = tuple(replace(y, pi_ref=irrational.mass(j)) for j, y in enumerate(prompt.responses))
    other = ref.LinearProblem.of(
        "irrational", [replace(prompt, responses=responses)], theta=problem.theta, beta=problem.beta,
        B=problem.B, R_max=problem.R_max,
    )  # fmt: skip
    with pytest.raises(ProblemError, match=r"pi_ref of 'good': .* is irrational, and a rational base probability"):
        list(ResponseTexts(other.beta, 6).of(responses_to(other, 0)))


def test_weights_and_rewards_are_written_as_numbers_that_are_read_back() -> None:
    """Each reward of a few, with each mass, among them 1; ``beta`` is not an integer."""
    rewards = ["0", "1", "-2/3", "1/6"]
    responses = [ref.Response.of(f"y{k}", "1/4", [r]) for k, r in enumerate(rewards)]
    for listed in (responses, [ref.Response.of("alone", "1", ["1"])]):
        problem = ref.LinearProblem.of("r", [ref.Prompt.of("x", listed)], theta=["1"], beta="3/2", B="1", R_max="2")
        for row, given in zip(_written(problem), listed, strict=True):
            reward = given.phi[0]
            assert ref.real(row.weight) == ref.real(given.pi_ref) * ref.exp(reward / fmpq(3, 2))
            assert not row.weight.startswith("1*")
            assert ref.rational(row.reward.exact or "") == reward


def _written(problem: ref.LinearProblem) -> Iterator[Response]:
    found = Responses(problem.layers[0][0], Probabilities(soft_values(problem).tilt(0)))
    for piece in ResponseTexts(problem.beta, 6).of(found):
        yield from piece
