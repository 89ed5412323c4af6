"""The responses to a prompt, one by one, with ``pi*``, and how ``spanner solve`` prints them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from flint import fmpq
from msgspec import UNSET
from rich.console import Console

from proofs_check.cli.formats.parts import Numeral, number, quotient
from proofs_check.cli.formats.solve import Response
from proofs_check.cli.output import TextTable, brief, first, say
from reference.exact import exp_text, rational_text, to_decimal
from reference.exact.law import Law, Mass
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.rational_numbers import quotient_text
from reference.model import Problem, Tilt, checks, soft_values
from reference.model.expansion import path
from reference.model.parts import Edge
from reference.model.probabilities import Bounds, Probabilities


class WholeSequence(NamedTuple):
    """A response of several tokens: what of an edge it has."""

    token: str
    pi_ref: Mass
    reward: LogLinear
    phi: None = None


@dataclass(frozen=True, slots=True)
class Responses:
    """The responses to a prompt, each with a name, ``token``; sequences have no features."""

    rows: Sequence[Edge | WholeSequence]
    probabilities: Probabilities


def responses_to(problem: Problem, x: int) -> Responses:
    """Return the responses to a prompt: with horizon 1 all of them, base mass zero included, else the supported ones.

    Raises:
        TreeTooLarge: if the horizon is above 1 and there are more than ``MAX_SEQUENCES``; names the number.
    """
    if problem.horizon == 1:  # they are the edges: nothing is expanded
        root = problem.prompts[x].root
        node = problem.layers[0][root]
        return Responses(node, Probabilities(soft_values(problem).tilt(root)))
    rows = [WholeSequence(*path(problem, x, sequence)) for sequence in problem.expanded(x)]
    masses = [row.pi_ref for row in rows]
    weights = checks.base_weights(f"prompt {problem.prompts[x].name!r}, sequences", "pi_ref", masses)
    tilt = Tilt(Law.weighted(range(len(rows)), weights), tuple(row.reward for row in rows), problem.beta)
    return Responses(rows, Probabilities(tilt))


def show_responses(console: Console, prompt: str, found: Responses, shown: int, digits: int) -> None:
    """Print the most probable responses to the prompt of this name."""
    policy, position = found.probabilities, found.probabilities.positions
    unsupported = (y for y in range(len(found.rows)) if y not in position)
    shown = first(len(found.rows), shown)
    listed = TextTable(((prompt, 40), ("pi_ref", "number"), ("reward", "number"), ("pi*", "number")))
    for y in islice(chain(policy.most_probable(shown), unsupported), shown):
        row = found.rows[y]
        probability = _shown(policy, position[y], digits) if y in position else "0"
        listed.add_row(row.token, brief(row.pi_ref, digits), brief(row.reward, digits), probability)
    say(console, listed)
    if left := len(found.rows) - shown:
        say(console, f"... {left} more responses: --json has all")


class ResponseTexts:
    """The responses of one problem as its document has them; what was written is remembered from prompt to prompt."""

    def __init__(self, beta: fmpq, digits: int) -> None:
        self._inverse, self._digits = 1 / beta, digits
        self._rewards, self._features = _Rewards(self._inverse, digits), _Features()

    def of(self, found: Responses) -> Iterator[list[Response]]:
        """Yield each with its exact weight, so that ``pi*(y) = weight / Z``, and with features if it has some.

        They are made some at a time, as they are asked for.

        Raises:
            ProblemError: for a base probability that is not rational.
        """
        position, digits, rows = found.probabilities.positions, self._digits, list[Response]()
        probabilities = found.probabilities.written(digits)
        for y, row in enumerate(found.rows):
            name, given, reward, phi = row.token, row.pi_ref, row.reward, row.phi
            mass = given if isinstance(given, fmpq) else checks.rational_mass(f"pi_ref of {name!r:.60}", given)
            base, constant = rational_text(mass), reward.constant
            if reward.terms:
                numeral, factor = number(reward, digits), ""
            else:
                numeral, factor = self._rewards[int(constant.p), int(constant.q)]
            weight, probability = "0", _ZERO_NUMERAL
            if (i := position.get(y)) is not None:
                # A factor that is 1 is not written.
                weight = f"{base}*{factor}" if factor and base != "1" else exp_text(mass, reward * self._inverse)
                probability = _numeral(probabilities[i], digits)
            features = UNSET if phi is None else self._features.of(phi)
            rows.append(Response(name, base, numeral, weight, probability, features))
            if len(rows) == _AT_ONCE:
                yield rows
                rows = []
        yield rows


class _Rewards(dict[tuple[int, int], tuple[Numeral, str]]):
    """The last rational rewards, with the text of ``exp(reward/beta)``, "" if that is 1: there are often many equal."""

    def __init__(self, inverse: fmpq, digits: int) -> None:
        self._stretch, self._shrink, self._digits = int(inverse.p), int(inverse.q), digits

    def __missing__(self, reward: tuple[int, int]) -> tuple[Numeral, str]:
        if len(self) >= _MOST_REWARDS:
            self.clear()
        above, below = reward
        factor = f"exp({quotient_text(above * self._stretch, below * self._shrink)})" if above else ""
        self[reward] = found = quotient(above, below, self._digits), factor
        return found


class _Features(dict[int, "_FeaturesOver"]):
    """The texts of the last quotients by denominator: entries of features are often the same few numbers."""

    def __missing__(self, below: int) -> "_FeaturesOver":
        if len(self) >= _REMEMBERED:
            self.clear()
        self[below] = found = _FeaturesOver(below)
        return found

    def of(self, phi: Vector) -> list[str]:
        """Return the text of each entry."""
        return list(map(self[phi.denominator].__getitem__, phi.numerators))


class _FeaturesOver(dict[int, str]):
    """The texts of the last quotients over one denominator."""

    def __init__(self, below: int) -> None:
        self._below = below

    def __missing__(self, above: int) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[above] = found = quotient_text(above, self._below)
        return found


_AT_ONCE = 64
"""Responses that are made together."""

_MOST_REWARDS = 1 << 16
"""Rational rewards whose texts are remembered."""

_REMEMBERED = 256
"""Entries of features over one denominator, and denominators, whose texts are remembered."""

_ZERO_NUMERAL = Numeral("0", "0", "0", "0")


def _numeral(value: fmpq | Bounds, digits: int) -> Numeral:
    return number(value, digits) if isinstance(value, fmpq) else Numeral(None, *value)


def _shown(policy: Probabilities, i: int, digits: int) -> str:
    exact = policy.rational(i)
    return str(to_decimal(policy[i], digits)) if exact is None else brief(exact, digits)
