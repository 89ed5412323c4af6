"""What every command needs to print: consoles, JSON, numbers for people."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Final, Literal, cast

import msgspec
from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions
from rich.text import Text

from proofs_check.cli.formats.parts import AnyDocument, number
from reference.exact import Number

WIDE = 100
"""Columns from which tables show everything."""

NAME = 8
"""Characters of a name that are left where numbers need the room."""

_LABEL = 24
"""Characters of a label up to which it is not wrapped."""

NUMBER = re.compile(r"(?=.*\d)(?:[^\w\s]|\d|log|exp|e)+")
"""A word that is a number, or part of one."""


class UserError(Exception):
    """Bad usage or bad input: one line for stderr, exit code 2."""


FRACTION = re.compile(r"-?\d+(/\d+)?")

_BRIEF = 9
"""Characters of a fraction that a table shows as it is: as many as its decimals would take."""


def brief(value: Number, digits: int) -> str:
    """Return a number for a table: a short fraction as it is, anything else by its decimals."""
    text = number(value, digits)
    is_short = text.exact is not None and len(text.exact) <= _BRIEF and FRACTION.fullmatch(text.exact)
    return text.exact if is_short and text.exact is not None else text.marked


class Lines(Console):
    """A console that pads no line, unless it is a terminal."""

    def print(self, *objects: Any, **options: Any) -> None:  # noqa: ANN401 - whatever a console prints
        """Print as every console does, without blanks at the end of a line."""
        if self.is_terminal:
            super().print(*objects, **options)
            return
        with self.capture() as captured:
            super().print(*objects, **options)
        self.file.write(re.sub(r" +$", "", captured.get(), flags=re.MULTILINE))


def out() -> Console:
    """Return a console for results."""
    return Lines(highlight=False, markup=False, emoji=False)


def err() -> Console:
    """Return a console for progress."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on a terminal that something is being computed."""
    console = err()
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield


def say(console: Console, what: "str | TextTable", style: str | None = None) -> None:
    """Print a listing, or wrapped text; a number that is wider than the terminal stays whole."""
    if isinstance(what, str):
        lines = Text(what).wrap(console, max(console.width, _longest_number([what])))
        console.print(lines, style=style, overflow="ignore", crop=False)
    else:
        console.print(what, crop=False)


def _longest_number(texts: Iterable[str]) -> int:
    words = (word for text in texts for word in text.split() if NUMBER.fullmatch(word))
    return max(map(cell_len, words), default=0)


