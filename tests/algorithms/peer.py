"""A second SoftmaxSampler and SpannerSampling: plain recursion over outcomes with ``Fraction``, no code in common.

Rewards are pairs ``(a, b)`` for ``a + b log 2``.  Weights ``exp(f/beta)`` are fractions where ``f/beta`` is an integer
multiple of ``log 2``, else floats, so laws are exact in the first case and approximate in the second.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import product
from math import exp, log, prod

from reference.exact import LogLinear
from reference.model import LinearProblem

Q = Fraction
ONE = Q(1)
Number = Fraction | float
Vec = tuple[Fraction, ...]
Pair = tuple[Fraction, Fraction]
"""``a + b log 2``."""
Datum = tuple[Vec, Pair]
Theta = tuple[Pair, ...]
Result = tuple[tuple[Datum, ...], tuple[Theta, ...]]
"""Accepted pairs in order, and the estimates ``theta_1, ..``."""


def pair(value: LogLinear) -> Pair:
    """Read a log-linear number that has no logarithm but that of 2."""
    assert {p for p, _ in value.terms} <= {2}
    a, b = value.constant, sum((c for _, c in value.terms), start=value.constant * 0)
    return Q(int(a.p), int(a.q)), Q(int(b.p), int(b.q))


@dataclass(frozen=True)
class Instance:
    rho: tuple[Fraction, ...]
    pi: tuple[Vec, ...]
    phi: tuple[tuple[Vec, ...], ...]
    r: tuple[tuple[Pair, ...], ...]
    beta: Fraction
    noise: tuple[tuple[Fraction, Fraction], ...] = ((Q(0), Q(1)),)
    d: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "d", len(self.phi[0][0]))


def instance(problem: LinearProblem, noise: tuple[tuple[Fraction, Fraction], ...] = ((Q(0), Q(1)),)) -> Instance:
    """Copy a problem's table."""

    def q(value: object) -> Fraction:
        return Q(str(value))

    responses = [entry.responses for entry in problem.prompts]
    theta = [pair(t) for t in problem.theta]
    phi = tuple(tuple(tuple(q(v) for v in r.phi) for r in row) for row in responses)
    rewards = tuple(
        tuple((dot(f, [a for a, _ in theta]) + q(entry.baseline), dot(f, [b for _, b in theta])) for f in row)
        for row, entry in zip(phi, problem.prompts, strict=True)
    )
    base = tuple(tuple(q(r.pi_ref) for r in row) for row in responses)
    return Instance(tuple(q(e.rho) for e in problem.prompts), base, phi, rewards, q(problem.beta), noise)


def dot(u: Sequence[Fraction], v: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(u, v, strict=True)), Q(0))


def minus(u: Vec, v: Vec) -> Vec:
    return tuple(a - b for a, b in zip(u, v, strict=True))


def solve(rows: list[list[Fraction]], right: list[list[Fraction]]) -> list[list[Fraction]]:
    """Gauss-Jordan on a regular system with several right-hand sides."""
    n = len(rows)
    table = [list(a) + list(b) for a, b in zip(rows, right, strict=True)]
    for c in range(n):
        p = next(i for i in range(c, n) if table[i][c])
        table[c], table[p] = table[p], table[c]
        table[c] = [v / table[c][c] for v in table[c]]
        for i in range(n):
            if i != c and table[i][c]:
                table[i] = [v - table[i][c] * w for v, w in zip(table[i], table[c], strict=True)]
    return [row[n:] for row in table]


def echelon(rows: Sequence[Vec]) -> list[tuple[int, list[Fraction]]]:
    """Reduced rows with their pivots."""
    found: list[tuple[int, list[Fraction]]] = []
    for row in rows:
        v = list(row)
        for p, w in found:
            v = [a - v[p] * b for a, b in zip(v, w, strict=True)]
        lead = next((i for i, a in enumerate(v) if a), None)
        if lead is None:
            continue
        v = [a / v[lead] for a in v]
        found = [(p, [a - w[lead] * b for a, b in zip(w, v, strict=True)]) for p, w in found]
        found.append((lead, v))
    return found


