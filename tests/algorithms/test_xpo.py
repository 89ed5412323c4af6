"""XPO: laws by hand, agreement with the peer, the bonus, and bad input."""

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.algorithms.parts.feedback import Preferences, Rewards
from reference.algorithms.parts.optimisers import coordinate_descent, exhaustive
from reference.algorithms.xpo import XPO, bonus
from reference.exact import log, loglinear, real
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction import Answer, ProperLearner, ProperOracles, Public, Round, Seeded, play_proper
from reference.model.parameter_set import Box, FiniteSet, Theta
from tests.algorithms import proper_peer
from tests.algorithms.proper_instances import arms, law, members, problem, read, tables, theta, transcripts
from tests.algorithms.proper_peer import Table

ZERO, ONE = theta((0,)), theta((1,))


def searching(t: Table, T: int, alpha: str, *, compare: bool) -> ProperLearner:
    if compare:
        return XPO(T=T, alpha=alpha, feedback=Preferences(), optimiser=exhaustive(members(t)))
    return XPO(T=T, alpha=alpha, feedback=Rewards(), optimiser=exhaustive(members(t)))


@pytest.mark.parametrize("compare", [True, False])
def test_the_bonus_moves_away_from_the_base_model_by_hand(compare: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Both answers bad, (3/4)^2 = 9/16, say nothing.  pi_0(bad) = 3/4, pi_{log 2}(bad) = 3/5 is less: log 2.

    Both good, 1/16: pi_0(good) = 1/4, pi_{log 2}(good) = 2/5 is more: 0.  A telling pair has y' bad with 3/16, and good
    with 3/16.  Rewards: the loss of 0 is (log 2)^2 = 0.48, and the bonus favours 0 by log(8/5) = 0.47 at most: log 2.
    Preferences, alpha = 1: won by good (2/3), the losses are log(3/2) and log 2: with y' bad both agree; with y' good 0
    gains log(8/5) > log(4/3).  Lost (1/3), 0 leads by log(3/2); y' bad takes log(5/4) back: still 0.
    """
    t = arms("1/4")
    start = ((ZERO, ZERO),)
    telling = fmpq(3, 16) * 2 / 3 if compare else fmpq(3, 8)
    assert law(t, searching(t, 1, "1", compare=compare)) == Law.of(
        {(start, ONE): fmpq(9, 16) + telling, (start, ZERO): fmpq(7, 16) - telling}
    )


def test_two_rounds_commit_to_what_was_fitted_and_to_the_base_model() -> None:
    """Rewards, alpha = 1/10: log 2 unless all y' were good and nothing was told.

    After (bad, bad), 9/16, or a telling pair, 3/8, log 2 is played.  After (good, good), 1/16, it is 0 again; then of
    the next pair (bad, bad) has 9/16: pi(good) pi(bad) is 3/16 under 0 and 6/25 under log 2, so log 2 leads already.
    """
    t = arms("1/4")
    start, again = (ZERO, ZERO), (ONE, ZERO)
    found = law(t, searching(t, 2, "1/10", compare=False))
    # Under (log 2, 0) after (bad, bad): (good, good), 1/10, gives base answers bad and good: 3/16 < 6/25, so 0.
    lost = fmpq(9, 16) * fmpq(1, 10)
    # After (good, good) under 0: (good, good) leaves 0; (bad, bad) gives the same base answers as above: 0.
    stays = fmpq(1, 16) * (fmpq(1, 16) + fmpq(9, 16))
    assert found == Law.of(
        {
            ((start, again), ZERO): lost,
            ((start, again), ONE): fmpq(15, 16) - lost,
            ((start, start), ZERO): stays,
            ((start, start), ONE): fmpq(1, 16) - stays,
        }
    )


def agrees(t: Table, alpha: str, *, compare: bool) -> None:
    peer = proper_peer.optimistic(t, 3, Fraction(alpha), compare=compare)
    assert law(t, searching(t, 3, alpha, compare=compare)) == read(peer)


ALPHAS = st.sampled_from(["0", "1/7", "1", "3"])


@given(tables(), ALPHAS)
@settings(max_examples=4)
def test_the_peer_agrees_on_rewards(t: Table, alpha: str) -> None:
    agrees(t, alpha, compare=False)


@given(tables(sizes=((2,), (2, 2))), ALPHAS)
@settings(max_examples=3)
def test_the_peer_agrees_on_preferences(t: Table, alpha: str) -> None:
    agrees(t, alpha, compare=True)


def test_the_bonus_by_hand() -> None:
    """beta = 1/2: ``1/2 (2 log pi(bad) + log pi(good))`` with exp(log 2/beta) = 4: pi(good) = 4/7, pi(bad) = 3/7."""
    table = arms("1/4")
    public = Public.of(problem(table), FiniteSet((ZERO, ONE)))
    halved = Public(public.rho, public.base, public.features, fmpq(1, 2), public.parameter_set)
    counted = {(0, 0): 2, (0, 1): 1}
    assert bonus(halved, ONE, counted) == real(log(3) * 2 + log(4) - log(7) * 3) * fmpq(1, 2)
    assert bonus(public, ZERO, {}) == 0


BAD, GOOD = Answer(0, Vector.of([0]), loglinear(0)), Answer(1, Vector.of([1]), log(2))


def shown(*pairs: tuple[Answer, Answer], listed: tuple[int, ...]) -> Theta:
    """Run on ``arms("1/4")`` with rewards and alpha = 1 where the rounds show these pairs; return theta."""
    t, answers = arms("1/4", listed=listed), iter(pairs)
    public = Public.of(problem(t), FiniteSet(members(t)))
    choice = Seeded(1)
    oracles = ProperOracles(public, lambda _: Round(0, next(answers)), choice.draw, choice.loop)
    return searching(t, len(pairs), "1", compare=False)(oracles)


def test_each_base_answer_counts_as_often_as_it_was_seen() -> None:
    """pi(bad)^2 pi(good) is 9/64 at 0 and less at log 4, 36/343; but pi(bad) pi(good) is 3/16 and more, 12/49."""
    assert shown((BAD, BAD), (BAD, BAD), (GOOD, GOOD), listed=(0, 2)) == theta((2,))
    assert shown((BAD, BAD), (GOOD, GOOD), listed=(0, 2)) == ZERO


def test_each_datum_counts_as_often_as_it_was_seen() -> None:
    """The bonus favours 0 by log(8/5) for good and -log(5/4) for bad, 0.72 after good, good, bad.

    The loss favours log 2 by (log 2)^2 = 0.48 for each telling pair: 0.96 after two, and one would not do.
    """
    assert shown((BAD, GOOD), (BAD, GOOD), (BAD, BAD), listed=(0, 1)) == ONE
    assert shown((BAD, GOOD), (GOOD, GOOD), (BAD, BAD), listed=(0, 1)) == ZERO


@pytest.mark.parametrize("T", [0, 1, 3])
def test_queries(T: int) -> None:
    t = arms("1/4")
    reading = play_proper(problem(t), FiniteSet(members(t)), searching(t, T, "1", compare=False), Seeded(2)).reading
    assert (reading.prompts, reading.reward, reading.t_comp) == (T, 2 * T, 2 * T)
    assert reading.drawn >= T  # y' is the base model's


def test_a_cheap_optimiser() -> None:
    """The box has the vertices +-log 2; all that T = 1 says under 0 moves to +log 2, or back to -log 2."""
    box = Box((log(2),))
    learner = XPO(T=1, alpha=1, feedback=Rewards(), optimiser=coordinate_descent(box))
    found = transcripts(problem(arms("1/4")), box, learner).map(lambda transcript: transcript[1])
    # (good, good), 1/16: pi(good) is least at -log 2; telling: the loss of -log 2 is 4 (log 2)^2 = 1.9; else pi(bad).
    assert found == Law.of({(log(2),): "15/16", (-log(2),): "1/16"})


@pytest.mark.parametrize(
    ("T", "alpha", "message"), [(-1, "1", "T = -1, alpha = 1"), (2, "-1/2", "alpha = -1/2: neith")]
)
def test_refuses(T: int, alpha: str, message: str) -> None:
    t = arms("1/4")
    with pytest.raises(ValueError, match=message):
        law(t, searching(t, T, alpha, compare=False))
