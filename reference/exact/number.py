"""What all numbers of the tower share: order by the sign of a difference, and refinement of enclosures.

A number is known through *enclosures*: ``enclosure(prec)`` is a ball (``flint.arb``) that contains it, computed with
``prec`` bits.  :func:`refine` doubles the precision until a question about the number is answered.  The answer is
never guessed: if the precision cap is reached first, :class:`Undecided` is raised and names the cap.

FLINT's working precision is one global of the process; :mod:`reference.exact.precision` lets one thread at a time set
it, and puts it back.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from typing import Self, TypeVar

from flint import arb, fmpq, fmpz

from reference.exact.precision import workprec
from reference.exact.rational_numbers import InexactInput, rational
from reference.exact.typeset import latex

T = TypeVar("T")

START_PRECISION = 64
"""Bits of the first enclosure."""

MIN_PRECISION = 2
"""Bits of the coarsest enclosure that FLINT makes."""

DECIDABLE_CAP = 1 << 24
"""Cap in bits where the answer is known to exist: it bounds memory, not mathematics."""

HASH_FACTOR = 0x9E3779B97F4A7C15
"""An odd integer whose bits look random."""

_INEXACT = ("__float__", "__complex__")
"""What inexact numbers have, and exact ones of other libraries."""

_cap: ContextVar[int] = ContextVar("precision_cap", default=4096)


class Undecided(ArithmeticError):
    """The enclosures could not answer the question up to the precision cap; the message names both."""


class ExactNumber:
    """A real number that is known exactly or through enclosures at every precision.

    No abstract base class in Python's sense: those answer ``isinstance`` slowly, and arithmetic asks it all the time.
    """

    __slots__ = ()

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains the number, computed with ``prec`` bits."""
        raise NotImplementedError

    def sign(self) -> int:
        """Return -1, 0 or 1."""
        raise NotImplementedError

    def __neg__(self) -> "ExactNumber":
        raise NotImplementedError

    def __float__(self) -> float:
        """Return the nearest binary64 number, ties to even; see :func:`~reference.exact.binary.to_float`."""
        from reference.exact.binary import to_float  # noqa: PLC0415 - it computes with all numbers of the tower

        return to_float(self)  # type: ignore[arg-type]  # the tower's classes are all there are

    def __format__(self, spec: str) -> str:
        from reference.exact.binary import formatted  # noqa: PLC0415 - as above

        return formatted(self, spec)  # type: ignore[arg-type]  # as above

    def _repr_latex_(self) -> str:
        return f"${latex(str(self))}$"

    def _minus(self, other: object) -> "ExactNumber | None":
        """Return ``self - other``, or ``None`` if ``other`` is outside what this type compares with."""
        raise NotImplementedError

    def __lt__(self, other: object) -> bool:
        order = self._order(other)
        return NotImplemented if order is None else order < 0

    def __le__(self, other: object) -> bool:
        order = self._order(other)
        return NotImplemented if order is None else order <= 0

    def __gt__(self, other: object) -> bool:
        order = self._order(other)
        return NotImplemented if order is None else order > 0

    def __ge__(self, other: object) -> bool:
        order = self._order(other)
        return NotImplemented if order is None else order >= 0

    def __eq__(self, other: object) -> bool:
        difference = self._difference(other)
        if difference is not None:
            return difference.sign() == 0
        if not isinstance(other, ExactNumber) or other._difference(self) is not None:
            return NotImplemented
        mine, theirs = self._rational(), other._rational()
        if mine is None and theirs is None:
            msg = f"cannot compare {type(self).__name__} with {type(other).__name__}; compare real(a) with real(b)"
            raise TypeError(msg)
        return mine is not None and theirs is not None and mine == theirs

    def _order(self, other: object) -> int | None:
        """Return the sign of ``self - other``, or ``None`` as :meth:`_minus`."""
        difference = self._difference(other)
        return None if difference is None else difference.sign()

    def _rational(self) -> fmpq | None:
        """Return the value if it is known to be rational."""
        raise NotImplementedError

    def _difference(self, other: object) -> "ExactNumber | None":
        """Return ``self - other``; exact Python and FLINT numbers are welcome, inexact ones refused."""
        if not isinstance(other, (ExactNumber, int, fmpq)):
            if isinstance(other, (Fraction, fmpz)):
                other = rational(other)
            elif any(hasattr(other, name) for name in _INEXACT):
                msg = f"comparing an exact number with {other!r:.60} of type {type(other).__name__}; write it exactly"
                raise InexactInput(msg)
        return self._minus(other)

    def __hash__(self) -> int:
        msg = f"{type(self).__name__} is not hashable: its equality may be undecided; hash its .exact value"
        raise TypeError(msg)

    def __bool__(self) -> bool:
        return self.sign() != 0

    def __abs__(self) -> Self:
        return self if self.sign() >= 0 else -self  # type: ignore[return-value]  # negation keeps the type


