"""Sums of many exponentials on one lattice: the same numbers, and the same form, as term by term."""

from flint import fmpq, fmpz_poly
from hypothesis import given
from hypothesis import strategies as st

import reference as ref
from reference.exact.exp_terms import LONG_SCALE, MANY_TERMS
from reference.exact.expsum import ExpSum, exp, exp_sum, exp_total
from reference.exact.laurent import DENSE_FROM, SPARSITY, Laurent
from reference.exact.log_linear import LogLinear

fractions = st.builds(fmpq, st.integers(-60, 60), st.sampled_from([1, 2, 3, 7, 20]))
long_ones = [fmpq(1, 2**LONG_SCALE), fmpq(1, 3**700), fmpq(1, 5**500)]  # together too long for one scale
coefficients = st.one_of(st.integers(-3, 3), fractions, st.sampled_from(long_ones))


@given(st.lists(st.tuples(coefficients, fractions), min_size=MANY_TERMS, max_size=MANY_TERMS + 30), st.booleans())
def test_many_terms_at_once_are_the_terms_one_by_one(terms: list[tuple[int | fmpq, fmpq]], shared: bool) -> None:  # noqa: FBT001 - drawn
    pairs = [(c, LogLinear(q * (1 if shared else 1000))) for c, q in terms]
    if shared:
        pairs = [(c, LogLinear(fmpq(int(q.constant.p), 20))) for c, q in pairs]
    found, slow = exp_sum(pairs), exp_total(exp(e) * fmpq(c) for c, e in pairs)
    assert found == slow
    assert hash(found) == hash(slow)
    assert found.number_of_terms == len(found.terms()) == len(slow.terms())
    assert (found.content, found.scale, found.terms()) == (slow.content, slow.scale, slow.terms())


def test_terms_that_cancel_leave_their_denominators() -> None:
    kept = [(1, LogLinear(fmpq(k))) for k in range(MANY_TERMS)]
    gone = [(c, LogLinear(fmpq(1, 7))) for c in (1, -1)]
    found = exp_sum(kept + gone)
    assert found == exp_sum(kept)
    assert found.parts[0][1].step == 1


def test_a_sum_that_cancels_is_zero() -> None:
    pairs = [(c, LogLinear(fmpq(k, 3))) for k in range(MANY_TERMS) for c in (1, -1)]
    assert exp_sum(pairs) == 0


@given(st.lists(st.integers(1, 9), min_size=DENSE_FROM, max_size=40), st.sampled_from([1, 2, 6]), st.integers(1, 5))
def test_stretched_sums_have_their_exponents_multiplied(weights: list[int], step: int, factor: int) -> None:
    def made(times: int) -> ExpSum:
        return exp_sum([(w, LogLinear(fmpq((k - 3) * times, step))) for k, w in enumerate(weights)])

    found = made(1).stretched(factor)
    assert found == made(factor)
    assert exp_sum([(1, LogLinear(fmpq(0), ((2, fmpq(1, 2)),))), (1, LogLinear(fmpq(1)))]).stretched(2) is None


places = st.dictionaries(st.integers(0, 40 * SPARSITY), st.integers(-9, 9).filter(bool), min_size=2, max_size=12)


@given(places, st.integers(-50, 50), st.sampled_from([1, 2, 6, 2**40]))
def test_both_forms_of_a_sum_are_equal_and_say_the_same(table: dict[int, int], shift: int, step: int) -> None:
    dense = Laurent.on_lattice(step, shift, fmpz_poly([table.get(k, 0) for k in range(max(table) + 1)]))
    scattered = Laurent(dict(dense.items()))
    assert dense == scattered
    assert hash(dense) == hash(scattered)
    ends = min(table), max(table)
    for form in (dense, scattered):
        low, high = (fmpq(*end) for end in form.ends())
        assert (low, high) == tuple(fmpq(shift + end, step) for end in ends)
        assert [(fmpq(*q), c) for q, c in form.ascending()] == [
            (fmpq(shift + k, step), table[k]) for k in sorted(table)
        ]
        assert (fmpq(*form.smallest()[0]), form.smallest()[1]) == (low, table[ends[0]])


def test_exponents_without_a_lattice_are_ordered_too() -> None:
    primes = [10**9 + 7, 10**9 + 9, 10**9 + 21]
    table = {(k, q): k for k, q in enumerate(primes, 1)}
    form = Laurent(table)
    assert form.ends() == ((1, primes[0]), (3, primes[2]))
    assert [c for _, c in form.ascending()] == [1, 2, 3]
    assert hash(form) == hash(Laurent(dict(reversed(table.items()))))


def test_the_start_of_a_text_is_the_text() -> None:
    long = exp_sum([(fmpq(k, 7), LogLinear(fmpq(k, 3))) for k in range(1, 40 * SPARSITY)])
    whole = str(long)
    assert whole.startswith(long.start_of_text(200))
    assert len(long.start_of_text(200)) > 200
    assert repr(long) == f"ExpSum({whole[:197]}...)"
    ratio = ref.exp_ratio(1) / (long + 1)
    assert repr(ratio) == f"ExpRatio({str(ratio)[:197]}...)"
    short = exp_sum([(k, LogLinear(fmpq(k))) for k in range(1, 5)])
    assert short.start_of_text(200) == str(short)


def test_terms_are_counted_up_to_a_number() -> None:
    dense = exp_sum([(k, LogLinear(fmpq(k, 3))) for k in range(1, 40 * SPARSITY)])
    root = exp_sum([(1, LogLinear(fmpq(0), ((2, fmpq(1, 2)),)))])
    for s in (dense, dense * dense - dense, dense + root, dense * (1 + root), exp_sum([]), root):
        count = s.number_of_terms
        for most in (0, 1, count, count + 1, 10**6):
            fresh = exp_sum(s.terms())  # nothing of it is known yet
            assert fresh.terms_up_to(most) == s.terms_up_to(most) == min(count, most)


def test_the_first_positive_terms() -> None:
    s = exp_sum([(-1, LogLinear(fmpq(0))), (2, LogLinear(fmpq(1))), (3, LogLinear(fmpq(2), ((2, fmpq(1, 2)),)))])
    assert s.first_positive_terms() == [(t[0], t[1]) for t in s.terms() if t[0] > 0]
