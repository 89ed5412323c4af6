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
ROWS = ("phis", "vectors", "logits", "base_logits", "thetas")


def careless(function: str, right: Implementation) -> Mapping[str, Implementation]:
    """The careless versions of a function that it can have, by name; ``right`` is asked once the input is mended."""
    names = FUNCTIONS[function].inputs
    found: dict[str, Callable[[Inputs], Inputs]] = {}
    if len([kind for kind in names.values() if kind in {"law", "numbers", "rows"}]) > 1 or "vectors" in names:
        found["broadcasts"] = _same_lengths
    if any(name in LAWS for name in names):
        found["renormalises"] = _renormalised
    for parameter, name in (("beta", "any-temperature"), ("ridge", "any-ridge"), ("nu", "any-nu"), ("C", "any-C")):
        if parameter in names:
            found[name] = partial(_positive, parameter=parameter, instead=2.0 if parameter == "C" else 1.0)
    if "N" in names or function == "accept_prob":
        found["any-bound"] = _bounded
    if function == "draws":
        found["any-parameters"] = _parameters
    if "y" in names:
        found["any-index"] = _indices
    if "tokens" in names:
        found["any-token"] = _tokens
    answers = {name: partial(_asked, right, mend) for name, mend in found.items()}
    answers["lets-nan-through"] = partial(_not_a_number, function, right)
    return {f"{function}/{name}": Careless(each, _WHY[name]) for name, each in answers.items()}


@dataclass(frozen=True)
class Careless:
    """A careless implementation, and what it forgives."""

    answer: Implementation
    why: str

    def __call__(self, **inputs: Any) -> Any:  # noqa: ANN401 - as the function
        return self.answer(**inputs)


_WHY = {
    "broadcasts": "Cuts what is too long, and fills what is too short.",
    "renormalises": "Takes masses that do not sum to 1.",
    "any-temperature": "Takes a temperature that is not positive.",
    "any-ridge": "Takes a ridge that is not positive.",
    "any-nu": "Takes a threshold that is not positive.",
    "any-C": "Takes a constant that is not above 1.",
    "any-bound": "Takes a bound, or a number of draws, that is not positive.",
    "any-parameters": "Takes parameters outside their range.",
    "any-index": "Counts indices from the end, or around.",
    "any-token": "Counts tokens from the end, or around.",
    "lets-nan-through": "Lets NaN and infinities through the arithmetic.",
}


def _asked(right: Implementation, mend: Callable[[Inputs], Inputs], **inputs: Any) -> Any:  # noqa: ANN401 - as the function
    try:
        return right(**inputs)
    except (ValueError, ArithmeticError, IndexError):
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


def _same_lengths(inputs: Inputs) -> Inputs:
    """Cuts what is too long, repeats what is too short."""
    rows = {
        name: value for name, value in inputs.items() if isinstance(value, list) and name not in {"drawn", "tokens"}
    }
    wide = max((len(v) for value in rows.values() for v in value if isinstance(v, list)), default=None)
    flat = [value for name, value in rows.items() if name not in ROWS and name != "phi"]
    count = max([len(value) for value in flat] or [1]) or 1
    mended = dict(inputs)
    for name, value in rows.items():
        if name in ROWS:
            width = wide or 1
            mended[name] = [[*row, *[0.0] * width][:width] for row in value]
        elif name == "phi":
            width = wide or len(value)
            mended[name] = [*value, *[0.0] * width][:width]
        else:
            filler = 1.0 if name in LAWS and not value else 0.0
            mended[name] = [*value, *[filler], *[0.0] * count][: count if value else 1]
    if "phis" in mended and "rewards" in mended:
        size = min(len(mended["phis"]), len(mended["rewards"]))
        mended["phis"], mended["rewards"] = mended["phis"][:size], mended["rewards"][:size]
    return _renormalised(mended)


def _renormalised(inputs: Inputs) -> Inputs:
    mended = dict(inputs)
    for name in LAWS:
        if name in mended:
            masses = [max(x, 0.0) for x in mended[name]]
            best = max(range(len(masses)), key=masses.__getitem__)
            mended[name] = [float(y == best) for y in range(len(masses))]
    return mended


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


def _indices(inputs: Inputs) -> Inputs:
    size = len(inputs["f"])
    return {**inputs, "y": inputs["y"] % size, "drawn": [i % size for i in inputs["drawn"]] or [0]}


def _tokens(inputs: Inputs) -> Inputs:
    size = len(inputs["logits"][0])
    length = min(len(inputs["logits"]), len(inputs["base_logits"]), len(inputs["tokens"]))
    return {**inputs, "tokens": [a % size for a in inputs["tokens"][:length]]}
