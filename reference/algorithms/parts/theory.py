"""The inputs that theory asks of SpannerSampling for a target accuracy, each with its formula and source.

*Span mode*: the constants are those of the claims ``spanner-end-to-end``, ``truncated-coverage`` and
``softmax-sampler-tv`` (ours), for noiseless rewards.

*Ridge mode*: nothing is promised.  The inputs follow the rates of FMR25 Theorem 3.1, whose constants and logarithms in
other quantities the paper leaves open; here the constant is 1 where the source says "rate", and the ridge is what
``ridge-error`` needs for an error of at most ``min(beta, sqrt(eps beta))`` on covered differences.  That constant does
not suffice: at ``eps = 2/5``, ``delta = 1/10``, ``beta = R_max = B = 1000``, ``dimension = 1``, ``coverage = 3`` the
formulas give ``n_prompt = 1275``, and on two responses, the rarer of base mass 6/10^4 and reward 1000, phase 1 finds
nothing with probability 0.2165.  Then ``pi_ref`` is returned, whose gap is 0.4304 (both rounded): above ``eps``, more
often than ``delta``.
"""

from dataclasses import dataclass
from typing import Literal

from flint import fmpq

from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact.log_linear import log
from reference.exact.rational_numbers import RationalLike, ceiling, rational, rational_text

E_SQUARED = fmpq(7390, 1000)
"""A rational above ``e^2 = 7.389...``."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One input: its name, its value, the formula it comes from, and whose formula that is."""

    name: str
    value: int | fmpq
    formula: str
    source: str


@dataclass(frozen=True, slots=True)
class TheoryParameters:
    """The parameters, how each was found, and what is promised of them; ``None``: nothing."""

    parameters: SpannerSampling
    settings: tuple[Setting, ...]
    promise: str | None


SPAN_PROMISE = (
    "gap at most eps with probability at least 1 - delta, for noiseless rewards and exact sampling from pi_f "
    "(ours: spanner-end-to-end and Markov's inequality)"
)
"""What is promised in span mode; in ridge mode nothing is."""


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
    """Return the inputs that theory asks for, and in ``promise`` what is known of them.

    Span mode: the returned policy has gap at most ``eps`` with probability at least ``1 - delta``, for noiseless
    rewards and exact sampling from ``pi_f`` (claim ``spanner-end-to-end`` and Markov's inequality).  Ridge mode:
    ``promise`` is ``None``.  The inputs follow the paper's rates, and there are instances on which the gap is above
    ``eps`` more often than ``delta``: one is at the top of this module.

    ``coverage``: a rational bound on ``C_cov(pi*)``.  ``dimension``: of the features; the rank of their differences
    may be given instead and makes the numbers smaller.

    >>> import reference as ref
    >>> found = ref.theory_parameters("1/2", "1/4", beta=1, R_max=1, B=1, dimension=1, coverage="4/3")
    >>> found.parameters.n_prompt, found.parameters.M
    (42, 40)

    Raises:
        ValueError: for an input outside its range.
    """
    gap, failure = rational(eps), rational(delta)
    b, reward, norm, cover = rational(beta), rational(R_max), rational(B), rational(coverage)
    for name, value in (("eps", gap), ("delta", failure), ("beta", b), ("dimension", fmpq(dimension))):
        if value <= 0:
            raise ValueError(f"{name} = {rational_text(value)}: must be positive")
    if failure > 1 or cover < 1 or reward < 0 or norm < 0:
        raise ValueError("needs delta <= 1, coverage >= 1, R_max >= 0 and B >= 0")
    shared = (
        Setting(
            "M",
            ceiling(4 * E_SQUARED * cover),
            "ceil(4 e^2 C_cov(pi*)), for pi*(G|x) >= 1/2",
            "ours, truncated-coverage",
        ),
        Setting("delta", failure, "delta", "ours, softmax-sampler-tv"),
    )
    if mode == "span":
        k = cover * max(2 * (b + reward), reward**2 / (4 * b))
        n_prompt = max(ceiling(k * dimension / (gap * failure)) - 1, 0)
        settings = (
            Setting(
                "n_prompt",
                n_prompt,
                "ceil(K rank / (eps delta)) - 1, K = C max(2(beta+R), R^2/(4 beta))",
                "ours, spanner-end-to-end",
            ),
            Setting("n_pair", 1, "1", "ours, spanner-end-to-end"),
            Setting("t_exp", 1, "1: theta_1 interpolates noiseless rewards", "ours, span-mode-exact"),
            *shared,
            Setting("ridge", fmpq(1), "unused in span mode", "ours"),
            Setting("nu", fmpq(1), "unused in span mode", "ours"),
        )
    else:
        ridge = min(b**2, gap * b) / norm**2 if norm > 0 else fmpq(1)
        n_max = largest_spanner(dimension, ridge, fmpq(1))
        logarithm = max(log(1 / failure).ceil(), 1)
        t_exp = ceiling(reward**2 * dimension**2 * logarithm**2 / (b * min(gap, b)))
        settings = (
            Setting(
                "n_prompt",
                ceiling(n_max * cover / (gap * failure)),
                "ceil(n_max C / (eps delta))",
                "the shape of spanner-coverage (rate: promises nothing)",
            ),
            Setting("n_pair", 1, "1", "ours, spanner-coverage"),
            Setting(
                "t_exp",
                max(t_exp, 1),
                "ceil(R^2 d^2 ceil(log 1/delta)^2 / (beta min(eps, beta)))",
                "FMR25 Thm 3.1 (rate: promises nothing)",
            ),
            *shared,
            Setting("ridge", ridge, "min(beta^2, eps beta) / B^2", "ours, ridge-error (covered differences only)"),
            Setting("nu", fmpq(1), "1", "ours, ridge-error (covered differences only)"),
        )
    found = {setting.name: setting.value for setting in settings}
    parameters = SpannerSampling(
        int(fmpq(found["n_prompt"]).p), int(fmpq(found["n_pair"]).p), int(fmpq(found["t_exp"]).p),
        fmpq(found["M"]), fmpq(found["delta"]), ridge=fmpq(found["ridge"]), nu=fmpq(found["nu"]), mode=mode,
    )  # fmt: skip
    return TheoryParameters(parameters, settings, SPAN_PROMISE if mode == "span" else None)


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
