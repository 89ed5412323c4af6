"""The instance file: JSON whose numbers, all but ``version``, are strings, so that they are exact.

``{"format": "spanner-reference/problem", "version": 1, ...}``.  The structures below are the format; the JSON Schema
that ships beside this module is generated from them (``python -m reference.catalog.handmade`` writes it).

A number is text: an integer ``"2"``, a fraction ``"3/4"`` or a decimal ``"0.125"``, read exactly.  ``theta`` may also
hold logarithms, ``"1/2 + 3*log(2) - log(3/5)"``.
"""

import inspect
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

FORMAT: Final = "spanner-reference/problem"
"""Value of the field ``format``."""

VERSION: Final = 1
"""Value of the field ``version`` that this package reads and writes."""

SCHEMA_PATH: Final = Path(__file__).with_name("problem-1.schema.json")
"""The shipped JSON Schema."""

# Patterns stand in the schema only: the parser's own messages say more than "does not match".
NUMERAL: Final = r"[+-]?([0-9]+/[0-9]+|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)"
"""The pattern of a rational as text."""

_POSITIVE: Final = NUMERAL.removeprefix("[+-]?")
_TERM: Final = rf"(({_POSITIVE}\s*\*\s*)?log\(\s*{_POSITIVE}\s*\)(\s*/\s*[0-9]+)?|{_POSITIVE})"

Rational = Annotated[
    str,
    msgspec.Meta(
        description='An exact rational as text: "2", "-3/4", "0.125" or "1e-6".',
        examples=["3/4", "0.125"],
        min_length=1,
        extra_json_schema={"pattern": rf"^\s*{NUMERAL}\s*$"},
    ),
]
LogLinearText = Annotated[
    str,
    msgspec.Meta(
        description='A rational plus multiples of logarithms of positive rationals: "1/2 + 3*log(2) - log(3/5)".',
        examples=["1/2", "1/2*log(3)"],
        min_length=1,
        extra_json_schema={"pattern": rf"^\s*[+-]?\s*{_TERM}(\s*[+-]\s*{_TERM})*\s*$"},
    ),
]
Name = Annotated[str, msgspec.Meta(description="A non-empty name, unique among its siblings.", min_length=1)]

KIND = msgspec.Meta(description="What the file holds.")
REVISION = msgspec.Meta(description="Version of the format.")
BOUNDS = msgspec.Meta(description="Declared bounds; they are checked.")

Title = Annotated[str, msgspec.Meta(description="One line for lists.")]
Shows = Annotated[str, msgspec.Meta(description="What the instance is good for.")]
Source = Annotated[str, msgspec.Meta(description="Publication, theorem, or how it was made.")]
License = Annotated[str, msgspec.Meta(description="Licence of the data, if not that of this package.")]
Provenance = Annotated[
    dict[str, str | dict[str, str]],
    msgspec.Meta(description="How the data were made: free text by key, with one nested level (for example packages)."),
]


class ResponseEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True, gc=False):
    """A response to a prompt."""

    name: Name
    pi_ref: Annotated[
        Rational, msgspec.Meta(description="Base probability of the response given the prompt; zero is allowed.")
    ]
    phi: Annotated[list[Rational], msgspec.Meta(description="Features, of Euclidean norm at most 1.", min_length=1)]


class PromptEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A prompt and its responses; their base probabilities sum to exactly 1."""

    name: Name
    rho: Annotated[
        Rational, msgspec.Meta(description="Probability of the prompt, positive; over the prompts they sum to 1.")
    ]
    responses: Annotated[
        list[ResponseEntry], msgspec.Meta(description="Its responses; the base probabilities sum to 1.", min_length=1)
    ]
    baseline: Annotated[
        Rational, msgspec.Meta(description="b(x): the reward is <theta, phi> + b(x). It changes no policy.")
    ] = "0"


class BoundsEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Declared bounds; they are checked."""

    B: Annotated[Rational, msgspec.Meta(description="Bound on the Euclidean norm of theta.")]
    R_max: Annotated[
        Rational,
        msgspec.Meta(description="Bound on the reward differences within a prompt, on the support of the base law."),
    ]


class ProblemEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An alignment problem (FMR25 section 1): prompts, base model, features, hidden parameter, regularisation."""

    format: Annotated[Literal["spanner-reference/problem"], KIND]
    version: Annotated[Literal[1], REVISION]
    name: Name
    beta: Annotated[Rational, msgspec.Meta(description="Strength of the KL regularisation, positive.")]
    theta: Annotated[list[LogLinearText], msgspec.Meta(description="The hidden parameter.", min_length=1)]
    bounds: Annotated[BoundsEntry, BOUNDS]
    prompts: Annotated[list[PromptEntry], msgspec.Meta(description="The prompts.", min_length=1)]
    title: Title = ""
    shows: Shows = ""
    source: Source = ""
    license: License = ""
    provenance: Provenance = {}


def schema() -> dict[str, object]:
    """Return the JSON Schema (draft 2020-12) of instance files."""
    return schema_of(ProblemEntry, f"{FORMAT}, version {VERSION}")


def schema_text() -> str:
    """Return the text of the shipped schema file."""
    return text_of(schema())


def schema_of(entry: type[msgspec.Struct], title: str) -> dict[str, object]:
    """Return the JSON Schema of files with the structure ``entry``."""
    (reference,), components = schema_parts([entry])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **reference,
        "$defs": components,
    }


def schema_parts(entries: Iterable[Any]) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return the JSON Schema of each entry, and the definitions ``$defs`` to which they refer, on any Python."""
    references, components = msgspec.json.schema_components(entries, ref_template="#/$defs/{name}")
    for part in components.values():
        if "description" in part:
            part["description"] = inspect.cleandoc(part["description"])  # Python 3.13 does it for docstrings
    return [*references], components


def text_of(schema: dict[str, object]) -> str:
    """Return a schema as it is shipped."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
