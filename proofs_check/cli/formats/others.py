"""``spanner play --json``, ``reduce --json``, ``catalog --json``, and errors of any command."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from proofs_check.cli.formats.parts import CertifiedAnswer, Document, Document3, ExactText, Numeral, Part


class Error(Document, frozen=True, tag="spanner-reference/error"):
    """Why there is no answer: the line that stands on stderr, and the exit code."""

    message: str
    exit_code: int


class Play(Document, frozen=True, tag="spanner-reference/play"):
    """A learner against a family: what it hits and spends, and what the bound allows; or which rule it broke."""

    learner: str
    family: str
    broke: str | UnsetType = UNSET
    method: str | UnsetType = UNSET
    hit: Numeral | UnsetType = UNSET
    t_comp: int | UnsetType = UNSET
    t_data: int | UnsetType = UNSET
    bound: Numeral | UnsetType = UNSET
    best_weak: Numeral | UnsetType = UNSET
    gap: Annotated[
        Numeral | UnsetType | None,
        msgspec.Meta(description="Of what is drawn, all runs together; null: infinite. Not where runs are simulated."),
    ] = UNSET
    gap_base: Annotated[Numeral | UnsetType, msgspec.Meta(description="Of the base model.")] = UNSET
    mtss_queries: Annotated[
        int | UnsetType, msgspec.Meta(description="T_comp + T_data + 1 with which MTSS returns pi*.")
    ] = UNSET
    success_t_comp: Numeral | UnsetType = UNSET
    success_t_data: Numeral | UnsetType = UNSET
    spanner_sampling_t_comp: Numeral | UnsetType = UNSET
    within_bound: Annotated[bool | UnsetType | None, msgspec.Meta(description="null: the sample does not tell.")] = (
        UNSET
    )


class Assignment(Part, frozen=True):
    """An assignment as signs, its value, and whether it comes from theta = 0."""

    assignment: str
    val: ExactText
    theta_is_0: bool


class Round(Part, frozen=True):
    """A round of the null run: the term that was seen, from 1, and what the learner committed to."""

    term: int
    committed: list[Assignment]


class NullLaw(Part, frozen=True):
    """Exactly, over all null runs."""

    hit: Annotated[Numeral, msgspec.Meta(description="Probability of a rewarded y = 1 on true runs.")]
    good: Annotated[Numeral, msgspec.Meta(description="Probability that the best val reaches the bound.")]
    mean: Annotated[Numeral, msgspec.Meta(description="Expectation of the best val.")]
    mean_bound: Annotated[Numeral, msgspec.Meta(description="1/(2T) - (L/A)/(1-p).")]


class Reduce(Document, frozen=True, tag="spanner-reference/reduce"):
    """A formula, a null run of a learner on it, and the assignments that it commits to."""

    formula: str
    dimacs: str
    n: int
    k: int
    m: int
    A: ExactText
    L: ExactText
    p: ExactText
    coverage_bound: ExactText
    val_star: ExactText | None
    star: str | None
    learner: str
    T: int
    seed: int
    rounds: list[Round]
    best: Assignment | None
    returned: Assignment
    bound: ExactText
    evaluations: int | None
    evaluations_brute_force: int | None
    law: NullLaw | UnsetType = UNSET


class Instance(Part, frozen=True, kw_only=True):
    """A problem of the catalog; the last four keys are those of a linear problem."""

    format: Annotated[
        Literal["spanner-reference/problem", "spanner-reference/token-problem"],
        msgspec.Meta(description="The format of its file."),
    ]
    name: str
    title: str
    shows: str
    source: str
    license: str
    provenance: dict[str, str | dict[str, str]]
    prompts: int
    horizon: int
    sequence_count: Annotated[str, msgspec.Meta(description="Supported responses.")]
    responses: Annotated[
        list[int] | UnsetType, msgspec.Meta(description="To each prompt, base mass 0 included, with horizon 1.")
    ] = UNSET
    alphabet: Annotated[list[str] | UnsetType, msgspec.Meta(description="With a horizon above 1.")] = UNSET
    nodes: list[int]
    dimensions: list[int]
    kind: str
    beta: ExactText
    R_max: ExactText
    dimension: int | UnsetType = UNSET
    rank: int | UnsetType = UNSET
    theta: list[ExactText] | UnsetType = UNSET
    B: ExactText | UnsetType = UNSET
    answers: list[CertifiedAnswer] | UnsetType = UNSET


class Catalog(Document3, frozen=True, tag="spanner-reference/catalog"):
    """Instances of the catalog: all, or the one that was asked for."""

    instances: list[Instance]


class MadeFile(Part, frozen=True):
    """A file of test vectors, their index, or their schema."""

    file: str
    bytes: int
    sha256: str
    changed: Annotated[bool, msgspec.Meta(description="Its bytes were others before; with --check they still are.")]


class MadeVectors(Document, frozen=True, tag="spanner-reference/made-vectors"):
    """The files of test vectors that were written, or compared."""

    files: list[MadeFile]


class LintedVectors(Document, frozen=True, tag="spanner-reference/linted-vectors"):
    """What is wrong with files of test vectors."""

    files: Annotated[int, msgspec.Meta(description="How many were read.")]
    findings: list[str]
