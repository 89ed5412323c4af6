"""The claims of OnlineDPO's passive failure: their closed forms by hand."""

import pytest
from flint import fmpq

from proofs_check.claims.proper.online_dpo import all_suboptimal, closed_form, survival, threshold


def test_closed_forms_by_hand() -> None:
    """q = 1/4: u = 3/8.  One preference: right with 2/3 chooses.  Of two only loss-loss and loss-win do not."""
    assert closed_form("rewards", 2, 2) == fmpq(25, 64)
    assert [survival(k) for k in range(3)] == [1, fmpq(1, 3), fmpq(1, 3)]
    assert closed_form("preferences", 2, 1) == fmpq(5, 8) + fmpq(3, 8) / 3
    # loss, win, win: 3^3 = 27 < 4^2 2 = 32 chooses
    assert survival(3) == fmpq(1, 3) - fmpq(1, 3) * fmpq(4, 9)


def test_thresholds_by_hand() -> None:
    """5/8, 25/64: T = 2.  (25/32)^2 = 0.61, (25/32)^3 = 0.48: T = 3."""
    assert (threshold("rewards", 2), threshold("rewards", 3)) == (2, 3)


@pytest.mark.parametrize(("s", "T"), [(2, 1), (2, 2), (3, 2), (3, 3)])
def test_the_interpreter_falls_below_a_half_at_the_threshold(s: int, T: int) -> None:
    assert (all_suboptimal("rewards", s, T) < fmpq(1, 2)) == (threshold("rewards", s) <= T)
