"""The supremum of ``E_j[pi_theta(1|j)]`` over all real ``theta`` in a box, enclosed by branch and bound with balls.

At ``t`` (``theta = beta k log(A) t``) a term whose signed coordinates sum to ``s`` has ``pi(1|j) = y(s)`` with the
increasing function ``y(s) = p A^s/(1-p + p A^s)`` and ``y' = log(A) y (1-y)``.  On a box every ``s`` lies between two
rational ends, so the following are certified, in units of ``2^-60`` rounded outwards::

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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from flint import arb, fmpq, fmpz

from reference.constructions.dnf.formula import DnfInstance
from reference.exact.number import Undecided
from reference.exact.plain import cached
from reference.exact.precision import workprec
from reference.exact.reals import Real, enclosed

_UNIT = 60
"""Bounds are integers over ``2^60``."""

PRECISION = 96
"""Bits of the balls."""

TOLERANCE = fmpq(1, 1 << 20)
"""Unless given, the supremum is enclosed this narrowly."""

FINEST = 48
"""Enclosures are made narrower than ``2^-48`` by no request."""

MAX_BOXES = 20_000
"""Boxes are split this often; then the supremum stays undecided at this tolerance."""

Interval = tuple[fmpq, fmpq]
Region = tuple[Interval, ...]
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
    with workprec(PRECISION):
        search = _Search(instance)
        slack = int((tolerance * (1 << _UNIT)).floor())
        search.bound(box or ((fmpq(-1), fmpq(1)),) * instance.formula.variables)  # 1
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
            for half in _halves(widest):  # 10
                search.bound(half)


def largest_chance(instance: DnfInstance, box: Region | None = None) -> Real:
    """Return the supremum as a number: exact where it is known to be attained at a point, else an enclosed real.

    Comparisons with it refine the enclosure, up to a tolerance of ``2^-48``, and may raise
    :class:`~reference.exact.number.Undecided`.
    """
    found = supremum(instance, box)
    return instance.chance(found.point) if found.attained else enclosed(_ball, instance, box)


def orthant(assignment: Sequence[int]) -> Region:
    """Return the closed box of the ``t`` whose signs are those of ``assignment``, or 0."""
    return tuple((fmpq(0), fmpq(1)) if sign > 0 else (fmpq(-1), fmpq(0)) for sign in assignment)


@cached(256)
def _narrow(instance: DnfInstance, box: Region | None, bits: int) -> Supremum:
    return supremum(instance, box, fmpq(1, 1 << bits))


def _ball(prec: int, instance: DnfInstance, box: Region | None) -> arb:
    found = _narrow(instance, box, min(prec // 4, FINEST))
    with workprec(prec):
        return arb(found.lower).union(arb(found.upper))


class _Search:
    """The state of the search, and what does not change between boxes."""

    def __init__(self, instance: DnfInstance) -> None:
        self.instance = instance
        self.terms = instance.formula.terms
        self.log_a = instance.scale.enclosure(PRECISION) / arb(instance.beta * instance.formula.k)
        self.odds = arb((1 - instance.p) / instance.p)
        self.best = 0
        self.point: tuple[fmpq, ...] = ()
        self.looked = 0
        self._boxes: list[tuple[int, int, Region]] = []
        self._points: list[tuple[int, int, tuple[fmpq, ...]]] = []

    def answer(self, s: fmpq) -> arb:
        """``y(s)``."""
        return 1 / (1 + self.odds * (-self.log_a * arb(s)).exp())

    def bound(self, box: Region) -> None:
        """Lines 2 to 6."""
        self.looked += 1
        box, slopes = _contracted(self, box)  # 3
        centre = tuple((low + high) / 2 for low, high in box)
        middle = self._mean(fmpq(sum(_signed(n, centre) for n in term)) for term in self.terms)
        if (lower := _below(middle)) > self.best:  # 4
            self.best, self.point = lower, centre
        if all(low == high for low, high in box):  # 6
            self._points.append((lower, _above(middle), centre))
            return
        top = self._mean(_ends(term, box)[1] for term in self.terms)
        halves = ((high - low) / 2 for low, high in box)
        form = sum((slope * arb(half) for slope, half in zip(slopes, halves, strict=True)), middle)
        upper = min(_above(top), _above(form))  # 5
        if upper > self.best:  # 6
            heappush(self._boxes, (-upper, self.looked, box))

    def widest(self) -> tuple[int, Region | None]:
        """Take the box with the largest upper bound, if there is one."""
        if not self._boxes:
            return 0, None
        upper, _, box = heappop(self._boxes)
        return -upper, box

    def attaining(self) -> tuple[fmpq, ...] | None:
        """Return the best of the points, compared exactly, if one of them is certain to have at least ``best``."""
        if all(lower < self.best for lower, _, _ in self._points):
            return None
        return max((point for _, upper, point in self._points if upper >= self.best), key=self.instance.chance)

    def most(self, upper: int) -> fmpq:
        """Return the largest upper bound of boxes and points."""
        return fmpq(max(upper, self.best, *(above for _, above, _ in self._points)), 1 << _UNIT)

    def _mean(self, sums: Iterable[fmpq]) -> arb:
        return sum(map(self.answer, sums), arb(0)) / len(self.terms)


def _contracted(search: _Search, box: Region) -> tuple[Region, list[arb]]:
    """Keep the better face wherever the gradient has one sign; return the rest and bounds on the gradient's size."""
    while True:
        slopes = _gradient(search, box)
        faces = []
        for (low, high), (least, greatest) in zip(box, slopes, strict=True):
            rising, falling = least >= 0, greatest <= 0
            faces.append((high, high) if rising else (low, low) if falling else (low, high))
        if tuple(faces) == box:
            return box, [abs(least).max(abs(greatest)) for least, greatest in slopes]
        box = tuple(faces)


