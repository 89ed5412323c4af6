"""A right implementation of the kit's functions in plain Python floats: what a careful programmer writes.

Numbers are floats; what is decided (a tie, the next integer, the smallest loss) is decided in fractions.  It shares no
code with the package, nor with :mod:`right.numpy_arrays`.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import combinations
from math import ceil, comb, exp, expm1, fsum, hypot, inf, isfinite, log, log1p, sqrt

Floats = Sequence[float]
Rows = Sequence[Floats]

name = "plain Python floats"
format = "binary64"  # noqa: A001 - the protocol's word


def log_partition(pi: Floats, r: Floats, beta: float) -> float:
    _tilted(pi, r, beta)
    return _log_partition(pi, r, beta)


def softmax(pi: Floats, r: Floats, beta: float) -> list[float]:
    _tilted(pi, r, beta)
    mass, first = _largest(pi, r, beta)
    half = [exp((x - first) / beta / 2) if p > 0 else 0.0 for p, x in zip(pi, r, strict=True)]
    weights = [p * h / mass * h for p, h in zip(pi, half, strict=True)]  # in this order nothing vanishes too early
    total = fsum(weights)
    return [w / total for w in weights]


def kl(p: Floats, q: Floats) -> float:
    _law(p, "p")
    _law(q, "q")
    _same(p, q)
    return fsum(_divergence(a, b, _log_ratio(a, b)) for a, b in zip(p, q, strict=True) if a > 0 or b > 0)


def objective(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    _law(p, "p")
    _tilted(pi, r, beta)
    _same(p, pi)
    return fsum([*(a * x for a, x in zip(p, r, strict=True)), -beta * kl(p, pi)])


def gap(p: Floats, pi: Floats, r: Floats, beta: float) -> float:
    _law(p, "p")
    _tilted(pi, r, beta)
    _same(p, pi)
    top = _top(pi, r)
    least = _log_partition(pi, [x - top for x in r], beta)
    terms = []
    for a, b, x in zip(p, pi, r, strict=True):
        if b > 0:
            tilt = ((x - top) - least) / beta
            terms.append(_divergence(a, b * exp(tilt), _log_ratio(a, b) - tilt))
        elif a > 0:
            raise ValueError("p leaves the support of pi")
    return beta * fsum(terms)


def coverage(pi: Floats, r: Floats, beta: float) -> float:
    _tilted(pi, r, beta)
    top = _top(pi, r)
    return 1 / fsum(p * exp((x - top) / beta) for p, x in zip(pi, r, strict=True) if p > 0)


def draws(M: float, delta: float) -> int:
    _finite(M, delta)
    if M < 1 or not 0 < delta <= 1:
        raise ValueError("needs M >= 1 and 0 < delta <= 1")
    with localcontext() as context:
        for context.prec in (50, 100, 200, 400):
            value = 4 * Decimal(M) * (4 / Decimal(delta)).ln()
            slack = abs(value) * Decimal(10) ** (10 - context.prec)
            if ceil(value - slack) == ceil(value + slack):
                return ceil(value)
    raise ValueError("too close to an integer")


def elliptic(phis: Rows, phi: Floats, ridge: float) -> float:
    _regression(phis, [0.0] * len(phis), ridge)
    for row in phis:
        _same(row, phi)
    _finite(*phi)
    triangle = _triangle([[*row, 0.0] for row in phis], len(phi), ridge)
    solved: list[float] = []
    for j, value in enumerate(phi):
        rest = value - fsum(triangle[i][j] * solved[i] for i in range(j))
        solved.append(rest / triangle[j][j])
    return fsum(z * z for z in solved)


def accepts(phis: Rows, phi: Floats, ridge: float, nu: float) -> bool:
    _regression(phis, [0.0] * len(phis), ridge)
    for row in phis:
        _same(row, phi)
    _finite(*phi, nu)
    if not nu > 0:
        raise ValueError("needs nu > 0")
    d = len(phi)
    seen = [[Fraction(x) for x in row] for row in phis]
    sigma = [
        [sum((row[i] * row[j] for row in seen), Fraction(ridge if i == j else 0)) for j in range(d)] for i in range(d)
    ]
    target = [Fraction(x) for x in phi]
    return sum(a * b for a, b in zip(target, _solved(sigma, target), strict=True)) > Fraction(nu) ** 2


def ridge(phis: Rows, rewards: Floats, ridge: float) -> list[float]:
    _regression(phis, rewards, ridge)
    if not phis:
        raise ValueError("without data there is no dimension")
    columns = [[Fraction(x) for x in column] for column in zip(*phis, strict=True)]
    sigma = [
        [_dot(a, b) + Fraction(ridge if i == j else 0) for j, b in enumerate(columns)] for i, a in enumerate(columns)
    ]
    return [float(x) for x in _solved(sigma, [_dot(column, [Fraction(r) for r in rewards]) for column in columns])]


def sampler_law(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    _tilted(pi, f, beta)
    if not M > 0 or N < 1:
        raise ValueError("needs M > 0 and N >= 1")
    live = [y for y, p in enumerate(pi) if p > 0]
    masses: list[list[float]] = [[] for _ in pi]
    for counts in _counts(N, len(live)):
        chance, left = 1.0, N
        for y, k in zip(live, counts, strict=True):
            chance *= comb(left, k) * pi[y] ** k
            left -= k
        drawn = [y for y, k in zip(live, counts, strict=True) for _ in range(k)]
        accepted = {y: _acceptance(f, drawn, y, beta, M) for y in live}
        once = fsum(pi[y] * a for y, a in accepted.items())
        missed = fsum(pi[y] * (1 - a) for y, a in accepted.items())
        waits = fsum(missed**t for t in range(N)) if once else N
        for y, a in accepted.items():
            masses[y] += [chance * pi[y] * a * waits, chance * pi[y] * missed**N]
    return [fsum(each) for each in masses]


def accept_prob(f: Floats, drawn: Sequence[int], y: int, beta: float, M: float) -> float:
    _finite(*f, beta, M)
    if not beta > 0 or not M > 0 or not drawn or not all(0 <= i < len(f) for i in (*drawn, y)):
        raise ValueError("needs beta > 0, M > 0, and indices of responses")
    return _acceptance(f, drawn, y, beta, M)


def path_return(logits: Rows, base_logits: Rows, tokens: Sequence[int], eos: int, beta: float) -> float:
    last = list(tokens).index(eos) if eos in tokens else len(tokens) - 1
    if len(logits) <= last or len(base_logits) <= last or not tokens or not beta > 0:
        raise ValueError("needs a row of logits for each token, and beta > 0")
    against = []
    for h in range(last + 1):
        _same(logits[h], base_logits[h])
        _finite(*logits[h], *base_logits[h])
        if not 0 <= tokens[h] < len(logits[h]):
            raise ValueError("a token that has no logit")
        with localcontext(prec=100):  # the two may nearly agree
            against.append(_against(base_logits[h], tokens[h]) - _against(logits[h], tokens[h]))
    return beta * float(sum(against))


def dpo_loss(chosen: Floats, rejected: Floats, base_chosen: Floats, base_rejected: Floats, beta: float) -> float:
    _finite(*chosen, *rejected, *base_chosen, *base_rejected, beta)
    if not beta > 0:
        raise ValueError("needs beta > 0")
    losses = []
    for c, d, c0, d0 in zip(chosen, rejected, base_chosen, base_rejected, strict=True):
        h = beta * fsum((c, -c0, -d, d0))
        losses.append(log1p(exp(-abs(h))) + max(-h, 0.0))
    return fsum(losses)


def argmin(phis: Rows, rewards: Floats, thetas: Rows) -> int:
    _regression(phis, rewards, 1.0)
    if not thetas:
        raise ValueError("there is no theta")
    best, least = 0, None
    for k, theta in enumerate(thetas):
        _same(theta, thetas[0] if not phis else phis[0])
        loss = Fraction(0)
        for phi, r in zip(phis, rewards, strict=True):
            loss += (sum(Fraction(a) * Fraction(b) for a, b in zip(theta, phi, strict=True)) - Fraction(r)) ** 2
        if least is None or loss < least:
            best, least = k, loss
    return best


def spanner(vectors: Rows, C: float) -> list[int]:
    if not C > 1 or not vectors:
        raise ValueError("needs C > 1 and a vector")
    for v in vectors:
        _same(v, vectors[0])
        _finite(*v)
    rows = [[Fraction(x) for x in v] for v in vectors]
    chosen, columns = _basis(rows)
    points = [[row[c] for c in columns] for row in rows]
    while True:
        over = [list(column) for column in zip(*(points[i] for i in chosen), strict=True)]
        for k, point in enumerate(points):
            found = next((i for i, x in enumerate(_solved(over, point)) if abs(x) > Fraction(C)), None)
            if found is not None:
                chosen[found] = k
                break
        else:
            return chosen


def _finite(*values: float) -> None:
    if not all(isfinite(x) for x in values):
        raise ValueError("a number that is not finite")


def _same(left: Sequence[object], right: Sequence[object]) -> None:
    if len(left) != len(right):
        raise ValueError("lengths differ")


def _law(p: Floats, what: str) -> None:
    _finite(*p)
    if any(x < 0 for x in p) or sum(map(Fraction, p)) != 1:
        raise ValueError(f"{what} is no law")


def _tilted(pi: Floats, r: Floats, beta: float) -> None:
    _law(pi, "pi")
    _same(pi, r)
    _finite(*r, beta)
    if not beta > 0:
        raise ValueError("needs beta > 0")


def _regression(phis: Rows, rewards: Sequence[float], ridge: float) -> None:
    _same(phis, rewards)
    _finite(*rewards, *(x for row in phis for x in row), ridge)
    if not ridge > 0 or len({len(row) for row in phis}) > 1:
        raise ValueError("needs rows of one length, and ridge > 0")


def _top(pi: Floats, r: Floats) -> float:
    return max(x for p, x in zip(pi, r, strict=True) if p > 0)


def _largest(pi: Floats, r: Floats, beta: float) -> tuple[float, float]:
    """Mass and reward of the largest term of Z."""
    return max((log(p) + x / beta, p, x) for p, x in zip(pi, r, strict=True) if p > 0)[1:]


def _log_partition(pi: Floats, r: Floats, beta: float) -> float:
    """From the largest term of Z on: it has a share of Z, so that little cancels."""
    _, first = _largest(pi, r, beta)
    shifted = [(p, (x - first) / beta) for p, x in zip(pi, r, strict=True) if p > 0]
    excess = fsum(p * expm1(x) for p, x in shifted)  # of Z over 1: nothing is lost where Z is nearly 1
    return first + beta * (log1p(excess) if excess > -0.5 else log(fsum(p * exp(x) for p, x in shifted)))


def _log_ratio(a: float, b: float) -> float:
    if a == 0:
        return -inf
    if b == 0:
        raise ValueError("p leaves the support of q")
    return log1p((a - b) / b) if b / 2 <= a <= 2 * b else log(a) - log(b)


def _divergence(a: float, b: float, ratio: float) -> float:
    """``a log(a/b) - a + b``, which is not negative."""
    if a == 0:
        return b
    return a * (ratio + expm1(-ratio)) if ratio > -1 else fsum((a * ratio, -a, b))


def _triangle(rows: Sequence[list[float]], d: int, ridge: float) -> list[list[float]]:
    """The triangle of a QR factorisation of ``[sqrt(ridge) I; rows]`` by Givens rotations; a last column goes along."""
    triangle = [[sqrt(ridge) if i == j else 0.0 for j in range(d + 1)] for i in range(d)]
    for row in rows:
        for i in range(d):
            size = hypot(triangle[i][i], row[i])
            c, s = triangle[i][i] / size, row[i] / size
            for j in range(i, d + 1):
                triangle[i][j], row[j] = c * triangle[i][j] + s * row[j], c * row[j] - s * triangle[i][j]
    return triangle


def _dot(left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def _solved(matrix: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> list[Fraction]:
    rows = [[*row, x] for row, x in zip(matrix, right, strict=True)]
    for i in range(len(rows)):
        pivot = next(k for k in range(i, len(rows)) if rows[k][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for k, row in enumerate(rows):
            if k != i and row[i]:
                rows[k] = [x - row[i] * y for x, y in zip(row, rows[i], strict=True)]
    return [row[-1] for row in rows]


def _basis(rows: Sequence[Sequence[Fraction]]) -> tuple[list[int], list[int]]:
    """Independent rows, and columns in which they stay independent."""
    chosen: list[int] = []
    columns: list[int] = []
    reduced: list[list[Fraction]] = []
    for k, row in enumerate(rows):
        rest = list(row)
        for c, known in zip(columns, reduced, strict=True):
            rest = [x - rest[c] * y for x, y in zip(rest, known, strict=True)]
        column = next((c for c, x in enumerate(rest) if x), None)
        if column is not None:
            chosen.append(k)
            columns.append(column)
            reduced.append([x / rest[column] for x in rest])
    return chosen, columns


def _counts(total: int, places: int) -> Iterator[tuple[int, ...]]:
    for bars in combinations(range(total + places - 1), places - 1):
        ends = (-1, *bars, total + places - 1)
        yield tuple(ends[i + 1] - ends[i] - 1 for i in range(places))


def _acceptance(f: Floats, drawn: Sequence[int], y: int, beta: float, M: float) -> float:
    top = max(f[i] for i in drawn)
    mean = fsum(exp((f[i] - top) / beta) for i in drawn) / len(drawn)
    exponent = (f[y] - top) / beta
    if exponent > 700:  # beyond binary64
        return exp(min(0.0, exponent - log(mean) - log(M)))
    return min(1.0, exp(exponent) / mean / M)


def _against(row: Floats, token: int) -> Decimal:
    """Minus the logarithm of a softmax mass, by the odds against it: that of nearly 1 keeps its digits."""
    odds = sum(((Decimal(x) - Decimal(row[token])).exp() for j, x in enumerate(row) if j != token), Decimal(0))
    return (1 + odds).ln() if odds > Decimal("1e-50") else odds
