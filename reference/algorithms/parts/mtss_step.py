"""Parts of MTSS: lines 7 and 8 at one prefix, what explains the token drawn there, and the rounding of targets."""

from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple

from flint import fmpq

from reference.algorithms.parts.cover import Cover, NamedScore, truncated
from reference.algorithms.parts.mtss_inputs import MTSSInputs
from reference.algorithms.parts.mtss_state import NO_PAIR, AcceptedPair, Layer, is_pair
from reference.algorithms.softmax_sampling import softmax_sampler
from reference.exact.expsum import exp, exp_total
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.number import Undecided
from reference.exact.plain import cached
from reference.exact.reals import Real, real, real_log
from reference.exact.rounding import dyadic
from reference.interaction.world import At, Listing, TokenOracles
from reference.model.tilt import Tilt

TokenScore = Callable[[Vector], LogLinear]
"""``f_h(.;a')`` as a function of the features."""


class Chosen(NamedTuple):
    """What line 8 did: ``f_h(.;a')``, the token ``a``, its features, and the listing if the prefix was listed."""

    f: TokenScore
    token: int
    phi: Vector
    listing: Listing | None


def look(oracles: TokenOracles, layer: Layer, at: At, p: MTSSInputs) -> tuple[AcceptedPair | None, Listing | None]:
    """Return the first pair that is not covered, if one is seen, and the listing if one was made (line 7)."""
    if p.look == "listed":
        listing = oracles.listing(at)
        found = _first_uncovered(layer.cover, listing.base.outcomes, listing.phi)
        return None if found is None else AcceptedPair(at, *found), listing

    def draw_pair(_: AcceptedPair | None) -> AcceptedPair | None:
        (a, phi), (b, other) = oracles.weak(at), oracles.weak(at)
        return None if layer.cover.covers(phi - other) else AcceptedPair(at, a, b, phi - other)

    return oracles.iterate(NO_PAIR, draw_pair, p.n_pair, until=is_pair), None


@cached(4096)  # the same prefixes are listed again and again
def _first_uncovered(
    cover: Cover, outcomes: tuple[int, ...], phis: tuple[Vector, ...]
) -> tuple[int, int, Vector] | None:
    seen = zip(outcomes, phis, strict=True)
    pairs = ((a, b, phi - other) for (a, phi), (b, other) in combinations(seen, 2))
    return next((pair for pair in pairs if not cover.covers(pair[2])), None)


def choose(oracles: TokenOracles, layer: Layer, at: At, p: MTSSInputs, listing: Listing | None = None) -> Chosen:
    """Draw ``a'`` and then a token from ``f_h(.;a')`` (line 8); a prefix that was listed is not listed again."""
    if p.sampler == "rejection":
        f = truncated(layer.cover, layer.theta, oracles.weak(at)[1])
        return Chosen(f, *softmax_sampler(oracles, f, at, p.M, p.draws), listing)
    base, phis = seen = listing or oracles.listing(at)
    f = truncated(layer.cover, layer.theta, phis[base.outcomes.index(oracles.draw(base))])
    a = oracles.draw(_tilt(f, seen, oracles.beta).law())
    return Chosen(f, a, phis[base.outcomes.index(a)], seen)


def _tilt(f: TokenScore, listing: Listing, beta: fmpq) -> Tilt:
    """Return ``pi_f`` at a prefix that was listed."""
    if isinstance(f, NamedScore):
        return _known_tilt(f, listing, listing.base.outcomes, int(beta.p), int(beta.q))
    return Tilt(listing.base, tuple(map(f, listing.phi)), beta)


@cached(4096)
def _known_tilt(
    f: NamedScore,
    listing: Listing,
    outcomes: tuple[int, ...],  # noqa: ARG001 - equal laws may have them in another order
    p: int,
    q: int,
) -> Tilt:
    return Tilt(listing.base, tuple(map(f, listing.phi)), fmpq(p, q))  # integers, as a rational is hashed slowly


def log_normaliser(oracles: TokenOracles, chosen: Chosen, at: At, p: MTSSInputs) -> Real:
    """Return ``log Zhat`` of ``f_h(.;a')`` from ``N_tok`` draws, or ``log Z`` by listing the alphabet."""
    return _log_mean(chosen.f, _seen_for_z(oracles, chosen, at, p), oracles.beta)


def explains(oracles: TokenOracles, chosen: Chosen, at: At, p: MTSSInputs) -> Real:
    """Return what line 8 explains of a return: ``f_h(a;a') - beta log Zhat``."""
    seen, beta = _seen_for_z(oracles, chosen, at, p), oracles.beta
    if isinstance(chosen.f, NamedScore):
        outcomes = seen.base.outcomes if isinstance(seen, Listing) else ()
        return _known_explained(chosen.f, chosen.phi, seen, outcomes, int(beta.p), int(beta.q))
    return _explained(chosen.f, chosen.phi, seen, beta)


_SeenForZ = Listing | tuple[Vector, ...]


def _seen_for_z(oracles: TokenOracles, chosen: Chosen, at: At, p: MTSSInputs) -> _SeenForZ:
    if p.n_tok is None:
        return chosen.listing or oracles.listing(at)
    return tuple(oracles.weak(at)[1] for _ in range(p.n_tok))


def _explained(f: TokenScore, phi: Vector, seen: _SeenForZ, beta: fmpq) -> Real:
    return real(f(phi)) - _log_mean(f, seen, beta) * beta


@cached(4096)
def _known_explained(
    f: NamedScore,
    phi: Vector,
    seen: _SeenForZ,
    outcomes: tuple[int, ...],  # noqa: ARG001 - as above
    p: int,
    q: int,
) -> Real:
    return _explained(f, phi, seen, fmpq(p, q))


def _log_mean(f: TokenScore, seen: _SeenForZ, beta: fmpq) -> Real:
    if isinstance(seen, Listing):
        return _tilt(f, seen, beta).log_partition()
    return real_log(exp_total(exp(f(phi) / beta) for phi in seen) / len(seen))


def in_tower(target: Real, bits: int | None) -> LogLinear:
    """Return a target (line 3), rounded to a multiple of ``2^-bits`` if it is no log-linear number.

    Raises:
        Undecided: if it is none and ``bits`` is None.
    """
    exact = target.exact
    if isinstance(exact, fmpq | LogLinear):
        return LogLinear(exact) if isinstance(exact, fmpq) else exact
    if bits is None:
        msg = f"the target {target!s:.200} is no log-linear number; give bits, to round it to a multiple of 2^-bits"
        raise Undecided(msg)
    return LogLinear(dyadic(target, bits))
