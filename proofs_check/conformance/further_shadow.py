"""The second source of the further functions; see :mod:`proofs_check.conformance.shadow`."""

from collections.abc import Callable, Mapping, Sequence
from itertools import count, product
from typing import Any, Final

from mpmath import mp

from proofs_check.conformance.shadow import Num, Rows, dot, log_partition_of, ridge_matrix, softmax_of, solved


def _score(p: Sequence[Num], values: Sequence[Num]) -> list[Num]:
    """Return ``p (values - mean)``, 0 where there is no mass."""
    mean = mp.fsum(x * v for x, v in zip(p, values, strict=True) if x)
    return [x * (v - mean) if x else mp.mpf(0) for x, v in zip(p, values, strict=True)]


def _log_ratios(p: Sequence[Num], q: Sequence[Num]) -> list[Num]:
    return [mp.log(x / y) if x else mp.mpf(0) for x, y in zip(p, q, strict=True)]


def _kl_gradient(p: Sequence[Num], q: Sequence[Num]) -> list[Num]:
    return _score(p, _log_ratios(p, q))


def _k3_gradient(p: Sequence[Num], q: Sequence[Num]) -> list[Num]:
    return _score(p, [1 - y / x if x else mp.mpf(0) for x, y in zip(p, q, strict=True)])


def _objective_gradient(p: Sequence[Num], pi: Sequence[Num], r: Sequence[Num], beta: Num) -> list[Num]:
    return _score(p, [x - beta * w for x, w in zip(r, _log_ratios(p, pi), strict=True)])


def _dpo_gradient(chosen: Num, rejected: Num, base_chosen: Num, base_rejected: Num, beta: Num) -> list[Num]:
    h = beta * ((chosen - base_chosen) - (rejected - base_rejected))
    slope = beta / (1 + mp.exp(h))
    return [-slope, slope]


def _l1_coverage(pi: Sequence[Num], r: Sequence[Num], beta: Num) -> Num:
    return mp.fsum(s * s / p for s, p in zip(softmax_of(pi, r, beta), pi, strict=True) if p)


def _best_of_n(pi: Sequence[Num], f: Sequence[Num], N: int) -> list[Num]:
    order = sorted(range(len(pi)), key=lambda y: (f[y], -y))
    below, law = 0 * pi[0], [0 * pi[0]] * len(pi)
    for y in order:
        law[y] = (below + pi[y]) ** N - below**N
        below += pi[y]
    return law


def _rejection_failure(pi: Sequence[Num], r: Sequence[Num], beta: Num, M: Num, N: int) -> Num:
    accepted = mp.fsum(min(s, M * p) for s, p in zip(softmax_of(pi, r, beta), pi, strict=True)) / M
    return (1 - accepted) ** N


def _normalised(weights: Sequence[Num]) -> list[Num]:
    return [w / sum(weights) for w in weights]


def _residual(p: Sequence[Num], q: Sequence[Num]) -> list[Num]:
    return _normalised([max(x - y, 0 * x) for x, y in zip(p, q, strict=True)])


def _top_k(p: Sequence[Num], k: int) -> list[Num]:
    best = sorted(range(len(p)), key=lambda y: (-p[y], y))[:k]
    return _normalised([x if y in best else 0 * x for y, x in enumerate(p)])


def _top_p(p: Sequence[Num], share: Num) -> list[Num]:
    kept, mass = set[int](), 0 * share
    for y in sorted(range(len(p)), key=lambda y: (-p[y], y)):
        if mass < share:
            kept.add(y)
            mass += p[y]
    return _normalised([x if y in kept else 0 * x for y, x in enumerate(p)])


def _min_p(p: Sequence[Num], share: Num) -> list[Num]:
    return _normalised([x if x >= share * max(p) else 0 * x for x in p])


def _tempered(p: Sequence[Num], temperature: Num) -> list[Num]:
    logs = [mp.log(x) / temperature if x else -mp.inf for x in p]
    return _normalised([mp.exp(x - max(logs)) for x in logs])


