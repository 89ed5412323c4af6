"""Random inputs of the kit's functions, right and wrong ones; the same for equal seeds."""

from collections.abc import Callable, Iterator
from itertools import count
from random import Random

from proofs_check.conformance.random_numbers import (
    RandomInputs,
    few_values,
    random_dyadic,
    random_law,
    random_law_inside,
    random_row,
    random_rows,
    random_scale,
    spoilt,
)

# ruff: noqa: PLR2004 - chances and sizes


def random_inputs(function: str, seed: int = 0) -> Iterator[RandomInputs]:
    """Yield inputs of a function without end: dyadic numbers of many sizes; one in four is spoilt in one place."""
    for number in count():
        random = Random(f"{function} {seed} {number}")  # noqa: S311 - no secret
        inputs = _MAKERS[function](random)
        yield spoilt(random, inputs) if random.random() < 0.25 else inputs


def _tilted(random: Random) -> RandomInputs:
    size = random.randrange(1, 6)
    return {"pi": random_law(random, size), "r": random_row(random, size), "beta": random_scale(random)}


def _measured(random: Random) -> RandomInputs:
    tilt = _tilted(random)
    return {"p": random_law_inside(random, tilt["pi"]), **tilt}


def _divergence(random: Random) -> RandomInputs:
    q = random_law(random, random.randrange(1, 6))
    return {"p": random_law_inside(random, q), "q": q}


def _draws(random: Random) -> RandomInputs:
    return {
        "M": 1 + abs(random_dyadic(random)),
        "delta": random.choice((1.0, 0.5, 2.0**-20, random.randrange(1, 64) / 64)),
    }


def _ridge(random: Random) -> RandomInputs:
    d, n = random.randrange(1, 4), random.randrange(1, 5)
    return {"phis": random_rows(random, n, d), "rewards": random_row(random, n), "ridge": random_scale(random)}


def _elliptic(random: Random) -> RandomInputs:
    d = random.randrange(1, 4)
    return {
        "phis": random_rows(random, random.randrange(4), d),
        "phi": random_row(random, d),
        "ridge": random_scale(random),
    }


def _accepts(random: Random) -> RandomInputs:
    return {**_elliptic(random), "nu": random_scale(random)}


def _sampler(random: Random) -> RandomInputs:
    size, N = random.randrange(1, 4), random.randrange(1, 4)
    f = [random.choice((-1, 1)) * random.randrange(9) / 4 for _ in range(size)]
    return {
        "pi": random_law(random, size),
        "f": f,
        "beta": random.choice((0.5, 1.0)),
        "M": random_scale(random),
        "N": N,
    }


def _accept(random: Random) -> RandomInputs:
    size = random.randrange(1, 5)
    drawn = [random.randrange(size) for _ in range(random.randrange(1, 5))]
    given = {"f": random_row(random, size), "drawn": drawn, "y": random.randrange(size)}
    return {**given, "beta": random_scale(random), "M": random_scale(random)}


def _path(random: Random) -> RandomInputs:
    size, length = random.randrange(1, 5), random.randrange(1, 5)
    logits = random_rows(random, length, size)
    base = logits if random.random() < 0.2 else random_rows(random, length, size)
    tokens = [random.randrange(size) for _ in range(length)]
    return {
        "logits": logits,
        "base_logits": base,
        "tokens": tokens,
        "eos": random.randrange(size),
        "beta": random_scale(random),
    }


def _pairs(random: Random) -> RandomInputs:
    n = random.randrange(1, 4)
    names = ("chosen", "rejected", "base_chosen", "base_rejected")
    return {**{name: random_row(random, n) for name in names}, "beta": random_scale(random)}


def _argmin(random: Random) -> RandomInputs:
    d, n = random.randrange(1, 3), random.randrange(1, 4)
    thetas = random_rows(random, random.randrange(1, 5), d)
    return {"phis": random_rows(random, n, d), "rewards": random_row(random, n), "thetas": thetas + thetas[:1]}


def _spanner(random: Random) -> RandomInputs:
    d = random.randrange(1, 4)
    rows = random_rows(random, random.randrange(1, 6), d)
    return {"vectors": rows + rows[: random.randrange(2)], "C": random.choice((1.125, 1.5, 2.0, 8.0))}


def _pair(random: Random) -> RandomInputs:
    names = ("chosen", "rejected", "base_chosen", "base_rejected")
    return {**{name: random_dyadic(random) for name in names}, "beta": random_scale(random)}


def _best(random: Random) -> RandomInputs:
    size = random.randrange(1, 6)
    return {"pi": random_law(random, size), "f": few_values(random, size), "N": random.randrange(1, 6)}


def _rejection(random: Random) -> RandomInputs:
    return {**_tilted(random), "M": random.choice((0.5, 1.0, 1.5, 2.0, 8.0)), "N": random.randrange(4)}


def _kept(random: Random) -> RandomInputs:
    return {"p": random_law(random, random.randrange(1, 7)), "k": random.randrange(1, 7)}


def _shared(random: Random) -> RandomInputs:
    p = random_law(random, random.randrange(1, 7))
    return {"p": p, "share": random.choice((0.5, 1.0, 0.25, random.randrange(1, 65) / 64, sum(p[:2]) or 1.0))}


def _tempered(random: Random) -> RandomInputs:
    return {
        "p": random_law(random, random.randrange(1, 6)),
        "temperature": random.choice((0.5, 1.0, 2.0, 2.0**-6, 8.0)),
    }


def _in_span(random: Random) -> RandomInputs:
    d = random.randrange(1, 4)
    rows = [few_values(random, d) for _ in range(random.randrange(4))]
    return {"phis": rows, "phi": few_values(random, d) if random.random() < 0.8 else random_row(random, d)}


