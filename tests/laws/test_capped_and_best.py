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
    with pytest.raises(ValueError, match=r"^the base law is irrational"):
        ref.best_of_n_law(ref.from_logits([0.0, 1.0]), lambda _: ref.loglinear(0), 2)
