"""The numbered lines of the listings: which there are, where they run, and which have no fault and why."""

import ast
import io
import re
import tokenize
from functools import lru_cache
from pathlib import Path

from proofs_check.faults.fault import TOP, source_of

LISTINGS_FOLDER = "reference/algorithms"

_NUMBERED = re.compile(r" {4,5}(\d{1,2}) {2,}\S")
_MARK = re.compile(r"# (\d{1,2}(?:, \d{1,2})*)(?::.*)?$")

UNFAULTED = {
    ("online_dpo", 1): "the start without data: there is nothing to put in its place",
    ("xpo", 1): "the start without data: there is nothing to put in its place",
}
"""ExecutedLines without a fault, and why."""


SPEAKS_OF_ANY = {
    "dnf-exploration-chance": "it speaks of every proper learner, and a faulty one is a learner, too",
    "dnf-exploration-mean": "it speaks of every proper learner, and a faulty one is a learner, too",
    "dnf-exploration-search": "it speaks of every proper learner, and a faulty one is a learner, too",
    "dnf-exploration-value": "it speaks of every proper learner, and a faulty one is a learner, too",
    "elliptic-potential": "it speaks of every sequence of vectors: a run only supplies some",
}
"""Claims that run an algorithm and need not see its faults, and why."""

CALLED_BY = {
    "softmax_sampling": ("spanner_sampling", "mtss"),
    "barycentric": ("enumerating",),
}
"""Listings that are steps of others: where one of those runs, their faults are faults of that."""


@lru_cache(maxsize=1)
def listings() -> dict[str, tuple[int, ...]]:
    """Return the numbers of the lines of each listing, by the module whose docstring it stands in."""
    found = {}
    for path in sorted((TOP / LISTINGS_FOLDER).glob("*.py")):
        text = ast.get_docstring(ast.parse(source_of(_file(path))), clean=False) or ""
        numbers = tuple(int(match[1]) for match in map(_NUMBERED.match, text.splitlines()) if match)
        if numbers:
            found[path.stem] = numbers
    return found


@lru_cache(maxsize=32)
def marks(listing: str) -> dict[int, tuple[int, ...]]:
    """Return, for each line of the module that a comment ``# 4, 5`` marks, the numbers of the listing."""
    tokens = tokenize.generate_tokens(io.StringIO(source_of(f"{LISTINGS_FOLDER}/{listing}.py")).readline)
    comments = ((token.start[0], _MARK.match(token.string)) for token in tokens if token.type == tokenize.COMMENT)
    return {line: tuple(map(int, match[1].split(", "))) for line, match in comments if match}


def _file(path: Path) -> str:
    return path.relative_to(TOP).as_posix()
