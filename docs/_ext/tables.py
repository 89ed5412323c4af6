"""Tables of the pages: numbers in columns, which scroll on a narrow screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Table:
    """Lines of cells, the heads first; the first ``words`` columns are words, the others numbers, flush right."""

    lines: list[list[str]]
    words: int

    def _repr_markdown_(self) -> str:
        """Return it as notebooks and pages show it."""
        rule = ["---"] * self.words + ["---:"] * (len(self.lines[0]) - self.words)
        lines = [self.lines[0], rule, *self.lines[1:]]
        return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)

    def __repr__(self) -> str:
        """Return it in columns, as it is printed where there is no Markdown."""
        lines = [[cell.replace("$", "") for cell in line] for line in self.lines]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        sides = [str.ljust] * self.words + [str.rjust] * (len(widths) - self.words)
        shown = ("  ".join(map(lambda side, *at: side(*at), sides, line, widths)) for line in lines)
        return "\n".join(map(str.rstrip, shown))


def table(heads: Sequence[object], rows: Iterable[Sequence[object]], *, words: int = 1) -> Table:
    """Return a table; the first ``words`` columns are words, the others numbers, flush right.

    >>> table(["$C$", "draws"], [("four", 2), ("sixteen", 38)])
    C        draws
    four         2
    sixteen     38
    >>> print(table(["C", "draws"], [(4, 2), (8, 3)])._repr_markdown_())
    | C | draws |
    | --- | ---: |
    | 4 | 2 |
    | 8 | 3 |
    """
    return Table([[str(cell) for cell in line] for line in (heads, *rows)], words)
