"""Every claim that the ledger checks has a property over generated instances, which does not ask the ledger."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from proofs_check.claims import registry
from proofs_check.ledger import Standing
from proofs_check.ledger.pages import PAGES, Page

FOLDER = Path(__file__).parents[1] / "claims"


class Marked(NamedTuple):
    """A test with the mark ``claim``, and whether it is a property: a function of drawn values."""

    claim: str
    test: str
    drawn: bool


def marked(source: str) -> Iterator[Marked]:
    """Yield the marks of a module's tests."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            calls = [call for call in node.decorator_list if isinstance(call, ast.Call)]
            drawn = any(ast.unparse(call.func) == "given" for call in calls)
            for call in calls:
                if ast.unparse(call.func) == "pytest.mark.claim":
                    yield Marked(ast.literal_eval(call.args[0]), node.name, drawn)


def modules_of(page: Page) -> tuple[str, ...]:
    """Return the modules with the claims of a page."""
    named: tuple[str, ...] = importlib.import_module(f"proofs_check.claims.{page.folder}").MODULES
    return named


def imports_claims(source: str) -> bool:
    """Whether a module imports something of the ledger's own checks."""
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        if any(f"{name}.".startswith(checks) for name in names for checks in CHECKS):
            return True
    return False


CHECKS = [
    *(f"proofs_check.claims.{page.folder}.{name}." for page in PAGES for name in modules_of(page)),
    "proofs_check.claims.registry.",
]
"""Modules that hold claims; what computes costs or settings beside them is under test."""


def missing(marks: list[Marked], wanted: set[str]) -> set[str]:
    """Return the claims without a property."""
    return wanted - {mark.claim for mark in marks if mark.drawn}


def sources() -> list[str]:
    return [path.read_text("utf-8") for path in sorted(FOLDER.glob("*.py"))]


def marks() -> list[Marked]:
    return [mark for source in sources() for mark in marked(source)]


def test_every_checked_claim_has_a_property() -> None:
    wanted = {claim.id for claim in registry() if claim.standing is Standing.CHECKED}
    assert len(wanted) > 60
    assert missing(marks(), wanted) == set()


def test_every_checked_claim_names_a_trivial_object_that_it_excludes_or_says_why_it_excludes_none() -> None:
    silent = {claim.id for claim in registry() if claim.standing is Standing.CHECKED and not claim.trivial}
    assert silent == set()


def test_every_claim_says_in_one_sentence_of_words_what_it_claims() -> None:
    for claim in registry():
        words = claim.words.removesuffix(".")
        assert 20 <= len(words) <= 180, claim.id
        assert not set("$\\{}^_") & set(words), f"{claim.id}: words, no formulas"
        assert ". " not in words, f"{claim.id}: one sentence"
        assert words not in {claim.title, claim.hypotheses}


def test_every_mark_names_a_claim() -> None:
    assert {mark.claim for mark in marks()} <= {claim.id for claim in registry()}


def test_no_property_imports_the_checks_of_the_ledger() -> None:
    assert not any(map(imports_claims, sources()))


SAMPLE = """
@pytest.mark.claim("a")
@given(st.integers())
def test_one(n): ...

@pytest.mark.claim("b")
def test_two(): ...

@given(st.integers())
def test_three(n): ...

@pytest.mark.claim("c")
@given(st.integers())
def helper(n): ...
"""


def test_the_reader_wants_a_mark_and_drawn_values_on_a_test() -> None:
    found = list(marked(SAMPLE))
    assert found == [("a", "test_one", True), ("b", "test_two", False)]
    assert missing(found, {"a", "b", "c"}) == {"b", "c"}


@pytest.mark.parametrize(
    "source",
    [
        "import proofs_check.claims.objective.gaps",
        "from proofs_check.claims.objective import gaps",
        "from proofs_check.claims import registry",
        "def f():\n    from proofs_check.claims.objective.gaps import gap_oscillation",
    ],
)
def test_the_reader_finds_imports_of_checks(source: str) -> None:
    assert imports_claims(source)
    assert not imports_claims("from reference.games import solve")
    assert not imports_claims("from proofs_check.claims.multi_turn.token_costs import TokenCosts")
