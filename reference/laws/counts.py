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
    """Numbers to compute with: ``of`` makes one of an exact number, ``power`` raises a polynomial to a power."""

    of: Callable[[Mass | ExpSum], F]
    at_most_1: Callable[[F], F]
    power: Callable[[Sequence[F], int], Sequence[F]]


RATIONALS = Field(
    lambda value: exp_ratio(value).as_rational(),
    lambda value: min(value, fmpq(1)),
    lambda polynomial, N: (fmpq_poly(list(polynomial)) ** N).coeffs(),
)
"""For exact laws."""


def balls(prec: int) -> Field[arb]:
    """Return balls of this precision."""
    return Field(
        lambda value: exp_ratio(value).enclosure(prec),
        lambda value: value.min(arb(1)),
        lambda polynomial, N: _power_of_law(polynomial, N, prec),
    )


def _power_of_law(masses: Sequence[arb], N: int, prec: int) -> list[arb]:
    """Return the coefficients of the ``N``-th power of a polynomial whose coefficients are the masses of a law.

    Nearly all of them are below any precision.  FLINT multiplies numbers of very different sizes in blocks, a product
    of many blocks for each pair; so what is known to be that small becomes a ball around 0.
    """
    small = arb(2) ** (-2 * prec - 64)
    law = arb_poly(list(masses))
    power = law
    for bit in f"{N:b}"[1:]:
        power = power * power * law if bit == "1" else power * power
        small *= 4  # errors double in a square: what was put around 0 stays there
        about_0 = arb(0, small)
        power = arb_poly([about_0 if mass < small and not mass.is_zero() else mass for mass in power.coeffs()])
    return power.coeffs()


def sums_by_counts(base: Sequence[Mass], w: Sequence[ExpSum], N: int, field: Field[F]) -> Iterator[tuple[F, F]]:
    """Yield the sums of ``N`` draws of values ``w`` with probabilities ``base``: how probable, and the sum.

    There is one for each way to split the draws among the values; different ways may have the same sum.
    """
    powers, values = [_powers(field.of(b), N) for b in base], [field.of(value) for value in w]
    zero = powers[0][0] * 0
    for ways, counts in _counts(N, len(w)):
        probability, total = zero + ways, zero
        for row, value, n in zip(powers, values, counts, strict=True):
            probability, total = probability * row[n], total + value * n
        yield probability, total


def _powers(b: F, N: int) -> list[F]:
    row = [b**0]
    for _ in range(N):
        row.append(row[-1] * b)
    return row


def _counts(N: int, k: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield every way to split ``N`` draws among ``k`` values, with its multinomial coefficient."""
    if k == 1:
        yield 1, (N,)
        return
    choose = 1
    for n in range(N + 1):
        for ways, rest in _counts(N - n, k - 1):
            yield choose * ways, (n, *rest)
        choose = choose * (N - n) // (n + 1)
