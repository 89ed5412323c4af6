"""The grammar that reads back every number that is printed.

::

    sum    = ["+" | "-"] product { ("+" | "-") product }
    product = power { ("*" | "/") power }
    power  = atom [ "^" ["+" | "-"] digits ]
    atom   = numeral | "log(" sum ")" | "exp(" sum ")" | "(" sum ")"

A numeral is an integer or a decimal such as ``0.125`` or ``1e-6``, read exactly; ``3/4`` is a quotient.  What
:func:`~reference.exact.log_linear.loglinear` reads, the notation of instance files, is a part of it.  Any text may be
tried: its length, its depth and the work that it asks for are bounded.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, NoReturn, TypeVar

from flint import fmpq

from reference.exact.atoms import Divisor, Enclosed, Exponential, LogSum, Monomial
from reference.exact.expratio import ExpRatio
from reference.exact.expsum import ExpSum
from reference.exact.number import shortened
from reference.exact.rational_numbers import BadNumber, rational_text, written_rational
from reference.exact.reals import Number, Real, real, real_exp, real_log, real_sum
from reference.exact.sizes import Size, product_size

MAX_CHARACTERS = 500_000
"""Longer texts are refused."""

_MAX_BRACKETS = 100
"""Brackets within brackets."""

_MAX_WORK = 1 << 19
"""Terms that products may have in all; a term counts once for every 512 bits of its coefficient."""

_NUMERAL = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_TOKEN = re.compile(rf"\s*(?:({_NUMERAL})|(log|exp)\b|(\S))", re.ASCII)

_LONGEST_POWER = 18
"""Digits of a power."""

_HINTS = {
    "ln": "write log(...)",
    "sqrt": "write exp(log(...)/2)",
    "**": "write ^ for powers",
    "...": "the text was cut off",
    "≈": "that is a rounded decimal",
    "\N{MINUS SIGN}": "write - for the minus sign",
    "\N{MULTIPLICATION SIGN}": "write * for products",
    "\N{MIDDLE DOT}": "write * for products",
}
"""What is said of texts that people write, too."""

_Value = fmpq | Real
T = TypeVar("T")


class _Token(NamedTuple):
    """One of three texts, the others empty, and where it starts."""

    start: int
    digits: str
    name: str
    sign: str


_END = _Token(0, "", "", "")


def text_within(value: Number, most: int) -> str | None:
    """Return a number as text of at most so many characters; ``None`` if there is none.

    No longer text is made.  A real known only through its enclosures has none.  :func:`read` reads it, unless brackets
    are nested too deep.
    """
    if isinstance(value, fmpq):
        text = rational_text(value)
    elif isinstance(value, ExpSum | ExpRatio | Real) and not _may_fit(real(value), most):
        return None
    else:
        text = str(value)
    return text if len(text) <= most else None


def _may_fit(value: Real, most: int) -> bool:
    """Whether there may be a text of that length: one with many terms, or a long part, is not written for it."""
    room = (most + 3) // 4  # a term takes four characters or more
    if sum(_counts(value.terms.items(), room + 1)) > room:
        return False
    sides = (side for c in value.terms.values() for side in (c.numerator, c.denominator))
    return all(len(side.start_of_text(most)) <= most for side in sides)


def _counts(terms: Iterable[tuple[Monomial, ExpRatio]], most: int) -> Iterator[int]:
    """Yield how many terms each sum has, with those inside of functions; ``most`` for more, and for no text at all."""
    for monomial, c in terms:
        yield c.numerator.terms_up_to(most)
        if c.denominator.rational is None:
            yield c.denominator.terms_up_to(most)
        for atom, _ in monomial:
            match atom:
                case LogSum():
                    yield atom.s.terms_up_to(most)
                case Exponential():
                    yield from _counts(atom.exponent, most)
                case Divisor():
                    yield from _counts(atom.whole, most)
                case Enclosed():
                    yield most


def read(text: str) -> Real:
    """Return the number that ``text`` says.

    Raises:
        BadNumber: if it says none, or one that is out of bounds; names the character.
    """
    if len(text) > MAX_CHARACTERS:
        msg = f"number of {len(text)} characters; at most {MAX_CHARACTERS} are read"
        raise BadNumber(msg)
    return real(_Reader(text).whole())


class _Reader:
    """Recursive descent over the tokens; ``work`` is what is left of :data:`_MAX_WORK`."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = _TOKEN.finditer(text)
        self.tokens = [_Token(each.start(each.lastindex or 0), *each.groups("")) for each in found]
        self.next = 0
        self.depth = 0
        self.work = _MAX_WORK

    def whole(self) -> _Value:
        value = self.sum()
        if self.next < len(self.tokens):
            self.refuse("an operator is missing here" if self.peek().sign != ")" else "this bracket closes nothing")
        return value

    def peek(self) -> _Token:
        """Return the token that comes next; an empty one at the end."""
        return self.tokens[self.next] if self.next < len(self.tokens) else _END

    def took(self, signs: str) -> str:
        """Return the sign that comes next and step over it if it is one of ``signs``."""
        sign = self.peek().sign
        if not sign or sign not in signs:
            return ""
        self.next += 1
        return sign

    def sum(self) -> _Value:
        start = self.next
        constant, terms = fmpq(0), []
        sign = self.took("+-")
        while True:
            value = self.product()
            value = -value if sign == "-" else value
            if isinstance(value, Real):
                terms.append(value)
            else:
                constant += value
            if not (sign := self.took("+-")):
                break
        if not terms:
            return constant
        self.spend(_cost_of_sum(terms), start)
        return real_sum([*terms, constant])

    def product(self) -> _Value:
        start = self.next
        value = self.power()
        while sign := self.took("*/"):
            factor = self.power()
            if sign == "/":
                factor = self.guarded(partial(_inverse, factor), start)
            self.spend(_cost(value, factor), start)
            value = self.guarded(partial(_times, value, factor), start)
        return value

    def power(self) -> _Value:
        start = self.next
        value = self.atom()
        if not self.took("^"):
            return value
        negative = self.took("+-") == "-"
        digits = self.peek().digits
        if not digits.isdecimal() or len(digits) > _LONGEST_POWER:
            self.refuse("a power is an integer of few digits")
        self.next += 1
        exponent = -int(digits) if negative else int(digits)
        raised = self.guarded(partial(_power, value, exponent), start)
        self.spend(_weight(raised), start)
        return raised

    def atom(self) -> _Value:
        if self.next >= len(self.tokens):
            self.refuse("a number is missing at the end")
        start = self.next
        _, digits, name, sign = self.peek()
        self.next += 1
        if digits:
            return self.guarded(partial(written_rational, digits), start)
        if sign and sign != "(":
            self.refuse("here a number is expected", start)
        if name and not self.took("("):
            self.refuse(f"{name} takes its argument in brackets", start)
        self.depth += 1
        if self.depth > _MAX_BRACKETS:
            self.refuse(f"brackets are nested more than {_MAX_BRACKETS} deep", start)
        value = self.sum()
        self.depth -= 1
        if not self.took(")"):
            self.refuse("this bracket is not closed", start)
        if name == "exp":
            return self.guarded(partial(real_exp, value), start)
        return self.guarded(partial(real_log, value), start) if name else value

    def guarded(self, compute: Callable[[], T], start: int) -> T:
        """Compute; an error says where it is."""
        try:
            return compute()
        except ZeroDivisionError:
            self.refuse("division by zero", start)
        except BadNumber as error:
            self.refuse(str(error), start)

    def spend(self, cost: int, start: int) -> None:
        self.work -= cost
        if self.work < 0:
            self.refuse("this asks for too much work", start)

    def refuse(self, what: str, token: int | None = None) -> NoReturn:
        at = self.next if token is None else token
        place = self.tokens[at].start if at < len(self.tokens) else len(self.text)
        hint = next((f"; {said}" for mark, said in _HINTS.items() if mark in self.text), "")
        msg = f"{shortened(self.text.strip(), 60)!r} is no number: character {place + 1}: {what}{hint}"
        raise BadNumber(msg)