def _span_fit(random: Random) -> RandomInputs:
    d, n = random.randrange(1, 4), random.randrange(1, 5)
    return {"phis": [few_values(random, d) for _ in range(n)], "rewards": random_row(random, n)}


def _truncated(random: Random) -> RandomInputs:
    d = random.randrange(1, 3)
    rows = {name: [few_values(random, d) for _ in range(random.randrange(4))] for name in ("phis", "candidates")}
    points = {"theta": random_row(random, d), "drawn": few_values(random, d)}
    return {"phis": rows["phis"], "candidates": rows["candidates"], **points, **_positives(random)}


def _positives(random: Random) -> RandomInputs:
    return {"ridge": random.choice((0.25, 1.0, 2.0)), "nu": random.choice((0.5, 0.75, 1.0, 1.25, 2.0))}


def _potential(random: Random) -> RandomInputs:
    d, n = random.randrange(1, 4), random.randrange(1, 4)
    return {"phis": random_rows(random, n, d), "ridge": random_scale(random)}


def _size(random: Random) -> RandomInputs:
    return {"d": random.randrange(1, 6), **_positives(random)}


def _needles(random: Random) -> RandomInputs:
    C = random.choice((2.0, 2.5, 4.0, 64.0, 2.0**30))
    return {
        "k": random.randrange(1, 9),
        "C": C,
        "m": random.randrange(1, 4),
        "beta": random.choice((0.25, 0.5, 1.0, 2.0)),
    }


def _game(random: Random) -> RandomInputs:
    return {**_needles(random), "t_comp": random.randrange(5), "t_data": random.randrange(5)}


def _terms(random: Random) -> tuple[int, list[list[float]]]:
    variables = random.randrange(1, 5)
    length = random.randrange(1, variables + 1)
    names = range(1, variables + 1)
    count_ = random.randrange(1, 5)
    return variables, [[float(random.choice((-1, 1)) * v) for v in random.sample(names, length)] for _ in range(count_)]


def _value(random: Random) -> RandomInputs:
    variables, terms = _terms(random)
    return {"terms": terms, "signs": [float(random.choice((-1, 1))) for _ in range(variables)]}


def _chance(random: Random) -> RandomInputs:
    variables, terms = _terms(random)
    point = [random.randrange(-4, 5) / 4 for _ in range(variables)]
    return {
        "terms": terms,
        "t": point,
        "A": random.choice((3.0, 4.0, 16.0, 1024.0)),
        "L": random.choice((1.0, 1.5, 2.0)),
    }


def _tree(random: Random) -> RandomInputs:
    width, steps = random.choice(((2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (1, 2)))
    prefixes = sum(width**h for h in range(steps))
    rewards = random_row(random, width**steps)
    return {"base": [random_law(random, width) for _ in range(prefixes)], "r": rewards, "beta": random_scale(random)}


def _prefixed(random: Random) -> RandomInputs:
    tree = _tree(random)
    width = len(tree["base"][0])
    return {**tree, "prefix": [random.randrange(width) for _ in range(random.randrange(3))]}


def _chained(random: Random) -> RandomInputs:
    tree = _tree(random)
    width = len(tree["base"][0])
    steps = {1: 1, 3: 2, 7: 3, 4: 2, 2: 2}[len(tree["base"])]
    return {**tree, "tokens": [random.randrange(width) for _ in range(steps)]}


def _optimistic(random: Random) -> RandomInputs:
    pairs = _pairs(random)
    return {**pairs, "answered": _sides(random, len(pairs["chosen"])), "alpha": random.choice((0.0, 0.125, 1.0))}


def _sides(random: Random, count_: int) -> list[int]:
    return [random.randrange(2) for _ in range(count_)]


def _policies(random: Random) -> RandomInputs:
    given, policies = _optimistic(random), random.randrange(1, 4)
    rows = {name: random_rows(random, policies, len(given["answered"])) for name in ("chosen", "rejected")}
    return {**given, **{name: each + each[:1] for name, each in rows.items()}}


def _preferred(random: Random) -> RandomInputs:
    d, n = random.randrange(1, 3), random.randrange(1, 4)
    return {"phis": [few_values(random, d) for _ in range(n)], "ridge": random.choice((0.25, 1.0, 2.0, 2.0**-10))}


def _returned(random: Random) -> RandomInputs:
    size, d = random.randrange(1, 4), random.randrange(1, 3)
    rows = {"candidates": size, "phis": random.randrange(3), "thetas": random.randrange(1, 3)}
    given = {name: [few_values(random, d) for _ in range(count_)] for name, count_ in rows.items()}
    numbers = {"beta": random.choice((0.5, 1.0)), "M": random.choice((1.0, 2.0, 4.0)), "N": random.randrange(1, 4)}
    return {"pi": random_law(random, size), **given, **numbers, **_positives(random)}


def _combined(random: Random) -> RandomInputs:
    d = random.randrange(1, 4)
    vectors, r = [few_values(random, d) for _ in range(d + 1)], random.randrange(1, d + 1)
    indices = random.sample(range(d + 1), r)
    weights = few_values(random, r)
    phi = [sum(w * vectors[i][j] for w, i in zip(weights, indices, strict=True)) for j in range(d)]
    return {"vectors": vectors, "indices": indices, "phi": phi}


def _bounded(random: Random) -> RandomInputs:
    return {**_potential(random), "nu": random_scale(random)}


def _soundness(random: Random) -> RandomInputs:
    return {**_value(random), "A": random.choice((3.0, 4.0, 16.0, 1024.0)), "L": random.choice((1.0, 1.5, 2.0))}


_MAKERS: dict[str, Callable[[Random], RandomInputs]] = {
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
