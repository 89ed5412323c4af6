"""OnlineDPO: laws by hand, agreement with the peer, what does not matter, and bad input."""

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.algorithms.online_dpo import OnlineDPO
from reference.algorithms.parts.cover import Datum, RidgeCover, SpanCover
from reference.algorithms.parts.feedback import Preferences, Rewards
from reference.algorithms.parts.fits import LeastSquares, Newton, Search
from reference.algorithms.parts.optimisers import exhaustive
from reference.exact import log, loglinear
from reference.exact.law import Law
from reference.interaction import Outcome, ProperLearner, Reading, Seeded, SoftmaxPolicy, play_proper
from reference.model.parameter_set import Box, FiniteSet, Theta
from tests.algorithms import proper_peer
from tests.algorithms.proper_instances import arms, law, members, problem, read, tables, theta, transcripts
from tests.algorithms.proper_peer import Table

ZERO, ONE = theta((0,)), theta((1,))


def searching(t: Table, T: int, *, compare: bool) -> ProperLearner:
    if compare:
        return OnlineDPO(T=T, feedback=Preferences(), fit=Search(Preferences(), exhaustive(members(t))))
    return OnlineDPO(T=T, feedback=Rewards(), fit=Search(Rewards(), exhaustive(members(t))))


def test_rewards_by_hand() -> None:
    """q = 1/4: a pair tells the arms apart with u = 2 * 1/4 * 3/4 = 3/8, and then theta* = log 2 is known for good."""

    def learner(T: int) -> OnlineDPO[Datum]:
        return OnlineDPO(T, Rewards(), LeastSquares(SpanCover.empty(1)))

    found = problem(arms("1/4"))
    box = Box((log(2),))
    start = (ZERO, ZERO)
    assert transcripts(found, box, learner(T=1)) == Law.of({((start,), ONE): "3/8", ((start,), ZERO): "5/8"})
    assert transcripts(found, box, learner(T=2)) == Law.of(
        {
            ((start, (ONE, ONE)), ONE): "3/8",
            ((start, start), ONE): "15/64",
            ((start, start), ZERO): "25/64",
        }
    )
    assert transcripts(found, box, learner(T=0)) == Law.of({((), ZERO): 1})


def test_preferences_by_hand() -> None:
    """theta* = log 2: good beats bad with 2/3.  Of {0, log 2} one win picks log 2, one loss 0.

    In round 2 under theta = log 2 good has 2/5, so 12/25 of the pairs tell; under 0 it has 1/4: 3/8.  A win and a loss
    together have loss log(3/2) + log 3 = log 9/2 at log 2, and log 4 at 0: so 0.
    """
    t = arms("1/4")
    start = (ZERO, ZERO)
    assert law(t, searching(t, 1, compare=True)) == Law.of({((start,), ONE): "1/4", ((start,), ZERO): "3/4"})
    rest = fmpq(12, 25) / 3  # the second pair is lost
    assert law(t, searching(t, 2, compare=True)) == Law.of(
        {
            ((start, (ONE, ONE)), ONE): fmpq(1, 4) * (1 - rest),
            ((start, (ONE, ONE)), ZERO): fmpq(1, 4) * rest,
            ((start, start), ONE): fmpq(5, 8) * fmpq(1, 4),  # nothing, then a win
            ((start, start), ZERO): fmpq(1, 8) + fmpq(5, 8) * fmpq(3, 4),  # a loss, and whatever follows, among them
        }
    )


@given(tables(), st.booleans())
@settings(max_examples=5)
def test_the_peer_agrees(t: Table, compare: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert law(t, searching(t, 3, compare=compare)) == read(proper_peer.optimistic(t, 3, None, compare=compare))


@given(tables())
@settings(max_examples=4)
def test_merging_changes_nothing(t: Table) -> None:
    found, theta_set = problem(t), FiniteSet(members(t))
    learner = searching(t, 2, compare=True)
    merged, plain = (transcripts(found, theta_set, learner, merge=merge) for merge in (True, False))
    assert merged == plain


@pytest.mark.parametrize("T", [0, 1, 4])
def test_queries(T: int) -> None:
    learner = OnlineDPO(T=T, feedback=Rewards(), fit=LeastSquares(SpanCover.empty(1)))
    outcome = play_proper(problem(arms("1/4")), Box((log(2),)), learner, Seeded(5))
    assert outcome.t_data == 2 * T
    assert outcome.reading.t_comp == 2 * T
    assert outcome.reading.prompts == T


def test_ridge_by_hand() -> None:
    """k telling pairs: theta = k/(k+1) log 2 with lambda = 1; T = 1: k = 1 with 3/8."""
    learner = OnlineDPO(T=1, feedback=Rewards(), fit=LeastSquares(RidgeCover.empty(1, fmpq(1), fmpq(1))))
    found = transcripts(problem(arms("1/4")), Box((log(2),)), learner)
    assert found.map(lambda transcript: transcript[1]) == Law.of({ZERO: "5/8", (log(2) / 2,): "3/8"})


def test_newton_follows_the_preferences() -> None:
    """T = 1: no telling pair, 5/8, leaves 0; else +-u, cut to the box [-1/8, 1/8]."""
    learner = OnlineDPO(T=1, feedback=Preferences(), fit=Newton(fmpq(1)))
    found = transcripts(problem(arms("1/4")), Box((loglinear(fmpq(1, 8)),)), learner)
    ends: list[Theta] = [(loglinear(fmpq(sign, 8)),) for sign in (1, -1)]
    assert found.map(lambda transcript: transcript[1]) == Law.of({ends[0]: "1/4", ends[1]: "1/8", ZERO: "5/8"})


def test_ties_go_to_the_least_index_and_zero_is_played_first() -> None:
    """Nothing is known of T = 0: the first member.  In round 1 theta = 0 is played though it is no member."""
    t = arms("1/4", listed=(2, 1))
    assert law(t, searching(t, 0, compare=False)) == Law.of({((), theta((2,))): 1})
    assert {committed for committed, _ in law(t, searching(t, 1, compare=False)).outcomes} == {((ZERO, ZERO),)}


def test_refuses() -> None:
    t = arms("1/4")
    with pytest.raises(ValueError, match="T = -1: the number of rounds cannot be negative"):
        law(t, searching(t, -1, compare=False))


def test_an_estimate_outside_theta_is_refused() -> None:
    t = arms("1/4", listed=(0, 1, 2))
    learner = OnlineDPO(T=1, feedback=Rewards(), fit=Search(Rewards(), exhaustive(members(t))))
    with pytest.raises(ValueError, match="outside Theta"):
        transcripts(problem(arms("1/4", star=2)), FiniteSet((ZERO, ONE)), learner)
    assert play_proper(problem(t), FiniteSet(members(t)), learner, Seeded(1)) in {
        Outcome(SoftmaxPolicy(m), Reading(prompts=1, weak=(2,), reward=2), None) for m in members(t)
    }
