"""A second implementation in mpmath, at 60 digits, from the definitions alone."""

from collections.abc import Sequence

import mpmath
from flint import fmpq

from reference.exact import ExpRatio, LogLinear, Number, Real, real
from reference.exact.law import Law
from reference.model import LinearProblem, Policy

mpmath.mp.dps = 60


def number(value: Number) -> mpmath.mpf:
    """Return a 60-digit approximation of a number of the tower."""
    if isinstance(value, int):
        return mpmath.mpf(value)
    if isinstance(value, fmpq):
        return mpmath.mpf(int(value.p)) / int(value.q)
    if isinstance(value, LogLinear):
        return number(value.constant) + sum(number(a) * mpmath.log(p) for p, a in value.terms)
    if isinstance(value, (Real, ExpRatio)):
        return mpmath.mpf(real(value).enclosure(300).mid().str(70, radius=False))
    return sum((number(c) * mpmath.exp(number(e)) for c, e in value.terms()), mpmath.mpf(0))


def masses(law: Law[int], count: int) -> list[mpmath.mpf]:
    return [number(law.mass(y)) for y in range(count)]


def base(problem: LinearProblem, x: int) -> list[mpmath.mpf]:
    return [number(response.pi_ref) for response in problem.prompts[x].responses]


def reward(problem: LinearProblem, x: int) -> list[mpmath.mpf]:
    entry = problem.prompts[x]
    theta = [number(t) for t in problem.theta]
    return [
        sum(t * number(response.phi[k]) for k, t in enumerate(theta)) + number(entry.baseline)
        for response in entry.responses
    ]


def softmax(problem: LinearProblem, x: int, scores: Sequence[mpmath.mpf]) -> list[mpmath.mpf]:
    raw = [p * mpmath.exp(s / number(problem.beta)) for p, s in zip(base(problem, x), scores, strict=True)]
    return [w / sum(raw) for w in raw]


def divergence(p: Sequence[mpmath.mpf], q: Sequence[mpmath.mpf]) -> mpmath.mpf:
    return sum((a * mpmath.log(a / b) for a, b in zip(p, q, strict=True) if a), mpmath.mpf(0))


def value(problem: LinearProblem, policy: Policy) -> mpmath.mpf:
    total = mpmath.mpf(0)
    for x, entry in enumerate(problem.prompts):
        p = masses(policy.law(x), len(entry.responses))
        mean = sum(a * r for a, r in zip(p, reward(problem, x), strict=True))
        total += number(entry.rho) * (mean - number(problem.beta) * divergence(p, base(problem, x)))
    return total


def close(exact: Number, approximate: mpmath.mpf) -> bool:
    return bool(abs(number(exact) - approximate) < mpmath.mpf(10) ** -40)
