"""Tensors of ``.safetensors`` files: a length, a header in JSON, and cells.

https://github.com/huggingface/safetensors: eight bytes that say how long the header is, then
``{"name": {"dtype": "F32", "shape": [..], "data_offsets": [begin, end]}, ..}``.
"""

from typing import IO, Final

from reference.catalog.logits.cells import Layout, checked_shape
from reference.catalog.strict_json import JsonError, Tree, decode
from reference.model.checks import ProblemError

MOST_TENSOR_HEADER: Final = 1 << 24
"""Bytes of the header."""

_MOST_OBJECTS: Final = 1 << 20
"""Objects and lists in a header."""

_TYPES: Final = {
    "F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64", "I32": "int32",
    "I16": "int16", "I8": "int8", "U64": "uint64", "U32": "uint32", "U16": "uint16", "U8": "uint8", "BOOL": "bool",
}  # fmt: skip


def tensor_header(where: str, file: IO[bytes], length: int) -> tuple[dict[str, Tree], int]:
    """Return what the header of a file of this length says of each tensor, and where the cells begin."""
    first = file.read(8)
    size = int.from_bytes(first, "little")
    if len(first) < 8 or size > length - 8:  # noqa: PLR2004 - a number of eight bytes
        raise ProblemError(where, f"cut off: the header is to have {size} bytes, and {max(length - 8, 0)} follow")
    if size > MOST_TENSOR_HEADER:
        raise ProblemError(where, f"a header of {size} bytes; at most {MOST_TENSOR_HEADER} are read")
    raw = file.read(size)
    if raw.count(b"{") + raw.count(b"[") > _MOST_OBJECTS:
        raise ProblemError(where, f"a header of more than {_MOST_OBJECTS} objects and lists")
    try:
        tree = decode(raw)
    except JsonError as error:
        raise ProblemError(where, f"its header is {error}") from None
    if not isinstance(tree, dict):
        raise ProblemError(where, "its header is not an object with a key for each tensor")
    return {name: entry for name, entry in tree.items() if name != "__metadata__"}, 8 + size


def tensor_layout(where: str, entry: Tree, start: int, length: int) -> Layout:
    """Return how a tensor lies in a file of this length whose cells begin at ``start``."""
    fields = entry if isinstance(entry, dict) else {}
    dtype, shape, offsets = (fields.get(key) for key in ("dtype", "shape", "data_offsets"))
    lengths, ends = _integers(shape), _integers(offsets)
    if not isinstance(dtype, str) or lengths is None or ends is None or len(ends) != 2:  # noqa: PLR2004 - begin and end
        raise ProblemError(where, "the header does not give dtype, shape and data_offsets of it")
    if dtype not in _TYPES:
        raise ProblemError(where, f"cells of the type {dtype[:40]!r}, which is not read; {', '.join(_TYPES)} are")
    begin, end = ends
    layout = Layout(_TYPES[dtype], "<", checked_shape(where, lengths), start + begin)
    if not 0 <= begin <= end or end - begin != layout.length:
        reason = f"{layout} takes {layout.length} bytes, but its data_offsets are {begin} and {end}"
        raise ProblemError(where, reason)
    if start + end > length:
        raise ProblemError(where, f"cut off: it ends at byte {start + end}, and the file at {length}")
    return layout


def _integers(value: Tree) -> list[int] | None:
    if not isinstance(value, list):
        return None
    found = [entry for entry in value if type(entry) is int]
    return found if len(found) == len(value) else None
