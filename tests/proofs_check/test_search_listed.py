"""``spanner search`` of claims that list what they are decided on: games, learners, formulas, trees of tokens."""

import re
from random import Random

import pytest
from flint import fmpq

from proofs_check.claims import registry
from proofs_check.cli import main
from proofs_check.search.coordinates import Coordinate, Point
from proofs_check.search.listed import TIED, ListedShape, listed_by_name, listed_of, listed_points
from proofs_check.search.running import SearchLimits, search
from proofs_check.search.spaces import Sought, searchable, space
from proofs_check.search.tightness import tightest, tightness
from proofs_check.search.unsearched import NOT_SEARCHED
from tests.proofs_check.cli_output import loaded

LISTED = tuple(claim for claim in searchable() if space(Sought(claim)).at_once > 1)

SOME_AND_ALL = [pytest.param(claim, marks=[pytest.mark.slow] * (i % 4 > 0)) for i, claim in enumerate(LISTED)]


def points(claim: str) -> list[Point]:
    return [point for each in listed_points(claim) for point in each]


def without_addresses(thing: object) -> str:
    """Return the text of a member; that of a function has its address, and a learner may be made of one."""
    return re.sub(r" at 0x\w+", "", str(thing))


def put(point: Point, **values: fmpq | int) -> Point:
    assert isinstance(point.shape, ListedShape)
    names = point.shape.names
    changed = [
        Coordinate(kind, fmpq(values.get(name, value))) for name, (kind, value) in zip(names, point.values, strict=True)
    ]
    return Point(point.shape, tuple(changed))


def test_games_learners_formulas_and_trees_are_among_them() -> None:
    for claim in ("coverage-lower-bound", "dnf-exploration-search", "tradeoff-first-hit", "mtss-sweep", "path-gap"):
        assert claim in LISTED
    assert len(LISTED) == 43


@pytest.mark.parametrize("claim", SOME_AND_ALL)
def test_members_are_what_the_checks_list(claim: str) -> None:
    own = points(claim)
    assert own
    for point in own[:: len(own) // 5 + 1]:
        listed = point.member()
        again = listed_of(claim, listed_by_name(point))
        assert [without_addresses(each) for each in (again, again.member)] == [
            without_addresses(each)
            for each in (listed, listed.member)  # type: ignore[attr-defined]
        ]
    labels = [str(member) for _, member in registry()[claim].checks[0].domain.members()]
    assert [str(point.member().member) for point in listed_points(claim)[0]] == labels  # type: ignore[attr-defined]


@pytest.mark.parametrize("claim", SOME_AND_ALL)
def test_its_false_variant_gets_a_counterexample(claim: str) -> None:
    worst = search(Sought(claim, mutation=True), SearchLimits(steps=150)).worst
    assert worst is not None
    assert not worst.tight.case.holds


def test_numbers_stay_between_the_least_and_the_greatest_listed() -> None:
    point = next(p for p in points("spanner-matches") if listed_by_name(p)["check"] == "2")
    assert listed_by_name(put(point, C=3))["C"] == "3"  # not listed, but between 2 and 4096
    assert put(point, C=4096).member() != point.member()
    for outside in (1, 4097):
        with pytest.raises(ValueError, match=f"C = {outside} is outside the claim's domain"):
            put(point, C=outside).member()


def test_parameters_of_a_formula_may_be_smaller_as_far_as_it_allows() -> None:
    point = points("tradeoff-pair")[0]
    assert set(point.shape.names) == {"A", "L", "beta"}  # type: ignore[attr-defined]
    assert put(point, A=fmpq(5, 2), L=1).member() != point.member()
    with pytest.raises(ValueError, match="needs p < 1/2"):
        put(point, A=fmpq(5, 4), L=1).member()
    with pytest.raises(ValueError, match="outside the claim's domain"):
        put(point, A=10**6).member()


def test_a_learner_is_made_anew_for_another_instance() -> None:
    point = next(p for p in points("dnf-exploration-search") if "naming" in str(p.member()))
    assert tightest(space(Sought("dnf-exploration-search")).decide(put(point, **{"instance.A": 20}).member()))


def test_tied_numbers_do_not_move() -> None:
    for claim, number in TIED:
        assert not any(point.values for point in listed_points(claim)[number - 1])


def test_the_search_goes_beyond_the_list() -> None:
    asked = Sought("spanner-matches", about="114 C + 10")
    decide = space(asked).decide
    listed = [
        one.rational for p in points(asked.claim) for s, one in tightest(decide(p.member())).items() if asked.about in s
    ]
    best = max(ratio for ratio in listed if ratio is not None)
    worst = search(asked, SearchLimits(steps=900)).worst
    assert worst is not None
    assert worst.tight.rational is not None
    assert best < worst.tight.rational < 1


def test_a_list_without_numbers_is_gone_through_once() -> None:
    found = search(Sought("theory-parameters"), SearchLimits(seconds=60))
    assert (found.restarts, found.looks - len(found.best)) == (1, len(points("theory-parameters")) - len(found.best))
    first, then = (space(Sought("dnf-exploration-mean")).starts(i, Random(1)) for i in (0, 1))  # noqa: S311 - no secret
    assert len(first) == 150
    assert len(first) + len(then) == len(points("dnf-exploration-mean"))


def test_which_member_it_was_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    worst = loaded(capsys, "search", "path-gap", "--steps", "80")["inequalities"][0]
    assert worst["numbers"] == {"check": "1", "member": "4", "value": "4"}
    assert worst["instance"] == ""


@pytest.mark.parametrize("claim", NOT_SEARCHED)
def test_what_is_not_searched_has_no_two_sides(claim: str) -> None:
    stated = registry()[claim]
    for check in stated.checks:
        for i, (_, member) in enumerate(check.domain.members()):
            if i >= 3:  # the slow test of the ledger decides all of them
                break
            assert [case.statement for case in check.run(member) if tightness(case) is not None] == []


@pytest.mark.parametrize(("claim", "why"), NOT_SEARCHED.items())
def test_the_error_is_one_line_with_the_reason(claim: str, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", claim]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    assert f"{claim}: {why}" in line


def test_a_false_equality_can_be_searched() -> None:
    worst = search(Sought("dnf-completeness", mutation=True), SearchLimits(steps=60)).worst
    assert worst is not None
    assert not worst.tight.case.holds
