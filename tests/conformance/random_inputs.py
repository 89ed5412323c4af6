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


def _pair(random: Random) -> Inputs:
    names = ("chosen", "rejected", "base_chosen", "base_rejected")
    return {**{name: _dyadic(random) for name in names}, "beta": _positive(random)}


def _best(random: Random) -> Inputs:
    size = random.randrange(1, 6)
    return {"pi": _law(random, size), "f": _few(random, size), "N": random.randrange(1, 6)}


def _few(random: Random, size: int) -> list[float]:
    """Of few values: ties."""
    return [random.randrange(-2, 3) / 2 for _ in range(size)]


def _rejection(random: Random) -> Inputs:
    return {**_tilted(random), "M": random.choice((0.5, 1.0, 1.5, 2.0, 8.0)), "N": random.randrange(4)}


def _kept(random: Random) -> Inputs:
    return {"p": _law(random, random.randrange(1, 7)), "k": random.randrange(1, 7)}


def _shared(random: Random) -> Inputs:
    p = _law(random, random.randrange(1, 7))
    return {"p": p, "share": random.choice((0.5, 1.0, 0.25, random.randrange(1, 65) / 64, sum(p[:2]) or 1.0))}


def _tempered(random: Random) -> Inputs:
    return {"p": _law(random, random.randrange(1, 6)), "temperature": random.choice((0.5, 1.0, 2.0, 2.0**-6, 8.0))}


def _in_span(random: Random) -> Inputs:
    d = random.randrange(1, 4)
    rows = [_few(random, d) for _ in range(random.randrange(4))]
    return {"phis": rows, "phi": _few(random, d) if random.random() < 0.8 else _row(random, d)}


def _span_fit(random: Random) -> Inputs:
    d, n = random.randrange(1, 4), random.randrange(1, 5)
    return {"phis": [_few(random, d) for _ in range(n)], "rewards": _row(random, n)}


def _truncated(random: Random) -> Inputs:
    d = random.randrange(1, 3)
    rows = {name: [_few(random, d) for _ in range(random.randrange(4))] for name in ("phis", "candidates")}
    points = {"theta": _row(random, d), "drawn": _few(random, d)}
    return {"phis": rows["phis"], "candidates": rows["candidates"], **points, **_positives(random)}


def _positives(random: Random) -> Inputs:
    return {"ridge": random.choice((0.25, 1.0, 2.0)), "nu": random.choice((0.5, 0.75, 1.0, 1.25, 2.0))}


def _potential(random: Random) -> Inputs:
    d, n = random.randrange(1, 4), random.randrange(1, 4)
    return {"phis": _rows(random, n, d), "ridge": _positive(random)}


def _size(random: Random) -> Inputs:
    return {"d": random.randrange(1, 6), **_positives(random)}


def _needles(random: Random) -> Inputs:
    C = random.choice((2.0, 2.5, 4.0, 64.0, 2.0**30))
    return {
        "k": random.randrange(1, 9),
        "C": C,
        "m": random.randrange(1, 4),
        "beta": random.choice((0.25, 0.5, 1.0, 2.0)),
    }


def _game(random: Random) -> Inputs:
    return {**_needles(random), "t_comp": random.randrange(5), "t_data": random.randrange(5)}


def _terms(random: Random) -> tuple[int, list[list[float]]]:
    variables = random.randrange(1, 5)
    length = random.randrange(1, variables + 1)
    names = range(1, variables + 1)
    count_ = random.randrange(1, 5)
    return variables, [[float(random.choice((-1, 1)) * v) for v in random.sample(names, length)] for _ in range(count_)]


def _value(random: Random) -> Inputs:
    variables, terms = _terms(random)
    return {"terms": terms, "signs": [float(random.choice((-1, 1))) for _ in range(variables)]}


def _chance(random: Random) -> Inputs:
    variables, terms = _terms(random)
    point = [random.randrange(-4, 5) / 4 for _ in range(variables)]
    return {
        "terms": terms,
        "t": point,
        "A": random.choice((3.0, 4.0, 16.0, 1024.0)),
        "L": random.choice((1.0, 1.5, 2.0)),
    }


