"""What ``spanner solve`` finds out about a problem, without expanding it; linear in what the problem lists."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce, singledispatch
from operator import mul
from typing import TypeVar

from proofs_check.cli.probabilities import Probabilities
from reference.certificates import NotRealizableCertificate, RealizableCertificate, SolutionCertificate
from reference.certification import certify, certify_realizability
from reference.exact import ExpRatio, Number, Real, Undecided, exp_ratio, real_sum
from reference.exact.law import Mass
from reference.model import (
    LinearProblem,
    Problem,
    base_policy,
    coverage,
    coverage_at,
    gap_at,
    kl_at,
    l1_coverage,
    largest,
    layer_coverages,
    log_partition,
    objective,
    optimal_value,
    optimum,
    oscillation,
    soft_values,
)
from reference.model.forms import lowered
from reference.model.parts import Prefix
from reference.model.soft_bellman import SumTooLong

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Coverages:
    """``C_cond``, ``C_cov``, their bounds ``prod_h max`` and ``C_cond^H``, and the largest ratio of each layer."""

    C_cond: Mass
    C_cov: Mass
    product: Mass
    power: ExpRatio
    layers: tuple[Mass, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Why no ``theta_h`` fits: the features of these differences sum to zero, their ``Q_h`` to ``value``, not zero."""

    certificate: NotRealizableCertificate
    value: Real


@dataclass(frozen=True, slots=True)
class PromptSolution:
    """A prompt of a linear problem: its partition function, coverage and divergence, and ``pi*`` there."""

    x: int
    log_partition: Number
    coverage: Mass
    kl: Number
    base_gap: Number
    oscillation: Number
    probabilities: Probabilities


@dataclass(frozen=True, slots=True)
class LinearSolution:
    """What there is to a linear problem besides.

    ``certificate``: of ``pi*``, of its coverage, and of a barycentric spanner; checked.
    """

    problem: LinearProblem
    l1_coverage: Real
    prompts: tuple[PromptSolution, ...]
    certificate: SolutionCertificate


@dataclass(frozen=True, slots=True)
class Solution:
    """The optimum of a problem and what it is worth; a text says why a part could not be had.

    ``realizability`` is a certificate that has passed its check; of a linear problem it is true by construction.
    """

    problem: Problem
    optimal_value: Real
    base_value: Real
    base_gap: Real
    coverages: Coverages | str
    realizability: RealizableCertificate | Combination | str
    linear: LinearSolution | None = None


@singledispatch
def solve(problem: Problem) -> Solution:
    """Return the optimum, its value, coverages, whether it is in the softmax class, and what is known besides.

    What a kind of problem has besides is registered here, and nowhere asked.

    Raises:
        CertificateError: if an answer does not pass its check.
    """
    best, base = optimal_value(problem), objective(problem, base_policy(problem))
    return Solution(
        problem,
        best,
        base,
        best - base,
        _or_reason(lambda: _coverages(problem)),
        _or_reason(lambda: _realizability(problem)),
    )


@solve.register
def _(problem: LinearProblem) -> Solution:
    certificate = certify(problem)
    best, base = optimum(problem), base_policy(problem)
    prompts = tuple(
        PromptSolution(
            x,
            log_partition(problem, x),
            coverage_at(problem, best, x),
            kl_at(problem, best, x),
            gap_at(problem, base, x),
            oscillation(problem, x),
            Probabilities(soft_values(problem).tilt(x)),
        )
        for x in range(len(problem.prompts))
    )
    C = certificate.coverage.value
    return Solution(
        problem,
        optimal_value(problem),
        objective(problem, base),
        problem.rho.expectation(lambda x: prompts[x].base_gap),
        Coverages(C, C, C, exp_ratio(C), (C,)),  # one layer
        RealizableCertificate((problem.theta,)),
        LinearSolution(problem, l1_coverage(problem, best), prompts, certificate),
    )


def _or_reason(compute: Callable[[], T]) -> T | str:
    try:
        return compute()
    except (SumTooLong, Undecided) as error:
        return str(error)


def _coverages(problem: Problem) -> Coverages:
    layers = layer_coverages(problem)  # the other two follow: each function of the model would begin again
    C_cond = largest(layers)
    product = lowered(reduce(mul, map(exp_ratio, layers)))
    return Coverages(C_cond, coverage(problem), product, exp_ratio(C_cond) ** problem.horizon, layers)


def _realizability(problem: Problem) -> RealizableCertificate | Combination:
    found = certify_realizability(problem)
    if isinstance(found, RealizableCertificate):
        return found
    values, h = soft_values(problem), found.layer

    def q_value(x: int, prefix: Prefix, token: int) -> Real:
        return values.q_value(h, problem.edge(h, problem.node(x, prefix), token))

    terms = ((q_value(x, prefix, a) - q_value(x, prefix, b)) * c for c, x, prefix, a, b in found.terms)
    return Combination(found, real_sum(terms))
