"""The supremum of ``E_j[pi_theta(1|j)]`` over all real ``theta`` in a box, enclosed by branch and bound with balls.

At ``t`` (``theta = beta k log(A) t``) a term whose signed coordinates sum to ``s`` has ``pi(1|j) = y(s)`` with the
increasing function ``y(s) = p A^s/(1-p + p A^s)`` and ``y' = log(A) y (1-y)``.  On a box every ``s`` lies between two
rational ends, so the following are certified, in units of ``2^-60`` rounded outwards::

    1  boxes <- {the given box};  best <- 0
    2  repeat: take the box whose upper bound U is largest
    3      if U <= best + tolerance: return [best, U]
    4      split it at the middle of its widest edge; for both halves:
    5          while the gradient has one sign along an edge: keep only the better face
    6          best <- max(best, E_j[y] at the centre)
    7          U <- min( mean of y(largest s),  E_j[y] at the centre + sum_v max|gradient_v| (half edge of v) )
    8          discard the half if U <= best

Source: textbook interval branch and bound with the monotonicity test and the mean value form; its use here is ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from flint import arb, ctx, fmpq, fmpz

from reference.constructions.dnf import DnfInstance, Formula
from reference.exact.number import Undecided

UNIT = 60
"""Bounds are integers over ``2^60``."""

PRECISION = 96
"""Bits of the balls."""

TOLERANCE = fmpq(1, 1 << 20)
"""Unless given, the supremum is enclosed this narrowly."""

MAX_BOXES = 20_000
"""Boxes are split this often; then the supremum stays undecided at this tolerance."""

Interval = tuple[fmpq, fmpq]
Box = tuple[Interval, ...]
"""Ranges of ``t_1..t_n`` inside ``[-1, 1]``."""


@dataclass(frozen=True, slots=True)
class Supremum:
    """``lower <= sup <= upper``; the chance at ``point`` is at least ``lower``.  ``boxes``: how many were looked at."""

    lower: fmpq
    upper: fmpq
    point: tuple[fmpq, ...]
    boxes: int


def supremum(instance: DnfInstance, box: Box | None = None, tolerance: fmpq = TOLERANCE) -> Supremum:
    """Enclose ``sup E_j[pi_theta(1|j)]`` over ``t`` in ``box``, all of ``[-1,1]^n`` unless given.

    Raises:
        Undecided: after :data:`MAX_BOXES` splits; the message has the bounds at that point.
    """
    with ctx.workprec(PRECISION):
        chance = _Chance(instance)
        whole = box or ((fmpq(-1), fmpq(1)),) * instance.formula.variables
        slack = int((tolerance * (1 << UNIT)).floor())
        first, best, point = _bounded(chance, whole)  # 1
        heap = [(-first[0], 0, first[1])]
        looked = 1
        while True:
            upper, _, widest = heappop(heap)  # 2
            if -upper <= best + slack:  # 3
                return Supremum(fmpq(best, 1 << UNIT), fmpq(max(-upper, best), 1 << UNIT), point, looked)
            if looked >= MAX_BOXES:
                bounds = f"{fmpq(best, 1 << UNIT)} <= sup <= {fmpq(-upper, 1 << UNIT)}"
                raise Undecided(f"the supremum for {instance} after {looked} boxes: {bounds}")
            for half in _halves(widest):  # 4
                found, lower, centre = _bounded(chance, half)
                looked += 1
                if lower > best:  # 6
                    best, point = lower, centre
                if found[0] > best:  # 8
                    heappush(heap, (-found[0], looked, found[1]))
            if not heap:
                return Supremum(fmpq(best, 1 << UNIT), fmpq(best, 1 << UNIT), point, looked)


def orthant(assignment: Sequence[int]) -> Box:
    """Return the closed box of the ``t`` whose signs are those of ``assignment``, or 0."""
    return tuple((fmpq(0), fmpq(1)) if sign > 0 else (fmpq(-1), fmpq(0)) for sign in assignment)


class _Chance:
    """``y(s)`` and the terms, with what does not change between boxes."""

    def __init__(self, instance: DnfInstance) -> None:
        self.formula: Formula = instance.formula
        self.log_a = instance.scale.enclosure(PRECISION) / arb(instance.beta * instance.formula.k)
        self.odds = arb((1 - instance.p) / instance.p)

    def answer(self, s: fmpq) -> arb:
        """``y(s)``."""
        return 1 / (1 + self.odds * (-self.log_a * arb(s)).exp())

    def mean(self, values: Sequence[arb]) -> arb:
        return sum(values, arb(0)) / len(values)


def _bounded(chance: _Chance, box: Box) -> tuple[tuple[int, Box], int, tuple[fmpq, ...]]:
    """Return (upper bound, the box after line 5), and a lower bound attained at a point with that point."""
    box, slopes = _contracted(chance, box)
    terms = chance.formula.terms
    top = chance.mean([chance.answer(_ends(term, box)[1]) for term in terms])
    centre = tuple((low + high) / 2 for low, high in box)
    middle = chance.mean([chance.answer(_ends(term, tuple((c, c) for c in centre))[0]) for term in terms])
    radii = [(high - low) / 2 for low, high in box]
    form = sum((slope * arb(radius) for slope, radius in zip(slopes, radii, strict=True)), middle)
    upper = min(_above(top), _above(form))  # 7
    return (upper, box), _below(middle), centre


def _contracted(chance: _Chance, box: Box) -> tuple[Box, list[arb]]:
    """Keep the better face wherever the gradient has one sign; return the rest and bounds on the gradient's size."""
    while True:
        slopes = _gradient(chance, box)
        faces = []
        for (low, high), (least, greatest) in zip(box, slopes, strict=True):
            rising, falling = least >= 0, greatest <= 0
            faces.append((high, high) if rising else (low, low) if falling else (low, high))
        if tuple(faces) == box:
            return box, [abs(least).max(abs(greatest)) for least, greatest in slopes]
        box = tuple(faces)


