"""The list of claims: complete, well formed, and what is malformed is refused."""

import subprocess
import sys

import pytest
from hypothesis import strategies as st

import proofs_check.ledger
from proofs_check.claims import registry
from proofs_check.ledger import ANY, Catalog, Check, Claim, ClaimError, Family, Registry, Standing
from proofs_check.ledger.coq import claims_with_theorems
from proofs_check.ledger.drawing import drawn
from proofs_check.ledger.kernel import STRONGEST
from reference.catalog import linear_names, names, tree_names

IDS = {
    3: "gibbs-optimum policy-is-reward coverage-range gap-oscillation gap-quadratic",
    4: "rejection-exact softmax-sampler-tv",
    5: "needle-facts needle-hit needle-minimax coverage-lower-bound data-without-coverage data-lower-bound "
    "fmr25-theorem-2-1",
    6: "spanner-size ridge-error elliptic-potential uncovered-mass spanner-coverage truncated-coverage truncation-gap "
    "spanner-end-to-end span-mode-exact spanner-matches fmr25-theorem-3-1",
    8: "barycentric-spanner enumerating-error",
    7: "dnf-completeness dnf-soundness dnf-commitment dnf-exploration dnf-baselines dnf-decoding "
    "online-dpo-passive proper-tradeoff fmr25-theorem-4-1",
    9: "soft-bellman q-linear path-consistency coverage-tokens coverage-gap mtss-restarts mtss-exact "
    "mtss-rounding mtss-unrealizable token-vs-sequence fmr25-theorem-5-1",
}


@pytest.mark.parametrize("section", IDS)
def test_every_claim_of_the_theory_is_in_the_ledger(section: int) -> None:
    assert {claim.id for claim in registry() if claim.section == section} == set(IDS[section].split())


def test_all_claims_are_checked_but_those_that_rest_on_the_paper_alone() -> None:
    for claim in registry():
        paper = claim.id.startswith("fmr25-theorem")
        assert claim.standing is (Standing.PAPER if paper else Standing.CHECKED)


def test_an_unknown_claim_is_answered_with_the_nearest() -> None:
    with pytest.raises(ClaimError, match="did you mean 'needle-minimax'"):
        registry()["needle-minmax"]


def later(name: str, *depends: str) -> Claim:
    return Claim.later(name, 5, "t", "s", "ours", depends=depends)


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ((later("a"), later("a")), "there twice"),
        ((later("a", "b"),), "'b', which is not in the ledger"),
        ((later("a", "b"), later("b", "a")), "depends on itself"),
    ],
)
def test_a_malformed_list_is_refused(claims: tuple[Claim, ...], message: str) -> None:
    with pytest.raises(ClaimError, match=message):
        Registry(claims)


@pytest.mark.parametrize("name", ["", "Two", "a_b", "a--b", "-a"])
def test_a_malformed_id_is_refused(name: str) -> None:
    with pytest.raises(ClaimError, match="hyphens"):
        later(name)


def test_a_checked_claim_needs_check_witness_and_mutation() -> None:
    check = Check(Family("0", 1, lambda: [0]), lambda _: [])
    with pytest.raises(ClaimError, match="a witness and a mutation"):
        Claim(id="a", section=3, title="t", statement="s", source="ours", checks=(check,))


def test_an_empty_statement_is_refused() -> None:
    with pytest.raises(ClaimError, match="statement is empty"):
        Claim.later("a", 5, "t", " ", "ours")


def test_a_check_says_where_its_code_is() -> None:
    for claim in registry():
        for check in claim.checks:
            assert check.location.startswith("proofs_check/claims/")


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
