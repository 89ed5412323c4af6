"""Exp-sums: the normal form, and the two forms of its parts."""

import pickle

import mpmath
import pytest
import sympy
from flint import fmpq, fmpz_poly
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import BadNumber, ExpSum, InexactInput, LogLinear, exp, exp_sum, exp_total, log, loglinear
from reference.exact.expsum import proportion
from reference.exact.laurent import Laurent, common_lattice
from tests.exact.tower import DIGITS, expsums, inside, loglinears, long_terms, mp, mp_expsum, mp_terms, rationals, terms

SQRT2, SQRT3 = exp("1/2*log(2)"), exp("1/2*log(3)")
Pairs = list[tuple[fmpq, LogLinear]]


def test_hand_worked_folding() -> None:
    assert exp("3*log(2)") == 8
    assert exp("-log(2)") == fmpq(1, 2)
    assert exp("3/2*log(2)") == 2 * SQRT2
    assert exp("-1/2*log(2)") == SQRT2 / 2  # floor(-1/2) = -1: 2^(-1/2) = 1/2 * 2^(1/2)
    assert exp("-1/2*log(2)").parts[0][0] == ((2, 1, 2),)
    assert exp("-7/3*log(5)") == exp("2/3*log(5)") / 125
    assert exp("1 + log(2)") == 2 * exp(1)
    assert exp(log(6) / 2) == SQRT2 * SQRT3
    assert SQRT2 * SQRT2 == 2
    assert 5 + 2 * exp(log(6) / 2) == (SQRT2 + SQRT3) ** 2
    assert (exp(1) + exp(-1)) ** 2 == exp(2) + 2 + exp(-2)
    assert (SQRT2 - 1) * (SQRT2 + 1) == 1
    assert exp("1/2") * exp("1/3") == exp("5/6")
    assert exp(1) ** 0 == 1


def test_equal_numbers_have_equal_hashes_and_parts() -> None:
    for left, right in (
        (exp("1/2") ** 2, exp(1)),
        (exp("1/2") * exp(fmpq(1, 2)) - exp(1) + 3, exp(0) * 3),
        (exp("1/2") + exp(1) - exp("1/2"), exp(1)),
        (SQRT2 * SQRT3 * SQRT2, 2 * SQRT3),
        (exp("1/3*log(2)") ** 3, exp(0) * 2),
    ):
        assert left == right
        assert hash(left) == hash(right)
        assert (left.scale, left.parts, left.rational) == (right.scale, right.parts, right.rational)
    assert hash(exp("log(2)")) == hash(2) == hash(fmpq(2))
    assert hash(exp(1)) != hash(exp(1) + fmpq(1, 2**20))


def test_a_long_sum_that_shrinks_to_one_term() -> None:
    long = exp_sum((k + 1, fmpq(k)) for k in range(20))
    assert long.parts[0][1].polynomial is not None
    constant = long - exp_sum((k + 1, fmpq(k)) for k in range(1, 20))
    assert constant.as_rational() == 1
    assert hash(constant) == 1
    last = long - exp_sum((k + 1, fmpq(k)) for k in range(19))
    assert last == 20 * exp(19)
    assert last.parts == (20 * exp(19)).parts
    assert exp_sum((k, fmpq(k, 2)) for k in range(30)).monic()[0].number_of_terms == 1


def test_rationals_are_found() -> None:
    assert (exp(1) - exp(1) + fmpq(3, 4)).as_rational() == fmpq(3, 4)
    assert exp_sum([]).as_rational() == 0
    assert (SQRT2**4).is_rational
    assert not SQRT2.is_rational
    assert not (SQRT2 + 1).is_rational
    assert not exp(1).is_rational
    with pytest.raises(ValueError, match="is not rational"):
        exp(1).as_rational()


