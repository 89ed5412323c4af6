"""Linear problems as points: what is free in them, and what follows from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from flint import arb, fmpq

from proofs_check.search.coordinates import Coordinate, CoordinateKind, Point, allowed, simplest
from reference.exact import LogLinear, log
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.precision import workprec
from reference.model.checks import ProblemError
from reference.model.linear_problem import LinearProblem
from reference.model.parts import About, Prompt, Response
from reference.model.problem import NO_NOISE

MOST_IN_A_START = 6
"""Starts of the catalog have at most so many responses in all."""

WORST_NAME = "worst"
"""What an instance that was found is called."""


@dataclass(frozen=True)
class LinearShape:
    """How many responses each prompt has, the dimension, and the noise, which stays.

    The coordinates: ``beta``; ``theta`` over ``beta``; for each prompt its share, its baseline and, for each response,
    its share and its features.  Shares are divided by their sum; ``B`` and ``R_max`` are the least that may be
    declared, rounded up to a simple fraction.
    """

    counts: tuple[int, ...]
    dimension: int
    noise: Law[fmpq] = NO_NOISE

    def member(self, values: tuple[Coordinate, ...]) -> LinearProblem:
        """Return the problem.

        Raises:
            ValueError: for features that are too long, or a prompt without mass.
        """
        rest = iter(values)
        beta = next(rest).value
        theta = [_reward(next(rest), beta) for _ in range(self.dimension)]
        prompts = []
        total = sum((values[i].value for i in self._prompt_places()), fmpq(0))
        for x, count in enumerate(self.counts):
            share, baseline = next(rest).value, next(rest).value
            rows = [[next(rest).value for _ in range(1 + self.dimension)] for _ in range(count)]
            mass = sum((row[0] for row in rows), fmpq(0))
            if mass == 0:
                raise ProblemError(f"prompts[{x}]", "no response has mass")
            responses = [Response(f"y{y}", row[0] / mass, Vector.of(row[1:])) for y, row in enumerate(rows)]
            prompts.append(Prompt.of(f"x{x}", responses, rho=share / total, baseline=baseline))
        return _problem(prompts, theta, beta, self.noise)

    def smaller(self, values: tuple[Coordinate, ...]) -> Iterator[Point]:
        """Yield the problem without a prompt, without a response, without a dimension; and with other shares."""
        starts, width = self._prompt_places(), 1 + self.dimension
        yield from self._rescaled(values)
        for x, (start, count) in enumerate(zip(starts, self.counts, strict=True)):
            others = (*self.counts[:x], *self.counts[x + 1 :])
            if others:
                end = start + 2 + count * width
                yield Point(LinearShape(others, self.dimension, self.noise), values[:start] + values[end:])
            for y in range(count) if count > 1 else ():
                first = start + 2 + y * width
                fewer = (*self.counts[:x], count - 1, *self.counts[x + 1 :])
                left = values[:first] + values[first + width :]
                yield Point(LinearShape(fewer, self.dimension, self.noise), left)
        for k in range(self.dimension) if self.dimension > 1 else ():
            firsts = [
                start + 2 + y * width for start, count in zip(starts, self.counts, strict=True) for y in range(count)
            ]
            dropped = {1 + k, *(first + 1 + k for first in firsts)}
            kept = tuple(value for i, value in enumerate(values) if i not in dropped)
            yield Point(LinearShape(self.counts, self.dimension - 1, self.noise), kept)

    def _rescaled(self, values: tuple[Coordinate, ...]) -> Iterator[Point]:
        """Yield the same problem with shares so that one of them is 1."""
        starts, width = self._prompt_places(), 1 + self.dimension
        masses = [[start + 2 + y * width for y in range(n)] for start, n in zip(starts, self.counts, strict=True)]
        for places in (starts, *masses):
            for one in places:
                unit = values[one].value
                if unit not in {0, 1} and all(allowed(values[i].kind, values[i].value / unit) for i in places):
                    changed = [
                        Coordinate(kind, value / unit) if i in places else Coordinate(kind, value)
                        for i, (kind, value) in enumerate(values)
                    ]
                    yield Point(self, tuple(changed))

    def _prompt_places(self) -> list[int]:
        """Where the coordinates of each prompt begin."""
        lengths = (2 + count * (1 + self.dimension) for count in self.counts)
        return list(accumulate(lengths, initial=1 + self.dimension))[: len(self.counts)]


def as_point(problem: LinearProblem) -> Point | None:
    """Return a problem as a point; ``None`` for one that has masses that are not rational, or is large.

    An entry of ``theta`` that is neither a rational multiple of ``beta`` nor ``beta`` times the logarithm of a rational
    number becomes a rational multiple near it.
    """
    counts = tuple(len(entry.responses) for entry in problem.prompts)
    if sum(counts) > MOST_IN_A_START:
        return None
    values = [Coordinate(CoordinateKind.SIZE, problem.beta), *(_entry(t, problem.beta) for t in problem.theta)]
    for entry in problem.prompts:
        values += [Coordinate(CoordinateKind.SIZE, entry.rho), Coordinate(CoordinateKind.FREE, entry.baseline)]
        for response in entry.responses:
            if not isinstance(response.pi_ref, fmpq):
                return None
            values.append(Coordinate(CoordinateKind.MASS, response.pi_ref))
            values += [Coordinate(CoordinateKind.FREE, response.phi[k]) for k in range(problem.dimension)]
    return Point(LinearShape(counts, problem.dimension, problem.noise), tuple(values))


def drawn_point(rng: Random) -> Point:
    """Return a small random problem."""
    dimension = rng.choice((1, 1, 2))
    counts = tuple(rng.choice((2, 2, 3)) for _ in range(rng.choice((1, 1, 2))))
    values = [Coordinate(CoordinateKind.SIZE, fmpq(rng.choice((1, 2, 4)), 2))]
    logs = rng.random() < _SHARE_OF_LOGS
    for _ in range(dimension):
        odds, rate = fmpq(rng.randint(1, 8), rng.randint(1, 8)), fmpq(rng.randint(-6, 6), 2)
        values.append(Coordinate(CoordinateKind.ODDS, odds) if logs else Coordinate(CoordinateKind.RATE, rate))
    for count in counts:
        values += [Coordinate(CoordinateKind.SIZE, fmpq(rng.randint(1, 3))), Coordinate(CoordinateKind.FREE, fmpq(0))]
        for _ in range(count):
            values.append(Coordinate(CoordinateKind.SIZE, fmpq(rng.randint(1, 6))))
            values += [Coordinate(CoordinateKind.FREE, fmpq(phi)) for phi in _features(rng, dimension)]
    return Point(LinearShape(counts, dimension), tuple(values))


_SHARE_OF_LOGS = 0.7
"""Of random problems; with them exponentials are rational."""


def _features(rng: Random, dimension: int) -> list[int]:
    """Return the origin or a signed unit vector."""
    axis, entry = rng.randrange(dimension), rng.choice((-1, 0, 1))
    return [entry if k == axis else 0 for k in range(dimension)]


def _reward(entry: Coordinate, beta: fmpq) -> LogLinear:
    return log(entry.value) * beta if entry.kind is CoordinateKind.ODDS else LogLinear(entry.value * beta)


def _entry(value: LogLinear, beta: fmpq) -> Coordinate:
    powers = [(prime, power / beta) for prime, power in value.terms]
    if value.constant == 0 and powers and all(power.q == 1 for _, power in powers):
        odds = fmpq(1)
        for prime, power in powers:
            odds *= fmpq(prime) ** int(power.p)
        return Coordinate(CoordinateKind.ODDS, odds)
    return Coordinate(
        CoordinateKind.RATE, value.constant / beta if value.is_rational else between(value.enclosure(64) / arb(beta))
    )


def other_forms(entry: Coordinate) -> Iterator[Coordinate]:
    """Yield an entry of ``theta`` of one kind as one of the other kind, close to it."""
    with workprec(64):
        if entry.kind is CoordinateKind.RATE and abs(entry.value) <= _LONGEST_LOG:
            yield Coordinate(CoordinateKind.ODDS, between(arb(entry.value).exp()))
        elif entry.kind is CoordinateKind.ODDS:
            yield Coordinate(CoordinateKind.RATE, between(arb(entry.value).log()))


_LONGEST_LOG = 16
"""Beyond it, an exponential is no number to read."""


def between(ball: arb) -> fmpq:
    """Return the simplest fraction within 1/64 of what a ball encloses."""
    middle = ball.mid().fmpq()
    width = abs(middle) / 64
    return simplest(middle - width, middle + width)


def _problem(prompts: list[Prompt], theta: list[LogLinear], beta: fmpq, noise: Law[fmpq]) -> LinearProblem:
    widest = max(
        (_range([sum((t * response.phi[k] for k, t in enumerate(theta)), LogLinear(fmpq(0)))
                 for response in entry.responses if response.pi_ref != 0]) for entry in prompts),
    )  # fmt: skip
    with workprec(_BITS):
        norm = sum((t.enclosure(_BITS) ** 2 for t in theta), arb(0)).sqrt()
    alone = abs(theta[0]) if len(theta) == 1 else None
    B = alone.constant if alone is not None and alone.is_rational else above(norm)
    R_max = widest.constant if widest.is_rational else above(widest.enclosure(_BITS))
    return LinearProblem.of(WORST_NAME, prompts, theta=theta, beta=beta, B=B, R_max=R_max, noise=noise, about=About())


def _range(rewards: list[LogLinear]) -> LogLinear:
    return max(rewards) - min(rewards)


_BITS = 64


def above(ball: arb) -> fmpq:
    """Return a simple fraction that is at least what a ball encloses, and more by less than a 10^5th of it."""
    top = ball.upper().mid().fmpq()
    return simplest(top, top * (1 + fmpq(1, 2**17)))
