"""Feedback, fits, optimisers and projection: by hand, by properties, and bad input."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.algorithms.parts.cover import RidgeCover, SpanCover, counts
from reference.algorithms.parts.feedback import Feedback, Preferences, Rewards
from reference.algorithms.parts.fits import LeastSquares, Newton, Search
from reference.algorithms.parts.newton import logistic_newton
from reference.algorithms.parts.optimisers import coordinate_descent, exhaustive, vertices
from reference.algorithms.parts.projection import projected
from reference.exact import LogLinear, Real, log, loglinear, real, real_log, real_sum
from reference.exact.linalg import Vector
from reference.interaction import Answer, ProperOracles, Public, Round
from reference.model.parameter_set import Ball, Box, FiniteSet, ParameterSet, Theta
from tests.algorithms.proper_instances import arms, problem
from tests.interaction.scripted import Scripted

D = TypeVar("D", bound=Hashable)


def at(*entries: int | str | LogLinear) -> Theta:
    return tuple(entry if isinstance(entry, LogLinear) else loglinear(entry) for entry in entries)


def public(parameter_set: ParameterSet) -> Public:
    return Public.of(problem(arms("1/4")), parameter_set)


# ------------------------------------------------------------------------------------------------ feedback


FIRST, SECOND = Answer(0, Vector.of([3]), loglinear(5)), Answer(1, Vector.of([1]), loglinear(1))


def asked(feedback: Feedback[D], *script: bool) -> D:
    """Return the datum of a round of the parameters 1 and 2 that shows ``FIRST`` and ``SECOND``; coins as scripted."""
    shown, coins = Round(7, (FIRST, SECOND)), Scripted(script)

    def round_(thetas: Sequence[Theta], /) -> Round:
        assert tuple(thetas) == (at(1), at(2))
        return shown

    oracles = ProperOracles(public(Ball(1, fmpq(2))), round_, coins.draw, coins.loop)
    played, datum = feedback.ask(oracles, at(1), at(2))
    assert played == shown
    return datum


def test_what_a_round_tells_by_hand() -> None:
    assert asked(Rewards()) == (Vector.of([2]), loglinear(4))
    assert asked(Preferences(), True) == Vector.of([2])
    assert asked(Preferences(), False) == Vector.of([-2])


def test_the_squared_loss_by_hand() -> None:
    """theta = (1, log 2): 2 (1 - 3)^2 + (log 2 - 0)^2 + 5 (1 - 1)^2."""
    data = {
        (Vector.of([1, 0]), loglinear(3)): 2,
        (Vector.of([0, 1]), loglinear(0)): 1,
        (Vector.of([1, 0]), loglinear(1)): 5,
    }
    assert Rewards().loss(at(1, log(2)), data) == 8 + real(log(2)) * log(2)
    assert Rewards().loss(at(1, log(2)), {}) == 0


def test_the_logistic_loss_by_hand() -> None:
    """theta = log 2: a win of e_1 costs log(3/2), a loss log 3; zero features cost log 2."""
    win, loss, same = Vector.of([1]), Vector.of([-1]), Vector.of([0])
    assert Preferences().loss(at(log(2)), {win: 2, loss: 1}) == real_log(fmpq(27, 4))
    assert Preferences().loss(at(log(2)), {same: 3}) == real_log(8)
    assert Preferences().loss(at(log(2)), {}) == 0


def test_counts_forget_the_order_only() -> None:
    assert counts(("a", "b", "a")) == {("a", 2), ("b", 1)} == counts(("b", "a", "a"))
    assert counts(("a", "b")) != counts(("a", "b", "a"))


# -------------------------------------------------------------------------------------------------- fits


DATUM = (Vector.of([1]), loglinear(3))


def test_least_squares_by_hand() -> None:
    """Rewards 3 twice and 0 once: the mean is 2, with ridge 1 it is 6/4; the ball cuts it to 1."""
    data = {DATUM: 2, (Vector.of([1]), loglinear(0)): 1}
    wide, narrow = public(Ball(1, fmpq(9))), public(Ball(1, fmpq(1)))
    assert LeastSquares(SpanCover.empty(1))(wide, data) == at(2)
    assert LeastSquares(RidgeCover.empty(1, fmpq(1), fmpq(1)))(wide, data) == at("3/2")
    assert LeastSquares(SpanCover.empty(1))(narrow, data) == at(1)
    assert LeastSquares(SpanCover.empty(1))(wide, {}) == at(0)


def test_a_search_returns_the_member_of_least_loss() -> None:
    members = (at(0), at(2), at(4))
    found = public(FiniteSet(members))
    assert Search(Rewards(), exhaustive(members))(found, {DATUM: 1}) == at(2)  # 1 = 1: the first of two
    assert Search(Rewards(), exhaustive(members[::-1]))(found, {DATUM: 1}) == at(4)
    assert Search(Preferences(), exhaustive(members))(found, {Vector.of([1]): 1}) == at(4)
    often = {DATUM: 1, (Vector.of([1]), loglinear(1)): 2}
    assert Search(Rewards(), exhaustive(members[1:]))(found, often) == at(2)
    assert Search(Rewards(), exhaustive((at(3), at(1))))(found, often) == at(1)  # 8 > 4, but 4 = 4 if each counted once


def test_newton_is_projected() -> None:
    win = {Vector.of([1]): 1}
    assert Newton(fmpq(1))(public(Box(at("1/8"))), win) == at("1/8")
    assert Newton(fmpq(1))(public(Box(at("1/8"))), {Vector.of([-1]): 1}) == at("-1/8")
    (free,) = Newton(fmpq(1))(public(Ball(1, fmpq(9))), win)  # theta = 1/(1 + exp(theta))
    assert loglinear("2/5") < free < loglinear("41/100")
    assert Newton(fmpq(1))(public(Ball(1, fmpq(9))), {}) == at(0)


def test_newton_passes_on_its_ridge_and_bits() -> None:
    wide, data = public(Ball(1, fmpq(9))), {Vector.of([1]): 4}
    assert Newton(fmpq(1, 3), bits=9)(wide, data) == logistic_newton(data, 1, fmpq(1, 3), 9).parameter
    assert Newton(fmpq(1, 3))(wide, data) == logistic_newton(data, 1, fmpq(1, 3), 64).parameter


@pytest.mark.parametrize(("ridge", "bits"), [(0, 8), (-1, 8), (1, -1)])
def test_newton_refuses(ridge: int, bits: int) -> None:
    with pytest.raises(ValueError, match="needs ridge > 0 and bits >= 0"):
        Newton(fmpq(ridge), bits)(public(Ball(1, fmpq(1))), {})


# -------------------------------------------------------------------------------------------- optimisers


@dataclass(slots=True)
class Table:
    """An objective given by its values; counts its evaluations."""

    values: Mapping[Theta, int]
    asked: int = 0

    def __call__(self, theta: Theta) -> Real:
        self.asked += 1
        return real(self.values[theta])


def test_exhaustive_takes_the_first_of_the_least() -> None:
    members = (at(3), at(1), at(2), at(0))
    objective = Table({at(3): 5, at(1): 2, at(2): 2, at(0): 4})
    search = exhaustive(members)
    assert search(objective) == at(1)
    assert objective.asked == search.evaluations == 4
    assert search(lambda _: real(0)) == at(3)


def test_exhaustive_compares_exactly() -> None:
    """log 4 and 2 log 2 tie; log 4 - 10^-40 is less."""
    tie = {at(0): real_log(4), at(1): real(log(2) * 2)}
    assert exhaustive((at(1), at(0)))(tie.__getitem__) == at(1)
    less = {**tie, at(0): real_log(4) - fmpq(1, 10**40)}
    assert exhaustive((at(1), at(0)))(less.__getitem__) == at(0)


SQUARE = Box(at(1, 1))


def test_vertices_count_in_binary() -> None:
    assert vertices(SQUARE) == (at(-1, -1), at(1, -1), at(-1, 1), at(1, 1))
    assert vertices(Box(at(1, log(2))))[1] == (loglinear(1), -log(2))


def test_coordinate_descent_by_hand() -> None:
    """From (-,-) a flip of 1 helps, then of 2; a second pass tries two flips and stops."""
    objective = Table({at(-1, -1): 3, at(1, -1): 2, at(-1, 1): 9, at(1, 1): 1})
    search = coordinate_descent(SQUARE, sweeps=7)
    assert search(objective) == at(1, 1)
    assert objective.asked == 5  # 1 + 2 passes of 2
    assert search.evaluations == 15


def test_coordinate_descent_stays_on_ties_and_in_local_minima() -> None:
    flat = Table(dict.fromkeys(vertices(SQUARE), 0))
    assert coordinate_descent(SQUARE)(flat) == at(-1, -1)
    assert flat.asked == 3
    assert coordinate_descent(SQUARE).evaluations == 5  # two passes, unless told
    local = Table({at(-1, -1): 1, at(1, -1): 2, at(-1, 1): 2, at(1, 1): 0})
    assert coordinate_descent(SQUARE, sweeps=9)(local) == at(-1, -1)


@pytest.mark.parametrize(("sweeps", "expected"), [(0, at(-1, -1)), (1, at(-1, 1)), (2, at(1, 1))])
def test_coordinate_descent_stops_after_its_passes(sweeps: int, expected: Theta) -> None:
    objective = Table({at(-1, -1): 3, at(1, -1): 4, at(-1, 1): 2, at(1, 1): 1})
    search = coordinate_descent(SQUARE, sweeps)
    assert search(objective) == expected
    assert objective.asked == search.evaluations


def test_optimisers_refuse() -> None:
    with pytest.raises(ValueError, match="an exhaustive search needs at least one parameter"):
        exhaustive(())
    with pytest.raises(ValueError, match="sweeps = -1: the number of passes cannot be negative"):
        coordinate_descent(SQUARE, -1)


# -------------------------------------------------------------------------------------------- projection


def test_a_box_clamps_each_entry() -> None:
    box = Box((log(2), loglinear(1), loglinear(1)))
    assert projected(box, at(1, -3, "1/2")) == (log(2), loglinear(-1), loglinear("1/2"))
    assert projected(box, (-log(2), log(2), loglinear(-1))) == (-log(2), log(2), loglinear(-1))


def test_a_ball_shrinks_by_a_factor_rounded_down() -> None:
    """(3, 4) into radius 1: the factor 1/5 is 51/256 with 8 bits, 0 with none."""
    ball = Ball(2, fmpq(1))
    assert projected(ball, at(3, 4), bits=8) == at("153/256", "204/256")
    assert projected(ball, at(3, 4), bits=0) == at(0, 0)
    assert projected(ball, at(0, 2), bits=3) == at(0, 1)  # 1/2 is a multiple of 1/8
    assert projected(ball, at("3/5", "4/5")) == at("3/5", "4/5")  # on the sphere
    assert projected(Ball(1, fmpq(2)), at("5/2"), bits=2) == at("15/8")  # 4/5 is cut to 3/4, the largest of 2 bits
    assert projected(Ball(1, fmpq(1)), at(3)) == (loglinear(1 - fmpq(1, 1 << 64)),)  # 2^64 = 1 mod 3


def test_a_finite_set_gives_the_nearest_member_first_of_equals() -> None:
    members = FiniteSet((at(2), at(0), at(log(2))))
    assert projected(members, at(1)) == at(log(2))
    assert projected(members, at(-5)) == at(0)
    assert projected(FiniteSet((at(2), at(0))), at(1)) == at(2)
    assert projected(FiniteSet((at(3, 0), at(2, 2))), at(0, 0)) == at(2, 2)  # 9 > 8; 3 < 4 if entries were added
    assert projected(FiniteSet((at(2, 2), at("5/2", 0))), at(0, 0)) == at("5/2", 0)  # 8 > 25/4; 2 < 5/2 entrywise


def test_projection_refuses() -> None:
    with pytest.raises(ValueError, match="theta has 1 entries, Theta has dimension 2"):
        projected(SQUARE, at(1))
    with pytest.raises(ValueError, match="theta has 3 entries, Theta has dimension 2"):
        projected(Ball(2, fmpq(1)), at(1, 1, 1))

    class Plane:
        dimension = 1

        def contains(self, theta: object) -> bool:
            del theta
            return True

    with pytest.raises(TypeError, match="no projection into Plane"):
        projected(Plane(), at(1))


RATIONALS = st.builds(fmpq, st.integers(-40, 40), st.integers(1, 9))
ENTRIES = st.builds(lambda a, b: loglinear(a) + log(2) * b, RATIONALS, RATIONALS)
POINTS = st.tuples(ENTRIES, ENTRIES)
SETS: st.SearchStrategy[ParameterSet] = st.one_of(
    st.builds(lambda r: Ball(2, abs(r)), RATIONALS),
    st.builds(lambda a, b: Box((max(a, -a), max(b, -b))), ENTRIES, ENTRIES),
    st.lists(POINTS, min_size=1, max_size=4, unique=True).map(lambda members: FiniteSet(tuple(members))),
)


@given(SETS, POINTS, st.integers(0, 70))
def test_the_projection_is_in_the_set_and_stays_there(parameter_set: ParameterSet, theta: Theta, bits: int) -> None:
    there = projected(parameter_set, theta, bits)
    assert parameter_set.contains(there)
    assert projected(parameter_set, there, bits) == there
    if parameter_set.contains(theta):
        assert there == theta


@given(POINTS, st.integers(1, 30))
def test_one_more_step_would_leave_the_ball(theta: Theta, bits: int) -> None:
    """So the factor is within 2^-bits of the nearest point's; one made with other bits differs by no more."""
    ball = Ball(2, fmpq(1, 20))
    if ball.contains(theta):
        theta = at(1, 1)
    there = projected(ball, theta, bits)
    step = tuple(entry * fmpq(1, 1 << bits) for entry in theta)
    assert not ball.contains(tuple(a + b for a, b in zip(there, step, strict=True)))
    finer = projected(ball, theta, bits + 9)
    moved = real_sum(real(a - b) * (a - b) for a, b in zip(finer, there, strict=True))
    assert moved < real_sum(real(entry) * entry for entry in step)
