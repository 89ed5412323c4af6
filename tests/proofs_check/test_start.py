"""The command starts at once: what a command does not need is not imported."""

import resource
import subprocess
import sys
from pathlib import Path

import proofs_check
from proofs_check.cli.commands import COMMANDS, LEARNERS
from proofs_check.reduction.methods import METHODS
from reference.catalog.loading import file_of

ROOT = str(Path(proofs_check.__file__).parents[1])
NAMES = [command.__name__.replace("_", "-") for command in COMMANDS]


def modules_after(*lines: list[str]) -> set[str]:
    """Return the top-level modules that a fresh interpreter has imported after these command lines."""
    program = (
        "import contextlib, io, sys\n"
        "from proofs_check.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        f"    codes = [main(line) for line in {list(lines)!r}]\n"
        "assert not any(codes), codes\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    run = [sys.executable, "-c", program]
    return set(subprocess.run(run, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split())


def test_help_and_solve_import_no_library_of_the_ledger() -> None:
    found = modules_after(["--help"], ["solve", "two-arms"], ["run"], ["catalog", "two-arms"], ["schema"])
    assert "flint" in found
    assert found.isdisjoint({"sympy", "hypothesis", "mpmath", "numpy", "pysat"})


def test_a_problem_of_your_own_is_solved_without_the_ledger(tmp_path: Path) -> None:
    mine = tmp_path / "mine.json"
    mine.write_text(file_of("two-arms").read_text("utf-8").replace('"two-arms"', '"mine"'), "utf-8")
    of_the_ledger = {"certificate_forms", "tomllib"}
    assert modules_after(["solve", str(mine)]).isdisjoint(of_the_ledger)
    assert modules_after(["solve", "two-arms"]) >= of_the_ledger


def test_help_imports_no_mathematics() -> None:
    found = modules_after(["--version"], ["--help"], *([name, "--help"] for name in NAMES))
    assert found.isdisjoint({"flint", "msgspec", "reference"})


def test_a_list_of_claims_needs_no_computer_algebra() -> None:
    assert modules_after(["verify", "--list"]).isdisjoint({"sympy", "mpmath", "pysat"})


def test_help_takes_less_than_the_start_of_the_ledger_used_to() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    modules_after(["solve", "--help"])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert seconds < 0.8  # 0.25 on the machine where it was 1.3 with everything imported


def test_the_help_of_reduce_names_every_learner() -> None:
    assert LEARNERS.split(", ") == list(METHODS)
