"""The constants of a claim that a doubter may change: keyword parameters of the functions that decide it.

A claim's function takes its member, and by keyword what its statement leaves to choose: ``constant=8``, ``rounds=(0,
2)``.  With another value the same function decides another statement.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from inspect import Parameter, signature
from types import UnionType
from typing import Any, NamedTuple, get_args, get_type_hints

from flint import fmpq

from proofs_check.ledger.registry import Check, Claim
from reference.exact import LogLinear, loglinear, rational


class NoConstant(ValueError):
    """A claim has no such constant, or the constant no such value; the message is one line."""


@dataclass(frozen=True)
class Constant:
    """A constant by its name, its stated value, and how another one is read."""

    name: str
    stated: object
    read: Callable[[str], object]

    def __str__(self) -> str:
        """As it is written after ``--set``."""
        stated = self.stated
        if stated is None:
            return f"{self.name} (as stated)"
        text = ",".join(map(str, stated)) if isinstance(stated, tuple) else str(stated)
        return f"{self.name}={text.lower() if isinstance(stated, bool) else text}"


class Altered(NamedTuple):
    """A claim with other constants: the checks that know them, and those that do not."""

    checks: tuple[Check[Any], ...]
    untouched: tuple[Check[Any], ...]


def constants(claim: Claim) -> dict[str, Constant]:
    """Return the constants that can be set, by name."""
    return {name: found for check in reversed(claim.checks) for name, found in _parameters(check).items()}


def altered(claim: Claim, values: Mapping[str, str]) -> Altered:
    """Return the claim's checks with constants set to the values written.

    Raises:
        NoConstant: for a constant that the claim does not have, or a value that is none of its kind.
    """
    known = constants(claim)
    for name in values:
        if name not in known:
            others = f"it has {', '.join(map(str, known.values()))}" if known else "it has none to set"
            raise NoConstant(f"{claim.id} has no constant {name!r}; {others}")
    read = {name: _read(claim, known[name], text) for name, text in values.items()}
    knowing = [check for check in claim.checks if set(read) <= set(_parameters(check))]
    return Altered(
        tuple(replace(check, run=partial(check.run, **read)) for check in knowing),
        tuple(check for check in claim.checks if check not in knowing),
    )


def _parameters(check: Check[Any]) -> dict[str, Constant]:
    """Return what the function of a check takes by keyword, as far as it can be written as text."""
    function = check.run.func if isinstance(check.run, partial) else check.run
    types = get_type_hints(function)
    found = {}
    for name, parameter in signature(check.run).parameters.items():
        read = _reader(types.get(name, object))
        if parameter.kind is Parameter.KEYWORD_ONLY and parameter.default is not Parameter.empty and read is not None:
            found[name] = Constant(name, parameter.default, read)
    return found


def _read(claim: Claim, constant: Constant, text: str) -> object:
    try:
        return constant.read(text)
    except ValueError as error:
        raise NoConstant(f"{claim.id}: {constant.name}={text}: {error}") from None


def _reader(kind: object) -> Callable[[str], object] | None:
    """Return how a parameter of this type is read; of a union, as the widest of its numbers."""
    kinds = {kind, *get_args(kind)} if isinstance(kind, UnionType) else {kind}
    return next((read for known, read in _READERS.items() if known in kinds), None)


def _integer(text: str) -> int:
    if not text.removeprefix("-").isdecimal():
        raise ValueError("needs an integer")
    return int(text)


def _truth(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError("needs true or false")
    return text == "true"


def _integers(text: str) -> tuple[int, ...]:
    return tuple(map(_integer, text.split(",")))


_READERS: dict[object, Callable[[str], object]] = {
    LogLinear: loglinear, fmpq: rational, int: _integer, bool: _truth, tuple[int, ...]: _integers, str: str,
}  # fmt: skip
