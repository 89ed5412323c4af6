"""Problems whose numbers are all exactly binary64, and their numbers as floats: nothing is rounded on the way."""

from dataclasses import dataclass
from typing import Literal

from flint import fmpq
from hypothesis import strategies as st

from reference.exact.law import Mass
from reference.exact.log_linear import LogLinear
from reference.exact.rational_numbers import rational_text
from reference.exact.reals import lowest
from reference.model.linear_problem import LinearProblem
from reference.testing.extreme import (
    LARGEST_STEP,
    MANY,
    SMALLEST_STEP,
    STRESSES,
    Stress,
    WeightedRow,
    assembled,
    sizes,
    stressed_features,
)
from reference.testing.parts import common_denominator, mass_weights

LINK = 50
"""Bits by which masses fall from one response to the next in a chain of tiny ones."""

_SMALL = fmpq(1, 2**40)
"""The second coordinate of near-dependent features is a small multiple of this."""


@dataclass(frozen=True)
class FloatTables:
    """The numbers of a linear problem as floats, each exactly equal to the problem's.

    ``rho[x]``, ``pi_ref[x][y]``, ``phi[x][y][k]``, ``rewards[x][y]``, ``theta[k]``, ``beta``.
    """

    rho: list[float]
    pi_ref: list[list[float]]
    phi: list[list[list[float]]]
    rewards: list[list[float]]
    theta: list[float]
    beta: float


def float_tables(problem: LinearProblem) -> FloatTables:
    """Return what an implementation in floats is fed, so that it solves the very problem that is solved exactly.

    Raises:
        ValueError: if a number of the problem is not exactly a binary64 number; it says which.

    >>> import reference as ref
    >>> x = ref.Prompt.of("x", [ref.Response.of("good", "1/4", [1]), ref.Response.of("bad", "3/4", [0])])
    >>> tables = float_tables(ref.LinearProblem.of("coin", [x], theta=["5/8"], beta="1/2", B=1, R_max=1))
    >>> tables.pi_ref, tables.rewards, tables.beta
    ([[0.25, 0.75]], [[0.625, 0.0]], 0.5)
    """
    prompts = list(enumerate(problem.prompts))
    return FloatTables(
        rho=[_binary64(entry.rho, f"rho of prompt {x}") for x, entry in prompts],
        pi_ref=[
            [_binary64(r.pi_ref, f"pi_ref of response {y} to prompt {x}") for y, r in enumerate(entry.responses)]
            for x, entry in prompts
        ],
        phi=[
            [[_binary64(v, f"phi of response {y} to prompt {x}") for v in r.phi] for y, r in enumerate(entry.responses)]
            for x, entry in prompts
        ],
        rewards=[
            [_binary64(r, f"reward of response {y} to prompt {x}") for y, r in enumerate(problem.rewards(x))]
            for x, _ in prompts
        ],
        theta=[_binary64(t, f"theta[{k}]") for k, t in enumerate(problem.theta)],
        beta=_binary64(problem.beta, "beta"),
    )


@st.composite
def float_problems(
    draw: st.DrawFn, stress: Stress | Literal["none"] | None = None, *, max_responses: int = 3000
) -> LinearProblem:
    """Linear problems for :func:`float_tables`: masses, features, rewards, ``theta`` and ``beta`` are binary64 numbers.

    The masses of a law sum to exactly 1, as floats too.  ``stress``: as in
    :func:`~reference.testing.extreme.extreme_problems`, or ``"none"``; any of these unless given.  Tiny masses go
    down to ``2^-1000``, nearly dependent features to ``2^-40``.

    >>> from math import fsum
    >>> from hypothesis import given, settings
    >>> @settings(max_examples=20, derandomize=True, database=None, deadline=None)
    ... @given(float_problems())
    ... def test_masses_are_those_of_the_problem(problem):
    ...     for x, masses in enumerate(float_tables(problem).pi_ref):
    ...         assert fsum(masses) == 1
    ...         assert all(problem.pi_ref(x).mass(y) == fmpq(*mass.as_integer_ratio()) for y, mass in enumerate(masses))
    >>> test_masses_are_those_of_the_problem()
    """
    chosen = draw(st.sampled_from(("none", *STRESSES))) if stress is None else stress
    beta = draw(st.sampled_from((fmpq(1, 4), fmpq(1, 2), fmpq(1), fmpq(2))))
    small = _SMALL if chosen == "near-dependent" else None
    dimension = draw(st.integers(1, 2)) if small is None else 2
    theta = [fmpq(draw(st.integers(-24, 24)), 8) for _ in range(dimension)]
    if chosen == "steep-rewards":
        steps = draw(st.integers(SMALLEST_STEP, LARGEST_STEP)) * draw(st.sampled_from((-1, 1)))
        theta[0] = beta * common_denominator(dimension) * steps
    if small is not None and draw(st.booleans()):
        theta[1] /= small
    share = fmpq(draw(st.integers(1, 3)), 4)
    rho = draw(st.sampled_from(((fmpq(1),), (share, 1 - share))))
    rows = []
    for x in range(len(rho)):
        masses = draw(_dyadic_masses(chosen, max_responses if x == 0 else 0))
        rows.append(WeightedRow(masses, draw(stressed_features(dimension, len(masses), small))))
    baselines = [draw(st.sampled_from((fmpq(0), fmpq(-1, 2), fmpq(2)))) for _ in rho]
    return assembled(f"binary64, {chosen}", rho, rows, baselines, [LogLinear(t) for t in theta], beta)


@st.composite
def _dyadic_masses(draw: st.DrawFn, stress: str, max_responses: int) -> tuple[fmpq, ...]:
    """Masses whose numerators have at most 53 bits; the first two are positive."""
    if stress == "tiny-masses" and max_responses:
        links = draw(st.integers(10, 20))
        chain = [(1 - fmpq(1, 2**LINK)) / fmpq(2) ** (LINK * i) for i in range(links)]
        return (1 / fmpq(2) ** (LINK * links), *reversed(chain))
    size = draw(sizes(stress, max_responses))
    if size >= MANY:
        step = draw(st.integers(1, 6))
        weights = [1 + step * j % 7 for j in range(size)]
    else:
        weights = [w + (y <= 1) for y, w in enumerate(draw(mass_weights(size)))]
    bits = sum(weights).bit_length()
    weights[1] += 2**bits - sum(weights)
    return tuple(fmpq(w, 2**bits) for w in weights)


def _binary64(value: Mass | LogLinear, what: str) -> float:
    number = lowest(value)
    q = number if isinstance(number, fmpq) else None
    if q is None:
        raise ValueError(f"{what}: {value!s:.200} is not a binary64 number")
    try:
        found = int(q.p) / int(q.q)  # rounded to the nearest, once
    except OverflowError:
        found = 0.0
    if fmpq(*found.as_integer_ratio()) != q:
        raise ValueError(f"{what}: {rational_text(q)} is not a binary64 number")
    return found