def test_terms_are_sorted_and_add_up() -> None:
    s = exp_sum([(2, fmpq(3)), (fmpq(1, 2), fmpq(-1)), (5, loglinear("1/2*log(2)")), (1, fmpq(3))])
    assert s.terms() == (
        (fmpq(1, 2), loglinear(-1)),
        (fmpq(3), loglinear(3)),
        (fmpq(5), loglinear("1/2*log(2)")),
    )
    assert str(s) == "1/2*exp(-1) + 3*exp(3) + 5*exp(1/2*log(2))"
    assert s.number_of_terms == 3
    assert exp_sum(s.terms()) == s
    assert s.content == fmpq(1, 2)
    assert exp_sum([]).content == 0
    assert str(exp_sum([(1, fmpq(k)) for k in range(200)])).endswith(" + exp(198) + exp(199)")


def test_refusals() -> None:
    with pytest.raises(BadNumber, match="the exponent is beyond 1000000000"):
        exp(10**9 + 1)
    with pytest.raises(BadNumber, match=r"exp\(1000000001\) arises in a product: the exponent is beyond"):
        exp(10**9) * exp(1)
    with pytest.raises(
        BadNumber, match=r"a power 10000000000 of 2 terms in exp would have up to 10000000001 terms .*: too large"
    ):
        (1 + exp(1)) ** 10**10
    with pytest.raises(BadNumber, match="the exponent is beyond"):
        exp("-1e9000")
    for text in ("1e7*log(2)", "-1e300*log(2)", "1e9000*log(3)"):
        with pytest.raises(BadNumber, match="has more than 3000000 bits"):
            exp(text)
    with pytest.raises(InexactInput, match=r"0\.5 is a float"):
        exp_sum([(0.5, fmpq(0))])  # type: ignore[list-item]  # wrong on purpose
    with pytest.raises(InexactInput, match=r"0\.5 is a float"):
        exp_sum([(1, 0.5)])  # type: ignore[list-item]  # wrong on purpose
    with pytest.raises(ValueError, match=r"to the power -1 is an exp-ratio"):
        exp(1) ** -1
    with pytest.raises(ZeroDivisionError):
        exp(1) / 0
    with pytest.raises(ZeroDivisionError):
        exp_sum([]).monic()


def test_extreme_sizes_are_usable() -> None:
    assert exp(10**9) > exp(10**9 - 1) > 0
    assert exp(-(10**9)) > 0
    assert hash(exp(10**9)) != hash(exp(-(10**9)))
    assert exp(10**9) * exp(-(10**9)) == 1
    for close in (1, 2, fmpq(1, 2), fmpq(1, 3), fmpq(10)):  # and few bits are enough for a hash close to a rational
        assert hash(close + exp(-(10**9))) == hash(close - exp(-(10**9)))
    for close in (1, 2, fmpq(1, 2), fmpq(1, 3), fmpq(10)):
        assert close + exp(-(10**7)) > close
    assert (exp(10**9) - exp(10**9 - 1)).sign() == 1


def test_signs_through_cancellation() -> None:
    # e against its Taylor polynomials, which are smaller by about 1/n!.
    total, factorial = fmpq(0), fmpq(1)
    for k in range(200):
        factorial *= max(k, 1)
        total += 1 / factorial
    assert exp(1) > total
    assert exp(1) < total + 1 / factorial
    assert (exp(1) - 1) ** 9 > (total - 1) ** 9


def test_many_coprime_denominators_cost_no_common_one() -> None:
    denominators = list(range(10**6, 10**6 + 2000))
    s = exp_sum((1, fmpq(1, q)) for q in denominators)
    assert s.number_of_terms == 2000
    assert 2000 < s < 2001
    assert s - exp_total(exp(fmpq(1, q)) for q in denominators) == 0
    assert (s * exp("1/7")).number_of_terms == 2000


def test_a_sum_of_400_terms_is_dense_and_exact() -> None:
    dense = exp_sum((k * k + 1, fmpq(k, 6)) for k in range(-200, 200))
    assert dense.parts[0][1].polynomial is not None
    assert dense * exp("1/6") - dense * exp("1/6") == 0
    square = dense * dense
    direct: dict[int, int] = {}
    for j in range(-200, 200):
        for k in range(-200, 200):
            direct[j + k] = direct.get(j + k, 0) + (j * j + 1) * (k * k + 1)
    assert square == exp_sum((c, fmpq(k, 6)) for k, c in direct.items())
    assert square - dense**2 == 0


