"""The paper's algorithms in numpy: a second implementation, which shares no code with the package.

Each takes the played oracles and its inputs by keyword, and returns what the script wants to know.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import exp, fsum, log, log1p
from typing import Any, Literal

import numpy as np

from proofs_check.conformance.played import PlayedOracles as Oracles
from tests.conformance.right.plain_floats import spanner

Array = np.ndarray[Any, np.dtype[np.float64]]
Floats = Sequence[float]
Mode = Literal["ridge", "span"]
Score = Callable[[Floats], float]

name = "numpy"
format = "binary64"  # noqa: A001 - the protocol's word


class Cover:
    """Accepted differences: what they explain, and fits to data."""

    def __init__(self, dimension: int, mode: Mode, ridge: float, nu: float) -> None:
        self.mode, self.ridge, self.nu = mode, ridge, nu
        self.rows = np.zeros((0, dimension))

    def covers(self, phi: Floats) -> bool:
        """Whether a difference is explained."""
        v = np.asarray(phi, dtype=float)
        if self.mode == "span":
            if not v.any():
                return True
            if not len(self.rows):
                return False
            rest = v - self.rows.T @ np.linalg.lstsq(self.rows.T, v, rcond=1e-12)[0]
            return bool(np.linalg.norm(rest) <= 1e-9 * np.linalg.norm(v))
        sigma = self.ridge * np.eye(len(v)) + self.rows.T @ self.rows
        return bool(v @ np.linalg.solve(sigma, v) <= self.nu**2)

    def add(self, phi: Floats) -> None:
        """Accept a difference."""
        self.rows = np.vstack([self.rows, phi])

    def fit(self, data: Sequence[tuple[Floats, float]]) -> Array:
        """Least squares: by the ridge, or of least norm."""
        d = self.rows.shape[1]
        if not data:
            return np.zeros(d)
        rows, wanted = np.array([phi for phi, _ in data], dtype=float), np.array([r for _, r in data], dtype=float)
        if self.mode == "span":
            found: Array = np.linalg.lstsq(rows, wanted, rcond=1e-12)[0]
            return found
        whole = np.vstack([rows, np.sqrt(self.ridge) * np.eye(d)])
        basis, factor = np.linalg.qr(whole)
        return np.asarray(np.linalg.solve(factor, basis.T @ np.concatenate([wanted, np.zeros(d)])))

    def truncated(self, theta: Array, reference: Floats) -> Score:
        """``<theta, phi - reference>`` where that is covered, and 0."""

        def f(phi: Floats) -> float:
            difference = np.subtract(phi, reference)
            return float(theta @ difference) if self.covers(difference.tolist()) else 0.0

        return f


def sampled(
    draw: Callable[[], tuple[int, list[float]]], oracles: Oracles, f: Score, beta: float, M: float, N: int
) -> int:
    """SoftmaxSampler."""
    mean = fsum(exp(f(draw()[1]) / beta) for _ in range(N)) / N  # 2
    for _ in range(N):  # 3
        y, phi = draw()  # 4
        if oracles.coin(min(1.0, exp(f(phi) / beta) / (mean * M))):  # 5
            return y
    return draw()[0]  # 6


def softmax_sampler(oracles: Oracles, x: int, theta: Floats, beta: float, M: float, N: int) -> dict[str, Any]:
    weights = np.asarray(theta)
    return {"response": sampled(lambda: oracles.weak(x), oracles, lambda phi: float(weights @ phi), beta, M, N)}


def spanner_sampling(  # noqa: PLR0917 - its inputs
    oracles: Oracles, dimension: int, beta: float, n_prompt: int, n_pair: int, t_exp: int, N: int, x: int, M: float,
    ridge: float, nu: float, mode: Mode,
) -> dict[str, Any]:  # fmt: skip
    cover = Cover(dimension, mode, ridge, nu)
    data: list[tuple[list[float], float]] = []
    for _ in range(n_prompt):  # 2
        at = oracles.prompt()
        for _ in range(n_pair):  # 4
            (y1, phi1), (y2, phi2) = oracles.weak(at), oracles.weak(at)
            phi = np.subtract(phi1, phi2).tolist()
            if not cover.covers(phi):  # 6
                data.append((phi, oracles.reward(at, y1) - oracles.reward(at, y2)))
                cover.add(phi)
                break
    accepted, thetas = len(data), []
    for _ in range(t_exp):  # 9
        theta = cover.fit(data)  # 10
        at = oracles.prompt()  # 11
        y2, phi2 = oracles.weak(at)
        features = {y2: phi2}

        def draw(at: int = at, features: dict[int, list[float]] = features) -> tuple[int, list[float]]:
            y, phi = oracles.weak(at)
            features[y] = phi
            return y, phi

        y1 = sampled(draw, oracles, cover.truncated(theta, phi2), beta, M, N)  # 12, 13
        phi = np.subtract(features[y1], phi2).tolist()
        data.append((phi, oracles.reward(at, y1) - oracles.reward(at, y2)))  # 14
        thetas.append(theta)
    t = oracles.choose([1 / t_exp] * t_exp)  # 15
    _, reference = oracles.weak(x)
    response = sampled(lambda: oracles.weak(x), oracles, cover.truncated(thetas[t], reference), beta, M, N)
    return {"thetas": [theta.tolist() for theta in thetas], "accepted": accepted, "response": response}


def online_dpo(
    oracles: Oracles, dimension: int, beta: float, T: int, feedback: str, candidates: Sequence[Floats]
) -> dict[str, Any]:
    return _trained(
        oracles, dimension, T, feedback, candidates, paired=True, bonus=lambda _theta, _x, _y: 0.0, beta=beta
    )


def xpo(
    oracles: Oracles, dimension: int, beta: float, T: int, feedback: str, candidates: Sequence[Floats], alpha: float,
    masses: Sequence[Floats], features: Sequence[Sequence[Floats]],
) -> dict[str, Any]:  # fmt: skip
    def bonus(theta: Floats, x: int, y: int) -> float:
        scores = np.asarray(features[x]) @ np.asarray(theta) / beta
        live = np.asarray(masses[x]) > 0
        whole = np.log(np.sum(np.asarray(masses[x])[live] * np.exp(scores[live])))
        return alpha * beta * float(log(masses[x][y]) + scores[y] - whole)

    return _trained(oracles, dimension, T, feedback, candidates, paired=False, bonus=bonus, beta=beta)


def _trained(
    oracles: Oracles, dimension: int, T: int, feedback: str, candidates: Sequence[Floats], *, paired: bool,
    bonus: Callable[[Floats, int, int], float], beta: float,
) -> dict[str, Any]:  # fmt: skip
    del beta
    zero = [0.0] * dimension
    data: list[tuple[Array, float, int, int]] = []

    def loss(theta: Floats) -> float:
        terms = []
        for phi, r, x, y in data:
            score = float(np.dot(theta, phi))
            terms.append((score - r) ** 2 if feedback == "rewards" else log1p(exp(-score)))
            terms.append(bonus(theta, x, y))
        return fsum(terms)

    def fitted() -> Floats:
        values = [loss(theta) for theta in candidates]
        return candidates[next(k for k, value in enumerate(values) if value <= min(values) + 1e-12)]

    for _ in range(T):  # 2
        theta = fitted() if data else zero  # 3
        x, answers = oracles.round([theta, theta if paired else zero])  # 4
        (_, phi1, r1), (y2, phi2, r2) = answers
        difference = np.subtract(phi1, phi2)
        if feedback == "rewards":
            data.append((difference, r1 - r2, x, y2))  # 5
        else:
            won = oracles.coin(1 / (1 + exp(r2 - r1)))
            data.append((difference if won else -difference, 0.0, x, y2))
    return {"theta": [list(fitted())]}  # 6


def enumerating(
    oracles: Oracles, dimension: int, n: int, C: float, masses: Sequence[Floats], features: Sequence[Sequence[Floats]]
) -> dict[str, Any]:
    pairs = [  # 1
        (x, y, z, np.subtract(phi, psi).tolist())
        for x, row in enumerate(features)
        for (y, phi), (z, psi) in combinations([(y, v) for y, v in enumerate(row) if masses[x][y] > 0], 2)
    ]
    data = []
    for k in spanner([phi for *_, phi in pairs], C):  # 2
        x, y, z, difference = pairs[k]
        mean = fsum(oracles.reward(x, y) - oracles.reward(x, z) for _ in range(n)) / n  # 3
        data.append((difference, mean))
    return {"theta": [Cover(dimension, "span", 1.0, 1.0).fit(data).tolist()]}  # 4


class _Met(Exception):
    """A pair that is not covered."""


def mtss(  # noqa: C901, PLR0915, PLR0917 - in one place, as its listing; its inputs
    oracles: Oracles, horizon: int, dimensions: Sequence[int], beta: float, n_roll: int, n_pair: int, n_out: int,
    n_tok: int, look: str, N: int, mode: Mode, sampler: str, M: float, ridge: float, nu: float,
) -> dict[str, Any]:  # fmt: skip
    covers = [Cover(d, mode, ridge, nu) for d in dimensions]  # 1
    pairs: list[list[tuple[int, list[int], int, int, list[float]]]] = [[] for _ in dimensions]
    thetas = [np.zeros(d) for d in dimensions]

    def accept(h: int, x: int, prefix: list[int], first: int, second: int, phi: list[float]) -> None:
        covers[h].add(phi)
        pairs[h].append((x, prefix, first, second, phi))
        raise _Met

    def seen(x: int, prefix: list[int]) -> Any:  # noqa: ANN401 - a listing
        h = len(prefix)
        if look == "listed":  # 7
            listing = oracles.listing(x, prefix)
            for (a, phi), (b, psi) in combinations(list(zip(listing[0], listing[2], strict=True)), 2):
                if not covers[h].covers(np.subtract(phi, psi).tolist()):
                    accept(h, x, prefix, a, b, np.subtract(phi, psi).tolist())
            return listing
        for _ in range(n_pair):
            (a, phi), (b, psi) = oracles.weak(x, prefix), oracles.weak(x, prefix)
            if not covers[h].covers(np.subtract(phi, psi).tolist()):
                accept(h, x, prefix, a, b, np.subtract(phi, psi).tolist())
        return None

    def chosen(x: int, prefix: list[int], listing: Any = None) -> tuple[Score, int, list[float], Any]:  # noqa: ANN401 - as above
        h = len(prefix)  # 8
        if sampler == "rejection":
            f = covers[h].truncated(thetas[h], oracles.weak(x, prefix)[1])
            known: dict[int, list[float]] = {}

            def draw() -> tuple[int, list[float]]:
                token, phi = oracles.weak(x, prefix)
                known[token] = phi
                return token, phi

            token = sampled(draw, oracles, f, beta, M, N)
            return f, token, known[token], listing
        tokens, masses, phis = listing = listing or oracles.listing(x, prefix)
        f = covers[h].truncated(thetas[h], phis[oracles.choose(masses)])
        weights = np.array([p * exp(f(phi) / beta) for p, phi in zip(masses, phis, strict=True)])
        place = oracles.choose((weights / weights.sum()).tolist())
        return f, tokens[place], phis[place], listing

    def log_z(f: Score, x: int, prefix: list[int], listing: Any) -> float:  # noqa: ANN401 - as above
        if not n_tok:
            _, masses, phis = listing or oracles.listing(x, prefix)
            return log(fsum(p * exp(f(phi) / beta) for p, phi in zip(masses, phis, strict=True)))
        return log(fsum(exp(f(oracles.weak(x, prefix)[1]) / beta) for _ in range(n_tok)) / n_tok)

    def rolled_out(x: int, prefix: list[int]) -> float:
        explained = 0.0
        while len(prefix) < horizon:
            f, token, phi, listing = chosen(x, prefix, seen(x, prefix))
            explained += f(phi) - beta * log_z(f, x, prefix, listing)
            prefix = [*prefix, token]
        return oracles.reward(x, prefix) - explained

    def one_pass() -> None:
        for h in reversed(range(horizon)):  # 3
            data = []
            for x, prefix, first, second, phi in pairs[h]:
                returns = []
                for _ in range(n_out):
                    returns += [rolled_out(x, [*prefix, first]), -rolled_out(x, [*prefix, second])]
                data.append((phi, fsum(returns) / n_out))
            thetas[h] = covers[h].fit(data)
        for _ in range(n_roll):  # 4
            x, prefix = oracles.prompt(), []  # 5
            while len(prefix) < horizon:  # 6
                prefix = [*prefix, chosen(x, prefix, seen(x, prefix))[1]]

    passes = 0
    while True:  # 2
        passes += 1
        try:
            one_pass()
        except _Met:
            continue
        break  # 9
    prefix: list[int] = []
    while len(prefix) < horizon:  # 10
        prefix = [*prefix, chosen(0, prefix)[1]]
    return {
        "thetas": [theta.tolist() for theta in thetas],
        "accepted": [len(each) for each in pairs],
        "passes": passes,
        "response": prefix,
    }
