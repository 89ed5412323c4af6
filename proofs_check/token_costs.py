"""What tokens cost on fair bits, exactly: MTSS, layer by layer, against whole sequences. For the claim and the page.

On fair bits nothing that MTSS counts depends on the parameters it fits, if line 8 draws from listings: what is covered
is a set of layers, and a pass moves from a set to a larger one with probabilities that are powers of 1/2.  So the mean
of ``T_comp`` is a sum over at most ``2^H`` sets, whatever the number of runs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import comb

from flint import fmpq

from reference.algorithms.mtss_parameters import MTSSParameters
from reference.algorithms.softmax_sampler import number_of_draws
from reference.exact import RationalLike, rational

BITS = 2
"""Tokens in the alphabet."""


@dataclass(frozen=True)
class TokenCosts:
    """Token queries of line 8: ``roll_in`` for one token on the way down, ``roll_out`` for one that is explained."""

    roll_in: fmpq
    roll_out: fmpq

    @staticmethod
    def listed() -> "TokenCosts":
        """``a'`` and a listing; a roll-out lists once more, for ``Z``."""
        return TokenCosts(fmpq(1 + BITS), fmpq(1 + 2 * BITS))

    @staticmethod
    def by_rejection(draws: int, *, most: bool) -> "TokenCosts":
        """``a'`` and SoftmaxSampler: at least ``N + 1`` draws, at most ``2N + 1``; a roll-out lists for ``Z``.

        What a run accepts does not depend on what line 8 costs or draws, so the means with these bracket the true one.
        """
        sampled = fmpq(1 + (2 * draws + 1 if most else draws + 1))
        return TokenCosts(sampled, sampled + BITS)


def expected_t_comp(H: int, p: MTSSParameters, costs: TokenCosts) -> fmpq:
    """Return the mean of ``T_comp`` of MTSS in span mode on fair bits, if each token of line 8 costs ``costs``."""

    @cache
    def mean(covered: frozenset[int]) -> fmpq:
        targets = sum((2 * (H - 1 - h) * costs.roll_out for h in covered), fmpq(0))  # line 3
        cost, accepts = _roll_in(H, p.n_pair, covered, costs.roll_in)
        times = _roll_ins(p.n_roll, accepts.values())
        after = sum((times * chance * mean(covered | {h}) for h, chance in accepts.items()), fmpq(0))
        return targets + times * cost + after

    return mean(frozenset())


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
    return (H + 1) * (p.n_roll * H * (2 * p.n_pair + costs.roll_in) + H * (H - 1) * costs.roll_out)


def sequence_draws(H: int, C_cond: RationalLike, delta: RationalLike) -> int:
    """Return ``N`` of sequence-level SpannerSampling with ``M = 2 C_cov = 2 C_cond^H``: draws in a round, at least."""
    return number_of_draws(2 * rational(C_cond) ** H, delta)


def sequence_round(H: int, reward: RationalLike, delta: RationalLike) -> tuple[fmpq, fmpq]:
    """Return bounds of the mean draws in a round of sequence-level SpannerSampling that knows ``theta``.

    ``reward = exp(r/beta) >= 1``.  A round draws ``y2``, then ``N`` responses for ``Zhat``, then trials.  A trial
    accepts with probability at most ``Z/(Zhat M)``, exactly that if ``Zhat M >= max exp(f/beta) = Z C_cov``, that is
    ``Zhat >= Z/2``; which fails with probability at most ``exp(-N/(8 C_cov)) <= delta/4`` (Chernoff).  So the mean
    number of trials is at most ``M E[Zhat]/Z = M`` and ``N delta/4`` more; at least 1.  The draw after ``N`` refusals
    is at most one more.
    """
    M = 2 * (2 * rational(reward) / (1 + rational(reward))) ** H
    N = number_of_draws(M, delta)
    return fmpq(N + 2), N + 2 + M + N * rational(delta) / 4


def exact_sequence_round(H: int, reward: RationalLike, delta: RationalLike) -> fmpq:
    """Return that mean exactly, over all multisets of ``N`` responses by their number of ones: small ``H``.

    ``exp(f(y;y2)/beta)`` is ``w^|y|`` up to a factor that cancels in ``exp(f/beta)/(Zhat M)``.
    """
    w = rational(reward)
    M = 2 * (2 * w / (1 + w)) ** H
    N = number_of_draws(M, delta)
    chances = [fmpq(comb(H, k), 2**H) for k in range(H + 1)]
    mean = fmpq(0)
    for counts in _compositions(N, H + 1):
        weight = fmpq(_multinomial(counts))
        for chance, n in zip(chances, counts, strict=True):
            weight *= chance**n
        z_hat = sum((w**k * n for k, n in enumerate(counts)), fmpq(0)) / N
        refused = 1 - sum((c * min(fmpq(1), w**k / (z_hat * M)) for k, c in enumerate(chances)), fmpq(0))
        none = refused**N
        mean += weight * ((1 - none) / (1 - refused) + none)
    return 1 + N + mean


def _compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _compositions(total - first, parts - 1):
            yield (first, *rest)


def _multinomial(counts: tuple[int, ...]) -> int:
    ways, left = 1, sum(counts)
    for n in counts:
        ways *= comb(left, n)
        left -= n
    return ways


def needle_draws(H: int) -> int:
    """Return the fewest ``T_comp`` with which any sequence-level learner can name the needle with probability 3/4.

    On the family with ``C = 2^H`` and at most half as many rewards as responses, ``T_data + 1 <= k/2``: the least
    ``T`` with ``1 - (1 - 2^-H)^T / 2 >= 3/4`` (claim needle-minimax).
    """
    rest, low, high = 1 - fmpq(1, 2**H), 0, 1
    while rest**high > fmpq(1, 2):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if rest**middle > fmpq(1, 2) else (low, middle)
    return high


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
