"""The page on what you have to trust counts right, and leaves no module out."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOUND = runpy.run_path(str(ROOT / "docs" / "_ext" / "sizes.py"))  # the extensions are no package
GROUPS, code_lines, modules, pairs = (FOUND[name] for name in ("GROUPS", "code_lines", "modules", "pairs"))

SOURCE = '''"""A module.

Of several lines.
"""

import os  # a comment beside code counts as code

NAME = """a string
of two lines"""
"""What it is."""


# alone
def f(
    x: int,
) -> int:
    """Say nothing."""
    return (
        x
    )
'''


def test_lines_that_hold_code_are_counted() -> None:
    # import, two of NAME, three of the head of f, three of its return
    assert code_lines(SOURCE) == 9
    assert code_lines('"""Only words."""\n') == 0
    assert code_lines("") == 0


def test_every_module_that_a_verdict_rests_on_is_counted_once() -> None:
    counted = [path for group in GROUPS for path, _ in modules(group)]
    assert len(set(counted)) == len(counted)
    folders = ("reference", "proofs_check/ledger", "proofs_check/claims")
    beside = {f"reference/{name}.py" for name in ("__init__", "playing", "judge", "float_oracles", "floats")}
    there = {
        str(path.relative_to(ROOT))
        for folder in folders
        for path in Path(ROOT, folder).rglob("*.py")
        if code_lines(path.read_text("utf-8")) and not {"conformance", "data", "testing"} & set(path.parts)
    }
    assert there - beside == set(counted)


def test_the_quick_forms_are_in_their_group_or_beside_their_definition() -> None:
    quick = {path for path, _ in modules(GROUPS[0])}
    assert {"reference/exact/fast/gram.py", "reference/interaction/exhaustive.py"} <= quick
    parts = {f"reference/algorithms/parts/{name}.py" for name in ("barycentric_cofactors", "packed_rows")}
    assert quick <= pairs().keys() | parts  # both of barycentric spanners, whose definition stands beside the call