def _echelon(vectors: Rows) -> list[list[Num]]:
    """Return independent rows with the same span."""
    found: list[list[Num]] = []
    for vector in vectors:
        rest = list(vector)
        for each in found:
            j = next(i for i, x in enumerate(each) if x)
            rest = [x - rest[j] / each[j] * y for x, y in zip(rest, each, strict=True)]
        if any(rest):
            found.append(rest)
    return found


def _in_span(phis: Rows, phi: Sequence[Num]) -> bool:
    return len(_echelon([*phis, phi])) == len(_echelon(phis))


def _span_fit(phis: Rows, rewards: Sequence[Num]) -> list[Num]:
    basis = _echelon(phis)
    if not basis:
        return [0 * x for x in phis[0]]
    seen = [[dot(b, v) for b in basis] for v in phis]
    normal = [[dot(column, other) for other in zip(*seen, strict=True)] for column in zip(*seen, strict=True)]
    w = solved(normal, [dot(column, rewards) for column in zip(*seen, strict=True)])
    return [dot(w, column) for column in zip(*basis, strict=True)]


def _truncated_f(
    phis: Rows, theta: Sequence[Num], candidates: Rows, drawn: Sequence[Num], ridge: Num, nu: Num
) -> list[Num]:
    sigma, found = ridge_matrix(phis, ridge, len(drawn)), []
    for phi in candidates:
        away = [x - y for x, y in zip(phi, drawn, strict=True)]
        covered = dot(away, solved(sigma, away)) <= nu * nu
        found.append(dot(theta, away) if covered else 0 * ridge)
    return found


def _log_det(phis: Rows, ridge: Num) -> Num:
    table, total = [[x / ridge for x in row] for row in ridge_matrix(phis, ridge, len(phis[0]))], mp.mpf(0)
    while table:  # it is positive definite: the corner is a pivot
        (corner, *rest), *below = table
        total += mp.log(corner)
        table = [[x - row[0] / corner * y for x, y in zip(row[1:], rest, strict=True)] for row in below]
    return total


def _spanner_size(d: int, ridge: Num, nu: Num) -> Num:
    n: int = 0
    while (1 + nu * nu) ** (n + 1) <= (1 + 4 * (n + 1) / (ridge * d)) ** d:
        n += 1
    return n


def _needle_value(k: int, C: Num, m: int, beta: Num, t_comp: int, t_data: int) -> Num:
    del m, beta
    return 1 - (1 - 1 / C) ** t_comp * max(1 - (t_data + 1) / (k + 0 * C), 0 * C)


def _needle_qbar(k: int, C: Num, m: int, beta: Num) -> Num:
    del k
    odds, d = 1 / (C - 1), m * m
    return min(mp.mpf(1), odds * mp.exp(1 / (2 * d * beta**2)), odds * mp.e + mp.exp(-(beta**2) * d / 2))


def _dnf_value(terms: Rows, signs: Sequence[Num]) -> Num:
    held = [all(literal * signs[int(abs(literal)) - 1] > 0 for literal in term) for term in terms]
    return sum(held) / (len(terms) + 0 * signs[0])


def _dnf_chance(terms: Rows, t: Sequence[Num], A: Num, L: Num) -> Num:
    total = mp.mpf(0)
    for term in terms:
        power = mp.fsum(t[int(abs(n)) - 1] * (1 if n > 0 else -1) for n in term)
        p = L / A ** len(term)
        total += p * A**power / (1 - p + p * A**power)
    return total / len(terms)


def _responses(base: Rows, r: Sequence[Num], begun: int = 0) -> list[tuple[tuple[int, ...], Num, Num]]:
    """Return each whole response with its reward and its base probability, given its first ``begun`` tokens."""
    width = len(base[0])
    length = next(h for h in count(1) if sum(int(width**j) for j in range(h)) >= len(base))
    found = []
    for tokens, reward in zip(product(range(width), repeat=length), r, strict=True):
        mass = 1 + 0 * reward
        for h in range(begun, length):
            mass *= base[_row(tokens[:h], width)][tokens[h]]
        found.append((tokens, mass, reward))
    return found


