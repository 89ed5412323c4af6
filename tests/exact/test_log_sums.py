"""Logarithms of sums: what is decided, against values by hand, exp-sums and mpmath."""

import pickle

import mpmath
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.exact import (
    ExpRatio,
    ExpSum,
    LogLinear,
    Undecided,
    exp,
    exp_ratio,
    exp_sum,
    log,
    precision_cap,
    rational,
    real,
    real_log,
    real_sum,
    to_decimal,
)
from reference.exact.law import Law
from reference.exact.sizes import Size, multisets, product_cap, product_size
from tests.exact.tower import (
    DIGITS,
    expratios,
    loglinears,
    long_terms,
    mp,
    mp_expsum,
    mp_loglinear,
    positive_expsums,
    rationals,
)

E = exp(1)
SQRT2 = exp("log(2)/2")
BIG, P, Q = (2**127 - 1) * (2**89 - 1), 2**127 - 1, 2**89 - 1


# ------------------------------------------------------------------------------------------------ values by hand


def test_identities_by_hand() -> None:
    assert 2 * log(1 + E) == log(1 + 2 * E + exp(2))
    assert log(1 + E) + log(1 + exp(2)) == log(1 + E + exp(2) + exp(3))
    assert 2 * log(1 + SQRT2) == log(3 + 2 * SQRT2)
    assert log(1 + SQRT2) == -log(SQRT2 - 1)
    assert log(exp(2) - 1) - log(E - 1) == log(E + 1)
    assert log(1 + E) / 3 == log(1 + 3 * E + 3 * exp(2) + exp(3)) / 9
    assert log(1 + E) * 2 != log(1 + E + exp(2))
    assert log(2 + 2 * E + SQRT2) - log(1 + E + SQRT2 / 2) == log(2)


def test_orders_by_hand() -> None:
    assert log(1 + exp(-5000)) > 0
    assert log(1 - exp(-5000)) < 0
    assert log(1 + exp(-(10**9))) > 0
    assert log(1 + exp(5000)) > 5000
    assert log(1 + exp(5000)) - 5000 < rational("1e-2000")
    assert 2 * log(1 + E) < log((1 + E) ** 2 + rational("1e-300"))
    assert 2 * log(1 + E) > log((1 + E) ** 2 - rational("1e-9000"))
    assert log(1 + E) + log(1 + exp(-1)) > 1 + 2 * log(1 + exp(-1)) - rational("1e-300")


@pytest.mark.parametrize(
    ("exponent", "text"),
    [(-4, "0.0181499"), (-10000, "1.13548e-4343"), (5000, "5000.00"), (-(10**8), "6.45171e-43429449")],
)
def test_decimals_of_a_log_partition(exponent: int, text: str) -> None:
    assert to_decimal(log(1 + exp(exponent))).text == text


def test_what_is_log_linear_after_all_is_found() -> None:
    assert (2 * log(1 + E) - log((1 + E) ** 2)).exact == 0
    assert (log(6 * (1 + E) ** 2) - 2 * log(1 + E)).exact == log(6)
    assert (log((1 + E) ** 2 * exp("1/3") * SQRT2) - 2 * log(1 + E)).exact == log(2) / 2 + rational("1/3")
    assert (log(1 + E) - log(1 + exp(2))).exact is None
    assert (log(1 + E) + log(1 + exp(-1)) - 1 - 2 * log(1 + exp(-1))).exact == 0
    assert to_decimal(2 * log(1 + E) - log(8 * (1 + E) ** 2)).text == "-2.07944"
    assert to_decimal(2 * log(1 + E) - log(E**2 * (1 + E) ** 2)).text == "-2"
    for number in (log(1 + E), 3 * log(1 + E) - log(2 + E), log(1 + SQRT2) + 2, log(1 + E) - log(3 + exp(2))):
        assert number.is_decided
        assert number.is_irrational


