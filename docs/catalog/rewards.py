"""Hidden parameters that favour right answers, for given features."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Protocol

import numpy as np
from features import Groups, Row, floors_on_the_unit_ball, inner, nearest, small_integers

TIE = 1e-9
RATIOS = tuple(map(Fraction, ("1/4", "1/3", "1/2", "2/3", "3/2", "2", "3", "4")))

PRIMES = (2, 3)  # of the ratios


class Strength(Protocol):
    """What the choice of a parameter needs to know: see the recipes."""

    beta: Fraction
    dimension: int
    strength: int


@dataclass(frozen=True)
class Fit:
    """Features and a hidden parameter that favours right answers."""

    phi: Groups
    theta: tuple[str, ...]  # as the file spells it
    theta_norm: float
    rewards: list[list[float]]  # for the declared bound and the table
    lead: float  # of the best right answer over the best wrong one, relative to the range; the least over prompts


def rational_fit(recipe: Strength, groups: Groups, right: list[list[bool]]) -> Fit | None:
    """Least squares on the labels (right 1, wrong 0), within prompts; scaled to the strength, rounded to quarters."""
    phi = floors_on_the_unit_ball(groups)
    rows = [row for group in phi for row in centred(group)]
    labels = [row[0] for flags in right for row in centred([(Fraction(flag),) for flag in flags])]
    solution = least_squares(rows, labels)
    if solution is None:
        return None
    widest = max(spread([inner(solution, row) for row in group]) for group in phi)
    theta = tuple(nearest(v * recipe.strength * recipe.beta / widest, 4) for v in solution)
    rewards = [[float(inner(theta, row)) for row in group] for group in phi]
    return Fit(phi, tuple(map(str, theta)), math.sqrt(inner(theta, theta)), rewards, lead(rewards, right))


def log_rational_fit(recipe: Strength, groups: Groups, right: list[list[bool]]) -> Fit | None:
    """Choose theta_j = scale * beta * log q_j, q_j in RATIOS, so that right answers lead by the largest factor.

    Vectors q for which exp(r/beta) ranges over more than 3^strength within a prompt are left out; ties go to the first.
    """
    integers, scale = small_integers(groups)
    rows = [row for group in integers for row in centred(group)]
    if least_squares(rows, [Fraction(0)] * len(rows)) is None:  # the differences do not span the space
        return None
    candidates = list(product(RATIOS, repeat=recipe.dimension))
    logs = np.log(np.array(candidates, dtype=float))
    scores = [np.array(group, dtype=float) @ logs.T for group in integers]  # response by candidate
    mixed = [(s, np.array(f)) for s, f in zip(scores, right, strict=True) if any(f) and not all(f)]
    leads = [s[f].max(0) - s[~f].max(0) for s, f in mixed]
    ranges = [s.max(0) - s.min(0) for s in scores]
    admitted = np.max(ranges, axis=0) <= recipe.strength * math.log(3) + TIE
    if not admitted.any():
        return None
    ranking = np.where(admitted, np.round(np.min(leads, axis=0), 9), -np.inf)
    best = int(np.argmax(ranking))
    theta = tuple(log_text(scale * recipe.beta, q) for q in candidates[best])
    rewards = [[float(recipe.beta) * float(v) for v in s[:, best]] for s in scores]
    phi = [[tuple(a / scale for a in row) for row in group] for group in integers]
    norm = scale * float(recipe.beta) * math.hypot(*logs[best])
    return Fit(phi, theta, norm, rewards, float(ranking[best]))


def log_text(factor: Fraction, q: Fraction) -> str:
    """Return ``factor * log(q)`` as the format writes it: "-3/2*log(2) + 3/2*log(3)"."""
    text = ""
    for prime in PRIMES:
        power = valuation(q.numerator, prime) - valuation(q.denominator, prime)
        if power:
            sign = ("-" if power < 0 else "") if not text else (" - " if power < 0 else " + ")
            size = abs(power) * factor
            text += f"{sign}{'' if size == 1 else f'{size}*'}log({prime})"
    return text


def valuation(number: int, prime: int) -> int:
    """Return how often a prime divides a positive integer."""
    return 0 if number % prime else 1 + valuation(number // prime, prime)


def centred(rows: Sequence[Row]) -> list[Row]:
    """Subtract the mean row."""
    means = [sum(column, Fraction(0)) / len(rows) for column in zip(*rows, strict=True)]
    return [tuple(v - m for v, m in zip(row, means, strict=True)) for row in rows]


def spread(values: Sequence[Fraction]) -> Fraction:
    """Largest minus smallest."""
    return max(values) - min(values)


def lead(rewards: list[list[float]], right: list[list[bool]]) -> float:
    """Return the least over prompts of best right minus best wrong reward, relative to the widest range of rewards."""
    leads = []
    for group, flags in zip(rewards, right, strict=True):
        pairs = list(zip(group, flags, strict=True))
        leads.append(max(v for v, flag in pairs if flag) - max(v for v, flag in pairs if not flag))
    return round(min(leads) / max(max(group) - min(group) for group in rewards), 9)


def least_squares(rows: list[Row], labels: list[Fraction]) -> Row | None:
    """Solve the normal equations by Gauss-Jordan elimination; None if the rows do not span the space."""
    d = len(rows[0])
    columns = [tuple(column) for column in zip(*rows, strict=True)]
    system = [[*(inner(a, b) for b in columns), inner(a, tuple(labels))] for a in columns]
    for i in range(d):
        pivot = next((k for k in range(i, d) if system[k][i]), None)
        if pivot is None:
            return None
        system[i], system[pivot] = system[pivot], system[i]
        system[i] = [v / system[i][i] for v in system[i]]
        for k in range(d):
            if k != i:
                system[k] = [a - system[k][i] * b for a, b in zip(system[k], system[i], strict=True)]
    return tuple(row[d] for row in system)


def bound(value: float) -> str:
    """Return the least multiple of 1/4 above a number."""
    return str(Fraction(math.floor(4 * value) + 1, 4))
