"""Exact laws of whole runs, with all data: every pair that rewards were asked for, read off the transcript."""

from flint import fmpq

from reference.algorithms.parts.cover import Datum
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact import LogLinear
from reference.exact.law import Law
from reference.interaction.choice import Carrying, Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import Event, World
from reference.model import LinearProblem

Rewarded = tuple[tuple[int, int, LogLinear], ...]
"""Prompt, response and reward of each reward query, in order."""


def runs(
    problem: LinearProblem, p: SpannerSampling, noise: Law[fmpq] | None = None
) -> Law[tuple[SpannerPolicy, Rewarded]]:
    """Return the exact law of what SpannerSampling returns, together with the rewards that it saw."""

    def run(choice: Choice) -> tuple[SpannerPolicy, Rewarded]:
        none: Rewarded = ()
        seen = Carrying(choice, none)

        def observe(event: Event) -> None:
            oracle, details = event
            if oracle == "reward":
                x, y, r = details
                assert isinstance(x, int)  # noqa: S101 - narrows the type of a transcript's entry
                assert isinstance(y, int)  # noqa: S101 - the same
                assert isinstance(r, LogLinear)  # noqa: S101 - the same
                seen.carried = (*seen.carried, (x, y, r))

        world = World(problem, seen, noise=noise, observer=observe, metered=False)
        return p(world.oracles), seen.carried

    return law_of(run)


def data_of(problem: LinearProblem, rewarded: Rewarded) -> tuple[Datum, ...]:
    """Return the differences of features and of rewards, in order: first those of ``Psi``."""
    return tuple(
        (problem.phi(x, y1) - problem.phi(x, y2), r1 - r2)
        for (x, y1, r1), (_, y2, r2) in zip(rewarded[::2], rewarded[1::2], strict=True)
    )
