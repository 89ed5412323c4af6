"""The numbers in sentences of the theory."""

from typing import Final

from flint import fmpq
from reproduce.quotations import Quotation, digits, entering, floor, nearest, truncated

import reference as ref
from proofs_check.claims.lower_bound.saturation import Accuracy
from proofs_check.claims.multi_turn.coverage_of_tokens import fair_trees
from proofs_check.claims.multi_turn.mtss_noise import Noisy, fit_law, mean_square_error
from proofs_check.claims.spanner_sampling.ridge_noise import RARELY, greedy_design, rare_arm, ridge_noise
from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import Number, Real, exp, log, rational, real, real_sum, to_decimal

IN_THEORY: Final[list[Quotation]] = []

quoted = entering(IN_THEORY)


@quoted("reference/theory/lower-bound.md", "beyond $e^4 \\approx «54.6»$, the gap of $\\piref$ is still «0.467».")
def _() -> tuple[str, ...]:
    member = Accuracy.of(64, "1/8").member
    return (digits(exp(4), 3), digits(ref.gap(member, ref.base_policy(member)), 3))


@quoted("reference/theory/multi-turn.md", "among the «48» trees of fair or sure bits")
def _() -> tuple[str, ...]:
    return (str(sum(1 for _ in fair_trees())),)


@quoted("reference/theory/multi-turn.md", "at $H = 64$ about $«1.9» \\cdot 10^{«11»}$")
def _() -> tuple[str, ...]:
    mantissa, exponent = digits(ref.coverage(fair_bits(64, log(3))), 2).split("e")
    return (mantissa, exponent)


@quoted(
    "reference/theory/multi-turn.md",
    "$\\E e_{H-1}^2 = «0.001056»...$ with one pair of roll-outs a target, "
    "$«0.000464»...$ with the mean of two pairs, whose bound is $0.0005$, and "
    "$«0.000528»...$ if the rewards at the ends of one pair are asked for twice.",
)
def _() -> tuple[str, ...]:
    cases = (Noisy(2, 1), Noisy(2, 2), Noisy(2, 1, asked=2))
    errors = (mean_square_error(fit_law(case), case.H - 2, case) for case in cases)
    return tuple(truncated(error, 6) for error in errors)


@quoted("reference/theory/multi-turn.md", "\\ge 1 - e^{-2} > «0.86»$")
def _() -> tuple[str, ...]:
    return (truncated(1 - exp(-2), 2),)


@quoted("reference/theory/multi-turn.md", "at least $\\tfrac34 \\cdot 0.35 = «0.2625»$")
def _() -> tuple[str, ...]:
    return (to_decimal(fmpq(3, 4) * rational("0.35"), 4).text,)


@quoted("reference/theory/rejection.md", "and its gap is above $«80»\\beta$")
def _() -> tuple[str, ...]:
    eighth, rare = fmpq(1, 8), fmpq(1, 2**1000)
    law, base = (ref.Law.of({0: mass, 1: 1 - mass}) for mass in (eighth, rare))
    return (str(10 * floor(real(law.kl(base)) / 10)),)


@quoted("reference/theory/rejection.md", "| $\\hat Z < Z/2$ | $e^{-«0.1534»\\, N/C}$ | $q^{«1.012»}$ |")
def _() -> tuple[str, ...]:
    rate = (1 - real(log(2))) / 2  # a log a - a + 1 at a = 1/2
    return (truncated(rate, 4), truncated(rational("0.1534") * rational("6.6"), 3))


@quoted("reference/theory/rejection.md", "| $\\hat Z > 2Z$ | $e^{-«0.3862»\\, N/C}$ | $q^{«2.54»}$ |")
def _() -> tuple[str, ...]:
    rate = real(log(2)) * 2 - 1  # the same at a = 2
    return (truncated(rate, 4), truncated(rational("0.3862") * rational("6.6"), 2))


@quoted("reference/theory/rejection.md", "$(1 - \\frac{1}{2M})^N \\le e^{-N/(2M)}$ | $q^{«1.65»}$ |")
def _() -> tuple[str, ...]:
    return (truncated(rational("3.3") / 2, 2),)


@quoted("reference/theory/rejection.md", "$\\frac12 (q^{«0.012»} + q^{«1.54»} + q^{«0.65»})$")
def _() -> tuple[str, ...]:
    rates = (rational("0.1534") * rational("6.6"), rational("0.3862") * rational("6.6"), rational("3.3") / 2)
    return tuple(truncated(rate - 1, places) for rate, places in zip(rates, (3, 2, 2), strict=True))


@quoted("reference/theory/rejection.md", "at $q = \\frac12$ it is below $«0.99»$")
def _() -> tuple[str, ...]:
    half = -log(2)
    total = real_sum(real(exp(half * rational(power))) for power in ("0.012", "1.54", "0.65")) / 2
    return (f"0.{floor(total * 100) + 1}",)


@quoted(
    "reference/theory/spanner-sampling.md",
    "finds nothing with probability $(1 - 2p(1-p))^{1275}$, rounded «0.2165», and $\\piref$ is returned, whose gap is "
    "«0.4304», rounded. Now $\\Nprompt$ is «39,472» in span mode and «704,287» in ridge mode.",
)
def _() -> tuple[str, ...]:
    p = rational("6/10000")
    arms = [ref.Response.of("common", 1 - p, [0]), ref.Response.of("rare", p, [1])]
    problem = ref.LinearProblem.of("rare", [ref.Prompt.of("x", arms)], theta=[1000], beta=1000, B=1000, R_max=1000)
    needed = [
        ref.theory_parameters("2/5", "1/10", beta=1000, R_max=1000, B=1000, dimension=1, coverage=3, mode=mode)
        for mode in ("span", "ridge")
    ]
    missed = digits((1 - 2 * p * (1 - p)) ** 1275, 4)
    lost = digits(ref.gap(problem, ref.base_policy(problem)), 4)
    return (missed, lost, *(f"{found.parameters.n_prompt:,}" for found in needed))


@quoted("reference/theory/spanner-sampling.md", "bound is $\\frac{\\log 101}{100 \\log 2}$, «15» times less.")
def _() -> tuple[str, ...]:
    return (nearest(real(log(2)) * 100 / real(log(101))),)


@quoted(
    "reference/theory/spanner-sampling.md", "$\\E \\inner{\\theta_2 - \\theta^*}{\\phi}^2$ is «1.20» times the bound"
)
def _() -> tuple[str, ...]:
    cases = [*ridge_noise(rare_arm(), n_prompt=1, ridge=fmpq(1, 1000), t=2, noise=RARELY)]
    return (digits(max(side(case.left) / side(case.right) for case in cases if case.relation == "<="), 3),)


@quoted(
    "reference/theory/spanner-sampling.md",
    "$\\norm{\\phi}^2_{\\Sigma_t^{-1}}$ is «1.082», «1.115» and «1.117» times $2 s^2$ for $t = 2, 3, 4$.",
)
def _() -> tuple[str, ...]:
    cases = [case for t in (2, 3, 4) for case in greedy_design((t, fmpq(1)))]
    return tuple(digits(side(case.left) * 50, 4) for case in cases)


def side(value: "Number | None") -> Real:
    """Return a side of a decided case."""
    if value is None:
        raise TypeError("the case is not about numbers")
    return real(value)
