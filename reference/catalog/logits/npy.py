"""Arrays of numpy in ``.npy`` and ``.npz`` files, read without numpy and without pickle.

The header of an array is a dictionary in a fixed form; it is matched, not evaluated.  What it promises must be what the
file holds before a cell is read.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from struct import error as StructError  # noqa: N812 - a class
from struct import unpack
from typing import IO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from reference.catalog.logits.cells import OPAQUE, Layout, Wanted, checked_shape
from reference.model.checks import ProblemError

NPY: Final = b"\x93NUMPY"
"""How a ``.npy`` file begins."""

ZIP: Final = b"PK"
"""How a ``.npz`` file begins."""

MOST_HEADER: Final = 1 << 16
"""Bytes of the header of an array."""

MOST_DIRECTORY: Final = 1 << 22
"""Bytes of the list of members of a ``.npz`` file."""

MOST_SKIPPED: Final = 1 << 32
"""Bytes that are decompressed to reach a row."""

_IN_WIDE: Final = 0xFFFFFFFF
"""A length that stands in the wider list of members."""

_DRAINED: Final = 1 << 26
"""Bytes after the row that are read for the checksum."""

_HEADER: Final = re.compile(rb"\s*\{(.*)\}\s*", re.DOTALL)
_ITEM: Final = re.compile(
    rb"""\s*(['"])(descr|fortran_order|shape)\1\s*:\s*('[^'\\]*'|"[^"\\]*"|\[.*\]|True|False|\([0-9L,\s-]*\))\s*(?:,|$)""",
    re.DOTALL,
)
_DESCR: Final = re.compile(r"([<>|=]?)([a-zA-Z?])([0-9]*)(\[.*\])?")
_KINDS: Final = {"f": "float", "i": "int", "u": "uint"}
_NO_NUMBERS: Final = {
    "O": "objects, which only a pickle holds, and none is ever loaded: save numbers",
    "U": "text: save numbers", "S": "text: save numbers", "a": "text: save numbers",
    "c": "complex numbers: save real ones", "M": "dates: save numbers", "m": "spans of time: save numbers",
}  # fmt: skip


def npy_layout(where: str, file: IO[bytes]) -> tuple[Layout, bool]:
    """Return how an array lies in a file at whose beginning the reader is, and whether column by column."""
    magic = file.read(8)
    if len(magic) < 8 or not magic.startswith(NPY):  # noqa: PLR2004 - six bytes and the version
        raise ProblemError(where, "not an array of numpy: it does not begin with \\x93NUMPY")
    version = magic[6]
    if version not in {1, 2, 3}:
        raise ProblemError(where, f"version {version} of the format of numpy; 1, 2 and 3 are read")
    width = 2 if version == 1 else 4
    length = file.read(width)
    if len(length) < width:
        raise ProblemError(where, "cut off inside the header")
    size = int.from_bytes(length, "little")
    if size > MOST_HEADER:
        raise ProblemError(where, f"a header of {size} bytes; at most {MOST_HEADER} are read")
    header = file.read(size)
    if len(header) < size:
        raise ProblemError(where, f"cut off inside the header: {len(header)} of {size} bytes")
    fields = _fields(where, header)
    dtype, order = _dtype(where, fields["descr"])
    shape = checked_shape(where, _shape(where, fields["shape"]))
    return Layout(dtype, order, shape, 8 + width + size), fields["fortran_order"] == "True" and len(shape) > 1


def npy_row(where: str, file: IO[bytes], wanted: Wanted, length: int) -> tuple[Layout, bytes]:
    """Return a row of the array that a file of this length holds, and its bytes."""
    layout, by_columns = npy_layout(where, file)
    if layout.start + layout.length != length:
        promised = f"{layout} takes {layout.length} bytes"
        raise ProblemError(where, f"{promised}, but {length - layout.start} follow the header: cut off, or damaged")
    if by_columns:
        raise ProblemError(where, f"{layout}, column by column (Fortran order); save numpy.ascontiguousarray of it")
    row = layout.viewed(wanted.dtype, where).row(wanted, where)
    if row.start - layout.start > MOST_SKIPPED:
        raise ProblemError(where, f"the row begins after more than {MOST_SKIPPED} bytes; save it alone")
    _skip(where, file, row.start - layout.start)
    raw = file.read(row.length)
    if len(raw) < row.length:
        raise ProblemError(where, f"cut off: {len(raw)} of the {row.length} bytes of the row are there")
    if length - row.start - row.length <= _DRAINED:  # to the end of a member, where its checksum is compared
        while file.read(1 << 20):
            pass
    return row, raw


@contextmanager
def npz(where: str, file: IO[bytes]) -> Iterator[ZipFile]:
    """Open a ``.npz`` file; whatever is wrong with the archive is a ProblemError, here and inside."""
    try:
        _check_directory(where, file)
        with ZipFile(file) as archive:
            yield archive
    except (BadZipFile, EOFError, zlib.error, StructError, NotImplementedError, RuntimeError, OSError) as error:
        raise ProblemError(where, f"a damaged archive: {str(error) or type(error).__name__}") from None
    except (UnicodeDecodeError, OverflowError, KeyError, IndexError) as error:
        raise ProblemError(where, f"a damaged archive: {type(error).__name__}") from None


def members(where: str, archive: ZipFile) -> dict[str, ZipInfo]:
    """Return the arrays of an archive by name; refuse what is none of numpy."""
    names = [info.filename for info in archive.infolist()]
    if any(name.endswith("data.pkl") for name in names):
        raise ProblemError(where, "a file of torch.save, which is pickled, and no pickle is loaded; save safetensors")
    found = {info.filename.removesuffix(".npy"): info for info in archive.infolist() if info.filename.endswith(".npy")}
    if not found:
        raise ProblemError(where, "an archive without arrays of numpy (members that end in .npy)")
    return found


def open_member(where: str, archive: ZipFile, info: ZipInfo) -> IO[bytes]:
    """Open an array of an archive."""
    if info.flag_bits & 1:
        raise ProblemError(where, "is encrypted")
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise ProblemError(where, f"compressed by method {info.compress_type}; numpy writes stored and deflated arrays")
    return archive.open(info)


def _check_directory(where: str, file: IO[bytes]) -> None:
    """Refuse a list of members whose reading alone would take much memory."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - (1 << 16) - 22))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or end + 20 > len(tail):
        raise ProblemError(where, "a damaged archive: its list of members is missing, so it may be cut off")
    (directory,) = unpack("<L", tail[end + 12 : end + 16])
    wide = tail.rfind(b"PK\x06\x06")
    if directory == _IN_WIDE and wide >= 0 and wide + 48 <= len(tail):
        (directory,) = unpack("<Q", tail[wide + 40 : wide + 48])
    if directory > MOST_DIRECTORY:
        raise ProblemError(where, f"a list of members of {directory} bytes; at most {MOST_DIRECTORY} are read")
    file.seek(0)


def _skip(where: str, file: IO[bytes], count: int) -> None:
    while count > 0:
        read = len(file.read(min(count, 1 << 20)))
        if not read:
            raise ProblemError(where, "cut off before the row")
        count -= read


def _fields(where: str, header: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    whole = _HEADER.fullmatch(header)
    rest = whole[1].strip() if whole else b"?"
    while rest:
        item = _ITEM.match(rest)
        if item is None:
            raise ProblemError(where, f"its header is not that of an array of numpy: {header[:60]!r}")
        found[item[2].decode()] = item[3].decode("latin-1")
        rest = rest[item.end() :].strip()
    if found.keys() != {"descr", "fortran_order", "shape"}:
        raise ProblemError(where, f"its header is not that of an array of numpy: {header[:60]!r}")
    return found


def _dtype(where: str, descr: str) -> tuple[str, str]:
    if descr.startswith("["):
        raise ProblemError(where, "rows of named fields; save one field as an array of numbers")
    name = descr[1:-1]
    if name == "bfloat16":
        return name, "<"
    match = _DESCR.fullmatch(name)
    if match is None or match[4]:
        raise ProblemError(where, f"cells of the type {name[:40]!r}, which is not read")
    order, kind, size = match[1] if match[1] in {"<", ">"} else "<", match[2], match[3]
    if kind in _NO_NUMBERS:
        raise ProblemError(where, f"an array of {_NO_NUMBERS[kind]}")
    bits = 8 * int(size[:3] or "0")
    if kind == "V" and size == "2":
        return OPAQUE, order
    if kind in "b?" and size in {"1", ""}:
        return "bool", order
    if kind in _KINDS and bits in ({16, 32, 64} if kind == "f" else {8, 16, 32, 64}):
        return f"{_KINDS[kind]}{bits}", order
    raise ProblemError(where, f"cells of the type {name[:40]!r}, which is not read")


def _shape(where: str, text: str) -> list[int]:
    if not text.startswith("("):
        raise ProblemError(where, f"the shape {text[:40]!r} is no tuple")
    parts = [part.strip().removesuffix("L") for part in text[1:-1].split(",")]
    if parts and not parts[-1]:
        parts.pop()
    if not all(re.fullmatch(r"-?[0-9]{1,18}", part) for part in parts):
        raise ProblemError(where, f"the shape {text[:40]} is not one of an array")
    return [int(part) for part in parts]
