"""MTSS, multi-turn SpannerSampling: a spanner for each layer, with restarts (for FMR25 section 5, Theorem 5.1).

With ``phi_h(p a, p a') = phi_h(p a) - phi_h(p a')`` for a prefix ``p`` of ``h - 1`` tokens::

     1  for h = 1..H:  Sigma_h <- lambda I;  Psi_h <- {}
     2  repeat
     3      for h = H..1:  theta_h <- least squares on Psi_h, target of a pair: the mean of N_out differences
                           G_h(x, p a) - G_h(x, p a'), all anew, each by lines 6-8 from p a and from p a'
     4      for i = 1..N_roll:
     5          x ~ rho;  p <- ()
     6          until p is complete:
     7              look: if a pair at p has ||phi_h(p a, p a')||^2_{Sigma_h^-1} > nu^2:
                        Psi_h += (x,p,a,a');  Sigma_h += phi phi^T;  go to 2, and forget this pass's targets
     8              a' ~ pi_ref,h(.|x,p);  a ~ SoftmaxSampler(f_h(.;a'); x,p, M, delta);  p <- p a
     9  until a whole pass adds nothing
    10  return the autoregressive policy of line 8

``f_h(a;a') = <theta_h, phi_h(p a, p a')> 1[ ||phi_h(p a, p a')||^2_{Sigma_h^-1} <= nu^2 ]``.

``G_h(x, a_1..a_h)``: complete the response by lines 6-8, and take its reward minus what line 8 explains of it, the sum
over ``j > h`` of ``f_j(a_j;a'_j) - beta log Zhat_j``, where ``Zhat_j`` is the mean of ``exp(f_j/beta)`` over ``N_tok``
draws, or ``Z_j`` itself by listing the alphabet.  A target outside the number tower is rounded to a multiple of
``2^-bits``.

Line 7 has two readings.  *By listing*: of all pairs at ``p``, the first that is not covered, by index.  *By draws*:
the first of ``N_pair`` pairs ``a, a' ~ pi_ref,h(.|x,p)``.  Line 3 passes through it, too: from a pair of layer
``h`` a prefix of layer ``h + 1`` is reached every time that roll-ins may reach with probability ``2^-h`` only
(:mod:`reference.constructions.needle_paths`).  It asks again for all targets: those from before a later layer was
covered may be wrong.

Lines 3, 7 and 8 have two readings, ridge and span mode (:mod:`reference.algorithms.parts.cover`); line 8 has two, by
rejection or exactly from a listing.  At each visit a prefix is listed once, whatever for.  Source: ours where the
paper's listing is not public.
"""

from dataclasses import dataclass, replace

from reference.algorithms.parts.mtss_inputs import MTSSInputs
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.algorithms.parts.mtss_state import NO_PAIR, AcceptedPair, Layer, RollIn, is_pair
from reference.algorithms.parts.mtss_step import choose, explains, in_tower, look
from reference.exact.log_linear import LogLinear
from reference.exact.reals import Real, real_sum
from reference.interaction.world import At, TokenOracles

ENDLESS = 10**9
"""More passes than a run makes: each but the last accepts a pair."""


@dataclass(frozen=True, slots=True, init=False)
class MTSS(MTSSInputs):
    """MTSS with its inputs; a learner with token access.

    >>> import reference as ref
    >>> ref.play_tokens(ref.load("needle-path-8"), MTSS(n_roll=8), seed=1).t_data
    23
    """

    def __call__(self, oracles: TokenOracles) -> MTSSPolicy:
        """Run it.  With ``n`` accepted pairs: ``n + 1`` passes, and at most ``n (n + 1) N_out`` reward queries.

        Raises:
            Undecided: if a target is outside the number tower and ``bits`` is None.
        """
        start = MTSSPolicy.start(oracles.dimensions, self)  # 1
        return oracles.iterate(start, lambda s: one_pass(oracles, s), ENDLESS, until=lambda s: s.clean)  # 2, 9, 10


