"""The token instance file: a problem whose responses are sequences of tokens, as JSON whose numbers are strings.

``{"format": "spanner-reference/token-problem", "version": 1, ...}``.  It is a format of its own, not a version of
:mod:`reference.catalog.format`: both are current, and a file of one kind never becomes one of the other.

What may follow a prefix is written in one of two ways, or in both.  ``prefixes`` of a prompt lists them one by one, for
small trees.  ``nodes`` gives names to continuations that several prefixes share: ``next`` of a token, or ``start`` of
a prompt, leads to one.
"""

from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from reference.catalog.format import (
    BOUNDS,
    KIND,
    REVISION,
    License,
    LogLinearText,
    Name,
    Provenance,
    Rational,
    Shows,
    Source,
    Title,
    schema_of,
    text_of,
)

TOKEN_FORMAT: Final = "spanner-reference/token-problem"  # noqa: S105 - a token of language, not of access
"""Value of the field ``format``."""

TOKEN_VERSION: Final = 1
"""Value of the field ``version`` that this package reads and writes."""

TOKEN_SCHEMA_PATH: Final = Path(__file__).with_name("token-problem-1.schema.json")
"""The shipped JSON Schema."""

Sequence = Annotated[list[Name], msgspec.Meta(description="Tokens by name, first to last.")]


class TokenEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True, gc=False):
    """A token that may follow a prefix."""

    token: Annotated[Name, msgspec.Meta(description="Its name, one of alphabet.")]
    pi_ref: Annotated[
        Rational, msgspec.Meta(description="Base probability of the token given the prefix; zero is allowed.")
    ]
    phi: Annotated[
        list[Rational],
        msgspec.Meta(
            description="Features of the longer prefix, of Euclidean norm at most 1; as many throughout a layer.",
            min_length=1,
        ),
    ]
    reward: Annotated[
        LogLinearText, msgspec.Meta(description="Part of the reward that this step brings; 0 unless given.")
    ] = "0"
    next: Annotated[
        Name,
        msgspec.Meta(
            description="The node that the longer prefix leads to. Without it the longer prefix is among prefixes, or "
            "has all horizon tokens."
        ),
    ] = ""


Tokens = Annotated[
    list[TokenEntry],
    msgspec.Meta(description="What may follow; the base probabilities sum to exactly 1.", min_length=1),
]


class PrefixEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A prefix shorter than the horizon, and what may follow it."""

    prefix: Sequence
    tokens: Tokens


class NodeEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A continuation that several prefixes of one length may share."""

    name: Name
    tokens: Tokens


class RewardEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A reward of a whole sequence, on top of what its steps bring."""

    sequence: Sequence
    reward: LogLinearText


class TokenPromptEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A prompt, and the tree below it: its prefixes, or the node it starts from."""

    name: Name
    rho: Annotated[
        Rational, msgspec.Meta(description="Probability of the prompt, positive; over the prompts they sum to 1.")
    ]
    start: Annotated[Name, msgspec.Meta(description="The node of the empty prefix, in place of prefixes.")] = ""
    prefixes: Annotated[
        list[PrefixEntry],
        msgspec.Meta(description="Prefix by prefix: the empty one, and each that a token without next leads to."),
    ] = []
    rewards: Annotated[
        list[RewardEntry], msgspec.Meta(description="Rewards of whole sequences whose prefixes are listed.")
    ] = []


class TokenBoundsEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Declared bounds; they are checked."""

    R_max: Annotated[
        Rational,
        msgspec.Meta(description="Bound on the reward differences within a prompt, on the support of the base law."),
    ]


class TokenProblemEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A token problem (FMR25 section 5): alphabet, horizon, autoregressive base model, features and rewards."""

    format: Annotated[Literal["spanner-reference/token-problem"], KIND]
    version: Annotated[Literal[1], REVISION]
    name: Name
    beta: Annotated[Rational, msgspec.Meta(description="Strength of the KL regularisation, positive.")]
    alphabet: Annotated[list[Name], msgspec.Meta(description="The tokens, by name.", min_length=1)]
    horizon: Annotated[
        str,
        msgspec.Meta(
            description='Length of every response in tokens, an integer of at least 1 as text: "2".',
            examples=["2"],
            min_length=1,
            extra_json_schema={"pattern": r"^\s*[1-9][0-9]*\s*$"},
        ),
    ]
    bounds: Annotated[TokenBoundsEntry, BOUNDS]
    prompts: Annotated[list[TokenPromptEntry], msgspec.Meta(description="The prompts.", min_length=1)]
    nodes: Annotated[
        list[NodeEntry], msgspec.Meta(description="Continuations that several prefixes share, by name.")
    ] = []
    title: Title = ""
    shows: Shows = ""
    source: Source = ""
    license: License = ""
    provenance: Provenance = {}


def token_schema() -> dict[str, object]:
    """Return the JSON Schema (draft 2020-12) of token instance files."""
    return schema_of(TokenProblemEntry, f"{TOKEN_FORMAT}, version {TOKEN_VERSION}")


def token_schema_text() -> str:
    """Return the text of the shipped schema file."""
    return text_of(token_schema())
