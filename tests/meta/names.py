"""The names that modules define at their top: who defines what, and what two modules both define."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

MIRRORS = (
    "proofs_check/cli/formats/", "reference/catalog/format.py", "reference/catalog/format2.py",
    "proofs_check/cli/commands.py", "proofs_check/cli/claim_commands.py", "proofs_check/cli/outside_commands.py",
    "proofs_check/cli/shared_options.py", "proofs_check/coq/",
)  # fmt: skip
"""What files and ``--json`` hold has the names of what it shows, a command that of what it does; the audit of the
proofs stands alone."""

VARIABLES = {"TypeVar", "ParamSpec"}


def defined(source: str) -> Iterator[str]:
    """Yield the public names that a module defines at its top, once each; type variables are no names."""
    found = dict.fromkeys(name for node in ast.parse(source).body for name in _names(node))
    yield from (name for name in found if not name.startswith("_"))


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    if isinstance(node, ast.Assign):
        made = node.value.func if isinstance(node.value, ast.Call) else None
        if isinstance(made, ast.Name) and made.id in VARIABLES:
            return []
        lists = [target.elts if isinstance(target, ast.Tuple) else [target] for target in node.targets]
        return [name.id for names in lists for name in names if isinstance(name, ast.Name)]
    return []


@cache
def shared(roots: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the names that several modules below ``roots`` define, with the modules."""
    where: defaultdict[str, list[str]] = defaultdict(list)
    for path in (path for root in roots for path in sorted((ROOT / root).rglob("*.py"))):
        place = str(path.relative_to(ROOT))
        if not place.startswith(MIRRORS) and "/data/" not in place:
            for name in defined(path.read_text(encoding="utf-8")):
                where[name].append(place)
    return {name: places for name, places in sorted(where.items()) if len(places) > 1}
