"""What decoders do to the law of a token: temperature, top-k, top-p, min-p, masks, and residuals; exactly.

Every boundary is decided: a nucleus that has exactly the mass asked for is complete, and a mass exactly at the
threshold of min-p stays.  Outcomes of equal mass keep the order in which the law lists them.  Laws may have irrational
masses; those of a softmax stay a softmax.  Source: ours; the transforms are those of inference engines.
"""

from collections.abc import Hashable, Iterable, Sequence
from functools import cmp_to_key
from itertools import accumulate
from typing import Literal, TypeVar, cast

from flint import arb, fmpq

from reference.exact.expsum import ExpSum, exp
from reference.exact.fast.weights import balanced_sum, common_multiple
from reference.exact.law import Law, LawError
from reference.exact.log_linear import log
from reference.exact.number import Undecided
from reference.exact.precision import workprec
from reference.exact.rational_numbers import BadNumber, RationalLike, ceiling, rational, rational_text
from reference.exact.sizes import product_cap
from reference.exact.weights import Factored, Weight
from reference.model.named_law import NamedLaw

T = TypeVar("T", bound=Hashable)

_BITS = 96
"""Bits of the enclosures that order weights; where they overlap, the weights are compared exactly."""

MAX_POWER_BITS = 1 << 23
"""A weight to a power may have this many bits, all its terms together."""

_SHOWN = 40
"""Characters of a number that a message repeats."""


def tempered(law: Law[T], temperature: RationalLike) -> Law[T]:
    """Return the law with masses proportional to ``p^(1/T)``.

    >>> import reference as ref
    >>> tempered(ref.Law.of({"a": "4/5", "b": "1/5"}), "1/2")
    Law({'a': 16/17, 'b': 1/17})

    Raises:
        LawError: unless ``T > 0`` (for ``T -> 0`` there is ``top_k(law, 1)``); if ``1/T`` is no integer and a mass is a
            sum of several exponentials, or a weight has a part that is not factored; if the powers would be too long.
    """
    t = rational(temperature)
    if t <= 0:
        msg = f"tempered: T = {rational_text(t)}: a temperature is positive; for greedy choice use top_k(law, 1)"
        raise LawError(msg)
    if t == 1:
        return law
    weights = [_power(w, 1 / t, x) for x, w in zip(law.outcomes, law.weights, strict=True)]
    return _in_context(law, Law.weighted(law.outcomes, weights))


def top_k(law: Law[T], k: int, *, ties: Literal["first", "all"] = "first") -> Law[T]:
    """Return the law given its ``k`` most likely outcomes.

    ``ties``: where the last of them ties with others, ``"first"`` keeps those that the law lists first, ``"all"`` all.

    >>> import reference as ref
    >>> top_k(ref.Law.of({"a": "2/5", "b": "3/10", "c": "1/5", "d": "1/10"}), 2)
    Law({'a': 4/7, 'b': 3/7})

    Raises:
        LawError: unless ``k >= 1`` is an integer.
    """
    if type(k) is not int or k < 1:
        msg = f"top_k: k = {k!r:.60}: at least one outcome must be left"
        raise LawError(msg)
    order = descending(law)
    if k >= len(order):
        return law
    kept = order[:k]
    if ties == "all":
        least = law.weights[order[k - 1]]
        kept += [i for i in order[k:] if law.weights[i] == least]
    return _kept(law, kept)


def top_p(law: Law[T], p: RationalLike) -> Law[T]:
    """Return the law given its nucleus: the fewest most likely outcomes with a mass of at least ``p`` together.

    >>> import reference as ref
    >>> law = ref.Law.of({"a": "2/5", "b": "3/10", "c": "1/5", "d": "1/10"})
    >>> top_p(law, "7/10"), top_p(law, "0.75")
    (Law({'a': 4/7, 'b': 3/7}), Law({'a': 4/9, 'b': 1/3, 'c': 2/9}))

    Raises:
        LawError: unless ``0 < p <= 1``.
    """
    share = _share("top_p", p)
    if share == 1:
        return law
    order = descending(law)
    return _kept(law, order[: _nucleus([law.weights[i] for i in order], law.total, share)])


def min_p(law: Law[T], p: RationalLike) -> Law[T]:
    """Return the law given the outcomes whose mass is at least ``p`` times the largest.

    >>> import reference as ref
    >>> min_p(ref.Law.of({"a": "1/2", "b": "1/4", "c": "1/4"}), "1/2") == ref.Law.of(
    ...     {"a": "1/2", "b": "1/4", "c": "1/4"}
    ... )
    True

    Raises:
        LawError: unless ``0 < p <= 1``.
    """
    share = _share("min_p", p)
    largest = law.weights[descending(law)[0]]
    least = largest * int(share.p)
    kept = [i for i, w in enumerate(law.weights) if _compare(w * int(share.q), least) >= 0]
    return _kept(law, kept)


