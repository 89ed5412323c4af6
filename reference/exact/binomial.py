"""Whether a count of successes is as rare as an error level: the binomial tail, decided exactly.

``P(Binomial(n, p) >= k) = I_p(k, n-k+1)``, the regularised incomplete beta function, which FLINT encloses in time that
hardly grows with ``n``.
"""

from flint import arb, fmpq

from reference.exact.number import Undecided
from reference.exact.precision import workprec

_PRECISIONS = (64, 128, 256)
"""Bits to which a tail is enclosed before it is taken to be the error level itself."""

MAX_WORK = 10**9
"""The sum over counts is formed up to this many bits: numbers of ``n log q`` bits, ``n`` times, where ``p = a/q``."""


def is_rare(successes: int, trials: int, p: fmpq, level: fmpq) -> bool:
    """Return whether ``P(Binomial(trials, p) >= successes) <= level``; equality counts.

    ``0 <= successes <= trials`` and ``0 <= p <= 1``.  Where balls do not separate the tail from the level the two may
    be equal, and the tail is formed in integers.

    Raises:
        Undecided: if they do not and there are too many trials for that.
    """
    if successes == 0 or p == 1:
        return level >= 1
    if p == 0:
        return level >= 0
    for bits in _PRECISIONS:
        prec = bits + trials.bit_length()
        tail = _tail(prec, successes, trials, p)
        with workprec(prec):
            bound = arb(level)
        if tail <= bound:
            return True
        if tail > bound:
            return False
    if trials * trials * p.q.bit_length() > MAX_WORK:
        msg = f"P({successes} or more of {trials} at {p}) is {level} to {_PRECISIONS[-1]} bits: choose another error"
        raise Undecided(msg)
    return _exact_tail(successes, trials, p) <= level


def fewest_trials(successes: int, p: fmpq, level: fmpq) -> int:
    """Return the least ``n`` with ``P(Binomial(n, p) < successes) <= level``.

    For ``successes >= 1`` and ``0 < p, level < 1``; the probability falls as ``n`` grows.

    >>> from flint import fmpq
    >>> fewest_trials(1, fmpq(1, 3), fmpq(1, 2))  # (2/3)^2 = 4/9
    2

    Raises:
        Undecided: as :func:`is_rare`.
    """

    def enough(n: int) -> bool:
        return is_rare(n - successes + 1, n, 1 - p, level)  # failures for successes

    below, above = successes - 1, successes  # with fewer trials than successes the probability is 1
    while not enough(above):
        below, above = above, 2 * above
    while above - below > 1:
        middle = (above + below) // 2
        below, above = (below, middle) if enough(middle) else (middle, above)
    return above


def least_probability(successes: int, trials: int, level: fmpq, *, parts: int = 1000) -> fmpq:
    """Return the greatest multiple of ``1/parts`` at which so many successes are as rare as ``level``; 0 if none is.

    It is at most the probability of success unless something happens that has probability at most ``level`` (Clopper
    and Pearson), for ``level < 1``.

    >>> from flint import fmpq
    >>> least_probability(20, 20, fmpq(1, 2**20))
    1/2

    Raises:
        Undecided: as :func:`is_rare`.
    """
    below, above = 0, parts
    while above - below > 1:  # more successes are to be expected the greater the probability
        middle = (above + below) // 2
        below, above = (middle, above) if is_rare(successes, trials, fmpq(middle, parts), level) else (below, middle)
    return fmpq(below, parts)


def _tail(prec: int, successes: int, trials: int, p: fmpq) -> arb:
    """Return a ball around ``P(Binomial(trials, p) >= successes)``, for ``0 < p < 1`` and ``successes >= 1``."""
    if successes <= trials * p:  # from the smaller tail: the larger one is near 1, and its ball may be wide
        rest = _tail(prec, trials - successes + 1, trials, 1 - p)
        with workprec(prec):
            return 1 - rest
    with workprec(prec):
        return arb(p).beta_lower(arb(successes), arb(trials - successes + 1), regularized=1)


def _exact_tail(successes: int, trials: int, p: fmpq) -> fmpq:
    """Return the tail as a sum of integers over ``q^trials``, each made from the one before."""
    a, q = int(p.p), int(p.q)
    total = term = a**trials
    for k in range(trials, successes, -1):  # from C(n,k) a^k b^(n-k) to the same at k - 1
        term = term * (q - a) * k // (a * (trials - k + 1))
        total += term
    return fmpq(total, q**trials)
