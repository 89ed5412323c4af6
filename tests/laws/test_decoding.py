"""Transforms of laws: hand-worked examples, boundaries, agreement with fractions and mpmath, bad input."""

from collections.abc import Callable
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import reference as ref
from reference.exact import BadNumber, InexactInput, exp, exp_ratio, log, real_log
from reference.exact.law import Law, LawError
from reference.exact.log_linear import LogLinear
from reference.laws import masked, min_p, residual, tempered, top_k, top_p
from tests.exact.tower import loglinears

P = Law.of({"a": "0.4", "b": "0.3", "c": "0.2", "d": "0.1"})

SOFT = Law.weighted("abcd", [exp(log(k) / 2) for k in (4, 3, 2, 1)])
"""Masses proportional to 2, 3^(1/2), 2^(1/2), 1."""

rational_laws = (
    st.lists(st.integers(0, 6), min_size=1, max_size=7)
    .filter(any)
    .map(lambda weights: Law.weighted(range(len(weights)), weights))
)


@st.composite
def softmax_laws(draw: st.DrawFn) -> Law[int]:
    """Softmaxes and mixtures of two, with ties."""

    def softmax() -> Law[int]:
        exponents: list[LogLinear] = draw(st.lists(loglinears, min_size=4, max_size=4))
        exponents[3] = exponents[0]
        return Law.weighted(range(4), map(exp, exponents))

    first = softmax()
    return Law.mixture([("1/2", first), ("1/2", softmax())]) if draw(st.booleans()) else first


any_laws = st.one_of(rational_laws, softmax_laws())


def as_fractions(law: Law[int]) -> dict[int, Fraction]:
    return {x: Fraction(str(exp_ratio(mass).as_rational())) for x, mass in law.items()}


def mp_masses(law: Law[int]) -> dict[int, mpmath.mpf]:
    """Masses to 60 digits, from enclosures of the weights, summed by mpmath."""
    found = {}
    for x, w in zip(law.outcomes, law.weights, strict=True):
        ball = exp_ratio(w).enclosure(300)
        found[x] = mpmath.mpf(ball.mid().str(75, radius=False))
    whole = mpmath.fsum(found.values())
    return {x: w / whole for x, w in found.items()}


def close(mine: Law[int], theirs: dict[int, mpmath.mpf]) -> bool:
    masses = mp_masses(mine)
    return masses.keys() == theirs.keys() and all(
        mpmath.almosteq(masses[x], theirs[x], rel_eps=mpmath.mpf(10) ** -40) for x in masses
    )


# ------------------------------------------------------------------------------------------------------------ by hand


def test_truncations_by_hand() -> None:
    assert top_k(P, 2) == Law.of({"a": "4/7", "b": "3/7"})
    assert top_k(P, 9) == P
    assert top_p(P, "0.75") == Law.of({"a": "4/9", "b": "3/9", "c": "2/9"})
    assert top_p(P, 1) == P
    assert top_p(P, "1e-300") == Law.point("a")
    assert min_p(P, "1/2") == Law.of({"a": "4/9", "b": "3/9", "c": "2/9"})
    assert masked(P, "bd") == Law.of({"b": "3/4", "d": "1/4"})


def test_truncated_after_tempering_is_irrational_and_exact() -> None:
    assert tempered(P, 2) == SOFT
    two = top_k(SOFT, 2)
    assert two == Law.weighted("ab", [2, exp("log(3)/2")])
    assert two == Law.weighted("ab", [SOFT.mass("a"), SOFT.mass("b")])
    assert two == SOFT.given(lambda x: x in "ab")
    assert top_p(SOFT, "0.75") == SOFT.given(lambda x: x != "d")
    assert tempered(top_p(P, "0.75"), 2) == top_p(SOFT, "0.75")  # here the order does not matter,
    assert tempered(top_p(P, "0.7"), 2) != top_p(SOFT, "0.7")  # here it does: the tempered masses of two are 0.607
    assert top_p(top_k(P, 2), "0.5") == Law.point("a")  # 4/7 are enough, once top-k has renormalised,
    assert top_k(top_p(P, "0.5"), 2) == top_k(P, 2)  # 4/10 were not
    assert tempered(SOFT, "1/2") == P


