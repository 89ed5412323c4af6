"""What tokens cost on fair bits, exactly: MTSS, layer by layer.  For the claim and the page.

On fair bits nothing that MTSS counts depends on the parameters it fits, if line 8 draws from listings: what is covered
is a set of layers, and a pass moves from a set to a larger one with probabilities that are powers of 1/2.  So the mean
of ``T_comp`` is a sum over at most ``2^H`` sets, whatever the number of runs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from flint import fmpq

from reference.algorithms.mtss_parameters import MTSSParameters

BITS = 2
"""Tokens in the alphabet."""


@dataclass(frozen=True)
class TokenCosts:
    """Token queries of line 8.

    ``roll_in``: for one token on the way down; ``roll_out``: for one that is explained; ``drawn``: the most for one
    token drawn from the returned policy.
    """

    roll_in: fmpq
    roll_out: fmpq
    drawn: fmpq

    @staticmethod
    def listed() -> "TokenCosts":
        """``a'`` and a listing, a query for each of its tokens; a roll-out lists once more, for ``Z``."""
        return TokenCosts(fmpq(1 + BITS), fmpq(1 + 2 * BITS), fmpq(1 + BITS))

    @staticmethod
    def by_rejection(draws: int, *, most: bool) -> "TokenCosts":
        """``a'`` and SoftmaxSampler: at least ``N + 1`` draws, at most ``2N + 1``; a roll-out lists for ``Z``.

        What a run accepts does not depend on what line 8 costs or draws, so the means with these bracket the true one.
        """
        sampled = fmpq(1 + (2 * draws + 1 if most else draws + 1))
        return TokenCosts(sampled, sampled + BITS, fmpq(2 * draws + 2))


def expected_t_comp(H: int, p: MTSSParameters, costs: TokenCosts) -> fmpq:
    """Return the mean of ``T_comp`` of MTSS in span mode on fair bits, if each token of line 8 costs ``costs``.

    As everywhere, with the most that one draw from the returned policy makes.
    """

    @cache
    def mean(covered: frozenset[int]) -> fmpq:
        targets = sum((2 * (H - 1 - h) * costs.roll_out for h in covered), fmpq(0))  # line 3
        cost, accepts = _roll_in(H, p.n_pair, covered, costs.roll_in)
        times = _roll_ins(p.n_roll, accepts.values())
        after = sum((times * chance * mean(covered | {h}) for h, chance in accepts.items()), fmpq(0))
        return targets + times * cost + after

    return mean(frozenset()) + H * costs.drawn


def probability_of_covering(H: int, p: MTSSParameters) -> fmpq:
    """Return the probability that MTSS ends with every layer covered: it then returns ``pi*`` exactly."""

    @cache
    def chance_of(covered: frozenset[int]) -> fmpq:
        _, accepts = _roll_in(H, p.n_pair, covered, fmpq(0))
        times = _roll_ins(p.n_roll, accepts.values())
        ends = fmpq(1 if len(covered) == H else 0)
        return ends + sum((times * c * chance_of(covered | {h}) for h, c in accepts.items()), fmpq(0))

    return chance_of(frozenset())


def most_t_comp(H: int, p: MTSSParameters, costs: TokenCosts) -> fmpq:
    """Return a bound for every run, cubic in ``H``: ``H + 1`` passes, each with all roll-ins and all targets."""
    passes = (H + 1) * (p.n_roll * H * (2 * p.n_pair + costs.roll_in) + H * (H - 1) * costs.roll_out)
    return passes + H * costs.drawn


def _roll_in(H: int, n_pair: int, covered: frozenset[int], token: fmpq) -> tuple[fmpq, dict[int, fmpq]]:
    """Return the mean cost of one roll-in, and the probability that it accepts in each layer that is not covered."""
    missed = fmpq(1, 2**n_pair)
    # The j-th pair is the first that differs with probability 2^-j; each costs two draws.
    until_found = sum((fmpq(2 * j, 2**j) for j in range(1, n_pair + 1)), fmpq(0))
    cost, arrives, accepts = fmpq(0), fmpq(1), dict[int, fmpq]()
    for h in range(H):
        if h in covered:
            cost += arrives * (2 * n_pair + token)
        else:
            cost += arrives * (until_found + missed * (2 * n_pair + token))
            accepts[h] = arrives * (1 - missed)
            arrives *= missed
    return cost, accepts


def _roll_ins(n_roll: int, accepts: Iterable[fmpq]) -> fmpq:
    """Return the mean number of roll-ins in a sweep that ends with the first that accepts."""
    goes_on = 1 - sum(accepts, fmpq(0))
    return sum((goes_on**i for i in range(n_roll)), fmpq(0))
