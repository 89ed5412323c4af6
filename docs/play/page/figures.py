"""Three figures: coverage as mass, what rejection keeps, and a spanner in the plane, step by step."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any

from flint import fmpq

from docs.play.page.shown import Number2, Sentence, near, number, read, read_linear
from proofs_check.exercises.families import COMPASS
from reference.algorithms.parts.cover import RidgeCover
from reference.algorithms.spanner_sampling import Spanner, phase_1_round
from reference.exact import LogLinear, Number, Real, log, rational, real, real_sum
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction import Seeded
from reference.interaction.world import Event, World
from reference.laws.softmax_sampling import softmax_sampler_law, softmax_sampler_masses, softmax_sampler_query_masses
from reference.model import LinearProblem, Problem, Prompt, Response, base_policy, coverage, gap, optimum

Answer = dict[str, Any]
"""JSON for the page."""

MOST_SHOWN = 40
"""Responses that are drawn."""

MOST_TRIALS = 16
"""``N``, at most."""

ROUNDS = 12
"""Of phase 1, at most."""


def coverage_as_mass(source: str, beta: str = "", prompt: int = 0) -> Answer:
    """Return the mass of each response under ``pi_ref`` and ``pi*`` at a prompt, and the ratio of the two."""
    problem = _responses(read(source, beta))
    best, base = optimum(problem), problem.pi_ref(_prompt(problem, prompt))
    law, rows = best.law(prompt), []
    for y in base.outcomes:
        mass, ratio = law.mass(y), real(law.mass(y)) / real(base.mass(y))
        rows.append({"name": base.names[y], "base": number(base.mass(y)), "best": number(mass), "ratio": number(ratio)})
    return {
        "name": problem.name,
        "beta": str(problem.beta),
        "prompts": [entry.name for entry in problem.prompts],
        "rows": rows,
        "coverage": number(coverage(problem, best)),
        "gap": number(gap(problem, base_policy(problem))),
    }


def rejection(source: str, M: str, N: int, prompt: int = 0) -> Answer:
    """Return SoftmaxSampler's exact law at ``theta*`` beside its target, and where its queries go."""
    problem = read_linear(source)
    _responses(problem)
    if not 1 <= N <= MOST_TRIALS:
        raise Sentence(f"N = {N}: the page takes N from 1 to {MOST_TRIALS}")
    base, target = problem.pi_ref(_prompt(problem, prompt)), optimum(problem).law(prompt)
    rewards, bound = problem.rewards(prompt), rational(M)
    found = _law(base, rewards, problem.beta, bound, N)
    waiting = softmax_sampler_query_masses(base, rewards.__getitem__, problem.beta, bound, N)
    rows = [
        {
            "name": base.names[y],
            "law": number(found[y]),
            "target": number(target.mass(y)),
            "base": number(base.mass(y)),
        }
        for y in base.outcomes
    ]
    apart = real_sum(abs(found[y] - real(target.mass(y))) for y in base.outcomes) / 2
    return {
        "name": problem.name,
        "prompts": [entry.name for entry in problem.prompts],
        "rows": rows,
        "apart": number(apart),
        "none": number(waiting[2 * N + 1]),
        "first": number(waiting[N + 1]),
        "queries": number(real_sum(mass * count for count, mass in waiting.items())),
        "waiting": [near(waiting[N + t]) for t in range(1, N + 2)],
        "needed": number(coverage(problem, optimum(problem)) * 2),
    }


def _law(base: Law[int], rewards: Sequence[LogLinear], beta: fmpq, M: fmpq, N: int) -> Mapping[int, Real]:
    """Return the law exactly where it is rational: two equal masses are then seen to be equal."""
    try:
        law = softmax_sampler_law(base, rewards.__getitem__, beta, M, N)
    except ValueError:
        return softmax_sampler_masses(base, rewards.__getitem__, beta, M, N)
    return {y: real(mass) for y, mass in law.items()}


def spanner_steps(seed: int, ridge: str = "1/4", nu: str = "3/4", pairs: int = 2) -> Answer:
    """Return phase 1 of SpannerSampling in the plane, round by round: the draws, ``Sigma``, and what is covered."""
    scale, threshold = rational(ridge), rational(nu)
    if not (scale > 0 and threshold > 0 and 1 <= pairs <= MOST_SHOWN):
        raise Sentence("lambda and nu are above 0, and the number of pairs is from 1 to 40: move a slider back")
    cover = RidgeCover.empty(2, scale, threshold)
    told = list[Event]()
    problem = compass()
    oracles = World(problem, Seeded(seed), observer=told.append).oracles
    spanner, written = Spanner(cover, ()), cache(number)
    steps: list[Answer] = [{"drawn": [], **_state(spanner, written)}]
    for _ in range(ROUNDS):
        told.clear()
        before, spanner = spanner, phase_1_round(oracles, spanner, pairs)
        state = steps[-1] if len(spanner.psi) == len(before.psi) else _state(spanner, written)
        steps.append(state | {"drawn": [details[1] for oracle, details in told if oracle == "weak"]})
    return {"differences": [[number(c) for c in phi] for phi in _differences()], "steps": steps}


def compass() -> LinearProblem:
    """Return the instance of the plane: eight responses, of which the first pays."""
    names = ("E", "N", "W", "S", "NE", "NW", "SW", "SE")
    responses = [Response.of(n, "1/8", [fmpq(a, 5), fmpq(b, 5)]) for n, (a, b) in zip(names, COMPASS, strict=True)]
    theta = (log(2) * 5, log(2) * 0)
    return LinearProblem.of("compass", [Prompt.of("x", responses)], theta=theta, beta=1, B=4, R_max=6)


@cache
def _differences() -> list[Vector]:
    entries = [Vector.of([fmpq(a, 5), fmpq(b, 5)]) for a, b in COMPASS]
    return list(dict.fromkeys(a - b for a, b in product(entries, entries)))


def _state(spanner: Spanner, written: Callable[[Number], Number2]) -> Answer:
    cover = spanner.cover
    assert isinstance(cover, RidgeCover)  # noqa: S101 - as it was made
    rows: tuple[Vector, ...] = cover.sigma.matrix().rows
    return {
        "accepted": [[written(c)["value"] for c in phi] for phi, _ in spanner.psi],
        "rewards": [written(r) for _, r in spanner.psi],
        "sigma": [[number(c) for c in row] for row in rows],
        "covered": [cover.covers(phi) for phi in _differences()],
        "determinant": number(cover.sigma.determinant()),
        "nu": number(cover.nu),
    }


def _responses(problem: Problem) -> Problem:
    """Return a problem with whole responses, few enough to be drawn."""
    count = max(problem.sequence_counts())
    if count > MOST_SHOWN:
        raise Sentence(f"{count} responses to a prompt; the page draws up to {MOST_SHOWN}: pick a smaller instance")
    return problem if problem.horizon == 1 else problem.sequences()


def _prompt(problem: Problem, prompt: int) -> int:
    if not 0 <= prompt < len(problem.prompts):
        raise Sentence(f"prompt {prompt}: {problem.name} has {len(problem.prompts)}, counted from 0")
    return prompt
