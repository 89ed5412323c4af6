# ruff: noqa: ARG001 - a mistake is what is left out
"""Wrong versions of the first policy of least XPO loss; each function is one."""

from collections.abc import Sequence

from tests.conformance.right.numpy_learned import xpo_argmin as right
from tests.conformance.right.numpy_learned import xpo_loss

Floats = Sequence[float]
Rows = Sequence[Floats]
Ints = Sequence[int]


def argmax(
    chosen: Rows, rejected: Rows, base_chosen: Floats, base_rejected: Floats, answered: Ints, beta: float, alpha: float
) -> int:
    """The largest loss."""
    losses = _losses(chosen, rejected, base_chosen, base_rejected, answered, beta, alpha)
    return losses.index(max(losses))


def last(
    chosen: Rows, rejected: Rows, base_chosen: Floats, base_rejected: Floats, answered: Ints, beta: float, alpha: float
) -> int:
    """The last policy."""
    right(chosen, rejected, base_chosen, base_rejected, answered, beta, alpha)
    return len(chosen) - 1


def bonus_missing(
    chosen: Rows, rejected: Rows, base_chosen: Floats, base_rejected: Floats, answered: Ints, beta: float, alpha: float
) -> int:
    """By DPO's loss."""
    return right(chosen, rejected, base_chosen, base_rejected, answered, beta, 0.0)


def bonus_sign(
    chosen: Rows, rejected: Rows, base_chosen: Floats, base_rejected: Floats, answered: Ints, beta: float, alpha: float
) -> int:
    """Subtracts the bonus."""
    without, whole = (
        _losses(chosen, rejected, base_chosen, base_rejected, answered, beta, 0.0),
        _losses(chosen, rejected, base_chosen, base_rejected, answered, beta, alpha),
    )
    losses = [2 * a - b for a, b in zip(without, whole, strict=True)]
    return losses.index(min(losses))


def bonus_of_chosen(
    chosen: Rows, rejected: Rows, base_chosen: Floats, base_rejected: Floats, answered: Ints, beta: float, alpha: float
) -> int:
    """The bonus of the chosen response, whoever answered it."""
    return right(chosen, rejected, base_chosen, base_rejected, [0] * len(answered), beta, alpha)


def bonus_without_beta(
    chosen: Rows, rejected: Rows, base_chosen: Floats, base_rejected: Floats, answered: Ints, beta: float, alpha: float
) -> int:
    """Leaves ``beta`` out of the bonus."""
    return right(chosen, rejected, base_chosen, base_rejected, answered, beta, alpha / beta)


def base_missing(
    chosen: Rows, rejected: Rows, base_chosen: Floats, base_rejected: Floats, answered: Ints, beta: float, alpha: float
) -> int:
    """Leaves the base model's log-probabilities out."""
    zeros = [0.0] * len(answered)
    return right(chosen, rejected, zeros, zeros, answered, beta, alpha)


def ties_to_last(
    chosen: Rows, rejected: Rows, base_chosen: Floats, base_rejected: Floats, answered: Ints, beta: float, alpha: float
) -> int:
    """Of policies that tie the last."""
    return len(chosen) - 1 - right(chosen[::-1], rejected[::-1], base_chosen, base_rejected, answered, beta, alpha)


def float_loss(
    chosen: Rows, rejected: Rows, base_chosen: Floats, base_rejected: Floats, answered: Ints, beta: float, alpha: float
) -> int:
    """Compares losses in binary64."""
    losses = _losses(chosen, rejected, base_chosen, base_rejected, answered, beta, alpha)
    return losses.index(min(losses))


def _losses(
    chosen: Rows, rejected: Rows, base_chosen: Floats, base_rejected: Floats, answered: Ints, beta: float, alpha: float
) -> list[float]:
    """The loss of each policy."""
    rows = zip(chosen, rejected, strict=True)
    return [xpo_loss(c, r, base_chosen, base_rejected, answered, beta, alpha) for c, r in rows]
