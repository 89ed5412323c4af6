"""A problem as mpmath numbers at 60 digits, and what is asked of it, each from its definition; nothing is shared.

Numbers live in a context of their own, whose precision no other test changes; :func:`digits` raises it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import mpmath
from flint import fmpq

from reference.exact import LogLinear, Number, real
from reference.exact.linalg import Vector
from reference.model import LinearProblem

mp = mpmath.ctx_mp.MPContext()
mp.dps = 60

Numbers = Sequence[mpmath.mpf]


@contextmanager
def digits(count: int) -> Iterator[None]:
    """Compute with so many digits."""
    before, mp.dps = mp.dps, count
    try:
        yield
    finally:
        mp.dps = before


def number(value: Number) -> mpmath.mpf:
    """Return an exact number, rounded once to the present precision, whatever its size."""
    if isinstance(value, int):
        return mp.mpf(value)
    if isinstance(value, fmpq):
        return mp.mpf(int(value.p)) / int(value.q)
    if isinstance(value, LogLinear):
        return number(value.constant) + sum(number(a) * mp.log(p) for p, a in value.terms)
    exact, bits = real(value), mp.prec + 64
    ball = exact.enclosure(bits)
    while ball.rel_accuracy_bits() < mp.prec and bits < MOST_BITS:
        bits *= 2
        ball = exact.enclosure(bits)
    mantissa, exponent = ball.mid().man_exp()
    return mp.ldexp(mp.mpf(int(mantissa)), int(exponent))


MOST_BITS = 1 << 16
"""Beyond this a ball around zero is taken for zero."""


def near(exact: Number, other: mpmath.mpf, *, scale: mpmath.mpf = 1) -> bool:
    """Whether an exact number and a second opinion of it agree to 50 digits, relative to the larger of it and scale."""
    tolerance = mp.mpf(10) ** -50
    return bool(abs(number(exact) - other) <= tolerance * max(abs(other), scale))


def at_most(left: mpmath.mpf, right: mpmath.mpf) -> bool:
    """Whether ``left <= right``, up to 50 digits."""
    return bool(left <= right + mp.mpf(10) ** -50 * max(1, abs(right)))


@dataclass(frozen=True)
class Instance:
    """A linear problem: ``pi[x][y]``, ``phi[x][y][k]``, ``reward[x][y]``; rewards from theta and the baseline."""

    rho: Numbers
    pi: Sequence[Numbers]
    phi: Sequence[Sequence[Numbers]]
    reward: Sequence[Numbers]
    theta: Numbers
    beta: mpmath.mpf

    def support(self, x: int) -> list[int]:
        return [y for y, p in enumerate(self.pi[x]) if p]

    def best(self, x: int) -> list[mpmath.mpf]:
        """``pi*(.|x)``."""
        return self.tilt(x, self.reward[x])

    def tilt(self, x: int, scores: Numbers) -> list[mpmath.mpf]:
        """The law in proportion to ``pi_ref exp(f/beta)``; ``f`` off the support is not looked at."""
        raw = [p * mp.exp(s / self.beta) if p else mp.mpf(0) for p, s in zip(self.pi[x], scores, strict=True)]
        total = mp.fsum(raw)
        return [w / total for w in raw]

    def coverage(self, x: int, law: Numbers) -> mpmath.mpf:
        """The largest ratio to ``pi_ref``."""
        return max(a / p for a, p in zip(law, self.pi[x], strict=True) if p)

    def value(self, x: int, law: Numbers) -> mpmath.mpf:
        """``E[r] - beta KL(law || pi_ref)``."""
        mean = mp.fsum(a * r for a, r in zip(law, self.reward[x], strict=True))
        return mean - self.beta * divergence(law, self.pi[x])

    def gap(self, x: int, law: Numbers) -> mpmath.mpf:
        """How far the value is below the largest, ``beta log E_pi_ref[exp(r/beta)]``."""
        parts = (p * mp.exp(r / self.beta) for p, r in zip(self.pi[x], self.reward[x], strict=True) if p)
        return self.beta * mp.log(mp.fsum(parts)) - self.value(x, law)

    def spread(self, x: int) -> mpmath.mpf:
        """``max r - min r`` on the support."""
        rewards = [self.reward[x][y] for y in self.support(x)]
        return max(rewards) - min(rewards)

    def mean(self, values: Callable[[int], mpmath.mpf]) -> mpmath.mpf:
        """The mean over prompts."""
        return mp.fsum(rho * values(x) for x, rho in enumerate(self.rho))


def instance(problem: LinearProblem) -> Instance:
    """Copy a problem's numbers."""
    theta = [number(t) for t in problem.theta]
    phi = [[vector(r.phi) for r in entry.responses] for entry in problem.prompts]
    reward = [
        [mp.fdot(f, theta) + number(entry.baseline) for f in row]
        for row, entry in zip(phi, problem.prompts, strict=True)
    ]
    pi = [[number(r.pi_ref) for r in entry.responses] for entry in problem.prompts]
    return Instance([number(e.rho) for e in problem.prompts], pi, phi, reward, theta, number(problem.beta))


def vector(phi: Vector) -> list[mpmath.mpf]:
    return [number(v) for v in phi]


def minus(a: Numbers, b: Numbers) -> list[mpmath.mpf]:
    return [u - v for u, v in zip(a, b, strict=True)]


def divergence(law: Numbers, base: Numbers) -> mpmath.mpf:
    """``KL(law || base)`` in nats."""
    return mp.fsum(a * mp.log(a / b) for a, b in zip(law, base, strict=True) if a)


def binary(q: mpmath.mpf, a: mpmath.mpf) -> mpmath.mpf:
    """``kl(q || a)`` of two coins."""
    return divergence([q, 1 - q], [a, 1 - a])


def binomial_tail(n: int, p: mpmath.mpf, most: int) -> mpmath.mpf:
    """``P(Bin(n, p) <= most)``, by adding one coin after the other."""
    law = [mp.mpf(1)]
    for _ in range(n):
        law = [(1 - p) * a + p * b for a, b in zip([*law, 0], [0, *law], strict=True)]
    return mp.fsum(law[: most + 1]) if most >= 0 else mp.mpf(0)


def gram(vectors: Sequence[Numbers], dimension: int, ridge: mpmath.mpf) -> mpmath.matrix:
    """``lambda I + sum phi phi^T``."""
    entries = [
        [mp.fsum([v[i] * v[j] for v in vectors]) + ridge * (i == j) for j in range(dimension)] for i in range(dimension)
    ]
    return mp.matrix(entries)


def elliptic(sigma: mpmath.matrix, phi: Numbers) -> mpmath.mpf:
    """``||phi||^2`` in the norm of ``Sigma^-1``."""
    return mp.fdot(phi, list(mp.lu_solve(sigma, mp.matrix(list(phi)))))


def rank(vectors: Sequence[Numbers]) -> int:
    """The dimension of the span, by Gram-Schmidt: lengths below 1e-25 are rounding."""
    found: list[list[mpmath.mpf]] = []
    for phi in vectors:
        rest = list(phi)
        for unit in (*found, *found):  # twice is enough
            along = mp.fdot(rest, unit)
            rest = [a - along * b for a, b in zip(rest, unit, strict=True)]
        length = mp.sqrt(mp.fdot(rest, rest))
        if length > mp.mpf(10) ** -25:
            found.append([a / length for a in rest])
    return len(found)
