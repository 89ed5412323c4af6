"""What ``spanner solve`` finds out about a problem; everything linear in the number of responses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lcm

from flint import arb, ctx, fmpq, fmpz_mat

from reference.algorithms.barycentric import barycentric_spanner
from reference.certificates import CertificateError
from reference.exact import ExpSum, Number, Real, enclosed, exp
from reference.exact.law import Mass
from reference.exact.linalg import Matrix, Vector
from reference.model import (
    Problem,
    Tilt,
    base_policy,
    coverage_at,
    gap_at,
    kl_at,
    l1_coverage,
    largest,
    log_partition,
    objective,
    optimal_value,
    optimum,
    oscillation,
)
from reference.model.tilt import integer_weights

APPROXIMATION = 2
"""``C`` of the barycentric spanner."""

BLOCK = 4096
"""Differences that are checked at a time."""


@dataclass(frozen=True, slots=True)
class PromptSolution:
    """One prompt: its partition function, coverage and divergence, and the probabilities of its responses."""

    x: int
    log_partition: Number
    coverage: Mass
    kl: Number
    base_gap: Number
    oscillation: Number
    probabilities: "Probabilities"


@dataclass(frozen=True, slots=True)
class SpannerSolution:
    """A barycentric spanner of the differences to each prompt's first supported response, verified.

    ``pairs``: prompt, response, and the response it is compared with.  ``largest``: the largest coefficient that any of
    the ``differences`` has over the spanner, at most ``C``.
    """

    pairs: tuple[tuple[int, int, int], ...]
    C: int
    differences: int
    largest: fmpq


@dataclass(frozen=True, slots=True)
class Solution:
    """The optimum of a problem and what it is worth."""

    problem: Problem
    optimal_value: Real
    base_value: Real
    base_gap: Real
    coverage: Number
    l1_coverage: Real
    prompts: tuple[PromptSolution, ...]
    spanner: SpannerSolution


def solve(problem: Problem) -> Solution:
    """Return the optimum, its value and coverage, and a spanner.

    Raises:
        CertificateError: if the spanner does not pass its check.
    """
    best, base = optimum(problem), base_policy(problem)
    xs = range(len(problem.prompts))
    prompts = tuple(
        PromptSolution(
            x,
            log_partition(problem, x),
            coverage_at(problem, best, x),
            kl_at(problem, best, x),
            gap_at(problem, base, x),
            oscillation(problem, x),
            Probabilities(best.tilt(x)),
        )
        for x in xs
    )
    return Solution(
        problem,
        optimal_value(problem),
        objective(problem, base),
        problem.rho.expectation(lambda x: prompts[x].base_gap),
        largest(prompt.coverage for prompt in prompts),
        l1_coverage(problem, best),
        prompts,
        spanner(problem),
    )


class Probabilities:
    """The probabilities of one prompt's supported responses; their enclosures share that of the partition function."""

    def __init__(self, tilt: Tilt) -> None:
        self.tilt = tilt
        self._partition: dict[int, arb] = {}

    @cached_property
    def _weights(self) -> tuple[int, ...]:
        return integer_weights(self.tilt.base)

    def enclosure(self, prec: int, i: int) -> arb:
        """Return a ball around the probability of the i-th supported response."""
        if prec not in self._partition:
            self._partition[prec] = self.tilt.partition.enclosure(prec)
        exponent = self.tilt.exponents[i].enclosure(prec)
        with ctx.workprec(prec):
            return exponent.exp() * arb(self._weights[i]) / self._partition[prec]

    def __getitem__(self, i: int) -> Real:
        return enclosed(_enclosure, self, i)

    @cached_property
    def positions(self) -> dict[int, int]:
        """Where a response is among the supported ones."""
        return {y: i for i, y in enumerate(self.tilt.base.outcomes)}

    def rational(self, i: int) -> fmpq | None:
        """Return the i-th probability if it is rational."""
        if not self._total.is_rational:
            return None
        weight = exp(self.tilt.exponents[i]) * self.tilt.base.weights[i]
        return weight.as_rational() / self._total.as_rational() if weight.is_rational else None

    @cached_property
    def _total(self) -> ExpSum:
        return self.tilt.partition

    def order(self) -> tuple[int, ...]:
        """Return the supported responses by decreasing probability, as far as 64 bits tell; for display."""
        sizes = {y: float(self.enclosure(64, i).mid()) for i, y in enumerate(self.tilt.base.outcomes)}
        return tuple(sorted(sizes, key=sizes.__getitem__, reverse=True))


