"""Where a theorem stands in the Coq development, and links to files on a terminal."""

import re
import sys
from functools import lru_cache
from pathlib import Path

from rich.text import Text

from proofs_check.ledger.coq import FOLDER

ROOT = Path(__file__).resolve().parents[2]

_STATED = re.compile(
    r"\s*(?:(?:Global|Local|Polymorphic)\s+)?(?:Theorem|Lemma|Corollary|Fact|Proposition|Remark|Example|Definition)\s+([\w']+)"
)


def theorem_place(theorem: str) -> str:
    """Return ``file.v:line`` of a theorem ``file.name``, as a path from the root; no line if it is not there."""
    file, _, name = theorem.partition(".")
    line = _lines(file).get(name)
    return f"proofs_check/coq/{file}.v" + (f":{line}" if line else "")


def linked(path: str, words: str = "") -> Text:
    """Return words, or the path itself, as a link on a terminal if the file is there (a wheel has no pages).

    A terminal is one that a person sits at: colours may be forced for a page, whose links would lead nowhere.
    """
    file = ROOT / path.partition(":")[0]
    leads = path and file.is_file() and sys.stdout.isatty()
    return Text(words or path, style=f"link {file.as_uri()}" if leads else "")


@lru_cache
def _lines(file: str) -> dict[str, int]:
    try:
        text = (FOLDER / f"{file}.v").read_text(encoding="utf-8")
    except OSError:
        return {}
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if stated := _STATED.match(line):
            found.setdefault(stated[1], number)
    return found
