"""Line 8 of MTSS at one prefix: a token, and what explains it."""

from collections.abc import Callable

from reference.algorithms.mtss_parameters import MTSSParameters
from reference.algorithms.mtss_state import Layer
from reference.algorithms.softmax_sampler import softmax_sampler
from reference.algorithms.spanner_sampling import truncated
from reference.exact.expsum import exp, exp_total
from reference.exact.linalg import Vector
from reference.exact.loglinear import LogLinear
from reference.exact.real import Real, real_log
from reference.interaction.token_world import At, TokenOracles
from reference.interaction.world import Draw
from reference.model.tilt import Tilt

Score = Callable[[Vector], LogLinear]
"""``f_h(.;a')`` as a function of the features."""


def choose(oracles: TokenOracles, layer: Layer, at: At, p: MTSSParameters) -> tuple[Score, Draw]:
    """Draw ``a'`` and then a token from ``f_h(.;a')``; return the function and the token (line 8)."""
    _, reference = oracles.weak(at)
    f = truncated(layer.cover, layer.theta, reference)
    if p.sampler == "rejection":
        return f, softmax_sampler(oracles, f, at, p.M, p.draws)
    base, phis = oracles.listing(at)
    a = oracles.draw(Tilt(base, tuple(map(f, phis)), oracles.beta).law())
    return f, (a, phis[base.outcomes.index(a)])


def log_normaliser(oracles: TokenOracles, f: Score, at: At, p: MTSSParameters) -> Real:
    """Return ``log Zhat`` from ``N_tok`` draws, or ``log Z`` by listing the alphabet."""
    if p.n_tok is None:
        base, phis = oracles.listing(at)
        return Tilt(base, tuple(map(f, phis)), oracles.beta).log_partition()
    drawn = [oracles.weak(at)[1] for _ in range(p.n_tok)]
    return real_log(exp_total(exp(f(phi) / oracles.beta) for phi in drawn) / p.n_tok)