def test_proportion() -> None:
    s = exp(1) + 2 * SQRT2
    assert proportion(s * fmpq(3, 7), s) == fmpq(3, 7)
    assert proportion(-s, s) == -1
    assert proportion(exp_sum([]), s) == 0
    assert proportion(s + 1, s) is None
    assert proportion(exp(1) + SQRT2, s) is None
    assert proportion(s * exp(1), s) is None
    assert proportion(exp(1), exp(1) + exp(2)) is None


@given(expsums)
def test_monic(s: ExpSum) -> None:
    if s == 0:
        return
    factor, product = s.monic()
    assert s * factor == product
    assert factor.number_of_terms == 1
    assert product > 0
    coefficient, exponent = product.terms()[0]
    assert abs(coefficient) == 1
    assert exponent == 0
    assert (s * exp("2 + log(3)")).monic()[1] == product


@given(expsums, expsums, expsums)
def test_commutative_ring(x: ExpSum, y: ExpSum, z: ExpSum) -> None:
    for left, right in (
        (x + y, y + x),
        (x * y, y * x),
        ((x + y) + z, x + (y + z)),
        ((x * y) * z, x * (y * z)),
        (x * (y + z), x * y + x * z),
        (x + 0, x),
        (x * 1, x),
        ((x - y) + y, x),
        (exp_total([x, y, z]), z + y + x),
        (x * x, x**2),
        (3 - x, -(x - 3)),
    ):
        assert left == right
        assert hash(left) == hash(right)
        assert left.terms() == right.terms()
        assert left.scale == right.scale
    assert (x - x).terms() == ()
    assert x * 0 == 0


@given(terms, st.randoms(use_true_random=False))
def test_normal_form_does_not_depend_on_the_order_of_the_terms(pairs: Pairs, rng: object) -> None:
    mixed = sorted(pairs, key=lambda _: rng.random())  # type: ignore[attr-defined]  # Hypothesis types it as object here
    whole = exp_sum(pairs)
    stepwise = exp_sum([])
    for c, exponent in mixed:
        stepwise = stepwise + exp(exponent) * c
    assert exp_sum(mixed) == whole == stepwise
    assert whole.terms() == stepwise.terms()
    for _, exponent in whole.terms():
        assert all(0 < a < 1 for _, a in exponent.terms)
    assert all(c != 0 for c, _ in whole.terms())


@given(st.one_of(terms, long_terms))
def test_value_and_sign_agree_with_mpmath(pairs: Pairs) -> None:
    s = exp_sum(pairs)
    with mpmath.workdps(DIGITS):
        value = mp_terms(pairs)
        scale = sum((abs(mp_terms([pair])) for pair in pairs), mpmath.mpf(1))
        assert abs(mp_expsum(s) - value) <= scale * mpmath.mpf(10) ** (5 - DIGITS)
        assert inside(s.enclosure(64), value, scale)
        assert inside(s.enclosure(500), value, scale)
        if abs(value) > scale * mpmath.mpf(10) ** (10 - DIGITS):
            assert s.sign() == mpmath.sign(value)
        else:
            assert s == 0


@given(expsums, expsums)
def test_order_is_that_of_the_enclosures(x: ExpSum, y: ExpSum) -> None:
    difference = x.enclosure(2000) - y.enclosure(2000)
    assert (x < y) == (difference < 0)
    assert (x > y) == (difference > 0)
    assert (x == y) == (not difference < 0 and not difference > 0)
    assert (x <= y) == (x < y or x == y)


@given(expsums)
def test_pickle_round_trip(s: ExpSum) -> None:
    copy = pickle.loads(pickle.dumps(s))  # noqa: S301  # our own bytes
    assert copy == s
    assert hash(copy) == hash(s)
    assert copy.terms() == s.terms()


small = st.lists(
    st.tuples(st.integers(-2, 2), st.sampled_from([1, 2, 3, 6]), st.integers(-3, 3), st.integers(1, 3)),
    min_size=1,
    max_size=3,
)


