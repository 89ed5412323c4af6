"""Enclosed answers of certificates: they hold the reference's exact numbers, and are as narrow as they say."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from flint import arb, fmpq

from proofs_check.certified.enclosed import DECIMALS, enclosed_answers, within_reach
from reference import certify
from reference.catalog import load_linear
from reference.catalog.loading import file_of
from reference.exact.number import ExactNumber
from reference.exact.precision import workprec
from reference.model import gap, objective, optimum
from reference.model.policy import base_policy
from reference.model.values import kl

import certified_form as form  # isort: skip - its folder is known after proofs_check.certified

NAMES = [
    "gap-oscillation-tight",
    "gap-quadratic-tight",
    "needle-1024",
    "smollm2-facts",
    "two-arms-exp",
    "two-arms-mixed",
]
PAIR = re.compile(r"\((-?\d+)#(\d+)\)")


def numbers(term: str) -> list[tuple[Fraction, Fraction]]:
    """Return the pairs of bounds in an answer."""
    found = [Fraction(int(p), int(q)) for p, q in PAIR.findall(term)]
    return list(zip(found[::2], found[1::2], strict=True))


def written(name: str, beta: str | None = None) -> form.Written:
    found = form.read(file_of(name))[1]
    return found if beta is None else replace(found, beta=Fraction(beta))


@pytest.mark.parametrize("name", NAMES)
def test_bounds_hold_the_exact_numbers_of_the_reference(name: str) -> None:
    problem = load_linear(name)
    _, (masses, coverage, value, difference, divergence) = enclosed_answers(written(name))
    found = optimum(problem)
    exact: list[fmpq | ExactNumber] = [
        found.law(x).mass(y) for x in range(len(problem.prompts)) for y in problem.support(x)
    ]
    exact += [
        certify(problem).coverage.value,
        objective(problem, found),
        gap(problem, base_policy(problem)),
        kl(problem),
    ]
    bounds = [pair for term in (masses, coverage, value, difference, divergence) for pair in numbers(term)]
    with workprec(256):
        for number, (low, high) in zip(exact, bounds, strict=True):
            ball = arb(number) if isinstance(number, fmpq) else number.enclosure(256)
            assert high - low == Fraction(2, 10 ** (DECIMALS + 1 - len(str(int(high)))))
            assert fmpq(low.numerator, low.denominator) < ball < fmpq(high.numerator, high.denominator)


def test_two_arms_by_hand() -> None:
    """``beta = 1/2``, rewards 1 and 0: pi* has mass e^2/(1 + e^2) = 0.880797077977882444059... on the first."""
    _, (masses, *_) = enclosed_answers(written("two-arms-exp"))
    (low, high), _ = numbers(masses)
    assert low < Fraction("0.88079707797788244406") < high


@pytest.mark.parametrize(("inside", "outside"), [("1/119", "1/121"), ("1000", "1001")])
def test_the_reach_ends_where_the_kernels_bounds_would_be_too_wide(inside: str, outside: str) -> None:
    assert within_reach(written("two-arms-exp", beta=inside))
    assert not within_reach(written("two-arms-exp", beta=outside))
