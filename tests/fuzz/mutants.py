"""Files and texts with random faults, the same for the same seed: bytes, words and the structure of JSON."""

import copy
import json
import random
from collections.abc import Sequence
from typing import Any

NUMBERS = (
    *("0", "1", "-1", "1/2", "3", "-3/7", "0.1", "1e-3", "1/0", "1e9999", "-1e9999", "1e-9999", "1e10001"),
    *("nan", "inf", "-inf", "1e", "0.1.2", "1_000", "x", "9" * 300, "1/" + "7" * 300, "", " ", "\ud800"),
    *("0x1p-1", "0x1p-1074", "0x1.fffffep+127", "-0x1p+1000", "0x", "\N{MINUS SIGN}1", "\N{ARABIC-INDIC DIGIT ONE}"),
    *("log(2)", "-log(3)/2", "log(0)", "log(-1)", "log(", "log(2)*1e9", "1e6*log(2)", "1e300*log(2)", "log(1e30)"),
    *("log(1/3)", "exp(1)", "sqrt(2)", "2 log(2)"),
)
"""What may stand where a number is expected."""

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 3, 0.5, 1e400, float("nan"), 10**40),
    *([], {}, [[]], [0], ["1"], ["1", "0"], {"name": "a"}),
    *NUMBERS,
)
"""What may stand where anything is expected."""

SPLICES = (*(bytes([c]) for c in b'"{}[],:10e/-.xp\\\n\x00\xff'), b"true", b"null", b"NaN", b"log(")


def bent_bytes(rng: random.Random, data: bytes) -> bytes:
    """Cut, repeat and replace a few bytes."""
    raw = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        start = rng.randint(0, len(raw))
        match rng.randrange(5):
            case 0:
                raw[start : start + rng.randint(0, 8)] = rng.choice(SPLICES)
            case 1:
                raw[start : start + rng.randint(0, 8)] = rng.randbytes(rng.randint(0, 4))
            case 2:
                del raw[start:]
            case 3:
                end = min(len(raw), start + rng.randint(0, 40))
                raw[start:start] = raw[start:end] * rng.randint(1, 3)
            case _:
                other = rng.randint(0, len(raw))
                raw[start : start + 10], raw[other : other + 10] = raw[other : other + 10], raw[start : start + 10]
    return bytes(raw)


def bent_words(rng: random.Random, text: str, words: Sequence[str]) -> str:
    """Replace, insert and delete pieces of a text by words of its language."""
    for _ in range(rng.randint(1, 5)):
        start = rng.randint(0, len(text))
        length = rng.choice((0, 0, 1, 1, 2, 5))
        text = text[:start] + rng.choice((*words, "")) * rng.choice((1, 1, 1, 2, 20)) + text[start + length :]
    return text


def places(node: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the paths of everything in a document but the whole."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [place for key, item in items for place in ((*path, key), *places(item, (*path, key)))]


def bent_tree(rng: random.Random, tree: Any, trees: Sequence[Any]) -> Any:  # noqa: ANN401 - JSON
    """Replace, delete, repeat, move and rename parts of a document."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        listed = places(tree)
        if not listed:
            return rng.choice(VALUES)
        place: tuple[Any, ...] = rng.choice(listed)
        *path, last = place
        node: Any = _at(tree, path)
        match rng.randrange(8):
            case 0 | 1 | 2:
                node[last] = copy.deepcopy(rng.choice(NUMBERS if isinstance(node[last], str) else VALUES))
            case 3:
                del node[last]
            case 4:
                node[last] = [copy.deepcopy(node[last])] * rng.choice((0, 1, 2, 3))
            case 5:
                other = rng.choice(trees)
                node[last] = copy.deepcopy(_at(other, rng.choice(places(other))))
            case 6 if isinstance(node, list):
                node.insert(rng.randint(0, len(node)), copy.deepcopy(node[last]))
            case _:
                key = rng.choice((*(p[-1] for p in listed if isinstance(p[-1], str)), "", "a b", "\ud800"))
                if isinstance(node, dict):
                    node[key] = node.pop(last)
                else:
                    node[last] = {key: node[last]}
    return tree


def _at(tree: Any, path: Sequence[str | int]) -> Any:  # noqa: ANN401 - JSON
    for step in path:
        tree = tree[step]
    return tree


def bent_json(rng: random.Random, trees: Sequence[Any]) -> bytes:
    """Return a document with faults, of its bytes one time in four."""
    tree = rng.choice(trees)
    if rng.randrange(4) == 0:
        return bent_bytes(rng, json.dumps(tree).encode())
    return json.dumps(bent_tree(rng, tree, trees)).encode()