def _row(prefix: tuple[int, ...], width: int) -> int:
    """Return the place of a prefix among all that are not longer, shorter ones first."""
    shorter = sum(int(width**h) for h in range(len(prefix)))
    return shorter + sum(a * int(width**h) for h, a in enumerate(reversed(prefix)))


def _whole(base: Rows, r: Sequence[Num], beta: Num) -> tuple[list[tuple[int, ...]], list[Num], list[Num], list[Num]]:
    found = _responses(base, r)
    masses, rewards = [m for _, m, _ in found], [x for _, _, x in found]
    return [tokens for tokens, _, _ in found], masses, rewards, softmax_of(masses, rewards, beta)


def _soft_value(base: Rows, r: Sequence[Num], beta: Num) -> Num:
    _, masses, rewards, _ = _whole(base, r, beta)
    return log_partition_of(masses, rewards, beta)


def _token_policy(base: Rows, r: Sequence[Num], beta: Num, prefix: Sequence[int]) -> list[Num]:
    below = [each for each in _responses(base, r, len(prefix)) if each[0][: len(prefix)] == tuple(prefix)]
    law = softmax_of([mass for _, mass, _ in below], [reward for _, _, reward in below], beta)
    next_tokens = [tokens[len(prefix)] for tokens, _, _ in below]
    return [mp.fsum(x for a, x in zip(next_tokens, law, strict=True) if a == token) for token in range(len(base[0]))]


def _chain_log_prob(base: Rows, r: Sequence[Num], beta: Num, tokens: Sequence[int]) -> Num:
    responses, masses, rewards, _ = _whole(base, r, beta)
    i = responses.index(tuple(tokens))
    return mp.log(masses[i]) + (rewards[i] - log_partition_of(masses, rewards, beta)) / beta


def _token_coverage(base: Rows, r: Sequence[Num], beta: Num) -> Num:
    tokens, masses, _, _ = _whole(base, r, beta)
    prefixes = {each[:h] for each, mass in zip(tokens, masses, strict=True) if mass for h in range(len(each))}
    width = len(base[0])
    return max(
        x / y
        for prefix in prefixes
        for x, y in zip(_token_policy(base, r, beta, prefix), base[_row(prefix, width)], strict=True)
        if y
    )


def _sequence_coverage(base: Rows, r: Sequence[Num], beta: Num) -> Num:
    _, masses, _, law = _whole(base, r, beta)
    return max(x / y for x, y in zip(law, masses, strict=True) if y)


FURTHER_SHADOWS: Final[Mapping[str, Callable[..., Any]]] = {
    "kl_gradient": _kl_gradient,
    "k3_gradient": _k3_gradient,
    "objective_gradient": _objective_gradient,
    "dpo_gradient": _dpo_gradient,
    "l1_coverage": _l1_coverage,
    "best_of_n": _best_of_n,
    "rejection_failure": _rejection_failure,
    "residual": _residual,
    "top_k": _top_k,
    "top_p": _top_p,
    "min_p": _min_p,
    "tempered": _tempered,
    "in_span": _in_span,
    "span_fit": _span_fit,
    "truncated_f": _truncated_f,
    "log_det": _log_det,
    "spanner_size": _spanner_size,
    "needle_value": _needle_value,
    "needle_qbar": _needle_qbar,
    "dnf_value": _dnf_value,
    "dnf_chance": _dnf_chance,
    "soft_value": _soft_value,
    "token_policy": _token_policy,
    "chain_log_prob": _chain_log_prob,
    "token_coverage": _token_coverage,
    "sequence_coverage": _sequence_coverage,
}
"""By the names of the kit."""

FURTHER_RATIONAL: Final = frozenset({
    "best_of_n", "residual", "top_k", "top_p", "min_p", "in_span", "span_fit", "truncated_f", "spanner_size",
    "needle_value", "dnf_value",
})  # fmt: skip
"""Those that need only +, -, * and /."""
