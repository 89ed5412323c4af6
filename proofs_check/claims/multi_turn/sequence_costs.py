"""What whole sequences cost on fair bits: ``T_comp`` of SpannerSampling in the mean.  For the claim and the page.

A round of phase 2 draws ``y2``, then ``N`` responses for ``Zhat``, then up to ``N`` in trials, and one more if all are
refused.  Let ``X = exp(f(y;y2)/beta)`` for ``y ~ pi_ref`` and ``Z = E X``.  Given ``Zhat`` a trial accepts with
probability ``a = E min(1, X/(Zhat M))``, so trials take ``F(a) = 1 + (1-a) + .. + (1-a)^N`` draws in the mean.

*Exactly*: ``E F(a)`` is a sum over the values of ``N Zhat``, for small ``H``.  Its denominator has 1.3 million bits at
``H = 3`` and 5.8 million at ``H = 4``; high powers of most primes below ``N 4^H`` divide it, so about ``10^15`` at 12.

*Between bounds*, if ``M >= 2 max X/Z``.  Let ``x = M Zhat/Z``, of mean ``M``.  If ``Zhat >= Z/2`` nothing is truncated
and ``a = 1/x``; by Chernoff this fails with probability at most ``eps = e^(uNZ/2) (E e^(-uX))^N``, for any ``u > 0``.

* ``E F(a) <= E x + (N+1) P(Zhat < Z/2) <= M + (N+1) eps``, as ``1/a = x`` bounds ``F`` and so does ``N + 1``.
* ``E F(a) >= E[x - x e^(-(N+1)/x); Zhat >= Z/2] >= M - eps M/2 - E[x e^(-(N+1)/x)]``, and the last mean is at most
  ``e^(-2(N+1)/M) E[x e^((N+1)x/M^2)]``, since ``-1/x <= -2/M + x/M^2``: a moment of a sum of independent terms.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import product
from math import comb, gcd, lcm

from flint import arb, fmpq, fmpz_poly

from reference.algorithms.softmax_sampling import number_of_draws
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact import RationalLike, rational
from reference.exact.fast.weights import balanced_sum
from reference.exact.linalg import Span, Vector
from reference.exact.precision import workprec
from reference.exact.reals import Real, enclosed, real, real_max, real_min

_Values = tuple[tuple[fmpq, int], ...]
"""The values of ``X``, increasing, each with the number of equally likely responses that have it."""


def sequence_draws(H: int, C_cond: RationalLike, delta: RationalLike) -> int:
    """Return ``N`` of sequence-level SpannerSampling with ``M = 2 C_cov = 2 C_cond^H``: draws in a round, at least."""
    return number_of_draws(2 * rational(C_cond) ** H, delta)


def run_parameters(H: int, reward: RationalLike, delta: RationalLike) -> SpannerSampling:
    """Return inputs that find ``theta*`` with probability at least ``1 - 2^-8``: span mode, ``M = 2 C_cov``.

    ``reward = exp(r/beta) >= 1``.  Phase 1 looks at ``8H`` prompts, one pair each; phase 2 has one round.
    """
    w = rational(reward)
    return SpannerSampling(8 * H, 1, 1, 2 * (2 * w / (1 + w)) ** H, delta, mode="span")


def probability_of_missing(H: int, pairs: int) -> fmpq:
    """Return a bound of the probability that the differences of ``pairs`` pairs of responses do not span ``Q^H``.

    A proper subspace contains a difference with probability at most 1/2: some linear form vanishes on it, and given
    the other bits at most one of two equally likely values of a bit that occurs in the form makes it vanish.  So the
    pairs that enlarge the span are at least as many, in law, as heads among fair coins, and ``H`` are enough.
    """
    return fmpq(sum(comb(pairs, k) for k in range(H)), 2**pairs)


def expected_run(H: int, reward: RationalLike, p: SpannerSampling) -> fmpq:
    """Return the mean of ``T_comp`` of SpannerSampling (span mode, one pair a prompt, one round), exactly: small ``H``.

    As everywhere, with the most that one draw from the returned policy makes.
    In span mode a covered difference gets its true reward, and the others 0.

    Raises:
        ValueError: for other inputs than these.
    """
    w, mean = rational(reward), fmpq(_other_draws(p))
    rounds = Counter[_Values]()
    responses = [Vector.of(bits) for bits in product((0, 1), repeat=H)]
    for (span, mass), y2 in product(_law_of_span(responses, p.n_prompt), responses):
        differences = [y - y2 for y in responses]
        rounds[_values(w ** int(sum(d)) if span.contains(d) else fmpq(1) for d in differences)] += mass / 2**H
    return mean + sum((mass * expected_trials(values, p.M, p.draws) for values, mass in rounds.items()), fmpq(0))


def run_bounds(H: int, reward: RationalLike, p: SpannerSampling) -> tuple[Real, Real]:
    """Return two numbers between which that mean lies; ``M >= 2 C_cov`` and ``reward > 1``.

    With the right ``theta`` the trials are those of :func:`trials_bounds`; otherwise between 1 and ``N + 1``.

    Raises:
        ValueError: for other inputs than these.
    """
    low, high = trials_bounds(rewarded(H, reward), p.M, p.draws)
    missing, rest = probability_of_missing(H, p.n_prompt), _other_draws(p)
    return low * (1 - missing) + missing + rest, high * (1 - missing) + missing * (p.draws + 1) + rest


def rewarded(H: int, reward: RationalLike) -> _Values:
    """Return the values of ``X`` with the right ``theta``: ``w^|y|``, up to a factor, which cancels in ``X/Zhat``."""
    w = rational(reward)
    return tuple((w**k, comb(H, k)) for k in range(H + 1))


def expected_trials(values: _Values, M: fmpq, N: int) -> fmpq:
    """Return ``E F(a)`` exactly, over all values of ``N Zhat``: coefficients of the ``N``-th power of a polynomial."""
    scale = lcm(*(int(v.q) for v, _ in values))
    integers = [(int((v * scale).p), n) for v, n in values]
    least, total = integers[0][0], sum(n for _, n in integers)
    step = gcd(*(v - least for v, _ in integers)) or 1
    once = [0] * ((integers[-1][0] - least) // step + 1)
    for v, n in integers:
        once[(v - least) // step] = n
    means = []
    for i, ways in enumerate((fmpz_poly(once) ** N).coeffs()):
        if ways == 0:
            continue
        z_hat = fmpq(N * least + i * step, N)
        refused = 1 - sum((min(fmpq(1), v / (z_hat * M)) * n for v, n in integers), fmpq(0)) / total
        means.append((1 - refused ** (N + 1)) / (1 - refused) * ways)
    return balanced_sum(means, fmpq(0)) / fmpq(total) ** N


def trials_bounds(values: _Values, M: fmpq, N: int) -> tuple[Real, Real]:
    """Return two numbers between which ``E F(a)`` lies (proof above).

    Raises:
        ValueError: unless ``M >= 2 max X/E X`` and ``X`` takes two values.
    """
    total = sum(n for _, n in values)
    Z = sum((v * n for v, n in values), fmpq(0)) / total
    if 2 * values[-1][0] > M * Z or len(values) == 1:
        msg = f"M = {M}: needs M >= 2 max X/E X = {2 * values[-1][0] / Z}, and X of at least two values"
        raise ValueError(msg)
    variance = sum((v**2 * n for v, n in values), fmpq(0)) / total - Z**2
    eps = enclosed(_too_small, values, Z, Z / variance, N)  # this u is near the best at every H
    never = enclosed(_never_accepted, values, Z, M, N)
    return real_max([real(M) - eps * (M / 2) - never, 1]), real_min([eps * (N + 1) + M, N + 1])


def needle_draws(H: int) -> int:
    """Return the fewest ``T_comp`` with which any sequence-level learner can name the needle with probability 3/4.

    On the family with ``C = 2^H`` and ``k`` places for the needle, ``T_data + 1 <= k/2``: the least ``T`` with
    ``1 - (1 - 2^-H)^T / 2 >= 3/4`` (claim needle-minimax).
    """
    rest, low, high = 1 - fmpq(1, 2**H), 0, 1
    while rest**high > fmpq(1, 2):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if rest**middle > fmpq(1, 2) else (low, middle)
    return high


def _other_draws(p: SpannerSampling) -> int:
    """Return all draws but the trials: pairs, ``y2``, ``N`` for ``Zhat``, and ``2N + 2`` from the returned policy."""
    if (p.mode, p.n_pair, p.t_exp) != ("span", 1, 1):
        msg = f"mode {p.mode}, n_pair = {p.n_pair}, t_exp = {p.t_exp}: needs span mode, n_pair = t_exp = 1"
        raise ValueError(msg)
    return 2 * p.n_prompt + 1 + p.draws + 2 * p.draws + 2


def _too_small(prec: int, values: _Values, Z: fmpq, u: fmpq, N: int) -> arb:
    """Enclose ``e^(uNZ/2) (E e^(-uX))^N``."""
    with workprec(prec):
        return (arb(u * N * Z / 2) + N * _moment(values, -u, 0).log()).exp()


def _never_accepted(prec: int, values: _Values, Z: fmpq, M: fmpq, N: int) -> arb:
    """Enclose ``e^(-2(N+1)/M) E[x e^((N+1)x/M^2)]`` with ``x = M/(NZ)`` times a sum of ``N`` copies of ``X``."""
    with workprec(prec):
        u = (N + 1) / (M * N * Z)
        others = (N - 1) * _moment(values, u, 0).log() - arb(2 * (N + 1) / M)
        return others.exp() * _moment(values, u, 1) * arb(M / Z)


def _moment(values: _Values, u: fmpq, power: int) -> arb:
    """Enclose ``E[X^power e^(uX)]``."""
    total = sum(n for _, n in values)
    return sum((arb(v**power * n / total) * arb(u * v).exp() for v, n in values), arb(0))


def _values(outcomes: Iterable[fmpq]) -> _Values:
    return tuple(sorted(Counter(outcomes).items()))


def _law_of_span(responses: list[Vector], pairs: int) -> Iterable[tuple[Span, fmpq]]:
    """Return what the differences of ``pairs`` pairs of responses span, with probabilities."""
    differences = Counter(y1 - y2 for y1, y2 in product(responses, repeat=2))

    @cache
    def moves(span: Span) -> tuple[tuple[Span, int], ...]:
        after = Counter[Span]()
        for difference, ways in differences.items():
            after[span.with_vector(difference)] += ways
        return tuple(after.items())

    law = {Span.empty(len(responses[0])): fmpq(1)}
    for _ in range(pairs):
        later = dict[Span, fmpq]()
        for span, mass in law.items():
            for after, ways in moves(span):
                later[after] = later.get(after, fmpq(0)) + mass * ways / len(responses) ** 2
        law = later
    return law.items()
