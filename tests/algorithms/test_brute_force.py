"""Brute force over a finite set: laws by hand, agreement with the peer, its work, and bad input."""

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given, settings

from reference.algorithms.brute_force import BruteForce, evaluations, informativeness, new_responses, spanned
from reference.algorithms.parts.optimisers import vertices
from reference.exact import exp, exp_ratio, log, loglinear
from reference.exact.law import Law
from reference.exact.linalg import Span, Vector
from reference.interaction import ProperLearner, Public, Seeded, play_proper
from reference.model import LinearProblem, Prompt, Response
from reference.model.parameter_set import Box, FiniteSet
from tests.algorithms import proper_peer
from tests.algorithms.proper_instances import arms, law, members, problem, read, tables, theta
from tests.algorithms.proper_peer import Table

ZERO, ONE, TWO = theta((0,)), theta((1,)), theta((2,))


def searching(t: Table, T: int) -> ProperLearner:
    return BruteForce(T=T, members=members(t))


def test_by_hand() -> None:
    """U(m) = P(y good) P(y' bad) + P(y bad) P(y' good): 3/8 at 0, (2/5)(3/4) + (3/5)(1/4) = 9/20 at log 2.

    At log 4 (4/7)(3/4) + (3/7)(1/4) = 15/28; so log 4 first.  It stops once told, and knows theta* = log 2 then.
    """
    t = arms("1/4", listed=(0, 1, 2))
    play = (TWO, ZERO)
    told = fmpq(15, 28)
    assert law(t, searching(t, 2)) == Law.of(
        {((play,), ONE): told, ((play, play), ONE): (1 - told) * told, ((play, play), ZERO): (1 - told) ** 2}
    )
    assert law(t, searching(t, 0)) == Law.of({((), ZERO): 1})


@given(tables())
@settings(max_examples=12)
def test_the_peer_agrees(t: Table) -> None:
    assert law(t, searching(t, 3)) == read(proper_peer.brute(t, 3))


def test_ties_go_to_the_least_index() -> None:
    """With pi_ref = (1/2, 1/2) every member has U = 1/2."""
    t = arms("1/2", listed=(2, 1, 0))
    assert {committed[0] for committed, _ in law(t, searching(t, 1)).outcomes} == {(TWO, ZERO)}


def test_the_value_at_two_prompts_by_hand() -> None:
    """Only prompt v (rho = 2/3) has something new: e_2.  P(yes) = 2/(1+2) = 2/3 at theta_2 = log 2, base 1/2."""
    yes, no = Response.of("yes", "1/2", [1, 0]), Response.of("no", "1/2", [0, 0])
    other = Response.of("yes", "1/2", [0, 1])
    prompts = [Prompt.of("u", [no, yes], rho="1/3"), Prompt.of("v", [no, other], rho="2/3")]
    found = LinearProblem.of("two", prompts, theta=[1, 1], beta=1, B=2, R_max=2)
    public = Public.of(found, Box((log(2), log(2))))
    known = spanned(public, ((Vector.of([1, 0]), loglinear(1)), (Vector.of([-2, 0]), loglinear(-2))))
    assert known == Span.empty(2).with_vector(Vector.of([1, 0]))
    new = new_responses(public, known)
    assert new == ((fmpq(0), fmpq(0)), (fmpq(1, 2), fmpq(1, 2)))
    assert informativeness(public, (log(2), log(2)), new) == fmpq(1, 3)
    both = new_responses(public, Span.empty(2))
    irrational = (loglinear(1), loglinear(0))
    assert informativeness(public, irrational, both) == fmpq(1, 2)
    uneven = ((fmpq(0), fmpq(1)), (fmpq(0), fmpq(0)))  # only "yes" at u counts
    assert informativeness(public, irrational, uneven) == exp_ratio(exp(1)) / (1 + exp(1)) / 3


def test_the_work_by_hand() -> None:
    """Told in round 1 of 5: U of all, U again to see that nothing is new, the loss; at T the check is left out."""
    assert evaluations(rounds=1, members=4, T=5) == 12
    assert evaluations(rounds=5, members=4, T=5) == 24
    assert evaluations(rounds=0, members=4, T=0) == 4


def test_it_finds_every_vertex_of_a_box() -> None:
    """Noiseless and told everything: the member that is theta*, with at most rank informative rounds."""
    t = Table(
        rho=arms("1/2").rho,
        pi=((Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)),),
        phi=(((0, 0), (1, 0), (0, 1)),),
        star=(1, -1),
        members=((-1, -1), (1, -1), (-1, 1), (1, 1)),
    )
    box = Box((log(2), log(2)))
    assert members(t) == vertices(box)
    outcome = play_proper(problem(t), box, BruteForce(T=60, members=vertices(box)), Seeded(4))
    assert outcome.policy is not None
    assert outcome.policy.theta == theta((1, -1))
    assert 4 <= outcome.t_data < 120


def test_refuses() -> None:
    t = arms("1/4")
    with pytest.raises(ValueError, match="T = -1, 2 members: needs T >= 0 and at least one member"):
        law(t, searching(t, -1))
    with pytest.raises(ValueError, match="T = 1, 0 members"):
        play_proper(problem(t), FiniteSet(members(t)), BruteForce(T=1, members=()), Seeded(1))