def null_space(rows: Sequence[Vec], d: int) -> list[list[Fraction]]:
    reduced = dict(echelon(rows))
    free = [j for j in range(d) if j not in reduced]
    return [[Q(int(i == j)) if i in free else -reduced[i][j] for i in range(d)] for j in free]


def outer_sum(vectors: Sequence[Sequence[Fraction]], d: int, ridge: Fraction) -> list[list[Fraction]]:
    return [[sum((v[i] * v[j] for v in vectors), ridge * (i == j)) for j in range(d)] for i in range(d)]


def least_squares(data: Sequence[Datum], d: int, ridge: Fraction | None) -> Theta:
    """Ridge regression, or with ``ridge=None`` the solution of least norm: orthogonal to the null space."""
    vectors = [list(phi) for phi, _ in data]
    penalised = vectors if ridge is not None else vectors + null_space([phi for phi, _ in data], d)
    matrix = outer_sum(penalised, d, ridge or Q(0))
    moments = [[sum((phi[i] * r[k] for phi, r in data), Q(0)) for k in range(2)] for i in range(d)]
    return tuple((a, b) for a, b in solve(matrix, moments))


@dataclass(frozen=True)
class Settings:
    """Inputs of SpannerSampling, with ``N`` instead of ``delta``."""

    n_prompt: int
    n_pair: int
    t_exp: int
    M: Fraction
    N: int
    mode: str
    ridge: Fraction = ONE
    nu: Fraction = ONE


def covered(phi: Vec, accepted: Sequence[Vec], s: Settings) -> bool:
    return within(phi, tuple(accepted), None) if s.mode == "span" else within(phi, tuple(accepted), (s.ridge, s.nu))


@cache  # the same few questions come from every path
def within(phi: Vec, accepted: tuple[Vec, ...], ridge_and_nu: tuple[Fraction, Fraction] | None) -> bool:
    if ridge_and_nu is None:
        return len(echelon([*accepted, phi])) == len(echelon(accepted))
    ridge, nu = ridge_and_nu
    matrix = outer_sum([list(v) for v in accepted], len(phi), ridge)
    inverse = solve(matrix, [[v] for v in phi])
    return dot(phi, [v for (v,) in inverse]) <= nu**2


def weight(f: Pair, beta: Fraction) -> Number:
    a, b = f[0] / beta, f[1] / beta
    if a == 0 and b.denominator == 1:
        return Q(2) ** int(b)
    return exp(float(a) + float(b) * log(2))


@cache
def sampler(pi: Vec, w: tuple[Number, ...], M: Fraction, N: int) -> tuple[Number, ...]:
    """The law of SoftmaxSampler's response by every sequence of first draws, then trial by trial."""
    out: list[Number] = [Q(0)] * len(pi)
    support = [y for y, p in enumerate(pi) if p]
    for first in product(support, repeat=N):
        z = sum((w[y] for y in first), Q(0)) / N
        accept: list[Number] = [min(Q(1), v / (z * M)) for v in w]
        alive: Number = prod((pi[y] for y in first), start=Q(1))
        for _ in range(N):
            for y in support:
                out[y] += alive * pi[y] * accept[y]
            alive = alive * sum((pi[y] * (1 - accept[y]) for y in support), Q(0))
        for y in support:
            out[y] += alive * pi[y]
    return tuple(out)


def queried(i: Instance, x: int, y1: int, y2: int) -> Iterator[tuple[Datum, Fraction]]:
    """The datum for a pair of responses, with every error that the noise may add."""
    for (e1, p1), (e2, p2) in product(i.noise, i.noise):
        a1, b1 = i.r[x][y1]
        a2, b2 = i.r[x][y2]
        yield (minus(i.phi[x][y1], i.phi[x][y2]), (a1 + e1 - a2 - e2, b1 - b2)), p1 * p2


