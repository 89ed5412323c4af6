"""What the exact layers may contain and whom they may import, checked on their syntax trees.

import-linter checks the imports too (see pyproject.toml).  This checker also sees what imports do not show: a float
literal, a call of ``float``, a read of a file.  One thing it cannot see is ``/`` between two ints, which makes a
float: types would be needed for that.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]

ARROWS: Final[dict[str, frozenset[str]]] = {
    "exact": frozenset({"exact"}),
    "model": frozenset({"exact", "model"}),
    "interaction": frozenset({"exact", "model", "interaction"}),
    "algorithms": frozenset({"exact", "model", "interaction", "algorithms"}),
    "constructions": frozenset({"exact", "model", "interaction", "constructions"}),
    "laws": frozenset({"exact", "model", "interaction", "algorithms", "constructions", "laws"}),
    "games": frozenset({"exact", "model", "interaction", "algorithms", "constructions", "certificates", "games"}),
    "certificates": frozenset({"exact", "model", "certificates"}),
}
"""For each exact layer, the parts of ``reference`` that it may import."""

STANDARD_LIBRARY: Final = frozenset(
    {
        "__future__", "abc", "bisect", "collections", "contextlib", "contextvars", "copy", "dataclasses",
        "decimal", "difflib", "enum", "fractions", "functools", "hashlib", "heapq", "html", "itertools",
        "math", "operator", "re", "threading", "types", "typing",
    }
)  # fmt: skip
"""What an exact layer may use besides itself and flint.  A list of the permitted cannot forget a door.

``difflib`` is for the nearest name in an error, ``html`` for tables in notebooks,
``threading`` for the one lock on FLINT's precision.
"""

EXACT_MATH: Final = frozenset(
    {"ceil", "comb", "copysign", "factorial", "floor", "gcd", "inf", "isqrt", "lcm", "ldexp", "perm", "prod"}
)
"""What of ``math`` stays exact on exact arguments: with ``ldexp`` a float is written down that is known."""

FORBIDDEN_CALLS: Final = frozenset(
    {"float", "complex", "open", "print", "input", "eval", "exec", "compile", "__import__"}
)


def violations(source: str, layer: str, where: str = "<source>") -> list[str]:
    """Return one line for each thing in ``source`` that the exact layer ``layer`` may not contain."""
    return [f"{where}:{line}: {what}" for line, what in sorted(_walk(ast.parse(source), layer))]


def layer_files(layer: str) -> list[Path]:
    """Return the Python files of one exact layer."""
    return sorted((ROOT / "reference" / layer).rglob("*.py"))


def _walk(tree: ast.Module, layer: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float() | complex() as value):
                yield node.lineno, f"the literal {value!r} is not exact"
            case ast.Call(func=ast.Name(id=name)) if name in FORBIDDEN_CALLS:
                yield node.lineno, f"{name}() has no place in an exact layer"
            case ast.Attribute(value=ast.Name(id="math"), attr=name) if name not in EXACT_MATH:
                yield node.lineno, f"math.{name} computes with floats"
            case ast.Import() | ast.ImportFrom():
                for module in _imported(node):
                    if said := _refusal(module, layer):
                        yield node.lineno, said
            case _:
                pass


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return what an import statement reaches."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    module = "." * node.level + (node.module or "")
    if module in {"math", "reference"}:
        return [f"{module}.{alias.name}" for alias in node.names]
    return [module]


def _refusal(module: str, layer: str) -> str:
    match module.split("."):
        case ["", *_]:
            return "a relative import hides which layer it reaches; write it in full"
        case ["reference", part, *_] if part not in ARROWS[layer]:
            return f"{layer} may not import reference.{part}"
        case ["math", name] if name not in EXACT_MATH:
            return f"math.{name} computes with floats"
        case ["reference" | "flint", *_]:
            return ""
        case [top, *_] if top not in STANDARD_LIBRARY:
            return f"{layer} may not import {module}"
    return ""