def setter(kind: type, slot: str) -> Callable[[object, object], None]:
    """Return what sets a slot of an immutable number: twice as fast as ``object.__setattr__``."""
    put: Callable[[object, object], None] = vars(kind)[slot].__set__
    return put


@contextmanager
def precision_cap(bits: int) -> Iterator[None]:
    """Within the block, undecided questions give up at ``bits`` bits instead of the default 4096.

    Raises:
        ValueError: if ``bits`` is less than 2.
    """
    if bits < MIN_PRECISION:
        msg = f"precision_cap({bits}): at least {MIN_PRECISION} bits are needed"
        raise ValueError(msg)
    token = _cap.set(bits)
    try:
        yield
    finally:
        _cap.reset(token)


def refine(answer: Callable[[int], T | None], *, question: Callable[[], str], cap: int | None = None) -> T:
    """Return the first answer that is not ``None`` as the precision doubles from 64 bits up to the cap.

    Raises:
        Undecided: at the cap (``cap``, else that of :func:`precision_cap`); the message says ``question``.
    """
    limit = _cap.get() if cap is None else cap
    prec = min(START_PRECISION, limit)
    while (found := answer(prec)) is None:
        if prec >= limit:
            msg = f"undecided at {limit} bits: {question()}; raise the precision cap, or decide it by a proof"
            raise Undecided(msg)
        prec = min(2 * prec, limit)
    return found


def sum_text(terms: Iterable[str]) -> str:
    """Return the sum of terms as text; a later term that begins with a minus sign is subtracted."""
    first, *others = [*terms] or ["0"]
    return first + "".join(f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in others)


SHORT_TEXT = 200
"""Characters of a ``repr``."""


def shortened(text: str, limit: int = SHORT_TEXT) -> str:
    """Return ``text``, cut to ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


def refine_sign(number: ExactNumber, *, nonzero: bool) -> int:
    """Return the sign of ``number`` from enclosures.  ``nonzero`` says that it is known not to be zero."""
    if nonzero and (seen := _sign_of_ball(number.enclosure(START_PRECISION))) is not None:  # nearly always
        return seen

    def answer(prec: int) -> int | None:
        return _sign_of_ball(number.enclosure(prec))

    return refine(answer, question=lambda: f"the sign of {number!s:.200}", cap=DECIDABLE_CAP if nonzero else None)


def _sign_of_ball(ball: arb) -> int | None:
    return 1 if ball > 0 else -1 if ball < 0 else None


def glance(number: ExactNumber, bits: int) -> int | None:
    """Return the sign of ``number`` if enclosures of at most ``bits`` bits show it; the precision cap holds, too."""
    prec, limit = START_PRECISION, min(bits, _cap.get())
    while True:
        seen = _sign_of_ball(number.enclosure(min(prec, limit)))
        if seen is not None:
            return seen
        if prec >= limit:
            return None
        prec *= 4


def refine_floor(number: ExactNumber, scale: fmpq | int = 1, shift: fmpq | int = 0, *, decidable: bool) -> int:
    """Return ``floor(scale * number + shift)`` from enclosures; ``decidable`` says that it is not an integer."""

    def answer(prec: int) -> int | None:
        ball = number.enclosure(prec)
        with workprec(prec):
            found = (ball * arb(scale) + arb(shift)).floor().unique_fmpz() if ball.is_finite() else None
        return None if found is None else int(found)

    cap = DECIDABLE_CAP if decidable else None
    return refine(answer, question=lambda: f"the floor of {number!s:.200}", cap=cap)


def hash_irrational(number: ExactNumber) -> int:
    """Hash a number that is known to be irrational by the leading bits of its product with a fixed integer.

    The integer moves numbers such as ``1 + exp(-1000)``, which lie close to simple rationals, away from the places
    where the leading bits change, so few bits decide.
    """

    def answer(prec: int) -> int | None:
        ball = number.enclosure(prec)
        with workprec(prec):
            spread = ball * HASH_FACTOR
            size = (abs(spread).log() / arb(2).log()).floor().unique_fmpz() if spread != 0 else None
            leading = None if size is None else (spread * arb(2) ** (32 - size)).floor().unique_fmpz()
        return None if size is None or leading is None else hash((int(leading), int(size)))

    return refine(answer, question=lambda: f"the leading bits of {number!s:.200}", cap=DECIDABLE_CAP)
