"""``spanner grade --json``: an implementation, what was asked of it, and what each answer is worth."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from proofs_check.cli.formats.parts import Document, Part

Decimal = Annotated[str, msgspec.Meta(description="A decimal of three digits.")]


class Resemblance(Part, frozen=True):
    """A named mistake whose vectors are nearly those that fail: a hint, no proof."""

    mutant: str
    shared: Annotated[str, msgspec.Meta(description="Vectors that both fail, of those that either fails.")]
    why: str


class FunctionGrade(Part, frozen=True):
    """A function: how many of its vectors passed its level, how many answers had each verdict, the largest errors."""

    function: str
    level: str
    asked: int
    passed: int
    expected_failures: int
    verdicts: dict[str, int]
    largest_ulps: Annotated[Decimal | None, msgspec.Meta(description="null: every number is faithful.")]
    largest_share: Annotated[Decimal | None, msgspec.Meta(description="The largest error, in what stable allows.")]
    smallest_failing: Annotated[str | None, msgspec.Meta(description="Id of the vector with the smallest input.")]
    resembles: list[Resemblance]


class VectorGrade(Part, frozen=True):
    """A vector: its verdict; the last keys are there where it did not pass."""

    id: str
    function: str
    verdict: str
    passed: bool
    said: str
    flags: list[str]
    acceptable: Annotated[
        bool, msgspec.Meta(description="It passed as a refusal that is due, or as what the vector accepts.")
    ]
    ulps: Decimal | UnsetType = UNSET
    share: Decimal | UnsetType = UNSET
    from_ideal: Annotated[
        Decimal | UnsetType, msgspec.Meta(description="Units from the answer to ideal inputs, which were rounded.")
    ] = UNSET
    expected_failure: Annotated[str | UnsetType, msgspec.Meta(description="Why it was expected to fail.")] = UNSET
    comment: str | UnsetType = UNSET
    shows: Annotated[list[str] | UnsetType, msgspec.Meta(description="The mistakes that its flags stand for.")] = UNSET
    input: dict[str, Any] | UnsetType = UNSET
    value: Annotated[list[str] | UnsetType, msgspec.Meta(description="The right answer.")] = UNSET
    answered: str | UnsetType = UNSET


class ReplayGrade(Part, frozen=True):
    """A replayed script: how many questions were asked, and the first difference."""

    script: str
    algorithm: str
    passed: bool
    questions: int
    said: str


class SamplerGrade(Part, frozen=True):
    """A sampler on one setting, judged against its exact law."""

    sampler: str
    setting: str
    passed: bool
    draws: int
    said: str
    repeats: Annotated[bool, msgspec.Meta(description="Equal seeds gave equal draws.")]
    seen: Annotated[
        Decimal | None, msgspec.Meta(description="Any law at this total variation would have been refuted by now.")
    ]


class AreaGrade(Part, frozen=True):
    """An area of the kit, or the runs or samplers: how many passed of all that there are, asked or not."""

    area: str
    passed: int
    in_kit: int


class ImplementationGrade(Document, frozen=True, tag="spanner-reference/grade"):
    """An implementation, graded: function by function, and vector by vector."""

    name: str
    implementation_version: str
    implementation: Annotated[str, msgspec.Meta(description="As it was named.")]
    vectors_version: str
    vectors_sha256: Annotated[str, msgspec.Meta(description="Of the index: who has the same was asked the same.")]
    float_format: str
    profile: str
    passed: bool
    vectors_asked: int
    vectors_passed: int
    vectors_in_kit: Annotated[int, msgspec.Meta(description="In this format, of all functions.")]
    not_offered: list[str]
    functions: list[FunctionGrade]
    vectors: list[VectorGrade]
    notes: list[str]
    stderr: Annotated[str, msgspec.Meta(description="The last 2 kB.")]
    replays: Annotated[list[ReplayGrade] | UnsetType, msgspec.Meta(description="With --replay.")] = UNSET
    samplers: Annotated[list[SamplerGrade] | UnsetType, msgspec.Meta(description="With --samplers.")] = UNSET
    areas: Annotated[
        list[AreaGrade] | UnsetType, msgspec.Meta(description="Always there from version 2026.12 of the vectors on.")
    ] = UNSET
