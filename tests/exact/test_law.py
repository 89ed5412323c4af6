"""Finite laws: hand-worked examples, agreement with ``fractions.Fraction``, irrational masses, bad input."""

import pickle
from collections.abc import Callable
from fractions import Fraction
from math import gcd, lcm

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import (
    ExpRatio,
    InexactInput,
    LogLinear,
    exp,
    exp_sum,
    log,
    loglinear,
    rational,
    real,
    real_log,
)
from reference.exact.fast.weights import balanced_sum, common_multiple
from reference.exact.law import Law, LawError
from reference.exact.weights import Factored

weights = st.lists(st.integers(0, 20), max_size=6).map(lambda rest: [1, *rest])


@st.composite
def laws(draw: st.DrawFn) -> Law[int]:
    listed = draw(weights)
    return Law.weighted(range(len(listed)), listed)


def as_fractions(law: Law[int]) -> dict[int, Fraction]:
    return {x: Fraction(int(m.p), int(m.q)) for x, m in law.items() if isinstance(m, fmpq)}


E = exp(1)
SOFTMAX = Law.weighted("abc", [E, 1, exp("1/2")])


def test_of_by_hand() -> None:
    law = Law.of([("a", "1/2"), ("b", Fraction(1, 3)), ("c", 0), ("d", fmpq(1, 6))])
    assert law.outcomes == ("a", "b", "d")
    assert law.weights == (3, 2, 1)
    assert law.total == 6
    assert law.is_rational
    assert law.mass("b") == fmpq(1, 3)
    assert law.mass("c") == law.mass("z") == 0
    assert law.items() == (("a", fmpq(1, 2)), ("b", fmpq(1, 3)), ("d", fmpq(1, 6)))
    assert law == Law.of([("d", "1/6"), ("a", "1/2"), ("b", "1/3")])
    assert hash(law) == hash(Law.of([("d", "1/6"), ("a", "1/2"), ("b", "1/3")]))
    assert law != Law.of([("d", "1/3"), ("a", "1/2"), ("b", "1/6")])
    assert law != Law.of([("e", "1/6"), ("a", "1/2"), ("b", "1/3")])
    assert law != "law"
    assert repr(law) == "Law({'a': 1/2, 'b': 1/3, 'd': 1/6})"
    assert repr(Law.uniform(range(10))).endswith("7: 1/10, ... 2 more})")


def test_constructors() -> None:
    assert Law.weighted("ab", [2, 4]) == Law.of({"a": "1/3", "b": "2/3"})
    assert Law.weighted("ab", ["0.5", fmpq(3, 2)]).weights == (1, 3)
    assert Law.point("x").mass("x") == 1
    assert Law.uniform("abcd").mass("c") == fmpq(1, 4)
    assert Law.bernoulli("1/3") == Law.of({True: "1/3", False: "2/3"})
    assert Law.bernoulli(0) == Law.point(False)
    assert Law.bernoulli(1) == Law.point(True)
    half = Law.mixture([("1/4", Law.uniform("ab")), ("3/4", Law.point("a")), (0, Law.point("z"))])
    assert half == Law.of({"a": "7/8", "b": "1/8"})


def test_operations_by_hand() -> None:
    die = Law.uniform(range(1, 7))
    assert die.expectation(lambda k: k).exact == fmpq(7, 2)
    assert die.expectation(lambda k: fmpq(k, 7)).exact == fmpq(1, 2)
    assert die.expectation(log).exact == log(720) / 6
    assert die.probability(lambda k: k > 4) == fmpq(1, 3)
    assert die.probability(lambda k: k > 6) == 0
    assert die.map(lambda k: k % 2 == 0) == Law.bernoulli("1/2")
    assert die.product(die).map(sum).mass(7) == fmpq(1, 6)
    assert die.total_variation(Law.uniform(range(2, 7))) == fmpq(1, 6)
    assert die.total_variation(Law.point(0)) == 1


@given(laws(), laws())
def test_like_fractions(p: Law[int], q: Law[int]) -> None:
    a, b = as_fractions(p), as_fractions(q)
    assert sum(a.values()) == 1
    differences = (abs(a.get(x, Fraction(0)) - b.get(x, Fraction(0))) for x in {*a, *b})
    assert p.total_variation(q) == q.total_variation(p) == rational(sum(differences, Fraction(0)) / 2)
    assert p.expectation(lambda x: x * x).exact == rational(sum((m * x * x for x, m in a.items()), Fraction(0)))
    folded = {r: sum((m for x, m in a.items() if x % 2 == r), Fraction(0)) for r in (0, 1)}
    assert p.map(lambda x: x % 2) == Law.of(folded)
    assert p.product(q) == Law.of({(x, y): m * n for x, m in a.items() for y, n in b.items()})
    mixed = Law.mixture([("2/5", p), ("3/5", q)])
    keys = {*a, *b}
    assert mixed == Law.of({x: (2 * a.get(x, Fraction(0)) + 3 * b.get(x, Fraction(0))) / 5 for x in keys})
    assert Law.of(p.items()) == p
    assert pickle.loads(pickle.dumps(p)) == p  # noqa: S301  # our own bytes


