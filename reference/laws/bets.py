"""Bets against a law: what each rival has made, from the draws so far, of the stake laid on it.

The draws ``y_1, y_2, ..`` are said to be independent, each with the law ``p``.  A *rival* says before every draw, from
the draws before it, a law ``q`` of the next one, and its stake is multiplied by ``q(y)/p(y)``.  Under ``p`` the
expected factor is at most 1, whatever came before, so what a stake has become is a non-negative supermartingale, and so
is a sum of stakes: an *e-process*.  By Ville's inequality it ever reaches ``1/error`` with probability at most
``error``, however often and whenever one looks.

Rivals, their shares of the first stake, groups and parameters are functions of the law alone: fixed before any draw.
Most rivals are mixtures, whose products are a ratio of gamma functions, so counts are enough.  Source: ours; the
mixture with parameters 1/2 is Krichevsky and Trofimov's.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from flint import arb, fmpq

from reference.exact.decimals import to_decimal
from reference.exact.law import Law
from reference.exact.precision import workprec
from reference.exact.rational_numbers import ceiling
from reference.laws.rivals import (
    LAGS,
    PLAN_BITS,
    REPEATED_PARTS,
    RIVALS,
    SPREAD_FACTORS,
    TEMPERATURES,
    UNIFORM_PARTS,
    Plan,
    Stakes,
    Tally,
    against,
    positive_balls,
)

T = TypeVar("T", bound=Hashable)

_PROPORTIONS = {
    "any law": 4, "one outcome": 8, "a group": 8, "near the law": 4, "temperature": 3, "uniform": 2, "repeats": 3,
}  # fmt: skip
"""The stakes on the families of rivals, in proportion; a family is left out where the law has no such rival."""

NAMED = "a named law"
"""The family of the rivals that the caller names."""


class Rival(NamedTuple):
    """A family of rivals, which one of it (counted from 0), and its share of the first stake."""

    family: str
    place: int
    share: fmpq


class Bets(Generic[T]):
    """All bets against a law; ``named``: further laws, known in advance, which get half the stake."""

    def __init__(self, law: Law[T], named: Mapping[str, Law[T]] | None = None) -> None:
        self.law = law
        self.named = dict(named or {})
        self._plan = Plan.of(law)
        left_out = set() if self._plan.groups else {"any law", "a group"}  # of two outcomes one says it all
        families = {f: w for f, w in _PROPORTIONS.items() if f not in left_out}
        scale = sum(families.values()) * (2 if self.named else 1)
        self.stakes = {f: fmpq(w, scale) for f, w in families.items()} if len(law.outcomes) > 1 else {}

    @property
    def one_event(self) -> fmpq:
        """The smallest share of a rival that changes the mass of one outcome, or of one group; 0 without rivals."""
        sizes = {"one outcome": len(self.law.outcomes), "a group": len(self._plan.groups)}
        if not self.stakes:
            return fmpq(0)
        if "a group" not in self.stakes:
            return self.stakes["one outcome"]
        return min(self.stakes[family] / size for family, size in sizes.items())

    @property
    def any_law(self) -> fmpq:
        """The share of the rival that is a mixture of all laws; 0 without rivals."""
        return self.stakes.get("any law", self.one_event)

    def logarithms(self, tally: Tally, prec: int) -> list[tuple[Rival, arb]]:
        """Return for each rival a ball around the logarithm of what a stake of 1 on it has become."""
        table = Stakes(self.law, tally, self._plan, prec)
        with workprec(prec):
            families = {family: list(RIVALS[family](table)) for family in self.stakes}
        if self.named:
            families[NAMED] = [against(table, self.law.outcomes, law, prec) for law in self.named.values()]
        stakes = {**self.stakes, NAMED: fmpq(1, 2)}
        return [
            (Rival(family, i, stakes[family] / len(values)), value)
            for family, values in families.items()
            for i, value in enumerate(values)
        ]

    def described(self, rival: Rival, tally: Tally) -> str:
        """Return what a rival says of the sampler."""
        i, size = rival.place, len(self.law.outcomes)
        if rival.family == "one outcome":
            return self._compared(f"outcome {self.law.outcomes[i]!r:.60}", [i], tally)
        if rival.family == "a group":
            name, by_mass, start, end = self._plan.groups[i]
            return self._compared(name, self._plan.order[start:end] if by_mass else range(start, end), tally)
        lag, part = divmod(i, len(REPEATED_PARTS))
        said: dict[str, Callable[[], str]] = {
            "any law": lambda: "all laws, mixed",
            "near the law": lambda: f"laws near this one, as after {size * SPREAD_FACTORS[i]} draws of it",
            "temperature": lambda: f"the law at temperature {1 / TEMPERATURES[i]}",
            "uniform": lambda: f"a share {UNIFORM_PARTS[i]} of the draws is uniform on the support",
            "repeats": lambda: f"a share {REPEATED_PARTS[part]} of the draws repeats the draw {LAGS[lag]} before it",
            NAMED: lambda: f"the rival {list(self.named)[i]!r:.60}",
        }
        return said[rival.family]()

    def _compared(self, what: str, members: Iterable[int], tally: Tally) -> str:
        listed = list(members)
        weights = positive_balls(self.law.weights, PLAN_BITS)
        with workprec(PLAN_BITS):
            mass = sum((weights[i] for i in listed), arb(0)) / sum(weights, arb(0))
            expected = (mass * tally.draws).mid().fmpq()
        digits = max(4, len(str(ceiling(expected))))
        hits = sum(tally.counts[i] for i in listed)
        return f"{what}: {hits} times in {tally.draws} draws, about {to_decimal(expected, digits).text} expected"
