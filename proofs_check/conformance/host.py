"""Serves a Python object by protocol 1: ``python -m proofs_check.conformance.host MODULE:OBJECT``.

It is what ``spanner grade python:MODULE:OBJECT`` starts, so that a segmentation fault is a verdict; :func:`called` and
:func:`as_plain` are of use without a process, too.  Nothing but the standard library is needed here.
"""

import importlib
import json
import math
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from proofs_check.conformance.played import PlayedOracles

BATCH = 64
"""Questions that are asked at once: each fault is found again by itself."""

REPLAYED = ("softmax_sampler", "spanner_sampling", "mtss", "online_dpo", "xpo", "enumerating")
"""Methods that a replay calls with :class:`~proofs_check.conformance.played.PlayedOracles` and the inputs."""

SAMPLERS = ("softmax_sampler",)
"""Methods ``draw_NAME`` that draw: with the inputs, ``seed`` and ``count``, they return pairs (response, trial)."""

_DEEPEST = 20


def called(function: Callable[..., Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Call an implementation; return ``answer``, or ``refused`` for a :class:`ValueError`, or ``error``.

    >>> called(lambda x: x / 2, {"x": 1.0}), called(lambda x: 1 // x, {"x": 0})
    ({'answer': 0.5}, {'error': 'ZeroDivisionError: integer division or modulo by zero'})
    """
    try:
        return {"answer": as_plain(function(**inputs))}
    except ValueError as error:
        return {"refused": f"{error}"}
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - whatever an implementation raises is its answer
        return {"error": f"{type(error).__name__}: {error}"}


def as_plain(answer: Any, depth: int = 0) -> Any:  # noqa: ANN401, PLR0911 - whatever an implementation returns
    """Return an answer as lists, numbers, booleans and texts of Python: arrays of any library become lists."""
    if type(answer) in _PLAIN:
        return answer
    if isinstance(answer, list | tuple):
        if depth > _DEEPEST:
            raise TypeError("lists within lists, too deep")
        return [as_plain(each, depth + 1) for each in answer]
    if hasattr(answer, "tolist"):  # an array, or a scalar of one
        return as_plain(answer.tolist(), depth + 1) if depth <= _DEEPEST else str(answer)
    if type(answer).__name__ in _EXACT:
        return str(answer)
    if isinstance(answer, dict):
        return {str(key): as_plain(value, depth + 1) for key, value in answer.items()}
    if hasattr(answer, "item"):
        return as_plain(answer.item(), depth + 1) if depth <= _DEEPEST else str(answer)
    for kind in (bool, int, float, str):
        if isinstance(answer, kind):
            return kind(answer)
    return str(answer)


_EXACT = {"Fraction", "Decimal", "fmpq", "fmpz", "mpq", "mpz"}
"""Exact numbers by the names of their types: nothing is imported to know them."""

_PLAIN = (float, int, bool, str, type(None))


def offered(implementation: Any, functions: list[str]) -> list[str]:  # noqa: ANN401 - a module, a class, an instance
    """Return those of the functions that an implementation has."""
    return [name for name in functions if callable(getattr(implementation, name, None))]


def made_instance(found: Any) -> Any:  # noqa: ANN401 - a module, a class, an instance
    """Return what has the functions: of a class an instance, where it can be made."""
    return found() if isinstance(found, type) else found


def _loaded(name: str) -> Any:  # noqa: ANN401 - a module, a class, an instance
    module, _, path = name.partition(":")
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 - pathlib takes longer to import than all of this
    found: Any = importlib.import_module(module)
    for part in path.split(".") if path else ():
        found = getattr(found, part)
    return made_instance(found)


def serve(implementation: Any, asks: BinaryIO, hears: BinaryIO) -> None:  # noqa: ANN401 - a module, a class, an instance
    """Answer line by line until there are no more."""
    exact = bool(getattr(implementation, "exact", False))
    for line in asks:
        message = json.loads(line)
        match message.get("cmd"):
            case "hello":
                _say(hears, _hello(implementation, message.get("functions", []), exact=exact))
            case "ask":
                _answer(hears, implementation, message, exact=exact)
            case "ask-many":
                for item in message["items"]:
                    _answer(hears, implementation, item, exact=exact)
            case "replay":
                _replay(asks, hears, implementation, message)
            case "sample":
                _sample(hears, implementation, message)
            case "bye":
                return
            case other:
                _say(hears, {"id": message.get("id"), "error": f"unknown command {other!r}"})


def _hello(implementation: Any, functions: list[str], *, exact: bool) -> dict[str, Any]:  # noqa: ANN401 - as above
    name = getattr(implementation, "name", None) or getattr(implementation, "__name__", type(implementation).__name__)
    version = getattr(implementation, "version", None) or getattr(implementation, "__version__", "")
    return {
        "protocol": 1,
        "name": str(name),
        "version": str(version),
        "format": str(getattr(implementation, "format", "binary64")),
        "functions": offered(implementation, functions),
        "replay": offered(implementation, list(REPLAYED)),
        "samplers": [name for name in SAMPLERS if callable(getattr(implementation, f"draw_{name}", None))],
        "batch": int(getattr(implementation, "batch", BATCH)),
        "numbers": "text" if exact else "json",
    }


def _answer(hears: BinaryIO, implementation: Any, item: dict[str, Any], *, exact: bool) -> None:  # noqa: ANN401 - as above
    inputs = item["input"] if exact else {name: _unspelled(value) for name, value in item["input"].items()}
    _say(hears, {"id": item["id"], **called(getattr(implementation, item["function"]), inputs)})


def _replay(asks: BinaryIO, hears: BinaryIO, implementation: Any, message: dict[str, Any]) -> None:  # noqa: ANN401 - as above
    """Run an algorithm on oracles, each of whose answers the other side gives."""

    def asked(question: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as JSON has it
        _say(hears, as_plain(question))
        reply = json.loads(asks.readline() or b"null")
        if not isinstance(reply, dict) or "answer" not in reply:
            raise EOFError("the run was ended by the other side")
        return reply["answer"]

    program = getattr(implementation, message["algorithm"])
    found = called(lambda **inputs: program(PlayedOracles(asked), **inputs), message["input"])
    _say(hears, {"id": message["id"], **({"done": found["answer"]} if "answer" in found else found)})


def _sample(hears: BinaryIO, implementation: Any, message: dict[str, Any]) -> None:  # noqa: ANN401 - as above
    draw = getattr(implementation, f"draw_{message['function']}")
    found = called(draw, {**message["input"], "seed": message["seed"], "count": message["count"]})
    _say(hears, {"id": message["id"], **({"draws": found["answer"]} if "answer" in found else found)})


def _unspelled(value: Any) -> Any:  # noqa: ANN401 - of any depth
    """Return what JSON spells as text: NaN and infinities, and integers beyond 2^53."""
    if isinstance(value, list):
        return [_unspelled(each) for each in value]
    if isinstance(value, str):
        if value in {"nan", "inf", "-inf"}:
            return float(value)
        if len(value) >= _LONG and value.lstrip("-").isdecimal():
            return int(value)
    return value


_LONG = len(str(2**53))


def _say(hears: BinaryIO, reply: dict[str, Any]) -> None:
    hears.write(json.dumps(_spelled(reply), separators=(",", ":")).encode() + b"\n")
    hears.flush()


def _spelled(value: Any) -> Any:  # noqa: ANN401 - of any depth
    """Return a reply with NaN and infinities as text, which JSON does not have."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list):
        return [_spelled(each) for each in value]
    if isinstance(value, dict):
        return {key: _spelled(each) for key, each in value.items()}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53:
        return str(value) if value.bit_length() < _MOST_BITS else "an integer of too many digits"
    return value


_MOST_BITS = 10_000
"""Integers of more bits are shown in words."""


def main() -> int:
    """Serve the object that the command line names; what it prints goes to stderr."""
    hears = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        implementation = _loaded(sys.argv[1])
    except BaseException as error:  # noqa: BLE001 - a module may do anything as it is imported
        sys.stderr.write(f"{sys.argv[1]}: {type(error).__name__}: {error}\n")
        return 1
    serve(implementation, sys.stdin.buffer, hears)
    return 0


if __name__ == "__main__":
    sys.exit(main())