def _both(pairs: list[tuple[int, int, int, int]]) -> tuple[ExpSum, sympy.Expr]:
    ours = exp_sum((c, log(n) * fmpq(a, b)) for c, n, a, b in pairs)
    theirs = sum(
        (sympy.Integer(c) * sympy.Integer(n) ** sympy.Rational(a, b) for c, n, a, b in pairs), sympy.Integer(0)
    )
    return ours, theirs


@given(small, small)
def test_radicals_agree_with_sympy(
    left: list[tuple[int, int, int, int]], right: list[tuple[int, int, int, int]]
) -> None:
    (x, a), (y, b) = _both(left), _both(right)
    product = x * y - exp_sum((p * q, u + v) for p, u in x.terms() for q, v in y.terms())
    assert product == 0
    zero = sympy.expand(sympy.radsimp(sympy.expand(a * b - b)))
    assert (x * y == y) == bool(sympy.simplify(zero) == 0)
    assert (x * y).is_rational == bool(sympy.simplify(sympy.expand(a * b)).is_rational)


@given(loglinears, loglinears)
def test_exp_is_a_homomorphism(x: LogLinear, y: LogLinear) -> None:
    assert exp(x + y) == exp(x) * exp(y)
    assert exp(x) * exp(-x) == 1
    assert (exp(x) < exp(y)) == (x < y)


# --- the two forms -------------------------------------------------------------------------------------------------

tables = st.dictionaries(
    st.tuples(st.integers(-30, 30), st.sampled_from([1, 2, 3])).map(lambda q: (int(fmpq(*q).p), int(fmpq(*q).q))),
    st.integers(-3, 3),
    max_size=25,
)


