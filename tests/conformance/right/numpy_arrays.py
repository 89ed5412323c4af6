"""A right implementation of the kit's functions in numpy: logarithms are kept, least squares go through QR.

What is decided (a tie, the next integer, the smallest loss) is decided in fractions, and what QR leaves is computed in
them.  It shares no code with the package, nor with :mod:`right.plain_floats`.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import factorial, prod
from typing import Any

import mpmath
import numpy as np

Floats = Sequence[float]
Rows = Sequence[Floats]
Array = np.ndarray[Any, np.dtype[np.float64]]

name = "numpy"
format = "binary64"  # noqa: A001 - the protocol's word


def log_partition(pi: Floats, r: Floats, beta: float) -> float:
    base, scores = _tilted(pi, r, beta)
    return float(beta * _log_mean(base, scores / beta))


def softmax(pi: Floats, r: Floats, beta: float) -> list[float]:
    base, scores = _tilted(pi, r, beta)
    return [float(p) for p in _tilt(base, scores / beta)]


def kl(p: Floats, q: Floats) -> float:
    over, under = _law(p), _law(q)
    _check_support(over, under)
    return float(np.sum(_bregman(over, under, _log_ratio(over, under))))


def objective(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    base, scores = _tilted(pi, r, beta)
    policy = _law(p)
    _check(policy.shape == base.shape, "laws of one length")
    return float(np.dot(policy, scores) - beta * kl(p, pi))


def gap(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    base, scores = _tilted(pi, r, beta)
    policy = _law(p)
    _check_support(policy, base)
    live = base > 0
    exponents = _below_largest(scores[live], beta)  # large ones would hide a mass of nearly 1
    tilt = exponents - _log_mean(base[live], exponents)
    ratio = _log_ratio(policy[live], base[live]) - tilt
    return float(beta * np.sum(_bregman(policy[live], base[live] * np.exp(tilt), ratio)))


def coverage(pi: Floats, r: Floats, beta: float) -> float:
    base, scores = _tilted(pi, r, beta)
    live = base > 0
    return float(1 / np.sum(base[live] * np.exp(_below_largest(scores[live], beta))))


def draws(M: float, delta: float) -> int:
    _check(np.isfinite([M, delta]).all() and M >= 1 and 0 < delta <= 1, "M >= 1 and 0 < delta <= 1")
    for digits in (60, 120, 240):
        with mpmath.workdps(digits):
            value = 4 * mpmath.mpf(M) * mpmath.log(4 / mpmath.mpf(delta))
            if abs(value - mpmath.nint(value)) > abs(value) * mpmath.mpf(10) ** (10 - digits):
                return int(mpmath.ceil(value))
    raise ValueError("too close to an integer")


def elliptic(phis: Rows, phi: Floats, ridge: float) -> float:
    rows = _matrix(phis, len(phi))
    (target,) = _in_fractions(_finite(phi)[None])
    return float(_dot(target, _refined(rows, ridge, target)))


def accepts(phis: Rows, phi: Floats, ridge: float, nu: float) -> bool:
    rows = _matrix(phis, len(phi))
    _check(_positive(ridge, nu), "ridge > 0 and nu > 0")
    target = [Fraction(float(x)) for x in _finite(phi)]
    inverse = [[Fraction(int(i == j)) / Fraction(ridge) for j in range(len(phi))] for i in range(len(phi))]
    for row in rows:  # Sherman and Morrison, in fractions
        v = [Fraction(x) for x in row]
        along = [sum((a * b for a, b in zip(line, v, strict=True)), Fraction(0)) for line in inverse]
        scale = 1 + sum(a * b for a, b in zip(v, along, strict=True))
        for line, a in zip(inverse, along, strict=True):
            line[:] = [x - a * b / scale for x, b in zip(line, along, strict=True)]
    norm = sum(x * m * y for x, line in zip(target, inverse, strict=True) for m, y in zip(line, target, strict=True))
    return norm > Fraction(nu) ** 2


def ridge(phis: Rows, rewards: Floats, ridge: float) -> list[float]:
    rows = _matrix(phis, None)
    (wanted,) = _in_fractions(_finite(rewards)[None])
    _check(len(rows) == len(wanted), "a reward for each row")
    return [float(x) for x in _refined(rows, ridge, [_dot(column, wanted) for column in _in_fractions(rows.T)])]


def sampler_law(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    base, scores = _tilted(pi, f, beta)
    _check(M > 0 and N >= 1, "M > 0 and N >= 1")
    live = np.flatnonzero(base > 0)
    masses = np.zeros(len(base))
    for drawn, ways in _multisets(live.tolist(), N):
        chance = ways * float(np.prod(base[list(drawn)]))
        accepted = base * [_accepted(scores, drawn, y, beta, M) for y in range(len(base))]
        miss = float(np.sum(base) - np.sum(accepted))
        waits = float(np.sum(miss ** np.arange(N)))
        masses += chance * (accepted * waits + base * miss**N)
    return [float(p) for p in masses]


def accept_prob(f: Floats, drawn: Sequence[int], y: int, beta: float, M: float) -> float:
    scores = _finite(f)
    _check(_positive(beta, M), "beta > 0 and M > 0")
    _check(len(drawn) > 0 and all(0 <= i < len(f) for i in (*drawn, y)), "indices of responses")
    return _accepted(scores, drawn, y, beta, M)


def path_return(logits: Rows, base_logits: Rows, tokens: Sequence[int], eos: int, beta: float) -> float:
    ended = np.flatnonzero(np.asarray(tokens) == eos)
    length = int(ended[0]) + 1 if len(ended) else len(tokens)
    _check(0 < length <= min(len(logits), len(base_logits)) and beta > 0, "a row of logits for each token, beta > 0")
    total = mpmath.mpf(0)
    for h in range(length):
        mine, base = _finite(logits[h]), _finite(base_logits[h])
        _check(mine.shape == base.shape and 0 <= tokens[h] < len(mine), "a logit for each token")
        with mpmath.workdps(60):  # the two may nearly agree
            total += _against(base, tokens[h]) - _against(mine, tokens[h])
    return float(beta * total)


def dpo_loss(chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float) -> float:
    rows = [_finite(row) for row in (chosen, rejected, base_chosen, base_rejected)]
    _check(len({len(row) for row in rows}) == 1 and _positive(beta), "rows of one length, beta > 0")
    margin = beta * ((rows[0] - rows[2]) - (rows[1] - rows[3]))
    return float(np.sum(np.logaddexp(0.0, -margin)))


def argmin(phis: Rows, rewards: Floats, thetas: Rows) -> int:
    members = _matrix(thetas, None)
    rows, wanted = _matrix(phis, members.shape[1]), _finite(rewards)
    _check(len(rows) == len(wanted), "a reward for each row")
    exact = np.array([[Fraction(x) for x in row] for row in rows], dtype=object).reshape(rows.shape)
    losses = []
    for theta in members:
        residual = exact @ np.array([Fraction(x) for x in theta], dtype=object) - [Fraction(x) for x in wanted]
        losses.append(sum(x * x for x in residual))
    return min(range(len(losses)), key=losses.__getitem__)


def spanner(vectors: Rows, C: float) -> list[int]:
    rows = _matrix(vectors, None)
    _check(C > 1 and len(rows) > 0, "C > 1 and a vector")
    exact = np.array([[Fraction(x) for x in row] for row in rows], dtype=object).reshape(rows.shape)
    points, chosen = _reduced(exact)
    while chosen:
        size = np.abs(points)  # coefficients over the chosen rows, which are unit vectors
        k, i = np.unravel_index(int(np.argmax(size)), size.shape)
        if size[k, i] <= Fraction(C):
            break
        chosen[int(i)] = int(k)
        points = points - np.outer(points[:, i] / points[k, i], points[k] - np.eye(len(chosen), dtype=int)[i])
    return chosen


def _reduced(rows: Any) -> tuple[Any, list[int]]:  # noqa: ANN401 - arrays of fractions
    """Return coefficients of each row over independent ones, the first ones, and which these are."""
    left = rows.copy()
    chosen: list[int] = []
    columns: list[int] = []
    for k in range(len(left)):
        column = next((c for c in range(left.shape[1]) if left[k, c] != 0 and c not in columns), None)
        if column is not None:  # column operations: row k becomes a unit vector
            left[:, column] = left[:, column] / left[k, column]
            for c in range(left.shape[1]):
                if c != column:
                    left[:, c] = left[:, c] - left[:, column] * left[k, c]
            chosen.append(k)
            columns.append(column)
    return left[:, columns], chosen


def _check(holds: object, needed: str) -> None:
    if not holds:
        raise ValueError(f"needs {needed}")


def _finite(row: Floats) -> Array:
    values = np.asarray(row, dtype=float)
    _check(values.ndim == 1 and np.isfinite(values).all(), "a row of finite numbers")
    return values


def _matrix(rows: Rows, width: int | None) -> Array:
    widths = {len(row) for row in rows} | ({width} if width is not None else set())
    _check(len(widths) == 1, "rows of one length")
    values = np.asarray(rows, dtype=float).reshape(len(rows), widths.pop())
    _check(np.isfinite(values).all(), "finite numbers")
    return values


def _law(row: Floats) -> Array:
    values = _finite(row)
    _check((values >= 0).all() and sum(map(Fraction, row)) == 1, "masses that sum to 1")
    return values


def _tilted(pi: Floats, r: Floats, beta: float) -> tuple[Array, Array]:
    base, scores = _law(pi), _finite(r)
    _check(base.shape == scores.shape and _positive(beta), "a score for each mass, and beta > 0")
    return base, scores


def _check_support(law: Array, base: Array) -> None:
    _check(law.shape == base.shape and not np.any(law[base == 0]), "masses on the support of the base law")


def _positive(*numbers: float) -> bool:
    return all(np.isfinite(x) and x > 0 for x in numbers)


def _below_largest(scores: Array, beta: float) -> Array:
    return (scores - np.max(scores)) / beta


def _log_ratio(over: Array, under: Array) -> Array:
    """``log(over/under)``, 0 where ``over`` is 0."""
    found = np.zeros(len(over))
    near = np.abs(over - under) < under / 2
    far = (over > 0) & ~near
    found[near] = np.log1p((over[near] - under[near]) / under[near])
    found[far] = np.log(over[far]) - np.log(under[far])
    return found


def _log_mean(base: Array, exponents: Array) -> float:
    """``log sum base exp(exponents)``, from the largest term on: it has a share of the sum, so little cancels."""
    masses, scores = base[base > 0], exponents[base > 0]
    first = float(scores[_likeliest(masses, scores)])
    excess = float(np.sum(masses * np.expm1(scores - first)))  # of the sum over 1: nothing is lost where it is nearly 1
    return first + float(np.log1p(excess) if excess > -0.5 else np.log(np.sum(masses * np.exp(scores - first))))


def _tilt(base: Array, exponents: Array) -> Array:
    live = base > 0
    weights = np.zeros(len(base))
    first = _likeliest(base[live], exponents[live])
    half = np.exp((exponents[live] - exponents[live][first]) / 2)
    weights[live] = base[live] * half / base[live][first] * half  # in this order nothing vanishes too early
    return weights / np.sum(weights)


def _likeliest(masses: Array, exponents: Array) -> int:
    return int(np.argmax(np.log(masses) + exponents))


def _bregman(over: Array, under: Array, ratio: Array) -> Array:
    """``over log(over/under) - over + under``, entry by entry; ``ratio`` is that logarithm, 0 where ``over`` is 0."""
    with np.errstate(over="ignore"):
        near = over * (ratio + np.expm1(-ratio))
    return np.where((over > 0) & (ratio > -1), near, over * ratio - over + under)


def _refined(rows: Array, ridge: float, right: Sequence[Fraction]) -> list[Fraction]:
    """What ``Sigma`` takes to the right side: by QR, and again for what is left, which is computed in fractions."""
    _check(_positive(ridge), "ridge > 0")
    whole = np.vstack([rows, np.sqrt(ridge) * np.eye(rows.shape[1])])
    order = np.argsort(-np.max(np.abs(whole), axis=1, initial=0.0))  # the largest rows come first
    _, triangle = np.linalg.qr(whole[order])
    points, found = _in_fractions(rows), [Fraction(0)] * len(right)
    for _ in range(50):
        before = [float(x) for x in found]
        values = [_dot(point, found) for point in points]
        rest = [b - Fraction(ridge) * x for b, x in zip(right, found, strict=True)]
        for point, value in zip(points, values, strict=True):
            rest = [b - a * value for b, a in zip(rest, point, strict=True)]
        step = np.linalg.solve(triangle, np.linalg.solve(triangle.T, np.array(rest, dtype=float)))
        found = [x + Fraction(float(a)) for x, a in zip(found, step, strict=True)]
        if [float(x) for x in found] == before:
            break
    return found


def _in_fractions(rows: Array) -> list[list[Fraction]]:
    return [[Fraction(float(x)) for x in row] for row in rows]


def _dot(left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def _against(row: Array, token: int) -> Any:  # noqa: ANN401 - mpmath has no types
    """Minus the logarithm of a softmax mass, by the odds against it: that of nearly 1 keeps its digits."""
    return mpmath.log1p(mpmath.fsum(mpmath.exp(mpmath.mpf(x) - row[token]) for x in np.delete(row, token)))


def _accepted(scores: Array, drawn: Sequence[int], y: int, beta: float, M: float) -> float:
    exponents = scores / beta
    among = exponents[list(drawn)]
    top = float(np.max(among))
    mean = float(np.mean(np.exp(among - top)))
    return float(np.exp(min(0.0, float(exponents[y]) - top - float(np.log(mean)) - float(np.log(M)))))


def _multisets(live: Sequence[int], N: int) -> list[tuple[tuple[int, ...], int]]:
    def counts(total: int, places: int) -> list[tuple[int, ...]]:
        if places == 1:
            return [(total,)]
        return [(k, *rest) for k in range(total + 1) for rest in counts(total - k, places - 1)]

    found = []
    for each in counts(N, len(live)):
        drawn = tuple(y for y, k in zip(live, each, strict=True) for _ in range(k))
        found.append((drawn, factorial(N) // prod(factorial(k) for k in each)))
    return found
