"""A needle among responses of base mass zero: the instances on which coverage is necessary for computation.

One prompt, responses ``0..k``.  The *needle* ``i*`` has base mass ``p = 1/C``, response 0 has the rest, all others
have none.  ``phi(i*) = theta* = v*`` is a vector of signs over ``m``, a unit vector in dimension ``m^2``; every other
feature is 0.  So the needle's reward is 1, every other reward is 0, and every difference is a multiple of ``v*``.

``C_cov(pi*) = e^(1/beta)/(1 - p + p e^(1/beta)) <= C``; if ``C <= e^(1/(2 beta))`` then ``J(pi*) >= 1/2``.

Source: FMR25 Thm 2.1; the finite rational family is ours.
"""

from collections.abc import Sequence

from flint import fmpq

from reference.exact.linalg import Vector
from reference.exact.loglinear import LogLinear
from reference.exact.rational import RationalLike, rational, rational_text
from reference.model.problem import Problem, Prompt, Response

ONE = fmpq(1)

LEAST_C = 2
"""From here on the needle is the rarer of the two supported responses, or as likely as the other."""


def needle(
    C: RationalLike, beta: RationalLike, m: int, k: int = 1, *, position: int = 1, signs: Sequence[int] | None = None
) -> Problem:
    """Return the instance with needle ``i* = position`` in ``1..k`` and ``v* = signs/m`` (all plus, unless given).

    Raises:
        ValueError: unless ``C >= 2``, ``1 <= position <= k``, ``m >= 1``, and there are ``m^2`` signs, each 1 or -1.
    """
    ratio, d = rational(C), m * m
    chosen = tuple(signs) if signs is not None else (1,) * d
    if ratio < LEAST_C or m < 1 or not 1 <= position <= k:
        msg = f"needle({rational_text(ratio)}, m={m}, k={k}, position={position}): needs C >= 2 and 1 <= position <= k"
        raise ValueError(msg)
    if len(chosen) != d or any(sign not in {1, -1} for sign in chosen):
        msg = f"{len(chosen)} signs: v* needs m^2 = {d} of them, each 1 or -1"
        raise ValueError(msg)
    v = Vector(chosen, m)
    zero = Vector((0,) * d)
    masses = {0: 1 - 1 / ratio, position: 1 / ratio}
    responses = tuple(Response(str(i), masses.get(i, fmpq(0)), v if i == position else zero) for i in range(k + 1))
    name = f"needle(C={rational_text(ratio)}, beta={rational_text(rational(beta))}, m={m}, k={k})"
    theta = tuple(LogLinear(entry) for entry in v)
    return Problem(name, (Prompt("x", ONE, responses),), theta, rational(beta), ONE, ONE)
