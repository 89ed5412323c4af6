"""The lines of protocol 1 as structures, from which its JSON Schema is made: ``spanner schema protocol-1``.

A peer is read by :mod:`~proofs_check.conformance.protocol`, which takes more than is said here and gives a verdict on
the rest.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from proofs_check.conformance.inputs import NumberSpelling
from reference.catalog.format import schema_parts
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


class ReplayMessage(msgspec.Struct, frozen=True, tag_field="cmd", tag="replay"):
    """Run an algorithm; the peer asks, and each of its questions is answered, until it is done."""

    id: str
    algorithm: str
    input: Annotated[dict[str, Any], msgspec.Meta(description="The algorithm's parameters, and what is public.")]


class SampleMessage(msgspec.Struct, frozen=True, tag_field="cmd", tag="sample"):
    """Draw ``count`` times."""

    id: str
    function: str
    input: Annotated[dict[str, Any], msgspec.Meta(description="As a question's.")]
    seed: int
    count: int


class PlayedAnswer(msgspec.Struct, frozen=True):
    """The answer to what a peer asks in a run: a prompt, a response with its features, a reward, a coin."""

    answer: Any


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


class PlayedQuestion(msgspec.Struct, frozen=True):
    """What a peer asks in a run; each kind has some of the other keys."""

    ask: Literal["prompt", "weak", "listing", "reward", "round", "coin", "choose"]
    x: int | UnsetType = UNSET
    y: int | UnsetType = UNSET
    prefix: list[int] | UnsetType = UNSET
    tokens: list[int] | UnsetType = UNSET
    thetas: Annotated[Any, msgspec.Meta(description="Rows of numbers, which may be text.")] = UNSET
    p: Annotated[Any, msgspec.Meta(description="A number, which may be text.")] = UNSET
    masses: Annotated[Any, msgspec.Meta(description="Numbers, which may be text.")] = UNSET


class RunReply(msgspec.Struct, frozen=True):
    """The last line of a run, or the draws of a sampler: one of the last four keys."""

    id: str
    done: Annotated[Any, msgspec.Meta(description="By name, what the algorithm returns.")] = UNSET
    draws: Annotated[
        list[tuple[int, int]] | UnsetType,
        msgspec.Meta(description="Response and number of the trial that accepted it, 0 where none did."),
    ] = UNSET
    refused: str | UnsetType = UNSET
    error: str | UnsetType = UNSET


ReadByPeers = HelloMessage | AskMessage | AskManyMessage | ReplayMessage | SampleMessage | ByeMessage
"""The lines that a peer reads."""


def protocol_schema_text() -> str:
    """Return the JSON Schema (draft 2020-12) of all lines, those that a peer reads and those that it writes."""
    lines = [ReadByPeers, PlayedAnswer, HelloReply, QuestionReply, PlayedQuestion, RunReply]
    (reads, answer, *written), parts = schema_parts(lines)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "spanner-reference protocol 1",
        "anyOf": [
            {"title": "read by peers", "anyOf": [reads, answer]},
            {"title": "written by peers", "anyOf": written},
        ],
        "$defs": parts,
    }
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"
