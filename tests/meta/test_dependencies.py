"""What pyproject.toml declares is what is used, and a missing extra is one line that names it."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from proofs_check.cli.extras import EXTRAS

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CORE = {"python-flint", "msgspec", "typer", "rich", "pylatexenc"}

AT_WORK = {
    "sympy": ("proofs_check/ledger/cases.py", "proofs_check/claims/objective/optimum_and_coverage.py"),
    "hypothesis": ("proofs_check/ledger/drawing.py", "reference/testing/parts.py", "tests/model/test_problem.py"),
    "mpmath": ("tests/model/peer.py", "tests/proofs_check/test_frequency.py"),
    "numpy": ("tests/exact/test_rational.py", "docs/catalog/features.py"),
    "pytest": ("tests/proofs_check/test_app.py",),
}
"""Where each of the packages that are asked for by name is imported; mypy is run, see below."""


def declared(extra: str | None = None) -> set[str]:
    """Return the names of the packages that an extra installs, those of other extras included."""
    listed = PROJECT["dependencies"] if extra is None else PROJECT["optional-dependencies"][extra]
    found: set[str] = set()
    for requirement in listed:
        if requirement.startswith("spanner-reference["):
            found |= declared(requirement.split("[")[1].rstrip("]"))
        else:
            found.add(requirement.split(">")[0].split("=")[0])
    return found


def imported(path: Path) -> set[str]:
    """Return the top-level modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_core_and_extras_are_what_they_are_said_to_be() -> None:
    assert declared() == CORE
    assert declared("verify") == {"sympy", "mpmath", "hypothesis", "python-sat"}
    assert declared("arrays") == {"numpy"}
    assert declared("grade") == {"jinja2"}
    tools = {"pytest", "pytest-xdist", "mypy", "ruff", "import-linter", "numpy"}
    assert declared("verify") | declared("grade") | tools == declared("test")
    assert declared("verify") < declared("docs")


def test_every_extra_that_an_error_names_brings_the_package() -> None:
    assert all(package in declared(extra) for package, extra in EXTRAS.values())


@pytest.mark.parametrize("package", AT_WORK)
def test_a_package_asked_for_by_name_is_declared_and_imported(package: str) -> None:
    assert package in declared("test")
    assert all(package in imported(ROOT / place) for place in AT_WORK[package])


def test_mypy_is_declared_and_run_by_make_test() -> None:
    assert "mypy" in declared("test")
    assert "$(BIN)/mypy" in (ROOT / "Makefile").read_text("utf-8")


def test_the_reference_imports_the_core_alone() -> None:
    ours = {"flint", "msgspec", "reference", *sys.stdlib_module_names}
    for path in (ROOT / "reference").rglob("*.py"):
        beyond = imported(path) - ours
        assert beyond <= ({"hypothesis"} if path.parent.name == "testing" else set()), path


CALL = """
import sys
for name in {hidden!r}:
    sys.modules[name] = None
from proofs_check.cli import main
sys.exit(main({line!r}))
"""


@pytest.mark.parametrize(
    ("hidden", "line", "said"),
    [
        ("sympy", "verify needle-hit", "verify needs sympy: pip install 'spanner-reference[verify]'"),
        ("hypothesis", "verify --list", "verify needs hypothesis: pip install 'spanner-reference[verify]'"),
        ("pysat", "verify needle-hit", "verify needs python-sat: pip install 'spanner-reference[verify]'"),
        (
            "pysat",
            f"reduce {'|'.join(f'x{i}' for i in range(1, 18))} --L 1",
            "reduce needs python-sat: pip install 'spanner-reference[verify]'",
        ),
    ],
)
def test_a_missing_extra_is_one_line_that_names_it(hidden: str, line: str, said: str) -> None:
    program = CALL.format(hidden=[hidden], line=line.split())
    run = [sys.executable, "-c", program]
    done = subprocess.run(run, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"spanner: {said}\n")


def test_the_core_runs_every_command_but_verify() -> None:
    hidden = [*EXTRAS, "pytest"]
    lines = [
        ["solve", "two-arms"], ["run", "passive", "two-arms"], ["catalog", "two-arms"], ["schema"],
        ["reduce", "x1 & x2"],
    ]  # fmt: skip
    for line in lines:
        run = [sys.executable, "-c", CALL.format(hidden=hidden, line=line)]
        assert subprocess.run(run, capture_output=True, text=True, cwd=ROOT, check=False).returncode == 0, line
