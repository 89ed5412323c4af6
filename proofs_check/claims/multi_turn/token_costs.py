"""What tokens cost on fair bits, exactly: MTSS, layer by layer.  For the claim and the page.

On fair bits nothing that MTSS counts depends on the parameters it fits, if line 8 draws from listings: what is covered
is a set of layers, and a pass moves from a set to a larger one with probabilities that are powers of 1/2.  So the mean
of ``T_comp`` is a sum over at most ``2^H`` sets, whatever the number of runs.  If line 7 looks by listing, nothing is
left to chance: the layers are covered one after the other, in as many passes.
"""

from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from flint import fmpq

from reference.algorithms.mtss import MTSS

BITS = 2
"""Tokens in the alphabet."""


@dataclass(frozen=True)
class TokenCosts:
    """Token queries of line 8, with a listing of line 7, which serves both, but without its draws.

    ``roll_in``: for one token on the way down; ``roll_out``: for one that is explained; ``drawn``: the most for one
    token drawn from the returned policy.
    """

    roll_in: fmpq = field(hash=False)  # rationals are hashed slowly, and there are few of these
    roll_out: fmpq = field(hash=False)
    drawn: fmpq = field(hash=False)

    @staticmethod
    def listed() -> "TokenCosts":
        """One listing, a query for each of its tokens: ``a'``, ``a`` and ``Z`` come from it."""
        return TokenCosts(fmpq(BITS), fmpq(BITS), fmpq(BITS))

    @staticmethod
    def by_rejection(draws: int, *, most: bool) -> "TokenCosts":
        """``a'`` and SoftmaxSampler: at least ``N + 1`` draws, at most ``2N + 1``; a roll-out lists for ``Z``.

        Line 7 looks by draws.  What a run accepts does not depend on what line 8 costs or draws, so the means with
        these bracket the true one.
        """
        sampled = fmpq(1 + (2 * draws + 1 if most else draws + 1))
        return TokenCosts(sampled, sampled + BITS, fmpq(2 * draws + 2))


def expected_t_comp(H: int, p: MTSS, costs: TokenCosts) -> fmpq:
    """Return the mean of ``T_comp`` of MTSS in span mode on fair bits, if each token of line 8 costs ``costs``.

    As everywhere, with the most that one draw from the returned policy makes.
    """

    @cache
    def mean(covered: frozenset[int]) -> fmpq:
        found = _pass(H, p, covered, costs)
        return found.cost + sum((chance * mean(covered | {h}) for h, chance in found.accepts.items()), fmpq(0))

    return mean(frozenset()) + H * costs.drawn


def probability_of_covering(H: int, p: MTSS) -> fmpq:
    """Return the probability that MTSS ends with every layer covered: it then returns ``pi*`` exactly."""

    @cache
    def chance_of(covered: frozenset[int]) -> fmpq:
        found = _pass(H, p, covered, TokenCosts.listed())
        ends = found.clean if len(covered) == H else fmpq(0)
        return ends + sum((c * chance_of(covered | {h}) for h, c in found.accepts.items()), fmpq(0))

    return chance_of(frozenset())


def most_t_comp(H: int, p: MTSS, costs: TokenCosts) -> fmpq:
    """Return a bound for every run, cubic in ``H``: ``H + 1`` passes, each with all roll-ins and all targets."""
    look = _Look.of(p).clean
    sweep, targets = p.n_roll * H * (look + costs.roll_in), p.n_out * H * (H - 1) * (look + costs.roll_out)
    return (H + 1) * (sweep + targets) + H * costs.drawn


class _Look(NamedTuple):
    """Line 7 at a prefix whose layer is not covered: the probability that it finds nothing; the queries of draws.

    ``found``: their mean on the event that a pair is found, times its probability; ``clean``: if none is.
    """

    missed: fmpq
    found: fmpq
    clean: fmpq

    @staticmethod
    def of(p: MTSS) -> "_Look":
        if p.look == "listed":
            return _Look(fmpq(0), fmpq(BITS), fmpq(0))  # a look that finds nothing is paid for by line 8
        # The j-th pair is the first that differs with probability 2^-j; each costs two draws.
        found = sum((fmpq(2 * j, 2**j) for j in range(1, p.n_pair + 1)), fmpq(0))
        return _Look(fmpq(1, 2**p.n_pair), found, fmpq(2 * p.n_pair))


class _Pass(NamedTuple):
    """The mean cost of one pass, the probability that it accepts in each layer not covered, and that it is clean."""

    cost: fmpq
    accepts: dict[int, fmpq]
    clean: fmpq


@lru_cache(maxsize=1 << 14)  # both recursions ask for all sets, and two claims
def _pass(H: int, p: MTSS, covered: frozenset[int], costs: TokenCosts) -> _Pass:
    look = _Look.of(p)
    finds_nothing = [fmpq(1)] * (H + 1)  # a walk whose first token is drawn in that layer, counted from 0
    for h in reversed(range(H)):
        finds_nothing[h] = finds_nothing[h + 1] if h in covered else look.missed * finds_nothing[h + 1]
    going, begun = fmpq(1), {"in": [fmpq(0)] * (H + 1), "out": [fmpq(0)] * (H + 1)}
    for h in sorted(covered, reverse=True):  # line 3
        for _ in range(2 * p.n_out):
            begun["out"][h + 1] += going
            going *= finds_nothing[h + 1]
    for _ in range(p.n_roll):  # line 4
        begun["in"][0] += going
        going *= finds_nothing[0]
    cost, coming = fmpq(0), [fmpq(0)] * H
    for kind, token in (("in", costs.roll_in), ("out", costs.roll_out)):
        passed = look.clean + token
        met = look.found + look.missed * passed
        walks = fmpq(0)  # the mean number that come to the layer
        for h in range(H):
            walks += begun[kind][h]
            if h in covered:
                cost += walks * passed
                continue
            cost += walks * met
            coming[h] += walks
            walks *= look.missed
    accepts = {h: coming[h] * (1 - look.missed) for h in range(H) if h not in covered and coming[h] != 0}
    return _Pass(cost, accepts, going)
