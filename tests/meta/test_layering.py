"""The exact layers hold nothing inexact, and the arrows between layers point one way."""

import ast

import pytest

from tests.meta.layering import ARROWS, ROOT, layer_files, violations

BAD_SAMPLES = {
    "half = 0.5": "literal 0.5",
    "z = 1j": "literal 1j",
    "x = 1e3": "literal 1000.0",
    "y = float(x)": "float()",
    "text = open('catalog.json').read()": "open()",
    "print('here')": "print()",
    "import numpy as np": "numpy",
    "from numpy import array": "numpy",
    "import numpy.linalg": "numpy",
    "import random": "random",
    "from random import choice": "random",
    "import mpmath": "mpmath",
    "from mpmath import mp": "mpmath",
    "from pathlib import Path": "pathlib",
    "import os": "os",
    "import sys": "sys",
    "import importlib": "importlib",
    "import math\nroot = math.sqrt(2)": "math.sqrt",
    "from math import log": "math.log",
    "from reference.algorithms import spanner_sampling": "reference.algorithms",
    "from reference import catalog": "reference.catalog",
    "import reference.interaction": "reference.interaction",
    "import proofs_check": "proofs_check",
    "from . import algorithms": "relative import",
    "def f():\n    import random\n    return random.random()": "random",
}

GOOD_SAMPLE = """
from fractions import Fraction
from math import gcd, lcm
import math

from flint import fmpq
from reference.exact.rational_numbers import rational

def f(x: object) -> int:
    if isinstance(x, float):
        raise TypeError("write it as text: '0.5'")
    return math.isqrt(7)
"""


@pytest.mark.parametrize("layer", ARROWS)
def test_layer_is_exact_and_imports_only_downwards(layer: str) -> None:
    files = layer_files(layer)
    assert files, f"reference/{layer} has no module: has it moved?"
    found = [line for path in files for line in violations(path.read_text("utf-8"), layer, str(path.relative_to(ROOT)))]
    assert not found, "\n" + "\n".join(found)


DOORS = {"reference/exact/__init__.py", "reference/exact/number.py"}
"""Where floats leave: what exports ``to_float`` and ``ulps``, and ``float(x)``."""


def takes_floats(source: str) -> bool:
    """Whether a module imports what makes floats."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}.{alias.name}" for node in nodes for alias in node.names}
    return any(name.startswith("reference.exact.binary.") or name.endswith((".to_float", ".ulps")) for name in names)


def test_no_exact_layer_computes_with_the_floats_that_leave() -> None:
    taking = {
        str(path.relative_to(ROOT))
        for layer in ARROWS
        for path in layer_files(layer)
        if takes_floats(path.read_text("utf-8"))
    }
    assert taking == DOORS
    assert takes_floats("from reference.exact import to_float")
    assert not takes_floats("from reference.exact import to_decimal")


@pytest.mark.parametrize(("source", "said"), BAD_SAMPLES.items())
def test_the_checker_rejects(source: str, said: str) -> None:
    (line,) = violations(source, "certificates")
    assert said in line


@pytest.mark.parametrize("layer", ARROWS)
def test_the_checker_accepts_exact_code(layer: str) -> None:
    assert violations(GOOD_SAMPLE, layer) == []


def test_the_checker_names_file_and_line() -> None:
    assert violations("\n\nx = 2.5", "exact", "exact/bad.py") == ["exact/bad.py:3: the literal 2.5 is not exact"]


def test_each_arrow_points_one_way() -> None:
    for layer, below in ARROWS.items():
        for other in below - {layer}:
            assert layer not in ARROWS[other], f"{layer} and {other} may import each other"


def test_reference_does_not_know_the_ledger() -> None:
    for path in (ROOT / "reference").rglob("*.py"):
        source = path.read_text("utf-8")
        for statement in ("import proofs_check", "from proofs_check"):
            assert statement not in source, f"{path.relative_to(ROOT)}: {statement}"
