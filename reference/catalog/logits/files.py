"""What a file is, by how it begins, and the rows in it: arrays by name, records by line."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final, NamedTuple

from reference.catalog.logits.cells import Cell, Layout, Wanted
from reference.catalog.logits.lines import record_at
from reference.catalog.logits.npy import NPY, ZIP, members, npy_layout, npy_row, npz, open_member
from reference.catalog.logits.records import at_path, numbers, positions
from reference.catalog.logits.safetensors import tensor_header, tensor_layout
from reference.model.checks import ProblemError

PREFERRED: Final = ("logits", "logprobs", "arr_0")
"""Names of arrays that are taken where none is named and there are several."""


class ReadRow(NamedTuple):
    """Numbers as they were read: ``what`` they are, in words; ``names`` where the file has them."""

    values: list[Cell]
    shape: tuple[int, ...]
    what: str
    names: tuple[str, ...] = ()
    is_record: bool = False


def read_numbers(path: Path, wanted: Wanted) -> ReadRow:
    """Return a row of logits of a file; whatever is wrong is a ProblemError."""
    return _opened(path, lambda file, size: _numbers(file, size, wanted))


def read_field(path: Path, wanted: Wanted) -> ReadRow:
    """Return numbers beside the logits, such as a mask: an array, or a list at ``key`` of the record of ``row``."""

    def read(file: IO[bytes], size: int) -> ReadRow:
        if _is_arrays(file):
            return _numbers(file, size, wanted)
        record, line = record_at(file, wanted.row)
        values = numbers(at_path(record, wanted.key), wanted.key)
        return ReadRow(values, (len(values),), f"{wanted.key!r} of record {line}", is_record=True)

    return _opened(path, read)


def _opened(path: Path, read: Callable[[IO[bytes], int], ReadRow]) -> ReadRow:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            is_folder = stat.S_ISDIR(status.st_mode)
            raise ProblemError("", "is a directory; give a file in it" if is_folder else "not a regular file")
        with path.open("rb") as file:
            return read(file, status.st_size)
    except OSError as error:
        raise ProblemError("", f"cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        if isinstance(error, ProblemError):
            raise
        raise ProblemError("", f"cannot be read: {error}") from None  # a name that is none


_KNOWN: Final = (
    (b"\x80", "a pickle, and none is ever loaded; save safetensors or npz"),
    (b"GGUF", "a GGUF file of weights; logits are needed"),
    (b"PAR1", "a Parquet file; save the column as npz"),
    (b"\x89HDF", "an HDF5 file; save the array as npz"),
    (b"\x1f\x8b", "compressed by gzip; unpack it"),
)
"""How files begin that are not read."""


def _is_arrays(file: IO[bytes]) -> bool:
    start = file.read(16)
    file.seek(0)
    return not _is_json(start)


def _is_json(start: bytes) -> bool:
    return start.lstrip()[:1] in {b"{", b"[", b"\xef"} and b"\0" not in start


def _numbers(file: IO[bytes], size: int, wanted: Wanted) -> ReadRow:
    start = file.read(16)
    file.seek(0)
    if not start:
        raise ProblemError("", "is empty")
    if _is_json(start):
        return _of_record(file, wanted)
    if start.startswith(NPY):
        return _found("the array", *npy_row("the array", file, wanted, size))
    if start.startswith(ZIP):
        return _of_npz(file, wanted)
    if start[8:9] == b"{" and b"\0" in start[:8]:
        return _of_tensors(file, size, wanted)
    known = next((what for magic, what in _KNOWN if start.startswith(magic)), "")
    raise ProblemError("", known or "neither npz, npy or safetensors, nor records in JSON")


def _found(what: str, layout: Layout, raw: bytes) -> ReadRow:
    return ReadRow(layout.decoded(raw), layout.shape, f"{what} ({layout.dtype})")


def _of_npz(file: IO[bytes], wanted: Wanted) -> ReadRow:
    with npz("", file) as archive:
        known = members("", archive)

        def described(name: str) -> str:
            with open_member(f"array {name!r}", archive, known[name]) as member:
                return str(npy_layout(f"array {name!r}", member)[0])

        name = _chosen(list(known), wanted.key, described)
        where = f"array {name!r}"
        with open_member(where, archive, known[name]) as member:
            return _found(where, *npy_row(where, member, wanted, known[name].file_size))


def _of_tensors(file: IO[bytes], size: int, wanted: Wanted) -> ReadRow:
    header, start = tensor_header("", file, size)
    if not header:
        raise ProblemError("", "holds no tensor")

    def described(name: str) -> str:
        return str(tensor_layout(f"tensor {name!r}", header[name], start, size))

    name = _chosen(list(header), wanted.key, described)
    where = f"tensor {name!r}"
    layout = tensor_layout(where, header[name], start, size).viewed(wanted.dtype, where)
    row = layout.row(wanted, where)
    file.seek(row.start)
    return _found(where, row, file.read(row.length))


_SHOWN: Final = 6


def _chosen(names: list[str], key: str, described: Callable[[str], str]) -> str:
    """Return the array that is meant; the error for none says what there is."""
    if key in names:
        return key
    if not key and len(names) == 1:
        return names[0]
    if not key and (likely := next((name for name in PREFERRED if name in names), "")):
        return likely
    shown = ", ".join(f"{name[:_NAME]!r} {described(name)}" for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    reason = f"there is no array {key[:_NAME]!r}" if key else f"{len(names)} arrays: choose one with --key"
    raise ProblemError("", f"{reason}; there are {shown}{more}" if names else reason)


_NAME: Final = 40
"""Characters of a name in a message."""


def _of_record(file: IO[bytes], wanted: Wanted) -> ReadRow:
    record, line = record_at(file, wanted.row)
    try:
        places = positions(record, wanted.key, wanted.choice)
    except ProblemError as error:
        raise ProblemError(f"record {line}{': ' * bool(error.path)}{error.path}", error.reason) from None
    where, place = f"record {line}", wanted.row[1] if len(wanted.row) > 1 else 0
    if len(wanted.row) > _PLACES:
        raise ProblemError(where, f"--row has {len(wanted.row)} numbers; the line and the place in the text are needed")
    if len(wanted.row) < _PLACES and len(places) > 1:
        raise ProblemError(where, f"{len(places)} places of the text: choose one, as in --row {line},0")
    if not -len(places) <= place < len(places):
        raise ProblemError(where, f"there is no place {place} of {len(places)}, counted from 0")
    chosen = places[place]
    if len(chosen.values) == 1:
        raise ProblemError(where, "the token that was drawn alone is listed; ask the engine for the likeliest, too")
    what = f"record {line}, place {place % len(places)}"
    return ReadRow(list(chosen.values), (len(chosen.values),), what, chosen.names, is_record=True)


_PLACES: Final = 2
"""A line, and a place in the text."""
