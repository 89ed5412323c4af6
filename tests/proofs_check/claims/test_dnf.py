"""The claims about formulas: domains and searches are what they say."""

from itertools import product

from flint import fmpq

from proofs_check.claims.proper.commitment import (
    EITHER,
    THREE_OF_FIVE,
    Chooser,
    at_large_scale,
    chooser_below_quarter,
    options,
)
from proofs_check.claims.proper.decoding import divergence
from proofs_check.claims.proper.formulas import (
    DnfAim,
    planted_instances,
    small_instances,
    soundness_bound,
    tight_aims,
)
from proofs_check.reduction.null_run import slack
from reference.constructions.dnf.assignments import assignments
from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.exact import log, real


def test_the_bound_is_the_instance_s() -> None:
    for instance in (*list(small_instances())[:20], *list(planted_instances())[:3]):
        for value in (fmpq(0), fmpq(1, 3), fmpq(1)):
            assert soundness_bound(instance, value) == instance.bound(value)


def test_chance_by_hand() -> None:
    # x1 & !x2 at t = (1, 0): weight L/A = 1/4 against 31/32
    aim = DnfAim(DnfInstance.of(Formula(2, ((1, -2),)), 8, 2, 1, (1, -1)), (fmpq(1), fmpq(0)))
    assert aim.rounded == (1, 1)
    assert aim.chance == aim.instance.chance(aim.t) == fmpq(8, 39)


def test_tight_parameters_do_not_satisfy_everything() -> None:
    assert any(aim.instance.formula.value(aim.rounded) not in {0, 1} for aim in tight_aims())
    assert {aim.instance.formula.k for aim in tight_aims()} == {2, 3}


def test_divergence_by_hand() -> None:
    # A = 3, L = 1, p = 1/9, k = 2: a = 9/17, b = (1/3)/(11/9) = 3/11
    a, b = fmpq(9, 17), fmpq(3, 11)
    expected = (log(b) - log(a)) * b + (log(1 - b) - log(1 - a)) * (1 - b)
    assert divergence(fmpq(1, 9), fmpq(1), fmpq(3)) == real(expected)


def test_options_are_undominated_and_attained() -> None:
    instance = at_large_scale(Formula(2, ((1, 2), (1, -2), (-1, 2))))
    for j in range(3):
        listed = options(instance, j)
        for value, chance, vertex in listed:
            assert instance.formula.value(vertex) == value
            assert instance.answers[instance.formula.satisfied(vertex)[j]] == chance
        for a in assignments(2):
            value, chance = instance.formula.value(a), instance.answers[instance.formula.satisfied(a)[j]]
            assert any(v <= value and c >= chance for v, c, _ in listed)


def test_the_quarter_search_against_all_choosers() -> None:
    # every one of the 4^5 choosers on the witness, by the definition
    instance = at_large_scale(THREE_OF_FIVE)
    formula, level = instance.formula, fmpq(1, 4) - slack(instance)
    vertices = list(assignments(2))
    found = []
    for choice in product(vertices, repeat=5):
        hit = sum((instance.answers[formula.satisfied(a)[j]] for j, a in enumerate(choice)), fmpq(0)) / 5
        often = fmpq(sum(formula.value(a) >= level for a in choice), 5)
        if hit >= fmpq(1, 2) and often < fmpq(1, 4):
            found.append(choice)
    chooser = chooser_below_quarter(instance)
    assert chooser is not None
    assert chooser.vertices in found


def test_a_chooser_s_law() -> None:
    instance = at_large_scale(EITHER)
    law = Chooser(instance, ((1,), (-1,))).law()
    assert law.mass((fmpq(1, 2), True)) == instance.hit
