"""What the laws of rejection with a cap and of the best of n refuse."""

import pytest

import reference as ref

FAIR = ref.Law.of({"a": "1/2", "b": "1/2"})


def test_a_policy_that_is_never_drawn_has_no_law() -> None:
    with pytest.raises(ref.LawError, match=r"^no response of pi is ever drawn from pi_ref$"):
        ref.truncated_rejection(ref.Law.point("z"), FAIR, 1)


def test_trials_are_counted_from_0() -> None:
    found = ref.truncated_rejection(FAIR, FAIR, 1)
    assert found.of_trials(0) == ref.Law.point(None)
    with pytest.raises(ValueError, match=r"^N = -1: needs N >= 0 trials$"):
        found.of_trials(-1)


def test_ties_are_broken_in_a_way_that_is_known() -> None:
    values = {"a": ref.loglinear(1), "b": ref.loglinear(1)}
    assert ref.best_of_n_law(FAIR, values.__getitem__, 2).mass("a") == ref.rational("3/4")
    assert ref.best_of_n_law(FAIR, values.__getitem__, 2, ties="first") == FAIR
    with pytest.raises(ValueError, match=r"^ties 'last'; one of index, first$"):
        ref.best_of_n_law(FAIR, values.__getitem__, 2, ties="last")  # type: ignore[arg-type]  # wrong on purpose


SOFT = ref.from_logits([0.0, 1.0, 1.0])
"""Masses proportional to 1, e, e."""


def test_the_best_of_draws_from_a_softmax() -> None:
    e = ref.exp(1)
    values = [ref.loglinear(1), ref.loglinear(0), ref.loglinear(0)]
    of_two = ref.best_of_n_law(SOFT, values.__getitem__, 2)
    assert of_two == ref.Law.weighted(range(3), [(1 + 2 * e) ** 2 - 4 * e**2, 3 * e**2, e**2])
    by_draw = ref.best_of_n_law(SOFT, values.__getitem__, 2, ties="first")
    assert by_draw == ref.Law.weighted(range(3), [1 + 4 * e, 2 * e**2, 2 * e**2])
    assert ref.best_of_n_law(SOFT, values.__getitem__, 1) == SOFT
    with pytest.raises(ValueError, match=r"^best of n = 10000: a power 10000 .* too large to form; take fewer draws"):
        ref.best_of_n_law(SOFT, values.__getitem__, 10_000)
