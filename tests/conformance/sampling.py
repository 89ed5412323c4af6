"""Programs as samplers: the oracles of a replay, with draws of their own."""

from collections.abc import Callable, Sequence
from random import Random
from types import ModuleType
from typing import Any

Floats = Sequence[float]


class DrawnOracles:
    """One prompt, whose responses have one feature, ``f``; counts the weak queries."""

    def __init__(self, pi: Floats, f: Floats, random: Random) -> None:
        self.pi, self.f, self.random = pi, f, random
        self.queries = 0

    def weak(self, _: int) -> tuple[int, list[float]]:
        """Draw a response."""
        self.queries += 1
        y = self.random.choices(range(len(self.pi)), self.pi)[0]
        return y, [self.f[y]]

    def coin(self, p: float) -> bool:
        """Draw a coin."""
        return self.random.random() < p


def sampler(module: ModuleType) -> Callable[..., list[list[int]]]:
    """The ``draw_softmax_sampler`` of a program."""

    def draws(pi: Floats, f: Floats, beta: float, M: float, N: int, seed: int, count: int) -> list[list[int]]:
        random, found = Random(seed), []  # noqa: S311 - no secret
        for _ in range(count):
            oracles: Any = DrawnOracles(pi, f, random)
            y = module.softmax_sampler(oracles, 0, [1.0], beta, M, N)["response"]
            found.append([y, (oracles.queries - N) % (N + 1)])
        return found

    return draws
