"""``import reference``: names that type checkers see, loaded when they are used, and a record of what is public."""

import ast
import doctest
import hashlib
import importlib
import inspect
import linecache
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import get_origin

import pytest

import reference
from reference.model import ProblemError

ROOT = Path(__file__).parents[1]
RECORD = Path(__file__).with_name("public_names.txt")
SOURCE = ast.parse((ROOT / "reference/__init__.py").read_text("utf-8"))


def modules() -> list[str]:
    found = [info.name for info in pkgutil.walk_packages(reference.__path__, "reference.")]
    return [name for name in found if not name.startswith("reference.catalog.data")]


def test_the_name_that_a_type_checker_sees_is_the_one_that_is_loaded() -> None:
    block = next(node for node in SOURCE.body if isinstance(node, ast.If))
    seen = {
        alias.asname: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name
    }
    assert seen == reference._HOME
    assert sorted(reference.__all__) == sorted(seen)
    assert set(reference.__all__) < set(dir(reference))


@pytest.mark.parametrize("name", reference.__all__)
def test_every_name_is_there_and_says_what_it_is(name: str) -> None:
    value = getattr(reference, name)
    assert inspect.getdoc(value)


MADE_ELSEWHERE = {"Oracles", "Outcome", "Policy", "ProperOracles", "TokenOracles"}
"""Protocols, and what worlds and runs return: the examples of ``play`` show them."""


def test_every_public_docstring_has_an_example() -> None:
    public = {name: getattr(reference, name) for name in reference.__all__}
    errors = {name for name, value in public.items() if isinstance(value, type) and issubclass(value, Exception)}
    without = {name for name, value in public.items() if ">>>" not in (inspect.getdoc(value) or "")}
    assert without == errors | MADE_ELSEWHERE


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(AttributeError, match="no attribute 'covrage'; did you mean 'coverage'"):
        _ = reference.covrage  # type: ignore[attr-defined]  # wrong on purpose


def loaded_after(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded besides its own."""
    new = "{m.split('.')[0] for m in set(sys.modules) - before}"
    script = f"import sys; before = set(sys.modules); import reference; {code}; print(*{new})"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


BESIDES = ("flint", "msgspec", "sympy", "hypothesis", "mpmath", "numpy", "typer", "rich", "pysat", "pytest")
OTHERS = {*BESIDES, "proofs_check"}


def test_importing_loads_nothing_and_computing_needs_flint_alone() -> None:
    read = "reference.gap(p := reference.load('two-arms'), reference.base_policy(p))"
    assert loaded_after("pass") & OTHERS == set()
    assert loaded_after("reference.log(2) + 1; reference.MTSS(1); reference.fair_bits(2, 1)") & OTHERS == {"flint"}
    assert loaded_after(read) & OTHERS == {"flint", "msgspec"}


@pytest.mark.parametrize("module", ["reference", *modules()])
def test_the_examples_in_docstrings_show_what_happens(module: str) -> None:
    linecache.clearcache()  # the debugger of each example looks after every file of which a line was read
    found = doctest.testmod(importlib.import_module(module))
    assert found.failed == 0


def test_no_module_has_a_name_that_its_package_exports() -> None:
    """Else ``from package import name`` gives the one or the other, by what was imported before."""
    for folder in {path.parent for path in (ROOT / "reference").rglob("*.py")}:
        package = importlib.import_module(".".join(folder.relative_to(ROOT).parts))
        assert {path.stem for path in folder.iterdir()} & set(getattr(package, "__all__", ())) == set(), folder


def test_a_law_at_a_prompt_knows_its_responses() -> None:
    problem = reference.load("two-arms")
    for policy in (reference.optimum(problem), reference.base_policy(problem)):
        law = policy.law("x")
        assert law == policy.law(0)
        assert law.mass("good") == law.mass(0) > 0
        with pytest.raises(ProblemError, match="prompt 'x': no response 'god'; did you mean 'good'"):
            law.mass("god")
        with pytest.raises(ProblemError, match="prompt 'x': no response 2; indices go from 0 to 1"):
            law.mass(2)
        with pytest.raises(ProblemError, match=r"prompt 'x': 0\.5 is no response; give an index or a name"):
            law.mass(0.5)  # type: ignore[arg-type]  # wrong on purpose
        with pytest.raises(ProblemError, match="problem 'two-arms': no prompt 'y'; there are 'x'"):
            policy.law("y")
        with pytest.raises(ProblemError, match="problem 'two-arms': no prompt -1; indices go from 0 to 0"):
            policy.law(-1)
    assert reference.Law.point(0).mass(7) == 0  # a bare law


def test_a_problem_that_is_not_linear_is_said_to_be_none() -> None:
    tokens = reference.load("clean-sweep")
    learner = reference.SpannerSampling(1, 1, 1, M=2, delta=1)
    with pytest.raises(TypeError, match=r"play: problem 'clean-sweep': .*; a linear problem .* is needed"):
        reference.play(tokens, learner)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(TypeError, match="play_tokens: 'two-arms' is no problem; load it; a problem is needed"):
        reference.play_tokens("two-arms", reference.MTSS(1))  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(TypeError, match="play: 'two-arms' is no problem; load it"):
        reference.play("two-arms", learner)  # type: ignore[arg-type]  # wrong on purpose


# ----------------------------------------------------------------------------------------------- what is public


PACKAGES = (
    "algorithms", "catalog", "certificates", "exact", "games", "interaction", "laws", "model", "testing",
)  # fmt: skip
"""The sub-packages whose fronts are public, too."""


def record() -> str:
    """Return the public names with their parameters, those of the root first."""
    homes = [reference, *(importlib.import_module(f"reference.{name}") for name in PACKAGES)]
    lines = [[f"# {home.__name__}", *(signature(home, name) for name in sorted(home.__all__))] for home in homes]
    return "\n".join("\n".join(part) for part in lines) + "\n"


def signature(home: ModuleType, name: str) -> str:
    """Return a line: a name, and the names of its parameters, those with a default marked by ``=``."""
    value = getattr(home, name)
    if get_origin(value):  # an alias as tuple[int, str], whose parameters are none of ours
        return name
    try:
        found = inspect.signature(value)
    except (TypeError, ValueError):  # no function, or an exception of Python's own making
        return name
    bare = [
        p.replace(annotation=p.empty, default=p.empty if p.default is p.empty else ...)
        for p in found.parameters.values()
    ]
    return f"{name}{found.replace(parameters=bare, return_annotation=found.empty)}".replace("=Ellipsis", "=")


def test_what_is_public_changes_only_with_a_line_in_the_changelog() -> None:
    """Write the file anew with ``python tests/test_front_door.py``, and its digest into the changelog."""
    text = record()
    assert RECORD.read_text("utf-8") == text
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    assert f"`{digest}`" in (ROOT / "CHANGELOG.md").read_text("utf-8")


if __name__ == "__main__":
    RECORD.write_text(record(), "utf-8")
