"""The scores of the learners that are held against the lower bound are right."""

import pytest
from flint import fmpq

from proofs_check.claims.lower_bound import saturation
from proofs_check.claims.lower_bound.every_learner import StrongMatch, least_search
from proofs_check.claims.lower_bound.learners import (
    SearchWhenAsked,
    contestants,
    list_then_enumerate,
    search_for_needle,
)
from proofs_check.claims.lower_bound.needle_hit import climb, unit
from proofs_check.claims.lower_bound.saturation import Accuracy, coverage_saturation
from proofs_check.ledger import Check, Family
from proofs_check.ledger.kernel import gather
from reference.constructions.needles import NeedleFamily
from reference.games.contest import Contestant, score
from reference.model import gap


def test_search_attains_the_value_of_the_game() -> None:
    family = NeedleFamily.of(4, 5, 1, 1)
    result = score(Contestant("search", lambda oracles: search_for_needle(oracles, 3, 1), family))
    assert result.hit.mass(True) == family.game_value(3, 1)
    assert (result.t_comp, result.t_data) == (3, 1)


def test_queries_of_a_draw_count() -> None:
    family = NeedleFamily.of(4, 5, 1, 1)
    result = score(Contestant("asked", lambda _: SearchWhenAsked(3), family))
    assert result.hit.mass(True) == 1 - fmpq(4, 5) ** 3
    assert (result.t_comp, result.t_run) == (3, 0)


def test_a_draw_that_asks_more_than_declared_is_reported() -> None:
    class Cheat(SearchWhenAsked):
        @property
        def queries_per_draw(self) -> int:
            return 1

    with pytest.raises(ValueError, match="a draw made 2 queries, declared are 1"):
        score(Contestant("cheat", lambda _: Cheat(2), NeedleFamily.of(1, 5, 1, 1)))


def test_the_contestants_have_names_of_their_own() -> None:
    names = [c.name for c in contestants()]
    assert len(set(names)) == len(names) == 9


def test_least_search_is_least() -> None:
    family = NeedleFamily.of(1024, 64, 1, 1)
    t = least_search(family)
    assert family.game_value(t - 1, 0) < fmpq(3, 4) <= family.game_value(t, 0)


def test_the_largest_hit_by_hand() -> None:
    # odds 1/9 doubled or halved: 2/11 and 1/19
    match = StrongMatch(NeedleFamily.of(1, 10, 1, 1), 2, 1, 1, 0)
    assert match.largest_hit == (fmpq(2, 11) + fmpq(1, 19)) / 2


def test_ascent_improves_on_its_start() -> None:
    family = NeedleFamily.of(1, 100, 2, 1)
    start = family.hit_probability(unit((1, 0, 0, 0), fmpq(1, 2)))
    assert family.hit_probability(climb(family, (1, 0, 0, 0)).theta) > start


def test_the_saturation_notices_a_wrong_gap_and_a_learner_that_returns_too_little(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    check = Check(Family("C = 64, beta = 1/8", 1, lambda: [Accuracy.of(64, "1/8")]), coverage_saturation)
    assert gather(check).violated == 0
    for name, broken in (
        ("gap", lambda p, q: gap(p, q) * fmpq(1, 2)),
        ("list_then_enumerate", lambda oracles, tries: list_then_enumerate(oracles, tries // 2)),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(saturation, name, broken)
            assert gather(check, until_violated=True).violated > 0
