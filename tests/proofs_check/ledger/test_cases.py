"""How one case is decided, and that evidence cannot be made by hand."""

from dataclasses import replace

import pytest
import sympy
from flint import arb, fmpq

from proofs_check.ledger import Case, Evidence, Forged, Method, Report, agree, compare, fact, frequency, identity
from proofs_check.ledger.grades import Grade, Verdict
from reference.exact import Undecided, enclosed, exp, exp_ratio, log, real, real_log


@pytest.mark.parametrize(
    ("relation", "holds_for"), [("<=", {1, 2}), ("<", {1}), ("==", {2}), ("!=", {1, 3}), (">=", {2, 3}), (">", {3})]
)
def test_every_relation_means_what_it_says(relation: str, holds_for: set[int]) -> None:
    for left in (1, 2, 3):
        holds = left in holds_for
        assert compare("x", left, relation, 2).holds is holds
        assert compare("x", log(left), relation, log(2)).holds is holds
        assert compare("x", exp(left), relation, exp(2)).holds is holds


def test_an_unknown_relation_is_refused() -> None:
    with pytest.raises(ValueError, match="use one of"):
        compare("x", 1, "=<", 2)


def test_normal_forms_are_exact_and_balls_are_not() -> None:
    assert compare("x", fmpq(1, 2), "<", 1).method is Method.EXACT
    assert compare("x", log(2) * fmpq(3, 2), "==", log(8) / 2).method is Method.EXACT
    assert compare("x", exp(1), "<", 3).method is Method.EXACT
    assert compare("x", exp_ratio(exp(1)) / (1 + exp(1)), "<", fmpq(3, 4)).method is Method.EXACT
    assert compare("x", real_log(1 + exp(1)), "<", 2).method is Method.EXACT
    assert compare("x", real_log(1 + exp(1)) * log(2), "<", 2).method is Method.ENCLOSED
    assert compare("x", real(log(2)) * log(2), "<", fmpq(1, 2)).method is Method.ENCLOSED
    assert compare("x", real(log(2)) * log(3), "==", real(log(3)) * log(2)).method is Method.EXACT


def opaque_one(prec: int) -> arb:
    return arb(1, arb(2) ** -prec)


def test_what_balls_cannot_separate_is_undecided() -> None:
    with pytest.raises(Undecided, match="4096 bits"):
        compare("x", enclosed(opaque_one), "<=", 1)


def test_agreement_is_exact_or_says_how_close() -> None:
    exact = agree("x", log(4), log(2) * 2)
    assert exact.holds
    assert exact.exact
    close = agree("x", enclosed(opaque_one), 1, bits=200)
    assert close.holds
    assert not close.exact
    assert "2^-200" in close.note
    assert not agree("x", enclosed(opaque_one) + fmpq(1, 2**100), 1, bits=200).holds


def test_identities_hold_for_all_values_or_not() -> None:
    a, b = sympy.symbols("a b")
    assert identity((a + b) ** 2, a**2 + 2 * a * b + b**2).holds
    wrong = identity((a + b) ** 2, a**2 + b**2)
    assert not wrong.holds
    assert "2*a*b" in wrong.note


def test_frequencies_are_judged_by_exact_tails() -> None:
    # P(Binomial(20, 1/2) >= 20) = 2^-20 < 10^-6 <= P(Binomial(19, 1/2) >= 19)
    assert frequency("x", 20, 20, ">=", fmpq(1, 2)).holds
    with pytest.raises(Undecided, match="draw more"):
        frequency("x", 19, 19, ">=", fmpq(1, 2))
    assert not frequency("x", 0, 20, ">=", fmpq(1, 2)).holds
    assert frequency("x", 0, 20, "<=", fmpq(1, 2)).holds
    assert frequency("x", 20, 20, ">=", fmpq(1, 2)).method is Method.STATISTICAL


@pytest.mark.parametrize(("successes", "trials", "relation"), [(3, 2, ">="), (-1, 2, ">="), (1, 2, "==")])
def test_impossible_counts_are_refused(successes: int, trials: int, relation: str) -> None:
    with pytest.raises(ValueError, match="frequency"):
        frequency("x", successes, trials, relation, fmpq(1, 2))


@pytest.mark.parametrize("error", [1, 2, fmpq(-1, 10)])
def test_impossible_errors_are_refused(error: int | fmpq) -> None:
    with pytest.raises(ValueError, match="needs a probability below 1"):
        frequency("x", 1, 2, ">=", fmpq(1, 2), error=error)


def test_evidence_cannot_be_made_by_hand() -> None:
    with pytest.raises(Forged, match="only the ledger"):
        Case("x", True, Method.EXACT, "1 = 2")
    with pytest.raises(Forged):
        Evidence("all", Grade.KERNEL, 1, 1, 1, 1, 0, 0, 0.0)
    with pytest.raises(Forged):
        Report("x", Verdict.HOLDS, (Grade.KERNEL,))
    with pytest.raises((Forged, ValueError)):
        replace(compare("x", 2, "<=", 1), holds=True)


def test_a_case_cannot_be_changed() -> None:
    case = fact("x", False, "no")
    with pytest.raises(AttributeError):
        case.holds = True  # type: ignore[misc]  # that it is refused is the test
