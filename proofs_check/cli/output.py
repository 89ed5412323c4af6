"""What every command needs to print: consoles, JSON, numbers for people."""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

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


def grid(rows: Iterable[tuple[str, str]]) -> Table:
    """Return names with their values, one a row."""
    values = Table.grid(padding=(0, 2))
    values.add_column(style="dim", no_wrap=True)
    values.add_column(overflow="fold")
    for name, text in rows:
        values.add_row(name, text)
    return values


def table(*columns: tuple[str, bool]) -> Table:
    """Return an empty table; a column is its name and whether it stands on the right."""
    found = Table(box=SIMPLE, pad_edge=False, show_edge=False)
    for name, right in columns:
        found.add_column(name, justify="right" if right else "left", no_wrap=True, overflow="ellipsis")
    return found


def short(text: str, limit: int = 40) -> str:
    """Return a name as one short line."""
    plain = "".join(c if c.isprintable() else "␤" if c == "\n" else "�" for c in text)
    return plain if len(plain) <= limit else f"{plain[: limit - 3]}..."


def counted(count: int, name: str) -> str:
    """Return a number of things."""
    return f"{count} {name}{'' if count == 1 else 's'}"


def heading(name: str, source: str) -> str:
    """Return name and source of an instance."""
    return f"{name}  ({source})" if source else name


def print_json(value: object) -> None:
    """Print a JSON document."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def one_line(text: object) -> str:
    """Return a message as one printable line."""
    return "".join(c if c.isprintable() else " " for c in " ".join(str(text).split()))