def _gradient(chance: _Chance, box: Box) -> list[tuple[arb, arb]]:
    """Return bounds of ``d/dt_v E_j[y]`` on the box, for every variable."""
    least, greatest = [arb(0)] * len(box), [arb(0)] * len(box)
    factor = chance.log_a / len(chance.formula.terms)
    for term in chance.formula.terms:
        low, high = map(chance.answer, _ends(term, box))
        at_low, at_high = low * (1 - low), high * (1 - high)
        small = at_low.min(at_high)
        large = at_high if high <= fmpq(1, 2) else at_low if low >= fmpq(1, 2) else arb(fmpq(1, 4))
        for literal in term:
            v = abs(literal) - 1
            least[v] += factor * (small if literal > 0 else -large)
            greatest[v] += factor * (large if literal > 0 else -small)
    return list(zip(least, greatest, strict=True))


def _ends(term: tuple[int, ...], box: Box) -> tuple[fmpq, fmpq]:
    """Return the least and the greatest ``s`` of a term on the box."""
    low, high = fmpq(0), fmpq(0)
    for literal in term:
        first, last = box[abs(literal) - 1]
        low, high = (low + first, high + last) if literal > 0 else (low - last, high - first)
    return low, high


def _halves(box: Box) -> tuple[Box, Box]:
    edges = [high - low for low, high in box]
    v = edges.index(max(edges))
    low, high = box[v]
    middle = (low + high) / 2
    return (*box[:v], (low, middle), *box[v + 1 :]), (*box[:v], (middle, high), *box[v + 1 :])


def _above(ball: arb) -> int:
    return int(_integer((ball * (1 << UNIT)).upper().ceil()))


def _below(ball: arb) -> int:
    return int(_integer((ball * (1 << UNIT)).lower().floor()))


def _integer(ball: arb) -> fmpz:
    found = ball.unique_fmpz()
    if found is None:
        raise Undecided(f"a bound stayed wider than 2^-{UNIT}: {ball}")
    return found
