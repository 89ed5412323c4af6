"""Finite probability laws whose masses sum to exactly 1.

A law holds integer weights over an integer total where every mass is rational, and exp-sums over their sum otherwise.
Outcomes of mass zero are dropped; the order of the others is kept, and decides what a random number maps to.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import reduce
from operator import mul
from typing import Generic, TypeVar, overload

from flint import fmpq, fmpz

from reference.exact.decimals import to_decimal
from reference.exact.expratio import ExpRatio, exp_ratio
from reference.exact.expsum import ExpSum, exp_sum
from reference.exact.fast.weights import balanced_sum, common_multiple, rounded_sums
from reference.exact.log_linear import LogLinear
from reference.exact.number import setter
from reference.exact.plain import quick
from reference.exact.rational_numbers import RationalLike, rational, rational_sign
from reference.exact.reals import Number, Real, real, real_log, real_sum
from reference.exact.table import Table, short
from reference.exact.weights import Factored, Weight, coprime, multiples

T = TypeVar("T", bound=Hashable)
U = TypeVar("U", bound=Hashable)

Mass = fmpq | ExpRatio
"""A probability: ``fmpq`` where it is rational."""

MassLike = RationalLike | ExpSum | ExpRatio
"""What a mass may be written as."""

_SHOWN = 8
"""How many outcomes a ``repr`` shows."""


class LawError(ValueError):
    """The weights do not make a law; the message names the outcome or the sum and the excess."""


class SupportError(ValueError):
    """A law puts mass where the reference law has none: the KL divergence is ``+inf`` and ``J`` is ``-inf``."""


class Law(Generic[T]):
    """A finite law on hashable outcomes: ``mass(outcomes[i]) = weights[i] / total``, all weights positive.

    The weights are integers without a common divisor if every mass is rational, else all are exp-sums.  Equality
    ignores the order of the outcomes.
    Build laws with :meth:`of`, :meth:`weighted`, :meth:`point`, :meth:`uniform`, :meth:`bernoulli`, :meth:`mixture`.

    >>> import reference as ref
    >>> law = ref.Law.of({"a": "1/3", "b": "2/3"})
    >>> law.mass("a"), law.mass("z")
    (1/3, 0)
    """

    __slots__ = ("_bounds", "_index", "outcomes", "total", "weights")
    outcomes: tuple[T, ...]
    weights: tuple[Weight, ...]
    total: Weight
    _bounds: tuple[int, Sequence[int], Sequence[int]] | None
    _index: dict[T, int] | None

    def __init__(self, outcomes: tuple[T, ...], weights: tuple[Weight, ...], total: Weight) -> None:
        """Take over normalised parts.  Not for users: nothing is checked here."""
        _put_outcomes(self, outcomes)
        _put_weights(self, weights)
        _put_total(self, total)
        _put_bounds(self, None)
        _put_index(self, None)

    @overload
    @staticmethod
    def of(masses: Mapping[T, MassLike]) -> "Law[T]": ...
    @overload
    @staticmethod
    def of(masses: Iterable[tuple[T, MassLike]]) -> "Law[T]": ...
    @staticmethod
    def of(masses: Mapping[T, MassLike] | Iterable[tuple[T, MassLike]]) -> "Law[T]":
        """Return the law with these masses; :class:`LawError` unless they are non-negative and sum to exactly 1."""
        pairs = list(masses.items() if isinstance(masses, Mapping) else masses)
        values = [mass_value(value) for _, value in pairs]
        weights, whole = _over_common(values)
        law = _normalised([outcome for outcome, _ in pairs], weights)
        total = balanced_sum(weights, 0)
        if total != whole:
            excess = ExpRatio(total, whole) - 1
            word = "too much" if excess > 0 else "missing"
            msg = f"the masses sum to {to_decimal(excess + 1, 12)}, not to 1: {to_decimal(abs(excess), 12)} {word}"
            raise LawError(msg)
        return law

    @staticmethod
    def weighted(outcomes: Iterable[T], weights: Iterable[MassLike]) -> "Law[T]":
        """Return the law proportional to non-negative weights; :class:`LawError` if all are zero."""
        exact = _over_one([w if type(w) is int or isinstance(w, ExpSum) else mass_value(w) for w in weights])
        listed = list(outcomes)
        if len(listed) != len(exact):
            msg = f"{len(listed)} outcomes and {len(exact)} weights"
            raise LawError(msg)
        return _normalised(listed, exact)

    @staticmethod
    def point(outcome: T) -> "Law[T]":
        """Return the law that always gives ``outcome``."""
        return Law((outcome,), (1,), 1)

    @staticmethod
    def uniform(outcomes: Iterable[T]) -> "Law[T]":
        """Return the law with equal masses on distinct outcomes."""
        listed = list(outcomes)
        return _normalised(listed, [1] * len(listed))

    @staticmethod
    def bernoulli(probability: MassLike) -> "Law[bool]":
        """Return the law of a coin that shows ``True`` with this probability."""
        value = mass_value(probability)
        above, below = (value.p, value.q) if isinstance(value, fmpq) else (value.numerator, value.denominator)
        heads = above if isinstance(above, ExpSum) else int(above)
        whole = below if isinstance(below, ExpSum) else int(below)
        if heads < 0 or heads > whole:
            msg = f"{probability} is not a probability: it must lie between 0 and 1"
            raise LawError(msg)
        return _normalised([True, False], [heads, whole - heads])

    @staticmethod
    def mixture(parts: "Iterable[tuple[MassLike, Law[T]]]") -> "Law[T]":
        """Return ``sum_j p_j law_j``; :class:`LawError` unless the ``p_j`` are non-negative and sum to exactly 1."""
        listed = list(parts)
        chosen = Law.of((j, p) for j, (p, _) in enumerate(listed))
        laws = [listed[j][1] for j in chosen.outcomes]
        _, cofactors = common_multiple([Factored().times(law.total) for law in laws])
        return _collected(
            (outcome, share * cofactor * weight)
            for share, cofactor, law in zip(chosen.weights, cofactors, laws, strict=True)
            for outcome, weight in zip(law.outcomes, law.weights, strict=True)
        )

    @property
    def is_rational(self) -> bool:
        """Whether every mass is rational."""
        return isinstance(self.weights[0], int)

    def mass(self, outcome: T) -> Mass:
        """Return the probability of ``outcome``; 0 off the support."""
        if self._index is None:
            _put_index(self, {x: i for i, x in enumerate(self.outcomes)})
        position = (self._index or {}).get(outcome)
        return fmpq(0) if position is None else _mass(self.weights[position], self.total)

    def items(self) -> tuple[tuple[T, Mass], ...]:
        """Return the outcomes with their masses."""
        return tuple((x, _mass(w, self.total)) for x, w in zip(self.outcomes, self.weights, strict=True))

    def map(self, function: Callable[[T], U]) -> "Law[U]":
        """Return the law of ``function(outcome)``."""
        return _collected((function(x), w) for x, w in zip(self.outcomes, self.weights, strict=True))

    def given(self, event: Callable[[T], bool]) -> "Law[T]":
        """Return the law of an outcome, given that ``event(outcome)`` holds.

        >>> Law.uniform(range(1, 7)).given(lambda k: k > 4)
        Law({5: 1/2, 6: 1/2})

        Raises:
            LawError: if the event has probability 0.
        """
        kept = [(x, w) for x, w in zip(self.outcomes, self.weights, strict=True) if event(x)]
        if not kept:
            msg = f"the event holds for none of the {len(self.outcomes)} outcomes: there is no law given that"
            raise LawError(msg)
        return _normalised([x for x, _ in kept], [w for _, w in kept])

    def product(self, other: "Law[U]") -> "Law[tuple[T, U]]":
        """Return the law of a pair of independent draws."""
        outcomes = [(x, y) for x in self.outcomes for y in other.outcomes]
        return _normalised(outcomes, [v * w for v in self.weights for w in other.weights])

    def probability(self, event: Callable[[T], bool]) -> Mass:
        """Return the probability that ``event(outcome)`` holds."""
        chosen = [w for x, w in zip(self.outcomes, self.weights, strict=True) if event(x)]
        return _mass(balanced_sum(chosen, 0), self.total)

    def mean_by_masses(self, function: Callable[[T], Number]) -> Real:
        """Return ``sum_x p(x) function(x)``: what an expectation is."""
        return sum((real(function(x)) * mass for x, mass in self.items()), real(0))

    @quick(mean_by_masses)
    def expectation(self, function: Callable[[T], Number]) -> Real:
        """Return the mean of ``function(outcome)``."""
        values = [function(x) for x in self.outcomes]
        rationals = [v for v in values if isinstance(v, (int, fmpq))]
        if len(rationals) == len(values):
            return real(balanced_sum([v * w for v, w in zip(rationals, self.weights, strict=True)], 0)) / self.total
        linear = [v for v in values if isinstance(v, (int, fmpq, LogLinear))]
        weights = [w for w in self.weights if isinstance(w, int)]
        if len(linear) == len(weights) == len(values):
            if not any(isinstance(v, LogLinear) and v.terms for v in linear):
                constants = [v.constant if isinstance(v, LogLinear) else v for v in linear]
                return real(sum(map(mul, constants, weights), fmpq(0))) / self.total
            return real(sum((v * w for v, w in zip(linear, weights, strict=True)), LogLinear(fmpq(0)))) / self.total
        return balanced_sum([real(v) * w for v, w in zip(values, self.weights, strict=True)], real(0)) / self.total

    def total_variation(self, other: "Law[T]") -> Mass:
        """Return ``sup_A |P(A) - Q(A)|``, half the sum of the absolute differences of the masses."""
        mine = dict(zip(self.outcomes, self.weights, strict=True))
        theirs = dict(zip(other.outcomes, other.weights, strict=True))
        _, (p, q) = common_multiple([Factored().times(self.total), Factored().times(other.total)])
        gains = (w * p - theirs.get(x, 0) * q for x, w in mine.items())
        return _mass(balanced_sum([gain for gain in gains if gain > 0], 0), self.total * p)

    def kl(self, other: "Law[T]") -> Real:
        """``KL(self || other) = sum p log(p/q)`` in nats, ``0 log 0 = 0``; exactly 0 if and only if the laws are equal.

        >>> Law.of({"a": "1/2", "b": "1/2"}).kl(Law.of({"a": "1/4", "b": "3/4"}))
        Real(log(2) - 1/2*log(3))

        Raises:
            SupportError: if this law leaves the support of ``other`` (the divergence is ``+inf``); names the outcome.
        """
        if self is other:
            return real(0)
        reference = dict(zip(other.outcomes, other.weights, strict=True))
        for outcome in self.outcomes:
            if outcome not in reference:
                msg = f"KL is +inf: {outcome!r} has positive mass, but none under the reference law"
                raise SupportError(msg)
        if self == other:
            return real(0)
        # One sum over the weights, and one division: a mass as an exp-ratio is as long as the total.
        terms = (
            _log_quotient(weight, reference[outcome]) * weight
            for outcome, weight in zip(self.outcomes, self.weights, strict=True)
        )
        return real_sum(terms) / self.total + real_log(other.total) - real_log(self.total)

    def inverted(self, u: int, bits: int) -> int | None:
        """Return the index that all of ``[u, u+1) / 2^bits`` maps to under the inverse distribution function.

        Index ``i`` owns the points from the masses before it (included) to those with its own (excluded).  ``None`` if
        the points do not agree: then ask again with more bits.  By exact comparisons, one mass after the other.
        """
        low, high = fmpq(u, 1 << bits), fmpq(u + 1, 1 << bits)
        before = exp_ratio(0)
        for index, (_, mass) in enumerate(self.items()):
            after = before + mass
            if high <= after:
                return index if before <= low else None
            before = after
        return None

    @quick(inverted)
    def locate(self, u: int, bits: int) -> int | None:
        """Return :meth:`inverted`, by integer bounds; ``None`` also where irrational weights need more bits."""
        if self._bounds is None or self._bounds[0] != bits:
            _put_bounds(self, (bits, *rounded_sums(self.weights, self.total, bits)))
        _, below, above = self._bounds or (bits, (), ())
        i = bisect_right(above, u)
        return i if u < below[i] else None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Law):
            return NotImplemented
        if self.is_rational != other.is_rational or len(self.outcomes) != len(other.outcomes):
            return False
        theirs = dict(zip(other.outcomes, other.weights, strict=True))
        mine = zip(self.outcomes, self.weights, strict=True)
        return all(x in theirs and w * other.total == theirs[x] * self.total for x, w in mine)

    def __hash__(self) -> int:
        return hash(frozenset(zip(self.outcomes, self.weights, strict=True) if self.is_rational else self.outcomes))

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"Law is immutable: cannot set {name}"
        raise AttributeError(msg)

    def __reduce__(self) -> "tuple[type[Law[T]], tuple[object, ...]]":
        return Law, (self.outcomes, self.weights, self.total)

    def _repr_html_(self) -> str:
        return Table.of("", ("outcome", "mass"), ((str(x), short(mass)) for x, mass in self.items())).html()

    def __repr__(self) -> str:
        shown = [f"{x!r}: {_mass(w, self.total)}" for x, w in zip(self.outcomes[:_SHOWN], self.weights, strict=False)]
        more = [f"... {len(self.outcomes) - _SHOWN} more"] if len(self.outcomes) > _SHOWN else []
        return f"Law({{{', '.join(shown + more)}}})"


_put_outcomes, _put_weights, _put_total, _put_bounds, _put_index = (
    setter(Law, slot) for slot in ("outcomes", "weights", "total", "_bounds", "_index")
)


def _mass(weight: Weight, total: Weight) -> Mass:
    if isinstance(weight, int) and isinstance(total, int):
        return fmpq(weight, total)
    return mass_value(ExpRatio(weight, total))


def mass_value(value: MassLike) -> Mass:
    """Return what may be written as a mass: ``fmpq`` where it is rational."""
    if not isinstance(value, (ExpSum, ExpRatio)):
        return rational(value)
    ratio = exp_ratio(value)
    return ratio.as_rational() if ratio.is_rational else ratio


def _log_quotient(above: Weight, below: Weight) -> Real:
    """Return the logarithm of a quotient; of two powers of ``e``, as in softmaxes, without forming it."""
    exponents = _exponent(above), _exponent(below)
    if exponents[0] is None or exponents[1] is None:
        return real_log(exp_ratio(above) / below)
    return real(exponents[0] - exponents[1])


def _exponent(weight: Weight) -> LogLinear | None:
    if isinstance(weight, int) or weight.number_of_terms != 1:
        return None
    ((coefficient, exponent),) = weight.terms()
    return exponent if coefficient == 1 else None


def _over_common(values: Sequence[Mass]) -> tuple[Sequence[int | fmpq | ExpSum], Weight]:
    """Return numbers over a common denominator, and that."""
    rationals = [v for v in values if isinstance(v, fmpq)]
    if len(rationals) == len(values):
        return rationals, 1
    factored = [Factored() if isinstance(v, fmpq) else Factored().times(v.denominator) for v in values]
    common, cofactors = common_multiple(factored)
    numerators = [v if isinstance(v, fmpq) else v.numerator for v in values]
    return [n * cofactor for n, cofactor in zip(numerators, cofactors, strict=True)], common.value()


def _over_one(values: Sequence[int | Mass | ExpSum]) -> Sequence[int | fmpq | ExpSum]:
    """Return numbers proportional to these, none of them a quotient."""
    listed = [value for value in values if not isinstance(value, ExpRatio)]
    if len(listed) == len(values):
        return listed
    ratios = [value if isinstance(value, ExpRatio) else exp_ratio(value) for value in values]
    _, cofactors = common_multiple([Factored().times(ratio.denominator) for ratio in ratios])
    return [ratio.numerator * cofactor for ratio, cofactor in zip(ratios, cofactors, strict=True)]


def _collected(pairs: Iterable[tuple[T, Weight]]) -> Law[T]:
    """Return the law proportional to weights that may name an outcome repeatedly."""
    table: dict[T, list[Weight]] = {}
    for outcome, weight in pairs:
        table.setdefault(outcome, []).append(weight)
    return _normalised(list(table), [balanced_sum(weights, 0) for weights in table.values()])


def _normalised(outcomes: list[T], weights: Sequence[int | fmpq | ExpSum]) -> Law[T]:
    """Check the weights, drop zeros, and make them coprime integers if all masses are rational."""
    if not outcomes:
        msg = "a law needs at least one outcome"
        raise LawError(msg)
    if len(set(outcomes)) < len(outcomes):
        repeated = next(x for i, x in enumerate(outcomes) if x in outcomes[:i])
        msg = f"outcome {repeated!r} appears twice"
        raise LawError(msg)
    if all(type(weight) is int and weight > 0 for weight in weights):  # nearly always
        integers = coprime([weight for weight in weights if type(weight) is int])
        return Law(tuple(outcomes), integers, sum(integers))
    kept: list[tuple[T, int | fmpq | ExpSum]] = []
    for outcome, weight in zip(outcomes, weights, strict=True):
        sign = weight.sign() if isinstance(weight, ExpSum) else rational_sign(fmpq(weight))
        if sign < 0:
            msg = f"outcome {outcome!r} has the negative weight {weight!s:.80}"
            raise LawError(msg)
        if sign:
            kept.append((outcome, weight))
    if not kept:
        msg = "every outcome has weight zero"
        raise LawError(msg)
    support = tuple(outcome for outcome, _ in kept)
    rationals = [weight for _, weight in kept if isinstance(weight, (int, fmpq))]
    if len(rationals) == len(kept):
        integers = coprime(rationals)
        return Law(support, integers, sum(integers))
    sums = [weight if isinstance(weight, ExpSum) else exp_sum([(weight, fmpq(0))]) for _, weight in kept]
    ratios = multiples(sums)
    if ratios is not None:
        integers = coprime(ratios)
        return Law(support, integers, sum(integers))
    contents = [weight.content for weight in sums]
    unit = fmpq(reduce(fmpz.gcd, (c.p for c in contents)), reduce(fmpz.lcm, (c.q for c in contents)))
    scaled = tuple(weight / unit for weight in sums)
    total = balanced_sum(list(scaled), exp_sum([]))
    return Law(support, scaled, int(total.as_rational().p) if total.is_rational else total)
