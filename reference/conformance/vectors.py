"""The file of test vectors: JSON, written by a command and never by hand; these structures are the format.

Inputs are text of exact rationals, integers or lists of them, and each is a number of every format that the vector
lists.  Of an answer's entries each format has ``[nearest, down, up]``, as hexadecimal floats of C99 (or ``inf``).
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from reference.catalog.format import schema_of, text_of
from reference.conformance.functions import Result

SCHEMA: Final = "spanner-vectors-1"
"""Value of the field ``schema``."""

VERSION: Final = "2026.12.0"
"""Of the vectors, by calendar: a vector is taken away only in another year."""

LICENCE: Final = "CC0-1.0"
"""Of the vectors, whatever that of the package is."""

GENERATOR: Final = "spanner-reference"
"""What has made them, without its version: as long as no vector changes, no byte of the files does."""

INDEX_SCHEMA: Final = "spanner-vectors-index-1"
"""Value of the field ``schema`` of the index."""

DATA: Final = Path(__file__).with_name("data") / "v1"
"""Where the vectors lie that ship with the package, one file for each function, and ``index.json``."""

VECTORS_SCHEMA_PATH: Final = DATA.with_name("vectors-1.schema.json")
"""The shipped JSON Schema."""

FloatFormat = Literal["binary64", "binary32", "bfloat16"]
"""The formats that answers are given in."""

Entries = list[str | int | list[str]]
"""Numbers as text, integers, or rows of numbers."""

Argument = str | int | Entries


class Note(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename="camel"):
    """What a flag stands for: the mistake that the vectors with this flag show."""

    bug_type: str
    description: str
    effect: str
    links: list[str] = []
    mutants: Annotated[list[str], msgspec.Meta(description="Named wrong implementations that it is there for.")] = []


class Answer(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """One number of an answer; ``value`` stands alone for integers and booleans, and for the indices of a certificate.

    An infinite number has the decimal ``inf`` or ``-inf`` and no condition.
    """

    value: Annotated[int | bool | str | None, msgspec.Meta(description="Text if it is an integer from 2^53.")] = None
    exact: Annotated[str | None, msgspec.Meta(description="In the grammar of the package, at most 400 characters.")] = (
        None
    )
    decimal: Annotated[str | None, msgspec.Meta(description="40 digits, correctly rounded.")] = None
    binary64: list[str] | None = None
    binary32: list[str] | None = None
    bfloat16: list[str] | None = None
    condition: Annotated[
        str | None, msgspec.Meta(description="sum_i |x_i df/dx_i|, laws renormalised; four digits, rounded up.")
    ] = None


class Vector(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True, rename="camel"):
    """A question and its answer.

    ``invalid``: it must be refused, and has no answer.  ``acceptable``: what ``also`` lists passes, too.
    ``idealInput``: what ``input`` is the rounding of, with its own answer ``ideal``; an answer is judged by ``answer``,
    and how far it is from ``ideal`` is what the rounding of the inputs cost.
    """

    id: str
    comment: str
    flags: list[str]
    result: Literal["valid", "acceptable", "invalid"]
    formats: list[FloatFormat]
    input: dict[str, Argument]
    answer: list[Answer] = []
    also: Annotated[
        list[list[str]],
        msgspec.Meta(description='Others that pass: a text for each entry, "" for the answer\'s own; or ["refused"].'),
    ] = []
    ideal_input: dict[str, Argument] = {}
    ideal: list[Answer] = []


class VectorFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename="camel"):
    """The vectors of one function."""

    schema: Literal["spanner-vectors-1"]
    version: str
    function: str
    result: Result
    licence: str
    generator: str
    number_of_vectors: int
    notes: dict[str, Note]
    vectors: list[Vector]


class IndexEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename="camel"):
    """A file of vectors: its name, and what it must be to the byte."""

    file: str
    sha256: str
    number_of_vectors: int


class VectorIndex(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """All files, by function."""

    schema: Literal["spanner-vectors-index-1"]
    version: str
    licence: str
    generator: str
    functions: dict[str, IndexEntry]


def read_vectors(function: str) -> VectorFile:
    """Return the vectors of a function that ship with the package.

    >>> from reference.conformance import read_vectors
    >>> read_vectors("softmax").vectors[1].comment
    'the best response has base mass 0'
    """
    return msgspec.json.decode((DATA / f"{function}.json").read_bytes(), type=VectorFile)


def read_index() -> VectorIndex:
    """Return the index of the vectors that ship with the package."""
    return msgspec.json.decode((DATA / "index.json").read_bytes(), type=VectorIndex)


def vector_text(file: VectorFile) -> str:
    """Return a file as it ships: a vector on each line."""
    head = msgspec.to_builtins(file)
    vectors = head.pop("vectors")
    lines = [f'"{name}":{_compact(value)}' for name, value in head.items()]
    return "{" + ",\n".join(lines) + ',\n"vectors":[\n' + ",\n".join(map(_compact, vectors)) + "\n]}\n"


def index_text(texts: Mapping[str, str]) -> str:
    """Return the index of files, by function, as it ships."""
    entries = {}
    for function, text in texts.items():
        data = text.encode()
        count = msgspec.json.decode(data, type=VectorFile).number_of_vectors
        entries[function] = IndexEntry(f"{function}.json", sha256(data).hexdigest(), count)
    index = VectorIndex(INDEX_SCHEMA, VERSION, LICENCE, GENERATOR, entries)
    return msgspec.json.format(msgspec.json.encode(index), indent=1).decode() + "\n"


def vectors_schema_text() -> str:
    """Return the text of the shipped JSON Schema (draft 2020-12) of files of vectors."""
    return text_of(schema_of(VectorFile, f"{SCHEMA}: test vectors"))


def _compact(value: object) -> str:
    return msgspec.json.encode(value).decode()
