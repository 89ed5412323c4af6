"""Random numbers, rows and laws, of which :mod:`proofs_check.conformance.random_inputs` makes questions."""

# ruff: noqa: PLR2004 - chances and sizes

from random import Random
from typing import Any

RandomInputs = dict[str, Any]
"""Keyword arguments of a function of the kit: floats, lists of them, integers."""


def random_dyadic(random: Random) -> float:
    """Return a dyadic number of any size, often a small integer."""
    if random.random() < 0.3:
        return float(random.randrange(-2, 3))
    return random.choice((-1, 1)) * random.randrange(1 << 12) / 2.0 ** random.choice((2, 8, 12, 40, 52))


def random_scale(random: Random) -> float:
    """Return a positive number."""
    return random.choice((0.25, 0.5, 1.0, 1.0, 2.0, 2.0**-10, 2.0**-30, 1024.0))


def random_row(random: Random, size: int) -> list[float]:
    """Return a row of numbers, now and then of equal ones."""
    if random.random() < 0.2:
        return [random_dyadic(random)] * size
    return [random_dyadic(random) for _ in range(size)]


def random_rows(random: Random, count_: int, size: int) -> list[list[float]]:
    """Return rows of one length."""
    return [random_row(random, size) for _ in range(count_)]


def random_law(random: Random, size: int) -> list[float]:
    """Return masses that sum to 1, some of them 0."""
    left, masses = 1 << random.choice((3, 10, 40)), []
    whole = left
    for _ in range(size - 1):
        taken = random.choice((0, random.randrange(left + 1), min(1, left), left // 2))
        masses.append(taken / whole)
        left -= taken
    masses.append(left / whole)
    random.shuffle(masses)
    return masses


def random_law_inside(random: Random, pi: list[float]) -> list[float]:
    """Return a law on the support of another, or near it, or any."""
    if random.random() < 0.3:
        return list(pi)
    if random.random() < 0.2:
        return random_law(random, len(pi))
    live = [y for y, p in enumerate(pi) if p > 0]
    masses = [0.0] * len(pi)
    for y, p in zip(live, random_law(random, len(live)), strict=True):
        masses[y] = p
    return masses


def few_values(random: Random, size: int) -> list[float]:
    """Return numbers of which some are equal: ties."""
    return [random.randrange(-2, 3) / 2 for _ in range(size)]


def spoilt(random: Random, inputs: RandomInputs) -> RandomInputs:
    """Return inputs of which one argument is changed, so that it may be none."""
    name = random.choice(list(inputs))
    return {**inputs, name: _bad(random, inputs[name])}


def _bad(random: Random, value: Any) -> Any:  # noqa: ANN401 - of any depth
    if isinstance(value, list):
        kind = random.randrange(4)
        if kind == 0:
            return value[:-1]
        if kind == 1:
            return [*value, *value[:1]]
        if not value:
            return [1.0]
        place = random.randrange(len(value))
        return [*value[:place], _bad(random, value[place]), *value[place + 1 :]]
    if isinstance(value, int):
        return random.choice((0, -1, value + 1))
    return random.choice((0.0, -1.0, -value, float("nan"), float("inf"), value + 2.0**-40))
