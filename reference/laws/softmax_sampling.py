"""The exact law of SoftmaxSampler, without enumerating paths.

``Zhat`` depends on the first ``N`` draws only through how often each value of ``f`` was drawn.  Given those counts,
a trial accepts ``y`` with probability ``a_y = min(1, w_y / (Zhat M))``, ``w = exp(f/beta)``, hence some ``y`` with
``a = sum pi_ref(y) a_y``, and the law of the result is ``pi_ref(y) (a_y (1 - (1-a)^N)/a + (1-a)^N)``.  The sum over
the counts, with multinomial weights, is the law: exact over Q where ``w`` is rational up to a common factor, and
enclosed by balls in any case.  Source: ours.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from math import comb
from typing import TypeVar

from flint import arb, ctx, fmpq

from reference.exact.expratio import exp_ratio
from reference.exact.expsum import ExpSum, exp
from reference.exact.fast.weights import balanced_sum
from reference.exact.law import Law
from reference.exact.log_linear import LogLinear
from reference.exact.plain import cached
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
    if not all(w.is_rational for w in classes.w):
        msg = "exp(f/beta) is irrational, so the law is not one over Q; use softmax_sampler_masses"
        raise ValueError(msg)
    factors = _factors(classes.base, [w.as_rational() for w in classes.w], bound, N, lambda x: min(x, fmpq(1)))
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


F = TypeVar("F", fmpq, arb)


def _factors(base: Sequence[F], w: Sequence[F], M: F, N: int, least: Callable[[F], F]) -> list[F]:
    """Return ``P(response in class) / pi_ref(class)`` for each class, by summing over the counts of line 2.

    ``base``: probabilities of the classes.  ``w``: their values of ``exp(f/beta)``.  ``least(x) = min(1, x)``.
    """
    terms: list[list[F]] = [[] for _ in w]
    powers = [_powers(b, N) for b in base]
    for ways, counts in _counts(N, len(w)):
        probability, z_hat = base[0] * 0 + ways, base[0] * 0
        for row, value, n in zip(powers, w, counts, strict=True):
            probability, z_hat = probability * row[n], z_hat + value * n
        accept = [least(value * N / (z_hat * M)) for value in w]
        some = reduce(lambda a, b: a + b, (b * k for b, k in zip(base, accept, strict=True)))
        none_of_all = (1 - some) ** N
        once = (1 - none_of_all) / some
        for term, k in zip(terms, accept, strict=True):
            term.append(probability * (k * once + none_of_all))
    return [balanced_sum(term, base[0] * 0) for term in terms]  # long rationals are met only near the root


@cached(64)
def _factor_balls(prec: int, base: tuple[fmpq, ...], w: tuple[ExpSum, ...], M: fmpq, N: int) -> tuple[arb, ...]:
    balls = [ratio.enclosure(prec) for ratio in w]
    with ctx.workprec(prec):
        return tuple(_factors([arb(b) for b in base], balls, arb(M), N, lambda x: x.min(arb(1))))


def _factor_ball(prec: int, base: tuple[fmpq, ...], w: tuple[ExpSum, ...], M: fmpq, N: int, i: int) -> arb:
    return _factor_balls(prec, base, w, M, N)[i]


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
