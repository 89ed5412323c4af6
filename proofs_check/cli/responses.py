"""How ``spanner solve`` prints the responses to a prompt, one by one: single responses or sequences of tokens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from flint import fmpq
from msgspec import UNSET
from rich.console import Console

from proofs_check.cli.formats.parts import Numeral, number
from proofs_check.cli.formats.solve import Response
from proofs_check.cli.output import Listing, brief, first, say
from proofs_check.cli.probabilities import Probabilities
from reference.exact import LogLinear, exp_text, rational_text, to_decimal
from reference.exact.linalg import Vector


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


def responses_json(found: Responses, digits: int, features: Sequence[Vector] | None = None) -> list[Response]:
    """Return each response with its exact weight, so that ``pi*(y) = weight / Z``, and with its features if given."""
    position, inverse = found.probabilities.positions, 1 / found.beta
    probabilities = found.probabilities.numerals(digits)
    rows = []
    for y in range(found.count):
        name, mass, reward = found.row(y)
        weight, probability = "0", ZERO
        if y in position:
            weight = exp_text(mass, reward.constant * inverse if reward.is_rational else reward * inverse)
            probability = probabilities[position[y]]
        phi = UNSET if features is None else features[y].texts()
        rows.append(Response(name, rational_text(mass), number(reward, digits), weight, probability, phi))
    return rows


ZERO = Numeral("0", "0", "0", "0")


def _shown(policy: Probabilities, i: int, digits: int) -> str:
    exact = policy.rational(i)
    return str(to_decimal(policy[i], digits)) if exact is None else brief(exact, digits)
