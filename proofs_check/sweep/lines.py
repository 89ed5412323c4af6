"""The lines of the file of a sweep, as structures, from which the JSON Schema is made: ``spanner schema sweep-1``."""

import re
from typing import Annotated, Literal

import msgspec

from reference.catalog.format import schema_parts

SweptVerdict = Literal["holds", "violated", "undecided", "not reached"]
"""``not reached``: no case came up, for the hypotheses do not hold or the instance is not of the claim's kind."""


class SweepHeader(msgspec.Struct, frozen=True, tag_field="format", tag="spanner-reference/sweep-1", omit_defaults=True):
    """The first line: instance ``i`` of the sweep, and what is decided of it, follow from this and from ``i``."""

    strategy: str
    seed: int
    claims: list[str]
    digest: Annotated[str, msgspec.Meta(description="16 digits of the SHA-256 of the package's sources.")]
    strategy_digest: Annotated[str, msgspec.Meta(description="The same of the file of a strategy of your own.")] = ""


class Fallen(msgspec.Struct, frozen=True):
    """A case that is false: where in the instance, what it says, and the two sides of a comparison."""

    where: str
    statement: str
    left: str
    relation: str
    right: str


class SweptClaim(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was found of a claim on an instance."""

    verdict: SweptVerdict
    cases: Annotated[int, msgspec.Meta(description="How many were decided.")] = 0
    margin: Annotated[
        str,
        msgspec.Meta(
            description="The least (greater side - smaller side)/(the larger of both in absolute value) of an "
            "inequality, as a decimal: 0 where it is attained, negative where it is violated."
        ),
    ] = ""
    reason: Annotated[str, msgspec.Meta(description="Why it is undecided.")] = ""
    fallen: Annotated[Fallen | None, msgspec.Meta(description="The first case that is false.")] = None


class SweptInstance(msgspec.Struct, frozen=True):
    """A line after the first: an instance by its number, and what was found of each claim."""

    index: int
    claims: dict[str, SweptClaim]


ENCODER = msgspec.json.Encoder()
HEADERS = msgspec.json.Decoder(SweepHeader)
INSTANCES = msgspec.json.Decoder(SweptInstance)


_LATE, _DIED = re.compile(r"time limit of ([0-9.e+-]+) s"), "its process died "


def late(limit: float) -> str:
    """Return why a claim is undecided that took longer than ``limit`` seconds."""
    return f"time limit of {limit:g} s"


def died(times: int, status: int) -> str:
    """Return why a claim is undecided at which a process died so often."""
    return f"{_DIED}{times} times, at last with status {status}"


def open_after(found: SweptInstance) -> float | None:
    """Return the seconds that were too few for a claim, 0 if a process died; ``None`` if more would not help."""
    seconds = []
    for each in found.claims.values():
        if each.verdict == "undecided" and each.reason.startswith(_DIED):
            seconds.append(0.0)
        elif each.verdict == "undecided" and (matched := _LATE.fullmatch(each.reason)):
            seconds.append(float(matched[1]))
    return min(seconds, default=None)


def sweep_line(found: SweepHeader | SweptInstance) -> bytes:
    """Return a line, with its end."""
    return ENCODER.encode(found) + b"\n"


def sweep_schema_text() -> str:
    """Return the JSON Schema (draft 2020-12) of a line."""
    (first, other), parts = schema_parts([SweepHeader, SweptInstance])
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "spanner-reference sweep 1, a line of the file",
        "anyOf": [{"title": "the first line", **first}, {"title": "each other line", **other}],
        "$defs": parts,
    }
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"
