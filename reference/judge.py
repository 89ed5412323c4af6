"""The judge of samplers: whether draws refute that a sampler has an exact law.

The support first: one draw outside it refutes.  Then the bets of :mod:`reference.laws.bets`, in certified logarithms:
what they made of a stake of 1 is the *e-value*, and the sampler is refuted once that reaches ``1/error``.  A right
sampler ever is with probability at most ``error``, however often one asks (Ville's inequality).  Source: ours.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import index
from typing import TypeVar

from flint import arb, fmpq

from reference.exact.decimals import bracket, to_decimal
from reference.exact.law import Law
from reference.exact.precision import workprec
from reference.exact.rational_numbers import RationalLike, rational, rational_text
from reference.exact.table import Shown, Table
from reference.laws.bets import Bets, Rival
from reference.laws.rivals import Tally

T = TypeVar("T", bound=Hashable)

ERROR = fmpq(1, 10**9)
"""Probability with which a right sampler may be refuted, unless said otherwise."""

MISSED = fmpq(1, 1000)
"""Probability with which a wrong sampler may have been missed, unless said otherwise."""

_BITS = (64, 128, 256, 512)
"""Bits of the logarithms; if the last do not separate the e-value from ``1/error``, the sampler is not refuted."""

_GRID = 1 << 32
"""Bounds are rounded to multiples of 1/2^32, to the safe side."""


@dataclass(frozen=True, slots=True)
class Detectable:
    """How far from the law a sampler had to be, to be refuted by now; ``None``: not even the farthest surely was.

    Each number is about independent draws from one law ``q``, by now ``draws`` of them, and holds but for the
    probability that was asked for.  The proofs are on the page "Bets against a law".

    ``off_support``: every ``q`` with at least this mass off the support.
    ``one_event``: every ``q`` that gives an outcome, or a watched group of them, a mass that differs by this or more.
    ``any_law``: every ``q`` whatever at this total variation or more.
    """

    off_support: fmpq | None
    one_event: fmpq | None
    any_law: fmpq | None


@dataclass(frozen=True, repr=False)
class SamplerVerdict(Shown):
    """What draws say of a sampler: that it is refuted, or that it is not.  They never confirm one.

    ``log_e_value``: a certified lower bound, in nats, of the logarithm of the e-value; ``None`` if it is infinite,
    after a draw off the support.  ``rival``: what has made most of its stake, and so what seems to be wrong.
    ``outcomes``: how many the law has.  ``shares``: of the first stake, for a bet on the mass of one outcome or group,
    and for the bet on any law.

    >>> import reference as ref
    >>> ref.judge_sampler("aab" * 30 + "c", ref.Law.of({"a": "1/3", "b": "2/3"}))
    <BLANKLINE>
    verdict  refuted
    draws    91
    error    1e-9
    e-value  infinite
    rival    outcome 'c' is off the support; it came first in draw 91
    """

    refuted: bool
    draws: int
    error: fmpq
    log_e_value: fmpq | None
    rival: str
    outcomes: int
    shares: tuple[fmpq, fmpq]

    def seen(self, missed: RationalLike = MISSED) -> Detectable:
        """Return which samplers would have been refuted by now, each with probability at least ``1 - missed``.

        >>> import reference as ref
        >>> ref.judge_sampler({"a": 500_000, "b": 500_000}, ref.Law.uniform("ab")).seen().any_law < ref.rational(
        ...     "0.007"
        ... )
        True

        Raises:
            ValueError: unless ``0 < missed < 1``.
        """
        chance = _probability("missed", missed)
        one_event, any_law = self.shares
        return Detectable(
            _bounded(-_log(chance) / self.draws) if self.draws else None,
            self._distance(one_event, fmpq(1), chance),
            self._distance(any_law, fmpq(self.outcomes, 2), chance),
        )

    def _distance(self, share: fmpq, halves: fmpq, missed: fmpq) -> fmpq | None:
        """``sqrt(R/2n) + sqrt(log(1/missed)/2n)``, where ``R`` is what a mixture over so many outcomes may lose."""
        n = self.draws
        if share == 0 or n == 0:
            return None
        with workprec(_BITS[1]):
            half = arb(fmpq(1, 2))
            lost = half.lgamma() + (n + arb(halves)).lgamma() - (n + half).lgamma() - arb(halves).lgamma()
            needed = lost - _log(share * self.error)
            return _bounded((needed / (2 * n)).sqrt() + (-_log(missed) / (2 * n)).sqrt())

    def table(self) -> Table:
        """Return the verdict, what it rests on, and what would have been seen."""
        rows = [("verdict", "refuted" if self.refuted else "not refuted")]
        rows += [("draws", str(self.draws)), ("error", str(to_decimal(self.error)))]
        rows.append(("e-value", _at_least(self.log_e_value)))
        rows.append(("rival" if self.refuted else "strongest rival", self.rival))
        if not self.refuted:
            seen = self.seen()
            rows += [
                (f"seen by now, {what}", "nothing: draw more" if bound is None else f"from {_rounded_up(bound)} on")
                for what, bound in (
                    ("mass off the support", seen.off_support),
                    ("mass of an outcome or group", seen.one_event),
                    ("total variation of any law", seen.any_law),
                )
            ]
        return Table.of("", ("", ""), rows)


def judge_sampler(
    draws: Iterable[T] | Mapping[T, int],
    law: Law[T],
    error: RationalLike = ERROR,
    *,
    rivals: Mapping[str, Law[T]] | None = None,
) -> SamplerVerdict:
    """Judge whether a sampler draws from ``law``, from all its draws so far or how often each outcome came.

    A sampler that draws independently from ``law`` is ever refuted with probability at most ``error``, even if it is
    asked after every draw.  ``draws`` are all of them, in their order, which shows repeats, too; or counts by outcome,
    which may be 10^8 and more.  Decide beforehand which.  ``rivals``: laws that the sampler may have instead, chosen
    beforehand, too; half of the stake is laid on them.

    >>> import reference as ref
    >>> law = ref.Law.of({"a": "1/3", "b": "2/3"})
    >>> ref.judge_sampler({"a": 3_333, "b": 6_667}, law).refuted
    False
    >>> ref.judge_sampler({"a": 3_900, "b": 6_100}, law).rival
    "outcome 'a': 3900 times in 10000 draws, about 3333 expected"

    Raises:
        ValueError: for a negative count; unless ``0 < error < 1``; if no draw is of a kind that the law has.
        TypeError: if a count is no integer, a draw cannot be an outcome, or ``law`` is no law.
    """
    _check_law(law)
    level = _probability("error", error)
    read = _Sample.of(draws)
    bets = Bets(law, rivals)
    shares = bets.one_event, bets.any_law
    outside = read.outside(law)
    if outside is not None:
        return SamplerVerdict(True, read.total, level, None, outside, len(law.outcomes), shares)
    tally = read.tally(law)
    refuted, bound, rival = _decided(bets, tally, level)
    said = "none has gained" if rival is None else bets.described(rival, tally)
    return SamplerVerdict(refuted, read.total, level, bound, said, len(law.outcomes), shares)


@dataclass(frozen=True)
class _Sample:
    """Counts by outcome, and the draws where their order is known."""

    counts: Mapping[Hashable, int]
    listed: Sequence[Hashable] | None

    @classmethod
    def of(cls, draws: object) -> "_Sample":
        if isinstance(draws, Mapping):
            return cls({outcome: _count(outcome, n) for outcome, n in draws.items()}, None)
        as_list = getattr(draws, "tolist", None)  # arrays: their own numbers are slow to look up
        rows = as_list() if callable(as_list) else draws
        if not isinstance(rows, Iterable):
            msg = f"judge_sampler: {draws!r:.60} is neither draws nor a mapping of outcomes to counts"
            raise TypeError(msg)
        listed = list(rows)
        try:
            return cls(Counter(listed), listed)
        except TypeError:
            wrong = next(d for d in listed if type(d).__hash__ is None)
            msg = f"judge_sampler: the draw {wrong!r:.60} cannot be an outcome; give one value for each draw"
            raise TypeError(msg) from None

    @cached_property
    def total(self) -> int:
        return sum(self.counts.values())

    def outside(self, law: Law[T]) -> str | None:
        """Say which outcome came that the law does not have; ``None`` if there is none."""
        known = set(law.outcomes)
        strange = [outcome for outcome, n in self.counts.items() if n and outcome not in known]
        if not strange:
            return None
        first, kinds = strange[0], {type(outcome) for outcome in law.outcomes}
        if len(strange) == sum(n > 0 for n in self.counts.values()) and not any(type(d) in kinds for d in strange):
            theirs, ours = type(first).__name__, type(law.outcomes[0]).__name__
            msg = (
                f"judge_sampler: draws like {first!r:.60} ({theirs}), but the law has {law.outcomes[0]!r:.60} ({ours})"
            )
            raise ValueError(msg)
        if self.listed is None:
            return f"outcome {first!r:.60} is off the support; draws of it: {self.counts[first]}"
        return f"outcome {first!r:.60} is off the support; it came first in draw {self.listed.index(first) + 1}"

    def tally(self, law: Law[T]) -> Tally:
        if self.listed is None:
            return Tally(tuple(self.counts.get(outcome, 0) for outcome in law.outcomes))
        place = {outcome: i for i, outcome in enumerate(law.outcomes)}
        return Tally.of([place[d] for d in self.listed], len(place))  # type: ignore[index]  # all are in the support


def _decided(bets: Bets[T], tally: Tally, error: fmpq) -> tuple[bool, fmpq, Rival | None]:
    """Return whether the e-value reaches ``1/error``, a lower bound of its logarithm, and the strongest rival."""
    refuted, bound, best = False, fmpq(0), None
    for bits in _BITS:
        prec = bits + 2 * tally.draws.bit_length()
        rows = bets.logarithms(tally, prec)
        if not rows:
            break
        with workprec(prec):
            made = [(value + arb(rival.share).log(), rival) for rival, value in rows]
            top, strongest = max(made, key=lambda pair: pair[0].mid())
            best = strongest if top > arb(strongest.share).log() else None
            whole = top + sum(((value - top).exp() for value, _ in made), arb(0)).log()
            over = whole + _log(error)
            bound = _rounded_down(whole) if whole.is_finite() else bound
            if over >= 0 or over < 0:
                refuted = bool(over >= 0)
                break
    return refuted, bound, best


def _count(outcome: object, n: object) -> int:
    try:
        found = index(n)  # type: ignore[arg-type]  # numpy's integers are welcome, and what is none is refused
    except TypeError:
        msg = f"judge_sampler: the count of {outcome!r:.60} is {n!r:.60}; a count is an integer"
        raise TypeError(msg) from None
    if found < 0:
        msg = f"judge_sampler: the count of {outcome!r:.60} is {found}; a count is 0 or more"
        raise ValueError(msg)
    return found


def _check_law(law: object) -> None:
    if not isinstance(law, Law):
        msg = f"judge_sampler: the law is {law!r:.60}; give a Law, such as Law.of({{'a': '1/3', 'b': '2/3'}})"
        raise TypeError(msg)


def _probability(what: str, value: RationalLike) -> fmpq:
    found = rational(value)
    if not 0 < found < 1:
        msg = f"{what} = {rational_text(found)}: needs a probability between 0 and 1, neither of them"
        raise ValueError(msg)
    return found


def _log(value: fmpq) -> arb:
    with workprec(_BITS[1]):
        return arb(value).log()


def _bounded(value: arb) -> fmpq | None:
    """Return an upper bound of a distance; ``None`` if that is no less than 1."""
    bound = -_rounded_down(-value)
    return bound if bound < 1 else None


def _rounded_down(value: arb) -> fmpq:
    return fmpq((value.lower().fmpq() * _GRID).floor(), _GRID)


def _at_least(logarithm: fmpq | None) -> str:
    """Return the largest power of ten that is at most ``exp(logarithm)``, in words."""
    if logarithm is None:
        return "infinite"
    with workprec(_BITS[1]):
        return f"at least 10^{(arb(logarithm) / arb(10).log()).lower().floor().unique_fmpz()}"


def _rounded_up(bound: fmpq) -> str:
    """Return two digits that are no less."""
    return bracket(bound, 2).upper
