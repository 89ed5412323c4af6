"""MaxSAT against enumeration where both run, and what a solver that runs out of time leaves behind."""

import re
from collections.abc import Iterator

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs_check.ledger import Case, Check, Claim, Family, Mutation, Verdict, compare, run_claim
from proofs_check.ledger.pages import page_named
from proofs_check.reduction import maxsat
from proofs_check.reduction.maxsat import MaxSat, best, best_by_maxsat, greedy, rc2
from reference.constructions.dnf.best_vertex import best_assignment
from reference.constructions.dnf.families import PLANTED, Planted, small_formulas
from reference.constructions.dnf.formula import Formula, FormulaError
from reference.constructions.dnf.generate import planted_formula, random_formula
from reference.exact import Undecided
from reference.interaction import Seeded
from reference.testing import formulas


@given(formulas(max_variables=6, max_terms=12))
def test_agrees_with_enumeration(formula: Formula) -> None:
    listed, found = best_assignment(formula), best_by_maxsat(formula)
    assert found.value == listed.value == formula.value(found.assignment)
    assert greedy(formula).value == formula.value(greedy(formula).assignment) <= listed.value


@pytest.mark.parametrize("planted", PLANTED, ids=str)
def test_agrees_on_the_planted_family(planted: Planted) -> None:
    formula, _ = planted.formula()
    assert best_by_maxsat(formula).value == best_assignment(formula).value


def test_agrees_on_every_small_formula() -> None:
    for formula in small_formulas():
        assert best_by_maxsat(formula).value == best_assignment(formula).value


@settings(max_examples=5)
@given(st.integers(0, 10**6))
def test_agrees_at_sixteen_variables(seed: int) -> None:
    formula = random_formula(Seeded(seed), 16, 3, 60)
    assert best_by_maxsat(formula).value == best_assignment(formula).value


def test_beyond_enumeration() -> None:
    formula, _ = planted_formula(Seeded(1), 60, 3, 300, 200)
    found = best_by_maxsat(formula)
    assert found.value == formula.value(found.assignment) == fmpq(2, 3)


def test_a_timeout_is_undecided_with_its_bounds() -> None:
    formula = random_formula(Seeded(2), 80, 3, 800)
    with pytest.raises(Undecided) as caught:
        best_by_maxsat(formula, 0.05)
    said = re.search(
        r"(\d+)/(\d+) <= val\* <= (\d+)/(\d+) after 0.05 seconds of MaxSAT; allow more$", str(caught.value)
    )
    assert said is not None
    lower, upper = fmpq(int(said[1]), int(said[2])), fmpq(int(said[3]), int(said[4]))
    assert fmpq(1, 8) < lower == greedy(formula).value < upper < 1
    assert "\n" not in str(caught.value)


def test_a_solver_that_claims_too_much_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Optimist:
        cost = 0

        def compute(self, *, expect_interrupt: bool) -> list[int]:
            assert expect_interrupt
            return [1]

        def interrupt(self) -> None: ...

        def delete(self) -> None: ...

    monkeypatch.setattr(maxsat, "rc2", lambda _: Optimist())
    with pytest.raises(Undecided, match=r"the solver says 1, its assignment has val 1/2$"):
        best_by_maxsat(Formula(1, ((1,), (-1,))))


def test_a_claim_that_runs_out_of_time_is_undecided_with_the_bounds() -> None:
    formula = random_formula(Seeded(2), 80, 3, 800)

    def at_most(value: fmpq) -> Iterator[Case]:
        yield compare("80 variables", best(formula, 0.05).value, "<=", value, "val* <= value")

    one, none = Family("1", 1, lambda: [fmpq(1)]), Family("0", 1, lambda: [fmpq(0)])
    report = run_claim(
        Claim(
            id="val-star",
            page=page_named("proper"),
            title="t",
            statement="s",
            source="ours",
            hypotheses="none.",
            checks=(Check(one, at_most),),
            witness=Check(one, at_most),
            mutation=Mutation("0", Check(none, at_most)),
        )
    )
    assert report.verdict is Verdict.UNDECIDED
    assert re.search(r"\d+/\d+ <= val\* <= \d+/\d+ after 0.05 seconds of MaxSAT", report.reason)


def test_which_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []

    def noted(formula: Formula) -> MaxSat:
        taken.append(formula.variables)
        return rc2(formula)

    monkeypatch.setattr(maxsat, "rc2", noted)
    assert best(Formula(16, ((1, 2), (-1, 2)))).ties == 1 << 15  # enumerated: ties are counted
    assert best(Formula(17, ((1, 2), (-1, 2)))).value == fmpq(1, 2)
    assert taken == [17]


def test_no_time_is_refused() -> None:
    with pytest.raises(FormulaError, match=r"^0 seconds for the solver: needs more than 0$"):
        best_by_maxsat(Formula(1, ((1,),)), 0)
