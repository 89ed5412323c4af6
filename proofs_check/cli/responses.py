"""How ``spanner solve`` prints the responses to a prompt, one by one: single responses or sequences of tokens."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, islice

from flint import fmpq
from rich.console import Console

from proofs_check.cli.output import Listing, brief, first, number, say
from proofs_check.cli.solution import Probabilities
from reference.exact import LogLinear, exp, rational_text, to_decimal


@dataclass(frozen=True, slots=True)
class Responses:
    """The responses to a prompt: ``row(y)`` is name, base probability and reward of the y-th of ``count``."""

    count: int
    row: Callable[[int], tuple[str, fmpq, LogLinear]]
    beta: fmpq
    probabilities: Probabilities


def show_responses(console: Console, prompt: str, found: Responses, shown: int, digits: int) -> None:
    """Print the most probable responses to the prompt of this name."""
    policy, position = found.probabilities, found.probabilities.positions
    unsupported = (y for y in range(found.count) if y not in position)
    listed = Listing(((prompt, 40), ("pi_ref", "number"), ("reward", "number"), ("pi*", "number")))
    for y in islice(chain(policy.order(), unsupported), shown := first(found.count, shown)):
        name, mass, reward = found.row(y)
        probability = _shown(policy, position[y], digits) if y in position else "0"
        listed.add_row(name, brief(mass, digits), brief(reward, digits), probability)
    say(console, listed)
    if left := found.count - shown:
        say(console, f"... {left} more responses: --json has all")


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


def _shown(policy: Probabilities, i: int, digits: int) -> str:
    exact = policy.rational(i)
    return str(to_decimal(policy[i], digits)) if exact is None else brief(exact, digits)


def _probability(policy: Probabilities, i: int, digits: int) -> str:
    exact = policy.rational(i)
    return str(to_decimal(policy[i] if exact is None else exact, digits))
