"""The exact law of SoftmaxSampler, without enumerating paths.

``Zhat`` depends on the first ``N`` draws only through how often each value of ``f`` was drawn.  Given those counts,
a trial accepts ``y`` with probability ``a_y = min(1, w_y / (Zhat M))``, ``w = exp(f/beta)``, hence some ``y`` with
``a = sum pi_ref(y) a_y``, and the law of the result is ``pi_ref(y) (a_y (1 - (1-a)^N)/a + (1-a)^N)``.  The sum over
the counts, with multinomial weights, is the law: exact over Q where ``w`` is rational up to a common factor, and
enclosed by balls in any case.  The number of queries is ``N + t`` if trial ``t`` is the first to accept, which it is
with probability ``(1-a)^(t-1) a``, and ``2N + 1`` if none does.  Source: ours.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from math import comb
from typing import TypeVar

from flint import arb, fmpq

from reference.exact.expratio import exp_ratio
from reference.exact.expsum import ExpSum, exp
from reference.exact.fast.weights import balanced_sum
from reference.exact.law import Law
from reference.exact.log_linear import LogLinear
from reference.exact.plain import cached
from reference.exact.precision import workprec
from reference.exact.rational_numbers import RationalLike, rational, rational_text
from reference.exact.reals import Real, enclosed

MAX_COUNTS = 1_000_000
"""More count vectors than this are refused."""


class TooManyCounts(ValueError):
    """The law needs more count vectors than :data:`MAX_COUNTS`."""


def softmax_sampler_law(
    pi_ref: Law[int], f: Callable[[int], LogLinear], beta: fmpq, M: RationalLike, N: int
) -> Law[int]:
    """Return the law of SoftmaxSampler's response over Q, for hundreds of draws.

    ``pi_ref``: rational base law at the prompt.  ``f``: values by response, in units of reward.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.softmax_sampler_law(p.pi_ref("x"), lambda y: p.reward(0, y), p.beta, M=3, N=2)
    Law({0: 2059/3456, 1: 1397/3456})

    Raises:
        ValueError: if ``exp(f/beta)`` is not rational up to a common factor: use :func:`softmax_sampler_masses`; unless
            ``M > 0`` and ``N >= 1``.
        TooManyCounts: if ``f`` takes so many values that the counts cannot be listed.
    """
    bound = _checked(M, N)
    classes = _Classes.of(pi_ref, f, beta, N)
    factors = _factors(classes.base, classes.over_q("softmax_sampler_masses"), bound, N, lambda x: min(x, fmpq(1)))
    return Law.of((y, mass * factors[i]) for y, mass, i in classes.members)


def softmax_sampler_masses(
    pi_ref: Law[int], f: Callable[[int], LogLinear], beta: fmpq, M: RationalLike, N: int
) -> dict[int, Real]:
    """Return the masses of SoftmaxSampler's response as enclosed reals, for thousands of draws and any ``f``.

    Raises:
        ValueError, TooManyCounts: as :func:`softmax_sampler_law`.
    """
    bound = _checked(M, N)
    classes = _Classes.of(pi_ref, f, beta, N)
    setting = classes.base, classes.w, bound, N
    return {y: enclosed(_factor_ball, *setting, i) * mass for y, mass, i in classes.members}


def softmax_sampler_joint_law(
    pi_ref: Law[int], f: Callable[[int], LogLinear], beta: fmpq, M: RationalLike, N: int
) -> Law[tuple[int, int]]:
    """Return the law of SoftmaxSampler's response together with the number of its weak queries, over Q.

    What hardly shows in the response shows here: a sampler with ``N - 1`` for ``N``, another ``Zhat`` or another ``M``.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> joint = ref.softmax_sampler_joint_law(p.pi_ref("x"), lambda y: p.reward(0, y), p.beta, M=3, N=2)
    >>> joint.map(lambda pair: pair[1])
    Law({3: 17/48, 4: 127/576, 5: 245/576})

    Raises:
        ValueError, TooManyCounts: as :func:`softmax_sampler_law`; for irrational weights there is
            :func:`softmax_sampler_query_masses`.
    """
    bound = _checked(M, N)
    classes = _Classes.of(pi_ref, f, beta, N)
    values = classes.over_q("softmax_sampler_query_masses")
    terms: dict[tuple[int, int], list[fmpq]] = {}
    for probability, accept, some in _chances(classes.base, values, bound, N, lambda x: min(x, fmpq(1))):
        waiting = probability
        for t in range(1, N + 1):
            for i, k in enumerate(accept):
                terms.setdefault((i, N + t), []).append(waiting * k)
            waiting *= 1 - some
        for i in range(len(accept)):
            terms.setdefault((i, 2 * N + 1), []).append(waiting)
    factors = {place: balanced_sum(term, fmpq(0)) for place, term in terms.items()}
    return Law.of(
        ((y, queries), mass * factors[i, queries])
        for y, mass, i in classes.members
        for queries in range(N + 1, 2 * N + 2)
    )


def softmax_sampler_query_masses(
    pi_ref: Law[int], f: Callable[[int], LogLinear], beta: fmpq, M: RationalLike, N: int
) -> dict[int, Real]:
    """Return the masses of the number of SoftmaxSampler's weak queries as enclosed reals, for any ``f``.

    Raises:
        ValueError, TooManyCounts: as :func:`softmax_sampler_law`.
    """
    bound = _checked(M, N)
    classes = _Classes.of(pi_ref, f, beta, N)
    setting = classes.base, classes.w, bound, N
    return {N + t: enclosed(_waiting_ball, *setting, t) for t in range(1, N + 2)}


def _checked(M: RationalLike, N: int) -> fmpq:
    bound = rational(M)
    if bound <= 0 or N < 1:
        msg = f"M = {rational_text(bound)}, N = {N}: needs M > 0 and N >= 1"
        raise ValueError(msg)
    return bound


@dataclass(frozen=True, slots=True)
class _Classes:
    """Responses grouped by their value of ``f``; ``w`` is ``exp(f/beta)`` relative to the first group."""

    base: tuple[fmpq, ...]
    w: tuple[ExpSum, ...]
    members: tuple[tuple[int, fmpq, int], ...]

    @staticmethod
    def of(pi_ref: Law[int], f: Callable[[int], LogLinear], beta: fmpq, N: int) -> "_Classes":
        groups: dict[LogLinear, int] = {}
        members = []
        for y, mass in pi_ref.items():
            members.append((y, exp_ratio(mass).as_rational(), groups.setdefault(f(y), len(groups))))
        if comb(N + len(groups) - 1, N) > MAX_COUNTS:
            msg = f"{len(groups)} values of f and N = {N} give more than {MAX_COUNTS} count vectors; use fewer draws"
            raise TooManyCounts(msg)
        base = [sum((mass for _, mass, j in members if j == i), fmpq(0)) for i in range(len(groups))]
        first = next(iter(groups))
        return _Classes(tuple(base), tuple(exp((v - first) / beta) for v in groups), tuple(members))

    def over_q(self, instead: str) -> list[fmpq]:
        """Return ``w`` if it is rational; the error names what takes others."""
        if not all(w.is_rational for w in self.w):
            msg = f"exp(f/beta) is irrational, so the law is not one over Q; use {instead}"
            raise ValueError(msg)
        return [w.as_rational() for w in self.w]


F = TypeVar("F", fmpq, arb)


def _factors(base: Sequence[F], w: Sequence[F], M: F, N: int, least: Callable[[F], F]) -> list[F]:
    """Return ``P(response in class) / pi_ref(class)`` for each class, by summing over the counts of line 2."""
    terms: list[list[F]] = [[] for _ in w]
    for probability, accept, some in _chances(base, w, M, N, least):
        none_of_all = (1 - some) ** N
        once = (1 - none_of_all) / some
        for term, k in zip(terms, accept, strict=True):
            term.append(probability * (k * once + none_of_all))
    return [balanced_sum(term, base[0] * 0) for term in terms]  # long rationals are met only near the root


def _chances(
    base: Sequence[F], w: Sequence[F], M: F, N: int, least: Callable[[F], F]
) -> Iterator[tuple[F, list[F], F]]:
    """Yield for all counts of line 2 their probability, how probably a trial accepts each class, and any of them.

    ``base``: probabilities of the classes.  ``w``: their values of ``exp(f/beta)``.  ``least(x) = min(1, x)``.
    """
    powers = [_powers(b, N) for b in base]
    for ways, counts in _counts(N, len(w)):
        probability, z_hat = base[0] * 0 + ways, base[0] * 0
        for row, value, n in zip(powers, w, counts, strict=True):
            probability, z_hat = probability * row[n], z_hat + value * n
        accept = [least(value * N / (z_hat * M)) for value in w]
        yield probability, accept, reduce(lambda a, b: a + b, (b * k for b, k in zip(base, accept, strict=True)))


@cached(64)
def _factor_balls(prec: int, base: tuple[fmpq, ...], w: tuple[ExpSum, ...], M: fmpq, N: int) -> tuple[arb, ...]:
    balls = [ratio.enclosure(prec) for ratio in w]
    with workprec(prec):
        return tuple(_factors([arb(b) for b in base], balls, arb(M), N, lambda x: x.min(arb(1))))


def _factor_ball(prec: int, base: tuple[fmpq, ...], w: tuple[ExpSum, ...], M: fmpq, N: int, i: int) -> arb:
    return _factor_balls(prec, base, w, M, N)[i]


@cached(64)
def _waiting_balls(prec: int, base: tuple[fmpq, ...], w: tuple[ExpSum, ...], M: fmpq, N: int) -> tuple[arb, ...]:
    balls = [ratio.enclosure(prec) for ratio in w]
    with workprec(prec):
        masses = [arb(0)] * (N + 1)
        for probability, _, some in _chances([arb(b) for b in base], balls, arb(M), N, lambda x: x.min(arb(1))):
            waiting = probability
            for t in range(N):
                masses[t] += waiting * some
                waiting *= 1 - some
            masses[N] += waiting
        return tuple(masses)


def _waiting_ball(prec: int, base: tuple[fmpq, ...], w: tuple[ExpSum, ...], M: fmpq, N: int, t: int) -> arb:
    return _waiting_balls(prec, base, w, M, N)[t - 1]


def _powers(b: F, N: int) -> list[F]:
    row = [b**0]
    for _ in range(N):
        row.append(row[-1] * b)
    return row


def _counts(N: int, k: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield every way to split ``N`` draws among ``k`` classes, with its multinomial coefficient."""
    if k == 1:
        yield 1, (N,)
        return
    choose = 1
    for n in range(N + 1):
        for ways, rest in _counts(N - n, k - 1):
            yield choose * ways, (n, *rest)
        choose = choose * (N - n) // (n + 1)
