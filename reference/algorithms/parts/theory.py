r"""The inputs that theory asks of SpannerSampling for a gap of at most ``eps`` but for a probability ``delta``.

Both modes are derived from finite statements with constants (ours), for noiseless rewards and SoftmaxSampler as it is
listed.  Let ``C >= C_cov(pi*)``, ``R = R_max``, and ``u`` the base mass at ``x`` that is not covered relative to
``y'``.  Its mean over ``x ~ rho`` and ``y' ~ pi_ref`` is the *hazard* of one more prompt, as ``N_pair = 1``.  The gap
is convex, so that of the returned mixture is at most its mean over ``x`` and ``y'``.

1. ``spanner-coverage-tail``: the hazard is above ``h`` with probability at most ``P(Bin(N_prompt, h) < n_max)``, where
   ``n_max`` bounds the acceptances.  Markov's inequality gives ``n_max/((N_prompt+1) h)``, which is never less: it is
   ``1/h`` times the integral of the tail over ``[0, 1]``, and the tail falls.  So ``N_prompt`` is the least number
   whose tail is at most ``delta``, and there is no other random event.
2. *Span mode*, ``spanner-as-listed``: the gap is at most ``2 C R h + s R`` if the hazard is at most ``h``, where
   ``M = 4C`` and ``s`` is SoftmaxSampler's failure probability.  The second term gets ``eps/8``, the first the rest.
3. *Ridge mode*: where ``<theta_1 - theta*, phi>`` is at most ``e0 = sqrt(lambda) B nu`` on covered differences
   (``ridge-error``; ``theta_1`` is fitted to ``Psi``), and ``e0 <= beta``:

   * if ``C u <= 1/2``: ``gap(pi_f) <= e R C u + (e-2) e0^2/beta`` (``ridge-end-to-end``), ``C_cov(pi_f) <= 2 e^2 C``
     (``truncated-coverage``), so ``M = 4 e^2 C`` suffices, and with SoftmaxSampler the gap is at most
     ``gap(pi_f) + s (R + 2 e0)`` (``sampler-gap``: what it draws where it fails is a mixture of ``pi_min(f,t)``, and
     ``min(f,t)`` is within ``e0`` of what it is for an exact ``f``, for which the oscillation is at most ``R``);
   * else: at most ``R + 2 e0 <= (2 R + 4 e0) C u``, for the same reason.

   With ``e0 <= R/6`` both are at most ``e R C u + (e-2) e0^2/beta + (4/3) s R``; the three get ``3/4``, ``1/8`` and
   ``1/8`` of ``eps``.  One round is enough, since the error of ``theta_1`` is small already: noiseless, ``lambda`` can
   be as small as one likes, and ``n_max`` grows with its logarithm only.

If ``eps >= R`` nothing needs to be found: ``pi_ref`` is returned, whose gap is at most ``R``.
"""

from dataclasses import dataclass
from typing import Literal

from flint import fmpq

from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact.binomial import fewest_trials
from reference.exact.rational_numbers import RationalLike, rational, rational_text

E_ABOVE, E_SQUARED = fmpq(2719, 1000), fmpq(739, 100)
"""Rationals above ``e`` and ``e^2``."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One number: its name, its value, the formula it comes from, and whose formula that is.

    In formulas ``EPS`` and ``DELTA`` are the target, ``C`` the given bound on ``C_cov(pi*)``; ``delta`` is an input.
    """

    name: str
    value: int | fmpq
    formula: str
    source: str


@dataclass(frozen=True, slots=True)
class TheoryParameters:
    """The parameters, how each was found, and what is promised of them.

    ``quantities``: what the formulas of ``settings`` are in terms of, besides what was given.
    """

    parameters: SpannerSampling
    settings: tuple[Setting, ...]
    quantities: tuple[Setting, ...]
    promise: str

    @property
    def t_data(self) -> int:
        """The most reward queries: two for each of ``n_max`` acceptances, no more than prompts, and for each round."""
        most = {quantity.name: int(fmpq(quantity.value).p) for quantity in self.quantities if quantity.name == "n_max"}
        return 2 * min(most["n_max"], self.parameters.n_prompt) + 2 * self.parameters.t_exp

    @property
    def t_comp(self) -> int:
        """The most sampling queries, with those of one draw from the returned policy."""
        p = self.parameters
        return 2 * p.n_pair * p.n_prompt + (p.t_exp + 1) * (2 * p.draws + 2)


_PROMISE = "gap at most EPS with probability at least 1 - DELTA, for noiseless rewards"
"""What is promised in both modes."""

_TRIVIAL = "0, as EPS >= R_max: pi_ref is good enough"


