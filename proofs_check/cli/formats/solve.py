"""``spanner solve --json``: solutions."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from proofs_check.cli.formats.parts import Document, ExactText, Numeral, Part

Weight = Annotated[str, msgspec.Meta(description="pi_ref exp(reward/beta), exactly: pi_star is weight / Z.")]


class Certificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A certificate, as reference.certificates writes and reads it; what is in claim and witness depends on kind."""

    format: Literal["spanner-reference/certificate"]
    version: Literal[1]
    kind: str
    problem: str | None
    claim: dict[str, Any]
    witness: dict[str, Any]


class Response(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A response to a prompt; phi is left out of sequences of tokens."""

    name: str
    pi_ref: ExactText
    reward: Numeral
    weight: Weight
    pi_star: Numeral
    phi: list[str] | UnsetType = UNSET


class Prompt(Part, frozen=True):
    """A prompt.

    Of a linear problem log of its partition function, coverage, KL(pi*, pi_ref), gap of pi_ref, spread of its rewards,
    and its responses.
    """

    name: str
    rho: ExactText
    log_partition: Numeral | UnsetType = UNSET
    coverage: Numeral | UnsetType = UNSET
    kl: Numeral | UnsetType = UNSET
    base_gap: Numeral | UnsetType = UNSET
    oscillation: Numeral | UnsetType = UNSET
    responses: list[Response] | UnsetType = UNSET


class Pair(Part, frozen=True):
    """A difference of two responses to a prompt."""

    prompt: str
    response: str
    minus: str


class Spanner(Part, frozen=True):
    """A C-approximate barycentric spanner of all differences."""

    C: ExactText
    pairs: list[Pair]
    differences: int
    largest_coefficient: ExactText


class Certificates(Part, frozen=True):
    """Certificates that have passed their check; of realizability null, with the reason, where there is none."""

    optimum: Certificate | UnsetType = UNSET
    coverage: Certificate | UnsetType = UNSET
    spanner: Certificate | UnsetType = UNSET
    realizability: Certificate | UnsetType | None = UNSET
    reason: str | UnsetType = UNSET


class Coverage(Part, frozen=True):
    """C_cond and C_cov of pi*, the bounds prod_h max and C_cond^H, the largest ratio of each layer; or why not."""

    C_cond: Numeral | UnsetType = UNSET
    C_cov: Numeral | UnsetType = UNSET
    product: Numeral | UnsetType = UNSET
    power: Numeral | UnsetType = msgspec.field(default=UNSET, name="C_cond^H")
    layers: list[Numeral] | UnsetType = UNSET
    not_formed: str | UnsetType = UNSET


class Term(Part, frozen=True):
    """A coefficient times a difference of two tokens after a prefix."""

    coefficient: ExactText
    prompt: str
    prefix: list[str]
    token: str
    minus: str


class Realizability(Part, frozen=True):
    """Whether pi* is in the class: theta of each layer; or terms whose features sum to 0, not their Q; or a reason."""

    realizable: bool | None
    theta: list[list[Numeral]] | UnsetType = UNSET
    layer: int | UnsetType = UNSET
    terms: list[Term] | UnsetType = UNSET
    sum_of_Q: Numeral | UnsetType = UNSET  # noqa: N815 - the name of a key
    reason: str | UnsetType = UNSET


class Token(Part, frozen=True):
    """A token at a node; Q and pi_star are null where they are not formed."""

    token: str
    pi_ref: ExactText
    reward: Numeral
    phi: list[ExactText]
    Q: Numeral | None
    pi_star: Numeral | None


class Node(Part, frozen=True):
    """A node, one of its prefixes, and how many prefixes lead to it."""

    layer: int
    prompt: str
    prefix: str
    prefixes: str
    V: Numeral
    tokens: list[Token]


class Sequences(Part, frozen=True):
    """The sequences of tokens that answer a prompt."""

    prompt: str
    responses: list[Response]


class Solution(Document, frozen=True, tag="spanner-reference/solution"):
    """A problem, solved.

    rank, theta, l1_coverage and spanner are there for a linear problem, nodes for any other; sequences if asked for.
    """

    name: str
    source: str
    kind: str
    horizon: int
    tokens: int
    sequence_count: str
    dimensions: list[int]
    beta: ExactText
    optimal_value: Numeral
    base_value: Numeral
    base_gap: Numeral
    coverage: Coverage
    realizability: Realizability
    prompts: list[Prompt]
    certificates: Certificates
    rank: int | UnsetType = UNSET
    theta: list[ExactText] | UnsetType = UNSET
    l1_coverage: Numeral | UnsetType = UNSET
    spanner: Spanner | UnsetType = UNSET
    nodes: list[Node] | UnsetType = UNSET
    sequences: list[Sequences] | UnsetType = UNSET