def _plain(table: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    return {q: c for q, c in table.items() if c}


def _scattered(table: dict[tuple[int, int], int]) -> Laurent:
    """The same sum, forced into the scattered form."""
    result = Laurent({})
    result.table = _plain(table)
    return result


def _dense(table: dict[tuple[int, int], int]) -> Laurent:
    """The same sum, forced into the dense form if it has two terms."""
    plain = _plain(table)
    if not plain:
        return Laurent({})
    places = {p * (6 // q): c for (p, q), c in plain.items()}
    low = min(places)
    return Laurent.on_lattice(6, low, fmpz_poly([places.get(low + k, 0) for k in range(max(places) - low + 1)]))


@given(tables, tables)
def test_both_forms_are_the_same_number(a: dict[tuple[int, int], int], b: dict[tuple[int, int], int]) -> None:
    total = dict(a)
    for exponent, c in b.items():
        total[exponent] = total.get(exponent, 0) + c
    product: dict[tuple[int, int], int] = {}
    for (p, q), c in a.items():
        for (r, n), d in b.items():
            key = (int((fmpq(p, q) + fmpq(r, n)).p), int((fmpq(p, q) + fmpq(r, n)).q))
            product[key] = product.get(key, 0) + c * d
    for x in (_scattered(a), _dense(a), Laurent(a)):
        assert dict(x.items()) == _plain(a)
        assert bool(x) == bool(_plain(a))
        if x:
            assert x.smallest()[0] == min(_plain(a), key=lambda q: fmpq(*q))
            assert x.smallest()[1] == a[x.smallest()[0]]
        for y in (_scattered(b), _dense(b), Laurent(b)):
            assert (x == y) == (_plain(a) == _plain(b))
            assert dict((x + y).items()) == _plain(total)
            assert dict((x * y).items()) == _plain(product)
            if x and y and (found := common_lattice(x, y, 1000)):
                step, (f, p1), (g, p2) = found
                assert Laurent.on_lattice(step, f, p1) == x
                assert Laurent.on_lattice(step, g, p2) == y
        assert x == Laurent(a)
        assert hash(x) == hash(Laurent(a))
        assert dict(x.scaled(6).items()) == {q: 6 * c for q, c in _plain(a).items()}
        assert x.scaled(6).scaled(1, 6) == x
        assert x.scaled(6).content(0) % 6 == 0
        assert x.scaled(6).content(9) in {3, 9}


def test_forms_are_chosen_by_density() -> None:
    assert Laurent({(k, 1): 1 for k in range(8)}).polynomial is not None
    assert Laurent({(k, 1): 1 for k in range(7)}).polynomial is None
    assert Laurent({(1000 * k, 1): 1 for k in range(8)}).polynomial is None
    assert Laurent({(1, q): 1 for q in range(1, 200)}).polynomial is None
    far = Laurent({(k, 1): 1 for k in range(8)}) + Laurent({(10**6 + k, 1): 1 for k in range(8)})
    assert far.polynomial is None
    assert far == Laurent({(k, 1): 1 for k in (*range(8), *range(10**6, 10**6 + 8))})
    halves = Laurent({(k, 1): 1 for k in range(40)}) * Laurent({(0, 1): 1, (1, 2): 1, (1, 1): 2})
    assert halves.step == 2
    assert halves + Laurent({(k, 2): -1 for k in range(1, 85, 2)}) != halves


def test_a_lattice_is_as_coarse_as_possible() -> None:
    fine = Laurent({(k, 2): 1 for k in range(1, 40, 2)} | {(k, 1): 1 for k in range(20)})
    coarse = fine + Laurent({(k, 2): -1 for k in range(1, 40, 2)})
    assert fine.step == 2
    assert coarse.step == 1
    assert coarse == Laurent({(k, 1): 1 for k in range(20)})
    assert coarse.polynomial is not None


@given(expsums)
def test_the_texts_of_terms_are_those_of_their_numbers(s: ExpSum) -> None:
    assert s.term_texts() == [[str(c), str(exponent)] for c, exponent in s.terms()]


@given(rationals(50, 50))
def test_constants_agree_with_rational_arithmetic(q: fmpq) -> None:
    one = exp_sum([(1, fmpq(0))])
    number = one * q
    assert number.as_rational() == q
    assert (number + number).as_rational() == 2 * q
    assert (number * number).as_rational() == q * q
    assert number.sign() == (q > 0) - (q < 0)
    assert number.parts == exp_sum([(q, fmpq(0))]).parts
    with mpmath.workdps(DIGITS):
        assert inside(number.enclosure(64), mp(q))


@given(expsums, rationals(12, 12), rationals(12, 12))
def test_multiples_are_in_normal_form(s: ExpSum, a: fmpq, b: fmpq) -> None:
    product = s * a
    written = exp_sum([(c * a, exponent) for c, exponent in s.terms()])
    assert (product.scale, product.parts, product.rational) == (written.scale, written.parts, written.rational)
    assert s * a * b == s * (a * b)
    if a != 0:
        assert (s * a / a).parts == s.parts
        assert (s * a / a).scale == s.scale


@given(expsums, rationals(), loglinears)
def test_products_with_one_term_are_in_normal_form(s: ExpSum, c: fmpq, exponent: LogLinear) -> None:
    product = s * exp_sum([(c, exponent)])
    written = exp_sum([(a * c, b + exponent) for a, b in s.terms()])
    assert (product.scale, product.parts, product.rational) == (written.scale, written.parts, written.rational)


@given(st.dictionaries(st.tuples(st.integers(-9, 9), st.integers(1, 4)).map(lambda e: fmpq(*e)), st.integers(-3, 3)))
def test_times_a_term_is_the_product(table: dict[fmpq, int]) -> None:
    part = Laurent({(int(q.p), int(q.q)): c for q, c in table.items()})
    for by, factor in (((0, 1), 1), ((0, 1), -2), ((1, 3), 1), ((-2, 1), 5)):
        expected = Laurent({_pair(fmpq(*q) + fmpq(*by)): c * factor for q, c in part.items()})
        found = part.times(by, factor)
        assert found == expected
        assert (found.table is None) == (part.table is None)
        assert part * Laurent({by: factor}) == found
        assert len(found) == len(expected)
        assert found.scaled(3).scaled(1, 3) == found
        assert not found.scaled(0)


def _pair(q: fmpq) -> tuple[int, int]:
    return int(q.p), int(q.q)
