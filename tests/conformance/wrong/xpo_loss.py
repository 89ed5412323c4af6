# ruff: noqa: ARG001 - a mistake is what is left out
"""Wrong versions of XPO's loss; each function is one."""

from collections.abc import Sequence
from math import exp, log, log1p

from tests.conformance.right.numpy_learned import xpo_loss as right

Floats = Sequence[float]
Ints = Sequence[int]


def sign(
    chosen: Floats,
    rejected: Floats,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> float:
    """The margin of the rejected."""
    dpo, bonus = _parts(chosen, rejected, base_chosen, base_rejected, answered, beta, alpha)
    return sum(_loss(-h) for h in dpo) + bonus


def base_missing(
    chosen: Floats,
    rejected: Floats,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> float:
    """Leaves the base model's log-probabilities out."""
    zeros = [0.0] * len(chosen)
    return right(chosen, rejected, zeros, zeros, answered, beta, alpha)


def bonus_missing(
    chosen: Floats,
    rejected: Floats,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> float:
    """DPO's loss."""
    return right(chosen, rejected, base_chosen, base_rejected, answered, beta, 0.0)


def bonus_sign(
    chosen: Floats,
    rejected: Floats,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> float:
    """Subtracts the bonus."""
    return 2 * bonus_missing(chosen, rejected, base_chosen, base_rejected, answered, beta, alpha) - right(
        chosen, rejected, base_chosen, base_rejected, answered, beta, alpha
    )


def bonus_of_chosen(
    chosen: Floats,
    rejected: Floats,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> float:
    """The bonus of the chosen response, whoever answered it."""
    return right(chosen, rejected, base_chosen, base_rejected, [0] * len(answered), beta, alpha)


def bonus_without_beta(
    chosen: Floats,
    rejected: Floats,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> float:
    """Leaves ``beta`` out of the bonus."""
    return right(chosen, rejected, base_chosen, base_rejected, answered, beta, alpha / beta)


def beta_missing(
    chosen: Floats,
    rejected: Floats,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> float:
    """Leaves ``beta`` out of the margin."""
    dpo, bonus = _parts(chosen, rejected, base_chosen, base_rejected, answered, beta, alpha)
    return sum(_loss(h / beta) for h in dpo) + bonus


def mean(
    chosen: Floats,
    rejected: Floats,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> float:
    """The mean over pairs."""
    return right(chosen, rejected, base_chosen, base_rejected, answered, beta, alpha) / len(chosen)


def first_pair(
    chosen: Floats,
    rejected: Floats,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> float:
    """The first pair alone."""
    return right(chosen[:1], rejected[:1], base_chosen[:1], base_rejected[:1], answered[:1], beta, alpha)


def naive_exp(
    chosen: Floats,
    rejected: Floats,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> float:
    """``log1p(exp(-h))``, which overflows."""
    dpo, bonus = _parts(chosen, rejected, base_chosen, base_rejected, answered, beta, alpha)
    return sum(log1p(exp(-h)) for h in dpo) + bonus


def log_of_one_plus(
    chosen: Floats,
    rejected: Floats,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> float:
    """``log(1 + exp(-h))`` for large ``h``."""
    dpo, bonus = _parts(chosen, rejected, base_chosen, base_rejected, answered, beta, alpha)
    return sum(log(1 + exp(-h)) if h > 0 else _loss(h) for h in dpo) + bonus


def _parts(
    chosen: Floats,
    rejected: Floats,
    base_chosen: Floats,
    base_rejected: Floats,
    answered: Ints,
    beta: float,
    alpha: float,
) -> tuple[list[float], float]:
    """The scaled margins, and the bonus."""
    rows = zip(chosen, rejected, base_chosen, base_rejected, strict=True)
    margins = [beta * ((c - bc) - (r - br)) for c, r, bc, br in rows]
    sides = zip(chosen, rejected, answered, strict=True)
    return margins, alpha * beta * sum((c, r)[side] for c, r, side in sides)


def _loss(h: float) -> float:
    """The logistic loss."""
    return log1p(exp(-abs(h))) + max(-h, 0.0)
