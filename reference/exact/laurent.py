"""Sums ``sum_i c_i e^(q_i)`` with integer ``c_i`` and rational ``q_i``: what exp-sums are made of.

Two forms of the same thing.  *Dense*: exponents on a lattice ``(shift + k)/step`` that is mostly occupied, kept as
FLINT's integer polynomial in ``t = exp(1/step)``.  *Scattered*: a table from exponents, as integer pairs in lowest
terms, to coefficients; no common denominator is formed, so many coprime denominators cost no more than equal ones.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from math import gcd, lcm

from flint import arb, fmpq, fmpz, fmpz_poly, nmod_poly

Exponent = tuple[int, int]
"""Numerator and positive denominator, in lowest terms."""

_Coefficients = Mapping[Exponent, int]

DENSE_FROM = 8
"""Shorter sums are kept scattered."""

SPARSITY = 32
"""A lattice is used if at least one place in this many is occupied."""

PLACES_PER_PAIR = 4
"""Polynomials of so many places for each pair of terms are multiplied faster than the pairs one by one."""

MAX_LATTICE = 1 << 62
"""No lattice finer than this is looked for."""

_PRIME, _POINT = (1 << 61) - 1, 0x5DEECE66D
"""Where sums are evaluated for their hashes."""


class Laurent:
    """``sum c e^q``, immutable; zero has no terms.  Equality is that of the coefficients."""

    __slots__ = ("_count", "_ends", "polynomial", "shift", "step", "table")

    def __init__(self, table: _Coefficients) -> None:
        """Choose the form for ``table``; zero coefficients are dropped."""
        kept = {q: c for q, c in table.items() if c}
        self.table: dict[Exponent, int] | None = kept
        self.polynomial, self.shift, self.step = None, 0, 1
        self._count = len(kept)
        self._ends: tuple[Exponent, Exponent] | None = None
        if len(kept) >= DENSE_FROM and (found := _on_lattice(kept, SPARSITY * len(kept))):
            self.table, (self.step, self.shift, self.polynomial) = None, found

    @staticmethod
    def scattered(table: dict[Exponent, int]) -> "Laurent":
        """Take over a table without zeros that stays a table: it is short, or its exponents lie on no lattice."""
        result = object.__new__(Laurent)
        result.table = table
        result.polynomial, result.shift, result.step = None, 0, 1
        result._count, result._ends = len(table), None
        return result

    @staticmethod
    def on_lattice(step: int, shift: int, polynomial: fmpz_poly, count: int = 0) -> "Laurent":
        """Return ``sum_k polynomial[k] exp((shift + k)/step)``; ``count``: how many terms it has, if that is known."""
        degree = polynomial.degree()
        if degree < 0:
            return EMPTY_SUM
        low = 0 if polynomial[0] != 0 else next(k for k in range(1, degree + 1) if polynomial[k] != 0)
        if low == degree:
            return Laurent.scattered({_lowest(shift + low, step): int(polynomial[low])})
        if low:
            polynomial, shift = polynomial.right_shift(low), shift + low
        stride = gcd(step, shift)
        if stride != 1:  # else the whole polynomial is not looked through
            stride = gcd(stride, int(polynomial.deflation()[1])) if polynomial[1] == 0 else 1
        result = object.__new__(Laurent)
        result.table = None
        result._count, result._ends = count, None
        result.polynomial = polynomial if stride == 1 else polynomial.deflate(stride)
        result.step, result.shift = step // stride, shift // stride
        return result

    def items(self) -> Iterable[tuple[Exponent, int]]:
        """Return exponents and their non-zero coefficients."""
        return self._places() if self.table is None else self.table.items()

    def _places(self) -> Iterator[tuple[Exponent, int]]:
        polynomial = self.polynomial or fmpz_poly()
        for k in range(polynomial.length()):  # one by one: often the first ones are enough
            if bool(c := polynomial[k]):  # quicker than to compare it
                yield _lowest(self.shift + k, self.step), int(c)

    def ascending(self) -> Iterable[tuple[Exponent, int]]:
        """Return exponents and their non-zero coefficients, exponents ascending."""
        if self.polynomial is not None:
            return self.items()
        table = self.table or {}
        return [(q, table[q]) for q in sorted(table, key=_order(table))]

    @property
    def monomial(self) -> tuple[Exponent, int] | None:
        """The only term, if there is only one."""
        return next(iter(self.table.items())) if self.table is not None and len(self.table) == 1 else None

    def smallest(self) -> tuple[Exponent, int]:
        """Return the smallest exponent and its coefficient; not for the empty sum."""
        if self.polynomial is not None:
            return _lowest(self.shift, self.step), int(self.polynomial[0])
        low, _ = self.ends()
        return low, (self.table or {})[low]

    def ends(self) -> tuple[Exponent, Exponent]:
        """Return the smallest and the largest exponent; not for the empty sum."""
        if self._ends is None and self.polynomial is not None:
            last = self.shift + self.polynomial.degree()
            self._ends = _lowest(self.shift, self.step), _lowest(last, self.step)
        elif self._ends is None:
            table = self.table or {}
            order = _order(table)
            self._ends = min(table, key=order), max(table, key=order)
        return self._ends

    def exceeds(self, limit: int) -> bool:
        """Whether some exponent is larger than ``limit`` in size."""
        if self.polynomial is not None:
            return max(-self.shift, self.shift + self.polynomial.degree()) > limit * self.step
        return any(abs(p) > limit * q for p, q in self.table or {})

    def on_step(self, step: int) -> tuple[int, fmpz_poly]:
        """Return ``shift, polynomial`` on the lattice of a multiple of the denominator; not for the empty sum."""
        if self.polynomial is not None:
            stretch = step // self.step
            return self.shift * stretch, self.polynomial if stretch == 1 else self.polynomial.inflate(stretch)
        places = {p * (step // q): c for (p, q), c in (self.table or {}).items()}
        return _polynomial(places, min(places), max(places))

    def denominator(self) -> int:
        """Return a common denominator of the exponents, not larger than :data:`MAX_LATTICE` where there is one."""
        return self.step if self.polynomial is not None else _lattice_step(self.table or {}) or MAX_LATTICE

    def height_bits(self) -> int:
        """Return how many bits the largest coefficient has."""
        if self.polynomial is not None:
            return int(self.polynomial.height_bits())
        return max((c.bit_length() for c in (self.table or {}).values()), default=0)

    def __bool__(self) -> bool:
        return self.polynomial is not None or bool(self.table)

    def __len__(self) -> int:
        if not self._count and self.polynomial is not None:
            coefficients = self.polynomial.coeffs()
            self._count = len(coefficients) - coefficients.count(fmpz(0))
        return self._count

    def terms_up_to(self, most: int) -> int:
        """Return how many terms there are, or ``most`` if there are more: no more are counted."""
        if self._count or self.polynomial is None:
            return min(self._count, most)
        return sum(1 for _ in islice(self._places(), most))

    def content(self, start: int) -> int:
        """Return the greatest common divisor of ``start`` and all coefficients."""
        if self.polynomial is not None:
            return gcd(start, int(self.polynomial.content()))
        return gcd(start, *(self.table or {}).values())

    def scaled(self, factor: int, divisor: int = 1) -> "Laurent":
        """Return ``self * factor / divisor`` for a divisor of all coefficients."""
        if factor == divisor:
            return self
        if self.polynomial is not None:
            product = self.polynomial * factor if factor != 1 else self.polynomial
            product = product if divisor == 1 else product // divisor
            return Laurent.on_lattice(self.step, self.shift, product, self._count)
        table = self.table or {}
        if factor == 0:
            return EMPTY_SUM
        if divisor == 1:
            return Laurent.scattered({q: c * factor for q, c in table.items()})
        return Laurent.scattered({q: c * factor // divisor for q, c in table.items()})

    def shifted(self, by: Exponent) -> "Laurent":
        """Return ``self * e^by``."""
        if by[0] == 0:
            return self
        if self.polynomial is not None and (step := lcm(self.step, by[1])) == self.step:
            return Laurent.on_lattice(step, self.shift + by[0] * (step // by[1]), self.polynomial, self._count)
        table = {_sum(q, by): c for q, c in self.items()}
        return Laurent.scattered(table) if len(table) < DENSE_FROM else Laurent(table)

    def times(self, by: Exponent, factor: int) -> "Laurent":
        """Return ``self * factor e^by``; the factor is not zero."""
        if self.table is None or by[0] == 0 or len(self.table) >= DENSE_FROM:
            return self.shifted(by).scaled(factor)
        return Laurent.scattered({_sum(q, by): c * factor for q, c in self.table.items()})

    def stretched(self, factor: int) -> "Laurent":
        """Return the sum with every exponent multiplied by a positive integer."""
        if self.polynomial is not None:
            longer = self.polynomial.inflate(factor)
            return Laurent.on_lattice(self.step, self.shift * factor, longer, self._count)
        return Laurent({_lowest(p * factor, q): c for (p, q), c in self.items()})

    def settled(self) -> "Laurent":
        """Return the same sum, scattered if too few places of its lattice are occupied."""
        if self.polynomial is None or (len(self) >= DENSE_FROM and self.polynomial.length() <= SPARSITY * len(self)):
            return self
        return Laurent(dict(self.items()))

    def has_place(self, exponent: Exponent) -> bool:
        """Whether an exponent lies on the lattice, between the smallest and the largest."""
        p, q = exponent
        if self.polynomial is None or self.step % q:
            return False
        return 0 <= p * (self.step // q) - self.shift <= self.polynomial.degree()

    def __add__(self, other: "Laurent") -> "Laurent":
        if self.table is not None and other.table is not None:
            table = dict(self.table)
            accumulate(table, other, 1)
            return Laurent(table)
        if self.polynomial is not None and other.polynomial is not None and self.step == other.step:
            low = min(self.shift, other.shift)
            f, g = self.shift - low, other.shift - low
            length = max(f + self.polynomial.length(), g + other.polynomial.length())
            # A little slack at each addition: gaps stay bounded by the number of additions.
            if length <= self.polynomial.length() + other.polynomial.length() + SPARSITY:
                total = self.polynomial.left_shift(f) + other.polynomial.left_shift(g)
                return Laurent.on_lattice(self.step, low, total)
        for one, many in ((self, other), (other, self)):
            if many.polynomial is not None and (single := one.monomial) is not None and many.has_place(single[0]):
                (p, q), c = single
                place = p * (many.step // q) - many.shift
                total = many.polynomial + fmpz_poly([c]).left_shift(place)
                return Laurent.on_lattice(many.step, many.shift, total)
        table = dict(self.items())
        accumulate(table, other, 1)
        return Laurent(table)

    def __mul__(self, other: "Laurent") -> "Laurent":
        if (single := other.monomial) is not None:
            return self.times(*single)
        if (single := self.monomial) is not None:
            return other.times(*single)
        if self.polynomial is not None and other.polynomial is not None and self.step == other.step:
            product = self.polynomial * other.polynomial
            return Laurent.on_lattice(self.step, self.shift + other.shift, product)
        room = PLACES_PER_PAIR * len(self) * len(other)
        if room > PLACES_PER_PAIR * DENSE_FROM and (found := common_lattice(self, other, min(room, 1 << 20))):
            step, (f, p), (g, q) = found
            return Laurent.on_lattice(step, f + g, p * q).settled()
        table: dict[Exponent, int] = {}
        right = list(other.items())
        for a, c in self.items():
            for b, d in right:
                total = _sum(a, b)
                table[total] = table.get(total, 0) + c * d
        return Laurent(table)

    def __pow__(self, power: int) -> "Laurent":
        if power == 0:
            return Laurent.scattered({(0, 1): 1})
        if (single := self.monomial) is not None:
            ((p, q), c) = single
            return Laurent.scattered({_lowest(p * power, q): c**power})
        if self.polynomial is not None:
            return Laurent.on_lattice(self.step, self.shift * power, self.polynomial**power)
        half = self ** (power // 2)
        return half * half * self if power % 2 else half * half

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Laurent):
            return NotImplemented
        if self.polynomial is not None and other.polynomial is not None:
            return (self.step, self.shift, self.polynomial) == (other.step, other.shift, other.polynomial)
        if self.table is not None and other.table is not None:
            return self.table == other.table
        return dict(self.items()) == dict(other.items())

    def __hash__(self) -> int:
        # Of both forms alike: the value at a fixed t modulo a prime, which FLINT finds fast.
        step = _step_of(self)
        if not 0 < step <= MAX_LATTICE:
            return hash(frozenset(self.items()))
        if self.polynomial is not None:
            value = int(nmod_poly(self.polynomial, _PRIME)(_POINT)) * pow(_POINT, self.shift, _PRIME)
        else:
            table = (self.table or {}).items()
            value = sum(c * pow(_POINT, p * (step // q), _PRIME) for (p, q), c in table)
        return hash((step, value % _PRIME))

    def ball(self) -> arb:
        """Return an enclosure at the precision of the FLINT context."""
        if self.polynomial is not None:
            start = arb(fmpq(self.shift, self.step)).exp()
            return self.polynomial(arb(fmpq(1, self.step)).exp()) * start
        total = arb(0)
        for (p, q), c in (self.table or {}).items():
            total += (arb(fmpq(p, q)).exp() if p else arb(1)) * c
        return total


def accumulate(table: dict[Exponent, int], addend: Laurent, factor: int) -> None:
    """Add ``factor * addend`` to ``table``."""
    for q, c in addend.items():
        table[q] = table.get(q, 0) + c * factor


def common_lattice(
    left: Laurent, right: Laurent, room: int
) -> tuple[int, tuple[int, fmpz_poly], tuple[int, fmpz_poly]] | None:
    """Return ``step, (shift, polynomial), (shift, polynomial)`` on one lattice; ``None`` if it is too long."""
    if left.polynomial is not None and right.polynomial is not None and left.step == right.step:
        return left.step, (left.shift, left.polynomial), (right.shift, right.polynomial)
    step = lcm(_step_of(left), _step_of(right))
    if not 0 < step <= MAX_LATTICE:
        return None
    found = _placed(left, room, step), _placed(right, room, step)
    return None if found[0] is None or found[1] is None else (step, found[0], found[1])


def _step_of(part: Laurent) -> int:
    return part.step if part.polynomial is not None else _lattice_step(part.table or {})


def _placed(part: Laurent, room: int, step: int) -> tuple[int, fmpz_poly] | None:
    """Return shift and polynomial on a lattice, ``None`` if it is too long or there is nothing."""
    if part.polynomial is None:
        found = _on_lattice(part.table, room, step) if part.table else None
        return None if found is None else found[1:]
    return part.on_step(step) if part.polynomial.degree() * (step // part.step) <= room else None


def _lattice_step(table: _Coefficients) -> int:
    """Return the least common denominator of the exponents, or 0 if it is beyond :data:`MAX_LATTICE`."""
    step = 1
    for _, q in table:
        step = lcm(step, q)
        if step > MAX_LATTICE:
            return 0
    return step


def _order(table: _Coefficients) -> Callable[[Exponent], int | fmpq]:
    """Return a key that orders the exponents: their places on a lattice, which compare fast, where there is one."""
    step = _lattice_step(table)
    return (lambda q: q[0] * (step // q[1])) if step else (lambda q: fmpq(*q))


def _on_lattice(table: _Coefficients, room: int, step: int = 0) -> tuple[int, int, fmpz_poly] | None:
    step = step or _lattice_step(table)
    if not step:
        return None
    places = {p * (step // q): c for (p, q), c in table.items()}
    low, high = min(places), max(places)
    return None if high - low > room else (step, *_polynomial(places, low, high))


def _polynomial(places: dict[int, int], low: int, high: int) -> tuple[int, fmpz_poly]:
    coefficients = [0] * (high - low + 1)
    for k, c in places.items():
        coefficients[k - low] = c
    return low, fmpz_poly(coefficients)


def _lowest(p: int, q: int) -> Exponent:
    common = gcd(p, q)
    return p // common, q // common


def _sum(left: Exponent, right: Exponent) -> Exponent:
    (p, q), (r, s) = left, right
    return (p + r, 1) if q == s == 1 else _lowest(p * s + r * q, q * s)


EMPTY_SUM = Laurent({})
"""The empty sum."""