def _tree(random: Random) -> Inputs:
    width, steps = random.choice(((2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (1, 2)))
    prefixes = sum(width**h for h in range(steps))
    rewards = _row(random, width**steps)
    return {"base": [_law(random, width) for _ in range(prefixes)], "r": rewards, "beta": _positive(random)}


def _prefixed(random: Random) -> Inputs:
    tree = _tree(random)
    width = len(tree["base"][0])
    return {**tree, "prefix": [random.randrange(width) for _ in range(random.randrange(3))]}


def _chained(random: Random) -> Inputs:
    tree = _tree(random)
    width = len(tree["base"][0])
    steps = {1: 1, 3: 2, 7: 3, 4: 2, 2: 2}[len(tree["base"])]
    return {**tree, "tokens": [random.randrange(width) for _ in range(steps)]}


def _optimistic(random: Random) -> Inputs:
    pairs = _pairs(random)
    return {**pairs, "answered": _sides(random, len(pairs["chosen"])), "alpha": random.choice((0.0, 0.125, 1.0))}


def _sides(random: Random, count_: int) -> list[int]:
    return [random.randrange(2) for _ in range(count_)]


def _policies(random: Random) -> Inputs:
    given, policies = _optimistic(random), random.randrange(1, 4)
    rows = {name: _rows(random, policies, len(given["answered"])) for name in ("chosen", "rejected")}
    return {**given, **{name: each + each[:1] for name, each in rows.items()}}


def _preferred(random: Random) -> Inputs:
    d, n = random.randrange(1, 3), random.randrange(1, 4)
    return {"phis": [_few(random, d) for _ in range(n)], "ridge": random.choice((0.25, 1.0, 2.0, 2.0**-10))}


def _returned(random: Random) -> Inputs:
    size, d = random.randrange(1, 4), random.randrange(1, 3)
    rows = {"candidates": size, "phis": random.randrange(3), "thetas": random.randrange(1, 3)}
    given = {name: [_few(random, d) for _ in range(count_)] for name, count_ in rows.items()}
    numbers = {"beta": random.choice((0.5, 1.0)), "M": random.choice((1.0, 2.0, 4.0)), "N": random.randrange(1, 4)}
    return {"pi": _law(random, size), **given, **numbers, **_positives(random)}


def _combined(random: Random) -> Inputs:
    d = random.randrange(1, 4)
    vectors, r = [_few(random, d) for _ in range(d + 1)], random.randrange(1, d + 1)
    indices = random.sample(range(d + 1), r)
    weights = _few(random, r)
    phi = [sum(w * vectors[i][j] for w, i in zip(weights, indices, strict=True)) for j in range(d)]
    return {"vectors": vectors, "indices": indices, "phi": phi}


def _bounded(random: Random) -> Inputs:
    return {**_potential(random), "nu": _positive(random)}


def _soundness(random: Random) -> Inputs:
    return {**_value(random), "A": random.choice((3.0, 4.0, 16.0, 1024.0)), "L": random.choice((1.0, 1.5, 2.0))}


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
    **dict.fromkeys(("kl_gradient", "k3_gradient", "residual"), _divergence),
    "objective_gradient": _measured,
    "dpo_gradient": _pair,
    "l1_coverage": _tilted,
    "best_of_n": _best,
    "rejection_failure": _rejection,
    "top_k": _kept,
    **dict.fromkeys(("top_p", "min_p"), _shared),
    "tempered": _tempered,
    "in_span": _in_span,
    "span_fit": _span_fit,
    "truncated_f": _truncated,
    "log_det": _potential,
    "spanner_size": _size,
    "needle_value": _game,
    "needle_qbar": _needles,
    "dnf_value": _value,
    "dnf_chance": _chance,
    **dict.fromkeys(("soft_value", "token_coverage", "sequence_coverage"), _tree),
    "token_policy": _prefixed,
    "chain_log_prob": _chained,
    "xpo_loss": _optimistic,
    "xpo_argmin": _policies,
    "preference_fit": _preferred,
    "spanner_policy": _returned,
    "spanner_coefficients": _combined,
    "spanner_size_sides": _bounded,
    "potential_sides": _potential,
    "needle_coverage": _needles,
    "dnf_soundness": _soundness,
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
