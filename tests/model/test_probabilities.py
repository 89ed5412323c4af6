"""What is found of many responses at once, against each by itself."""

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import enclosing, log, loglinear
from reference.exact.law import Law
from reference.exact.log_linear import LogLinear
from reference.model import Tilt, checks
from reference.model.checks import ProblemError
from reference.model.probabilities import Probabilities

MASSES = st.lists(st.integers(0, 10**6), min_size=64, max_size=80).filter(any)


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(-90, 90)), min_size=2, max_size=30),
    st.integers(1, 20),
    st.sampled_from([loglinear(0), log(2)]),
)
def test_written_probabilities_are_those_of_each_response(
    rows: list[tuple[int, int]], digits: int, more: LogLinear
) -> None:
    """Their sizes differ by up to 10^80, so some are found from one scale, and some are not."""
    base = Law.weighted(range(len(rows)), [weight for weight, _ in rows])
    scores = tuple(loglinear(score) + more * (i % 2) for i, (_, score) in enumerate(rows))
    tilt = Tilt(base, scores, fmpq(1))
    found = Probabilities(tilt)
    for i, written in enumerate(found.written(digits)):
        exact = isinstance(written, fmpq)
        assert written == (tilt.law().mass(i) if exact else enclosing(found[i], digits))


@given(MASSES)
def test_many_masses_are_weighed_as_one_by_one(shares: list[int]) -> None:
    masses = [fmpq(share, sum(shares)) for share in shares]
    weights, _ = checks._law_weights("at", "pi_ref", masses, 10**6)
    assert checks.law_weights("at", "pi_ref", masses) == weights


@pytest.mark.parametrize("place", [0, 63])
def test_a_negative_mass_among_many_is_named(place: int) -> None:
    masses = [fmpq(1, 64)] * 64
    masses[place] -= 1
    with pytest.raises(ProblemError, match="-63/64 is negative") as error:
        checks.law_weights("at", "pi_ref", masses)
    assert error.value.path == f"at[{place}].pi_ref"
