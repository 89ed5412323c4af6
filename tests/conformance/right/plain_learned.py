"""A second right implementation of what learners fit, choose and return: plain Python floats, other formulas.

Linear systems are solved in fractions, sums are exact, losses are compared by what sets them apart.  It shares no
code with the package, nor with the numpy programs.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import MIN_EMIN, Decimal, localcontext
from fractions import Fraction
from itertools import product
from math import exp, expm1, fsum, inf, log, log1p

from tests.conformance.right.plain_floats import Floats, Rows, _basis, _finite, _law, _solved, accepts, sampler_law

name = "plain Python floats, what learners return"
format = "binary64"  # noqa: A001 - the protocol's word

Ints = Sequence[int]


def xpo_loss(
    chosen: Floats,
    rejected: Floats,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> float:
    _pairs([chosen, rejected, base_chosen, base_rejected], answered, beta, alpha)
    terms = []
    for c, r, bc, br, side in zip(chosen, rejected, base_chosen, base_rejected, answered, strict=True):
        h = beta * fsum([c, -r, -bc, br])
        terms += [log1p(exp(-abs(h))), max(-h, 0.0), alpha * beta * (c, r)[side]]
    return fsum(terms)


def xpo_argmin(
    chosen: Rows,
    rejected: Rows,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> int:
    if not chosen or len(chosen) != len(rejected):
        raise ValueError("needs two rows for each policy")
    _pairs([*chosen, *rejected, base_chosen, base_rejected], answered, beta, alpha)
    best, least = 0, _loss_in_parts(chosen[0], rejected[0], base_chosen, base_rejected, answered, beta, alpha)
    for k, (up, down) in enumerate(zip(chosen, rejected, strict=True)):
        loss = _loss_in_parts(up, down, base_chosen, base_rejected, answered, beta, alpha)
        if _is_less(loss, least):
            best, least = k, loss
    return best


def _loss_in_parts(
    up: Floats, down: Floats, base_chosen: Floats, base_rejected: Floats, answered: Ints, beta: float, alpha: float
) -> tuple[Fraction, Counter[Fraction]]:
    """What is rational of the loss, and the ``h`` of its terms ``log(1 + e^-h)``."""
    rest, logarithms = Fraction(0), Counter[Fraction]()
    for c, r, bc, br, side in zip(up, down, base_chosen, base_rejected, answered, strict=True):
        h = Fraction(beta) * (Fraction(c) - Fraction(r) - Fraction(bc) + Fraction(br))
        logarithms[abs(h)] += 1
        rest += max(-h, Fraction(0)) + Fraction(alpha) * Fraction(beta) * Fraction((c, r)[side])
    return rest, logarithms


def _is_less(one: tuple[Fraction, Counter[Fraction]], other: tuple[Fraction, Counter[Fraction]]) -> bool:
    """Whether a loss is the smaller one; what both have is left out, so that no digits are lost to it."""
    with localcontext(prec=100, Emin=MIN_EMIN):
        apart = _decimal(one[0] - other[0])
        for h, count in [*(one[1] - other[1]).items(), *((h, -k) for h, k in (other[1] - one[1]).items())]:
            small = (-_decimal(h)).exp()
            apart += count * ((1 + small).ln() if small > _NEARLY_NOTHING else small)
        return apart < 0


_NEARLY_NOTHING = Decimal("1e-50")


def preference_fit(phis: Rows, ridge: float) -> list[float]:
    """Newton's method in fractions: a step is solved for exactly, and ends where it is below an ulp."""
    _features(phis)
    _positive(ridge)
    data = [[Fraction(x) for x in phi] for phi in phis]
    theta = [Fraction(0)] * len(phis[0])
    for _ in range(_MOST_STEPS):
        step = _newton_step(data, theta, Fraction(ridge))
        size, here = Fraction(1), _fit_loss(data, theta, Fraction(ridge))
        while max(map(abs, step)) > _SMALL and _fit_loss(data, _moved(theta, step, size), Fraction(ridge)) > here:
            size /= 2
        theta = _moved(theta, step, size)
        if max(map(abs, step)) <= _TINY * max(map(abs, theta)):
            break
    return [float(t) for t in theta]


_MOST_STEPS = 200
_SMALL = Fraction(1, 10**4)
_TINY = Fraction(1, 10**18)


def _newton_step(data: Sequence[Sequence[Fraction]], theta: Sequence[Fraction], ridge: Fraction) -> list[Fraction]:
    lost = [_lost(_dot(theta, phi)) for phi in data]
    indices = range(len(theta))
    gradient = [sum((-p * phi[i] for p, phi in zip(lost, data, strict=True)), ridge * theta[i]) for i in indices]
    curvature = [
        [
            sum((p * (1 - p) * phi[i] * phi[j] for p, phi in zip(lost, data, strict=True)), ridge * (i == j))
            for j in indices
        ]
        for i in indices
    ]
    return _solved(curvature, gradient)


def _lost(score: Fraction) -> Fraction:
    """``1/(1 + e^score)`` to 30 digits."""
    with localcontext(prec=40):
        odds = (-abs(Decimal(score.numerator) / Decimal(score.denominator))).exp()
        return Fraction(round((odds if score > 0 else 1) / (1 + odds), 32))


def _moved(theta: Sequence[Fraction], step: Sequence[Fraction], size: Fraction) -> list[Fraction]:
    return [Fraction(round((t - size * s) * 2**100), 2**100) for t, s in zip(theta, step, strict=True)]


def _fit_loss(data: Sequence[Sequence[Fraction]], theta: Sequence[Fraction], ridge: Fraction) -> float:
    scores = [float(_dot(theta, phi)) for phi in data]
    return fsum([*(log1p(exp(-abs(s))) + max(-s, 0.0) for s in scores), float(ridge / 2 * _dot(theta, theta))])


