"""The reduction executed: what learners commit to on null runs, by hand, and the exact laws of that."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flint import fmpq
from hypothesis import given, settings

from proofs_check.claims.proper.exploration import scripted_runs
from proofs_check.claims.proper.proper_runs import ProperRun
from proofs_check.reduction.exploration import Explored, Null, answers, chance, hit_probability, null_law, true_law
from proofs_check.reduction.methods import METHODS, UnknownMethod, coin_flipping, method, naming_learner
from proofs_check.reduction.null_run import NullRound, instance_of, public_of, reduction, rounded, slack
from reference.algorithms.parts.optimisers import exhaustive
from reference.constructions.dnf.formula import DnfInstance, Formula, FormulaError
from reference.constructions.dnf.text import parse_formula
from reference.exact import log
from reference.exact.law import Law
from reference.interaction import Choice, Event, ProperLearner, ProperOracles, Seeded, World, law_of, proper
from reference.model.parameter_set import Theta

ONE = instance_of(Formula(1, ((1,),)), 4, 1)
"""``x1`` with ``p = 1/4``, ``a = 4/7``, and weight ``1/16`` against ``3/4`` at the other vertex."""

ZERO = public_of(ONE).zero
UP, DOWN = ONE.theta((1,)), ONE.theta((-1,))

THREE = instance_of(parse_formula("x1 & x2 | !x1 & x2 | x1 & !x3"), 1000, 9)


def run(instance: DnfInstance, name: str, T: int) -> tuple[Law[Explored], Law[Null]]:
    learner = METHODS[name].for_draws(instance, T)
    return true_law(instance, learner, T), null_law(instance, learner, T)


# ---------------------------------------------------------------------------------------------------- the reduction


def test_brute_force_by_hand() -> None:
    found = reduction(THREE, METHODS["brute-force"].for_draws(THREE, 4), 4, Seeded(1))
    # ++- satisfies the terms 1 and 3, and has one literal of term 2 true; 0 rounds to +++
    assert [(one.assignment, one.val) for one in found.committed] == [
        ((1, 1, -1), fmpq(2, 3)),
        ((1, 1, 1), fmpq(1, 3)),
    ] * 2
    assert found.best is found.committed[0]
    assert found.star.value == fmpq(2, 3)
    assert found.bound == fmpq(1, 16) - fmpq(9, 1000) / (1 - fmpq(9, 10**6))
    # no data, so the first vertex is returned
    assert (found.returned.assignment, found.returned.val) == ((-1, -1, -1), fmpq(0))


@pytest.mark.parametrize("name", ["passive", "online-dpo", "online-dpo-preferences"])
def test_the_passive_ones_stay_at_zero(name: str) -> None:
    found = reduction(THREE, METHODS[name].for_draws(THREE, 6), 6, Seeded(3))
    assert {one.theta for one in found.committed} == {public_of(THREE).zero}
    assert found.returned == rounded(THREE, public_of(THREE).zero)


def test_xpo_commits_to_what_satisfies_the_terms_seen() -> None:
    found = reduction(THREE, METHODS["xpo"].for_draws(THREE, 8), 8, Seeded(5))
    assert [shown.committed[1].theta for shown in found.rounds] == [public_of(THREE).zero] * 4
    for t in range(1, 4):
        counts = THREE.formula.satisfied(found.rounds[t].committed[0].assignment)
        assert counts[found.rounds[0].term] == 2 or t > 1
        assert max(counts[shown.term] for shown in found.rounds[:t]) == 2


def test_only_the_first_draws_count() -> None:
    def learner(oracles: ProperOracles) -> Theta:
        oracles.round((DOWN, DOWN))
        oracles.round((DOWN, UP))
        return DOWN

    assert [one.val for one in reduction(ONE, learner, 3, Seeded(1)).committed] == [0, 0, 0]
    four = reduction(ONE, learner, 4, Seeded(1))
    assert four.best == four.rounds[1].committed[1] == rounded(ONE, UP)
    assert four.returned.val == 0


def test_a_learner_without_rounds() -> None:
    found = reduction(ONE, naming_learner(UP, 0), 1, Seeded(1))
    assert (found.committed, found.best, found.returned.val) == ((), None, fmpq(1))


def test_the_observer_sees_the_rounds_as_they_come() -> None:
    seen: list[NullRound] = []
    found = reduction(THREE, METHODS["xpo"].for_draws(THREE, 6), 6, Seeded(2), observer=seen.append)
    assert tuple(seen) == found.rounds


def test_what_is_public_says_nothing_of_the_star() -> None:
    moved = replace(THREE, star=(-1, 1, -1))
    assert public_of(moved) == public_of(THREE)
    for name in ("brute-force", "xpo"):
        assert run(moved, name, 4)[1] == run(THREE, name, 4)[1]


@pytest.mark.parametrize("T", [0, -1])
def test_no_draws(T: int) -> None:
    with pytest.raises(FormulaError, match=f"T = {T}: the number of draws"):
        reduction(ONE, naming_learner(UP, 1), T, Seeded(1))


# ----------------------------------------------------------------------------------------------------- the methods


@pytest.mark.parametrize(
    ("name", "T", "miss"),
    [
        ("passive", 2, fmpq(9, 16)),
        ("naming", 2, fmpq(9, 49)),
        ("brute-force", 2, fmpq(3, 7) * fmpq(3, 4)),
        ("brute-force", 1, fmpq(3, 7)),  # the round is cut
        ("xpo", 2, fmpq(9, 16)),
        ("xpo", 4, fmpq(9, 16) * fmpq(3, 7) * fmpq(3, 4)),
        ("coin-flip", 1, (fmpq(3, 7) + fmpq(3, 4)) / 2),
    ],
)
def test_hits_by_hand(name: str, T: int, miss: fmpq) -> None:
    learner = METHODS[name].learner(ONE, T)
    explored, null = true_law(ONE, learner, T), null_law(ONE, learner, T)
    assert explored.probability(lambda found: found.hit) == 1 - miss
    assert hit_probability(null) == 1 - miss


def test_the_coin_flipping_learner() -> None:
    # up to the first 1 only one parameter is used: the vertex, or 0
    explored, null = run(ONE, "coin-flip", 1)
    assert explored == Law.of(
        {
            Explored(hit=True, used=frozenset([UP])): "2/7",
            Explored(hit=False, used=frozenset([UP])): "3/14",
            Explored(hit=True, used=frozenset([ZERO])): "1/8",
            Explored(hit=False, used=frozenset([ZERO])): "3/8",
        }
    )
    assert null == Law.of({Null(frozenset([UP]), fmpq(3, 7)): "1/2", Null(frozenset([ZERO]), fmpq(3, 4)): "1/2"})


def test_used_ends_with_the_first_hit() -> None:
    def learner(oracles: ProperOracles) -> Theta:
        oracles.round((ZERO, UP))
        oracles.round((DOWN,))
        return DOWN

    explored = true_law(ONE, learner, 3)
    assert explored.mass(Explored(hit=True, used=frozenset([ZERO]))) == fmpq(1, 4)
    assert explored.mass(Explored(hit=True, used=frozenset([ZERO, UP]))) == fmpq(3, 4) * fmpq(4, 7)
    third = fmpq(3, 4) * fmpq(3, 7)
    assert explored.mass(Explored(hit=True, used=frozenset([ZERO, UP, DOWN]))) == third * ONE.answers[0]
    assert null_law(ONE, learner, 3).outcomes == (Null(frozenset([ZERO, UP, DOWN]), third * (1 - ONE.answers[0])),)


def test_chances() -> None:
    public = public_of(THREE)
    assert chance(public, public.zero) == THREE.p
    assert answers(public, THREE.theta((1, 1, -1))) == (THREE.hit, THREE.answers[1], THREE.hit)
    assert chance(public, THREE.theta((1, 1, -1))) == THREE.chance((1, 1, -1)).exact
    with pytest.raises(ValueError, match="not rational"):
        answers(public_of(ONE), (log(3) * fmpq(1, 3),))


def test_slack() -> None:
    assert slack(ONE) == fmpq(1, 4) / fmpq(3, 4)


def direct(instance: DnfInstance, learner: ProperLearner) -> fmpq:
    """Return the probability of a response 1 in a whole run, from the world's transcript, without merging."""

    def program(choice: Choice) -> bool:
        events: list[Event] = []
        world = World(instance.problem, choice, observer=events.append)
        proper(learner, public_of(instance))(world.oracles)
        return any(oracle == "reward" and details[1] == 1 for oracle, details in events)

    mass = law_of(program, merge=False).mass(True)
    assert isinstance(mass, fmpq)
    return mass


