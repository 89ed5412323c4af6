"""The responses to a prompt, one by one, with ``pi*``, and how ``spanner solve`` prints them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice

from flint import fmpq
from msgspec import UNSET
from rich.console import Console

from proofs_check.cli.formats.parts import Numeral, number, quotient
from proofs_check.cli.formats.solve import Response
from proofs_check.cli.output import TextTable, brief, first, say
from reference.exact import exp_text, rational_text, to_decimal
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.rational_numbers import quotient_text
from reference.model import Problem, Tilt, checks, soft_values
from reference.model.expansion import ResponseRow, path
from reference.model.probabilities import Bounds, Probabilities


@dataclass(frozen=True, slots=True)
class Responses:
    """The responses to a prompt: ``row(y)`` is that of the y-th of ``count``, ``phi(y)`` its features if it has any."""

    count: int
    row: Callable[[int], ResponseRow]
    phi: Callable[[int], Vector] | None
    beta: fmpq
    probabilities: Probabilities


def responses_to(problem: Problem, x: int) -> Responses:
    """Return the responses to a prompt: with horizon 1 all of them, base mass zero included, else the supported ones.

    Raises:
        TreeTooLarge: if the horizon is above 1 and there are more than ``MAX_SEQUENCES``; names the number.
    """
    if problem.horizon == 1:  # they are the edges: nothing is expanded
        root = problem.prompts[x].root
        node = problem.layers[0][root]
        tilt = soft_values(problem).tilt(root)

        def row(y: int) -> ResponseRow:
            edge = node[y]
            return edge.token, edge.pi_ref, edge.reward

        return Responses(len(node), row, lambda y: node[y].phi, problem.beta, Probabilities(tilt))
    rows = [path(problem, x, sequence) for sequence in problem.expanded(x)]
    masses = [mass for _, mass, _ in rows]
    weights = checks.base_weights(f"prompt {problem.prompts[x].name!r}, sequences", "pi_ref", masses)
    tilt = Tilt(Law.weighted(range(len(rows)), weights), tuple(reward for _, _, reward in rows), problem.beta)
    return Responses(len(rows), rows.__getitem__, None, problem.beta, Probabilities(tilt))


def show_responses(console: Console, prompt: str, found: Responses, shown: int, digits: int) -> None:
    """Print the most probable responses to the prompt of this name."""
    policy, position = found.probabilities, found.probabilities.positions
    unsupported = (y for y in range(found.count) if y not in position)
    shown = first(found.count, shown)
    listed = TextTable(((prompt, 40), ("pi_ref", "number"), ("reward", "number"), ("pi*", "number")))
    for y in islice(chain(policy.most_probable(shown), unsupported), shown):
        name, mass, reward = found.row(y)
        probability = _shown(policy, position[y], digits) if y in position else "0"
        listed.add_row(name, brief(mass, digits), brief(reward, digits), probability)
    say(console, listed)
    if left := found.count - shown:
        say(console, f"... {left} more responses: --json has all")


def responses_json(found: Responses, digits: int) -> list[Response]:
    """Return each response with its exact weight, so that ``pi*(y) = weight / Z``, and with features if it has some."""
    position, inverse = found.probabilities.positions, 1 / found.beta
    stretch, shrink = int(inverse.p), int(inverse.q)
    probabilities = [_numeral(value, digits) for value in found.probabilities.written(digits)]
    rows, texts = [], _Texts()
    for y in range(found.count):
        name, base, reward = found.row(y)
        mass = base if isinstance(base, fmpq) else checks.rational_mass(f"pi_ref of {name!r:.60}", base)
        weight, probability, base_text = "0", _ZERO_NUMERAL, rational_text(mass)
        above, below = int(reward.constant.p), int(reward.constant.q)
        if y in position:
            if reward.terms or not above or base_text == "1":  # zeros and ones are written in another way
                weight = exp_text(mass, reward * inverse)
            else:
                weight = f"{base_text}*exp({_quotient_text(above * stretch, below * shrink)})"
            probability = probabilities[position[y]]
        phi = UNSET if found.phi is None else texts.of(found.phi(y))
        numeral = number(reward, digits) if reward.terms else _quotient(above, below, digits)
        rows.append(Response(name, base_text, numeral, weight, probability, phi))
    return rows


# Rewards of many responses, to all prompts, are often the same few thousand numbers.
_quotient = lru_cache(1 << 16)(quotient)
_quotient_text = lru_cache(1 << 16)(quotient_text)


class _Texts(dict[int, "_TextsOver"]):
    """The texts of the last quotients by denominator: entries of features are often the same few numbers."""

    def __missing__(self, below: int) -> "_TextsOver":
        if len(self) >= _REMEMBERED:
            self.clear()
        self[below] = found = _TextsOver(below)
        return found

    def of(self, phi: Vector) -> list[str]:
        """Return the text of each entry."""
        return list(map(self[phi.denominator].__getitem__, phi.numerators))


class _TextsOver(dict[int, str]):
    """The texts of the last quotients over one denominator."""

    def __init__(self, below: int) -> None:
        self._below = below

    def __missing__(self, above: int) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[above] = found = quotient_text(above, self._below)
        return found


_REMEMBERED = 256

_ZERO_NUMERAL = Numeral("0", "0", "0", "0")


def _numeral(value: fmpq | Bounds, digits: int) -> Numeral:
    return number(value, digits) if isinstance(value, fmpq) else Numeral(None, *value)


def _shown(policy: Probabilities, i: int, digits: int) -> str:
    exact = policy.rational(i)
    return str(to_decimal(policy[i], digits)) if exact is None else brief(exact, digits)
