"""Tables of the pages: numbers in columns, which scroll on a narrow screen."""

from collections.abc import Iterable, Sequence

from IPython.display import Markdown


def table(heads: Sequence[object], rows: Iterable[Sequence[object]], *, words: int = 1) -> Markdown:
    """Return a table; the first ``words`` columns are words, the others numbers, flush right.

    >>> print(table(["C", "draws"], [(4, 2), (8, 3)]).data)
    | C | draws |
    | --- | ---: |
    | 4 | 2 |
    | 8 | 3 |
    """
    rule = ["---"] * words + ["---:"] * (len(heads) - words)
    lines = [heads, rule, *rows]
    return Markdown(
        "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
    )
