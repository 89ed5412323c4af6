"""From the inputs of a vector, which are JSON, to the exact answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from reference.conformance.functions import FUNCTIONS, Function, Input, Value
from reference.conformance.vectors import Argument
from reference.exact.linalg import Vector as Row
from reference.exact.log_linear import LogLinear, loglinear
from reference.exact.rational_numbers import rational


class Refused(ValueError):
    """The inputs are none that the function is defined for; says which and why."""


def exact_answer(function: str, given: Mapping[str, Argument], *, ideal: bool = False) -> Sequence[Value]:
    """Return the entries of the exact answer: exact numbers, integers, booleans, or an infinity as a float.

    ``ideal``: numbers in rows may be log-linear, as those of the catalog.

    >>> from reference.conformance.questions import exact_answer
    >>> exact_answer("coverage", {"pi": ["1/2", "1/2"], "r": ["1", "1"], "beta": "1"})
    [1]

    Raises:
        Refused: for inputs that the function is not defined for.
    """
    found = FUNCTIONS[function]
    try:
        return found.exact(**arguments(found, given, ideal=ideal))
    except (ValueError, TypeError, ZeroDivisionError, IndexError) as error:
        raise Refused(f"{function}: {error}") from error


def arguments(function: Function, given: Mapping[str, Argument], *, ideal: bool = False) -> dict[str, Any]:
    """Return the inputs of a vector as its function takes them.

    Raises:
        Refused: if one is missing, unknown or of another kind; BadNumber: for text that is no number.
    """
    if given.keys() != function.inputs.keys():
        raise Refused(f"{function.name}: inputs {', '.join(given)}; takes {', '.join(function.inputs)}")
    return {
        name: _ideal_row(given[name]) if ideal and kind == "numbers" else _argument(name, kind, given[name])
        for name, kind in function.inputs.items()
    }


def _ideal_row(value: Any) -> list[LogLinear]:  # noqa: ANN401 - JSON
    return [loglinear(text) for text in value]


def _argument(name: str, kind: Input, value: Any) -> Any:  # noqa: ANN401 - JSON
    match kind:
        case "number" if isinstance(value, str):
            return rational(value)
        case "integer" if _is_count(value):
            return value
        case "integers" if isinstance(value, list) and all(map(_is_count, value)):
            return value
        case "law" | "numbers" if isinstance(value, list):
            row = [_argument(name, "number", entry) for entry in value]
            return row if kind == "law" else Row.of(row)
        case "rows" | "laws" if isinstance(value, list):
            rows = [_argument(name, "numbers", entry) for entry in value]
            if len({len(row) for row in rows}) > 1:
                raise Refused(f"{name}: rows of different lengths")
            return rows
    raise Refused(f"{name}: not {_KINDS[kind]}")


_KINDS: dict[Input, str] = {
    "number": "a number as text",
    "law": "a list of masses as text",
    "numbers": "a list of numbers as text",
    "laws": "a list of lists of masses as text",
    "rows": "a list of lists of numbers as text",
    "integer": "an integer from 0",
    "integers": "a list of integers from 0",
}


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0
