"""What every command needs to print: consoles, JSON, numbers for people."""

import json
import sys
from dataclasses import dataclass

from rich.console import Console

from reference.exact import Number, Undecided, real, to_decimal

LONGEST = 2_000
"""Characters of an exact expression that are printed; longer ones are given by their decimals."""

WIDE = 100
"""Columns from which tables show everything."""


class UserError(Exception):
    """Bad usage or bad input: one line for stderr, exit code 2."""


@dataclass(frozen=True, slots=True)
class NumberText:
    """A number as text: ``exact`` (``None`` if it is longer than :data:`LONGEST`) and ``decimal``."""

    exact: str | None
    decimal: str

    def json(self) -> dict[str, str | None]:
        """Return the fields."""
        return {"exact": self.exact, "decimal": self.decimal}

    def __str__(self) -> str:
        """The exact form where it is short, with the decimals where they say more."""
        if self.exact is None or len(self.exact) > SHORT:
            return self.decimal
        if self.exact == self.decimal:
            return self.exact
        return f"{self.exact} {self.decimal if self.decimal.startswith('≈') else f'= {self.decimal}'}"


SHORT = 28


def number(value: Number, digits: int) -> NumberText:
    """Return a number as text, with ``digits`` significant digits."""
    exact = str(real(value) if (lower := real(value).exact) is None else lower)
    try:
        decimal = str(to_decimal(value, digits))
    except Undecided:  # a real that is zero to every precision asked for
        decimal = f"within {real(value).enclosure(64).str(digits)}"
    return NumberText(exact if len(exact) <= LONGEST else None, decimal)


def out() -> Console:
    """Return a console for results."""
    return Console(highlight=False, markup=False)


def err() -> Console:
    """Return a console for progress."""
    return Console(stderr=True, highlight=False, markup=False)


def print_json(value: object) -> None:
    """Print a JSON document."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def one_line(text: object) -> str:
    """Return a message as one printable line."""
    return "".join(c if c.isprintable() else " " for c in " ".join(str(text).split()))
