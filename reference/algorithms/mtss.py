"""MTSS, multi-turn SpannerSampling: a spanner for each layer, with restarts (for FMR25 section 5, Theorem 5.1).

With ``phi_h(p a, p a') = phi_h(p a) - phi_h(p a')`` for a prefix ``p`` of ``h - 1`` tokens::

     1  for h = 1..H:  Sigma_h <- lambda I;  Psi_h <- {}
     2  repeat
     3      for h = H..1:  theta_h <- least squares on Psi_h, target G_h(x, p a) - G_h(x, p a'), anew for every pair
     4      for i = 1..N_roll:
     5          x ~ rho;  p <- ()
     6          for h = 1..H:
     7              for j = 1..N_pair:  a, a' ~ pi_ref,h(.|x,p);
                    if ||phi_h(p a, p a')||^2_{Sigma_h^-1} > nu^2:  Psi_h += (x,p,a,a');  Sigma_h += phi phi^T;  go to 2
     8              a' ~ pi_ref,h(.|x,p);  a ~ SoftmaxSampler(f_h(.;a'); x,p, M, delta);  p <- p a
     9  until a whole sweep of N_roll roll-ins adds nothing
    10  return the autoregressive policy of line 8

``f_h(a;a') = <theta_h, phi_h(p a, p a')> 1[ ||phi_h(p a, p a')||^2_{Sigma_h^-1} <= nu^2 ]``.

``G_h(x, a_1..a_h)``: complete the response by line 8, and take its reward minus what line 8 explains of it, the sum
over ``j > h`` of ``f_j(a_j;a'_j) - beta log Zhat_j``, where ``Zhat_j`` is the mean of ``exp(f_j/beta)`` over ``N_tok``
draws, or ``Z_j`` itself by listing the alphabet.  A target outside the number tower is rounded to a multiple of
``2^-bits``.

Line 3 asks again for all targets: those from before a later layer was covered may be wrong.  Lines 3, 7 and 8 have two
readings, ridge and span mode (:mod:`reference.algorithms.cover`); line 8 has two, by rejection or exactly from a
listing.  Source: ours where the paper's listing is not public.
"""

from dataclasses import dataclass, replace

from flint import fmpq

from reference.algorithms.cover import Cover
from reference.algorithms.mtss_parameters import MTSSParameters
from reference.algorithms.mtss_state import NO_PAIR, Layer, Pair, Walk, is_pair
from reference.algorithms.mtss_step import choose, log_normaliser
from reference.exact.dyadic import dyadic
from reference.exact.loglinear import LogLinear
from reference.exact.number import Undecided
from reference.exact.real import Real, real, real_sum
from reference.interaction.token_world import At, TokenOracles
from reference.model.tokens import Prefix

ENDLESS = 10**9
"""More passes than a run makes: each but the last accepts a pair."""


def mtss(oracles: TokenOracles, p: MTSSParameters) -> "MTSSPolicy":
    """Run MTSS.  With ``n`` accepted pairs: ``n + 1`` passes, and ``T_data = n (n + 1)`` reward queries.

    Raises:
        Undecided: if a target is outside the number tower and ``p.bits`` is None.
    """
    start = MTSSPolicy.start(oracles.dimensions, p)  # 1
    return oracles.iterate(start, lambda s: one_pass(oracles, s), ENDLESS, until=lambda s: s.clean)  # 2, 9, 10


def one_pass(oracles: TokenOracles, state: "MTSSPolicy") -> "MTSSPolicy":
    """Fit all layers anew, then sweep until a pair is accepted or ``N_roll`` roll-ins have added none (lines 3-8)."""
    fitted, p = fit(oracles, state.layers, state.p), state.p
    found = oracles.iterate(NO_PAIR, lambda _: roll_in(oracles, fitted, p), p.n_roll, until=is_pair)  # 4
    if found is None:
        return replace(state, layers=fitted, passes=state.passes + 1, clean=True)
    h = len(found.at.prefix)
    layers = (*state.layers[:h], state.layers[h].with_pair(found), *state.layers[h + 1 :])  # 7
    return replace(state, layers=layers, passes=state.passes + 1)


