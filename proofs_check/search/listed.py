"""Claims that list what they are decided on, as points: the members of their domains, and the numbers that vary there.

A domain lists games, learners, horizons, budgets.  The numbers of a member by which it differs from members that are
otherwise like it are its coordinates, between the least and the greatest that the domain has of each: what a claim's
hypotheses say of these numbers stands in its domain.  A fraction in a type whose constructor states the hypotheses
itself may be as small as that allows.  Members of which no number varies are points without coordinates.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from flint import fmpq

from proofs_check.claims import registry
from proofs_check.claims.proper.proper_runs import ProperRun
from proofs_check.ledger import Catalog, Check, Family
from proofs_check.search.coordinates import Coordinate, CoordinateKind, Point
from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.constructions.needles import NeedleFamily
from reference.exact import rational
from reference.exact.law import Law
from reference.model.problem import Problem

TIED: Mapping[tuple[str, int], str] = {
    ("coverage-lower-bound", 7): "2740 is for powers of two; at C = 3 it is above 3060",
    ("dnf-exploration-luck", 1): "the statement is about A = 1000, L = 9",
    ("mtss-costs", 3): "the statement is about these numbers of tokens and rewards, for this H and N_roll",
    ("mtss-restarts", 3): "how runs end was listed by hand, for this N_roll",
    ("tradeoff-passive", 1): "the statement is about A = 8, L = 2",
    ("tradeoff-passive", 2): "the statement is about formulas that were planted, with their A and L",
}
"""Checks, by claim and number from 1, whose members are looked at as they are listed, and why."""

_Path = tuple[str | int, ...]
"""Where a number stands in a member: names of fields, and places in tuples."""


class Listed(NamedTuple):
    """A member, and which of the claim's checks decides it."""

    check: int
    member: Any


class _Place(NamedTuple):
    """Where a number stands, and between what it may be."""

    path: _Path
    least: fmpq
    greatest: fmpq


