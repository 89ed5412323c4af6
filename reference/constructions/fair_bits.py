"""Fair bits: the family on which coverage of tokens stays below 2 while coverage of sequences grows like ``2^H``.

``H`` fair bits, whatever came before; each bit 1 brings the reward ``beta log w``, so the layers are independent and
one node a layer is enough.  The feature of layer ``h`` is the last bit itself, in one dimension.

* ``pi*_h(1) = w/(1 + w)`` at every prefix, so ``pi*_h/pi_ref,h`` is ``2w/(1 + w)`` at 1 and ``2/(1 + w)`` at 0.
* ``C_cond = 2 max(1, w)/(1 + w) < 2`` and ``C_cov = C_cond^H``, attained at ``11..1`` (``00..0`` if ``w < 1``).
* Realizable, log-rational, ``theta*_h = beta log w``; ``J(pi*) = H beta log((1 + w)/2)``.

Source: ours; for FMR25 section 5.
"""

from reference.exact.loglinear import log
from reference.exact.rational import RationalLike, rational
from reference.model.problem import About
from reference.model.tokens import Edge, TokenProblem, TokenPrompt


def fair_bits(
    H: int,
    weight: RationalLike = 4,
    *,
    beta: RationalLike = 1,
    name: str | None = None,
    about: About | None = None,
) -> TokenProblem:
    """Return fair bits of horizon ``H >= 1`` where a 1 multiplies ``exp(r/beta)`` by ``weight = w > 0``.

    Raises:
        ValueError: unless ``H >= 1``, ``weight > 0`` and ``beta > 0``.
    """
    w, scale = rational(weight), rational(beta)
    if H < 1 or w <= 0 or scale <= 0:
        raise ValueError(f"fair bits: needs H >= 1, weight > 0, beta > 0; got {H}, {w}, {scale}")
    reward = log(w) * scale
    node = (Edge.of(0, "1/2", ["0"]), Edge.of(1, "1/2", ["1"], reward=reward))
    spread = (reward if w >= 1 else -reward) * H
    return TokenProblem.of(
        name or f"fair-bits-{H}",
        ("0", "1"),
        [TokenPrompt.of("x")],
        [[node]] * H,
        beta=scale,
        R_max=spread.ceil(),
        about=about,
    )
