"""How much code a verdict rests on, module by module: counted when the pages are built."""

import ast
import importlib
import pkgutil
import tokenize
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]

NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}


class Group(NamedTuple):
    """Modules that do one thing, as patterns from the root of the repository; later groups take what is left."""

    title: str
    patterns: tuple[str, ...]
    rests: str
    """What a verdict rests on this for, and what else checks it."""


GROUPS = (
    Group(
        "Quick forms",
        (
            "reference/exact/fast/*.py",
            "reference/model/fast/*.py",
            "reference/laws/fast/*.py",
            "reference/interaction/exhaustive.py",
            "reference/algorithms/parts/barycentric_cofactors.py",
            "reference/algorithms/parts/packed_rows.py",
            "reference/constructions/dnf/best_vertex.py",
        ),
        "nothing: `spanner verify --plain` runs without them, and each is compared with its definition",
    ),
    Group("Numbers", ("reference/exact/*.py",), "every comparison; tests compare it with mpmath and with other code"),
    Group("Problems and policies", ("reference/model/*.py",), "what `pi*`, coverage, gap and values are"),
    Group(
        "Oracles and randomness",
        ("reference/interaction/*.py",),
        "what a learner sees, what is counted, and what the law of a program is",
    ),
    Group(
        "Algorithms and their laws",
        ("reference/algorithms/**/*.py", "reference/laws/*.py"),
        "that the listing is the paper's: the claims are about what it returns",
    ),
    Group(
        "Instances",
        ("reference/constructions/**/*.py", "reference/catalog/**/*.py"),
        "that an instance is what its name says: its facts are claims, and `spanner catalog` shows it",
    ),
    Group(
        "Games and certificates",
        ("reference/games/*.py", "reference/certificates/*.py", "reference/certification.py"),
        "the checkers only: a solution that they accept may come from anywhere",
    ),
    Group(
        "The ledger's frame",
        ("proofs_check/ledger/*.py",),
        "that a verdict and a grade follow from what ran, and from nothing else",
    ),
    Group(
        "The claims",
        ("proofs_check/claims/**/*.py",),
        "that the function decides the statement in its docstring: of one claim, one function and what it calls",
    ),
)
"""In the order of the page; a module is counted in the first group that has it."""


@cache
def code_lines(source: str) -> int:
    """Return how many lines hold code: no comment, no docstring, not blank."""
    described = set[int]()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            described.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    held = set[int]()
    for token in tokenize.tokenize(BytesIO(source.encode()).readline):
        if token.type not in NO_CODE and token.type != tokenize.ENDMARKER:
            held.update(range(token.start[0], token.end[0] + 1))
    return len(held - described)


def modules(group: Group) -> Iterator[tuple[str, int]]:
    """Yield the modules of a group with their sizes, as paths from the root."""
    earlier = GROUPS[: GROUPS.index(group)]
    taken = {path for other in earlier for pattern in other.patterns for path in ROOT.glob(pattern)}
    found = sorted({path for pattern in group.patterns for path in ROOT.glob(pattern)} - taken)
    for path in found:
        if lines := code_lines(path.read_text(encoding="utf-8")):
            yield str(path.relative_to(ROOT)), lines


def pairs() -> dict[str, list[str]]:
    """Return the functions that have a quick form, by the path of their module."""
    import reference  # noqa: PLC0415 - only the page asks
    from reference.exact.plain import PAIRS  # noqa: PLC0415 - the same

    for module in pkgutil.walk_packages(reference.__path__, "reference."):
        if "testing" not in module.name:  # which needs Hypothesis
            importlib.import_module(module.name)
    found: dict[str, list[str]] = {}
    for pair in PAIRS.values():
        found.setdefault(pair.quick.__module__.replace(".", "/") + ".py", []).append(pair.quick.__qualname__)
    return found
