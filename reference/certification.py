"""Certificates are made here, at the top of the package, and checked by :mod:`reference.certificates`.

What makes an answer and what checks it share no code.  :func:`certify` returns what has passed its check.
"""

from collections.abc import Sequence
from itertools import chain, cycle
from math import lcm
from operator import sub

from flint import arb, fmpq, fmpz_mat

from reference.algorithms.barycentric import barycentric_spanner
from reference.certificates import (
    CoverageCertificate,
    NotRealizableCertificate,
    OptimumCertificate,
    RealizableCertificate,
    SolutionCertificate,
    SpannerCertificate,
    check,
)
from reference.certificates.optimal import Masses
from reference.exact.expratio import ExpRatio
from reference.exact.expsum import ExpSum, exp, lifted
from reference.exact.linalg import Matrix, Vector
from reference.exact.precision import workprec
from reference.exact.rational_numbers import RationalLike, rational
from reference.model import LinearProblem, Problem, coverage_at, largest, optimum, soft_values
from reference.model.linear import extremes
from reference.model.realizability import Realizable, decide_realizability

LISTED = 64
"""Probabilities of ``pi*`` are listed in the certificates of problems with at most this many responses."""


def certify(problem: LinearProblem, C: RationalLike = 2) -> SolutionCertificate:
    """Return checked certificates of what is known about a linear problem.

    Of ``pi*``, of its coverage, and of a ``C``-approximate barycentric spanner of the differences to each prompt's
    first supported response (``C > 1``).

    >>> import reference as ref
    >>> found = ref.certify(ref.load("two-arms"))
    >>> found.coverage.value, found.optimum.masses
    (4/3, ((2/3, 1/3),))

    Raises:
        CertificateError: if one does not pass its check, which would be a fault of this package.
        ValueError: if ``C <= 1``.
    """
    found = _solution(problem, C)
    check(problem, found)
    return found


def certify_realizability(problem: Problem) -> RealizableCertificate | NotRealizableCertificate:
    """Return a checked certificate of whether ``pi*`` is in the softmax class, layer by layer.

    >>> import reference as ref
    >>> ref.certify_realizability(ref.load("fair-bits-3")).thetas[0]
    (loglinear('2*log(2)'),)

    Raises:
        CertificateError: as :func:`certify`.
        Undecided, SumTooLong: as :func:`~reference.model.realizability.decide_realizability`.
    """
    found = _realizability(problem)
    check(problem, found)
    return found


def _solution(problem: LinearProblem, C: RationalLike) -> SolutionCertificate:
    values = soft_values(problem)
    partition = list[ExpSum | ExpRatio]()
    for x in range(len(problem.prompts)):
        tilt = values.tilt(x)  # its weights are relative to the first response
        above, total = tilt.partition * exp(tilt.scores[0] / problem.beta), tilt.base.total
        partition.append(above / total if isinstance(total, int) else ExpRatio(above, total))
    masses = _masses(problem)
    return SolutionCertificate(
        OptimumCertificate(tuple(partition), masses), _coverage(problem, masses), _spanner(problem, C)
    )


def _masses(problem: LinearProblem) -> Masses | None:
    if sum(len(entry.responses) for entry in problem.prompts) > LISTED:
        return None
    laws = [optimum(problem).law(x) for x in range(len(problem.prompts))]
    return tuple(tuple(law.mass(y) for y in range(problem.response_count(x))) for x, law in enumerate(laws))


def _coverage(problem: LinearProblem, masses: Masses | None) -> CoverageCertificate:
    best = optimum(problem)
    values = {x: coverage_at(problem, best, x) for x in _prompts_of_largest_coverage(problem)}
    value = largest(values.values())
    x = next(x for x, other in values.items() if other is value or other == value)
    rewards = problem.rewards(x)
    y = max(problem.support(x), key=rewards.__getitem__)
    return CoverageCertificate(value, x, y, masses)


def _prompts_of_largest_coverage(problem: LinearProblem) -> list[int]:
    """Return the prompts whose ``exp(max r/beta)/Z`` 64 bits do not show to be smaller than another's."""
    balls = []
    for x in range(len(problem.prompts)):
        tilt = soft_values(problem).tilt(x)
        top = ((extremes(tilt.scores)[1] - tilt.scores[0]) / problem.beta).enclosure(64)
        with workprec(64):
            balls.append(top.exp() * lifted(tilt.base.total).enclosure(64) / tilt.partition.enclosure(64))
    highest = max(balls, key=arb.lower)
    return [x for x, ball in enumerate(balls) if not ball < highest]


def _spanner(problem: LinearProblem, C: RationalLike) -> SpannerCertificate:
    pairs, table, scale = _differences(problem)
    if not pairs:
        return SpannerCertificate((), rational(C), fmpq(0), ())
    found = barycentric_spanner(Matrix(table, 1), C)  # the choice does not depend on scale
    if not found.indices:
        return SpannerCertificate((), found.C, fmpq(0), ())
    chosen = tuple(pairs[i] for i in found.indices)
    basis = Matrix.of(problem.phi(x, y) - problem.phi(x, first) for x, y, first in chosen)
    dual = (basis @ basis.transpose()).inverse() @ basis
    above, below = dual.integers
    coefficients = (table * above.transpose()).entries()
    size = fmpq(max(-min(coefficients), max(coefficients)), below * scale)  # noqa: PLW3301 - not one call
    return SpannerCertificate(chosen, found.C, size, dual.rows)


def _differences(problem: LinearProblem) -> tuple[list[tuple[int, int, int]], fmpz_mat, int]:
    """Return ``(x, y, y')`` for the differences to each prompt's first supported response ``y'``.

    And the differences as the rows of an integer matrix over one denominator: there may be a million.
    """
    pairs, entries = list[tuple[int, int, int]](), list[int]()
    scale = lcm(*(response.phi.denominator for entry in problem.prompts for response in entry.responses))
    for x in range(len(problem.prompts)):
        first, *others = problem.support(x)
        responses = problem.prompts[x].responses
        features = chain.from_iterable([_integers(responses[y].phi, scale) for y in others])
        entries += map(sub, features, cycle(_integers(responses[first].phi, scale)))
        pairs += [(x, y, first) for y in others]
    return pairs, fmpz_mat(len(pairs), problem.dimension, entries), scale


def _realizability(problem: Problem) -> RealizableCertificate | NotRealizableCertificate:
    found = decide_realizability(problem)
    if isinstance(found, Realizable):
        return RealizableCertificate(found.log_linear() or found.thetas)
    return NotRealizableCertificate(found.layer, tuple((t.coefficient, t.x, t.prefix, t.a, t.b) for t in found.terms))


def _integers(v: Vector, scale: int) -> Sequence[int]:
    factor = scale // v.denominator
    return v.numerators if factor == 1 else [n * factor for n in v.numerators]
