"""``spanner sweep --json``: what a sweep amounts to.  The lines of its file are :mod:`proofs_check.sweep.lines`."""

from typing import Annotated

import msgspec

from proofs_check.cli.formats.parts import Document, Part


class NamedStrategy(Part, frozen=True):
    """A way to make instances."""

    name: str
    makes: str


class Strategies(Document, frozen=True, tag="spanner-reference/strategies"):
    """What ``spanner sweep`` can make instances with: printed where none is named."""

    strategies: list[NamedStrategy]


class SweptCounterexample(Part, frozen=True):
    """The smallest instance that was found to violate a claim, made from instance ``index``; ``item`` is its file."""

    index: int
    choices: list[int]
    trials: Annotated[int, msgspec.Meta(description="Instances that were looked at to make it small.")]
    where: str
    statement: str
    left: str
    relation: str
    right: str
    item: str


class UndecidedInstance(Part, frozen=True):
    """An instance on which a claim is undecided, and why."""

    index: int
    reason: str


class SweptClaimTotals(Part, frozen=True):
    """A claim: on how many instances it holds, and so on; ``margin`` is the narrowest, at instance ``at``."""

    id: str
    holds: int
    violated: int
    undecided: int
    not_reached: Annotated[int, msgspec.Meta(description="The hypotheses do not hold, or it is of another kind.")]
    cases: int
    margin: Annotated[
        str | None, msgspec.Meta(description="Relative to the larger side, a decimal; null where no inequality is.")
    ]
    at: int | None
    violated_at: Annotated[list[int], msgspec.Meta(description="The first thousand.")]
    undecided_at: Annotated[list[UndecidedInstance], msgspec.Meta(description="The first thousand.")]
    counterexample: SweptCounterexample | None = None


class Sweep(Document, frozen=True, tag="spanner-reference/sweep"):
    """A sweep of the instances ``first`` to ``first + n - 1``; ``holds``: nothing is violated or undecided.

    ``resumed`` of them were in the file; ``cpu_seconds`` is what the others took, over all processes, ``seconds`` how
    long that was.
    """

    strategy: str
    seed: int
    first: int
    n: int
    on: str
    digest: str
    holds: bool
    resumed: int
    seconds: float
    cpu_seconds: float
    claims: list[SweptClaimTotals]
