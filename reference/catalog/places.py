"""On which line of a JSON text the thing stands that a path names.  Asked only when something is wrong."""

import json
import re

from reference.catalog.strict_json import quoted

MOST_CHARACTERS = 2**21
"""Of a longer text the line is not looked for."""

_PLAIN = 40
"""Keys up to this length, of letters and digits, stand in a path as they are."""

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


def join(path: str, key: str) -> str:
    """Return the path of a field."""
    plain = key if key.isidentifier() and key.isascii() and len(key) <= _PLAIN else quoted(key)
    return f"{path}.{plain}" if path else plain


def line_of(data: bytes | str, path: str) -> int | None:
    r"""Return the line, from 1, of the value at ``path``, or of the innermost value around it that is there.

    ``None`` if nothing of the path is there, or the text is very long or one line.  The text is valid JSON.

    >>> line_of('{"a": 1,\n "b": [2,\n 3]}', "b[1]")
    3
    """
    text = data if isinstance(data, str) else data.decode()
    if len(text) > MOST_CHARACTERS or "\n" not in text.strip():
        return None
    nearest = None
    here: list[tuple[str, int | None]] = []  # the path of each open value, and the index in a list
    key: str | None = None
    for piece in _PIECE.finditer(text):
        match piece[0]:
            case "]" | "}":
                here.pop()
                key = None
                continue
            case ",":
                outer, index = here[-1]
                here[-1] = outer, None if index is None else index + 1
                key = None
                continue
            case ":":
                continue
        outer, index = here[-1] if here else ("", None)
        if here and index is None and key is None:
            key = json.loads(piece[0])
            continue
        found = outer if not here else f"{outer}[{index}]" if index is not None else join(outer, key or "")
        if found == path:
            return text.count("\n", 0, piece.start()) + 1
        if here and path.startswith((f"{found}.", f"{found}[")):
            nearest = piece.start()
        if piece[0] in "[{":
            here.append((found, 0 if piece[0] == "[" else None))
            key = None
    return None if nearest is None else text.count("\n", 0, nearest) + 1
