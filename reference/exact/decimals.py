"""Decimals for people: correctly rounded, and marked when rounded."""

from dataclasses import dataclass

from flint import arb, ctx, fmpq, fmpz

from reference.exact.number import DECIDABLE_CAP, refine, refine_floor
from reference.exact.rational_numbers import floor as rational_floor
from reference.exact.reals import Number, Real, real

POSITIONAL = range(-6, 16)
"""Decimal exponents written without an ``e``."""

MAX_DIGITS = 10_000
"""More digits are refused."""


@dataclass(frozen=True, slots=True)
class Decimal:
    """A decimal numeral: ``text``, and whether it is the number itself (``exact``) or rounded to nearest."""

    text: str
    exact: bool

    def __str__(self) -> str:
        return self.text if self.exact else f"≈{self.text}"


def to_decimal(value: Number, digits: int = 6) -> Decimal:
    """Return ``value`` to ``digits`` significant digits, rounded to nearest, ties to even.

    >>> import reference as ref
    >>> print(ref.to_decimal(ref.log(2), 12), ref.to_decimal(ref.rational("1/4")))
    ≈0.693147180560 0.25

    Raises:
        Undecided: for a real whose digits the enclosures do not settle up to the precision cap.
        ValueError: if ``digits`` is not between 1 and :data:`MAX_DIGITS`.
    """
    if not 1 <= digits <= MAX_DIGITS:
        msg = f"digits = {digits}: between 1 and {MAX_DIGITS} digits can be asked for"
        raise ValueError(msg)
    number = real(value)
    exact = number.exact
    # The number is rational only if it is an fmpq here: .exact goes as low in the tower as it can.
    rational = exact if isinstance(exact, fmpq) else None
    if rational == 0:
        return Decimal("0", exact=True)
    sign = number.sign()
    if rational is None:
        nearest, exponent = _nearest_to_irrational(number, sign, digits, decidable=exact is not None)
        return Decimal(_numeral(sign, nearest, exponent, digits, exact=False), exact=False)
    exponent = _exponent_of_rational(abs(rational))
    scaled = abs(rational) * fmpq(10) ** (digits - 1 - exponent)
    nearest = rational_floor(scaled + fmpq(1, 2))
    if nearest - scaled == fmpq(1, 2) and nearest % 2:
        nearest -= 1
    is_exact = scaled == nearest
    return Decimal(_numeral(sign, nearest, exponent, digits, exact=is_exact), exact=is_exact)


def _exponent_of_rational(size: fmpq) -> int:
    """Return ``floor(log10(size))``."""
    guess = len(str(size.p)) - len(str(size.q))
    return guess if size >= fmpq(10) ** guess else guess - 1


def _nearest_to_irrational(number: Real, sign: int, digits: int, *, decidable: bool) -> tuple[int, int]:
    """Return ``n`` and ``e`` with ``n 10^(e + 1 - digits)`` nearest to ``abs(number)`` and ``n`` of ``digits`` digits.

    ``n`` may also be the next power of ten.
    """

    def answer(prec: int) -> int | None:
        ball = number.enclosure(prec)
        if ball.contains(0):
            return None
        with ctx.workprec(prec):  # abs() rounds, too
            logarithm = abs(ball).log() / arb(10).log()
            low, high = (end.floor().unique_fmpz() for end in (logarithm.lower(), logarithm.upper()))
        return None if low is None or high is None or high - low > 1 else int(low)

    cap = DECIDABLE_CAP if decidable else None
    exponent = refine(answer, question=lambda: f"the size of {number!s:.200}", cap=cap)
    while True:
        # An irrational number is never half-way: floor(x + 1/2) is its nearest integer.
        scale = sign * fmpq(10) ** (digits - 1 - exponent)
        nearest = refine_floor(number, scale, fmpq(1, 2), decidable=decidable)
        if nearest <= 10**digits:
            return nearest, exponent
        exponent += 1  # close to a power of ten the exponent was only known up to one


def _numeral(sign: int, nearest: int, exponent: int, digits: int, *, exact: bool) -> str:
    text = str(fmpz(nearest))
    if len(text) > digits:  # rounding carried into a new digit
        text, exponent = text[:-1], exponent + 1
    if exact:  # the zeros of a rounded numeral are digits that are known; those of an exact one say nothing
        text = text.rstrip("0")
    head = "-" if sign < 0 else ""
    if exponent not in POSITIONAL or (not exact and exponent >= digits):  # no zeros that are not known
        return f"{head}{text[0]}{'.' if text[1:] else ''}{text[1:]}e{exponent}"
    if exponent < 0:
        return f"{head}0.{'0' * (-exponent - 1)}{text}"
    whole, fraction = text[: exponent + 1].ljust(exponent + 1, "0"), text[exponent + 1 :]
    return f"{head}{whole}{'.' if fraction else ''}{fraction}"