def test_irrational_masses() -> None:
    z = E + 1 + exp("1/2")
    assert not SOFTMAX.is_rational
    assert SOFTMAX.mass("a") == ExpRatio(E, z)
    assert balanced_sum([real(m) for _, m in SOFTMAX.items()], real(0)) == 1
    assert Law.of({"a": ExpRatio(E, z), "b": ExpRatio(1, z), "c": ExpRatio(exp("1/2"), z)}) == SOFTMAX
    assert Law.of([("c", ExpRatio(exp("3/2"), E * z)), ("b", ExpRatio(1, z)), ("a", ExpRatio(E, z))]) == SOFTMAX
    assert hash(Law.weighted("cba", [exp("1/2"), 1, E])) == hash(SOFTMAX)
    assert Law.uniform("abc") != SOFTMAX
    assert Law.weighted("abc", [E, 1, E]) != SOFTMAX
    assert SOFTMAX.probability(lambda x: x != "b") == ExpRatio(E + exp("1/2"), z)
    assert SOFTMAX.probability(lambda _: True) == 1
    assert SOFTMAX.expectation(lambda x: {"a": 1, "b": 2, "c": 0}[x]).exact == ExpRatio(E + 2, z)
    assert SOFTMAX.expectation(lambda x: log(3) if x == "b" else LogLinear(fmpq(0))) == real_log(3) / z
    assert SOFTMAX.total_variation(Law.point("b")) == ExpRatio(E + exp("1/2"), z)
    assert SOFTMAX.total_variation(SOFTMAX) == 0
    assert SOFTMAX.map(lambda x: x == "b") == Law.bernoulli(ExpRatio(1, z))
    assert SOFTMAX.product(Law.uniform([0, 1])).mass(("a", 0)) == ExpRatio(E, 2 * z)
    assert Law.uniform([0, 1]).product(SOFTMAX).mass((0, "a")) == ExpRatio(E, 2 * z)
    mixed = Law.mixture([("1/2", SOFTMAX), ("1/2", Law.point("b"))])
    assert mixed.mass("b") == ExpRatio(1, 2 * z) + fmpq(1, 2)
    assert Law.mixture([(ExpRatio(1, 1 + E), Law.point("a")), (ExpRatio(E, 1 + E), SOFTMAX)]).mass("c") == ExpRatio(
        E * exp("1/2"), (1 + E) * z
    )
    assert pickle.loads(pickle.dumps(SOFTMAX)) == SOFTMAX  # noqa: S301  # our own bytes


def test_rational_masses_come_out_rational() -> None:
    root = exp(log(2) / 2)
    law = Law.weighted("ab", [root * E * 3, root * E])
    assert law.is_rational
    assert law.weights == (3, 1)
    assert Law.weighted("ab", [exp(log("3/2")), 1]).weights == (3, 2)
    assert Law.weighted("ab", [E + 1, 2 * E + 2]).weights == (1, 2)
    assert not Law.weighted("ab", [E + 1, 2 * E + 1]).is_rational
    assert not Law.weighted("ab", [E, exp(2)]).is_rational
    # The total may be rational where the masses are not.
    tenth = E * fmpq(1, 10)
    law = Law.of([("a", tenth), ("b", 1 - tenth)])
    assert not law.is_rational
    assert law.mass("a") == tenth
    assert SOFTMAX.map(lambda _: 0) == Law.point(0)
    assert SOFTMAX.map(lambda x: x) == SOFTMAX


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Law.of({"a": "1/2", "b": "3/5"}), "sum to 1.1, not to 1: 0.1 too much"),
        (lambda: Law.of({"a": "1/2", "b": "1/4"}), "sum to 0.75, not to 1: 0.25 missing"),
        (lambda: Law.of({"a": ExpRatio(1, E)}), "sum to ≈0.367879441171, not to 1: ≈0.632120558829 missing"),
        (lambda: Law.of({"a": "3/2", "b": "-1/2"}), "'b' has the negative weight"),
        (lambda: Law.of([("a", 1), ("b", E - 3)]), "'b' has the negative weight"),
        (lambda: Law.of([("a", "1/2"), ("a", "1/2")]), "'a' appears twice"),
        (lambda: Law.of({}), "at least one outcome"),
        (lambda: Law.uniform([]), "at least one outcome"),
        (lambda: Law.uniform("aba"), "'a' appears twice"),
        (lambda: Law.weighted("ab", [0, 0]), "every outcome has weight zero"),
        (lambda: Law.weighted("ab", [1]), "2 outcomes and 1 weights"),
        (lambda: Law.weighted("ab", [1, exp(1) - exp(1) - 1]), "'b' has the negative weight"),
        (lambda: Law.bernoulli("7/6"), "7/6 is not a probability"),
        (lambda: Law.bernoulli(-1), "-1 is not a probability"),
        (lambda: Law.bernoulli(E), "is not a probability"),
        (lambda: Law.mixture([("1/2", Law.point(0))]), "sum to 0.5"),
    ],
)
def test_bad_laws(make: Callable[[], object], message: str) -> None:
    with pytest.raises(LawError, match=message):
        make()


