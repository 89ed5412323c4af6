"""How objects show themselves: small tables, as text and as HTML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from reference.exact.decimals import to_decimal
from reference.exact.reals import Number
from reference.exact.text import text_within

MOST_ROWS = 20
"""Rows that a table shows; what is left is counted."""

_LONGEST = 28
"""A number is shown exactly up to so many characters, else as a decimal."""


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the heads of the columns (or none), rows of texts, and how many rows are left out."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 0

    @staticmethod
    def of(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> "Table":
        """Return the table with the first rows."""
        listed = [tuple(map(plain_text, row)) for row in rows]
        shown = len(listed) if len(listed) <= MOST_ROWS + 1 else MOST_ROWS  # never "1 more"
        return Table(title, tuple(head), tuple(listed[:shown]), len(listed) - shown)

    def __str__(self) -> str:
        lines = [self.head, *self.rows] if self.head else list(self.rows)
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        body = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
        more = [f"... {self.left} more"] if self.left else []
        return "\n".join([*([self.title] if self.title else []), *body, *more])

    def html(self) -> str:
        """Return the table for a notebook."""

        def row(cells: Sequence[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        head = f"<thead>{row(self.head, 'th')}</thead>" if self.head else ""
        body = "".join(row(cells, "td") for cells in self.rows)
        more = f"<p>... {self.left} more</p>" if self.left else ""
        title = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        return f"<table>{title}{head}<tbody>{body}</tbody></table>{more}"


class Shown:
    """What shows itself as a table, in a REPL and in a notebook."""

    __slots__ = ()

    def table(self) -> Table:
        """Return the table."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table().html()


def plain_text(text: str) -> str:
    """Return a text without control characters: names come from files."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def short(value: Number) -> str:
    """Return a number exactly where that is short, else as a decimal."""
    text = text_within(value, _LONGEST)
    return str(to_decimal(value)) if text is None else text
