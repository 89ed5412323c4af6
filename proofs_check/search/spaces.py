"""What a claim ranges over, as far as a search can go through it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from random import Random
from typing import Any

from proofs_check.claims import registry
from proofs_check.ledger import Case, Check, Claim
from proofs_check.ledger.constants import altered
from proofs_check.search.climbing import RESTART_LOOKS, Decide
from proofs_check.search.coordinates import Point
from proofs_check.search.linear import MOST_IN_A_START, as_point, drawn_point
from proofs_check.search.listed import Listed, listed_points
from proofs_check.search.numbers import FREE_NUMBERS, numbers_start
from proofs_check.search.unsearched import NOT_SEARCHED
from reference.catalog import linear_names, load, load_linear
from reference.model.linear_problem import LinearProblem

SPEAK_OF_ANY = ("sampler-mixture", "sampler-gap", "enumerating-error")
"""Claims whose function decides any linear problem, although it takes too long for all of the catalog."""


DECIDED_TOO: Mapping[str, tuple[int, ...]] = {"gap-quadratic": (3,)}
"""Other checks of a claim that decide any linear problem; ``spanner verify --on`` does not run these."""


class NotSearched(ValueError):
    """A claim, or a start, that the search cannot go through; the message is one line."""


@dataclass(frozen=True)
class Sought:
    """What is searched for: a claim, as it is stated, with other constants or falsified, and from where."""

    claim: str
    mutation: bool = False
    values: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    """Instances to start from; those of the catalog and drawn ones, unless given."""
    about: str = ""
    """Part of the text of the inequalities that are meant; all, unless given."""
    seed: int = 1


@dataclass(frozen=True)
class Space:
    """The function that decides, and where restarts begin."""

    claim: str
    decide: Decide
    own: tuple[Point, ...]
    """Starts that are tried before others."""
    only_own: bool
    at_once: int = 1
    """At so many of its own starts a restart looks before it climbs from the tightest."""

    def starts(self, restart: int, rng: Random) -> tuple[Point, ...]:
        """Return where a restart begins: at the starts given, then at those of the catalog and drawn ones in turn."""
        if self.at_once > 1 and restart >= self.rounds:
            return tuple(rng.sample(self.own, min(rng.randint(1, _SOME), len(self.own))))
        if restart < len(self.own) or self.only_own:
            first = restart % self.rounds * self.at_once
            return self.own[first : first + self.at_once]
        if self.claim in FREE_NUMBERS:
            return (numbers_start(self.claim, rng),)
        return (drawn_point(rng) if restart % 2 else rng.choice(_of_the_catalog()),)

    @property
    def rounds(self) -> int:
        """After so many restarts each of its own starts was looked at."""
        return -(-len(self.own) // self.at_once)

    @property
    def is_still(self) -> bool:
        """Whether nothing moves: a second look at a start finds nothing new."""
        return self.only_own and not any(point.values for point in self.own)


_SOME = 6
"""At so many members, or fewer, a restart looks once every one was looked at: their tightest is a start of its own."""


@lru_cache(maxsize=4)
def space(asked: Sought) -> Space:
    """Return what is to be searched.

    Raises:
        NotSearched: if the claim has no two sides to compare, or a start is of no use.
        NoConstant: for a constant that it does not have.
        ClaimError: for an unknown claim.
    """
    claim = registry()[asked.claim]
    if not claim.checks:
        raise NotSearched(f"{claim.id} is on paper only: nothing of it can be decided")
    falsified = asked.mutation or bool(asked.values)  # a false equality has a counterexample
    if claim.id in NOT_SEARCHED and not falsified:
        raise NotSearched(f"{claim.id}: {NOT_SEARCHED[claim.id]}; no side can come closer to another")
    if asked.mutation:
        found = _of_mutation(claim)
    elif _is_listed(claim):
        found = _of_lists(claim, dict(asked.values))
    else:
        found = Space(claim.id, _of_statement(claim, dict(asked.values)), (), only_own=False)
    if not asked.sources:
        return found
    if claim.id in FREE_NUMBERS:
        raise NotSearched(f"{claim.id} ranges over numbers, not over problems: leave --from out")
    if found.at_once > 1:
        raise NotSearched(f"{claim.id} is searched among the members of its checks: leave --from out")
    return replace(found, own=tuple(map(_start, asked.sources)), only_own=True)


def searchable() -> tuple[str, ...]:
    """Return the names of the claims that can be searched: all that state an inequality that can be decided."""
    return tuple(claim.id for claim in registry() if claim.checks and claim.id not in NOT_SEARCHED)


def _is_listed(claim: Claim) -> bool:
    """Return whether a claim is searched among the members that its checks list."""
    return claim.every is None and claim.id not in (*SPEAK_OF_ANY, *FREE_NUMBERS)


def _check(claim: Claim) -> Check[Any]:
    """Return the check of a claim that is not listed."""
    return claim.every or claim.checks[_NOT_FIRST.get(claim.id, 0)]


_NOT_FIRST: Mapping[str, int] = {"dnf-soundness": 1}
"""Claims whose function over numbers is not that of their first check."""


def _of_statement(claim: Claim, values: Mapping[str, str]) -> Decide:
    check = _check(claim)
    wanted = [check, *(claim.checks[i] for i in DECIDED_TOO.get(claim.id, ()))]
    if not values:
        return _together(tuple(each.run for each in wanted))
    changed, untouched = altered(claim, values)
    if check in untouched:
        raise NotSearched(f"{claim.id}: {', '.join(values)} is not a constant of the check that can be searched")
    kept = [each for each in claim.checks if each not in untouched]
    return _together(tuple(changed[kept.index(each)].run for each in wanted if each in kept))


def _together(functions: tuple[Decide, ...]) -> Decide:
    return functions[0] if len(functions) == 1 else lambda member: (case for f in functions for case in f(member))


def _of_lists(claim: Claim, values: Mapping[str, str]) -> Space:
    """Return the members of a claim's checks as a space; with other constants, of the checks that know them."""
    runs = {i: check.run for i, check in enumerate(claim.checks)}
    if values:
        changed, untouched = altered(claim, values)
        knowing = [i for i, check in enumerate(claim.checks) if check not in untouched]
        runs = {i: check.run for i, check in zip(knowing, changed, strict=True)}
    own = tuple(point for i, points in enumerate(listed_points(claim.id)) if i in runs for point in points)
    if not own:
        raise NotSearched(f"{claim.id}: {', '.join(values)} is not a constant of a check that lists its members")
    return Space(claim.id, partial(_decided, runs), own, only_own=True, at_once=_AT_ONCE)


