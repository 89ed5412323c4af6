"""Strict JSON: what the parser hands on is a plain tree, or one clear complaint.

Numbers other than short integers stay as text (:class:`NumberToken`): exact values are written as strings in instance
files, so such a token is always a mistake, and the reader of the error wants to see it as it was typed.
"""

import json
from dataclasses import dataclass
from typing import Final, TypeAlias

Tree: TypeAlias = "bool | int | str | list[Tree] | dict[str, Tree] | NumberToken | RepeatedKey | None"
"""A parsed document."""

_SHORT_INTEGER: Final = 18


class JsonError(ValueError):
    """The bytes are not strict JSON; the message is one line."""


@dataclass(frozen=True, slots=True)
class NumberToken:
    """A number that was written without quotes: a decimal, ``NaN``, ``Infinity`` or a very long integer."""

    text: str


@dataclass(frozen=True, slots=True)
class RepeatedKey:
    """Stands for an object that has the same key twice."""

    key: str


def quoted(text: str, limit: int = 60) -> str:
    """Return ``text`` in double quotes, on one line of ASCII, cut off beyond ``limit`` characters."""
    return json.dumps(text if len(text) <= limit else text[: limit - 3] + "...")


def decode(data: bytes) -> Tree:
    """Return the tree of a UTF-8 JSON document.

    Raises:
        JsonError: for bytes that are not UTF-8, text that is not JSON, and nesting that is too deep.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        msg = f"not UTF-8 text (byte {error.start}); save the file as UTF-8"
        raise JsonError(msg) from None
    if text.startswith("\ufeff"):
        msg = "starts with a byte order mark; save the file as UTF-8 without it"
        raise JsonError(msg)
    try:
        return _DECODER.decode(text)  # type: ignore[no-any-return]  # the hooks below make a Tree
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        msg = f"not JSON: {reason} at line {error.lineno}, column {error.colno}"
        raise JsonError(msg) from None
    except RecursionError:
        msg = "nested too deeply"
        raise JsonError(msg) from None


def _object(pairs: list[tuple[str, Tree]]) -> Tree:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return RepeatedKey(key)
        seen.add(key)
    return found


def _integer(text: str) -> int | NumberToken:
    # int() on a numeral of a million digits takes minutes, or is refused by Python with a message of its own.
    return int(text) if len(text) <= _SHORT_INTEGER else NumberToken(text)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=NumberToken, parse_int=_integer, parse_constant=NumberToken
)