def fit(oracles: TokenOracles, layers: tuple[Layer, ...], p: MTSSParameters) -> tuple[Layer, ...]:
    """Return the layers with ``theta_H, .., theta_1`` from new targets (line 3)."""
    fitted: tuple[Layer, ...] = ()
    for layer in reversed(layers):
        data = [(pair.phi, target(oracles, fitted, pair, p)) for pair in layer.psi]
        fitted = (layer._replace(theta=layer.cover.least_squares(data)), *fitted)
    return fitted


def roll_in(oracles: TokenOracles, layers: tuple[Layer, ...], p: MTSSParameters) -> Pair | None:
    """Walk down one response until a pair is accepted, and return it, or to its end (lines 5-8)."""

    def step(walk: Walk) -> Walk:
        at, layer = walk.at, layers[len(walk.at.prefix)]
        found = oracles.iterate(NO_PAIR, lambda _: new_pair(oracles, layer.cover, at), p.n_pair, until=is_pair)  # 7
        return Walk(at, found) if found is not None else Walk(at.then(choose(oracles, layer, at, p)[1][0]))  # 8

    start = Walk(At(oracles.prompt(), ()))  # 5
    return oracles.iterate(start, step, oracles.horizon, until=lambda walk: is_pair(walk.found)).found  # 6


def new_pair(oracles: TokenOracles, cover: Cover, at: At) -> Pair | None:
    """Draw a pair of tokens; return it unless it is covered (line 7)."""
    (a, phi), (b, reference) = oracles.weak(at), oracles.weak(at)
    return None if cover.covers(phi - reference) else Pair(at, a, b, phi - reference)


def target(oracles: TokenOracles, later: tuple[Layer, ...], pair: Pair, p: MTSSParameters) -> LogLinear:
    """Return ``G_h(x, p a) - G_h(x, p a')``, rounded if it is outside the number tower; ``later``: layers ``j > h``."""
    a, b = (explained_return(oracles, later, pair.at.then(token), p) for token in (pair.first, pair.second))
    exact = (a - b).exact
    if isinstance(exact, fmpq | LogLinear):
        return LogLinear(exact) if isinstance(exact, fmpq) else exact
    if p.bits is None:
        msg = f"the target {a - b!s:.200} is no log-linear number; give bits, to round it to a multiple of 2^-bits"
        raise Undecided(msg)
    return LogLinear(dyadic(a - b, p.bits))


def explained_return(oracles: TokenOracles, later: tuple[Layer, ...], at: At, p: MTSSParameters) -> Real:
    """Return ``G_h`` of a prefix: complete it, and take off what line 8 explains of the reward."""
    explained: list[Real] = []
    for layer in later:
        f, (a, phi) = choose(oracles, layer, at, p)
        explained.append(real(f(phi)) - log_normaliser(oracles, f, at, p) * oracles.beta)
        at = at.then(a)
    return oracles.reward(at.x, at.prefix) - real_sum(explained)


@dataclass(frozen=True, slots=True)
class MTSSPolicy:
    """The state between passes, and what is returned (line 10); ``passes`` so far, ``clean`` if the last added none."""

    layers: tuple[Layer, ...]
    p: MTSSParameters
    passes: int = 0
    clean: bool = False

    @staticmethod
    def start(dimensions: tuple[int, ...], p: MTSSParameters) -> "MTSSPolicy":
        """Return the state of line 1: nothing is covered in layers of these dimensions."""
        return MTSSPolicy(tuple(Layer.empty(d, p) for d in dimensions), p)

    def queries_per_draw(self, alphabet: int) -> int:
        """Token queries that one response makes at most, with ``alphabet`` tokens at a prefix."""
        return len(self.layers) * (1 + (alphabet if self.p.sampler == "listed" else 2 * self.p.draws + 1))

    def sample(self, oracles: TokenOracles, x: int) -> Prefix:
        """Draw a response to prompt ``x``, token by token."""
        at = At(x, ())
        for layer in self.layers:
            at = at.then(choose(oracles, layer, at, self.p)[1][0])
        return at.prefix
