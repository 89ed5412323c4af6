"""Whether ``pi*`` lies in the autoregressive softmax class (the hypothesis of FMR25 Thm 5.1): decided exactly.

It does, in layer ``h``, if one ``theta_h`` gives ``<theta_h, phi_h(.a) - phi_h(.a')> = Q_h(.a) - Q_h(.a')`` at every
supported prefix.  That is a linear system with rational rows and right sides ``beta log(R)``, ``R`` a ratio of
exp-sums.  It has a solution if and only if every integer combination of rows that vanishes gives right sides
that sum to zero: ``prod R^c = 1``.  Rows are taken in order; one that depends on earlier ones gives one combination.

Sums of logarithms are decided (:mod:`reference.exact.log_sums`), except where a product would be absurdly large:
:class:`~reference.exact.Undecided` then, with layer and prefix.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flint import fmpq

from reference.exact.expratio import ExpRatio, exp_ratio
from reference.exact.linalg import Matrix, Span, Vector
from reference.exact.log_linear import LogLinear
from reference.exact.number import Undecided
from reference.exact.reals import Real, real, real_log, real_sum
from reference.model.parts import Prefix
from reference.model.problem import Problem
from reference.model.soft_bellman import soft_values


@dataclass(frozen=True, slots=True)
class PairTerm:
    """``coefficient * (difference of tokens a and b after a prefix)``."""

    coefficient: int
    x: int
    prefix: Prefix
    a: int
    b: int


@dataclass(frozen=True, slots=True)
class Realizable:
    """``thetas[h]`` gives ``pi*_h``; of least Euclidean norm where several do."""

    thetas: tuple[tuple[Real, ...], ...]

    def __bool__(self) -> bool:
        return True

    def log_linear(self) -> tuple[tuple[LogLinear, ...], ...] | None:
        """Return the parameters as log-linear numbers, or ``None`` if one is not known to be log-linear."""
        rows = [[_log_linear(entry) for entry in theta] for theta in self.thetas]
        known = [tuple(entry for entry in row if entry is not None) for row in rows]
        return tuple(known) if all(len(r) == len(k) for r, k in zip(rows, known, strict=True)) else None


@dataclass(frozen=True, slots=True)
class NotRealizable:
    """A combination of differences in one layer: zero for the features, not zero for ``Q``."""

    layer: int
    terms: tuple[PairTerm, ...]

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class _Row:
    phi: Vector
    ratio: ExpRatio
    term: PairTerm


def decide_realizability(problem: Problem) -> Realizable | NotRealizable:
    """Return the parameters of ``pi*``, or the combination of differences that rules all parameters out.

    The answer is true or false as a condition.

    >>> import reference as ref
    >>> ref.decide_realizability(ref.load("fair-bits-3")).log_linear()[0]
    (loglinear('2*log(2)'),)

    Raises:
        Undecided: where two irrational numbers could not be told apart; names the layer and the prefix.
        SumTooLong: where the exp-sums are too long to be formed.
    """
    thetas = []
    for h in range(problem.horizon):
        found = _solve_layer(problem, h)
        if isinstance(found, NotRealizable):
            return found
        thetas.append(found)
    return Realizable(tuple(thetas))


def _solve_layer(problem: Problem, h: int) -> tuple[Real, ...] | NotRealizable:
    span = Span.empty(problem.dimensions[h])
    basis: list[_Row] = []
    seen: set[tuple[Vector, ExpRatio]] = set()
    for row in _rows(problem, h):
        if (row.phi, row.ratio) in seen:
            continue
        seen.add((row.phi, row.ratio))
        larger = span.with_vector(row.phi)
        if larger is not span:
            span = larger
            basis.append(row)
            continue
        coefficients = span.coefficients(row.phi)
        combination = [(row, fmpq(1))]
        if coefficients is not None:
            combination += [(other, -c) for other, c in zip(basis, coefficients, strict=True) if c != 0]
        try:
            vanishes = _product_is_one([(r.ratio, c) for r, c in combination])
        except Undecided as error:
            where = problem.where(h, problem.node(row.term.x, row.term.prefix))
            msg = f"whether pi* is in the softmax class, layer {h} at {where}: {error}"
            raise Undecided(msg) from None
        if not vanishes:
            return NotRealizable(h, _cleared(combination))
    return _solution(problem, h, basis)


def _rows(problem: Problem, h: int) -> Iterator[_Row]:
    """Differences between the first supported token and the others, at every supported node of a layer."""
    values = soft_values(problem)
    prefixes = reachable_prefixes(problem, h)
    for i, (x, prefix) in prefixes.items():
        (one, first), *others = zip(problem.base(h, i).outcomes, problem.supported(h, i), strict=True)
        below = exp_ratio(values.branch(h, first)) if others else exp_ratio(1)
        for token, edge in others:
            ratio = exp_ratio(values.branch(h, edge)) / below
            yield _Row(edge.phi - first.phi, ratio, PairTerm(1, x, prefix, token, one))


def reachable_prefixes(problem: Problem, h: int) -> dict[int, tuple[int, Prefix]]:
    """Return, for every supported node of layer ``h``, a prompt and a prefix of positive base probability to it."""
    found: dict[int, tuple[int, Prefix]] = {}
    for x, entry in enumerate(problem.prompts):
        found.setdefault(entry.root, (x, ()))
    for depth in range(h):
        longer: dict[int, tuple[int, Prefix]] = {}
        for i, (x, prefix) in found.items():
            for token in problem.base(depth, i).outcomes:
                child = problem.edge(depth, i, token).child
                longer.setdefault(child, (x, (*prefix, token)))
        found = longer
    return found


def _product_is_one(factors: Sequence[tuple[ExpRatio, fmpq]]) -> bool:
    """Whether ``prod ratio^power = 1``, for positive ratios and rational powers."""
    return real_sum(real_log(ratio) * power for ratio, power in factors).sign() == 0


def _cleared(combination: Sequence[tuple[_Row, fmpq]]) -> tuple[PairTerm, ...]:
    common = _common_denominator([c for _, c in combination])
    return tuple(
        PairTerm(int((c * common).p), row.term.x, row.term.prefix, row.term.a, row.term.b) for row, c in combination
    )


def _common_denominator(values: Sequence[fmpq]) -> int:
    return Vector.of(values).denominator


def _solution(problem: Problem, h: int, basis: Sequence[_Row]) -> tuple[Real, ...]:
    """Return ``theta = Phi^T (Phi Phi^T)^-1 q``: the solution of least norm for independent rows ``Phi``."""
    dimension = problem.dimensions[h]
    if not basis:
        return (real(0),) * dimension
    gram = Matrix.of([row.phi.dot(other.phi) for other in basis] for row in basis)
    inverse = gram.inverse()
    rights = [real_log(row.ratio) * problem.beta for row in basis]
    rows = Matrix.of((row.phi for row in basis), dimension).transpose() @ inverse
    return tuple(real_sum(q * c for q, c in zip(rights, row, strict=True) if c != 0) for row in rows.rows)


def _log_linear(value: Real) -> LogLinear | None:
    exact = value.exact
    if isinstance(exact, LogLinear):
        return exact
    return LogLinear(exact) if isinstance(exact, fmpq) else None
