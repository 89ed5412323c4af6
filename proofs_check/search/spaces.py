"""What a claim ranges over, as far as a search can go through it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from random import Random
from typing import Any

from proofs_check.claims import registry
from proofs_check.ledger import Check, Claim
from proofs_check.ledger.constants import altered
from proofs_check.search.climbing import Decide
from proofs_check.search.coordinates import Point
from proofs_check.search.linear import MOST_IN_A_START, as_point, drawn_point
from proofs_check.search.numbers import FREE_NUMBERS, numbers_start
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

    def start(self, restart: int, rng: Random) -> Point:
        """Return where a restart begins: at the starts given, then at those of the catalog and drawn ones in turn."""
        if restart < len(self.own) or self.only_own:
            return self.own[restart % len(self.own)]
        if self.claim in FREE_NUMBERS:
            return numbers_start(self.claim, rng)
        return drawn_point(rng) if restart % 2 else rng.choice(_of_the_catalog())


@lru_cache(maxsize=4)
def space(asked: Sought) -> Space:
    """Return what is to be searched.

    Raises:
        NotSearched: if the claim has no such numbers or problems, or a start is of no use.
        NoConstant: for a constant that it does not have.
        ClaimError: for an unknown claim.
    """
    claim = registry()[asked.claim]
    if not claim.checks:
        raise NotSearched(f"{claim.id} is on paper only: nothing of it can be decided")
    if asked.mutation:
        decide, own = _of_mutation(claim)
    else:
        decide, own = _of_statement(claim, dict(asked.values)), ()
    if asked.sources:
        if claim.id in FREE_NUMBERS:
            raise NotSearched(f"{claim.id} ranges over numbers, not over problems: leave --from out")
        return Space(claim.id, decide, tuple(map(_start, asked.sources)), only_own=True)
    return Space(claim.id, decide, own, only_own=False)


def searchable() -> tuple[str, ...]:
    """Return the names of the claims that can be searched."""
    return tuple(claim.id for claim in registry() if claim.checks and _check(claim) is not None)


def _check(claim: Claim) -> Check[Any] | None:
    """Return the check of a claim that a search can go through."""
    if claim.every is None and claim.id not in (*SPEAK_OF_ANY, *FREE_NUMBERS):
        return None
    return claim.every or claim.checks[_NOT_FIRST.get(claim.id, 0)]


_NOT_FIRST: Mapping[str, int] = {"dnf-soundness": 1}
"""Claims whose function over numbers is not that of their first check."""


def _of_statement(claim: Claim, values: Mapping[str, str]) -> Decide:
    check = _check(claim)
    if check is None:
        where = "; ".join(str(check.domain) for check in claim.checks[:2])
        raise NotSearched(
            f"{claim.id} ranges over other things ({where}); search knows linear problems,"
            f" and the numbers of {', '.join(FREE_NUMBERS)}"
        )
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


def _of_mutation(claim: Claim) -> tuple[Decide, tuple[Point, ...]]:
    assert claim.mutation is not None  # noqa: S101 - a checked claim has one
    check = claim.mutation.check
    members = [member for _, member in check.domain.members()]
    problems = [as_point(member) for member in members if isinstance(member, LinearProblem)]
    own = tuple(point for point in problems if point is not None)
    stated = _check(claim)
    numbers = claim.id in FREE_NUMBERS and stated is not None and _function(check) is _function(stated)
    if not numbers and (not own or claim.id in FREE_NUMBERS):
        raise NotSearched(f"{claim.id}: its false variant ({check.domain}) is not about linear problems that are small")
    return check.run, own


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
