"""``spanner solve --json``: the solution of a problem."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from proofs_check.cli.formats.parts import CertifiedAnswer, Document3, ExactText, Numeral, Part

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
    """A prompt: log of its partition function, C_cov, KL(pi*, pi_ref), gap of pi_ref, spread of its rewards.

    coverage and kl are null where they are not formed.
    """

    name: str
    rho: ExactText
    sequence_count: Annotated[str, msgspec.Meta(description="Supported responses.")]
    log_partition: Numeral
    coverage: Numeral | None
    kl: Numeral | None
    base_gap: Numeral
    oscillation: Numeral
    responses: Annotated[
        list[Response] | UnsetType, msgspec.Meta(description="With a horizon above 1 only with --sequences.")
    ] = UNSET


class Pair(Part, frozen=True):
    """A difference of two responses to a prompt."""

    prompt: str
    response: str
    minus: str


class Spanner(Part, frozen=True):
    """A C-approximate barycentric spanner of the differences to each prompt's first supported response.

    Their number is ``differences``.  Of two other responses the coefficients are at most twice the largest.
    """

    C: ExactText
    pairs: list[Pair]
    differences: int
    largest_coefficient: ExactText


class Coverages(Part, frozen=True):
    """C_cond and C_cov of pi*, the bounds prod_h max and C_cond^H, the largest ratio of each layer; or why not."""

    C_cond: Numeral | UnsetType = UNSET
    C_cov: Numeral | UnsetType = UNSET
    product: Numeral | UnsetType = UNSET
    power: Numeral | UnsetType = msgspec.field(default=UNSET, name="C_cond^H")
    layers: list[Numeral] | UnsetType = UNSET
    not_formed: str | UnsetType = UNSET


class ProfileStep(Part, frozen=True):
    """The coverage profile at N, the mass of pi* where pi*/pi_ref >= N; and what a cap N on the ratio cuts off."""

    N: Numeral
    Cov_N: Numeral
    cut: Numeral


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


class Certificates(Part, frozen=True):
    """Certificates that have passed their check; realizability is null, with the reason, where there is none."""

    optimum: Certificate | UnsetType = UNSET
    coverage: Certificate | UnsetType = UNSET
    spanner: Certificate | UnsetType = UNSET
    realizability: Certificate | UnsetType | None = UNSET
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


class Solution(Document3, frozen=True, kw_only=True, tag="spanner-reference/solution"):
    """A problem, solved; the last four keys are those of a linear problem, realizability is that of any other.

    coverage is C_cov, and null, as l1_coverage, where it is not formed.
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
    coverage: Numeral | None
    l1_coverage: Numeral | None
    coverages: Coverages
    coverage_profile: Annotated[
        list[ProfileStep] | UnsetType,
        msgspec.Meta(description="At powers of 2 and at C_cov; for at most 1,000 responses."),
    ] = UNSET
    prompts: list[Prompt]
    nodes: Annotated[list[Node] | UnsetType, msgspec.Meta(description="With horizon 1 they are the prompts.")] = UNSET
    certificates: Certificates
    realizability: Realizability | UnsetType = UNSET
    dimension: int | UnsetType = UNSET
    rank: int | UnsetType = UNSET
    theta: list[ExactText] | UnsetType = UNSET
    spanner: Spanner | UnsetType = UNSET
    answers: list[CertifiedAnswer] | UnsetType = UNSET
    renormalised: Annotated[
        dict[str, str] | UnsetType, msgspec.Meta(description="How far the weights of the file were from laws, if so.")
    ] = UNSET