@dataclass(frozen=True)
class ListedShape:
    """A member of a claim's domain, by number, in which numbers vary."""

    claim: str
    false: bool
    """Whether it is of the claim's false variant."""
    check: int
    number: int

    def member(self, values: tuple[Coordinate, ...]) -> Listed:
        """Return the member with these numbers.

        Raises:
            ValueError: for numbers that the hypotheses rule out.
        """
        places = self._entry.places
        for place, (_, value) in zip(places, values, strict=True):
            if not place.least <= value <= place.greatest:
                raise ValueError(f"{'.'.join(map(str, place.path))} = {value} is outside the claim's domain")
        put = {place.path: value for place, (_, value) in zip(places, values, strict=True)}
        return Listed(self.check, _rebuilt(self._entry.member, put) if put else self._entry.member)

    def smaller(self, values: tuple[Coordinate, ...]) -> Iterator[Point]:
        """Yield nothing: no number can be left out."""
        del values
        return iter(())

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the numbers that vary."""
        return tuple(".".join(map(str, place.path)) or "value" for place in self._entry.places)

    @property
    def _entry(self) -> "_Entry":
        return _entries(self.claim, self.false)[self.check][self.number]


class _Entry(NamedTuple):
    """A member and the places of the numbers that vary in it."""

    member: Any
    places: tuple[_Place, ...]


@lru_cache(maxsize=4)
def listed_points(claim: str, *, false: bool = False) -> tuple[tuple[Point, ...], ...]:
    """Return for each check of a claim, or of its false variant, the members that it lists."""
    return tuple(
        tuple(
            Point(ListedShape(claim, false, i, j), tuple(_coordinate(entry.member, place) for place in entry.places))
            for j, entry in enumerate(entries)
        )
        for i, entries in enumerate(_entries(claim, false))
    )


def listed_by_name(point: Point) -> dict[str, str]:
    """Return which member of which check a point is, counted from 1, and its numbers; nothing for another point."""
    if not isinstance(point.shape, ListedShape):
        return {}
    first = {_CHECK: str(point.shape.check + 1), _MEMBER: str(point.shape.number + 1)}
    return first | {name: str(value) for name, (_, value) in zip(point.shape.names, point.values, strict=True)}


def listed_of(claim: str, numbers: Mapping[str, str]) -> Listed:
    """Return what numbers make that were :func:`listed_by_name`."""
    check, member, *rest = numbers.values()
    shape = ListedShape(claim, false=False, check=int(check) - 1, number=int(member) - 1)
    values = (Coordinate(CoordinateKind.SIZE, rational(text)) for text in rest)  # the kind is about moves alone
    return shape.member(tuple(values))


_CHECK, _MEMBER = "check", "member"


class _Number(NamedTuple):
    """A number of a member."""

    value: int | fmpq
    may_be_smaller: bool


_Numbers = dict[_Path, _Number]


@lru_cache(maxsize=4)
def _entries(claim: str, false: bool) -> tuple[tuple[_Entry, ...], ...]:  # noqa: FBT001 - part of a key
    """Return, for each check, its members and what varies in them."""
    stated = registry()[claim]
    checks: tuple[Check[Any], ...] = stated.checks
    if false:
        assert stated.mutation is not None  # noqa: S101 - a checked claim has one
        checks = (stated.mutation.check,)
    return tuple(_of_domain(check, not false and (claim, i) in TIED) for i, check in enumerate(checks, 1))


def _of_domain(check: Check[Any], tied: bool) -> tuple[_Entry, ...]:  # noqa: FBT001 - private
    """Return the members of a domain that are the same in every version of Hypothesis: those that are listed."""
    if not isinstance(check.domain, Family | Catalog):
        return ()
    members = [member for _, member in check.domain.members()]
    if tied:
        return tuple(_Entry(member, ()) for member in members)
    numbers, keys = [dict(_numbers(member)) for member in members], [_else(member) for member in members]
    alike: dict[object, list[_Numbers]] = {}
    for key, found in zip(keys, numbers, strict=True):
        alike.setdefault(key, []).append(found)
    varying = {key: tuple(_varying(group)) for key, group in alike.items()}
    return tuple(_Entry(member, varying[key]) for member, key in zip(members, keys, strict=True))


def _varying(group: list[_Numbers]) -> Iterator[_Place]:
    """Yield what varies among members that are otherwise alike, and what may be smaller."""
    for path, first in group[0].items():
        values = [fmpq(found[path].value) for found in group]
        least = fmpq(0) if first.may_be_smaller else min(values)
        if least < max(values):
            yield _Place(path, least, max(values))


_WHOLE = (Problem, Formula, Law)
"""What is not taken apart."""

_FREE = (DnfInstance, NeedleFamily)
"""Types whose constructors state what their rational numbers must fulfil."""


def _parts(thing: object) -> list[tuple[str | int, Any]] | None:
    """Return the parts of what is taken apart, by name or place; ``None`` for what is not."""
    if isinstance(thing, (*_WHOLE, type)):
        return None
    if isinstance(thing, tuple):
        return list(zip(getattr(thing, "_fields", range(len(thing))), thing, strict=True))
    if is_dataclass(thing):
        return [(each.name, getattr(thing, each.name)) for each in fields(thing) if each.init]
    return None


def _is_number(thing: object) -> bool:
    """Return whether it is a positive number; others, such as signs, stay as they are."""
    return isinstance(thing, int | fmpq) and not isinstance(thing, bool) and thing > 0


def _numbers(thing: object, path: _Path = (), *, may_be_smaller: bool = False) -> Iterator[tuple[_Path, _Number]]:
    """Yield the numbers that a member is made of, and where they stand."""
    if isinstance(thing, int | fmpq) and _is_number(thing):
        yield path, _Number(thing, may_be_smaller)
    for name, part in _parts(thing) or ():
        yield from _numbers(part, (*path, name), may_be_smaller=isinstance(thing, _FREE) and isinstance(part, fmpq))


def _else(thing: object) -> object:
    """Return all of a member but its numbers."""
    if _is_number(thing):
        return type(thing)
    parts = _parts(thing)
    return thing if parts is None else (type(thing), *(_else(part) for _, part in parts))


def _coordinate(member: object, place: _Place) -> Coordinate:
    value: Any = member
    for name in place.path:
        value = value[name] if isinstance(name, int) else getattr(value, name)
    return Coordinate(CoordinateKind.COUNT if isinstance(value, int) else CoordinateKind.SIZE, fmpq(value))


def _rebuilt(thing: object, put: Mapping[_Path, fmpq], path: _Path = ()) -> object:
    """Return a member with other numbers; constructors refuse what their hypotheses rule out."""
    if path in put:
        return int(put[path]) if isinstance(thing, int) else put[path]
    parts = _parts(thing)
    if parts is None or not any(each[: len(path)] == path for each in put):
        return thing
    rebuilt = {str(name): _rebuilt(part, put, (*path, name)) for name, part in parts}
    if isinstance(thing, ProperRun) and isinstance(instance := rebuilt["instance"], DnfInstance):
        return thing.on(instance)
    if isinstance(thing, tuple) and not hasattr(thing, "_fields"):
        return tuple(rebuilt.values())
    build: Callable[..., object] = type(thing)
    return build(**rebuilt)
