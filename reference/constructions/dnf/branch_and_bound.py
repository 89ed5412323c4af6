"""The supremum of ``E_j[pi_theta(1|j)]`` over all real ``theta`` in a box, enclosed by branch and bound with balls.

At ``t`` (``theta = beta k log(A) t``) a term whose signed coordinates sum to ``s`` has ``pi(1|j) = y(s)`` with the
increasing function ``y(s) = p A^s/(1-p + p A^s)`` and ``y' = log(A) y (1-y)``.  On a box every ``s`` lies between two
rational ends, at which ``y`` and ``y'`` lie between integers over ``2^96``; so the following are certified, in units of
``2^-60`` rounded outwards::

    1  boxes <- {the given box};  points <- {};  best <- 0
    2  bound a box:
    3      while the gradient has one sign along an edge: keep only the better face
    4      best <- max(best, E_j[y] at the centre)
    5      U <- min( mean of y(largest s),  E_j[y] at the centre + sum_v max|gradient_v| (half edge of v) )
    6      a box that is a single point now goes to points, any other one to boxes if U > best
    7  repeat: take the box whose U is largest; U of no box at all is 0
    8      if U <= best, and a point has best: the supremum is attained there, and known exactly
    9      if U <= best + tolerance: the supremum is in [best, largest U of boxes and points]
    10     split the box at the middle of its widest edge and bound both halves

Source: textbook interval branch and bound with the monotonicity test and the mean value form; its use here is ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import lcm
from typing import NamedTuple

from flint import arb, fmpq, fmpz

from reference.constructions.dnf.formula import DnfInstance
from reference.exact.log_linear import log
from reference.exact.number import Undecided
from reference.exact.plain import cached
from reference.exact.precision import workprec
from reference.exact.reals import Real, enclosed

_UNIT = 60
"""Bounds are integers over ``2^60``."""

PRECISION = 96
"""Bits of the balls; what a single term adds is an integer over ``2^96``."""

_COARSEST = 20

TOLERANCE = fmpq(1, 1 << _COARSEST)
"""Unless given, the supremum is enclosed this narrowly."""

FINEST = 48
"""Enclosures are made narrower than ``2^-48`` by no request."""

_REMEMBERED = 1 << 12
"""Values of a curve that are kept."""

MAX_BOXES = 20_000
"""Boxes are split this often; then the supremum stays undecided at this tolerance."""

Region = tuple[tuple[fmpq, fmpq], ...]
"""Ranges of ``t_1..t_n`` inside ``[-1, 1]``."""


@dataclass(frozen=True, slots=True)
class Supremum:
    """``lower <= sup <= upper``; ``boxes``: how many were looked at.

    ``point``: where the chance is at least ``lower``.  ``attained``: whether ``point`` is known to attain the supremum;
    then it is ``instance.chance(point)``, exactly.
    """

    lower: fmpq
    upper: fmpq
    point: tuple[fmpq, ...]
    attained: bool
    boxes: int


def supremum(instance: DnfInstance, box: Region | None = None, tolerance: fmpq = TOLERANCE) -> Supremum:
    """Enclose ``sup E_j[pi_theta(1|j)]`` over ``t`` in ``box``, all of ``[-1,1]^n`` unless given.

    Raises:
        Undecided: after :data:`MAX_BOXES` boxes; the message has the bounds at that point.
    """
    search = _Search(instance)
    slack = int((tolerance * (1 << _UNIT)).floor())
    search.bound(_Box.of(box or ((fmpq(-1), fmpq(1)),) * instance.formula.variables))  # 1
    while True:
        upper, widest = search.widest()  # 7
        if upper <= search.best and (point := search.attaining()) is not None:  # 8
            return Supremum(fmpq(search.best, 1 << _UNIT), search.most(upper), point, True, search.looked)
        if widest is None or upper <= search.best + slack:  # 9
            lower = fmpq(search.best, 1 << _UNIT)
            return Supremum(lower, search.most(upper), search.point, False, search.looked)
        if search.looked >= MAX_BOXES:
            bounds = f"{fmpq(search.best, 1 << _UNIT)} <= sup <= {search.most(upper)}"
            raise Undecided(f"the supremum for {instance} after {search.looked} boxes: {bounds}")
        for half in widest.halves():  # 10
            search.bound(half)


def largest_chance(instance: DnfInstance, box: Region | None = None) -> Real:
    """Return the supremum as a number: exact where it is known to be attained at a point, else an enclosed real.

    Comparisons with it refine the enclosure, up to a tolerance of ``2^-48``, and may raise
    :class:`~reference.exact.number.Undecided`.
    """
    found = _narrow(instance, box, _COARSEST)
    return instance.chance(found.point) if found.attained else enclosed(_ball, instance, box)


def orthant(assignment: Sequence[int]) -> Region:
    """Return the closed box of the ``t`` whose signs are those of ``assignment``, or 0."""
    return tuple((fmpq(0), fmpq(1)) if sign > 0 else (fmpq(-1), fmpq(0)) for sign in assignment)


@cached(256)
def _narrow(instance: DnfInstance, box: Region | None, bits: int) -> Supremum:
    return supremum(instance, box, fmpq(1, 1 << bits))


def _ball(prec: int, instance: DnfInstance, box: Region | None) -> arb:
    found = _narrow(instance, box, max(_COARSEST, min(prec // 4, FINEST)))
    with workprec(prec):
        return arb(found.lower).union(arb(found.upper))


class _At(NamedTuple):
    """Bounds of ``y(s)`` and of ``y'(s)``, in units of ``2^-96``."""

    low: int
    high: int
    flat: int
    steep: int


