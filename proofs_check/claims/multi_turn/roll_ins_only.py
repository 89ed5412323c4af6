"""MTSS whose roll-outs do not look: what the listing was before it was corrected.  Kept as a mutation.

Line 7 stands in lines 4-8 only; line 3 completes a prefix by line 8 alone.
"""

from dataclasses import replace

from reference.algorithms.mtss import ENDLESS, MTSS, sweep
from reference.algorithms.parts.mtss_inputs import MTSSInputs
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.algorithms.parts.mtss_state import AcceptedPair, Layer
from reference.algorithms.parts.mtss_step import choose, explains, in_tower
from reference.exact.log_linear import LogLinear
from reference.exact.reals import Real, real_sum
from reference.interaction.world import At, TokenOracles


class RollInsOnly(MTSS):
    """MTSS that looks for pairs in roll-ins alone."""

    __slots__ = ()

    def __call__(self, oracles: TokenOracles) -> MTSSPolicy:
        """Run it."""
        start = MTSSPolicy.start(oracles.dimensions, self)  # 1
        return oracles.iterate(start, lambda s: _one_pass(oracles, s), ENDLESS, until=lambda s: s.clean)


def blind_roll_out(oracles: TokenOracles, later: tuple[Layer, ...], at: At, p: MTSSInputs) -> Real:
    """Return ``G_h`` of a prefix, from line 8 alone."""
    explained: list[Real] = []
    for layer in later:
        choice = choose(oracles, layer, at, p)  # 8
        explained.append(explains(oracles, choice, at, p))
        at = at.then(choice.token)
    return oracles.reward(at.x, at.prefix) - real_sum(explained)


def _one_pass(oracles: TokenOracles, state: MTSSPolicy) -> MTSSPolicy:
    fitted: tuple[Layer, ...] = ()
    for layer in reversed(state.layers):  # 3
        data = [(pair.phi, _target(oracles, fitted, pair, state.p)) for pair in layer.psi]
        fitted = (layer._replace(theta=layer.cover.least_squares(data)), *fitted)
    found = sweep(oracles, fitted, state.p)  # 4-8
    if not isinstance(found, AcceptedPair):
        return replace(state, layers=found, passes=state.passes + 1, clean=True)
    h = len(found.at.prefix)
    layers = (*state.layers[:h], state.layers[h].with_pair(found), *state.layers[h + 1 :])
    return replace(state, layers=layers, passes=state.passes + 1)


def _target(oracles: TokenOracles, later: tuple[Layer, ...], pair: AcceptedPair, p: MTSSInputs) -> LogLinear:
    ends = ((pair.at.then(pair.first), 1), (pair.at.then(pair.second), -1)) * p.n_out
    returns = [blind_roll_out(oracles, later, at, p) * sign for at, sign in ends]
    return in_tower(real_sum(returns) / p.n_out, p.bits)
