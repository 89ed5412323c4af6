"""The needle family is what its docstring says."""

import pytest
from flint import fmpq

from reference.catalog import load
from reference.constructions.needles import needle
from reference.exact import exp, exp_ratio, real
from reference.exact.linalg import Vector
from reference.model import coverage, optimal_value, optimum


def test_the_catalog_instance_is_a_member() -> None:
    problem, stored = needle(1024, "1/14", 2, 8, position=3, signs=[1, -1, 1, 1]), load("needle-1024")
    assert problem.prompts == stored.prompts
    assert (problem.theta, problem.beta, problem.B, problem.R_max) == (
        stored.theta,
        stored.beta,
        stored.B,
        stored.R_max,
    )


@pytest.mark.parametrize(("C", "beta", "m"), [(2, "1/2", 2), (64, "3/25", 1), (8, "1/5", 5)])
def test_its_coverage_and_its_value(C: int, beta: str, m: int) -> None:
    problem = needle(C, beta, m)
    p, large = fmpq(1, C), exp(1 / problem.beta)
    assert exp_ratio(coverage(problem, optimum(problem))) == exp_ratio(large) / (large * p + (1 - p))
    assert exp_ratio(coverage(problem, optimum(problem))) <= C
    assert optimal_value(problem) >= real(fmpq(1, 2))


def test_rewards_and_norms() -> None:
    problem = needle(4, "1/3", 3, 5, position=2)
    assert [problem.reward(0, y) for y in range(6)] == [0, 0, 1, 0, 0, 0]
    assert problem.phi(0, 2).norm_squared() == 1
    assert problem.phi(0, 1) == Vector((0,) * 9)
    assert problem.support(0) == (0, 2)
    assert problem.difference_rank() == 1


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (("3/2", 1, 2, 3), {}),
        ((4, 1, 0, 3), {}),
        ((4, 1, 2, 3), {"position": 4}),
        ((4, 1, 2, 3), {"position": 0}),
        ((4, 1, 2, 3), {"signs": [1, 1, 1]}),
        ((4, 1, 1, 3), {"signs": [2]}),
        ((4, 0, 1, 3), {}),
    ],
)
def test_bad_parameters_are_refused(arguments: tuple[object, ...], options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"needs|positive"):
        needle(*arguments, **options)  # type: ignore[arg-type]  # on purpose
