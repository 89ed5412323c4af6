"""Every limit of the package, found in its modules: a constant with a name such as ``MAX_STATES``, and its text."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

from reference.catalog.reading import DEFAULT_LIMITS

ROOT = Path(__file__).parents[2]

NAMED = re.compile(r"(^|_)(MAX|MOST|LARGEST|CAP|PER_MINUTE)(_|$)")
"""The names of limits."""

AREAS = {
    "reference/catalog": "Files",
    "reference/exact": "Numbers",
    "reference/model": "Problems and policies",
    "reference/interaction": "Exact laws of programs",
    "reference/laws": "Laws of algorithms",
    "reference/algorithms": "Algorithms",
    "reference/constructions": "Families of instances, formulas",
    "reference/games": "Games",
    "proofs_check/cli": "The command line",
    "proofs_check/reduction": "The reduction",
    "proofs_check/sweep": "Sweeps",
    "proofs_check/search": "Searches",
    "proofs_check/conformance": "Grading",
    "proofs_check/exercises": "Exercises",
    "proofs_check/ledger": "The ledger",
    "proofs_check/certified": "Certified instances",
    "proofs_check/coq": "Certified instances",
    "proofs_check/computed": "Computed laws",
}
"""Folders, in the order of the page; other modules come last, and what single claims try is left out."""

LEFT_OUT = ("proofs_check/claims/", "proofs_check/faults/", "reference/testing/", "reference/conformance/cases/")

_SHOWN_EXACTLY = 1 << 13


class Limit(NamedTuple):
    """A limit: where it stands, what it is, and what it means."""

    area: str
    place: str
    value: str
    meaning: str


def limits() -> list[Limit]:
    """Return all, area by area: those of files first, then the constants."""
    names = (each.name for each in fields(DEFAULT_LIMITS))
    of_files = [
        Limit("Files", f"Limits.{name}", shown(getattr(DEFAULT_LIMITS, name)), name.replace("_", " ")) for name in names
    ]
    found = [limit for path in modules() for limit in _of_module(path)]
    order = [*AREAS.values(), OTHERS]
    return [*of_files, *sorted(found, key=lambda each: order.index(each.area))]


OTHERS = "Others"


def modules() -> Iterator[Path]:
    """Yield the modules that are looked at."""
    for package in ("reference", "proofs_check"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if not str(path.relative_to(ROOT)).startswith(LEFT_OUT):
                yield path


def shown(value: int) -> str:
    """Return a number to be read.

    >>> shown(1_000_000), shown(1 << 20), shown((1 << 20) + 1), shown(512)
    ('1,000,000', '2^20', '1,048,577', '512')
    """
    power = value.bit_length() - 1
    return f"2^{power}" if value > _SHOWN_EXACTLY and value == 1 << power else f"{value:,}"


def _of_module(path: Path) -> Iterator[Limit]:
    within = str(path.relative_to(ROOT))
    body = ast.parse(path.read_text("utf-8")).body
    for statement, following in zip(body, [*body[1:], None], strict=True):
        for name in filter(NAMED.search, _assigned(statement)):
            module = within.removesuffix(".py").replace("/", ".")
            value = getattr(importlib.import_module(module), name)
            if isinstance(value, int):
                area = next((title for folder, title in AREAS.items() if within.startswith(folder + "/")), OTHERS)
                yield Limit(area, f"{module}.{name}", shown(value), _meaning(following))


def _assigned(statement: ast.stmt) -> list[str]:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    elif isinstance(statement, ast.Assign):
        targets = [e for t in statement.targets for e in (t.elts if isinstance(t, ast.Tuple) else [t])]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _meaning(following: ast.stmt | None) -> str:
    """Return the text below a constant, on one line; nothing if there is none."""
    if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
        text = re.sub(r":[a-z]+:`~?(?:[^`]*\.)?([^`.]+)`", r"``\1``", str(following.value.value))
        return " ".join(text.replace("``", "`").split())
    return ""