def _gradient(search: _Search, box: Region) -> list[tuple[arb, arb]]:
    """Return bounds of ``d/dt_v E_j[y]`` on the box, for every variable."""
    least, greatest = [arb(0)] * len(box), [arb(0)] * len(box)
    factor = search.log_a / len(search.terms)
    for term in search.terms:
        low, high = map(search.answer, _ends(term, box))
        at_low, at_high = low * (1 - low), high * (1 - high)
        small = at_low.min(at_high)
        large = at_high if high <= fmpq(1, 2) else at_low if low >= fmpq(1, 2) else arb(fmpq(1, 4))
        for literal in term:
            v = abs(literal) - 1
            least[v] += factor * (small if literal > 0 else -large)
            greatest[v] += factor * (large if literal > 0 else -small)
    return list(zip(least, greatest, strict=True))


def _ends(term: tuple[int, ...], box: Region) -> Interval:
    """Return the least and the greatest ``s`` of a term on the box."""
    low, high = fmpq(0), fmpq(0)
    for literal in term:
        first, last = box[abs(literal) - 1]
        low, high = (low + first, high + last) if literal > 0 else (low - last, high - first)
    return low, high


def _signed(literal: int, point: Sequence[fmpq]) -> fmpq:
    return point[literal - 1] if literal > 0 else -point[-literal - 1]


def _halves(box: Region) -> tuple[Region, Region]:
    edges = [high - low for low, high in box]
    v = edges.index(max(edges))
    low, high = box[v]
    middle = (low + high) / 2
    return (*box[:v], (low, middle), *box[v + 1 :]), (*box[:v], (middle, high), *box[v + 1 :])


def _above(ball: arb) -> int:
    return int(_integer((ball * (1 << _UNIT)).upper().ceil()))


def _below(ball: arb) -> int:
    return int(_integer((ball * (1 << _UNIT)).lower().floor()))


def _integer(ball: arb) -> fmpz:
    found = ball.unique_fmpz()
    if found is None:
        raise Undecided(f"a bound stayed wider than 2^-{_UNIT}: {ball}")
    return found