def test_absurdly_large_powers_are_decided_by_factors() -> None:
    m = 10**9
    assert m * log(1 + E) + (m + 1) * log(2 + E) != log((1 + E) ** 2) * (m // 2) + (m + 1) * log(3 + E)
    zero = m * log(1 + E) + (m + 1) * log(2 + E) + log(3 + E) - (m - 1) * log((1 + E) * (2 + E))
    zero -= log((1 + E) * (2 + E) ** 2 * (3 + E))
    assert zero == 0
    assert zero.exact == 0
    assert zero.is_decided
    assert (zero + log(2) * m + fmpq(1, 3)).exact == log(2) * m + fmpq(1, 3)
    assert not zero.is_irrational
    assert (zero + log(1 + E)).is_irrational


def test_undecided_says_how_large_the_product_is() -> None:
    s, m = 1 + E + SQRT2, 10**9
    zero = log(s) * (5 * m + 3) - log(s**2) * m - log(s**3) * (m + 1)
    message = (
        "undecided at 300 bits: the sign of .*; raise the precision cap, or decide it by a proof; if it is zero, only"
        r" a product with up to \d+ terms with coefficients of \d+ bits shows that: it is formed within"
        r" product_cap\(\.\.\.\), which is 134217728 bits now"
    )
    with precision_cap(300), pytest.raises(Undecided, match=message):
        zero.sign()
    assert zero.exact is None
    assert not zero.is_decided
    assert not zero.is_irrational
    assert zero + rational("1e-900") > 0  # refined first
    # and a small one is decided by the product, unless none is formed
    small = log(s) * 23 - log(s**2) * 4 - log(s**3) * 5
    assert small == 0
    with precision_cap(300), product_cap(0), pytest.raises(Undecided, match=r"product_cap\(...\), which is 0 bits now"):
        small.sign()


def test_a_sum_beside_integers_that_are_not_factored() -> None:
    zero = real_log(BIG) - log(P) - log(Q)
    assert zero == 0
    assert not (zero + 1).is_irrational
    assert zero + 1 == 1
    assert 2 * log(1 + E) + zero == log((1 + E) ** 2)
    assert 2 * log(1 + E) + real_log(BIG) > log((1 + E) ** 2) + log(P)


def test_every_batch_loss_is_ordered() -> None:
    # n log(1 + e^-m) of 200 rows with four margins, once together and once one at a time
    margins = [fmpq(m, 4) for m in (-3, -1, 1, 3)]
    rows = [margins[(i * i) % 4] for i in range(200)]
    together = real_sum(log(1 + exp(-m)) * rows.count(m) for m in margins)
    one_by_one = real_sum(log(1 + exp(-m)) for m in rows)
    turned = real_sum(log(1 + exp(m)) - m for m in rows)  # log(1 + e^-m) = log(1 + e^m) - m
    assert together == one_by_one == turned
    assert together < turned + rational("1e-1000")


def test_kl_divergences_of_irrational_laws_are_recognised() -> None:
    p = Law.weighted("abc", [E, exp(2), exp_sum([(1, 0)])])
    q = Law.weighted("abc", [exp_sum([(1, 0)]), exp(2), exp(3)])
    r = Law.weighted("abc", [exp(4), exp(8), exp_sum([(3, 0)])])
    # the chain of sums over the outcomes, written once with masses and once with weights
    direct = real_sum(real_log(p.mass(y) / q.mass(y)) * p.mass(y) for y in "abc")
    assert direct == log(1 + exp(2) + exp(3)) - log(E + exp(2) + 1) + p.mass("a") - 3 * p.mass("c")
    assert direct > 0
    assert real_sum(real_log(r.mass(y) / r.mass(y)) * p.mass(y) for y in "abc") == 0


# ------------------------------------------------------------------------- exponentials and quotients: enclosures


def _sigmoid(x: LogLinear) -> ExpRatio:
    return ExpRatio(1, 1 + exp(-x))


def test_exp_of_an_exp_ratio_is_enclosed() -> None:
    # apo_down: sigma(b c) + 1 - sigma(b (c - l)), with c = log 2, l = log 1/3, b = 1/2; then a score with exp of a mass
    half = fmpq(1, 2)
    raw = _sigmoid(log(2) * half) + 1 - _sigmoid((log(2) - log("1/3")) * half)
    score = exp(_sigmoid(log(2) * half)) - exp(raw) / 2
    with mpmath.workdps(60):
        sigma = [1 / (1 + mpmath.exp(-x / 2)) for x in (mpmath.log(2), mpmath.log(6))]
        expected = sigma[0] + 1 - sigma[1]
        assert mpmath.almosteq(mpmath.mpf(to_decimal(raw, 40).text), expected, rel_eps=mpmath.mpf("1e-38"))
        expected = mpmath.exp(sigma[0]) - mpmath.exp(expected) / 2
        assert mpmath.almosteq(mpmath.mpf(to_decimal(score, 40).text), expected, rel_eps=mpmath.mpf("1e-38"))
    assert exp(raw) > 1
    assert 0 < exp(-exp(E)) < rational("1e-6")
    assert exp(real(2)) == exp(2)
    assert exp(2 * log(1 + E)) == (1 + E) ** 2
    assert exp(-real_log(1 + E) + log(3) / 2) == ExpRatio(exp("log(3)/2"), 1 + E)
    assert exp(log(1 + E) / 2) > 1
    with precision_cap(300), pytest.raises(Undecided):
        (exp(log(1 + E) / 2) ** 2).__eq__(1 + E)


def test_quotients_with_a_denominator_of_certain_sign_are_enclosed() -> None:
    quotient = (1 + real(log(2)) * log(3)) / (log(2) - real_log(1 + E))
    with mpmath.workdps(60):
        expected = (1 + mpmath.log(2) * mpmath.log(3)) / (mpmath.log(2) - mpmath.log(1 + mpmath.e))
        assert mpmath.almosteq(mpmath.mpf(to_decimal(quotient, 40).text), expected, rel_eps=mpmath.mpf("1e-38"))
    assert quotient < -2
    assert real(log(4)) / real(log(9)) == real(log(2)) / real(log(3))
    assert 1 / (1 / (real(log(2)) + log(1 + E))) == log(2) + log(1 + E)
    with pytest.raises(ZeroDivisionError, match="which is zero"):
        1 / (2 * log(1 + E) - log((1 + E) ** 2))
    nothing = real(exp(log(1 + E) / 2)) ** 2 - (1 + E)
    with precision_cap(300), pytest.raises(Undecided):
        1 / nothing


# ------------------------------------------------------------------------------------------------------ the kind

sums = st.one_of(positive_expsums, long_terms.map(lambda terms: exp_sum([(c**2 + 1, q) for c, q in terms])))
powers = st.integers(-3, 3)


@settings(max_examples=50)
@given(st.lists(st.tuples(sums, powers), min_size=1, max_size=3), loglinears, rationals(), st.sampled_from([0, 1, -1]))
def test_every_sum_of_logarithms_is_decided(
    factors: list[tuple[ExpSum, int]], linear: LogLinear, q: fmpq, sign: int
) -> None:
    product = exp_ratio(exp_sum([(1, linear)]))
    for s, power in factors:
        product *= exp_ratio(s) ** power
    factor = q**2 + fmpq(1, 3)
    zero = (real_sum(real_log(s) * power for s, power in factors) + linear - real_log(product)) * factor
    assert zero.is_decided
    assert zero.sign() == 0
    assert zero.exact == 0
    # apart from zero by less than enclosures of 256 bits show
    apart = real_log(product * (1 + sign * rational("1e-100"))) - real_log(product)
    assert (zero + apart * factor).sign() == sign
    # without logarithms: the sign of a product less 1
    total = real_sum(real_log(s) * power for s, power in factors) + linear
    assert (total * factor).sign() == (product - 1).sign()


@given(st.lists(st.tuples(sums, rationals()), min_size=1, max_size=3), loglinears)
def test_signs_agree_with_mpmath(terms: list[tuple[ExpSum, fmpq]], linear: LogLinear) -> None:
    number = real_sum(real_log(s) * q for s, q in terms) + linear
    with mpmath.workdps(2 * DIGITS):
        value = mp_loglinear(linear) + sum((mp(q) * mpmath.log(mp_expsum(s)) for s, q in terms), mpmath.mpf(0))
        if abs(value) > mpmath.mpf(10) ** -DIGITS:
            assert number.sign() == mpmath.sign(value)


@given(expratios, positive_expsums, loglinears)
def test_exponentials_and_quotients_agree_with_mpmath(a: ExpRatio, s: ExpSum, linear: LogLinear) -> None:
    below = real_log(s) + linear
    with mpmath.workdps(2 * DIGITS):
        x = mp_expsum(a.numerator) / mp_expsum(a.denominator)
        y = mpmath.log(mp_expsum(s)) + mp_loglinear(linear)
        if abs(x) < 1000:
            shown = mpmath.mpf(to_decimal(exp(a), DIGITS).text)
            assert mpmath.almosteq(shown, mpmath.exp(x), rel_eps=mpmath.mpf(10) ** (2 - DIGITS))
        if abs(y) > mpmath.mpf(10) ** -20:
            shown = mpmath.mpf(to_decimal(a / below, DIGITS).text)
            assert mpmath.almosteq(shown, x / y, rel_eps=mpmath.mpf(10) ** (2 - DIGITS))


# ---------------------------------------------------------------------------------------------------------- sizes


def test_sizes_by_hand() -> None:
    assert product_size([(1, (1 + E).parts, 100)]) == Size(101, 300)
    assert product_size([]) == Size(1, 0)
    assert multisets(3, 2) == 6
    assert multisets(0, 2) == multisets(1, 5) == 1
    with pytest.raises(ValueError, match="cannot be negative"), product_cap(-1):
        pass


@given(st.lists(st.tuples(sums, st.integers(0, 3)), max_size=3))
def test_sizes_are_bounds(factors: list[tuple[ExpSum, int]]) -> None:
    product = exp_sum([(1, 0)])
    for s, power in factors:
        product *= s**power
    size = product_size((s.scale, s.parts, power) for s, power in factors)
    assert product.number_of_terms <= size.terms
    assert max(part.height_bits() for _, part in product.parts) <= size.bits + 1


@pytest.mark.parametrize("prec", [64, 300, 2000])
def test_enclosures_become_as_narrow_as_is_asked(prec: int) -> None:
    s = real_log(1 + exp(1))
    for number in (s, s * exp(1), s * s, exp(s * s), 1 / (s + 1), s * log(3), real_log(1 + exp(100)) * exp(1)):
        ball = real(number).enclosure(prec)
        with ctx.workprec(64):
            assert ball.rad() < abs(ball) * arb(2) ** (24 - prec)


def test_logarithms_of_sums_that_are_close_are_found_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their hashes as numbers are equal, those of their normal forms are not: no search among all that are known."""
    compared, equal = [0], ExpSum.__eq__

    def counted(self: ExpSum, other: object) -> bool:
        compared[0] += 1
        return equal(self, other)

    close = [2 - exp(-k) for k in range(100, 400)]
    assert len({hash(s) for s in close}) < len({s.form_hash() for s in close}) == len(close)
    monkeypatch.setattr(ExpSum, "__eq__", counted)
    for s in close:
        assert real_log(s).enclosure(64).overlaps(arb(2).log())
    assert compared[0] < 10 * len(close)


@given(positive_expsums, positive_expsums)
def test_the_normal_form_of_a_sum_has_one_hash(x: ExpSum, y: ExpSum) -> None:
    assert (x + y - y).form_hash() == x.form_hash()
    assert pickle.loads(pickle.dumps(x)).form_hash() == x.form_hash()  # noqa: S301 - our own bytes
