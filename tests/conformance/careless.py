"""Wrong implementations that answer where a refusal is due: each forgives one kind of bad input, and else is right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import isfinite, nan
from typing import Any

from reference.conformance.functions import FUNCTIONS

Implementation = Callable[..., Any]
Inputs = dict[str, Any]

LAWS = ("pi", "p", "q")
FEATURES = ("phi", "theta", "drawn")
"""Rows as long as a feature, where they are no integers."""


def careless(function: str, right: Implementation) -> Mapping[str, Implementation]:  # noqa: C901, PLR0912 - a rule each
    """The careless versions of a function that it can have, by name; ``right`` is asked once the input is mended."""
    names = FUNCTIONS[function].inputs
    rows = [kind for name, kind in names.items() if kind in {"law", "laws", "numbers", "rows"} and name != "terms"]
    found: dict[str, Callable[[Inputs], Inputs]] = {}
    if "base" in names:
        found["broadcasts"] = _whole_tree
    elif (len(rows) > 1 or "rows" in rows) and "terms" not in names:
        found["broadcasts"] = partial(_same_lengths, function)
    if any(name in (*LAWS, "base") for name in names):
        found["renormalises"] = _renormalised
    for parameter, name, instead in _POSITIVE:
        if parameter in names and not ("m" in names or "A" in names or function == "spanner_size"):
            found[name] = partial(_positive, parameter=parameter, instead=instead)
    if function in {"sampler_law", "accept_prob", "rejection_failure", "spanner_policy"}:
        found["any-bound"] = _bounded
    if function == "best_of_n":
        found["any-n"] = partial(_positive, parameter="N", instead=1)
    if function in _PARAMETERS:
        found["any-parameters"] = _PARAMETERS[function]
    if "m" in names:
        found["any-family"] = _family
    if "t_comp" in names:
        found["any-budget"] = _budgets
    if "alpha" in names:
        found["any-alpha"] = _not_negative
        found["any-side"] = _sides
    if "indices" in names:
        found["any-index"] = _around
    if "terms" in names:
        found["any-formula"] = _formula
    if function.endswith("_gradient") and "p" in names:
        found["any-support"] = _on_support
    if "y" in names:
        found["any-index"] = _indices
    if "tokens" in names:
        found["any-token"] = _tokens if "logits" in names else partial(_path, name="tokens")
    if "prefix" in names:
        found["any-token"] = partial(_path, name="prefix")
    asked = _Remembered(right)
    answers = {name: partial(_asked, asked, mend) for name, mend in found.items()}
    answers["lets-nan-through"] = partial(_not_a_number, function, asked)
    return {f"{function}/{name}": Careless(each, _WHY[name]) for name, each in answers.items()}


_POSITIVE = (
    ("beta", "any-temperature", 1.0),
    ("temperature", "any-temperature", 1.0),
    ("ridge", "any-ridge", 1.0),
    ("nu", "any-nu", 1.0),
    ("C", "any-C", 2.0),
    ("k", "any-k", 1),
    ("share", "any-share", 1.0),
)
"""Parameters, the mistake, and what is put in place of a bad one."""


@dataclass(frozen=True)
class Careless:
    """A careless implementation, and what it forgives."""

    answer: Implementation
    why: str
    forgives = True

    def __call__(self, **inputs: Any) -> Any:  # noqa: ANN401 - as the function
        return self.answer(**inputs)


_WHY = {
    "broadcasts": "Cuts what is too long, and fills what is too short.",
    "renormalises": "Takes masses that do not sum to 1.",
    "any-temperature": "Takes a temperature that is not positive.",
    "any-ridge": "Takes a ridge that is not positive.",
    "any-nu": "Takes a threshold that is not positive.",
    "any-C": "Takes a constant that is not above 1.",
    "any-k": "Takes a number of outcomes that is not positive.",
    "any-n": "Takes a number of draws that is not positive.",
    "any-share": "Takes a share that is no probability.",
    "any-family": "Takes needles of which there is no family.",
    "any-budget": "Takes budgets below 0.",
    "any-formula": "Takes literals of variables that do not exist, and terms of several lengths.",
    "any-support": "Takes a law that leaves the support.",
    "any-bound": "Takes a bound, or a number of draws, that is not positive.",
    "any-parameters": "Takes parameters outside their range.",
    "any-alpha": "Takes a weight of the bonus that is negative.",
    "any-side": "Counts answers from the end, or around.",
    "any-index": "Counts indices from the end, or around.",
    "any-token": "Counts tokens from the end, or around.",
    "lets-nan-through": "Lets NaN and infinities through the arithmetic.",
}


class _Remembered:
    """A right program that answers a question once: most questions are as good for one careless version as another."""

    def __init__(self, right: Implementation) -> None:
        self._right = right
        self._known: dict[str, object] = {}

    def __call__(self, **inputs: Any) -> Any:  # noqa: ANN401 - as the function
        question = repr(inputs)
        if question not in self._known:
            self._known[question] = self._right(**inputs)
        return self._known[question]


def _asked(right: Implementation, mend: Callable[[Inputs], Inputs], **inputs: Any) -> Any:  # noqa: ANN401 - as the function
    try:
        return right(**inputs)
    except (ValueError, ArithmeticError, IndexError):
        if not all(map(isfinite, _numbers(list(inputs.values())))):
            raise
        try:
            return right(**mend(inputs))
        except (ArithmeticError, IndexError, StopIteration) as error:
            raise ValueError(str(error)) from error


def _not_a_number(function: str, right: Implementation, **inputs: Any) -> Any:  # noqa: ANN401 - as the function
    """NaN and infinities go through the arithmetic."""
    if all(map(isfinite, _numbers(list(inputs.values())))):
        return right(**inputs)
    kind = FUNCTIONS[function].result
    return {"number": nan, "boolean": False, "integer": 0}.get(kind, [nan] if kind != "certificate" else [0])


def _numbers(value: Any) -> list[float]:  # noqa: ANN401 - of any depth
    if isinstance(value, list):
        return [x for each in value for x in _numbers(each)]
    return [value]


def _same_lengths(function: str, inputs: Inputs) -> Inputs:
    """Cuts what is too long, repeats what is too short."""
    kinds = FUNCTIONS[function].inputs
    rows = {name: value for name, value in inputs.items() if kinds[name] in {"law", "numbers", "rows"}}
    wide = max((len(v) for name, value in rows.items() if kinds[name] == "rows" for v in value), default=None)
    flat = [value for name, value in rows.items() if kinds[name] != "rows" and name not in FEATURES]
    count = max([len(value) for value in flat] or [1]) or 1
    mended = dict(inputs)
    for name, value in rows.items():
        if kinds[name] == "rows":
            width = wide or 1
            mended[name] = [[*row, *[0.0] * width][:width] for row in value or [[]]]
        elif name in FEATURES:
            width = wide or len(value)
            mended[name] = [*value, *[0.0] * width][:width]
        else:
            filler = 1.0 if name in LAWS and not value else 0.0
            mended[name] = [*value, *[filler], *[0.0] * count][: count if value else 1]
    if "phis" in mended and "rewards" in mended:
        size = min(len(mended["phis"]), len(mended["rewards"]))
        mended["phis"], mended["rewards"] = mended["phis"][:size], mended["rewards"][:size]
    if "candidates" in mended and "pi" in mended:
        mended["candidates"] = [*mended["candidates"], *mended["candidates"] * count][: len(mended["pi"])]
    if "logits" in mended:
        steps = max(len(inputs["logits"]), len(inputs["base_logits"]))
        for name in ("logits", "base_logits"):
            mended[name] = [*mended[name], *mended[name] * len(inputs["tokens"])][: max(steps, len(inputs["tokens"]))]
    if "answered" in mended:
        mended.update(_same_pairs(mended))
    if mended == inputs:
        return inputs
    mended = _renormalised(mended)
    return _on_support(mended) if "p" in mended and function != "residual" else mended


def _same_pairs(inputs: Inputs) -> Inputs:
    """As many pairs as there are answers, and as many policies on both sides."""
    pairs, names = len(inputs["answered"]), ("chosen", "rejected", "base_chosen", "base_rejected")
    most = max(len(inputs["chosen"]), len(inputs["rejected"]))
    return {
        name: [*inputs[name], *inputs[name] * most][:most]
        if inputs[name] and isinstance(inputs[name][0], list)
        else [*inputs[name], *[0.0] * pairs][:pairs]
        for name in names
    }


def _whole_tree(inputs: Inputs) -> Inputs:
    """Repeats laws, and fills rewards with 0, until the tree is complete."""
    width, size, count = max(map(len, inputs["base"]), default=1), 1, 1
    while size < len(inputs["base"]):
        count *= width
        size += count
    laws = [[*row, *row[-1:] * width][:width] for row in inputs["base"]] or [[1.0]]
    laws = [laws[i % len(laws)] for i in range(size)]
    rewards = [*inputs["r"], *[0.0] * size * width][: count * width]
    if laws == inputs["base"] and rewards == inputs["r"]:
        return inputs
    mended = _renormalised({**inputs, "base": laws, "r": rewards})
    path = next((name for name in ("tokens", "prefix") if name in inputs), None)
    return mended if path is None else _path(mended, name=path)


def _renormalised(inputs: Inputs) -> Inputs:
    mended = dict(inputs)
    for name in LAWS:
        if name in mended:
            mended[name] = _some_law(mended[name])
    if "base" in mended:
        mended["base"] = [_some_law(row) for row in mended["base"]]
    return mended


def _some_law(row: list[float]) -> list[float]:
    """What is missing, or too much, is of the largest mass."""
    masses = [max(x, 0.0) for x in row]
    best = max(range(len(masses)), key=masses.__getitem__)
    left = 1 - sum(masses[:best] + masses[best + 1 :])
    return [*masses[:best], left, *masses[best + 1 :]] if left >= 0 else [float(y == best) for y in range(len(masses))]


def _positive(inputs: Inputs, *, parameter: str, instead: float) -> Inputs:
    return {**inputs, parameter: instead}


def _bounded(inputs: Inputs) -> Inputs:
    mended = dict(inputs)
    if not mended["M"] > 0:
        mended["M"] = 1.0
    if "N" in mended and mended["N"] < 1:
        mended["N"] = 1
    return mended


def _parameters(inputs: Inputs) -> Inputs:
    return {"M": max(inputs["M"], 1.0), "delta": min(max(inputs["delta"], 2.0**-40), 1.0)}


def _formula_parameters(inputs: Inputs) -> Inputs:
    box = {"t": [min(max(x, -1.0), 1.0) for x in inputs["t"]]} if "t" in inputs else {}
    return {**inputs, **box, "A": 2.0**20, "L": max(inputs["L"], 1.0)}


def _size_parameters(inputs: Inputs) -> Inputs:
    positive = {name: inputs[name] if inputs[name] > 0 else 1.0 for name in ("ridge", "nu")}
    return {"d": max(inputs["d"], 1), **positive}


_PARAMETERS: dict[str, Callable[[Inputs], Inputs]] = {
    "draws": _parameters,
    "dnf_chance": _formula_parameters,
    "dnf_soundness": _formula_parameters,
    "spanner_size": _size_parameters,
}


def _family(inputs: Inputs) -> Inputs:
    some = {"k": max(inputs["k"], 1), "m": max(inputs["m"], 1), "C": max(inputs["C"], 2.0)}
    return {**inputs, **some, "beta": inputs["beta"] if inputs["beta"] > 0 else 1.0}


def _budgets(inputs: Inputs) -> Inputs:
    return {**inputs, "t_comp": max(inputs["t_comp"], 0), "t_data": max(inputs["t_data"], 0)}


def _formula(inputs: Inputs) -> Inputs:
    """Literals of variables that are there, terms of the shortest length, and signs."""
    name = "signs" if "signs" in inputs else "t"
    size = len(inputs[name])
    length = min(map(len, inputs["terms"]), default=0)
    terms = [[(abs(n) - 1) % size + 1 if abs(n) >= 1 else 1.0 for n in term[:length]] for term in inputs["terms"]]
    signs = [float(x > 0) * 2 - 1 for x in inputs["signs"]] if name == "signs" else inputs["t"]
    return {**inputs, "terms": terms or [[1.0]], name: signs}


def _on_support(inputs: Inputs) -> Inputs:
    """The law is taken for the reference."""
    base = inputs["q" if "q" in inputs else "pi"]
    if len(inputs["p"]) != len(base) or sum(base) != 1 or min(base) < 0:
        return inputs
    return {**inputs, "q" if "q" in inputs else "pi": inputs["p"]}


def _path(inputs: Inputs, *, name: str) -> Inputs:
    """Tokens around, as many as are wanted."""
    width, steps, size = len(inputs["base"][0]), 0, 0
    while size < len(inputs["base"]):
        size += width**steps
        steps += 1
    tokens = [a % width for a in inputs[name]]
    return {**inputs, name: tokens[: steps - 1] if name == "prefix" else [*tokens, *[0] * steps][:steps]}


def _indices(inputs: Inputs) -> Inputs:
    size = len(inputs["f"])
    return {**inputs, "y": inputs["y"] % size, "drawn": [i % size for i in inputs["drawn"]] or [0]}


def _around(inputs: Inputs) -> Inputs:
    return {**inputs, "indices": [i % len(inputs["vectors"]) for i in inputs["indices"]]}


def _not_negative(inputs: Inputs) -> Inputs:
    return {**inputs, "alpha": max(inputs["alpha"], 0.0)}


def _sides(inputs: Inputs) -> Inputs:
    return {**inputs, "answered": [side % 2 for side in inputs["answered"]]}


def _tokens(inputs: Inputs) -> Inputs:
    size = len(inputs["logits"][0])
    if all(a < size for a in inputs["tokens"]) and inputs["tokens"]:
        return inputs
    length = min(len(inputs["logits"]), len(inputs["base_logits"]), len(inputs["tokens"]))
    return {**inputs, "tokens": [a % size for a in inputs["tokens"][:length]] or [0]}
