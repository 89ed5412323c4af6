"""Wrong versions of SoftmaxSampler, each seen through its law; each function is one."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations_with_replacement
from math import exp, factorial, fsum, prod

from tests.conformance.right.plain_floats import accept_prob, softmax
from tests.conformance.right.plain_floats import sampler_law as right

Floats = Sequence[float]
Setting = tuple[Floats, Floats, float, float, int]


def _law(
    setting: Setting,
    accept: Callable[[Sequence[int], int], float],
    *,
    zhat_draws: int | None = None,
    trials: int | None = None,
    fallback: Floats | None = None,
) -> list[float]:
    """The law over all draws for ``Zhat``, with some part of it replaced."""
    pi, _, _, _, N = setting
    masses: list[list[float]] = [[] for _ in pi]
    for drawn, chance in _drawn(pi, N if zhat_draws is None else zhat_draws):
        accepted = [p * accept(drawn, y) if p > 0 else 0.0 for y, p in enumerate(pi)]
        missed = 1 - fsum(accepted)
        rounds = N if trials is None else trials
        waits = fsum(missed**t for t in range(rounds))
        for y, a in enumerate(accepted):
            masses[y] += [chance * a * waits, chance * missed**rounds * (pi if fallback is None else fallback)[y]]
    return [fsum(each) for each in masses]


def _drawn(pi: Floats, N: int) -> Iterator[tuple[tuple[int, ...], float]]:
    """What may be drawn, in one order, and the chance of all its orders: none of these versions minds the order."""
    live = [y for y, p in enumerate(pi) if p > 0]
    for drawn in combinations_with_replacement(live, N):
        orders = factorial(N) // prod(factorial(drawn.count(y)) for y in live)
        yield drawn, orders * prod(pi[i] for i in drawn)


def _usual(pi: Floats, f: Floats, beta: float, M: float) -> Callable[[Sequence[int], int], float]:  # noqa: ARG001
    return lambda drawn, y: accept_prob(f, drawn, y, beta, M)


def zhat_n_plus_1(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """One draw more for ``Zhat``."""
    return _law((pi, f, beta, M, N), _usual(pi, f, beta, M), zhat_draws=N + 1)


def zhat_n_minus_1(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """One draw less for ``Zhat``."""
    return _law((pi, f, beta, M, N), _usual(pi, f, beta, M), zhat_draws=max(N - 1, 1))


def true_z(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """The true ``Z`` in place of its estimate."""
    best = softmax(pi, f, beta)
    return _law((pi, f, beta, M, N), lambda _, y: min(1.0, best[y] / pi[y] / M), zhat_draws=1)


def zhat_max(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """The largest drawn weight in place of the mean."""
    return _law((pi, f, beta, M, N), lambda drawn, y: accept_prob(f, [max(drawn, key=lambda i: f[i])], y, beta, M))


def M_missing(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:  # noqa: ARG001
    """Leaves ``M`` out."""
    return right(pi, f, beta, 1.0, N)


def clip_before_M(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """Clips before dividing by ``M``."""
    return _law((pi, f, beta, M, N), lambda drawn, y: accept_prob(f, drawn, y, beta, 1.0) / M)


def not_clipped_normalised(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """Does not clip, and normalises in the end."""
    masses = [0.0] * len(pi)
    for drawn, chance in _drawn(pi, N):
        mean = fsum(exp(f[i] / beta) for i in drawn) / N
        weights = [p * exp(x / beta) / mean / M for p, x in zip(pi, f, strict=True)]
        masses = [m + chance * w for m, w in zip(masses, weights, strict=True)]
    return [m / fsum(masses) for m in masses]


def fallback_uniform(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """Falls back to the uniform law on the support."""
    live = sum(p > 0 for p in pi)
    return _law((pi, f, beta, M, N), _usual(pi, f, beta, M), fallback=[1 / live if p > 0 else 0.0 for p in pi])


def fallback_best(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """Falls back to the response with the largest value."""
    best = max((y for y, p in enumerate(pi) if p > 0), key=f.__getitem__)
    return _law((pi, f, beta, M, N), _usual(pi, f, beta, M), fallback=[float(y == best) for y in range(len(pi))])


def fallback_target(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """Falls back to the law that it approximates."""
    return _law((pi, f, beta, M, N), _usual(pi, f, beta, M), fallback=softmax(pi, f, beta))


def one_trial_fewer(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """One trial less."""
    return _law((pi, f, beta, M, N), _usual(pi, f, beta, M), trials=N - 1)


def one_trial_more(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """One trial more."""
    return _law((pi, f, beta, M, N), _usual(pi, f, beta, M), trials=N + 1)


def returns_target(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:  # noqa: ARG001
    """Takes the sampler for exact."""
    return softmax(pi, f, beta)


def returns_base(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:  # noqa: ARG001
    """Returns the base model."""
    return list(pi)


def beta_missing(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:  # noqa: ARG001
    """Leaves ``beta`` out."""
    return right(pi, f, 1.0, M, N)


def no_max_shift(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """Takes the exponentials as they are: they overflow."""

    def accept(drawn: Sequence[int], y: int) -> float:
        return min(1.0, exp(f[y] / beta) / (fsum(exp(f[i] / beta) for i in drawn) / len(drawn) * M))

    return _law((pi, f, beta, M, N), accept)


def off_support_mass(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """Smooths the base model by 1e-9."""
    size = len(pi)
    return [(x + 1e-9) / (1 + size * 1e-9) for x in right(pi, f, beta, M, N)]


def values_scaled(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """Divides the values by their range, which may be 0, and multiplies in the end."""
    spread = max(f) - min(f)
    return right(pi, [x / spread * spread for x in f], beta, M, N)


def drops_last(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """Leaves the last response out."""
    masses = [*right(pi, f, beta, M, N)[:-1], 0.0]
    return [x / fsum(masses) for x in masses]


def zero_mass_filled(pi: Floats, f: Floats, beta: float, M: float, N: int) -> list[float]:
    """Gives 1e-9 to responses of base mass 0."""
    masses = right(pi, f, beta, M, N)
    if 0 not in pi:
        return masses
    filled = [p or 1e-9 for p in masses]
    return [p / sum(filled) for p in filled]
