"""A second right implementation of the kit's functions of features and of lower bounds: fractions, and floats last.

It shares no code with the package, nor with the numpy programs.
"""

from fractions import Fraction
from math import exp, fsum, log, log1p

from tests.conformance.right.plain_floats import Floats, Rows, _basis, _finite, _regression, _solved, accepts
from tests.conformance.right.plain_learned import _dot, _features, _needles, _norms, _positive, _satisfied

name = "plain Python floats, features and bounds"
format = "binary64"  # noqa: A001 - the protocol's word


def in_span(phis: Rows, phi: Floats) -> bool:
    _features([*phis, phi])
    rows = [[Fraction(x) for x in row] for row in (*phis, phi)]
    return len(phis) not in _basis(rows)[0]


def span_fit(phis: Rows, rewards: Floats) -> list[float]:
    """The normal equations of the coefficients over independent rows, in fractions."""
    _features(phis)
    _regression(phis, rewards, 1.0)
    rows, wanted = [[Fraction(x) for x in row] for row in phis], [Fraction(r) for r in rewards]
    chosen = [rows[i] for i in _basis(rows)[0]]
    scores = [[_dot(basis, row) for row in rows] for basis in chosen]
    weights = _solved([[_dot(u, v) for v in scores] for u in scores], [_dot(u, wanted) for u in scores])
    return [
        float(sum((w * v[j] for w, v in zip(weights, chosen, strict=True)), Fraction(0))) for j in range(len(rows[0]))
    ]


def truncated_f(phis: Rows, theta: Floats, candidates: Rows, drawn: Floats, ridge: float, nu: float) -> list[float]:
    _features([*candidates, theta, drawn])
    weights, origin = [Fraction(t) for t in theta], [Fraction(x) for x in drawn]
    found = []
    for candidate in candidates:
        away = [Fraction(x) - y for x, y in zip(candidate, origin, strict=True)]
        if accepts(phis, away, ridge, nu):  # type: ignore[arg-type]  # exact numbers do, too
            found.append(0.0)
        else:
            found.append(float(_dot(weights, away)))
    return found


def log_det(phis: Rows, ridge: float) -> float:
    _features(phis)
    _positive(ridge)
    return fsum(log1p(float(norm)) for norm in _norms(phis, ridge))


def spanner_size(d: int, ridge: float, nu: float) -> int:
    """From a float that is near: down while it is too large, then up while one more is allowed."""
    _positive(ridge)
    _positive(nu)
    if d < 1:
        raise ValueError("needs d >= 1")
    step, slope = log1p(nu * nu), 4 / (ridge * d)
    near = 2.0**60
    for _ in range(200):
        near = d * log1p(slope * near) / step
    size = int(near) + 2
    while size > 0 and not _is_allowed(size, d, ridge, nu):
        size -= 1
    return size


def needle_value(k: int, C: float, m: int, beta: float, t_comp: int, t_data: int) -> float:
    _needles(k, C, m, beta)
    if t_comp < 0 or t_data < 0:
        raise ValueError("needs budgets that are not negative")
    unasked = max(Fraction(k - 1 - t_data, k), Fraction(0))
    return float(1 - (1 - 1 / Fraction(C)) ** t_comp * unasked)


def needle_qbar(k: int, C: float, m: int, beta: float) -> float:
    _needles(k, C, m, beta)
    spread = (beta * m) ** 2
    exponent = 1 / spread / 2
    first = exp(exponent) / (C - 1) if exponent < log(C - 1) + 1 else 1.0
    return min(first, exp(1) / (C - 1) + exp(-spread / 2), 1.0)


def dnf_value(terms: Rows, signs: Floats) -> float:
    return _satisfied(terms, signs) / len(terms)


def dnf_chance(terms: Rows, t: Floats, A: float, L: float) -> float:
    _satisfied(terms, [1.0] * len(t))
    _finite(A, L, *t)
    k = len(terms[0])
    if not (A > 1 and L >= 1 and max(map(abs, t)) <= 1 and Fraction(L) / Fraction(A) ** k < Fraction(1, 2)):
        raise ValueError("needs A > 1, L >= 1, a point of the box, and L/A^k < 1/2")
    rest = float(1 - Fraction(L) / Fraction(A) ** k)
    hits = [L * A ** -fsum(1 - t[int(abs(n)) - 1] * (1 if n > 0 else -1) for n in term) for term in terms]
    return fsum(1 / (1 + rest / hit) for hit in hits) / len(terms)


def _is_allowed(n: int, d: int, ridge: float, nu: float) -> bool:
    return (1 + Fraction(nu) ** 2) ** n <= (1 + 4 * n / (Fraction(ridge) * d)) ** d
