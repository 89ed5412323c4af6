"""Exact laws of whole runs with the rewards that they saw, and of the estimates fitted to them."""

from flint import fmpq

from proofs_check.claims.spanner_sampling.setting import accepted, differences
from reference.algorithms.parts.cover import Datum
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.spanner_sampling import Spanner, SpannerSampling, phase_1
from reference.exact import LogLinear
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction.choice import Carrying, Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import Event, World
from reference.model import LinearProblem
from reference.model.parameter_set import Theta

Rewarded = tuple[tuple[int, int, fmpq], ...]
"""Prompt, response and noise of each reward query, in order."""


def runs(
    problem: LinearProblem, p: SpannerSampling, noise: Law[fmpq] | None = None
) -> Law[tuple[SpannerPolicy, Rewarded]]:
    """Return the exact law of what SpannerSampling returns, together with the rewards that it saw."""

    def run(choice: Choice) -> tuple[SpannerPolicy, Rewarded]:
        # Noise is carried as a log-linear number, which remembers its hash: a rational does not.
        none: tuple[tuple[int, int, LogLinear], ...] = ()
        seen = Carrying(choice, none)

        def observe(event: Event) -> None:
            oracle, details = event
            if oracle == "reward":
                x, y, r = details
                assert isinstance(x, int)  # noqa: S101 - narrows the type of a transcript's entry
                assert isinstance(y, int)  # noqa: S101 - the same
                assert isinstance(r, LogLinear)  # noqa: S101 - the same
                seen.carried = (*seen.carried, (x, y, r - problem.reward(x, y)))

        world = World(problem, seen, noise=noise, observer=observe, metered=False)
        policy = p(world.oracles)
        return policy, tuple((x, y, xi.constant) for x, y, xi in seen.carried)

    return law_of(run)


def rewarded_data(problem: LinearProblem, rewarded: Rewarded) -> tuple[Datum, ...]:
    """Return the differences of features and of rewards, in order: first those of ``Psi``."""
    return tuple(
        (problem.phi(x, y1) - problem.phi(x, y2), problem.reward(x, y1) - problem.reward(x, y2) + (xi1 - xi2))
        for (x, y1, xi1), (_, y2, xi2) in zip(rewarded[::2], rewarded[1::2], strict=True)
    )


Psi = tuple[Vector, ...]
"""The accepted differences, in order."""

FittedEstimates = Law[tuple[Psi, Theta, tuple[Vector, ...]]]
"""The accepted differences, an estimate, and the differences that it was fitted to."""


def first_estimates(problem: LinearProblem, p: SpannerSampling, noise: Law[fmpq]) -> FittedEstimates:
    """Return the law of ``theta_1``: it is fitted to what phase 1 leaves behind."""

    def fitted(spanner: Spanner) -> tuple[Psi, Theta, tuple[Vector, ...]]:
        psi = accepted(spanner)
        return psi, spanner.cover.least_squares(spanner.psi), psi

    return law_of(lambda choice: phase_1(World(problem, choice, noise=noise, metered=False).oracles, p)).map(fitted)


def estimates_of_runs(problem: LinearProblem, p: SpannerSampling, noise: Law[fmpq]) -> FittedEstimates:
    """Return the law of ``theta_{T_exp + 1}``, fitted by line 10 to all data of a run."""
    law = runs(problem, p, noise)
    fitted = {}
    for policy, rewarded in law.outcomes:
        data = rewarded_data(problem, rewarded)
        psi, phis = (tuple(phi for phi, _ in part) for part in (policy.psi, data))
        fitted[policy, rewarded] = psi, policy.cover.least_squares(data), phis
    return law.map(fitted.__getitem__)


def given_psi(law: FittedEstimates, psi: Psi) -> FittedEstimates:
    """Return the law given what was accepted."""
    pairs = [(fitted, weight) for fitted, weight in zip(law.outcomes, law.weights, strict=True) if fitted[0] == psi]
    return Law.weighted([fitted for fitted, _ in pairs], [weight for _, weight in pairs])


def differences_up_to_sign(problem: LinearProblem) -> list[Vector]:
    """Return the distinct differences that are not 0, one of each pair of opposites."""
    found = [phi for phi in differences(problem) if not phi.is_zero]
    return [phi for i, phi in enumerate(found) if -phi not in found[:i]]
