"""The second source: every function of the kit once more, in mpmath and fractions, by formulas and loops of its own.

Nothing of ``reference`` is imported.  Functions are generic in their numbers: they are asked with mpmath's for values
and condition numbers, and with fractions where only +, -, * and / occur: then the answer is exact.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import comb
from typing import Any, Final

from mpmath import mp

Num = Any
"""A number of mpmath, or a fraction."""

Rows = Sequence[Sequence[Num]]


def _weights(pi: Sequence[Num], r: Sequence[Num], beta: Num) -> tuple[list[Num], Num]:
    top = max(x for p, x in zip(pi, r, strict=True) if p)
    return [p * mp.exp((x - top) / beta) if p else mp.mpf(0) for p, x in zip(pi, r, strict=True)], top


def log_partition_of(pi: Sequence[Num], r: Sequence[Num], beta: Num) -> Num:
    """``beta log E_pi exp(r/beta)``."""
    weights, top = _weights(pi, r, beta)
    return top + beta * mp.log(mp.fsum(weights))


def softmax_of(pi: Sequence[Num], r: Sequence[Num], beta: Num) -> list[Num]:
    """``pi exp(r/beta) / Z``."""
    weights, _ = _weights(pi, r, beta)
    return [w / mp.fsum(weights) for w in weights]


def kl_of(p: Sequence[Num], q: Sequence[Num]) -> Num:
    """``KL(p || q)``."""
    pairs = [(x, y) for x, y in zip(p, q, strict=True) if x]
    return mp.inf if any(y == 0 for _, y in pairs) else mp.fsum(x * mp.log(x / y) for x, y in pairs)


def _objective(p: Sequence[Num], pi: Sequence[Num], r: Sequence[Num], beta: Num) -> Num:
    return mp.fdot(p, r) - beta * kl_of(p, pi)


def _gap(p: Sequence[Num], pi: Sequence[Num], r: Sequence[Num], beta: Num) -> Num:
    return log_partition_of(pi, r, beta) - _objective(p, pi, r, beta)


def _coverage(pi: Sequence[Num], r: Sequence[Num], beta: Num) -> Num:
    return max(s / p for s, p in zip(softmax_of(pi, r, beta), pi, strict=True) if p)


def _draws(M: Num, delta: Num) -> int:
    with mp.workdps(60 + mp.dps + int(mp.log10(1 + M))):
        exact = 4 * M * mp.log(4 / delta)
        return int(mp.ceil(exact))


def solved(matrix: Rows, right: Sequence[Num]) -> list[Num]:
    """Solve a regular system by elimination with the largest pivot."""
    table = [[*line, b] for line, b in zip(matrix, right, strict=True)]
    size = len(table)
    for j in range(size):
        pivot = max(range(j, size), key=lambda i: abs(table[i][j]))
        table[j], table[pivot] = table[pivot], table[j]
        for i in range(size):
            if i != j and table[i][j]:
                factor = table[i][j] / table[j][j]
                table[i] = [x - factor * y for x, y in zip(table[i], table[j], strict=True)]
    return [line[-1] / line[i] for i, line in enumerate(table)]


def ridge_matrix(phis: Rows, ridge: Num, size: int) -> list[list[Num]]:
    """``ridge I + sum phi phi^T``."""
    return [
        [sum((v[i] * v[j] for v in phis), ridge if i == j else 0 * ridge) for j in range(size)] for i in range(size)
    ]


def dot(u: Sequence[Num], v: Sequence[Num]) -> Num:
    """Inner product."""
    return sum(x * y for x, y in zip(u, v, strict=True))


def _elliptic(phis: Rows, phi: Sequence[Num], ridge: Num) -> Num:
    return dot(phi, solved(ridge_matrix(phis, ridge, len(phi)), phi))


def _accepts(phis: Rows, phi: Sequence[Num], ridge: Num, nu: Num) -> bool:
    return bool(_elliptic(phis, phi, ridge) > nu * nu)


def _ridge(phis: Rows, rewards: Sequence[Num], ridge: Num) -> list[Num]:
    size = len(phis[0])
    moments = [sum((v[i] * r for v, r in zip(phis, rewards, strict=True)), 0 * ridge) for i in range(size)]
    return solved(ridge_matrix(phis, ridge, size), moments)


def _sampler_law(pi: Sequence[Num], f: Sequence[Num], beta: Num, M: Num, N: int) -> list[Num]:
    weights = [mp.exp(x / beta) for x in f]
    law = [mp.mpf(0)] * len(pi)
    for counts, chance in _multinomial(pi, N):
        z = mp.fsum(n * w for n, w in zip(counts, weights, strict=True)) / N
        accepted = [p * min(mp.mpf(1), w / (z * M)) for p, w in zip(pi, weights, strict=True)]
        some = mp.fsum(accepted)
        waiting = mp.mpf(1)
        for _ in range(N):
            law = [total + chance * waiting * a for total, a in zip(law, accepted, strict=True)]
            waiting *= 1 - some
        law = [total + chance * waiting * p for total, p in zip(law, pi, strict=True)]
    return law


def _multinomial(pi: Sequence[Num], n: int) -> Iterator[tuple[tuple[int, ...], Num]]:
    """Yield every way that n draws may fall, and how probable it is."""
    if len(pi) == 1:
        yield (n,), pi[0] ** n
        return
    for k in range(n + 1 if pi[0] else 1):
        for rest, chance in _multinomial(pi[1:], n - k):
            yield (k, *rest), comb(n, k) * pi[0] ** k * chance


def _accept_prob(f: Sequence[Num], drawn: Sequence[int], y: int, beta: Num, M: Num) -> Num:
    mean = mp.fsum(mp.exp((f[i] - f[y]) / beta) for i in drawn) / len(drawn)
    return min(mp.mpf(1), 1 / (mean * M))


def _log_softmax(line: Sequence[Num], token: int) -> Num:
    return -mp.log(mp.fsum(mp.exp(x - line[token]) for x in line))


def _path_return(logits: Rows, base_logits: Rows, tokens: Sequence[int], eos: int, beta: Num) -> Num:
    total = mp.mpf(0)
    for h, token in enumerate(tokens):
        total += _log_softmax(logits[h], token) - _log_softmax(base_logits[h], token)
        if token == eos:
            break
    return beta * total


def _dpo_loss(
    chosen: Sequence[Num],
    rejected: Sequence[Num],
    base_chosen: Sequence[Num],
    base_rejected: Sequence[Num],
    beta: Num,
) -> Num:
    total = mp.mpf(0)
    for c, l, bc, bl in zip(chosen, rejected, base_chosen, base_rejected, strict=True):  # noqa: E741 - as in papers
        h = beta * ((c - bc) - (l - bl))
        total += mp.log1p(mp.exp(-h)) if h > 0 else mp.log1p(mp.exp(h)) - h
    return total


def _argmin(phis: Rows, rewards: Sequence[Num], thetas: Rows) -> int:
    losses = [sum((dot(t, v) - r) ** 2 for v, r in zip(phis, rewards, strict=True)) for t in thetas]
    return min(range(len(losses)), key=lambda i: (losses[i], i))


def spans(vectors: Rows, C: Num, indices: Sequence[int]) -> bool:
    """Whether the vectors at these indices are independent and give all others with coefficients of size at most C."""
    basis = [vectors[i] for i in indices]
    if not basis:
        return not any(any(v) for v in vectors)
    gram = [[dot(u, v) for v in basis] for u in basis]
    try:
        coefficients = [solved(gram, [dot(u, v) for u in basis]) for v in vectors]
    except ZeroDivisionError:
        return False
    rebuilt = [[dot(c, column) for column in zip(*basis, strict=True)] for c in coefficients]
    return rebuilt == [list(v) for v in vectors] and all(abs(x) <= C for c in coefficients for x in c)


FIRST_SHADOWS: Final[Mapping[str, Callable[..., Any]]] = {
    "log_partition": log_partition_of,
    "softmax": softmax_of,
    "kl": kl_of,
    "objective": _objective,
    "gap": _gap,
    "coverage": _coverage,
    "draws": _draws,
    "elliptic": _elliptic,
    "accepts": _accepts,
    "ridge": _ridge,
    "sampler_law": _sampler_law,
    "accept_prob": _accept_prob,
    "path_return": _path_return,
    "dpo_loss": _dpo_loss,
    "argmin": _argmin,
}
"""By the names of the kit, of its first functions; a spanner's certificate is checked by :func:`spans`."""


def _term(text: str) -> Num:
    """Return ``2/3``, ``log(2)`` or ``-1/2*log(2)`` as a number of mpmath."""
    head, _, inside = text.partition("log(")
    if not inside:
        return mp.mpf(Fraction(text).numerator) / Fraction(text).denominator
    factor = Fraction(head.rstrip("*") + "1" if head in {"", "-"} else head.rstrip("*"))
    return mp.mpf(factor.numerator) / factor.denominator * mp.log(int(inside.rstrip(")")))


def fractions_of(argument: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the numbers of an input, which are text, as fractions; integers stay, logarithms are numbers of mpmath."""
    if isinstance(argument, str):
        return mp.fsum(map(_term, argument.split(" + "))) if "log" in argument else Fraction(argument)
    return argument if isinstance(argument, int) else [fractions_of(each) for each in argument]
