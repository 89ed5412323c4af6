"""What a function of the kit is: the kinds of its inputs and of its answer, and checks that many of them share."""

from collections.abc import Callable, Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import Any, Literal

from flint import fmpq

from reference.exact.law import Law
from reference.exact.log_linear import LogLinearLike, loglinear
from reference.exact.rational_numbers import rational_text
from reference.exact.reals import Real, real
from reference.model.tilt import Tilt

Input = Literal["number", "law", "laws", "numbers", "rows", "integer", "integers"]
"""A rational number; masses that sum to 1, and rows of such masses; a row, rows of one length; integers from 0."""

Result = Literal["number", "law", "numbers", "integer", "boolean", "certificate"]
"""What is answered; a certificate is not compared but checked."""

Value = Any
"""One entry of an answer: an exact number, an integer or a boolean."""


@dataclass(frozen=True)
class Function:
    """A function of the kit.

    ``exact``: from the parsed inputs, by name, to the entries of the answer; one for a number, an integer, a boolean.
    ``check``: for certificates, from the inputs and an answer to what is wrong with it, or ``None``.
    ``solves``: the numbers are one vector that solves equations; a backward stable solver has an error that is small
    beside the vector, and not beside each entry.
    """

    name: str
    inputs: Mapping[str, Input]
    result: Result
    exact: Callable[..., Sequence[Value]]
    check: Callable[..., str | None] | None = None
    solves: bool = False


def tilt_of(pi: Sequence[fmpq], r: Sequence[LogLinearLike], beta: fmpq) -> Tilt:
    """Return ``pi exp(r/beta) / Z``, after checks."""
    equally_long(pi=pi, r=r)
    all_positive(beta=beta)
    base = Law.of(enumerate(pi))
    return Tilt(base, tuple(loglinear(r[y]) for y in base.outcomes), beta)


def equally_long(**rows: Sized) -> None:
    """Refuse rows of different lengths; names them."""
    if len({len(row) for row in rows.values()}) > 1:
        msg = ", ".join(f"{name} has {len(row)} entries" for name, row in rows.items())
        raise ValueError(msg)


def all_positive(**numbers: fmpq) -> None:
    """Refuse numbers that are not positive; names them."""
    for name, value in numbers.items():
        if value <= 0:
            msg = f"{name} = {rational_text(value)}: needs {name} > 0"
            raise ValueError(msg)


def masses_of(law: Law[int], size: int) -> list[Value]:
    """Return the masses of a law by index."""
    return [law.mass(y) for y in range(size)]


def entries_of(found: Mapping[int, Real], size: int) -> list[Value]:
    """Return numbers by index, 0 where there is none."""
    return [found.get(y, real(0)) for y in range(size)]
