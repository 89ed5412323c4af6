"""Random inputs of the kit's functions, right and wrong ones; the same for equal seeds."""

from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from typing import Any

Inputs = dict[str, Any]


def random_inputs(function: str, seed: int = 0) -> Iterator[Inputs]:
    """Endless inputs of a function: dyadic numbers of many sizes; one in four is spoilt in one place."""
    for number in count():
        random = Random(f"{function} {seed} {number}")  # noqa: S311 - no secret
        inputs = _MAKERS[function](random)
        yield _spoilt(random, inputs) if random.random() < 0.25 else inputs


def _dyadic(random: Random) -> float:
    if random.random() < 0.3:
        return float(random.randrange(-2, 3))
    return random.choice((-1, 1)) * random.randrange(1 << 12) / 2.0 ** random.choice((2, 8, 12, 40, 52))


def _positive(random: Random) -> float:
    return random.choice((0.25, 0.5, 1.0, 1.0, 2.0, 2.0**-10, 2.0**-30, 1024.0))


def _row(random: Random, size: int) -> list[float]:
    if random.random() < 0.2:
        return [_dyadic(random)] * size
    return [_dyadic(random) for _ in range(size)]


def _rows(random: Random, count_: int, size: int) -> list[list[float]]:
    return [_row(random, size) for _ in range(count_)]


def _law(random: Random, size: int) -> list[float]:
    left, masses = 1 << random.choice((3, 10, 40)), []
    whole = left
    for _ in range(size - 1):
        taken = random.choice((0, random.randrange(left + 1), min(1, left), left // 2))
        masses.append(taken / whole)
        left -= taken
    masses.append(left / whole)
    random.shuffle(masses)
    return masses


def _inside(random: Random, pi: list[float]) -> list[float]:
    """A law on the support of another, or near it, or any."""
    if random.random() < 0.3:
        return list(pi)
    if random.random() < 0.2:
        return _law(random, len(pi))
    live = [y for y, p in enumerate(pi) if p > 0]
    masses = [0.0] * len(pi)
    for y, p in zip(live, _law(random, len(live)), strict=True):
        masses[y] = p
    return masses


def _tilted(random: Random) -> Inputs:
    size = random.randrange(1, 6)
    return {"pi": _law(random, size), "r": _row(random, size), "beta": _positive(random)}


def _measured(random: Random) -> Inputs:
    tilt = _tilted(random)
    return {"p": _inside(random, tilt["pi"]), **tilt}


def _divergence(random: Random) -> Inputs:
    q = _law(random, random.randrange(1, 6))
    return {"p": _inside(random, q), "q": q}


def _draws(random: Random) -> Inputs:
    return {"M": 1 + abs(_dyadic(random)), "delta": random.choice((1.0, 0.5, 2.0**-20, random.randrange(1, 64) / 64))}


def _ridge(random: Random) -> Inputs:
    d, n = random.randrange(1, 4), random.randrange(1, 5)
    return {"phis": _rows(random, n, d), "rewards": _row(random, n), "ridge": _positive(random)}


def _elliptic(random: Random) -> Inputs:
    d = random.randrange(1, 4)
    return {"phis": _rows(random, random.randrange(4), d), "phi": _row(random, d), "ridge": _positive(random)}


def _accepts(random: Random) -> Inputs:
    return {**_elliptic(random), "nu": _positive(random)}


def _sampler(random: Random) -> Inputs:
    size, N = random.randrange(1, 4), random.randrange(1, 4)
    f = [random.choice((-1, 1)) * random.randrange(9) / 4 for _ in range(size)]
    return {"pi": _law(random, size), "f": f, "beta": random.choice((0.5, 1.0)), "M": _positive(random), "N": N}


def _accept(random: Random) -> Inputs:
    size = random.randrange(1, 5)
    drawn = [random.randrange(size) for _ in range(random.randrange(1, 5))]
    given = {"f": _row(random, size), "drawn": drawn, "y": random.randrange(size)}
    return {**given, "beta": _positive(random), "M": _positive(random)}


def _path(random: Random) -> Inputs:
    size, length = random.randrange(1, 5), random.randrange(1, 5)
    logits = _rows(random, length, size)
    base = logits if random.random() < 0.2 else _rows(random, length, size)
    tokens = [random.randrange(size) for _ in range(length)]
    return {
        "logits": logits,
        "base_logits": base,
        "tokens": tokens,
        "eos": random.randrange(size),
        "beta": _positive(random),
    }


def _pairs(random: Random) -> Inputs:
    n = random.randrange(1, 4)
    names = ("chosen", "rejected", "base_chosen", "base_rejected")
    return {**{name: _row(random, n) for name in names}, "beta": _positive(random)}


def _argmin(random: Random) -> Inputs:
    d, n = random.randrange(1, 3), random.randrange(1, 4)
    thetas = _rows(random, random.randrange(1, 5), d)
    return {"phis": _rows(random, n, d), "rewards": _row(random, n), "thetas": thetas + thetas[:1]}


def _spanner(random: Random) -> Inputs:
    d = random.randrange(1, 4)
    rows = _rows(random, random.randrange(1, 6), d)
    return {"vectors": rows + rows[: random.randrange(2)], "C": random.choice((1.125, 1.5, 2.0, 8.0))}


_MAKERS: dict[str, Callable[[Random], Inputs]] = {
    **dict.fromkeys(("log_partition", "softmax", "coverage"), _tilted),
    **dict.fromkeys(("objective", "gap"), _measured),
    "kl": _divergence,
    "draws": _draws,
    "elliptic": _elliptic,
    "accepts": _accepts,
    "ridge": _ridge,
    "sampler_law": _sampler,
    "accept_prob": _accept,
    "path_return": _path,
    "dpo_loss": _pairs,
    "argmin": _argmin,
    "spanner": _spanner,
}


def _spoilt(random: Random, inputs: Inputs) -> Inputs:
    """Change one argument so that it may be none."""
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