def masked(law: Law[T], allowed: Iterable[T]) -> Law[T]:
    """Return the law given that the outcome is one of those allowed.

    >>> import reference as ref
    >>> masked(ref.Law.uniform("abcd"), "ad")
    Law({'a': 1/2, 'd': 1/2})

    Raises:
        LawError: if nothing is allowed, or something without mass (``law.given(lambda y: y in allowed)`` takes any).
    """
    chosen = set(allowed)
    if not chosen:
        msg = "masked: the mask leaves no outcome"
        raise LawError(msg)
    strange = chosen.difference(law.outcomes)
    if strange:
        first = min(map(repr, strange))
        msg = f"masked: {first:.60} is allowed, but has no mass; leave it out, or use law.given(lambda y: y in allowed)"
        raise LawError(msg)
    return _kept(law, [i for i, x in enumerate(law.outcomes) if x in chosen])


def residual(target: Law[T], draft: Law[T]) -> Law[T]:
    """Return the law proportional to ``max(target - draft, 0)``: what speculative decoding draws after a rejection.

    >>> import reference as ref
    >>> residual(ref.Law.of({"a": "1/2", "b": "1/3", "c": "1/6"}), ref.Law.of({"a": "1/4", "c": "3/4"}))
    Law({'a': 3/7, 'b': 4/7})

    Raises:
        LawError: if the laws are equal, so that nothing is left.
    """
    theirs = dict(zip(draft.outcomes, draft.weights, strict=True))
    _, (p, q) = common_multiple([Factored().times(target.total), Factored().times(draft.total)])
    gains = [w * p - theirs.get(x, 0) * q for x, w in zip(target.outcomes, target.weights, strict=True)]
    if not any(gain > 0 for gain in gains):
        msg = "residual: the laws are equal, nothing is left"
        raise LawError(msg)
    return _in_context(target, Law.weighted(target.outcomes, [max(0, gain) for gain in gains]))


def descending(law: Law[T]) -> list[int]:
    """Return the places of the outcomes by falling mass, equal ones in the order of the law."""
    weights = law.weights

    def later(i: int, j: int) -> int:
        return _compare(weights[j], weights[i])

    return sorted(range(len(weights)), key=cmp_to_key(later))


def _kept(law: Law[T], places: Iterable[int]) -> Law[T]:
    chosen = {law.outcomes[i] for i in places}
    return _in_context(law, law.given(chosen.__contains__))


def _in_context(law: Law[T], new: Law[T]) -> Law[T]:
    """Return the new law with the names of the old one's outcomes, if it had any."""
    return cast("Law[T]", law.renamed(cast("Law[int]", new))) if isinstance(law, NamedLaw) else new


def _power(weight: Weight, power: fmpq, outcome: object) -> Weight:
    """Return a weight to a positive rational power."""
    try:
        return _raised(weight, power)
    except (BadNumber, Undecided) as error:
        msg = f"tempered: the mass of {outcome!r:.60} to the power {_short(power)}: {error!s:.200}"
        raise LawError(msg) from None


def _raised(weight: Weight, power: fmpq) -> Weight:
    n = int(power.p) if power.q == 1 else None
    if isinstance(weight, int):
        if ceiling(power) * weight.bit_length() > MAX_POWER_BITS:
            msg = f"a weight of {weight.bit_length()} bits is too long for it"
            raise BadNumber(msg)
        return exp(log(weight) * power) if n is None else weight**n
    if weight.number_of_terms == 1:
        ((coefficient, exponent),) = weight.terms()
        if n is None:
            return exp((log(coefficient) + exponent) * power)
        if max(coefficient.p.bit_length(), coefficient.q.bit_length()) * n > MAX_POWER_BITS:
            msg = "its coefficient is too long for it"
            raise BadNumber(msg)
        return exp(exponent * n) * coefficient**n
    if n is None:
        msg = f"a sum of {weight.number_of_terms} exponentials has integer powers only"
        raise BadNumber(msg)
    with product_cap(MAX_POWER_BITS):
        return weight**n


def _short(number: fmpq) -> str:
    text = rational_text(number)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _share(what: str, p: RationalLike) -> fmpq:
    share = rational(p)
    if not 0 < share <= 1:
        msg = f"{what}: p = {rational_text(share)}: needs 0 < p <= 1, or nothing or all would be left"
        raise LawError(msg)
    return share


def _nucleus(weights: Sequence[Weight], total: Weight, share: fmpq) -> int:
    """Return how many of the weights, in this order, are at least ``share`` of the total together."""
    wanted = total * int(share.p)
    with workprec(_BITS):
        sums = list(accumulate(_ball(w) for w in weights))
        aim = _ball(wanted) / int(share.q)
        for i, s in enumerate(sums):
            if s < aim:
                continue
            if s >= aim or _compare(balanced_sum(weights[: i + 1], 0) * int(share.q), wanted) >= 0:
                return i + 1
    return len(weights)


def _compare(left: Weight, right: Weight) -> int:
    """Return -1, 0 or 1: by integers, else by enclosures, and exactly where these overlap."""
    if isinstance(left, int) and isinstance(right, int):
        return (left > right) - (left < right)
    a, b = _ball(left), _ball(right)
    if a > b or a < b:
        return 1 if a > b else -1
    difference = left - right
    return difference.sign() if isinstance(difference, ExpSum) else (difference > 0) - (difference < 0)


def _ball(weight: Weight) -> arb:
    return arb(weight) if isinstance(weight, int) else weight.enclosure(_BITS)
