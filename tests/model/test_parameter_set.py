"""The box of parameters: its faces belong to it, other dimensions do not, bounds are not negative."""

import pytest
from flint import fmpq

from reference.exact.loglinear import LogLinear, log
from reference.model.checks import ProblemError
from reference.model.parameter_set import Box


def test_faces_belong_to_the_box() -> None:
    box = Box((log(8), LogLinear(fmpq(0))))
    zero = LogLinear(fmpq(0))
    assert box.contains((log(8), zero))
    assert box.contains((log(2) * -3, zero))
    assert not box.contains((log(8) + fmpq(1, 10**30), zero))
    assert not box.contains((zero, LogLinear(fmpq(-1, 10**30))))


def test_other_dimensions_do_not() -> None:
    assert not Box((log(8),)).contains((log(2), log(2)))
    assert not Box((log(8),)).contains(())


def test_bad_bounds() -> None:
    with pytest.raises(ProblemError, match=r"^bounds\[1\]: -log\(2\) is negative$"):
        Box((log(2), -log(2)))
    with pytest.raises(ProblemError, match=r"^bounds: the list is empty; at least one is needed$"):
        Box(())
