"""The law of a sum of independent draws, from how often each value is drawn; the quick form is in :mod:`.fast.sums`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flint import arb, arb_poly, fmpq, fmpq_poly

from reference.exact.expratio import exp_ratio
from reference.exact.expsum import ExpSum
from reference.exact.law import Mass

F = TypeVar("F", fmpq, arb)


@dataclass(frozen=True, slots=True)
class Field(Generic[F]):
    """Numbers to compute with: ``of`` makes one of an exact number, ``power`` raises a polynomial to a power.

    What has a ``negligible`` probability may be left out, if then something ``up_to`` its share is added.
    """

    of: Callable[[Mass | ExpSum], F]
    at_most_1: Callable[[F], F]
    power: Callable[[Sequence[F], int], Sequence[F]]
    negligible: Callable[[F], bool]
    up_to: Callable[[F], F]


RATIONALS = Field(
    lambda value: exp_ratio(value).as_rational(),
    lambda value: min(value, fmpq(1)),
    lambda polynomial, N: (fmpq_poly(list(polynomial)) ** N).coeffs(),
    lambda _: False,
    lambda nothing: nothing,
)
"""For exact laws."""


def balls(prec: int) -> Field[arb]:
    """Return balls of this precision."""
    zero, one, small = arb(0), arb(1), arb(2) ** (-2 * prec)
    return Field(
        lambda value: exp_ratio(value).enclosure(prec),
        one.min,
        lambda polynomial, N: _power_of_law(polynomial, N, prec),
        lambda probability: bool(abs(probability) < small),
        zero.union,
    )


def _power_of_law(masses: Sequence[arb], N: int, prec: int) -> list[arb]:
    """Return the coefficients of the ``N``-th power of a polynomial whose coefficients are the masses of a law.

    Nearly all of them are below any precision.  FLINT multiplies numbers of very different sizes in blocks, a product
    of many blocks for each pair; so what is known to be that small becomes a ball around 0.
    """
    match masses:
        case [a, b] if a > 0 and b > 0:
            return _binomial_law(a, b, N, prec)
    small = arb(2) ** (-2 * prec - 64)
    law = arb_poly(list(masses))
    power = law
    for bit in f"{N:b}"[1:]:
        power = power * power * law if bit == "1" else power * power
        small *= 4  # errors double in a square: what was put around 0 stays there
        about_0 = arb(0, small)
        power = arb_poly([about_0 if mass < small and not mass.is_zero() else mass for mass in power.coeffs()])
    return power.coeffs()


def _binomial_law(a: arb, b: arb, N: int, prec: int) -> list[arb]:
    """Return ``C(N,k) a^(N-k) b^k`` for ``k = 0..N``, by their ratios from near the largest on.

    The ratios decrease.  So beyond one that is less than 1 nothing grows again, and where what it led to is small
    already the rest is known well enough.
    """
    small = arb(2) ** (-2 * prec - 64)
    found = [arb(0, small)] * (N + 1)
    near = (b.mid() * (N + 1)).floor().unique_fmpz()
    k = top = 0 if near is None else min(N, int(near))
    mass = found[k] = arb.bin_uiui(N, k) * a ** (N - k) * b**k
    up, down = b / a, a / b
    while k < N:
        before, k = mass, k + 1
        mass = found[k] = mass * (up * (N - k + 1) / k)
        if mass < small and mass < before:
            break
    k, mass = top, found[top]
    while k > 0:
        before, k = mass, k - 1
        mass = found[k] = mass * (down * (k + 1) / (N - k))
        if mass < small and mass < before:
            break
    return found


def sums_by_counts(base: Sequence[Mass], w: Sequence[ExpSum], N: int, field: Field[F]) -> Iterator[tuple[F, F]]:
    """Yield the sums of ``N`` draws of values ``w`` with probabilities ``base``: how probable, and the sum.

    There is one for each way to split the draws among the values; different ways may have the same sum.
    """
    rows = [(_powers(field.of(b), N), _multiples(field.of(value), N)) for b, value in zip(base, w, strict=True)]
    split: Iterator[tuple[int, F, F]] = iter([(N, rows[0][0][0], rows[0][1][0])])
    for powers, multiples in rows[:-1]:
        split = _with_next(split, powers, multiples)
    powers, multiples = rows[-1]  # the last value has all draws that are left
    return ((probability * powers[left], total + multiples[left]) for left, probability, total in split)


def _with_next(split: Iterator[tuple[int, F, F]], powers: list[F], multiples: list[F]) -> Iterator[tuple[int, F, F]]:
    """Give each number of the draws left to the next value: the draws then left, how probable in any order, the sum."""
    for left, probability, total in split:
        choose = 1
        for n in range(left + 1):
            yield left - n, probability * (powers[n] * choose), total + multiples[n]
            choose = choose * (left - n) // (n + 1)


def _powers(b: F, N: int) -> list[F]:
    row = [b**0]
    for _ in range(N):
        row.append(row[-1] * b)
    return row


def _multiples(value: F, N: int) -> list[F]:
    return [value * n for n in range(N + 1)]