def test_log_probabilities_are_those_of_the_truncated_law() -> None:
    kept = top_p(SOFT, "0.75")
    raw, right = (real_log(law.mass("a")) for law in (SOFT, kept))
    assert right - raw == -real_log(SOFT.probability(lambda x: x != "d"))
    with mpmath.workdps(60):
        by_hand = mpmath.log(2 / (2 + mpmath.sqrt(3) + mpmath.sqrt(2)))
        assert mpmath.almosteq(mpmath.mpf(right.enclosure(300).mid().str(70, radius=False)), by_hand, 1e-50)
    with pytest.raises(LawError, match="every outcome has weight zero"):  # everything masked
        Law.weighted("abcd", [0, 0, 0, 0])


def test_the_nucleus_is_complete_at_exactly_the_mass_asked_for() -> None:
    assert top_p(P, "0.7") == Law.of({"a": "4/7", "b": "3/7"})
    assert top_p(P, "0.70000000000000000000000000001").outcomes == ("a", "b", "c")
    half = Law.mixture([("1/2", Law.point("c")), ("1/2", Law.weighted("ab", [exp(1), 1]))])  # irrational but for c
    assert top_p(half, "1/2") == Law.point("c")
    assert top_p(half, fmpq(1, 2) + fmpq(1, 2**300)).outcomes == ("c", "a")
    assert top_p(half, 1) == half
    floats = np.cumsum([0.1] * 10)  # in floats ten tenths are not 1, and three not 0.3
    assert floats[2] != 0.3
    assert len(top_p(Law.uniform(range(10)), "0.3").outcomes) == 3


def test_thresholds_and_ties_are_exact() -> None:
    law = Law.weighted("abcd", [exp(2), exp(1), exp(1), 1])
    assert min_p(law, "1/2").outcomes == ("a",)  # 1/e < 1/2
    tied = Law.weighted("abc", [2 * exp(1), exp(1), 1])
    assert min_p(tied, "1/2").outcomes == ("a", "b")  # exactly at the threshold
    assert min_p(tied, fmpq(1, 2) + fmpq(1, 2**200)).outcomes == ("a",)
    assert top_k(law, 2).outcomes == ("a", "b")
    assert top_k(law, 2, ties="all").outcomes == ("a", "b", "c")
    assert top_k(Law.uniform("ba"), 1).outcomes == ("b",)


def test_names_of_responses_stay() -> None:
    law = ref.load("two-arms").pi_ref("x")
    for new in (top_k(law, 1), tempered(ref.optimum(ref.load("two-arms")).law("x"), 2), top_p(law, "1/2")):
        assert new.mass("good") > 0  # type: ignore[arg-type]  # a named law takes names


# --------------------------------------------------------------------------------------------------------- properties


@given(any_laws, st.fractions(Fraction(1, 3), 3, max_denominator=4))
@settings(max_examples=40)
def test_tempered_by_mpmath(law: Law[int], t: Fraction) -> None:
    if not law.is_rational and any(w.number_of_terms > 1 for w in map(_exp_sum, law.weights)):
        t = Fraction(1, 1 + t.numerator % 3)  # sums have integer powers only
    with mpmath.workdps(60):
        powers = {x: m ** (mpmath.mpf(t.denominator) / t.numerator) for x, m in mp_masses(law).items()}
        whole = mpmath.fsum(powers.values())
        assert close(tempered(law, t), {x: w / whole for x, w in powers.items()})


def _exp_sum(weight: int | ref.ExpSum) -> ref.ExpSum:
    return weight if isinstance(weight, ref.ExpSum) else exp(0) * weight


@given(rational_laws, st.integers(1, 8))
def test_top_k_by_fractions(law: Law[int], k: int) -> None:
    masses = as_fractions(law)
    kept = dict(sorted(masses.items(), key=lambda pair: (-pair[1], pair[0]))[:k])
    whole = sum(kept.values())
    assert as_fractions(top_k(law, k)) == {x: m / whole for x, m in kept.items()}


