"""Formulas and their instances: a worked example, the model against a second implementation, bad input."""

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.constructions.dnf.formula import DnfInstance, Formula, FormulaError
from reference.exact import log
from reference.model import coverage, optimum, softmax
from reference.testing import dnf_instances, formulas
from tests.constructions import dnf_peer as peer

WORKED = Formula(3, ((1, -2), (2, 3)))


def worked() -> DnfInstance:
    return DnfInstance.of(WORKED, 8, 2, "1/2", (1, -1, 1))


def test_value_by_hand() -> None:
    assert str(WORKED) == "x1 & !x2 | x2 & x3"
    assert WORKED.k == 2
    assert WORKED.satisfied((1, -1, 1)) == (2, 1)
    assert [WORKED.value(a) for a in ((1, -1, 1), (-1, -1, -1), (-1, 1, 1))] == [fmpq(1, 2), 0, fmpq(1, 2)]


def test_a_repeated_term_counts_twice() -> None:
    assert Formula(2, ((1,), (1,), (-2,))).value((1, 1)) == fmpq(2, 3)


def test_the_instance_by_hand() -> None:
    # p = 2/64; weights 2/64 times 8^2, 8^0, 8^-2 against 31/32; b has weight 2/8
    instance = worked()
    assert (instance.p, instance.hit, instance.miss) == (fmpq(1, 32), fmpq(64, 95), fmpq(8, 39))
    assert instance.answers == (fmpq(1, 1985), fmpq(1, 32), fmpq(64, 95))
    problem = instance.problem
    assert tuple(prompt.name for prompt in problem.prompts) == ("t1: x1 & !x2", "t2: x2 & x3")
    assert [str(q) for q in problem.phi(0, 1)] == ["1/2", "-1/2", "0"]
    assert list(problem.rewards(0)) == [0, log(8)]  # beta k log A = log 8, the term is satisfied
    assert list(problem.rewards(1)) == [0, 0]  # one literal of two
    assert problem.pi_ref(1).mass(1) == fmpq(1, 32)
    assert instance.parameter_set.bounds == (log(8),) * 3
    assert instance.bound(fmpq(1, 4)) == fmpq(1, 4) * fmpq(64, 95) + fmpq(3, 4) * fmpq(8, 39)


def test_declared_bounds_are_nearly_attained() -> None:
    instance = worked()
    norm_squared = sum(float(t.enclosure(60).mid()) ** 2 for t in instance.problem.theta)
    assert 0 < float(int(instance.problem.B.p) / int(instance.problem.B.q)) ** 2 - norm_squared < 0.15
    assert fmpq(0) <= instance.problem.R_max - fmpq(133, 64) <= fmpq(1, 64)  # log 8 = 2.0794


def test_theta_and_its_rounding() -> None:
    instance = worked()
    theta = instance.theta((1, "-1/3", 0))
    assert theta == (log(8), log(2) * -1, log(1))
    assert instance.assignment(theta) == (1, -1, 1)  # sgn 0 = +1
    assert instance.parameter_set.contains(theta)
    assert instance.theta(instance.star) == instance.problem.theta


@given(dnf_instances())
def test_the_model_gives_the_answers(instance: DnfInstance) -> None:
    A, L = (Fraction(int(q.p), int(q.q)) for q in (instance.A, instance.L))
    best = optimum(instance.problem)
    counts = instance.formula.satisfied(instance.star)
    for j, term in enumerate(instance.formula.terms):
        mass = best.law(j).mass(1)
        assert mass == instance.answers[counts[j]]
        assert mass == fmpq(*peer.answer(A, L, term, instance.star).as_integer_ratio())
    value = peer.value(instance.formula.terms, instance.star)
    assert instance.formula.value(instance.star) == fmpq(*value.as_integer_ratio())
    assert coverage(instance.problem, best) <= 1 / instance.p


@given(dnf_instances(), st.data())
def test_chance_is_the_mean_over_prompts(instance: DnfInstance, data: st.DataObject) -> None:
    t = [fmpq(data.draw(st.integers(-3, 3)), 3) for _ in range(instance.formula.variables)]
    policy = softmax(instance.problem, instance.theta(t))
    masses = [policy.law(j).mass(1) for j in range(len(instance.formula.terms))]
    assert instance.chance(t) == sum(masses[1:], masses[0]) / len(masses)


@given(formulas())
def test_text_is_read_back(formula: Formula) -> None:
    assert str(formula).count("|") == len(formula.terms) - 1


@pytest.mark.parametrize(
    ("variables", "terms", "said"),
    [
        (2, ((1, 1),), "term 1 (x1 & x1) repeats x1; name it once"),
        (2, ((-2, -2),), "term 1 (!x2 & !x2) repeats !x2; name it once"),
        (2, ((1, 2), (2, -2)), "term 2 (x2 & !x2) contradicts itself: it has x2 and !x2"),
        (2, ((1, 2), ()), "term 2 is empty: a term needs at least one literal"),
        (2, ((1, -3),), "term 1 (x1 & !x3): x3 is out of range, there is x1..x2"),
        (1, ((2,),), "term 1 (x2): x2 is out of range, there is x1 only"),
        (2, ((0,),), "term 1: 0 is not a literal; write v for x_v and -v for !x_v, v >= 1"),
        (2, ((True,),), "term 1: True is not a literal; write v for x_v and -v for !x_v, v >= 1"),
        (2, ((1, 2), (1,)), "term 2 (x1) has length 1, but term 1 has length 2; all terms need the same length k"),
        (2, (), "the formula has no terms: needs at least one"),
        (0, ((1,),), "0 variables: needs an integer n >= 1"),
    ],
)
def test_a_bad_formula_names_the_term(variables: int, terms: tuple[tuple[int, ...], ...], said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        Formula(variables, terms)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("A", "L", "beta", "star", "said"),
    [
        (1, 1, 1, (1, 1, 1), "DNF instance: A = 1: needs A > 1"),
        (0, 1, 1, (1, 1, 1), "DNF instance: A = 0: needs A > 1"),
        (2, "1/2", 1, (1, 1, 1), "DNF instance: L = 1/2: needs L >= 1"),
        (2, 2, 1, (1, 1, 1), "DNF instance: p = L/A^2 = 1/2: needs p < 1/2; lower L or raise A"),
        (2, 1, 0, (1, 1, 1), "DNF instance: beta = 0: needs beta > 0"),
        (2, 1, 1, (1, 1), "assignment of 2 values: the formula has 3 variables"),
        (2, 1, 1, (1, 1, 0), "x3 = 0: an assignment has the values 1 (true) and -1 (false)"),
    ],
)
def test_a_bad_instance_names_the_hypothesis(A: int, L: int, beta: int, star: tuple[int, ...], said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        DnfInstance.of(WORKED, A, L, beta, star)
    assert str(caught.value) == said


def test_bad_parameters_and_assignments() -> None:
    instance = worked()
    with pytest.raises(FormulaError, match=r"^t_2 = 3/2: Theta is the box with -1 <= t_v <= 1$"):
        instance.theta((1, "3/2", 0))
    with pytest.raises(FormulaError, match=r"^t_3 = -2: Theta is the box with -1 <= t_v <= 1$"):
        instance.theta((1, 1, -2))
    with pytest.raises(FormulaError, match=r"^t has 2 entries: the formula has 3 variables$"):
        instance.chance((1, 1))
    with pytest.raises(FormulaError, match=r"^theta has 1 entries: the formula has 3 variables$"):
        instance.assignment((log(2),))
    with pytest.raises(FormulaError, match=r"^assignment of 2 values: the formula has 3 variables$"):
        WORKED.value((1, 1))
