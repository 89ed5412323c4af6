"""What an algorithm may ask for: whole responses, rounds, or tokens; and how its queries are shown and counted.

The access says which problems an algorithm runs on, and its view of the world.  Theorems quantify over it, so it is a
part of what an algorithm is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

from proofs_check.cli.formats import run as formats
from proofs_check.cli.formats.parts import DIGITS, number
from proofs_check.cli.instances import any_problem, linear_problem
from reference.exact import LogLinear
from reference.interaction.meter import Reading
from reference.interaction.world import Event, Oracles, TokenOracles, World
from reference.model import LinearProblem, Problem

P = TypeVar("P", bound=Problem)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Access(Generic[P, V]):
    """A way to interact with a problem.

    ``load(source, command)`` returns the problem, or refuses it in a line that names the command.  ``view`` is what the
    algorithm gets.  ``meter`` and ``summary`` show what was counted, with the queries for a draw from what is returned.
    """

    name: Literal["responses", "rounds", "tokens"]
    words: str
    problems: str
    load: Callable[[str, str], P]
    view: Callable[[World[P]], V]
    meter: Callable[[Reading, int], formats.Meter]
    summary: Callable[[Reading, int], str]


def _meter(m: Reading, draw: int) -> formats.Meter:
    return formats.Meter(m.prompts, m.drawn, m.reward, m.t_data, m.t_comp + draw, strong=m.strong)


def _summary(m: Reading, draw: int) -> str:
    return (
        f"T_data = {m.t_data} reward queries, T_comp = {m.t_comp + draw} sampling queries "
        f"({m.drawn} weak, {m.strong} strong, {draw} for a draw from the policy), {m.prompts} prompts"
    )


def _token_meter(m: Reading, draw: int) -> formats.Meter:
    return formats.Meter(m.prompts, list(m.weak), m.reward, m.t_data, m.t_comp + draw, listed=list(m.listed))


def _token_summary(m: Reading, draw: int) -> str:
    layers = ", ".join(f"{a} + {b}" for a, b in zip(m.weak, m.listed, strict=True))
    return (
        f"T_data = {m.t_data} reward queries, T_comp = {m.t_comp + draw} token queries ({draw} for a draw from the "
        f"policy), {m.prompts} prompts; drawn + listed, layer by layer: {layers}"
    )


RESPONSES: Access[LinearProblem, Oracles] = Access(
    "responses", "whole responses", "a linear problem", linear_problem, lambda world: world.oracles, _meter, _summary
)
"""FMR25 section 2: prompts, draws from the base model and from softmax policies, rewards."""

ROUNDS = replace(RESPONSES, name="rounds", words="rounds: parameters first, then a rewarded response of each")
"""FMR25 section 4: parameters are committed to, then a prompt and a rewarded response of each is seen."""

TOKENS: Access[Problem, TokenOracles] = Access(
    "tokens", "tokens after a prefix", "any problem", any_problem, lambda world: world.tokens,
    _token_meter, _token_summary,
)  # fmt: skip
"""FMR25 section 5: a token drawn or all of them listed after a prefix, rewards of whole responses."""


def event_json(problem: Problem, event: Event) -> formats.Event:
    """Return a query and its answer as data."""
    oracle, (x, *rest) = event
    assert isinstance(x, int)  # noqa: S101 - narrows the type of a transcript's entry
    prompt = problem.prompts[x].name

    def response(y: int) -> str:
        return problem.edge(0, problem.prompts[x].root, y).token

    match oracle, rest:
        case "prompt", []:
            found = formats.Event("prompt", prompt)
        case "weak", [int(y)]:
            found = formats.Event("weak", prompt, response(y))
        case "strong", [tuple(theta), int(y)]:
            found = formats.Event("strong", prompt, response(y), theta=theta_json(theta))
        case "reward", [int(y), LogLinear() as value]:
            found = formats.Event("reward", prompt, response(y), value=number(value, DIGITS))
        case "weak", [tuple(prefix), int(token)]:
            longer = problem.spelled(x, (*prefix, token))
            found = formats.Event("weak", prompt, prefix=problem.spelled(x, prefix), token=longer[-1])
        case "listing", [tuple(prefix), int(tokens)]:
            found = formats.Event("listing", prompt, prefix=problem.spelled(x, prefix), tokens=tokens)
        case "reward", [tuple(sequence), LogLinear() as value]:
            names = problem.spelled(x, sequence)
            found = formats.Event("reward", prompt, prefix=names, value=number(value, DIGITS))
        case _:
            msg = f"no such query: {oracle}"
            raise ValueError(msg)
    return found


def theta_json(theta: Sequence[LogLinear]) -> formats.Theta:
    """Return a parameter as data."""
    return tuple(number(entry, DIGITS) for entry in theta)