@pytest.mark.parametrize(("name", "T"), [("brute-force", 4), ("naming", 2), ("coin-flip", 3), ("xpo", 4)])
def test_hit_probabilities_against_transcripts(name: str, T: int) -> None:
    for instance in (ONE, instance_of(Formula(2, ((1, -2), (-1, -2))), 3, 2)):
        learner = METHODS[name].for_draws(instance, T)
        assert direct(instance, learner) == hit_probability(null_law(instance, learner, T))


@settings(max_examples=4, deadline=None)
@given(scripted_runs())
def test_scripted_learners_against_transcripts(member: ProperRun) -> None:
    whole = replace(member, T=100)
    q = direct(member.instance, member.learner)
    assert true_law(whole.instance, whole.learner, whole.T).probability(lambda found: found.hit) == q
    assert hit_probability(null_law(whole.instance, whole.learner, whole.T)) == q


def searches(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Count the evaluations that the exhaustive optimiser makes."""
    made = [0]
    call = exhaustive.__call__

    def counted(self: exhaustive, objective: object) -> Theta:
        made[0] += self.evaluations
        return call(self, objective)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(exhaustive, "__call__", counted)
    while True:
        yield made[0]


def test_declared_evaluations_are_an_upper_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    counter = searches(monkeypatch)
    next(counter)
    for name in ("brute-force", "xpo-exhaustive"):
        before = next(counter)
        reduction(THREE, METHODS[name].for_draws(THREE, 6), 6, Seeded(1))
        declared = METHODS[name].evaluations
        assert declared is not None
        assert 0 < next(counter) - before <= declared(3, 3)


def test_an_unknown_method() -> None:
    with pytest.raises(UnknownMethod, match=re.escape("unknown learner 'xpoo'; did you mean 'xpo'?")):
        method("xpoo")
    with pytest.raises(UnknownMethod, match="there are brute-force, passive"):
        method("zzz")


def test_coin_flipping_returns_its_vertex() -> None:
    assert reduction(ONE, coin_flipping(DOWN, 2), 2, Seeded(1)).returned.assignment == (-1,)
