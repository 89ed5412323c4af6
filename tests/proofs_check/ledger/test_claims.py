"""The list of claims: complete, well formed, and what is malformed is refused."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import strategies as st

import proofs_check.claims
import proofs_check.ledger
from proofs_check.claims import registry
from proofs_check.cli.readable import readable
from proofs_check.ledger import (
    ANY,
    Case,
    Catalog,
    Check,
    Claim,
    ClaimError,
    Family,
    On,
    Registry,
    Standing,
    Verdict,
    claim_of,
    compare,
    run_claim,
    stating,
)
from proofs_check.ledger.coq import claims_with_theorems
from proofs_check.ledger.drawing import drawn
from proofs_check.ledger.kernel import STRONGEST
from proofs_check.ledger.pages import PAGES
from proofs_check.ledger.stating import claims_of
from reference.catalog import linear_names, names, tree_names

GROUPS = {
    "dnf-commitment", "dnf-exploration", "dnf-baselines", "proper-tradeoff", "online-dpo-passive", "mtss-exact",
    "mtss-rounding", "token-vs-sequence", "mtss-needle-path",
}  # fmt: skip
"""Names of several claims; all but the last stood for one claim before it became several."""


def test_every_page_has_its_claims_in_its_own_folder() -> None:
    by_page = {page: [claim for claim in registry() if claim.page == page] for page in PAGES}
    assert all(by_page.values())
    for page, claims in by_page.items():
        for claim in claims:
            for check in claim.checks:
                assert check.location.startswith(f"proofs_check/claims/{page.folder}/"), claim.id


def test_a_folder_names_its_modules_and_a_module_without_claims_is_used_by_others() -> None:
    folder = Path(proofs_check.claims.__file__).parent
    for page in PAGES:
        named = importlib.import_module(f"proofs_check.claims.{page.folder}").MODULES
        assert len(set(named)) == len(named)
        for path in (folder / page.folder).glob("[!_]*.py"):
            module = importlib.import_module(f"proofs_check.claims.{page.folder}.{path.stem}")
            assert bool(claims_of(module)) == (path.stem in named), path


def test_a_group_is_the_name_of_several_claims_and_of_none() -> None:
    groups = {claim.group for claim in registry()} - {""}
    assert groups == GROUPS
    assert not groups & {claim.id for claim in registry()}
    for name in groups:
        several = registry().named(name)
        assert len(several) > 1
        assert len({claim.page for claim in several}) == 1
        with pytest.raises(ClaimError, match=f"{name} is a group of claims: {several[0].id}, "):
            registry()[name]


def test_no_statement_reads_too_long_in_a_terminal() -> None:
    assert all(len(readable(claim.statement)) <= 400 for claim in registry() if claim.checks)


def test_all_claims_are_checked_but_those_that_rest_on_the_paper_alone() -> None:
    for claim in registry():
        paper = claim.id.startswith("fmr25-theorem")
        assert claim.standing is (Standing.PAPER if paper else Standing.CHECKED)


def test_an_unknown_claim_is_answered_with_the_nearest() -> None:
    with pytest.raises(ClaimError, match="did you mean 'needle-minimax'"):
        registry()["needle-minmax"]


def on_paper_alone(name: str, *depends: str, **fields: str) -> Claim:
    words = {"title": "t", "statement": "s", "source": "ours", **fields}
    return Claim(id=name, page=PAGES[0], depends=depends, standing=Standing.PAPER, **words)  # type: ignore[arg-type]  # texts


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ((on_paper_alone("a"), on_paper_alone("a")), "there twice"),
        ((on_paper_alone("a", "b"),), "'b', which is not in the ledger"),
        ((on_paper_alone("a", "b"), on_paper_alone("b", "a")), "depends on itself"),
        ((on_paper_alone("a"), on_paper_alone("b", group="a")), "claim b: the group a has the name of a claim"),
    ],
)
def test_a_malformed_list_is_refused(claims: tuple[Claim, ...], message: str) -> None:
    with pytest.raises(ClaimError, match=message):
        Registry(claims)


@pytest.mark.parametrize("name", ["", "Two", "a_b", "a--b", "-a"])
def test_a_malformed_id_is_refused(name: str) -> None:
    with pytest.raises(ClaimError, match="hyphens"):
        on_paper_alone(name)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"statement": " "}, "claim a: statement is empty"),
        ({"source": ""}, "claim a: source is empty"),
        ({"statement": "s" * 601}, "claim a: a statement of 601 characters; make several claims of it"),
    ],
)
def test_words_that_are_missing_or_too_many_are_refused(fields: dict[str, str], message: str) -> None:
    with pytest.raises(ClaimError, match=message):
        on_paper_alone("a", **fields)


# ------------------------------------------------------------------------------- the decorator, and what it refuses

ONE = Family("1", 1, lambda: [1])
GOOD = "Title.\n\n    Statement.\n\n    Hypotheses: none."


def stated(docstring: str | None = GOOD, *, page: str = "objective", **how: object) -> Claim:
    """State a claim over a new function."""

    def decide(n: int, *, least: int = 0) -> Iterator[Case]:
        yield compare("n", n, ">", least)

    decide.__doc__ = docstring
    given: dict[str, object] = {"source": "ours", "on": [ONE], "witness": ONE, "mutation": ("2", On(ONE, least=2))}
    found = claim_of(stating.claim("a", page=page, **(given | how))(decide))  # type: ignore[arg-type]  # wrong ones, too
    assert found is not None
    return found


def test_a_claim_is_what_stands_over_and_in_its_function() -> None:
    found = stated(
        "One.\n\n    $1 > 0$.\n\n    Constants: 0.\n    Hypotheses:\n        none.\n", depends=["b"], group="g"
    )
    assert (found.title, found.statement, found.constants, found.hypotheses) == ("One", "$1 > 0$.", "0.", "none.")
    assert (found.page.file, found.depends, found.group) == ("docs/reference/theory/objective.md", ("b",), "g")
    assert run_claim(found).verdict is Verdict.HOLDS


def test_a_trivial_object_must_be_excluded() -> None:
    excluded, kept = (stated(trivial=("0 is returned", On(ONE, least=least))) for least in (1, 0))
    assert run_claim(excluded).verdict is Verdict.HOLDS
    report = run_claim(kept)
    assert (report.verdict, report.reason) == (Verdict.TOOTHLESS, "not excluded: 0 is returned.")
    assert run_claim(stated(trivial="none: an identity")).verdict is Verdict.HOLDS


def test_every_is_a_check_too_and_comes_first() -> None:
    found = stated(every=Check(Catalog(), lambda _: []))
    assert found.every is found.checks[0]
    assert [str(check.domain) for check in found.checks] == ["catalog", "1 (1)"]


@pytest.mark.parametrize(
    ("docstring", "how", "message"),
    [
        (None, {}, "claim a: its docstring needs a title and, after an empty line, the statement"),
        ("Title.", {}, "needs a title and, after an empty line, the statement"),
        ("Title.\n\nHypotheses: none.", {}, "needs a title and, after an empty line, the statement"),
        ("Title.\n\nStatement.", {}, "claim a: its docstring needs 'Hypotheses:', if only 'Hypotheses: none.'"),
        ("Title.\n\nStatement.\n\nHypotheses:\n", {}, "claim a: its docstring has an empty part Hypotheses:"),
        (GOOD + "\n    Hypotheses: some.", {}, "claim a: its docstring has Hypotheses twice"),
        (GOOD, {"page": "nowhere"}, "claim a: no page 'nowhere'; the pages are objective"),
        (GOOD, {"page": ""}, "claim a: no page 'tests'"),
        (GOOD, {"on": ()}, "claim a: needs at least one check, a witness and a mutation"),
        (GOOD, {"every": ONE}, r"claim a: 'every' takes all problems of a kind, such as Catalog\(\)"),
        (GOOD, {"every": Catalog("two-arms")}, "claim a: 'every' takes all problems of a kind"),
        (GOOD, {"trivial": "pi_ref"}, "claim a: 'trivial' is what is excluded and where, or 'none: ' and why"),
        (GOOD, {"group": "No"}, "claim id 'No': use lower-case words"),
    ],
)
def test_what_is_malformed_is_one_line_at_import(docstring: str | None, how: dict[str, object], message: str) -> None:
    with pytest.raises(ClaimError, match=message) as refused:
        stated(docstring, **how)  # type: ignore[arg-type]  # wrong ones
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("left_out", ["witness", "mutation"])
def test_a_claim_without_witness_or_mutation_cannot_be_written(left_out: str) -> None:
    how = {"source": "ours", "on": [ONE], "witness": ONE, "mutation": ("2", ONE)}
    del how[left_out]
    with pytest.raises(TypeError, match=left_out):
        stating.claim("a", **how)  # type: ignore[arg-type]  # that it is refused is the test


def test_the_catalog_as_a_domain() -> None:
    assert [name for name, _ in Catalog().members()] == list(linear_names())
    assert [(name, problem.name) for name, problem in Catalog("two-arms").members()] == [("two-arms", "two-arms")]


def test_the_token_catalog_as_a_domain() -> None:
    assert [name for name, _ in Catalog(of=ANY).members()] == [*tree_names(), *linear_names()]
    assert Catalog(of=ANY).size == len(names())
    (name, problem), *rest = Catalog("fair-bits-3", of=ANY).members()
    assert (name, problem.horizon, rest) == ("fair-bits-3", 3, [])
    assert str(Catalog("fair-bits-3", of=ANY)) == "catalog: fair-bits-3"


def test_token_problems_too_large_to_expand_are_left_out_by_name() -> None:
    domain = Catalog("fair-bits-3", "fair-bits-64", of=ANY, expandable=True)
    assert [name for name, _ in domain.members()] == ["fair-bits-3"]
    assert domain.size == 1
    assert str(domain) == "catalog: fair-bits-3, fair-bits-64 without fair-bits-64"
    assert str(Catalog("fair-bits-3", of=ANY, expandable=True)) == "catalog: fair-bits-3"


def test_every_kind_of_domain_has_a_grade() -> None:
    kinds = {type(check.domain) for claim in registry() for check in claim.checks}
    assert Catalog in kinds
    assert kinds <= set(STRONGEST)


DRAW = "from hypothesis import strategies as st; from proofs_check.ledger.drawing import drawn; print(drawn({}, 30, 5))"


def test_random_members_depend_on_seed_and_strategy_alone() -> None:
    strategy = st.tuples(st.integers(), st.integers(-5, 5))
    here = drawn(strategy, 30, 5)
    # Another process has other modules loaded, from which Hypothesis would take constants.
    code = DRAW.format("st.tuples(st.integers(), st.integers(-5, 5))")
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert there.strip() == str(here)
    assert drawn(strategy, 30, 6) != here
    assert len(here) == 30


def test_a_small_domain_runs_out() -> None:
    assert set(drawn(st.booleans(), 50, 1)) == {False, True}


def test_every_theorem_in_the_index_belongs_to_a_claim_of_the_ledger() -> None:
    assert claims_with_theorems()
    assert claims_with_theorems() <= {claim.id for claim in registry()}


def test_the_example_in_the_docstring_runs() -> None:
    import doctest  # noqa: PLC0415 - only here

    assert doctest.testmod(proofs_check.ledger).failed == 0