@given(rational_laws, st.fractions(0, 1).filter(bool), st.booleans())
def test_top_p_by_fractions(law: Law[int], p: Fraction, at_a_boundary: bool) -> None:  # noqa: FBT001 - drawn
    masses = as_fractions(law)
    order = sorted(masses, key=lambda x: (-masses[x], x))
    if at_a_boundary:
        p = sum((masses[x] for x in order[: 1 + p.numerator % len(order)]), Fraction(0))
    size = next(n for n in range(1, len(order) + 1) if sum(masses[x] for x in order[:n]) >= p)
    whole = sum(masses[x] for x in order[:size])
    assert as_fractions(top_p(law, p)) == {x: masses[x] / whole for x in order[:size]}


@given(rational_laws, st.fractions(0, 1).filter(bool))
def test_min_p_by_fractions(law: Law[int], p: Fraction) -> None:
    masses = as_fractions(law)
    kept = {x: m for x, m in masses.items() if m >= p * max(masses.values())}
    assert as_fractions(min_p(law, p)) == {x: m / sum(kept.values()) for x, m in kept.items()}


TRUNCATIONS: dict[str, Callable[[Law[int], Fraction], Law[int]]] = {
    "top_k": lambda law, p: top_k(law, 1 + p.numerator % 4),
    "top_p": top_p,
    "min_p": min_p,
    "masked": lambda law, p: masked(law, law.outcomes[: 1 + p.numerator % len(law.outcomes)]),
}


@given(softmax_laws(), st.sampled_from(sorted(TRUNCATIONS)), st.fractions(0, 1, max_denominator=50).filter(bool))
@settings(max_examples=40)
def test_truncations_of_irrational_laws_by_mpmath(law: Law[int], name: str, p: Fraction) -> None:
    with mpmath.workdps(60):
        masses = mp_masses(law)
        order = sorted(masses, key=lambda x: (-mpmath.nint(masses[x] * mpmath.mpf(10) ** 45), x))
        if name == "top_k":
            kept = order[: 1 + p.numerator % 4]
        elif name == "top_p":
            share = mpmath.mpf(p.numerator) / p.denominator - mpmath.mpf(10) ** -45
            sums = [mpmath.fsum(masses[x] for x in order[: n + 1]) for n in range(len(order))]
            kept = order[: 1 + next(n for n, s in enumerate(sums) if s >= share)]
        elif name == "min_p":
            least = masses[order[0]] * (mpmath.mpf(p.numerator) / p.denominator) - mpmath.mpf(10) ** -45
            kept = [x for x in order if masses[x] >= least]
        else:
            kept = list(law.outcomes[: 1 + p.numerator % len(law.outcomes)])
        whole = mpmath.fsum(masses[x] for x in kept)
        assert close(TRUNCATIONS[name](law, p), {x: masses[x] / whole for x in kept})


@given(softmax_laws(), st.integers(1, 4), st.fractions(Fraction(1, 3), 3, max_denominator=4))
@settings(max_examples=10)
def test_transforms_compose(law: Law[int], k: int, t: Fraction) -> None:
    """Temperatures multiply and keep the order of the masses; of two truncations to the top the smaller is left."""
    if any(w.number_of_terms > 1 for w in map(_exp_sum, law.weights)):
        t = Fraction(1, 2)  # sums have integer powers only, and long ones
    else:
        assert tempered(tempered(law, t), t) == tempered(law, t * t)
    assert tempered(top_k(law, k), t) == top_k(tempered(law, t), k)
    assert top_k(top_k(law, k), 2) == top_k(law, min(k, 2))
    kept = top_k(law, k)
    assert masked(law, kept.outcomes) == law.given(lambda y: y in kept.outcomes) == kept


@given(any_laws, any_laws)
@settings(max_examples=40)
def test_residual_by_mpmath(p: Law[int], q: Law[int]) -> None:
    assume(p != q)
    with mpmath.workdps(60):
        mine, theirs = mp_masses(p), mp_masses(q)
        gains = {x: m - theirs.get(x, 0) for x, m in mine.items()}
        kept = {x: g for x, g in gains.items() if g > mpmath.mpf(10) ** -50}
        whole = mpmath.fsum(kept.values())
        assert close(residual(p, q), {x: g / whole for x, g in kept.items()})
        left = residual(p, q)
        assert not any(left.mass(x) > 0 for x in left.outcomes if p.mass(x) <= q.mass(x))