def one_pass(oracles: TokenOracles, state: MTSSPolicy) -> MTSSPolicy:
    """Fit all layers anew and sweep, until a pair is accepted or ``N_roll`` roll-ins have added none (lines 3-8)."""
    fitted = fit(oracles, state.layers, state.p)  # 3
    found = fitted if isinstance(fitted, AcceptedPair) else sweep(oracles, fitted, state.p)
    if isinstance(found, AcceptedPair):
        h = len(found.at.prefix)
        layers = (*state.layers[:h], state.layers[h].with_pair(found), *state.layers[h + 1 :])  # 7
        return replace(state, layers=layers, passes=state.passes + 1)
    return replace(state, layers=found, passes=state.passes + 1, clean=True)


def fit(oracles: TokenOracles, layers: tuple[Layer, ...], p: MTSSInputs) -> tuple[Layer, ...] | AcceptedPair:
    """Return the layers with ``theta_H, .., theta_1`` from new targets, or the pair that was met (line 3)."""
    fitted: tuple[Layer, ...] = ()
    for layer in reversed(layers):
        targets: list[LogLinear] = []
        for pair in layer.psi:
            found = _remembered_target(oracles, fitted, pair, p)
            if isinstance(found, AcceptedPair):
                return found
            targets.append(found)
        data = [(pair.phi, value) for pair, value in zip(layer.psi, targets, strict=True)]
        fitted = (layer._replace(theta=layer.cover.least_squares(data)), *fitted)
    return fitted


def sweep(oracles: TokenOracles, layers: tuple[Layer, ...], p: MTSSInputs) -> tuple[Layer, ...] | AcceptedPair:
    """Return the layers if no roll-in meets a pair, or the first that is met (lines 4-8)."""

    def roll_ins() -> AcceptedPair | None:
        return oracles.iterate(NO_PAIR, lambda _: roll_in(oracles, layers, p), p.n_roll, until=is_pair)  # 4

    found = oracles.part(roll_ins, (sweep, layers, p))  # the exhaustive reading asks once for each fit
    return layers if found is None else found


def roll_in(oracles: TokenOracles, layers: tuple[Layer, ...], p: MTSSInputs) -> AcceptedPair | None:
    """Walk down one response until a pair is met, and return it, or to its end (lines 5-8)."""

    def step(walk: RollIn) -> RollIn:
        at, layer = walk.at, layers[len(walk.at.prefix)]
        found, listing = look(oracles, layer, at, p)  # 7
        return RollIn(at, found) if found else RollIn(at.then(choose(oracles, layer, at, p, listing).token))  # 8

    start = RollIn(At(oracles.prompt(), ()))  # 5
    return oracles.iterate(start, step, oracles.horizon, until=lambda walk: is_pair(walk.found)).found  # 6


def roll_out(oracles: TokenOracles, later: tuple[Layer, ...], at: At, p: MTSSInputs) -> Real | AcceptedPair:
    """Return ``G_h`` of a prefix: complete it, and take off what line 8 explains; or the pair that is met (6-8).

    ``later``: the layers ``j > h``.
    """
    explained: list[Real] = []
    for layer in later:  # 6
        found, listing = look(oracles, layer, at, p)  # 7
        if found:
            return found
        choice = choose(oracles, layer, at, p, listing)  # 8
        explained.append(explains(oracles, choice, at, p))
        at = at.then(choice.token)
    return oracles.reward(at.x, at.prefix) - real_sum(explained)


def _remembered_target(
    oracles: TokenOracles, later: tuple[Layer, ...], pair: AcceptedPair, p: MTSSInputs
) -> LogLinear | AcceptedPair:
    """Return a target; the exhaustive reading asks once, and goes on with its values in place of its roll-outs."""
    return oracles.part(lambda: target(oracles, later, pair, p), (target, later, pair, p))


def target(
    oracles: TokenOracles, later: tuple[Layer, ...], pair: AcceptedPair, p: MTSSInputs
) -> LogLinear | AcceptedPair:
    """Return the mean of ``N_out`` differences ``G_h(x, p a) - G_h(x, p a')``, or the pair that is met (line 3).

    The mean is rounded if it is outside the number tower.
    """
    returns: list[Real] = []
    for _ in range(p.n_out):
        for token, sign in ((pair.first, 1), (pair.second, -1)):
            found = roll_out(oracles, later, pair.at.then(token), p)
            if isinstance(found, AcceptedPair):
                return found
            returns.append(found * sign)
    return in_tower(real_sum(returns) / p.n_out, p.bits)
