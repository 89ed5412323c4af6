"""The responses to a prompt, one by one, with ``pi*``, and how ``spanner solve`` prints them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

from flint import arb, ctx, fmpq
from msgspec import UNSET
from rich.console import Console

from proofs_check.cli.formats.parts import Numeral, number
from proofs_check.cli.formats.solve import Response
from proofs_check.cli.output import TextTable, brief, first, say
from reference.exact import ExpSum, LogLinear, Real, enclosed, enclosing, exp, exp_text, rational_text, to_decimal
from reference.exact.decimals import settled
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.number import START_PRECISION
from reference.model import Problem, Tilt, checks, soft_values
from reference.model.expansion import sequence_name
from reference.model.forms import integer_weights
from reference.model.parts import Prefix

ResponseRow = tuple[str, fmpq, LogLinear]
"""Name, base probability and reward."""


@dataclass(frozen=True, slots=True)
class Responses:
    """The responses to a prompt: ``row(y)`` is that of the y-th of ``count``, ``phi(y)`` its features if it has any."""

    count: int
    row: Callable[[int], ResponseRow]
    phi: Callable[[int], Vector] | None
    beta: fmpq
    probabilities: "Probabilities"


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
    weights = checks.law_weights(f"prompt {problem.prompts[x].name!r}, sequences", "pi_ref", masses)
    tilt = Tilt(Law.weighted(range(len(rows)), weights), tuple(reward for _, _, reward in rows), problem.beta)
    return Responses(len(rows), rows.__getitem__, None, problem.beta, Probabilities(tilt))


def path(problem: Problem, x: int, prefix: Prefix) -> ResponseRow:
    """Return the name of a prefix or response, its base probability, and the rewards on the way."""
    mass, reward, i = fmpq(1), LogLinear(fmpq(0)), problem.prompts[x].root
    for h, token in enumerate(prefix):
        edge = problem.edge(h, i, token)
        mass, reward, i = mass * edge.pi_ref, reward + edge.reward, edge.child
    return sequence_name(problem.spelled(x, prefix)), mass, reward


def show_responses(console: Console, prompt: str, found: Responses, shown: int, digits: int) -> None:
    """Print the most probable responses to the prompt of this name."""
    policy, position = found.probabilities, found.probabilities.positions
    unsupported = (y for y in range(found.count) if y not in position)
    listed = TextTable(((prompt, 40), ("pi_ref", "number"), ("reward", "number"), ("pi*", "number")))
    for y in islice(chain(policy.order(), unsupported), shown := first(found.count, shown)):
        name, mass, reward = found.row(y)
        probability = _shown(policy, position[y], digits) if y in position else "0"
        listed.add_row(name, brief(mass, digits), brief(reward, digits), probability)
    say(console, listed)
    if left := found.count - shown:
        say(console, f"... {left} more responses: --json has all")


def responses_json(found: Responses, digits: int) -> list[Response]:
    """Return each response with its exact weight, so that ``pi*(y) = weight / Z``, and with features if it has some."""
    position, inverse = found.probabilities.positions, 1 / found.beta
    probabilities = found.probabilities.numerals(digits)
    rows = []
    for y in range(found.count):
        name, mass, reward = found.row(y)
        weight, probability = "0", _ZERO_NUMERAL
        if y in position:
            weight = exp_text(mass, reward.constant * inverse if reward.is_rational else reward * inverse)
            probability = probabilities[position[y]]
        phi = UNSET if found.phi is None else found.phi(y).texts()
        rows.append(Response(name, rational_text(mass), number(reward, digits), weight, probability, phi))
    return rows


_ZERO_NUMERAL = Numeral("0", "0", "0", "0")


class Probabilities:
    """The probabilities of one prompt's supported responses; their enclosures share that of the partition function."""

    def __init__(self, tilt: Tilt) -> None:
        self.tilt = tilt
        self._partition: dict[int, arb] = {}

    @cached_property
    def _weights(self) -> tuple[int, ...]:
        return integer_weights(self.tilt.base)

    def enclosure(self, prec: int, i: int) -> arb:
        """Return a ball around the probability of the i-th supported response."""
        if prec not in self._partition:
            self._partition[prec] = self.tilt.partition.enclosure(prec)
        exponent = self.tilt.exponents[i].enclosure(prec)
        with ctx.workprec(prec):
            return exponent.exp() * arb(self._weights[i]) / self._partition[prec]

    def __getitem__(self, i: int) -> Real:
        return enclosed(_enclosure, self, i)

    def numerals(self, digits: int) -> list[Numeral]:
        """Return every probability as it is printed."""
        count = len(self.tilt.exponents)
        if self._total.is_rational:
            return [number(self[i] if (exact := self.rational(i)) is None else exact, digits) for i in range(count)]
        prec = START_PRECISION
        total, found = self.tilt.partition.enclosure(prec), list[Numeral]()
        with ctx.workprec(prec):  # once for all: there may be many
            for i, (weight, exponent) in enumerate(zip(self._weights, self.tilt.exponents, strict=True)):
                power = arb(exponent.constant) if exponent.is_rational else exponent.enclosure(prec)
                quick = settled(power.exp() * weight / total, prec, digits)
                found.append(Numeral(None, *(enclosing(self[i], digits) if quick is None else quick)))
        return found

    @cached_property
    def positions(self) -> dict[int, int]:
        """Where a response is among the supported ones."""
        return {y: i for i, y in enumerate(self.tilt.base.outcomes)}

    def rational(self, i: int) -> fmpq | None:
        """Return the i-th probability if it is rational."""
        if not self._total.is_rational:
            return None
        weight = exp(self.tilt.exponents[i]) * self.tilt.base.weights[i]
        return weight.as_rational() / self._total.as_rational() if weight.is_rational else None

    @cached_property
    def _total(self) -> ExpSum:
        return self.tilt.partition

    def order(self) -> tuple[int, ...]:
        """Return the supported responses by decreasing probability, as far as 64 bits tell; for display."""
        sizes = {y: float(self.enclosure(64, i).mid()) for i, y in enumerate(self.tilt.base.outcomes)}
        return tuple(sorted(sizes, key=sizes.__getitem__, reverse=True))


def _enclosure(prec: int, probabilities: Probabilities, i: int) -> arb:
    return probabilities.enclosure(prec, i)


def _shown(policy: Probabilities, i: int, digits: int) -> str:
    exact = policy.rational(i)
    return str(to_decimal(policy[i], digits)) if exact is None else brief(exact, digits)