def phase_1(i: Instance, s: Settings) -> dict[tuple[Datum, ...], Fraction]:
    """The law of the accepted pairs, in order."""
    law: dict[tuple[Datum, ...], Fraction] = {(): Q(1)}
    for _ in range(s.n_prompt):
        after: dict[tuple[Datum, ...], Fraction] = defaultdict(Fraction)
        for (psi, mass), (x, rho) in product(law.items(), enumerate(i.rho)):
            looking = mass * rho
            for _ in range(s.n_pair):
                nothing = Q(0)
                for (y1, p1), (y2, p2) in product(enumerate(i.pi[x]), enumerate(i.pi[x])):
                    if covered(minus(i.phi[x][y1], i.phi[x][y2]), [v for v, _ in psi], s):
                        nothing += looking * p1 * p2
                    elif p1 * p2:
                        for datum, p in queried(i, x, y1, y2):
                            after[*psi, datum] += looking * p1 * p2 * p
                looking = nothing
            after[psi] += looking
        law = {psi: mass for psi, mass in after.items() if mass}
    return law


def spanner_sampling(i: Instance, s: Settings) -> dict[Result, Number]:
    """The law of ``(Psi, theta_1..theta_T)``."""
    finals: dict[Result, Number] = defaultdict(Fraction)
    for psi, start in phase_1(i, s).items():
        law: dict[Result, Number] = {(psi, ()): start}  # all data so far, and the estimates
        for t in range(s.t_exp):
            after: dict[Result, Number] = defaultdict(Fraction)
            for (data, thetas), mass in law.items():
                theta = least_squares(data, i.d, s.ridge if s.mode == "ridge" else None)
                if t == s.t_exp - 1:  # what is observed after the last estimate is never used
                    finals[psi, (*thetas, theta)] += mass
                    continue
                for x, y1, y2, seen in pairs(i, s, psi, theta):
                    for datum, p in queried(i, x, y1, y2):
                        after[(*data, datum), (*thetas, theta)] += mass * seen * p
            law = after
    return dict(finals)


def pairs(i: Instance, s: Settings, psi: tuple[Datum, ...], theta: Theta) -> Iterator[tuple[int, int, int, Number]]:
    """The law of prompt and responses in one round of phase 2."""
    for x, rho in enumerate(i.rho):
        for y2, p2 in enumerate(i.pi[x]):
            for y1, p1 in enumerate(component(i, s, psi, theta, (x, y2)) if p2 else ()):
                if p1:
                    yield x, y1, y2, rho * p2 * p1


def component(
    i: Instance, s: Settings, psi: tuple[Datum, ...], theta: Theta, anchor: tuple[int, int]
) -> tuple[Number, ...]:
    """The law of SoftmaxSampler for the truncated function at prompt ``x``, relative to ``y``; ``anchor = (x, y)``."""
    x, y = anchor
    weights = []
    for phi in i.phi[x]:
        difference = minus(phi, i.phi[x][y])
        if covered(difference, [v for v, _ in psi], s):
            weights.append(
                weight((dot(difference, [a for a, _ in theta]), dot(difference, [b for _, b in theta])), i.beta)
            )
        else:
            weights.append(Q(1))
    return sampler(i.pi[x], tuple(weights), s.M, s.N)


def returned_law(i: Instance, s: Settings, result: Result, x: int) -> tuple[Number, ...]:
    """The law of what the returned policy answers at ``x``."""
    psi, thetas = result
    out: list[Number] = [Q(0)] * len(i.pi[x])
    for theta in thetas:
        for y, p in enumerate(i.pi[x]):
            for z, mass in enumerate(component(i, s, psi, theta, (x, y)) if p else ()):
                out[z] += mass * p / len(thetas)
    return tuple(out)
