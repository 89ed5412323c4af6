"""How tight an inequality is in one case: the ratio of its smaller side to its larger one."""

from collections.abc import Iterable
from dataclasses import dataclass

from flint import arb, fmpq

from proofs_check.ledger import Case
from reference.exact import Real, Undecided, real
from reference.exact.precision import workprec

AT_MOST, AT_LEAST = {"<=", "<"}, {">=", ">"}

_BITS, _MORE_BITS = 40, 400
"""Of a ratio that are compared first, and if they do not tell."""

_MOST_BITS = 4096
"""Of the precision with which a ratio is enclosed."""


@dataclass(frozen=True)
class Tightness:
    """A case of an inequality that says ``small <= large``, in terms of positive numbers where it can be.

    ``small / large`` is at most 1 where the case holds.  Without sides it is a case of another kind that is violated,
    or one whose larger side is not positive while the smaller is.
    """

    case: Case
    small: Real | None
    large: Real | None

    @property
    def ratio(self) -> Real | None:
        """The ratio; ``None`` where it is none, or beyond every number: the case is then violated."""
        return None if self.small is None or self.large is None else self.small / self.large

    def ball(self, bits: int) -> arb:
        """Return a ball around the ratio, with so many correct bits if some precision has them."""
        assert self.small is not None  # noqa: S101 - asked by those that looked
        assert self.large is not None  # noqa: S101 - the same
        precision = 2 * bits
        while True:
            with workprec(precision):
                found = self.small.enclosure(precision) / self.large.enclosure(precision)
                if found.rel_accuracy_bits() >= bits or precision >= _MOST_BITS:
                    return found
            precision *= 2

    @property
    def rational(self) -> fmpq | None:
        """The ratio, if both sides are seen to be rational."""
        if self.small is None or self.large is None or self.small.rational is None or self.large.rational is None:
            return None
        return self.small.rational / self.large.rational


def tightness(case: Case) -> Tightness | None:
    """Return how tight a case is; ``None`` where that says nothing: no inequality, or nothing against nothing."""
    if case.left is None or case.right is None or case.relation not in AT_MOST | AT_LEAST:
        return None if case.holds else Tightness(case, None, None)
    small, large = real(case.left), real(case.right)
    if case.relation in AT_LEAST:
        small, large = large, small
    try:
        signs = small.sign(), large.sign()
    except Undecided:
        return None
    if signs[1] > 0:
        return Tightness(case, small, large)
    if signs == (-1, -1):
        return Tightness(case, -large, -small)
    return None if case.holds else Tightness(case, None, None)


def tightest(cases: Iterable[Case]) -> dict[str, Tightness]:
    """Return the tightest case of each statement among the cases."""
    found: dict[str, Tightness] = {}
    for case in cases:
        one = tightness(case)
        if one is not None and (case.statement not in found or exceeds(one, found[case.statement])):
            found[case.statement] = one
    return found


def exceeds(one: Tightness, other: Tightness) -> bool:
    """Return whether one is certainly tighter than the other: a violated case is, than one that holds."""
    if one.case.holds != other.case.holds:
        return not one.case.holds
    if one.small is None or other.small is None:
        return one.small is None and other.small is not None
    first, second = one.rational, other.rational
    if first is not None and second is not None:
        return bool(first > second)
    for bits in (_BITS, _MORE_BITS):
        mine, others = one.ball(bits), other.ball(bits)
        with workprec(bits):
            if mine > others:
                return True
            if mine < others:
                return False
    return False


def comes_to(one: Tightness, other: Tightness, share: fmpq) -> bool:
    """Return whether one is certainly as tight as the other, but for a share of the ratio."""
    if other.case.holds != one.case.holds:
        return not one.case.holds
    if one.small is None or other.small is None:
        return one.small is None or other.small is not None
    first, second = one.rational, other.rational
    if first is not None and second is not None:
        return bool(first >= second * (1 - share))
    mine, others = one.ball(_MORE_BITS), other.ball(_MORE_BITS)
    with workprec(_MORE_BITS):
        return bool(mine >= others * arb(1 - share))
