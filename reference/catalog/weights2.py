"""The masses at a node of an instance file of version 2: probabilities, weights, or logits, as they were written.

Weights and logits may be the floats of a model, in hexadecimal as C's ``%a`` writes them: then nothing is rounded on
the way.  ``exp`` of a logit is not rational, so a logit is read as the weight that binary64 would hold, correctly
rounded, and everything after that is exact.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from flint import fmpq, fmpz

from reference.catalog.format2 import HEX, ResponseEntry2, TokenEntry2
from reference.catalog.reading import Numbers
from reference.exact import Undecided, exp, to_float
from reference.model import checks
from reference.model.checks import ProblemError
from reference.model.parts import counted

_KINDS = ("pi_ref", "weight", "logit")
"""The fields that give masses."""

MAX_BINARY_EXPONENT = 20_000
"""A binary exponent beyond this is refused; the widest format of IEEE 754 that is in use ends at 16,494."""

_HEX = re.compile(HEX, re.ASCII)

_NO_NUMBER = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)

_VANISHES = -746
"""``exp`` of less is nearer to 0 than to the least positive binary64 number."""


class ReadMasses(NamedTuple):
    """Base masses, and the sum of the weights that were written; ``None`` if they were not."""

    masses: list[fmpq]
    total: fmpq | None = None


def read_masses(numbers: Numbers, path: str, entries: Sequence[ResponseEntry2 | TokenEntry2]) -> ReadMasses:
    """Return the masses of what stands in the list at ``path``; they sum to exactly 1.

    Raises:
        ProblemError: for masses that are no law, weights whose sum is 0, and what is no number.
    """
    kind = _kind(path, entries)
    if kind == "pi_ref":
        found = ReadMasses([numbers.number(f"{path}[{j}].pi_ref", entry.pi_ref) for j, entry in enumerate(entries)])
    else:
        values = _values(numbers, path, kind, entries)
        if kind == "weight":
            found = _shares(numbers, path, values)
        else:
            top = max(values)
            weights = [_weight(f"{path}[{j}].logit", value - top) for j, value in enumerate(values)]
            found = ReadMasses(_shares(numbers, path, weights).masses)
    checks.law_weights(path, kind, found.masses)
    return found


def hexadecimal(text: str) -> fmpq | None:
    """Return the value of a float as C writes it in hexadecimal, ``None`` for another text.

    >>> hexadecimal("0x1.8p-2")
    3/8

    Raises:
        ValueError: for an exponent beyond :data:`MAX_BINARY_EXPONENT`.
    """
    if not _HEX.fullmatch(text):
        return None
    digits, _, power = text.lower().partition("p")
    whole, _, part = digits.partition(".")
    exponent = fmpz(power.removeprefix("+") or "0")
    if abs(exponent) > MAX_BINARY_EXPONENT:
        shown = str(exponent) if abs(exponent) < 10**20 else "of many digits"
        msg = f"binary exponent {shown}; at most {MAX_BINARY_EXPONENT} either way is read"
        raise ValueError(msg)
    return fmpq(int(whole + part, 16), 16 ** len(part)) * fmpq(2) ** int(exponent)


def _kind(path: str, entries: Sequence[ResponseEntry2 | TokenEntry2]) -> str:
    """Return which one of the fields that give masses all entries have."""
    first = ""
    for j, entry in enumerate(entries):
        given = [kind for kind in _KINDS if getattr(entry, kind)]
        if len(given) != 1:
            *others, last = given or _KINDS
            found = f"both {' and '.join(map(repr, given))}" if given else f"none of {', '.join(others)} and {last}"
            raise ProblemError(f"{path}[{j}]", f"has {found}; write one of them")
        first = first or given[0]
        if given[0] != first:
            reason = f"has {given[0]!r}, but {path}[0] has {first!r}; write one of them throughout"
            raise ProblemError(f"{path}[{j}].{given[0]}", reason)
    return first


def _values(numbers: Numbers, path: str, kind: str, entries: Sequence[ResponseEntry2 | TokenEntry2]) -> list[fmpq]:
    values: list[fmpq] = []
    bits = 0
    for j, entry in enumerate(entries):
        values.append(value := _value(numbers, f"{path}[{j}].{kind}", getattr(entry, kind)))
        bits += value.p.bit_length() + value.q.bit_length()
        if bits > checks.MAX_LAW_BITS:
            raise ProblemError(f"{path}[{j}].{kind}", f"up to here the numbers have {bits} bits; {_TOO_LONG}")
    return values


_TOO_LONG = f"at most {checks.MAX_LAW_BITS} are read: use numbers of fewer digits"


def _value(numbers: Numbers, path: str, text: str) -> fmpq:
    plain = text.strip()
    if _NO_NUMBER.fullmatch(plain):
        infinite = plain.startswith("-") and "i" in plain.lower() and path.endswith("logit")
        way = "an outcome of mass 0 is left out" if infinite else "write a finite one"
        raise ProblemError(path, f"{plain} is not a number; {way}")
    if "x" not in plain and "X" not in plain:
        return numbers.number(path, text)
    numbers.check_length(path, text)
    try:
        found = hexadecimal(plain)
    except ValueError as error:
        raise ProblemError(path, str(error)) from None
    if found is None:
        raise ProblemError(path, f'{plain[:60]!r} is not a float in hexadecimal; write it like "0x1.8p-2"')
    return found


def _shares(numbers: Numbers, path: str, weights: Sequence[fmpq]) -> ReadMasses:
    for j, weight in enumerate(weights):
        checks.not_negative(f"{path}[{j}].weight", weight)
    numbers.common_denominator(path, weights)
    total = sum(weights, fmpq(0))
    if (bits := len(weights) * (total.p.bit_length() + total.q.bit_length())) > checks.MAX_LAW_BITS:
        raise ProblemError(path, f"masses over the sum of the weights have {bits} bits; {_TOO_LONG}")
    if total == 0:
        way = "give at least one a positive weight"
        raise ProblemError(
            path, f"{counted(len(weights), 'weight', 'weights')} of sum 0, so the support is empty; {way}"
        )
    return ReadMasses([weight / total for weight in weights], total)


def _weight(path: str, difference: fmpq) -> fmpq:
    """Return the binary64 number nearest to ``exp(difference)``, for ``difference <= 0``."""
    if difference < _VANISHES:
        return fmpq(0)
    try:
        return fmpq(*to_float(exp(difference)).as_integer_ratio())
    except Undecided as error:
        raise ProblemError(path, str(error)) from None