def theory_parameters(
    eps: RationalLike,
    delta: RationalLike,
    *,
    beta: RationalLike,
    R_max: RationalLike,
    B: RationalLike,
    dimension: int,
    coverage: RationalLike,
    mode: Literal["ridge", "span"] = "span",
) -> TheoryParameters:
    """Return inputs with which the gap is at most ``eps`` with probability ``1 - delta`` or more, without noise.

    The gap is that of the returned policy as it is sampled, by SoftmaxSampler; the probability is over runs.  Source:
    ours, claim ``theory-parameters``, which also says which statements it comes from.

    ``coverage``: a rational bound on ``C_cov(pi*)``.  ``dimension``: of the features; the rank of their differences
    may be given instead and makes the numbers smaller.

    >>> import reference as ref
    >>> found = ref.theory_parameters("1/4", "1/8", beta=1, R_max=1, B=1, dimension=1, coverage="4/3")
    >>> found.parameters.n_prompt, found.parameters.M, found.parameters.delta
    (25, 16/3, 1/32)

    Raises:
        ValueError: for an input outside its range.
    """
    gap, failure = rational(eps), rational(delta)
    b, reward, norm, cover = rational(beta), rational(R_max), rational(B), rational(coverage)
    for name, value in (("eps", gap), ("delta", failure), ("beta", b), ("dimension", fmpq(dimension))):
        if value <= 0:
            raise ValueError(f"{name} = {rational_text(value)}: must be positive")
    if failure >= 1:
        raise ValueError(f"delta = {rational_text(failure)}: must be below 1")
    if cover < 1 or reward < 0 or norm < 0:
        raise ValueError("needs coverage >= 1, R_max >= 0 and B >= 0")
    if mode not in {"ridge", "span"}:
        raise ValueError(f"mode = {mode!r}: write 'ridge' or 'span'")
    known = _Known(gap, failure, b, reward, norm, cover, dimension)
    return known.span() if mode == "span" else known.ridge()


@dataclass(frozen=True, slots=True)
class _Known:
    """What the inputs depend on."""

    eps: fmpq
    failure: fmpq
    beta: fmpq
    R: fmpq
    B: fmpq
    C: fmpq
    rank: int

    def span(self) -> TheoryParameters:
        """Step 2 at the top of this module."""
        h = 7 * self.eps / (16 * self.C * self.R) if self.R > 0 else fmpq(1)
        n_max = Setting("n_max", self.rank, "rank of the differences", "ours, spanner-size")
        return self._with(
            Setting("h", h, "7 EPS / (16 C R_max)", "ours, spanner-as-listed"),
            n_max,
            Setting("M", 4 * self.C, "4 C", "ours, spanner-as-listed"),
            self._failure(fmpq(8), "EPS / (8 R_max)", "ours, spanner-as-listed"),
            Setting("t_exp", 1, "1, as theta_1 interpolates", "ours, span-mode-exact"),
            Setting("ridge", fmpq(1), "unused in span mode", "-"),
            Setting("nu", fmpq(1), "unused in span mode", "-"),
            mode="span",
        )

    def ridge(self) -> TheoryParameters:
        """Step 3 at the top of this module."""
        square = min(self.eps * self.beta / (8 * (E_ABOVE - 2)), self.beta**2, self.R**2 / 36)
        ridge = square / self.B**2 if self.B * square > 0 else fmpq(1)
        h = 3 * self.eps / (4 * E_ABOVE * self.C * self.R) if self.R > 0 else fmpq(1)
        n_max = largest_spanner(self.rank, ridge, fmpq(1))
        root = "2^n <= (1 + 4n/(lambda rank))^rank"
        return self._with(
            Setting("h", h, "3 EPS / (4 e C R_max)", "ours, ridge-end-to-end"),
            Setting("n_max", n_max, f"the greatest n with {root}", "ours, spanner-size"),
            Setting("M", 4 * E_SQUARED * self.C, "4 e^2 C", "ours, truncated-coverage"),
            self._failure(fmpq(32, 3), "3 EPS / (32 R_max)", "ours, sampler-gap"),
            Setting("t_exp", 1, "1, as the error of theta_1 is small", "ours, ridge-error"),
            Setting("ridge", ridge, "min(EPS beta/(8(e-2)), beta^2, (R_max/6)^2) / B^2", "ours, ridge-end-to-end"),
            Setting("nu", fmpq(1), "1", "FMR25 Thm 3.1"),
            mode="ridge",
        )

    def _failure(self, factor: fmpq, formula: str, source: str) -> Setting:
        value = min(self.eps / (factor * self.R), fmpq(1)) if self.R > 0 else fmpq(1)
        return Setting("delta", value, formula if value < 1 else f"1 <= {formula}", source)

    def _with(self, h: Setting, n_max: Setting, *others: Setting, mode: Literal["ridge", "span"]) -> TheoryParameters:
        most = int(fmpq(n_max.value).p)
        if self.eps >= self.R:
            rounds = Setting("n_prompt", 0, _TRIVIAL, "ours, sampler-gap")
        else:
            least = "the least N with P(Bin(N, h) < n_max) <= DELTA"
            found = fewest_trials(most, fmpq(h.value), self.failure)
            rounds = Setting("n_prompt", found, least, "ours, spanner-coverage-tail")
        settings = (rounds, Setting("n_pair", 1, "1", "ours, spanner-coverage-tail"), *others)
        v = {setting.name: fmpq(setting.value) for setting in settings}
        parameters = SpannerSampling(
            int(v["n_prompt"].p), 1, 1, v["M"], v["delta"], ridge=v["ridge"], nu=v["nu"], mode=mode
        )
        return TheoryParameters(parameters, settings, (h, n_max), _PROMISE)


def largest_spanner(dimension: int, ridge: fmpq, nu: fmpq) -> int:
    """Return the largest ``n`` that ``spanner-size`` allows: ``(1 + nu^2)^n <= (1 + 4n/(lambda d))^d``."""

    def allowed(n: int) -> bool:
        return (1 + nu**2) ** n <= (1 + 4 * n / (ridge * dimension)) ** dimension

    # In logarithms a line against a concave function, equal at n = 0: once it fails, it fails for ever.
    above = 1
    while allowed(above):
        above *= 2
    below = above // 2
    while above - below > 1:
        middle = (above + below) // 2
        below, above = (middle, above) if allowed(middle) else (below, middle)
    return below
