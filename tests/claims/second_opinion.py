"""A second opinion in mpmath at 60 digits, from the numbers of an instance and the definitions alone.

What is exact comes in through :func:`number`; nothing here calls a function of the package that computes.  A context of
its own keeps its precision apart from that of other tests.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import mpmath
from flint import fmpq

from reference.exact import ExpRatio, ExpSum, LogLinear, Number, Real
from reference.exact.law import Law
from reference.model.linear_problem import LinearProblem

mp = mpmath.MPContext()
mp.dps = 60

DIGITS = mp.mpf(10) ** -50
"""What is left for rounding: ten of the sixty digits."""


def number(value: Number) -> mpmath.mpf:
    """Return a number of the tower at 60 digits, term by term; a :class:`Real` has an enclosure of 300 bits."""
    if isinstance(value, int):
        return mp.mpf(value)
    if isinstance(value, fmpq):
        return mp.mpf(int(value.p)) / int(value.q)
    if isinstance(value, LogLinear):
        return mp.fsum([number(value.constant), *(number(a) * mp.log(p) for p, a in value.terms)])
    if isinstance(value, ExpSum):
        return mp.fsum(number(c) * mp.exp(number(e)) for c, e in value.terms())
    if isinstance(value, ExpRatio):
        return number(value.numerator) / number(value.denominator)
    assert isinstance(value, Real)
    return mp.mpf(value.enclosure(300).mid().str(70, radius=False))


def numbers(values: Iterable[Number]) -> list[mpmath.mpf]:
    """Return :func:`number` of each."""
    return [number(value) for value in values]


def same(left: mpmath.mpf, right: mpmath.mpf) -> bool:
    """Whether two numbers agree to 50 digits: absolutely below 1, relatively above."""
    return bool(abs(left - right) <= DIGITS * max(1, abs(left), abs(right)))


def close(found: Number, expected: mpmath.mpf) -> bool:
    """Whether an exact number agrees with its second opinion."""
    return same(number(found), expected)


def at_most(left: mpmath.mpf, right: mpmath.mpf) -> bool:
    """``left <= right``, up to the last ten digits."""
    return bool(left <= right + DIGITS * max(1, abs(left), abs(right)))


def below(left: mpmath.mpf, right: mpmath.mpf) -> bool:
    """``left < right``, by more than the last ten digits."""
    return not at_most(right, left)


def dot(left: Sequence[mpmath.mpf], right: Sequence[mpmath.mpf]) -> mpmath.mpf:
    """Return the inner product."""
    return mp.fsum(a * b for a, b in zip(left, right, strict=True))


def rank(rows: Iterable[Sequence[mpmath.mpf]]) -> int:
    """Return the rank of a matrix by elimination; what is left below ``10^-30`` counts as zero."""
    left, found = [list(row) for row in rows], 0
    while left:
        size, i, j = max((abs(entry), i, j) for i, row in enumerate(left) for j, entry in enumerate(row))
        if size < mp.mpf(10) ** -30:
            break
        pivot = left.pop(i)
        left = [[a - row[j] / pivot[j] * b for a, b in zip(row, pivot, strict=True)] for row in left]
        found += 1
    return found


def tilt(base: Sequence[mpmath.mpf], scores: Sequence[mpmath.mpf], beta: mpmath.mpf) -> list[mpmath.mpf]:
    """Return the law proportional to ``base exp(scores/beta)``."""
    weights = [mass * mp.exp(score / beta) for mass, score in zip(base, scores, strict=True)]
    total = mp.fsum(weights)
    return [weight / total for weight in weights]


def divergence(p: Sequence[mpmath.mpf], q: Sequence[mpmath.mpf]) -> mpmath.mpf:
    """Return ``KL(p || q)`` in nats."""
    return mp.fsum(a * mp.log(a / b) for a, b in zip(p, q, strict=True) if a)


def distance(p: Sequence[mpmath.mpf], q: Sequence[mpmath.mpf]) -> mpmath.mpf:
    """Return the total variation distance."""
    return mp.fsum(abs(a - b) for a, b in zip(p, q, strict=True)) / 2


def masses(law: Law[int], count: int) -> list[mpmath.mpf]:
    """Return the masses of ``0, .., count - 1``."""
    return [number(law.mass(y)) for y in range(count)]


@dataclass(frozen=True)
class Row:
    """A prompt: its mass, its baseline, and base masses, features and rewards by response."""

    rho: mpmath.mpf
    baseline: mpmath.mpf
    base: list[mpmath.mpf]
    phi: list[list[mpmath.mpf]]
    rewards: list[mpmath.mpf]

    @property
    def support(self) -> list[int]:
        """Indices of the responses with base mass."""
        return [y for y, mass in enumerate(self.base) if mass]

    def oscillation(self, scores: Sequence[mpmath.mpf]) -> mpmath.mpf:
        """Return ``max - min`` on the support."""
        seen = [scores[y] for y in self.support]
        return max(seen) - min(seen)


@dataclass(frozen=True)
class Plain:
    """A linear problem in numbers."""

    beta: mpmath.mpf
    rows: list[Row]

    def optimum(self) -> list[list[mpmath.mpf]]:
        """Return ``pi* ~ pi_ref exp(r/beta)``, by prompt."""
        return [tilt(row.base, row.rewards, self.beta) for row in self.rows]

    def mean(self, values: Iterable[mpmath.mpf]) -> mpmath.mpf:
        """Return ``E_rho`` of a value by prompt."""
        return mp.fsum(row.rho * value for row, value in zip(self.rows, values, strict=True))

    def objective(self, laws: Sequence[Sequence[mpmath.mpf]]) -> mpmath.mpf:
        """Return ``J = E_rho[E_pi r - beta KL(pi || pi_ref)]``."""
        return self.mean(
            dot(law, row.rewards) - self.beta * divergence(law, row.base)
            for row, law in zip(self.rows, laws, strict=True)
        )

    def coverages(self, laws: Sequence[Sequence[mpmath.mpf]]) -> list[mpmath.mpf]:
        """Return ``max pi/pi_ref``, by prompt."""
        return [max(law[y] / row.base[y] for y in row.support) for row, law in zip(self.rows, laws, strict=True)]


def plain(problem: LinearProblem) -> Plain:
    """Return the numbers of a linear problem; rewards are ``<theta, phi> + b``."""
    theta = numbers(problem.theta)
    rows = []
    for entry in problem.prompts:
        phi = [numbers(response.phi) for response in entry.responses]
        baseline = number(entry.baseline)
        rewards = [dot(theta, vector) + baseline for vector in phi]
        rows.append(Row(number(entry.rho), baseline, numbers(r.pi_ref for r in entry.responses), phi, rewards))
    return Plain(number(problem.beta), rows)
