"""What a claim says, read from the docstring of the function that decides it.

The first line is the title; then comes the statement, as the theory page shows it (Markdown, formulas in ``$``), and
paragraphs that begin with ``In words:`` (the statement as one sentence, without formulas), ``Hypotheses:``,
``Constants:`` or ``Caveats:``.
"""

import re
from inspect import cleandoc
from typing import NamedTuple

PARTS = ("In words", "Hypotheses", "Constants", "Caveats")

_PART = re.compile(rf"({'|'.join(PARTS)}):\s+(.*)", re.DOTALL)
_LINE = re.compile(rf"^(?={'|'.join(f'{part}:' for part in PARTS)})", re.MULTILINE)


class WordingError(ValueError):
    """A docstring lacks a part, or has one twice; the message says which."""


class Wording(NamedTuple):
    """Title, statement and the parts beside it; a part that is left out is empty."""

    title: str
    statement: str
    hypotheses: str = ""
    constants: str = ""
    caveats: str = ""
    words: str = ""


def wording(docstring: str) -> Wording:
    r"""Return what a docstring says.

    Raises:
        WordingError: for a part twice, an empty one, or text without title or statement.

    >>> wording("Squares.\n\n    $x^2 \\ge 0$.\n\n    In words: ...")
    Wording(title='Squares', statement='$x^2 \\ge 0$.', hypotheses='', constants='', caveats='', words='...')
    """
    title, _, rest = cleandoc(docstring).partition("\n\n")
    statement, *others = _LINE.split(rest)
    if not title.strip() or not statement.strip():
        raise WordingError("its docstring needs a title and, after an empty line, the statement")
    found: dict[str, str] = {}
    for text in others:
        part = _PART.fullmatch(text.strip())
        if part is None:
            raise WordingError(f"its docstring has an empty part {text.strip()}")
        name = part[1].lower().removeprefix("in ")
        if name in found:
            raise WordingError(f"its docstring has {part[1]} twice")
        found[name] = " ".join(part[2].split())
    return Wording(" ".join(title.split()).removesuffix("."), statement.strip(), **found)