def spanner_policy(
    pi: Floats,
    candidates: Rows,
    phis: Rows,
    thetas: Rows,
    beta: float,
    M: float,
    N: int,
    ridge: float,
    nu: float,
) -> list[float]:
    _law(pi, "pi")
    if len(candidates) != len(pi) or not thetas or len({len(row) for row in (*candidates, *phis, *thetas)}) != 1:
        raise ValueError("needs features of each response, and a theta as long")
    _finite(*(x for row in (*candidates, *phis, *thetas) for x in row))
    parts: list[list[float]] = [[] for _ in pi]
    for theta, (mass, drawn) in product(thetas, zip(pi, candidates, strict=True)):
        away = [[a - b for a, b in zip(phi, drawn, strict=True)] for phi in candidates]
        f = [0.0 if accepts(phis, v, ridge, nu) else fsum(t * x for t, x in zip(theta, v, strict=True)) for v in away]
        for part, p in zip(parts, sampler_law(pi, f, beta, M, N), strict=True):
            part.append(mass * p)
    return [fsum(part) / len(thetas) for part in parts]


def spanner_coefficients(vectors: Rows, indices: Ints, phi: Floats) -> list[float]:
    _features([*vectors, phi])
    if not indices or not all(0 <= i < len(vectors) for i in indices):
        raise ValueError("needs indices of vectors")
    chosen = [[Fraction(x) for x in vectors[i]] for i in indices]
    target = [Fraction(x) for x in phi]
    if len(_basis(chosen)[0]) < len(chosen):
        raise ValueError("needs independent vectors")
    found = _solved([[_dot(u, v) for v in chosen] for u in chosen], [_dot(u, target) for u in chosen])
    if [_dot(found, column) for column in zip(*chosen, strict=True)] != target:
        raise ValueError("phi is no combination of them")
    return [float(x) for x in found]


def spanner_size_sides(phis: Rows, ridge: float, nu: float) -> list[float]:
    _features(phis)
    _positive(ridge)
    _positive(nu)
    n, d = len(phis), len(phis[0])
    growth = Fraction(1)
    for norm in _norms(phis, ridge):
        growth *= 1 + norm
    return [float((1 + Fraction(nu) ** 2) ** n), float(growth), float((1 + 4 * n / (Fraction(ridge) * d)) ** d)]


def potential_sides(phis: Rows, ridge: float) -> list[float]:
    _features(phis)
    _positive(ridge)
    norms = _norms(phis, ridge)
    return [log(2) * float(sum(min(norm, Fraction(1)) for norm in norms)), fsum(log1p(float(norm)) for norm in norms)]


def needle_coverage(k: int, C: float, m: int, beta: float) -> float:
    _needles(k, C, m, beta)
    return 1 + (C - 1) * -expm1(-1 / beta) / (1 + (C - 1) * exp(-1 / beta))


def dnf_soundness(terms: Rows, signs: Floats, A: float, L: float) -> float:
    _finite(A, L, *signs)
    value = Fraction(_satisfied(terms, signs), len(terms))
    mass = Fraction(L) / Fraction(A) ** len(terms[0])
    if not (A > 1 and L >= 1 and mass < Fraction(1, 2)):
        raise ValueError("needs A > 1, L >= 1, L/A^k < 1/2")
    hit, miss = Fraction(L), Fraction(L) / Fraction(A)
    return float(value * hit / (1 - mass + hit) + (1 - value) * miss / (1 - mass + miss))


def _satisfied(terms: Rows, signs: Floats) -> int:
    """How many terms an assignment satisfies."""
    if not terms or len({len(term) for term in terms}) != 1 or not all(abs(s) == 1 for s in signs):
        raise ValueError("needs terms of one length, and signs")
    if not all(float(n).is_integer() and 1 <= abs(n) <= len(signs) for term in terms for n in term):
        raise ValueError("needs literals of the variables")
    return sum(all((n > 0) == (signs[int(abs(n)) - 1] > 0) for n in term) for term in terms)


def _needles(k: int, C: float, m: int, beta: float) -> None:
    _finite(C, beta)
    if not (k >= 1 and m >= 1 and C >= 2 and beta > 0):
        raise ValueError("needs k, m >= 1, C >= 2, beta > 0")


def _norms(phis: Rows, ridge: float) -> list[Fraction]:
    """Of each vector the squared norm by the inverse of the matrix of those before."""
    found, rows = [], [[Fraction(x) for x in phi] for phi in phis]
    sigma = [[Fraction(ridge) * (i == j) for j in range(len(phis[0]))] for i in range(len(phis[0]))]
    for v in rows:
        found.append(_dot(v, _solved(sigma, v)))
        for i, line in enumerate(sigma):
            line[:] = [x + v[i] * y for x, y in zip(line, v, strict=True)]
    return found


def _decimal(x: Fraction) -> Decimal:
    return Decimal(x.numerator) / x.denominator


def _dot(u: Sequence[Fraction], v: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(u, v, strict=True)), Fraction(0))


def _features(phis: Rows) -> None:
    if len({len(phi) for phi in phis}) != 1:
        raise ValueError("needs features of one length")
    _finite(*(x for phi in phis for x in phi))


def _positive(value: float) -> None:
    if not 0 < value < inf:
        raise ValueError("needs a positive number")


def _pairs(rows: Sequence[Floats], answered: Ints, beta: float, alpha: float) -> None:
    _finite(beta, alpha, *(x for row in rows for x in row))
    if {len(row) for row in rows} != {len(answered)} or not answered or not all(side in {0, 1} for side in answered):
        raise ValueError("needs rows of one length, and who answered")
    if not (beta > 0 and alpha >= 0):
        raise ValueError("needs beta > 0 and alpha >= 0")