class _Curve(dict[int, _At]):
    """``y`` and its slope at ``s = n/unit``, by ``n``: what was asked for is remembered, up to a number of them."""

    def __init__(self, A: fmpq, p: fmpq, unit: int) -> None:
        super().__init__()
        with workprec(PRECISION):
            self._log_a, self._odds = log(A).enclosure(PRECISION), arb((1 - p) / p)
            self.steepest = _above(self._log_a / 4)  # the slope where y is one half
        self._unit = unit

    def __missing__(self, n: int) -> _At:
        if len(self) >= _REMEMBERED:
            self.clear()
        with workprec(PRECISION):
            y = 1 / (1 + self._odds * (-self._log_a * arb(fmpq(n, self._unit))).exp())
            slope = self._log_a * y * (1 - y)
            self[n] = found = _At(_below(y), _above(y), _below(slope), _above(slope))
        return found


@cached(64)
def _curve(A: tuple[int, int], p: tuple[int, int], unit: int) -> _Curve:
    return _Curve(fmpq(*A), fmpq(*p), unit)


class _Box(NamedTuple):
    """A region: the ends of its edges are integers over ``unit``."""

    unit: int
    edges: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, region: Region) -> "_Box":
        """Return a region over the least common denominator."""
        unit = lcm(*(int(end.q) for edge in region for end in edge))
        return cls(unit, tuple((int((low * unit).p), int((high * unit).p)) for low, high in region))

    def halves(self) -> "tuple[_Box, _Box]":
        """Split at the middle of the first of the widest edges."""
        widths = [high - low for low, high in self.edges]
        v = widths.index(max(widths))
        unit, edges = self if widths[v] % 2 == 0 else (2 * self.unit, tuple((2 * a, 2 * b) for a, b in self.edges))
        low, high = edges[v]
        middle = (low + high) // 2
        before, after = edges[:v], edges[v + 1 :]
        return _Box(unit, (*before, (low, middle), *after)), _Box(unit, (*before, (middle, high), *after))


