"""Sets of parameters: what is on their edge belongs to them, other dimensions do not, bad ones are refused."""

import re
from collections.abc import Callable

import pytest
from flint import fmpq

from reference.exact import Undecided
from reference.exact.log_linear import LogLinear, log, loglinear
from reference.model.checks import ProblemError
from reference.model.parameter_set import Ball, Box, FiniteSet


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


def test_the_sphere_belongs_to_the_ball() -> None:
    ball = Ball(2, fmpq(5))
    assert ball.contains((loglinear(3), loglinear(-4)))
    assert not ball.contains((loglinear(3), loglinear("4.000000000000000000001")))
    assert ball.contains((log(2) * 7, loglinear(1)))  # 4.852^2 + 1 < 25
    assert not ball.contains((log(2) * 7, loglinear(2)))
    assert not ball.contains((loglinear(3),))
    assert not ball.contains((loglinear(0),) * 3)


def test_a_parameter_that_balls_cannot_place_is_undecided() -> None:
    near = fmpq((log(2) * 2**5000).floor(), 2**5000)  # closer to log 2 than enclosures up to the cap can tell
    with pytest.raises(Undecided):
        Ball(1, near).contains((log(2),))


def test_the_members_of_a_finite_set_and_no_others() -> None:
    members = FiniteSet(((log(2), loglinear(0)), (loglinear(0), loglinear(0))))
    assert members.contains([log(4) / 2, loglinear(0)])
    assert not members.contains((loglinear(0), log(2)))
    assert not members.contains((log(2),))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Ball(0, fmpq(1)), "dimension: 0 is not a positive integer"),
        (lambda: Ball(-1, fmpq(1)), "dimension: -1 is not a positive integer"),
        (lambda: Ball(True, fmpq(1)), "dimension: True is not a positive integer"),
        (lambda: Ball(1, fmpq(-1)), "radius: -1 is negative"),
        (lambda: FiniteSet(()), "members: the list is empty"),
        (lambda: FiniteSet(((),)), "members: the list is empty"),
        (lambda: FiniteSet(((log(2),), (log(2), log(2)))), "members[1]: 2 entries, but members[0] has 1"),
        (lambda: FiniteSet(((log(2), log(2)), (log(2),))), "members[1]: 1 entries, but members[0] has 2"),
        (lambda: FiniteSet(((log(3),), (log(2),), (log(4) / 2,))), "members[2]: the same as members[1]"),
    ],
)
def test_bad_sets(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ProblemError, match=re.escape(message)):
        make()
