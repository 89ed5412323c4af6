"""Ideal rejection sampling: draw from ``pi`` with draws from ``pi_ref`` and known density ratios.

::

    1  repeat N times
    2      y ~ pi_ref(.|x)
    3      accept y with probability min(w(y), M) / M,  w = pi / pi_ref
    4  all N rejected: fail

With ``M >= C_cov(pi; x)`` every trial accepts with probability exactly ``1/M``, an accepted response has law exactly
``pi(.|x)``, and all ``N`` trials fail with probability ``(1 - 1/M)^N``.  With a smaller cap ``M > 0`` the accepted
response has the law ``~ pi_ref min(w, M)`` (claim ``truncated-rejection``).  Source: folklore; FMR25 section 3; the cap
is ours.
"""

from collections.abc import Callable

from reference.exact.expratio import ExpRatio, exp_ratio
from reference.exact.expsum import ExpSum
from reference.exact.law import Law
from reference.exact.plain import cached
from reference.exact.rational_numbers import RationalLike, rational, rational_text
from reference.interaction.weak import Draw
from reference.interaction.world import Oracles


def ideal_rejection(
    oracles: Oracles, w: Callable[[int], ExpSum | ExpRatio], x: int, M: RationalLike, N: int
) -> Draw | None:
    """Return an accepted response to prompt ``x``, or ``None`` if all ``N`` trials fail; at most ``N`` weak queries.

    ``w(y) = pi(y|x) / pi_ref(y|x)``.  ``M``: the cap on it, ``C_cov(pi; x)`` or more for draws from ``pi`` itself.

    Raises:
        ValueError: unless the cap ``M > 0`` and ``N >= 0``.
    """
    bound = rational(M)
    if bound <= 0 or N < 0:
        msg = f"M = {rational_text(bound)}, N = {N}: needs a cap M > 0 and N >= 0 trials"
        raise ValueError(msg)

    @cached(None)  # the exhaustive reading asks again and again
    def coin(y: int) -> Law[bool]:
        return Law.bernoulli(min(exp_ratio(w(y)), exp_ratio(bound)) / bound)

    def trial(_: Draw | None) -> Draw | None:
        y, phi = oracles.weak(x)  # 2
        return (y, phi) if oracles.draw(coin(y)) else None  # 3

    return oracles.iterate(None, trial, N, until=lambda found: found is not None)  # 1, 4