def test_floats_are_refused() -> None:
    with pytest.raises(InexactInput):
        Law.of({"a": 1.0})  # type: ignore[dict-item]  # the point of the test
    with pytest.raises(InexactInput):
        Law.weighted("ab", [0.5, 0.5])  # type: ignore[list-item]  # the point of the test


def test_immutable() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        SOFTMAX.total = 1


@given(laws(), st.integers(1, 9))
def test_locate_is_the_inverse_distribution_function(law: Law[int], bits: int) -> None:
    masses, start = as_fractions(law), Fraction(0)
    ends = []
    for x in law.outcomes:
        ends.append((start, start + masses[x]))
        start += masses[x]
    for u in range(1 << bits):
        low, high = Fraction(u, 1 << bits), Fraction(u + 1, 1 << bits)
        inside = [i for i, (a, b) in enumerate(ends) if a <= low and high <= b]
        assert law.locate(u, bits) == (inside[0] if inside else None)


def test_locate_irrational_agrees_with_every_finer_grid() -> None:
    # e/(e+2) = 0.576..: thresholds that are no dyadic rationals, against a rational law on either side of them.
    law = Law.weighted("ab", [E, 2])
    for bits in (4, 8, 64):
        edge = real(ExpRatio(E * (1 << bits), E + 2))
        below = 0  # the grid cell that holds the threshold, by bisection with decided comparisons
        for k in reversed(range(bits)):
            below += (1 << k) if edge >= below + (1 << k) else 0
        assert law.locate(below - 1, bits) == 0
        assert law.locate(below, bits) is None
        assert law.locate(below + 1, bits) == 1
        assert law.locate(0, bits) == 0
        assert law.locate((1 << bits) - 1, bits) == 1


def test_locate_with_cancelling_weights() -> None:
    # exp(1) minus its Taylor polynomial: a weight of relative size 10^-158 next to an integer.
    tail = exp_sum([(1, fmpq(1))])
    factorial = 1
    for k in range(100):
        factorial *= max(k, 1)
        tail = tail - fmpq(1, factorial)
    law = Law.weighted("ab", [tail, 1])
    assert law.locate(0, 64) is None
    assert law.locate(1, 64) == 1
    assert law.locate(0, 1024) == 0


def test_factored() -> None:
    z = E + 1
    six, mixed = Factored().times(2).times(3), Factored().times(z).times(4).times(z)
    assert six.value() == 6
    assert mixed.value() == 4 * z * z
    common, (a, b) = common_multiple([six, mixed])
    assert common.value() == 12 * z * z
    assert a == 2 * z * z
    assert b == 3
    assert common_multiple([])[0].value() == 1


def test_expectation_of_reals() -> None:
    law = Law.uniform([2, 3])
    assert law.expectation(lambda n: real_log(n + E)) == (real_log(2 + E) + real_log(3 + E)) / 2
    assert law.expectation(lambda n: loglinear("log(2)") * n).exact == log(2) * fmpq(5, 2)


@given(st.lists(st.fractions(0, 20, max_denominator=6), min_size=1, max_size=6).filter(any))
def test_integers_and_rationals_make_the_same_law(masses: list[Fraction]) -> None:
    outcomes, whole = range(len(masses)), lcm(*(mass.denominator for mass in masses))
    law = Law.weighted(outcomes, [int(mass * whole) for mass in masses])
    assert Law.weighted(outcomes, masses) == law
    assert Law.weighted(outcomes, [exp_sum([(rational(mass), 0)]) for mass in masses]) == law
    total = sum(masses)
    assert Law.of((x, mass / total) for x, mass in zip(outcomes, masses, strict=True)) == law
    integers = [weight for weight in law.weights if type(weight) is int and weight > 0]
    assert len(integers) == len(law.weights)
    assert (gcd(*integers), sum(integers)) == (1, law.total)
    assert law.outcomes == tuple(x for x, mass in zip(outcomes, masses, strict=True) if mass)
