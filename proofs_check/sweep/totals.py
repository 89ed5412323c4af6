"""What a sweep amounts to: counts, the narrowest margins, and what stayed open."""

from typing import get_args

from flint import fmpq

from proofs_check.sweep.lines import SweptClaim, SweptInstance, SweptVerdict
from reference.exact import rational

MOST_NUMBERS = 1000
"""So many instances that are violated, and so many that are undecided, are listed for each claim: the first."""

VERDICTS_SWEPT = get_args(SweptVerdict)


class ClaimTotals:
    """What was found of a claim; instances by their numbers, in the order of the numbers.

    ``margin`` is the narrowest, ``at`` the first instance where it is.
    """

    def __init__(self) -> None:
        self.counts = dict.fromkeys(VERDICTS_SWEPT, 0)
        self.cases, self.margin = 0, ""
        self.at: int | None = None
        self.violated: list[int] = []
        self.undecided: dict[int, str] = {}
        self._least: fmpq | None = None

    def add(self, index: int, found: SweptClaim) -> None:
        """Count an instance, which was not counted before."""
        self.counts[found.verdict] += 1
        self.cases += found.cases
        if found.verdict == "violated":
            self.violated = sorted([*self.violated, index])[:MOST_NUMBERS]
        if found.verdict == "undecided":
            self.undecided = dict(sorted([*self.undecided.items(), (index, found.reason)])[:MOST_NUMBERS])
        if found.margin:
            margin = rational(found.margin)
            if self._least is None or self.at is None or (margin, index) < (self._least, self.at):
                self._least, self.margin, self.at = margin, found.margin, index


class Totals:
    """What was found of the instances ``first`` to ``first + n - 1``; each is counted once."""

    def __init__(self, claims: list[str], first: int, n: int) -> None:
        self.claims = {name: ClaimTotals() for name in claims}
        self.first, self.n, self.done = first, n, 0
        self.seen = bytearray(n)
        self.seconds = 0.0
        """Of computing, in this run."""

    def add(self, found: SweptInstance) -> bool:
        """Count an instance, and return whether it was one that was missing."""
        place = found.index - self.first
        if not 0 <= place < self.n or self.seen[place]:
            return False
        self.seen[place] = 1
        self.done += 1
        for name, each in found.claims.items():
            self.claims[name].add(found.index, each)
        return True

    def missing(self, start: int, most: int) -> range:
        """Return up to ``most`` instances in a row that are missing, the first from ``start`` on."""
        low = self.seen.find(0, start - self.first)
        if low < 0:
            return range(0)
        high = self.seen.find(1, low, low + most)
        return range(self.first + low, self.first + (min(low + most, self.n) if high < 0 else high))

    @property
    def fine(self) -> bool:
        """Whether no claim is violated or undecided on any instance, and each holds on some."""
        return all(
            each.counts["holds"] and not each.counts["violated"] and not each.counts["undecided"]
            for each in self.claims.values()
        )