def _enclosure(prec: int, probabilities: Probabilities, i: int) -> arb:
    return probabilities.enclosure(prec, i)


def spanner(problem: Problem) -> SpannerSolution:
    """Return a verified barycentric spanner of all differences to the first supported response of their prompt."""
    names: list[tuple[int, int, int]] = []
    vectors: list[Vector] = []
    # One denominator for all: the choice of a spanner does not depend on scale.
    scale = lcm(*(response.phi.denominator for entry in problem.prompts for response in entry.responses))
    for x in range(len(problem.prompts)):
        first, *others = problem.support(x)
        anchor = _integers(problem.phi(x, first), scale)
        for y in others:
            entries = zip(_integers(problem.phi(x, y), scale), anchor, strict=True)
            vectors.append(Vector(tuple(a - b for a, b in entries)))
            names.append((x, y, first))
    if not vectors:
        return SpannerSolution((), APPROXIMATION, 0, fmpq(0))
    found = barycentric_spanner(vectors, APPROXIMATION)
    size = largest_coefficient(vectors, found.indices)
    if size > APPROXIMATION:
        raise CertificateError(f"a coefficient of size {size} over the spanner exceeds {APPROXIMATION}")
    return SpannerSolution(tuple(names[i] for i in found.indices), APPROXIMATION, len(vectors), size)


def largest_coefficient(vectors: Sequence[Vector], indices: Sequence[int]) -> fmpq:
    """Return the size of the largest coefficient of integer vectors over the chosen ones, and check that all have some.

    With the chosen vectors as the rows of ``B``, the coefficients of ``v`` can only be ``c = v B^T (B B^T)^{-1}``; they
    are those of ``v`` if ``c B = v``.

    Raises:
        CertificateError: if a vector is not a combination of the chosen ones.
        SingularMatrix: if the chosen vectors are dependent.
    """
    if not indices:
        if any(not v.is_zero for v in vectors):
            raise CertificateError("the spanner is empty, but a difference is not zero")
        return fmpq(0)
    chosen = Matrix.of(vectors[i] for i in indices)
    left = chosen.transpose() @ (chosen @ chosen.transpose()).inverse()
    above, below = _cleared(left)
    basis, _ = _cleared(chosen)
    most = 0
    for block in _blocks(vectors):
        coefficients = block * above
        if coefficients * basis != block * below:
            raise CertificateError("a difference is not a combination of the chosen ones")
        entries = coefficients.entries()
        most = max(most, int(max(entries)), -int(min(entries)))
    return fmpq(most, below)


def _blocks(vectors: Sequence[Vector]) -> Iterator[fmpz_mat]:
    for i in range(0, len(vectors), BLOCK):
        rows = vectors[i : i + BLOCK]
        yield fmpz_mat(len(rows), len(rows[0]), [n for v in rows for n in v.numerators])


def _cleared(matrix: Matrix) -> tuple[fmpz_mat, int]:
    """Return integer numerators over one denominator."""
    rows = matrix.rows
    common = lcm(*(row.denominator for row in rows))
    return fmpz_mat([_integers(row, common) for row in rows]), common


def _integers(v: Vector, scale: int) -> list[int]:
    factor = scale // v.denominator
    return [n * factor for n in v.numerators]
