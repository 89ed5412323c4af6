"""The exact law of SoftmaxSampler, without enumerating paths.

``N Zhat`` is a sum of ``N`` independent draws.  Its law comes from how often each value is drawn or, where the values
lie on a lattice, from one power of a polynomial (:mod:`reference.laws.fast.sums`).  Given ``Zhat``, a trial accepts
``y`` with probability ``a_y = min(1, w_y / (Zhat M))``, ``w = exp(f/beta)``, hence some ``y`` with
``a = sum pi_ref(y) a_y``, and the law of the result is ``pi_ref(y) (a_y (1 - (1-a)^N)/a + (1-a)^N)``.  The sum over
the values of ``Zhat``, with their probabilities, is the law: exact over Q where ``w`` is rational up to a common
factor, and enclosed by balls in any case.  The number of queries is ``N + t`` if trial ``t`` is the first to accept,
which it is with probability ``(1-a)^(t-1) a``, and ``2N + 1`` if none does.  Source: ours.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from flint import arb, fmpq

from reference.exact.expratio import exp_ratio, ratio_total
from reference.exact.expsum import ExpSum, exp
from reference.exact.fast.weights import balanced_sum
from reference.exact.law import Law, Mass
from reference.exact.log_linear import LogLinear
from reference.exact.plain import cached
from reference.exact.precision import workprec
from reference.exact.rational_numbers import RationalLike, rational, rational_text
from reference.exact.reals import Real, enclosed
from reference.laws.counts import RATIONALS, F, Field, balls
from reference.laws.fast.sums import bits_of_sums, number_of_sums, sums_of_draws
from reference.model.forms import lowered

MAX_COUNTS = 1_000_000
"""More values of ``Zhat`` than this are refused: with balls they take half a minute."""

MAX_BITS = 4_000_000
"""Denominators longer than this are refused in an exact law, and ``N`` times as long ones, all together, in a joint
law: half a minute, a minute."""


MAX_TRIALS = 40_000_000
"""More trials, ``N`` for each value of ``Zhat``, are refused where queries are counted in balls: half a minute."""


class TooManyCounts(ValueError):
    """The law needs too many values of ``Zhat``; the message names the number of draws that works."""


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
        ValueError: if ``exp(f/beta)``, up to a common factor, or ``pi_ref`` is not rational: use
            :func:`softmax_sampler_masses`; unless ``M > 0`` and ``N >= 1``.
        TooManyCounts: if ``f`` takes so many values that the counts cannot be listed.
    """
    bound = _checked(M, N)
    classes = _Classes.of(pi_ref, f, beta, N).over_q("softmax_sampler_masses")
    _check(classes.w, N, bits_of_sums, MAX_BITS, "bits in its denominators")
    factors = _factors(classes.base, classes.w, bound, N, RATIONALS)
    return Law.of((y, mass * factors[i]) for y, mass, i in classes.members)