def _inverse(value: _Value) -> _Value:
    return 1 / value


def _times(left: _Value, right: _Value) -> _Value:
    return left * right


def _power(base: _Value, power: int) -> Real:
    return real(base) ** power


def _cost(left: _Value, right: _Value) -> int:
    """Return about how many terms a product has before terms are collected."""
    if isinstance(left, fmpq) or isinstance(right, fmpq):
        return _weight(left) + _weight(right)
    counts = [[sum(s.number_of_terms for s in side) for side in _sides(value)] for value in (left, right)]
    (above, below), (over, under) = counts
    return _PRODUCT * (above * over + below * under) + _weight(left) // _BITS + _weight(right) // _BITS


def _cost_of_sum(terms: Sequence[Real]) -> int:
    """Return about how many terms come up where fractions with different denominators are added."""
    denominators: dict[Monomial, dict[ExpSum, None]] = {}
    for value in terms:
        for monomial, c in value.terms.items():
            if c.denominator.rational is None:
                denominators.setdefault(monomial, {})[c.denominator] = None
    sizes = [(len(group), product_size((s.scale, s.parts, 1) for s in group)) for group in denominators.values()]
    return sum(count * size.terms * (1 + size.bits // _BITS) for count, size in sizes if count > 1)


def _sides(value: Real) -> tuple[list[ExpSum], list[ExpSum]]:
    return [c.numerator for c in value.terms.values()], [c.denominator for c in value.terms.values()]


def _weight(value: _Value) -> int:
    """Return how many terms a number has; one with a long coefficient counts several times."""
    if isinstance(value, fmpq):
        return (int(value.p).bit_length() + int(value.q).bit_length()) // _BITS
    sums = [s for side in _sides(value) for s in side if s.parts]
    return _ATOM * sum(map(len, value.terms)) + sum(size.terms * (1 + size.bits // _BITS) for size in map(_size, sums))


def _size(s: ExpSum) -> Size:
    return product_size([(s.scale, s.parts, 1)])


_PRODUCT = 4
"""A term of a product of sums, which is collected, counts as so many terms."""

_ATOM = 4
"""An atom in a product counts as so many terms."""

_BITS = 512
"""So many bits of a coefficient count as one term."""