@given(any_laws, any_laws)
@settings(max_examples=30)
def test_kl_in_one_sum_by_mpmath(p: Law[int], q: Law[int]) -> None:
    if not set(p.outcomes) <= set(q.outcomes):
        q = Law.mixture([("1/2", p), ("1/2", q)])
    with mpmath.workdps(60):
        mine, theirs = mp_masses(p), mp_masses(q)
        by_hand = mpmath.fsum(m * mpmath.log(m / theirs[x]) for x, m in mine.items())
        ball = p.kl(q).enclosure(300)
        assert abs(mpmath.mpf(ball.mid().str(75, radius=False)) - by_hand) < mpmath.mpf(10) ** -45


# ---------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: tempered(P, 0), "T = 0: a temperature is positive; for greedy choice use top_k"),
        (lambda: tempered(P, "-1/2"), "T = -1/2: a temperature is positive"),
        (lambda: tempered(P, "1e-9"), "the mass of 'a' to the power 1000000000: a weight of 3 bits is too long for it"),
        (lambda: tempered(residual(SOFT, P), 2), "to the power 1/2: a sum of . exponentials has integer powers only"),
        (lambda: tempered(residual(SOFT, P), "1e-6"), "to the power 1000000: .* too large to form"),
        (
            lambda: tempered(Law.weighted(range(2), [(2**89 - 1) * (2**107 - 1), 1]), 2),
            "mass of 0 .* part of 196 bits that is not",
        ),
        (lambda: tempered(Law.weighted("ab", [exp(10**9), 1]), "1/2"), "mass of 'a' to the power 2: exp.* is beyond"),
        (lambda: top_k(P, 0), "top_k: k = 0: at least one outcome must be left"),
        (lambda: top_k(P, "2"), "top_k: k = '2'"),  # type: ignore[arg-type]  # wrong on purpose
        (lambda: top_p(P, 0), "top_p: p = 0: needs 0 < p <= 1"),
        (lambda: top_p(P, "1.01"), "top_p: p = 101/100: needs 0 < p <= 1"),
        (lambda: min_p(P, 0), "min_p: p = 0: needs"),
        (lambda: min_p(P, 2), "min_p: p = 2: needs"),
        (lambda: masked(P, ""), "masked: the mask leaves no outcome"),
        (lambda: masked(P, "az"), "masked: 'z' is allowed, but has no mass; leave it out, or use law.given"),
        (lambda: residual(P, P), "residual: the laws are equal, nothing is left"),
        (lambda: Law.weighted("ab", [1, -1]), "outcome 'b' has the negative weight -1"),
        (lambda: P.given(lambda _: False), "the event holds for none of the 4 outcomes"),
    ],
)
def test_bad_input_is_one_line(wrong: Callable[[], object], said: str) -> None:
    with pytest.raises(LawError, match=said) as caught:
        wrong()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [0.7, float("nan"), float("inf"), None, "many", b"1/2", [1]])
@pytest.mark.parametrize("transform", [tempered, top_p, min_p])
def test_what_is_no_exact_number_is_refused_in_one_line(
    transform: Callable[[Law[str], object], Law[str]], value: object
) -> None:
    with pytest.raises((InexactInput, BadNumber)) as caught:
        transform(P, value)
    assert "\n" not in str(caught.value)


@given(rational_laws, st.one_of(st.integers(), st.fractions(), st.text(max_size=8)))
@settings(max_examples=200)
def test_transforms_give_a_law_or_one_line(law: Law[int], value: int | Fraction | str) -> None:
    for transform in (tempered, top_p, min_p, top_k):
        try:
            new = transform(law, value)  # type: ignore[arg-type]  # whatever comes
        except (InexactInput, BadNumber, LawError) as error:
            assert "\n" not in str(error)  # noqa: PT017 - either is right
        else:
            assert set(new.outcomes) <= set(law.outcomes)
