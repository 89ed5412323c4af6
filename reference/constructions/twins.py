"""A second instance that answers every question alike, and has another optimum: rewards must span the differences.

Let ``Q`` be the span of the queried same-prompt differences ``phi(x,y) - phi(x,y_x)``.  If a difference of supported
responses lies outside ``Q`` there is a rational ``w`` orthogonal to ``Q`` but not to it.  Put ``theta' = theta + t w``
and ``b'(x) = b(x) - t <w, phi(x,y_x)>`` with ``y_x`` a queried response: every queried reward is the same, and
``<theta', phi(x,y,y')> != <theta, phi(x,y,y')>``, so the optimal policies differ at ``x``.

Needs a baseline that the learner does not know, ``||theta||_2 < B`` and reward ranges ``< R_max``, all strictly: then
every small ``t`` is allowed.  Source: ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flint import fmpq

from reference.exact.linalg import Matrix, Vector
from reference.model.checks import ProblemError
from reference.model.linear_problem import LinearProblem

MAX_HALVINGS = 64
"""Halvings of ``t`` before the declared bounds are taken for attained."""


@dataclass(frozen=True, slots=True)
class Indistinguishable:
    """The second instance, and a prompt with two supported responses whose difference of rewards is another there."""

    problem: LinearProblem
    prompt: int
    responses: tuple[int, int]


def indistinguishable(problem: LinearProblem, queried: Iterable[tuple[int, int]]) -> Indistinguishable | None:
    """Return an instance with the same answers to the queried ``(x, y)`` and another optimum, or ``None`` if none is.

    ``None`` means that the queried differences span those of the supports: then the rewards determine the optimum.

    Raises:
        ValueError: if a query names no prompt or response, or if the declared bounds leave no room
            (``||theta||_2 = B``, or a reward range equal to ``R_max``).
    """
    asked: dict[int, list[int]] = {}
    for x, y in queried:
        if not (0 <= x < len(problem.prompts) and 0 <= y < problem.response_count(x)):
            raise ValueError(f"query ({x}, {y}): there is no such prompt or response")
        asked.setdefault(x, []).append(y)
    rows = [problem.phi(x, y) - problem.phi(x, ys[0]) for x, ys in asked.items() for y in ys[1:]]
    null = Matrix.of(rows, columns=problem.dimension).null_space()
    for x in range(len(problem.prompts)):
        first, *others = problem.support(x)
        for y in others:
            difference = problem.phi(x, y) - problem.phi(x, first)
            for w in null:
                if w.dot(difference) != 0:
                    return Indistinguishable(_shifted(problem, w, asked), x, (first, y))
    return None


def _shifted(problem: LinearProblem, w: Vector, asked: dict[int, list[int]]) -> LinearProblem:
    t = fmpq(1)
    for _ in range(MAX_HALVINGS):
        try:
            return shifted(problem, w, t, asked)
        except ProblemError:
            t = t / 2
    raise ValueError(
        f"{problem.name}: the bounds B and R_max leave no room; the construction needs ||theta|| < B and ranges < R_max"
    )


def shifted(problem: LinearProblem, w: Vector, t: fmpq, asked: dict[int, list[int]]) -> LinearProblem:
    """Return the instance with ``theta + t w``, baselines moved so that the first queried reward at each prompt stays.

    Raises:
        ProblemError: if a declared bound is exceeded.
    """
    theta = tuple(entry + t * w[j] for j, entry in enumerate(problem.theta))
    prompts = tuple(
        replace(entry, baseline=entry.baseline - t * w.dot(problem.phi(x, asked[x][0]))) if x in asked else entry
        for x, entry in enumerate(problem.prompts)
    )
    return replace(problem, theta=theta, prompts=prompts)
