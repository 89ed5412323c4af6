"""``spanner run --json``: a run, a law, the algorithms."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from proofs_check.cli.formats.parts import Document, ExactText, Numeral, Part
from proofs_check.cli.formats.solve import Pair

Vector = tuple[ExactText, ...]
Theta = tuple[Numeral, ...]


class Event(Part, frozen=True):
    """A query and its answer.

    The answer of ``prompt`` is prompt; of ``weak`` response, or token after prefix; of ``strong``, which is asked with
    theta, response; of ``listing`` the number of tokens after prefix; of ``reward`` value.
    """

    oracle: Literal["prompt", "weak", "strong", "reward", "listing"]
    prompt: str
    response: str | UnsetType = UNSET
    prefix: tuple[str, ...] | UnsetType = UNSET
    token: str | UnsetType = UNSET
    tokens: int | UnsetType = UNSET
    theta: Theta | UnsetType = UNSET
    value: Numeral | UnsetType = UNSET


class Difference(Pair, frozen=True):
    """A difference of two responses with its features and, where they are found, its coefficients in the spanner."""

    phi: Vector
    coefficients: Vector | UnsetType = UNSET


class TokenPair(Part, frozen=True):
    """A difference of two tokens after a prefix, with its features."""

    prefix: tuple[str, ...]
    token: str
    minus: str
    phi: Vector


class Layer(Part, frozen=True):
    """What MTSS found in a layer: the accepted pairs and the parameter."""

    Psi: tuple[TokenPair, ...]
    theta: Theta


class Answer(Part, frozen=True):
    """What an algorithm returned; which keys are there depends on it."""

    theta: Theta | UnsetType = UNSET
    accepted: tuple[Vector, ...] | UnsetType = UNSET
    thetas: tuple[Theta, ...] | UnsetType = UNSET
    passes: int | UnsetType = UNSET
    layers: tuple[Layer, ...] | UnsetType = UNSET
    gap: Annotated[
        Numeral | UnsetType | None,
        msgspec.Meta(description="Of the returned policy, with exact sampling; null where it was not computed."),
    ] = UNSET
    response: Annotated[
        str | UnsetType | None, msgspec.Meta(description="The drawn response; null if all trials failed.")
    ] = UNSET
    cut: Annotated[
        Numeral | UnsetType, msgspec.Meta(description="What a cap on pi*/pi_ref cuts off; 0 from C_cov on.")
    ] = UNSET
    spanner: tuple[Difference, ...] | UnsetType = UNSET
    differences: tuple[Difference, ...] | UnsetType = UNSET
    checked: Annotated[
        tuple[str, ...] | UnsetType, msgspec.Meta(description="Kinds of certificates that were checked on the way.")
    ] = UNSET


class Meter(Part, frozen=True):
    """Queries made: by kind, with access to tokens layer by layer, and in all."""

    prompts: int
    weak: int | list[int]
    reward: int
    T_data: int
    T_comp: int
    strong: int | UnsetType = UNSET
    listed: list[int] | UnsetType = UNSET


class Setting(Part, frozen=True):
    """An input that theory asks for."""

    name: str
    value: ExactText
    formula: str
    source: str


class Kept(Part, frozen=True):
    """Whether the promise is kept: P(gap <= eps) over all runs, of the returned policy as it is sampled."""

    holds: Annotated[bool | None, msgspec.Meta(description="null: the interval does not tell.")]
    how: Annotated[
        Literal["exact law", "certified interval"],
        msgspec.Meta(description="An interval from runs has ends of which each is wrong with probability <= 1/10^6."),
    ]
    least: Numeral
    most: Numeral
    runs: Annotated[int, msgspec.Meta(description="Runs that an interval comes from; 0: no chance is involved.")]
    base_gap: Annotated[Numeral, msgspec.Meta(description="The gap of pi_ref.")]


class Theory(Part, frozen=True, kw_only=True):
    """What --theory asks for, what is promised, and whether it is kept."""

    eps: ExactText
    delta: ExactText
    coverage: Annotated[ExactText, msgspec.Meta(description="C_cov(pi*), or a bound on it.")]
    promise: str | None
    quantities: Annotated[list[Setting], msgspec.Meta(description="What the formulas of the settings mention.")]
    settings: list[Setting]
    T_data: Annotated[int, msgspec.Meta(description="The most reward queries of a run.")]
    T_comp: Annotated[int, msgspec.Meta(description="The most sampling queries of a run and a draw.")]
    kept: Kept


class Run(Document, frozen=True, kw_only=True, tag="spanner-reference/run"):
    """One run: its queries in order, what it returned, what it cost."""

    algorithm: str
    instance: str
    parameters: dict[str, str]
    theory: Theory | UnsetType = UNSET
    seed: int
    transcript: list[Event]
    answer: Answer
    queries_per_draw: int | None
    meter: Meter


class Outcome(Part, frozen=True):
    """A result, and how probable it is over all runs."""

    probability: Numeral
    T_data: int
    answer: Answer


class Law(Document, frozen=True, kw_only=True, tag="spanner-reference/law"):
    """The exact law of the result over all runs, the most probable first."""

    algorithm: str
    instance: str
    parameters: dict[str, str]
    theory: Theory | UnsetType = UNSET
    outcomes: list[Outcome]


class Parameter(Part, frozen=True):
    """A parameter; its default is null where the instance decides."""

    name: str
    default: str | None
    meaning: str


class Algorithm(Part, frozen=True):
    """An algorithm and its parameters; with access to tokens it runs on any problem, else on linear ones."""

    name: str
    title: str
    parameters: list[Parameter]
    access: Annotated[
        Literal["responses", "rounds", "tokens"],
        msgspec.Meta(description="What it asks for: whole responses, rounds of proper learning, or tokens."),
    ]


class Algorithms(Document, frozen=True, tag="spanner-reference/algorithms"):
    """The algorithms that can be run."""

    algorithms: list[Algorithm]
