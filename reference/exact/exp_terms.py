"""Terms ``c exp(L)``: how they are folded and collected into exp-sums, and how they are written.

Folding takes the integer powers of primes out of ``exp(L)``; :mod:`reference.exact.expsum` says what is left.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import lcm

from flint import fmpq

from reference.exact.fast.lattice import on_lattice
from reference.exact.lattice import common_scale
from reference.exact.laurent import Exponent, Laurent
from reference.exact.log_linear import LogLinear
from reference.exact.radical import Radical, folded
from reference.exact.rational_numbers import BadNumber, rational, rational_text

LARGEST_EXPONENT = 10**9
"""Rational exponents beyond this are refused, where they are written and where they arise by multiplication."""

MANY_TERMS, LONG_SCALE = 64, 1024
"""Sums of so many terms are kept term by term while the common denominator of their coefficients has more bits, and
more than twice those of the longest."""

FoldedTerm = tuple[fmpq, Exponent, Radical]
"""A coefficient, a rational exponent of ``e``, and a radical: what they are multiplied is a term."""

TermTable = Mapping[tuple[Radical, Exponent], fmpq]
"""Coefficients of different terms."""


def fold_term(c: int | fmpq, exponent: LogLinear | fmpq | int) -> FoldedTerm:
    """Return ``c exp(exponent)`` with the integer powers of primes in its coefficient.

    Raises:
        BadNumber: if the exponent is absurdly large.
    """
    if isinstance(exponent, LogLinear):
        constant, powers = exponent.constant, exponent.terms
    else:
        constant, powers = rational(exponent), ()
    p, q = int(constant.p), int(constant.q)
    if abs(p) > LARGEST_EXPONENT * q:
        msg = f"exp({exponent!s:.60}): the exponent is beyond {LARGEST_EXPONENT}"
        raise BadNumber(msg)
    if not powers:
        return rational(c), (p, q), ()
    factor, radical = folded(powers)
    return rational(c) * factor, (p, q), radical


def over_one_scale(terms: Iterable[FoldedTerm]) -> tuple[int, dict[Radical, Laurent]]:
    """Return a common denominator of the coefficients, and the sum of each radical over it."""
    listed = list(terms)
    scale = lcm(*(int(c.q) for c, _, _ in listed))
    tables: dict[Radical, dict[Exponent, int]] = defaultdict(dict)
    for c, exponent, radical in listed:
        table = tables[radical]
        table[exponent] = table.get(exponent, 0) + int(c.p) * (scale // int(c.q))
    return scale, {radical: Laurent(table) for radical, table in tables.items()}


def apart_from_scale(terms: Sequence[FoldedTerm]) -> TermTable | None:
    """Return the different terms among many, if the common denominator of all is very long; else ``None``."""
    if len(terms) < MANY_TERMS or common_scale((int(c.q) for c, _, _ in terms), LONG_SCALE) is not None:
        return None
    table: dict[tuple[Radical, Exponent], fmpq] = {}
    for c, exponent, radical in terms:
        key = radical, exponent
        table[key] = table[key] + c if key in table else c
    return {key: c for key, c in table.items() if c != 0}


def terms_on_lattice(terms: Sequence[tuple[int | fmpq, LogLinear | fmpq | int]]) -> tuple[int, Laurent] | None:
    """Return ``scale, part`` of many terms with rational exponents on one lattice, as most sums are; else ``None``."""
    if len(terms) < MANY_TERMS or not all(type(e) is LogLinear and not e.terms for _, e in terms):
        return None
    exponents = [e.constant for _, e in terms]  # type: ignore[union-attr]  # they are log-linear
    found = on_lattice([c for c, _ in terms], exponents, LONG_SCALE)
    return None if found is None or found[1].exceeds(LARGEST_EXPONENT) else found


def exponent_of(radical: Radical, a: Exponent) -> LogLinear:
    """Return the log-linear exponent of a folded term."""
    return LogLinear(fmpq(*a), tuple([(p, fmpq(k, n)) for p, k, n in radical]))


def exp_term_text(c: fmpq, exponent: LogLinear | fmpq) -> str:
    """Return the text of ``c exp(exponent)``, of which nothing folds."""
    if c == 0 or exponent == 0:
        return rational_text(c)
    factor = "" if c == 1 else "-" if c == -1 else f"{rational_text(c)}*"
    return f"{factor}exp({exponent if isinstance(exponent, LogLinear) else rational_text(exponent)})"
