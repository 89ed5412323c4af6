"""A record of a file in JSON: a line, an entry of a list, or the whole file."""

from collections.abc import Iterator
from typing import IO, Final

from reference.catalog.logits.records import is_list_of_records
from reference.catalog.strict_json import JsonError, Tree, decode
from reference.model.checks import ProblemError

MOST_LINE: Final = 1 << 26
"""Bytes of a record."""

MOST_JSON_ENTRIES: Final = 1 << 21
"""Objects, lists and entries in a record."""


def record_at(file: IO[bytes], row: tuple[int, ...]) -> tuple[Tree, int]:
    """Return the record at a row, the only one unless given, and its number.

    Raises:
        ProblemError: for what is no JSON, and if there is no such record.
    """
    number = row[0] if row else 0
    if number < 0:
        raise ProblemError("", f"there is no record {number}; they are counted from 0")
    seen = -1
    for seen, line in enumerate(_lines(file)):
        if seen in {number, 0}:
            try:
                tree = decoded_within(line)
            except JsonError as error:
                if seen == 0:
                    return _document(file, row, error)
                raise ProblemError(f"record {number}", str(error)) from None
            if seen == 0 and is_list_of_records(tree):
                return _of_list(tree, row)
            if seen == number:
                return tree, number
    raise ProblemError("", f"there is no record {number} of {seen + 1}, counted from 0")


def _document(file: IO[bytes], row: tuple[int, ...], error: JsonError) -> tuple[Tree, int]:
    """Return a record of a file whose first line is none: it may be one document on several lines."""
    file.seek(0)
    raw = file.read(MOST_LINE + 1)
    try:
        return _of_list(decoded_within(raw), row)
    except JsonError as other:
        whole = raw.count(b"\n") <= 1 or len(raw.split(b"\n", 1)[0].strip()) <= 1
        raise ProblemError("record 0", str(other if whole else error)) from None


def _of_list(tree: Tree, row: tuple[int, ...]) -> tuple[Tree, int]:
    number, records = row[0] if row else 0, tree if isinstance(tree, list) and is_list_of_records(tree) else [tree]
    if len(records) > 1 and not row:
        raise ProblemError("", f"a list of {len(records)} records: choose one, as in --row 0")
    if number >= len(records):
        raise ProblemError("", f"there is no record {number} of {len(records)}, counted from 0")
    return records[number], number


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines that are not blank."""
    while line := file.readline(MOST_LINE + 1):
        if len(line) > MOST_LINE:
            raise ProblemError("", f"a line of more than {MOST_LINE} bytes")
        if line.strip():
            yield line


def decoded_within(raw: bytes) -> Tree:
    """Return a document of bounded size; JsonError for a larger one, and for what is no JSON."""
    if len(raw) > MOST_LINE:
        raise JsonError(f"more than {MOST_LINE} bytes")
    if raw.count(b"{") + raw.count(b"[") + raw.count(b",") > MOST_JSON_ENTRIES:  # bounds memory before parsing
        raise JsonError(f"more than {MOST_JSON_ENTRIES} objects, lists and entries")
    return decode(raw)
