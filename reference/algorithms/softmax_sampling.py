"""SoftmaxSampler (FMR25, Algorithm SoftmaxSampler): approximate draws from ``pi_f`` by rejection from ``pi_ref``.

::

    1  N <- ceil(4 M log(4/delta))
    2  draw y_1..y_N ~ pi_ref(.|x);  Zhat <- mean of exp(f(y_i)/beta)
    3  for i = 1..N:
    4      y ~ pi_ref(.|x)
    5      accept y with probability min(1, exp(f(y)/beta) / (Zhat M));  return the first accepted
    6  none accepted: return a fresh y ~ pi_ref(.|x)

If ``M >= 2 C_cov(pi_f; x)`` the law of the result is within ``delta`` of ``pi_f(.|x)`` in total variation (ours, with
constants: claim ``softmax-sampler-tv``).  The function ``f`` sees features only, as all the weak oracle reveals.
"""

from collections.abc import Callable
from typing import TypeVar

from flint import fmpq

from reference.algorithms.parts.cover import NamedScore
from reference.exact.expratio import ExpRatio
from reference.exact.expsum import ExpSum, exp, exp_sum
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear, log
from reference.exact.plain import cached
from reference.exact.rational_numbers import RationalLike, rational, rational_text
from reference.interaction.weak import Draw, WeakOracles

X = TypeVar("X")


def number_of_draws(M: RationalLike, delta: RationalLike) -> int:
    """Return ``N = ceil(4 M log(4/delta))`` (line 1), exactly.

    >>> import reference as ref
    >>> ref.number_of_draws(M="16/3", delta="1/8")
    74

    Raises:
        ValueError: unless ``M >= 1`` and ``0 < delta <= 1``.
    """
    bound, failure = rational(M), rational(delta)
    if bound < 1 or not 0 < failure <= 1:
        msg = f"M = {rational_text(bound)}, delta = {rational_text(failure)}: needs M >= 1 and 0 < delta <= 1"
        raise ValueError(msg)
    return (log(4 / failure) * (4 * bound)).ceil()  # 1


def softmax_sampler(oracles: WeakOracles[X], f: Callable[[Vector], LogLinear], x: X, M: RationalLike, N: int) -> Draw:
    """Return a response to prompt ``x``, or a token after a prefix; ``2N + 1`` weak queries at most (lines 2-6).

    ``f`` maps features to log-linear numbers, in units of reward.

    Raises:
        ValueError: unless ``M > 0`` and ``N >= 1``.
    """
    bound = rational(M)
    if bound <= 0 or N < 1:
        msg = f"M = {rational_text(bound)}, N = {N}: needs M > 0 and N >= 1"
        raise ValueError(msg)

    w, coin = (
        _of_named(f, *_pq(oracles.beta), *_pq(bound)) if isinstance(f, NamedScore) else _of(f, oracles.beta, bound)
    )

    def add(total: ExpSum) -> ExpSum:
        _, phi = oracles.weak(x)
        return total + w(phi)

    def sample() -> Draw:
        z_hat = oracles.iterate(exp_sum([]), add, N) * fmpq(1, N)  # 2

        def trial(_: Draw | None) -> Draw | None:
            y, phi = oracles.weak(x)  # 4
            return (y, phi) if oracles.draw(coin(phi, z_hat)) else None  # 5

        accepted = oracles.iterate(None, trial, N, until=lambda found: found is not None)  # 3
        return oracles.weak(x) if accepted is None else accepted  # 6

    # The exhaustive reading forgets Zhat here, and keeps the response and the count of queries, for each f and x once.
    return oracles.part(sample, (softmax_sampler, f, x, bound, N) if isinstance(f, NamedScore) else None)


_WeightsAndCoins = tuple[Callable[[Vector], ExpSum], Callable[[Vector, ExpSum], Law[bool]]]


def _of(f: Callable[[Vector], LogLinear], beta: fmpq, bound: fmpq) -> _WeightsAndCoins:
    """Return ``exp(f/beta)`` and the law of line 5, remembered: the exhaustive reading asks again and again."""

    @cached(1024)
    def w(phi: Vector) -> ExpSum:
        return exp(f(phi) / beta)

    @cached(1024)
    def coin(phi: Vector, z_hat: ExpSum) -> Law[bool]:
        return Law.bernoulli(min(ExpRatio(w(phi), z_hat * bound), ExpRatio(1)))

    return w, coin


@cached(512)  # runs come to the same functions
def _of_named(f: NamedScore, p: int, q: int, above: int, below: int) -> _WeightsAndCoins:  # integers are hashed fast
    return _of(f, fmpq(p, q), fmpq(above, below))


def _pq(value: fmpq) -> tuple[int, int]:
    return int(value.p), int(value.q)
