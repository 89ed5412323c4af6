"""``import spanner_reference`` is ``import reference``."""

import pytest

import reference
import spanner_reference


def test_it_has_the_same_names() -> None:
    assert spanner_reference.__all__ == reference.__all__
    assert dir(spanner_reference) == dir(reference)
    assert all(getattr(spanner_reference, name) is getattr(reference, name) for name in reference.__all__)


def test_an_unknown_name_is_answered_under_the_name_that_was_asked() -> None:
    with pytest.raises(AttributeError, match="module 'spanner_reference' has no attribute 'gpa'; did you mean 'gap'"):
        _ = spanner_reference.gpa  # type: ignore[attr-defined]  # wrong on purpose
