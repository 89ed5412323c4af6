"""The inputs of a vector: as the arguments of a Python function, and as JSON for a peer.

As exact numbers they are :func:`reference.conformance.questions.arguments`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from reference.conformance.answers import EXACT_INTEGERS
from reference.conformance.functions import Function, Input
from reference.conformance.vectors import Vector

NumberSpelling = Literal["json", "hex", "text"]
"""How an implementation wants numbers: as JSON's, as hexadecimal floats, or as exact fractions; the latter are text."""

NUMBER_SPELLINGS: Final[tuple[NumberSpelling, ...]] = ("json", "hex", "text")


def float_arguments(vector: Vector, function: Function) -> dict[str, Any]:
    """Return the inputs as keyword arguments of a Python function: floats, lists of them, integers.

    Each rational of a vector is a binary64 number; ``nan`` and ``inf``, which must be refused, are floats, too.
    """
    return {name: _mapped(value, _float, int) for name, _, value in _listed(vector, function)}


def text_arguments(vector: Vector, function: Function) -> dict[str, Any]:
    """Return the inputs for an implementation that computes exactly: fractions as text, integers."""
    return {name: _mapped(value, str, int) for name, _, value in _listed(vector, function)}


def wire(vector: Vector, function: Function, numbers: NumberSpelling = "json") -> dict[str, Any]:
    """Return the inputs as JSON: what is no number there (NaN, infinities, integers beyond 2^53) is text."""
    if numbers == "text":
        return text_arguments(vector, function)
    form: Callable[[Any], Any] = _hex if numbers == "hex" else _json
    return {name: _mapped(value, form, _json_integer) for name, _, value in _listed(vector, function)}


def steps(vector: Vector, function: Function) -> int:
    """Return the ``n`` of what ``stable`` allows: the numbers of the largest input, or ``N`` where draws count."""
    sizes = [_count(value) for _, _, value in _listed(vector, function)]
    draws = vector.input.get("N")
    return max([1, *sizes, *([draws] if isinstance(draws, int) else [])])


def _listed(vector: Vector, function: Function) -> list[tuple[str, Input, Any]]:
    """Return the inputs in the function's order; a vector that must be refused may lack some, or have others."""
    known: Mapping[str, Input] = function.inputs
    order = [*(name for name in known if name in vector.input), *(name for name in vector.input if name not in known)]
    return [(name, known.get(name, "number"), vector.input[name]) for name in order]


def _mapped(value: Any, of_text: Callable[[str], Any], of_integer: Callable[[int], Any]) -> Any:  # noqa: ANN401 - of any depth
    if isinstance(value, list):
        return [_mapped(each, of_text, of_integer) for each in value]
    return of_text(value) if isinstance(value, str) else of_integer(value)


def _float(text: str) -> float:
    above, _, below = text.partition("/")
    return int(above) / int(below) if below else float(above)


def _hex(text: str) -> str:
    return _float(text).hex()


def _json(text: str) -> float | str:
    value = _float(text)
    return value if value - value == 0 else str(value)


def _json_integer(value: int) -> int | str:
    return value if abs(value) < EXACT_INTEGERS else str(value)


def _count(value: Any) -> int:  # noqa: ANN401 - of any depth
    return sum(map(_count, value)) if isinstance(value, list) else 1
