"""Losses of a preference pair from log-probabilities, with their derivatives: DPO, IPO, APO, and XPO's bonus.

A row holds what a trainer has: ``log pi`` and ``log pi_ref`` of the chosen and of the rejected response.  With the
log-ratios ``c`` and ``l`` of the two, ``sigma(h) = 1/(1 + exp(-h))`` and ``h = beta (c - l)``:

* ``dpo``: ``-log sigma(h)`` (Rafailov et al. 2023, arXiv 2305.18290);
* ``ipo``: ``(c - l - 1/(2 beta))^2`` (Azar et al. 2023, arXiv 2310.12036);
* ``apo-zero``: ``1 - sigma(beta c) + sigma(beta l)``, ``apo-down``: ``sigma(beta c) + 1 - sigma(h)`` (D'Oosterlinck et
  al. 2024, arXiv 2408.06266).

XPO (Xie et al. 2024, arXiv 2405.21046) adds ``alpha log pi`` of the base model's answer, whose derivative is ``alpha``.
"""

from typing import Literal, NamedTuple, get_args

from flint import fmpq

from reference.exact.expsum import exp
from reference.exact.log_linear import LogLinear, LogLinearLike, loglinear
from reference.exact.rational_numbers import RationalLike, rational, rational_text
from reference.exact.reals import Real, real, real_log

LossName = Literal["dpo", "ipo", "apo-zero", "apo-down"]

LogProbability = LogLinearLike | float
"""In nats; a float is the dyadic rational that it is."""


class PreferencePair(NamedTuple):
    """Log-probabilities of the chosen and of the rejected response, under the policy and under the base model.

    >>> import reference as ref
    >>> ref.PreferencePair(chosen=-0.25, rejected=-1.5, base_chosen="log(1/2)", base_rejected=-1).rejected
    -1.5
    """

    chosen: LogProbability
    rejected: LogProbability
    base_chosen: LogProbability
    base_rejected: LogProbability


class PreferenceLoss(NamedTuple):
    """A loss, and its derivatives by the policy's two log-probabilities; by the base model's they are the opposites."""

    value: Real
    by_chosen: Real
    by_rejected: Real


def preference_loss(name: LossName, pair: PreferencePair, beta: RationalLike) -> PreferenceLoss:
    """Return a loss of one pair, exactly.

    >>> import reference as ref
    >>> pair = ref.PreferencePair("log(1/2)", "log(1/8)", "log(1/4)", "log(1/4)")
    >>> ref.preference_loss("dpo", pair, beta=1)
    PreferenceLoss(value=Real(-2*log(2) + log(5)), by_chosen=Real(-1/5), by_rejected=Real(1/5))

    Raises:
        ValueError: unless ``beta > 0``; for another name; for a float that is not finite.
    """
    if name not in get_args(LossName):
        msg = f"loss {name!r:.40}; one of {', '.join(get_args(LossName))}"
        raise ValueError(msg)
    scale = rational(beta)
    if scale <= 0:
        msg = f"beta = {rational_text(scale)}: needs beta > 0"
        raise ValueError(msg)
    chosen, rejected, base_chosen, base_rejected = (
        _exact(field, value) for field, value in zip(pair._fields, pair, strict=True)
    )
    up, down = chosen - base_chosen, rejected - base_rejected
    h = (up - down) * scale
    match name:
        case "dpo":
            slope = -_sigma(-h) * scale
            return PreferenceLoss(real_log(1 + exp(-h)), slope, -slope)
        case "ipo":
            short = real(up - down) - 1 / (2 * scale)
            return PreferenceLoss(short * short, short * 2, short * -2)
        case "apo-zero":
            raised, lowered = _sigma(up * scale), _sigma(down * scale)
            slopes = raised * (raised - 1) * scale, lowered * (1 - lowered) * scale
            return PreferenceLoss(1 - raised + lowered, *slopes)
        case "apo-down":
            raised, apart = _sigma(up * scale), _sigma(h)
            slope = apart * (1 - apart) * scale
            return PreferenceLoss(raised + 1 - apart, raised * (1 - raised) * scale - slope, slope)


def _sigma(h: LogLinear) -> Real:
    return real(1) / (1 + exp(-h))


def _exact(field: str, value: LogProbability) -> LogLinear:
    if not isinstance(value, float):
        return loglinear(value)
    if value - value != 0:
        msg = f"{field} = {value}: a log-probability must be finite"
        raise ValueError(msg)
    return LogLinear(fmpq(*value.as_integer_ratio()))