CellKind = int | Literal["key", "number", "text"]
"""What a column holds: names of at most so many characters; keys, never cut; numbers, on the right; text, wrapped."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """Rows in columns; without ``heads`` bare, names dim.

    No number is cut or broken.  Where the terminal is narrow, names are shortened and text is wrapped, down to
    :data:`NAME` characters; if that is not enough, the lines are longer than the terminal: print it with :func:`say`.
    """

    columns: tuple[tuple[str, CellKind], ...]
    heads: bool = True
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add_row(self, *cells: str) -> None:
        """Add a row; its texts may come from a file."""
        self.rows.append(tuple(map(unmarked, cells)))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        gap = " " * (3 if self.heads else 2)
        widths = self._widths(options.max_width - len(gap) * (len(self.columns) - 1))
        names = tuple(unmarked(name) for name, _ in self.columns)
        for row in (names, *self.rows) if self.heads else self.rows:
            cells = [self._lines(j, cell, widths[j], console) for j, cell in enumerate(row)]
            for line in zip_longest(*cells, fillvalue=""):
                padded = [self._padded(j, text, widths[j]) for j, text in enumerate(line)]
                style = "bold" if row is names else "" if self.heads else "dim"
                rest = f"{gap}{gap.join(padded[1:])}".rstrip()
                found = Text(no_wrap=True, overflow="ignore")
                yield found.append(padded[0], style).append(rest, style if self.heads else "")
            if row is names:
                yield Text("─" * (sum(widths) + len(gap) * (len(widths) - 1)), no_wrap=True, overflow="ignore")

    def _lines(self, j: int, cell: str, width: int, console: Console) -> list[str]:
        if self.columns[j][1] == "text":
            return [line.plain.rstrip() for line in Text(cell).wrap(console, width, overflow="fold")]
        return [short_number(cell, width)]

    def _padded(self, j: int, text: str, width: int) -> str:
        spaces = " " * (width - cell_len(text))
        return spaces + text if self.columns[j][1] == "number" else text + spaces

    def _widths(self, room: int) -> list[int]:
        widths, least = [], []
        for j, (head, kind) in enumerate(self.columns):
            cells = [unmarked(head), *(row[j] for row in self.rows)]
            widest = max(map(cell_len, cells))
            widths.append(min(widest, kind) if isinstance(kind, int) else widest)
            whole = _longest_number(cells) if kind == "text" else 0
            least.append(widest if kind in {"key", "number"} else max(whole, min(widths[j], NAME)))
        for _ in range(sum(widths) - room):
            shrinkable = [j for j, size in enumerate(widths) if size > least[j]]
            if not shrinkable:
                break
            widths[max(shrinkable, key=widths.__getitem__)] -= 1
        return widths


def grid(rows: Iterable[tuple[str, str]]) -> TextTable:
    """Return names with their values, one a row."""
    found = list(rows)
    label: CellKind = "key" if all(cell_len(name) <= _LABEL for name, _ in found) else "text"
    values = TextTable((("", label), ("", "text")), heads=False)
    for row in found:
        values.add_row(*row)
    return values


def first(count: int, most: int) -> int:
    """Return how many of ``count`` things are printed: about ``most``, and never all but one."""
    return count if count <= most + 1 else most


def unmarked(text: str) -> str:
    """Return text of an instance file as one printable line: all such text goes through here to the terminal."""
    return "".join(c if c.isprintable() else "␤" if c == "\n" else "�" for c in text)


def short_number(text: str, limit: int = 40) -> str:
    """Return a name as one short line."""
    name = unmarked(text)
    return name if cell_len(name) <= limit else f"{set_cell_size(name, limit - 3)}..."


def one_line(text: object) -> str:
    """Return a message or prose as one printable line, in which white space is a space."""
    return unmarked(" ".join(str(text).split()))


def heading(name: str, source: str) -> str:
    """Return name and source of an instance."""
    return f"{unmarked(name)}  ({one_line(source)})" if source else unmarked(name)


Pieces = Iterable[Sequence[msgspec.Struct]]
"""A list, some of its elements at a time."""

_MARK = b'"\\u006c"'  # no text of a document is written so: msgspec does not escape letters

LATER: Final = cast("list[Any]", msgspec.Raw(_MARK))
"""Stands in a document for a long list.  :func:`print_json` makes it piece by piece: only the text is kept."""


def print_json(document: AnyDocument, lists: Iterable[Pieces] = ()) -> None:
    """Print a document, in UTF-8 as JSON is; each :data:`LATER` in it is the next of the lists.

    Nothing is printed before all of it is made, so an error on the way is the only document.
    """
    texts = list(_json(document, lists))
    if (buffer := getattr(sys.stdout, "buffer", None)) is None:  # it is somebody's own
        sys.stdout.write(b"".join(texts).decode())
        return
    sys.stdout.flush()
    buffer.writelines(texts)
    buffer.flush()


def _json(document: AnyDocument, lists: Iterable[Pieces]) -> Iterator[bytes]:
    before, *others = msgspec.json.format(msgspec.json.encode(document), indent=2).split(_MARK)
    yield before
    for pieces, text in zip(lists, others, strict=True):
        line = before[before.rfind(b"\n") + 1 :]
        yield from _json_list(pieces, (len(line) - len(line.lstrip())) // 2)
        yield text
        before = text
    yield b"\n"


def _json_list(pieces: Pieces, depth: int) -> Iterator[bytes]:
    """Yield the text of a list that begins in a line of this indentation."""
    left, right = b"[" * depth, b"]" * depth
    head, tail = msgspec.json.format(left + b"[0]" + right, indent=2).split(b"0")
    begin, gap = b"[\n", b"  " * (depth + 1)
    for piece in filter(None, pieces):  # between so many brackets it is written as in its place
        written = msgspec.json.format(left + msgspec.json.encode(piece) + right, indent=2)
        yield begin + gap + written[len(head) : -len(tail)]
        begin = b",\n"
    yield b"[]" if begin == b"[\n" else b"\n" + b"  " * depth + b"]"
