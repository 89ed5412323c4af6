"""Linear problems that are hard on rounding: tiny masses, steep rewards, many responses, nearly dependent features."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from flint import fmpq
from hypothesis import strategies as st

from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear, log
from reference.model.linear import extremes, linear_score
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prompt, Response
from reference.testing.parts import (
    FAMILIES,
    ThetaFamily,
    common_denominator,
    features,
    mass_weights,
    numbers_of,
    rationals,
)

Stress = Literal["tiny-masses", "steep-rewards", "many-responses", "near-dependent"]
"""What is extreme in a problem; :func:`extreme_problems` says how much."""

STRESSES: tuple[Stress, ...] = ("tiny-masses", "steep-rewards", "many-responses", "near-dependent")

MANY = 1000
"""The least number of responses under ``"many-responses"``."""

SMALLEST_STEP, LARGEST_STEP = 50, 100
"""How many times larger a parameter of steep rewards is than one that makes ``exp(r/beta)`` small powers."""


@st.composite
def extreme_problems(
    draw: st.DrawFn, stress: Stress | None = None, family: ThetaFamily | None = None, *, max_responses: int = 3000
) -> LinearProblem:
    """Linear problems with one extreme (any, unless given), of one family (any, unless given); one or two prompts.

    * ``"tiny-masses"``: the first response has a base mass between 1e-320 and 1e-289, others may have 1e-20.
    * ``"steep-rewards"``: two rewards differ by 138 ``beta`` at least and by 2000 ``beta`` at most.
    * ``"many-responses"``: 1000 to ``max_responses`` responses to the first prompt, of at most eight features.
    * ``"near-dependent"``: ``d = 2``, and the second coordinate of all features is at most 1e-17.  Its parameter is
      as much larger, so that it decides the rewards, or (only rational ones) as small as others.

    >>> from hypothesis import given, settings
    >>> import reference as ref
    >>> @settings(max_examples=5, derandomize=True, database=None, deadline=None)
    ... @given(extreme_problems("tiny-masses"))
    ... def test_the_rare_response_has_a_mass(problem):
    ...     assert 0 < problem.pi_ref(0).mass(0) < ref.rational("1e-288")
    ...     assert 0 < ref.optimum(problem).law(0).mass(0) < 1
    >>> test_the_rare_response_has_a_mass()
    """
    chosen = draw(st.sampled_from(STRESSES)) if stress is None else stress
    kind = draw(st.sampled_from(FAMILIES)) if family is None else family
    beta = draw(rationals(fmpq(1, 4), 2, 4))
    small = draw(st.sampled_from((fmpq(1, 2**60), fmpq(1, 10**20)))) if chosen == "near-dependent" else None
    dimension = draw(st.integers(1, 2)) if small is None else 2
    scale = beta * common_denominator(dimension)
    theta = [draw(numbers_of(kind))(scale) for _ in range(dimension)]
    if chosen == "steep-rewards":
        unit = LogLinear(scale) if kind == "rational" else log(2) * scale
        theta[0] = unit * draw(st.integers(SMALLEST_STEP, LARGEST_STEP)) * draw(st.sampled_from((-1, 1)))
    if small is not None and (kind != "rational" or draw(st.booleans())):
        theta[1] = theta[1] / small
    rho = [w + 1 for w in draw(mass_weights(draw(st.integers(1, 2)), 3))]
    rows = []
    for x in range(len(rho)):
        size = draw(sizes(chosen, max_responses if x == 0 else 0))
        rows.append(WeightedRow(draw(_masses(chosen, size)), draw(stressed_features(dimension, size, small))))
    baselines = [draw(st.sampled_from((fmpq(0), fmpq(-1, 2), fmpq(2)))) for _ in rho]
    return assembled(chosen, [fmpq(w, sum(rho)) for w in rho], rows, baselines, theta, beta)


class WeightedRow(NamedTuple):
    """The responses to one prompt: their base masses and features."""

    masses: Sequence[fmpq]
    phis: Sequence[Vector]


def assembled(
    name: str,
    rho: Iterable[fmpq],
    rows: Iterable[WeightedRow],
    baselines: Iterable[fmpq],
    theta: Sequence[LogLinear],
    beta: fmpq,
) -> LinearProblem:
    """Return the problem, with the least integers as bounds of rewards and of ``sum |theta_k| >= ||theta||_2``."""
    listed, score = list(rows), linear_score(theta)
    prompts = [
        Prompt(
            f"x{i}",
            weight,
            responses=tuple(Response(f"y{j}", mass, phi) for j, (mass, phi) in enumerate(zip(*row, strict=True))),
            baseline=b,
        )
        for i, (weight, row, b) in enumerate(zip(rho, listed, baselines, strict=True))
    ]
    norm = sum(abs(t).ceil() for t in theta)
    spread = 0
    for masses, phis in listed:
        least, greatest = extremes([score(phi) for phi in {p for p, m in zip(phis, masses, strict=True) if m != 0}])
        spread = max(spread, (greatest - least).ceil())
    return LinearProblem.of(name, prompts, theta=theta, beta=beta, B=norm, R_max=spread)


def sizes(stress: str, max_responses: int) -> st.SearchStrategy[int]:
    """How many responses a prompt has; ``max_responses = 0``: few in any case."""
    return st.integers(MANY, max_responses) if stress == "many-responses" and max_responses else st.integers(2, 4)


@st.composite
def stressed_features(draw: st.DrawFn, dimension: int, size: int, small: fmpq | None) -> tuple[Vector, ...]:
    """Features of that many responses; ``small``: the scale of the second coordinate, as large as the first if None.

    The first two are such that the stress is felt: they differ by a unit vector, or by ``small`` alone.
    """
    if small is not None:
        grid = st.tuples(st.integers(-2, 2), st.integers(-4, 4))
        places = [(2, 0), (2, 1), *(draw(grid) for _ in range(size - 2))]
        return tuple(Vector.of([fmpq(a, 4), n * small]) for a, n in places)
    unit = Vector.of([1] + [0] * (dimension - 1))
    palette = [unit, unit.scaled(0), *(draw(features(dimension)) for _ in range(min(size - 2, 6)))]
    return tuple(palette[j % len(palette)] for j in range(size))


@st.composite
def _masses(draw: st.DrawFn, stress: str, size: int) -> tuple[fmpq, ...]:
    """Masses of one law: of many responses from a pattern, else drawn; the first two are positive."""
    if size >= MANY:
        step = draw(st.integers(1, 6))
        weights = [fmpq(1 + step * j % 7) for j in range(size)]
    else:
        first, second, *others = draw(mass_weights(size))
        weights = [fmpq(w) for w in (first + 1, second + 1, *others)]
    if stress == "tiny-masses":
        weights[0] /= fmpq(10) ** draw(st.integers(290, 318))
        for y in range(2, size):
            weights[y] /= fmpq(10) ** draw(st.sampled_from((0, 20)))
    total = sum(weights, fmpq(0))
    return tuple(w / total for w in weights)
