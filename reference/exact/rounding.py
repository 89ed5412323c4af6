"""Rounding, as a step with a name: the only one on an exact path, and only where an algorithm's listing says so."""

from flint import arb, fmpq

from reference.exact.number import ExactNumber, refine
from reference.exact.precision import workprec


def dyadic(value: ExactNumber, bits: int) -> fmpq:
    """Return a multiple of ``2^-bits`` within ``2^-bits`` of ``value``; which one, where two are, is up to enclosures.

    Raises:
        ValueError: if ``bits`` is negative.
        Undecided: if no enclosure up to the precision cap is narrow enough.
    """
    if bits < 0:
        msg = f"bits = {bits}: the precision to round to is at least 0 binary digits"
        raise ValueError(msg)

    def answer(prec: int) -> fmpq | None:
        ball = value.enclosure(prec)
        with workprec(prec):
            scaled = ball * arb(2) ** bits
            nearest = (scaled.mid() + arb("0.5")).floor().unique_fmpz()
            return fmpq(nearest, 1 << bits) if nearest is not None and abs(scaled - nearest) <= 1 else None

    return refine(answer, question=lambda: f"{value!s:.200} to {bits} binary digits")
