"""The lines of protocol 1 as structures, from which its JSON Schema is made: ``spanner schema protocol-1``.

A peer is read by :mod:`~proofs_check.conformance.protocol`, which takes more than is said here and gives a verdict on
the rest.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from proofs_check.conformance.inputs import NumberSpelling
from reference.conformance.vectors import FloatFormat


class HelloMessage(msgspec.Struct, frozen=True, tag_field="cmd", tag="hello"):
    """The first line that a peer reads: the version that is spoken, and the functions of the kit."""

    protocol: Literal[1]
    functions: list[str]


class AskedItem(msgspec.Struct, frozen=True):
    """A question among several."""

    id: str
    function: str
    input: Annotated[dict[str, Any], msgspec.Meta(description="Numbers, lists and rows of numbers, integers; or text.")]


class AskMessage(msgspec.Struct, frozen=True, tag_field="cmd", tag="ask"):
    """One question, as a peer reads it."""

    id: str
    function: str
    input: Annotated[dict[str, Any], msgspec.Meta(description="Numbers, lists and rows of numbers, integers; or text.")]


class AskManyMessage(msgspec.Struct, frozen=True, tag_field="cmd", tag="ask-many"):
    """Several questions: a reply a line, in any order."""

    items: list[AskedItem]


class ByeMessage(msgspec.Struct, frozen=True, tag_field="cmd", tag="bye"):
    """The last line that a peer reads."""


class HelloReply(msgspec.Struct, frozen=True):
    """The first line that a peer writes."""

    protocol: Literal[1]
    name: str = "unnamed"
    version: str = ""
    format: FloatFormat = "binary64"
    functions: Annotated[list[str] | UnsetType, msgspec.Meta(description="All, unless given.")] = UNSET
    samplers: list[str] = []
    replay: list[str] = []
    batch: Annotated[int, msgspec.Meta(ge=1, description="Questions at once.")] = 1
    numbers: NumberSpelling = "json"


class QuestionReply(msgspec.Struct, frozen=True):
    """What a peer writes for each question: one of the last three keys."""

    id: str
    answer: Annotated[
        Any, msgspec.Meta(description="A number or boolean, or a list of numbers; numbers may be text.")
    ] = UNSET
    refused: str | UnsetType = UNSET
    error: str | UnsetType = UNSET


ReadByPeers = HelloMessage | AskMessage | AskManyMessage | ByeMessage
"""The lines that a peer reads."""


def protocol_schema_text() -> str:
    """Return the JSON Schema (draft 2020-12) of all lines, those that a peer reads and those that it writes."""
    (reads, hello, reply), parts = msgspec.json.schema_components(
        [ReadByPeers, HelloReply, QuestionReply], ref_template="#/$defs/{name}"
    )
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "spanner-reference protocol 1",
        "anyOf": [{"title": "read by peers", **reads}, {"title": "written by peers", "anyOf": [hello, reply]}],
        "$defs": parts,
    }
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"
