"""Claims about numbers as points: which numbers are free, and what is built from them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from flint import fmpq

from proofs_check.claims.lower_bound.needle_hit import Aim
from proofs_check.claims.proper.formulas import DnfAim
from proofs_check.search.coordinates import Coordinate, CoordinateKind, Point
from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.constructions.needles import NeedleFamily
from reference.exact import rational

_Values = tuple[fmpq, ...]


class Free(NamedTuple):
    """What a claim ranges over: the names of the numbers, their kinds and starts, and what they make together."""

    names: tuple[str, ...]
    kinds: tuple[CoordinateKind, ...]
    starts: tuple[_Values, ...]
    build: Callable[[_Values], object]


@dataclass(frozen=True)
class NumbersShape:
    """The numbers of a claim; the claim's name and a size say which."""

    claim: str
    variant: int = 0

    @property
    def free(self) -> Free:
        """What is free."""
        return FREE_NUMBERS[self.claim][self.variant]

    def member(self, values: tuple[Coordinate, ...]) -> object:
        """Return what the numbers make.

        Raises:
            ValueError: for numbers that the hypotheses rule out.
        """
        return self.free.build(tuple(value for _, value in values))

    def smaller(self, values: tuple[Coordinate, ...]) -> Iterator[Point]:
        """Yield nothing: no number can be left out."""
        del values
        return iter(())


def numbers_start(claim: str, rng: Random) -> Point:
    """Return one of the starts of a claim about numbers."""
    variant = rng.randrange(len(FREE_NUMBERS[claim]))
    free = FREE_NUMBERS[claim][variant]
    pairs = zip(free.kinds, rng.choice(free.starts), strict=True)
    return Point(NumbersShape(claim, variant), tuple(Coordinate(*pair) for pair in pairs))


def numbers_by_name(point: Point) -> dict[str, str]:
    """Return the numbers by name; nothing for a problem."""
    if not isinstance(point.shape, NumbersShape):
        return {}
    names = point.shape.free.names
    return {name: str(value) for name, (_, value) in zip(names, point.values, strict=True)}


def member_of(claim: str, numbers: Mapping[str, str]) -> object:
    """Return what numbers make that were :func:`numbers_by_name`."""
    (free,) = (each for each in FREE_NUMBERS[claim] if each.names == tuple(numbers))
    return free.build(tuple(map(rational, numbers.values())))


def _aims(m: int) -> Free:
    d = m * m

    def build(values: _Values) -> Aim:
        C, beta, *theta = values
        if sum((t * t for t in theta), fmpq(0)) > 1:
            raise ValueError("||theta|| > 1")
        return Aim(NeedleFamily.of(1, C, m, beta), tuple(theta))

    names = ("C", "beta", *(f"theta_{j + 1}" for j in range(d)))
    starts = tuple(
        (fmpq(C), fmpq(beta), *[fmpq(1, 2 * m)] * d) for C, beta in ((2, fmpq(1, 2)), (10, 1), (1000, 2), (10**5, 5))
    )
    return Free(names, (CoordinateKind.SIZE, CoordinateKind.SIZE, *[CoordinateKind.FREE] * d), starts, build)


def _families(m: int) -> Free:
    def build(values: _Values) -> NeedleFamily:
        k, C, beta = values
        if k > _MOST_PLACES or C > _RAREST:
            raise ValueError("larger than the check is for")
        return NeedleFamily.of(int(k), C, m, beta)

    starts = tuple((fmpq(k), fmpq(C), beta) for k in (1, 2) for C, beta in ((2, fmpq(1, 2)), (64, fmpq(1, 9))))
    return Free(
        (f"k (m = {m})", "C", "beta"), (CoordinateKind.COUNT, CoordinateKind.SIZE, CoordinateKind.SIZE), starts, build
    )


_MOST_PLACES, _RAREST = 4, 10**6
"""Needles, and the coverage, of the games that a search solves."""


def _points_of(variables: int, *terms: tuple[int, ...]) -> Free:
    formula = Formula(variables, terms)

    def build(values: _Values) -> DnfAim:
        A, L, *t = values
        if any(abs(each) > 1 for each in t):
            raise ValueError("theta is outside its set")
        return DnfAim(DnfInstance(formula, A, L, fmpq(1), (1,) * formula.variables), tuple(t))

    n = formula.variables
    starts = tuple(
        (fmpq(A), fmpq(L), *[fmpq(sign)] * n) for A, L in ((4, 2), (8, 2), (20, 9)) for sign in (1, -1, fmpq(1, 2))
    )
    names = (f"A ({formula})", "L", *(f"t_{j + 1}" for j in range(n)))
    return Free(names, (CoordinateKind.SIZE, CoordinateKind.SIZE, *[CoordinateKind.FREE] * n), starts, build)


_FORMULAS = (
    _points_of(3, (1, 2), (-1, 3)),
    _points_of(3, (1, -2), (2, 3)),
    _points_of(1, (1,), (-1,)),
    _points_of(2, (1, 2), (-1, 2)),
)

FREE_NUMBERS: Mapping[str, tuple[Free, ...]] = {
    "needle-hit": tuple(map(_aims, (1, 2))),
    "needle-facts": tuple(map(_families, (1, 2))),
    "dnf-soundness": _FORMULAS,
    "dnf-decoding": _FORMULAS,
}
"""By claim; several where they range over things of different sizes."""
