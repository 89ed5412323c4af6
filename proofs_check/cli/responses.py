"""How ``spanner solve`` prints the responses to a prompt, one by one: single responses or sequences of tokens."""

from collections.abc import Callable
from dataclasses import dataclass

from flint import fmpq
from rich.table import Table

from proofs_check.cli.output import number, short, table
from proofs_check.cli.solution import Probabilities
from reference.exact import LogLinear, exp, rational_text, to_decimal


@dataclass(frozen=True, slots=True)
class Responses:
    """The responses to a prompt: ``row(y)`` is name, base probability and reward of the y-th of ``count``."""

    count: int
    row: Callable[[int], tuple[str, fmpq, LogLinear]]
    beta: fmpq
    probabilities: Probabilities


def response_table(prompt: str, found: Responses, shown: int, digits: int) -> Table:
    """Return the most probable responses to the prompt of this name."""
    policy = found.probabilities
    order, position = policy.order()[:shown], policy.positions
    listed = table((short(prompt), False), ("pi_ref", True), ("reward", True), ("pi*", True))
    for y in order:
        name, mass, reward = found.row(y)
        decimals = str(to_decimal(mass, digits)), number(reward, digits).decimal
        listed.add_row(short(name), *decimals, _probability(policy, position[y], digits))
    if left := found.count - len(order):
        listed.add_row(f"... {left} more", "", "", "")
    return listed


def responses_json(found: Responses, digits: int) -> list[dict[str, object]]:
    """Return each response with its exact weight, so that ``pi*(y) = weight / Z``."""
    policy = found.probabilities
    position = policy.positions
    rows: list[dict[str, object]] = []
    for y in range(found.count):
        name, mass, reward = found.row(y)
        row: dict[str, object] = {"name": name, "pi_ref": rational_text(mass), "reward": number(reward, digits).json()}
        supported = y in position
        exact = policy.rational(position[y]) if supported else None
        row["weight"] = str(exp(reward / found.beta) * mass) if supported else "0"
        row["pi_star"] = {
            "exact": ("0" if not supported else None if exact is None else rational_text(exact)),
            "decimal": _probability(policy, position[y], digits) if supported else "0",
        }
        rows.append(row)
    return rows


def _probability(policy: Probabilities, i: int, digits: int) -> str:
    exact = policy.rational(i)
    return str(to_decimal(policy[i] if exact is None else exact, digits))
