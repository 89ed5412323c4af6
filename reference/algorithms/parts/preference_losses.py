"""Losses of a preference pair from log-probabilities, with their derivatives: DPO, IPO, APO and XPO.

A row holds what a trainer has: ``log pi`` and ``log pi_ref`` of the chosen and of the rejected response.  With the
log-ratios ``c`` and ``l`` of the two, ``sigma(h) = 1/(1 + exp(-h))`` and ``h = beta (c - l)``:

* ``dpo``: ``-log sigma(h)`` (Rafailov et al. 2023, arXiv 2305.18290);
* ``ipo``: ``(c - l - 1/(2 beta))^2`` (Azar et al. 2023, arXiv 2310.12036);
* ``apo-zero``: ``1 - sigma(beta c) + sigma(beta l)``, ``apo-down``: ``sigma(beta c) + 1 - sigma(h)`` (D'Oosterlinck et
  al. 2024, arXiv 2408.06266).

* XPO: that of DPO and ``alpha beta log pi(y')``, ``y'`` the one of the two that the base model answered (Xie et al.
  2024, arXiv 2405.21046; their ``alpha``, and that of trainers, is ``alpha beta`` here).

:class:`~reference.algorithms.xpo.XPO` and what fits preferences add up these very terms.
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


BaseSide = Literal["chosen", "rejected"]
"""Which response of a pair the base model answered."""


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
    scale = _positive(beta)
    chosen, rejected, base_chosen, base_rejected = _numbers(pair)
    up, down = chosen - base_chosen, rejected - base_rejected
    h = (up - down) * scale
    match name:
        case "dpo":
            slope = -_sigma(-h) * scale
            return PreferenceLoss(logistic(h), slope, -slope)
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


def xpo_loss(pair: PreferencePair, beta: RationalLike, alpha: RationalLike, *, base: BaseSide) -> PreferenceLoss:
    """Return XPO's loss of one pair, exactly; ``base``: which of the two is the base model's answer ``y'``.

    >>> import reference as ref
    >>> pair = ref.PreferencePair("log(1/2)", "log(1/8)", "log(1/4)", "log(1/4)")
    >>> ref.xpo_loss(pair, beta=1, alpha="1/10", base="rejected")
    PreferenceLoss(value=Real(-23/10*log(2) + log(5)), by_chosen=Real(-1/5), by_rejected=Real(3/10))

    Raises:
        ValueError: unless ``beta > 0`` and ``alpha >= 0``; for another side; for a float that is not finite.
    """
    if base not in get_args(BaseSide):
        msg = f"base = {base!r:.40}: the base model's answer is 'chosen' or 'rejected'"
        raise ValueError(msg)
    weight = rational(alpha)
    if weight < 0:
        msg = f"alpha = {rational_text(weight)}: needs alpha >= 0"
        raise ValueError(msg)
    fit, scale = preference_loss("dpo", pair, beta), rational(beta)
    chosen, rejected, _, _ = _numbers(pair)
    answered = real(chosen if base == "chosen" else rejected)
    value = with_bonus(fit.value, optimism(answered, scale), weight)
    slope = with_bonus(real(0), optimism(real(1), scale), weight)
    if base == "chosen":
        return PreferenceLoss(value, fit.by_chosen + slope, fit.by_rejected)
    return PreferenceLoss(value, fit.by_chosen, fit.by_rejected + slope)


def logistic(h: LogLinear) -> Real:
    """Return ``-log sigma(h) = log(1 + exp(-h))``: the loss of a pair whose ``beta`` log-ratios differ by ``h``."""
    return real_log(1 + exp(-h))


def optimism(answered: Real, beta: fmpq) -> Real:
    """Return XPO's bonus ``beta log pi(y')``, summed over the base model's answers.

    ``answered``: their ``log pi(y')``, summed.
    """
    return answered * beta


def with_bonus(fit: Real, bonus: Real, alpha: fmpq) -> Real:
    """Return what XPO minimises: how badly the data are fitted, and ``alpha`` times the bonus."""
    return fit + bonus * alpha


def _positive(beta: RationalLike) -> fmpq:
    scale = rational(beta)
    if scale <= 0:
        msg = f"beta = {rational_text(scale)}: needs beta > 0"
        raise ValueError(msg)
    return scale


def _numbers(pair: PreferencePair) -> tuple[LogLinear, ...]:
    return tuple(_exact(field, value) for field, value in zip(pair._fields, pair, strict=True))


def _sigma(h: LogLinear) -> Real:
    return real(1) / (1 + exp(-h))


def _exact(field: str, value: LogProbability) -> LogLinear:
    if not isinstance(value, float):
        return loglinear(value)
    if value - value != 0:
        msg = f"{field} = {value}: a log-probability must be finite"
        raise ValueError(msg)
    return LogLinear(fmpq(*value.as_integer_ratio()))