class _Search:
    """The state of the search, and what does not change between boxes."""

    def __init__(self, instance: DnfInstance) -> None:
        self.instance = instance
        self.terms = tuple(tuple((abs(n) - 1, n > 0) for n in term) for term in instance.formula.terms)
        self._A, self._p = ((int(number.p), int(number.q)) for number in (instance.A, instance.p))
        self.best = 0
        self.point: tuple[fmpq, ...] = ()
        self.looked = 0
        self._curves: dict[int, _Curve] = {}
        self._boxes: list[tuple[int, int, _Box]] = []
        self._points: list[tuple[int, int, tuple[fmpq, ...]]] = []

    def curve(self, unit: int) -> _Curve:
        """``y`` at multiples of ``1/unit``."""
        if (found := self._curves.get(unit)) is None:
            found = self._curves[unit] = _curve(self._A, self._p, unit)
        return found

    def bound(self, box: _Box) -> None:
        """Lines 2 to 6."""
        self.looked += 1
        box, slopes = _contracted(self, box)  # 3
        (unit, edges), mean = box, len(self.terms) << PRECISION - _UNIT  # dividing by it: a mean, in units of 2^-60
        centre = [low + high for low, high in edges]  # over 2 unit
        middle = self._answers(2 * unit, centre, centre)
        lower, above = sum(y.low for y in middle) // mean, sum(y.high for y in middle)
        if lower > self.best:  # 4
            self.best, self.point = lower, tuple(fmpq(n, 2 * unit) for n in centre)
        if all(low == high for low, high in edges):  # 6
            self._points.append((lower, -(-above // mean), tuple(fmpq(n, unit) for n, _ in edges)))
            return
        top = sum(y.high for y in self._answers(unit, *zip(*edges, strict=True)))
        form = 2 * unit * above + sum(slope * (high - low) for slope, (low, high) in zip(slopes, edges, strict=True))
        upper = min(-(-top // mean), -(-form // (2 * unit * mean)))  # 5
        if upper > self.best:  # 6
            heappush(self._boxes, (-upper, self.looked, box))

    def widest(self) -> tuple[int, _Box | None]:
        """Take the box with the largest upper bound, if there is one."""
        if not self._boxes:
            return 0, None
        upper, _, box = heappop(self._boxes)
        return -upper, box

    def attaining(self) -> tuple[fmpq, ...] | None:
        """Return the best of the points, compared exactly, if one of them is certain to have at least ``best``."""
        if all(lower < self.best for lower, _, _ in self._points):
            return None
        able = [point for _, upper, point in self._points if upper >= self.best]
        return able[0] if len(able) == 1 else max(able, key=self.instance.chance)

    def most(self, upper: int) -> fmpq:
        """Return the largest upper bound of boxes and points."""
        return fmpq(max(upper, self.best, *(above for _, above, _ in self._points)), 1 << _UNIT)

    def _answers(self, unit: int, low: Sequence[int], high: Sequence[int]) -> list[_At]:
        """``y`` of every term at its largest ``s`` between two points over ``unit``."""
        curve = self.curve(unit)
        return [curve[sum([high[v] if sign else -low[v] for v, sign in term])] for term in self.terms]


def _contracted(search: _Search, box: _Box) -> tuple[_Box, list[int]]:
    """Keep the better face wherever the gradient has one sign; return the rest and bounds on the gradient's size."""
    while True:
        slopes = _gradient(search, box)
        faces = tuple(
            (high, high) if least >= 0 else (low, low) if greatest <= 0 else (low, high)
            for (low, high), (least, greatest) in zip(box.edges, slopes, strict=True)
        )
        if faces == box.edges:
            return box, [max(abs(least), abs(greatest)) for least, greatest in slopes]
        box = _Box(box.unit, faces)


def _gradient(search: _Search, box: _Box) -> list[tuple[int, int]]:
    """Return bounds of ``d/dt_v sum_j y`` on the box, for every variable, in units of ``2^-96``."""
    edges, curve, half = box.edges, search.curve(box.unit), 1 << PRECISION - 1
    least, greatest = [0] * len(edges), [0] * len(edges)
    for term in search.terms:
        low = high = 0  # the least and the greatest s
        for v, sign in term:
            first, last = edges[v]
            low, high = (low + first, high + last) if sign else (low - last, high - first)
        at_low, at_high = curve[low], curve[high]
        small = min(at_low.flat, at_high.flat)
        large = at_high.steep if at_high.high <= half else at_low.steep if at_low.low >= half else curve.steepest
        for v, sign in term:
            least[v] += small if sign else -large
            greatest[v] += large if sign else -small
    return list(zip(least, greatest, strict=True))


def _above(ball: arb) -> int:
    return int(_integer((ball * (1 << PRECISION)).upper().ceil()))


def _below(ball: arb) -> int:
    return int(_integer((ball * (1 << PRECISION)).lower().floor()))


def _integer(ball: arb) -> fmpz:
    found = ball.unique_fmpz()
    if found is None:
        raise Undecided(f"a bound stayed wider than 2^-{PRECISION}: {ball}")
    return found