def _of_mutation(claim: Claim) -> Space:
    assert claim.mutation is not None  # noqa: S101 - a checked claim has one
    check = claim.mutation.check
    if claim.id in FREE_NUMBERS and _function(check) is _function(_check(claim)):
        return Space(claim.id, check.run, (), only_own=False)
    problems = [as_point(member) for _, member in check.domain.members() if isinstance(member, LinearProblem)]
    own = tuple(point for point in problems if point is not None)
    if own and claim.id not in FREE_NUMBERS:
        return Space(claim.id, check.run, own, only_own=False)
    (listed,) = listed_points(claim.id, false=True)
    if not listed:
        raise NotSearched(f"{claim.id}: its false variant ({check.domain}) lists no members")
    return Space(claim.id, partial(_decided, {0: check.run}), listed, only_own=True, at_once=_AT_ONCE)


def _decided(runs: Mapping[int, Decide], listed: Listed) -> Iterable[Case]:
    return runs[listed.check](listed.member)


_AT_ONCE = RESTART_LOOKS // 2
"""Members at which a restart looks before it climbs."""


def _function(check: Check[Any]) -> object:
    return check.run.func if isinstance(check.run, partial) else check.run


def _start(source: str) -> Point:
    problem = load(source)
    point = as_point(problem) if isinstance(problem, LinearProblem) else None
    if point is None:
        raise NotSearched(
            f"--from {source}: a search begins at a linear problem with rational masses and at most"
            f" {MOST_IN_A_START} responses in all"
        )
    return point


@lru_cache(maxsize=1)
def _of_the_catalog() -> tuple[Point, ...]:
    found = (as_point(load_linear(f"catalog:{name}")) for name in linear_names())
    return tuple(point for point in found if point is not None)