def softmax_sampler_masses(
    pi_ref: Law[int], f: Callable[[int], LogLinear], beta: fmpq, M: RationalLike, N: int
) -> dict[int, Real]:
    """Return the masses of SoftmaxSampler's response as enclosed reals: thousands of draws, any ``f``, any base law.

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
    classes = _Classes.of(pi_ref, f, beta, N).over_q("softmax_sampler_query_masses")
    _check(classes.w, N, lambda w, n: bits_of_sums(w, n) * n, 10 * MAX_BITS, "bits in all denominators together")
    terms: dict[tuple[int, int], list[fmpq]] = {}
    for probability, accept, some in _chances(classes.base, classes.w, bound, N, RATIONALS, []):
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
    """Return the masses of the number of SoftmaxSampler's weak queries as enclosed reals, for any ``f`` and base law.

    Raises:
        ValueError, TooManyCounts: as :func:`softmax_sampler_law`.
    """
    bound = _checked(M, N)
    classes = _Classes.of(pi_ref, f, beta, N)
    _check(classes.w, N, lambda w, n: number_of_sums(w, n) * n, MAX_TRIALS, "trials over all values of Zhat")
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

    base: tuple[Mass, ...]
    w: tuple[ExpSum, ...]
    members: tuple[tuple[int, Mass, int], ...]

    @staticmethod
    def of(pi_ref: Law[int], f: Callable[[int], LogLinear], beta: fmpq, N: int) -> "_Classes":
        groups: dict[LogLinear, int] = {}
        members = []
        for y, mass in pi_ref.items():
            members.append((y, mass, groups.setdefault(f(y), len(groups))))
        base = [_sum([mass for _, mass, j in members if j == i]) for i in range(len(groups))]
        first = next(iter(groups))
        w = tuple(exp((v - first) / beta) for v in groups)
        _check(w, N, number_of_sums, MAX_COUNTS, "values of Zhat")
        return _Classes(tuple(base), w, tuple(members))

    def over_q(self, instead: str) -> "_Classes":
        """Return the same if ``base`` and ``w`` are rational; the error names what takes others."""
        for what, rational_ones in (
            ("exp(f/beta)", all(w.is_rational for w in self.w)),
            ("pi_ref", all(isinstance(mass, fmpq) for _, mass, _ in self.members)),
        ):
            if not rational_ones:
                msg = f"{what} is irrational, so the law is not one over Q; use {instead}"
                raise ValueError(msg)
        return self


def _sum(masses: Sequence[Mass]) -> Mass:
    rationals = [mass for mass in masses if isinstance(mass, fmpq)]
    if len(rationals) == len(masses):
        return sum(rationals, fmpq(0))
    return lowered(ratio_total(map(exp_ratio, masses)))


def _check(w: Sequence[ExpSum], N: int, size: Callable[[Sequence[ExpSum], int], int], most: int, what: str) -> None:
    """Raise TooManyCounts if a size that grows with ``N`` is too large."""
    if size(w, N) <= most:
        return
    enough, too_many = 0, N
    while too_many - enough > 1:
        middle = (enough + too_many) // 2
        enough, too_many = (middle, too_many) if size(w, middle) <= most else (enough, middle)
    works = f"use fewer draws: N = {enough} works" if enough else "no N works: use values of f of smaller size"
    msg = f"{len(w)} values of f and N = {N} give more than {most} {what}; {works}"
    raise TooManyCounts(msg)


def _factors(base: Sequence[Mass], w: Sequence[ExpSum], M: F, N: int, field: Field[F]) -> list[F]:
    """Return ``P(response in class) / pi_ref(class)`` for each class, by summing over the values of line 2."""
    terms: list[list[F]] = [[] for _ in w]
    rest: list[F] = []
    for probability, accept, some in _chances(base, w, M, N, field, rest):
        none_of_all = (1 - some) ** N
        once = (1 - none_of_all) / some
        for term, k in zip(terms, accept, strict=True):
            term.append(probability * (k * once + none_of_all))
    unknown = field.up_to(sum(rest, M * 0) * (N + 1))  # each summand is at most N + 1 times its probability
    return [unknown + balanced_sum(term, M * 0) for term in terms]  # long rationals are met only near the root


def _chances(
    base: Sequence[Mass], w: Sequence[ExpSum], M: F, N: int, field: Field[F], rest: list[F]
) -> Iterator[tuple[F, list[F], F]]:
    """Yield for all values of line 2 their probability, how probably a trial accepts each class, and any of them.

    The probabilities of values that are left out, as their share cannot matter, are added to ``rest``.
    """
    masses, values = [field.of(b) for b in base], [field.of(value) * N / M for value in w]
    sums: Iterator[tuple[F, F]] = sums_of_draws(base, w, N, field)  # type: ignore[arg-type, assignment]  # decorated
    for probability, z_hat in sums:
        if field.negligible(probability):
            rest.append(probability)
            continue
        accept = [field.at_most_1(value / z_hat) for value in values]
        yield probability, accept, reduce(lambda a, b: a + b, (b * k for b, k in zip(masses, accept, strict=True)))


@cached(64)
def _factor_balls(prec: int, base: tuple[Mass, ...], w: tuple[ExpSum, ...], M: fmpq, N: int) -> tuple[arb, ...]:
    with workprec(prec):
        return tuple(_factors(base, w, arb(M), N, balls(prec)))


def _factor_ball(prec: int, base: tuple[Mass, ...], w: tuple[ExpSum, ...], M: fmpq, N: int, i: int) -> arb:
    return _factor_balls(prec, base, w, M, N)[i]


@cached(64)
def _waiting_balls(prec: int, base: tuple[Mass, ...], w: tuple[ExpSum, ...], M: fmpq, N: int) -> tuple[arb, ...]:
    with workprec(prec):
        field = balls(prec)
        masses = [arb(0)] * (N + 1)
        rest: list[arb] = []
        for probability, _, some in _chances(base, w, arb(M), N, field, rest):
            waiting = probability
            for t in range(N):
                masses[t] += waiting * some
                waiting *= 1 - some
            masses[N] += waiting
        unknown = field.up_to(sum(rest, arb(0)))
        return tuple(mass + unknown for mass in masses)


def _waiting_ball(prec: int, base: tuple[Mass, ...], w: tuple[ExpSum, ...], M: fmpq, N: int, t: int) -> arb:
    return _waiting_balls(prec, base, w, M, N)[t - 1]
