"""Opposite rewards: tokens that look the same after two prefixes and earn the opposite. Not realizable.

Two fair bits.  The features of the first are all 0, so that nothing can be learnt about it; the feature of the second
is the bit itself, after either prefix.  With ``s > 0``: after 0 a second 1 earns ``beta s``, after 1 it costs as much.
With ``w = exp(s)``:

* ``pi*`` draws the first bit 0 with mass ``w/(1 + w)``, then 1 with mass ``w/(1 + w)`` after 0, ``1/(1 + w)`` after 1.
* Both second laws would need ``theta_2 = beta s`` and ``theta_2 = -beta s``; and the first law is not ``pi_ref``.
* Of all policies of the class the base model is the best, with gap ``beta log((1 + w)^2/(4w))``: the first bit's law is
  ``pi_ref`` whatever ``theta_1``, and ``kl(1/2 || pi_theta)`` on both sides is smallest, summed, at ``theta_2 = 0``.

Source: ours; for the hypothesis of FMR25 Theorem 5.1.
"""

from reference.exact.log_linear import LogLinearLike, loglinear
from reference.exact.rational_numbers import RationalLike, rational
from reference.model.checks import ProblemError
from reference.model.parts import Edge, Start
from reference.model.problem import Problem


def opposite_rewards(s: LogLinearLike, *, beta: RationalLike = 1) -> Problem:
    """Return the problem; ``s > 0`` is the reward over ``beta``.

    >>> import reference as ref
    >>> bool(ref.decide_realizability(ref.opposite_rewards("log(3)")))
    False

    Raises:
        ProblemError: if ``s <= 0`` or ``beta <= 0``.
    """
    spread, temperature = loglinear(s), rational(beta)
    if spread <= 0:
        raise ProblemError("s", f"{spread} is not positive: equal rewards would be realizable")
    earned = spread * temperature
    root = (Edge.of("0", "1/2", [0], child=0), Edge.of("1", "1/2", [0], child=1))
    after = [(Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1], reward=r)) for r in (earned, -earned)]
    bound = (earned * 2).ceil()
    name = f"opposite-rewards, s = {spread}"
    return Problem.of(name, [Start.of("x")], [[root], after], beta=temperature, R_max=bound)
