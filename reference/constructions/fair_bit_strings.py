"""Fair bits: the family on which coverage of tokens stays below 2 while coverage of sequences grows like ``2^H``.

``H`` fair bits, whatever came before; each bit 1 brings the reward ``r``, so the layers are independent and one node a
layer is enough.  The feature of layer ``h`` is the last bit itself, in one dimension.  With ``w = exp(r/beta)``:

* ``pi*_h(1) = w/(1 + w)`` at every prefix, so ``pi*_h/pi_ref,h`` is ``2w/(1 + w)`` at 1 and ``2/(1 + w)`` at 0.
* ``C_cond = 2 max(1, w)/(1 + w) < 2`` and ``C_cov = C_cond^H``, attained at ``11..1`` (``00..0`` if ``w < 1``).
* Realizable with ``theta*_h = r``, log-rational if ``w`` is rational; ``J(pi*) = H beta log((1 + w)/2)``.

Source: ours; for FMR25 section 5.
"""

from reference.exact.log_linear import LogLinearLike, loglinear
from reference.exact.rational_numbers import RationalLike, rational
from reference.model.parts import About, Edge, Start
from reference.model.problem import Problem


def fair_bits(
    H: int, reward: LogLinearLike, *, beta: RationalLike = 1, name: str | None = None, about: About | None = None
) -> Problem:
    """Return fair bits of horizon ``H >= 1`` where each 1 earns ``reward``; ``R_max`` is the least integer that holds.

    >>> import reference as ref
    >>> p = ref.fair_bits(3, "log(4)")
    >>> ref.token_coverage(p), ref.coverage(p)
    (8/5, 512/125)

    Raises:
        ProblemError: if ``H < 1`` or ``beta <= 0``.
    """
    earned = loglinear(reward)
    node = (Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1], reward=earned))
    return Problem.of(
        name or f"fair-bits-{H}",
        [Start.of("x")],
        [[node]] * H,
        beta=rational(beta),
        R_max=(abs(earned) * H).ceil(),
        about=about,
    )
