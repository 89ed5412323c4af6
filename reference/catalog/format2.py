"""The instance file, version 2: responses of one token or of many, as a graph of named nodes.

``{"format": "spanner-reference/problem", "version": 2, ...}``.  The structures below are the format, as in
:mod:`reference.catalog.format`, whose numbers and texts it shares.  What version 1 of either format says, it says too;
new are responses of different lengths, rewards without features, weights and logits, and noise.

A prompt has ``responses``, each one token long, or ``start``, the node of the empty prefix.  A node lists the tokens
that may follow; ``next`` leads to a node, and ``"ends": true`` ends the response early.
"""

from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from reference.catalog.format import (
    BOUNDS,
    FORMAT,
    KIND,
    NUMERAL,
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

VERSION_2: Final = 2
"""Value of the field ``version``."""

SCHEMA_2_PATH: Final = Path(__file__).with_name("problem-2.schema.json")
"""The shipped JSON Schema."""

HEX: Final = r"[+-]?0[xX]([0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)([pP][+-]?[0-9]+)?"
"""A float as C writes it with ``%a``."""

_MODEL_NUMBER = {"pattern": rf"^\s*({NUMERAL}|{HEX})\s*$"}

Mass = Annotated[
    Rational,
    msgspec.Meta(description="Base probability; zero is allowed. They sum to exactly 1."),
]
Weight = Annotated[
    str,
    msgspec.Meta(
        description="In place of pi_ref: proportional to it. A rational, or a float in hexadecimal, read exactly. The "
        "weights are divided by their sum; by how much that is not 1 is kept in provenance.",
        examples=["0x1.8p-2", "3"],
        min_length=1,
        extra_json_schema=_MODEL_NUMBER,
    ),
]
Logit = Annotated[
    str,
    msgspec.Meta(
        description="In place of pi_ref: a logarithm of a weight. The weight is the binary64 number nearest to "
        "exp(logit - greatest logit here), and then exact.",
        examples=["-0x1.4p+3", "-2.5"],
        min_length=1,
        extra_json_schema=_MODEL_NUMBER,
    ),
]


class ResponseEntry2(msgspec.Struct, forbid_unknown_fields=True, frozen=True, gc=False):
    """A response to a prompt, one token long: one of pi_ref, weight, logit; and one of phi, reward."""

    name: Name
    pi_ref: Mass = ""
    weight: Weight = ""
    logit: Logit = ""
    phi: Annotated[
        list[Rational],
        msgspec.Meta(description="Features, of Euclidean norm at most 1; with theta.", min_length=1),
    ] = []
    reward: Annotated[
        LogLinearText,
        msgspec.Meta(
            description="The reward, where there is no theta: features are one-hot, a coordinate for each response of "
            "the file, and theta the list of rewards."
        ),
    ] = ""


class TokenEntry2(msgspec.Struct, forbid_unknown_fields=True, frozen=True, gc=False):
    """A token that may follow: one of pi_ref, weight, logit; phi, reward, or both."""

    token: Name
    pi_ref: Mass = ""
    weight: Weight = ""
    logit: Logit = ""
    phi: Annotated[
        list[Rational],
        msgspec.Meta(
            description="Features of the longer prefix, of Euclidean norm at most 1; as many throughout a layer. A "
            "layer without any has one-hot features, a coordinate for each of its tokens.",
            min_length=1,
        ),
    ] = []
    reward: Annotated[
        LogLinearText, msgspec.Meta(description="Part of the reward that this step brings; 0 if there is phi alone.")
    ] = ""
    next: Annotated[Name, msgspec.Meta(description="The node that the longer prefix leads to.")] = ""
    ends: Annotated[
        bool,
        msgspec.Meta(
            description="Whether the response ends with this token though others are longer: it is filled up to the "
            "horizon with forced steps, which are never drawn and cost no query."
        ),
    ] = False


class NodeEntry2(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A continuation that prefixes of one length may share."""

    name: Name
    tokens: Annotated[list[TokenEntry2], msgspec.Meta(description="The tokens that may follow.", min_length=1)]


class PromptEntry2(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A prompt: responses, or the node where they start."""

    name: Name
    rho: Annotated[
        Rational, msgspec.Meta(description="Probability of the prompt, positive; over the prompts they sum to 1.")
    ]
    start: Annotated[Name, msgspec.Meta(description="The node of the empty prefix, in place of responses.")] = ""
    responses: Annotated[
        list[ResponseEntry2], msgspec.Meta(description="Its responses, each one token long.", min_length=1)
    ] = []
    baseline: Annotated[
        Rational, msgspec.Meta(description="b(x), with theta: the reward is <theta, phi> + b(x). 0 unless given.")
    ] = ""


class BoundsEntry2(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Declared bounds; they are checked."""

    R_max: Annotated[
        Rational,
        msgspec.Meta(description="Bound on the reward differences within a prompt, on the support of the base law."),
    ]
    B: Annotated[Rational, msgspec.Meta(description="Bound on the Euclidean norm of theta; where theta is.")] = ""


class NoiseEntry2(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An error that an observed reward may have."""

    value: Annotated[Rational, msgspec.Meta(description="It is added to the reward.")]
    mass: Annotated[Rational, msgspec.Meta(description="Its probability, positive; they sum to exactly 1.")]


class ProblemEntry2(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An alignment problem (FMR25 sections 1 and 5): prompts, base model, features, rewards, regularisation."""

    format: Annotated[Literal["spanner-reference/problem"], KIND]
    version: Annotated[Literal[2], REVISION]
    name: Name
    beta: Annotated[Rational, msgspec.Meta(description="Strength of the KL regularisation, positive.")]
    bounds: Annotated[BoundsEntry2, BOUNDS]
    prompts: Annotated[list[PromptEntry2], msgspec.Meta(description="The prompts.", min_length=1)]
    theta: Annotated[
        list[LogLinearText],
        msgspec.Meta(description="The hidden parameter, where responses have phi.", min_length=1),
    ] = []
    horizon: Annotated[
        str,
        msgspec.Meta(
            description="Length of the responses in tokens, an integer of at least 1 as text; that of the longest "
            "unless given.",
            examples=["2"],
            min_length=1,
            extra_json_schema={"pattern": r"^\s*[1-9][0-9]*\s*$"},
        ),
    ] = ""
    nodes: Annotated[
        list[NodeEntry2], msgspec.Meta(description="What may follow, by name; some prompt leads to each.", min_length=1)
    ] = []
    noise: Annotated[
        list[NoiseEntry2],
        msgspec.Meta(description="Law of the error of observed rewards, of mean 0. None unless given.", min_length=1),
    ] = []
    title: Title = ""
    shows: Shows = ""
    source: Source = ""
    license: License = ""
    provenance: Provenance = {}


def schema_2() -> dict[str, object]:
    """Return the JSON Schema (draft 2020-12) of instance files of version 2."""
    return schema_of(ProblemEntry2, f"{FORMAT}, version {VERSION_2}")


def schema_2_text() -> str:
    """Return the text of the shipped schema file."""
    return text_of(schema_2())
