"""The numbers that stand in sentences of the pages, each with what computes it.

What stands in tables and figures is made by the cells of its page.  A quotation is text of a page, word for word, with
``«»`` about each number.  Its function returns these numbers as the page writes them.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any, Final

from flint import arb, ctx, fmpq
from mpmath import iv

import reference as ref
from proofs_check.claims.lower_bound.saturation import Accuracy
from proofs_check.claims.lower_bound.tuning import needed_of_all, separation, tuned
from proofs_check.claims.multi_turn.coverage_of_tokens import fair_trees
from proofs_check.claims.multi_turn.mtss_noise import Noisy, fit_law, mean_square_error
from proofs_check.claims.spanner_sampling.needles import NeedleSetting
from proofs_check.claims.spanner_sampling.ridge_noise import RARELY, greedy_design, rare_arm, ridge_noise
from reference.constructions.needles import NeedleFamily
from reference.exact import Number, Real, exp, log, rational, real, real_sum, to_decimal

FIRST: Final = 16
"""From where on the page speaks of tuned inputs."""

DOCS: Final = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Quotation:
    """Words of a page, and what computes their numbers."""

    page: str
    words: str
    compute: Callable[[], tuple[str, ...]]

    @property
    def text(self) -> str:
        """The words as they stand on the page."""
        return re.sub("[«»]", "", self.words)

    @property
    def stated(self) -> tuple[str, ...]:
        """The numbers that the page states."""
        return tuple(re.findall("«([^»]*)»", self.words))

    def stands(self) -> bool:
        """Whether the page has these words."""
        page = (DOCS / self.page).read_text("utf-8")
        return " ".join(self.text.split()) in " ".join(page.split())


QUOTATIONS: Final[list[Quotation]] = []


def quoted(page: str, words: str) -> Callable[[Callable[[], tuple[str, ...]]], Callable[[], tuple[str, ...]]]:
    """Enter the function below as the one that computes the numbers of these words."""

    def enter(compute: Callable[[], tuple[str, ...]]) -> Callable[[], tuple[str, ...]]:
        QUOTATIONS.append(Quotation(page, words, compute))
        return compute

    return enter


# ---------------------------------------------------------------------- explanation


@quoted("explanation/bets-against-a-law.md", "The wrong law is at total variation «0.018».")
def _() -> tuple[str, ...]:
    weights = [arb(y) ** arb("1.1") for y in range(1, 21)]
    total = sum(weights, arb(0))
    apart = sum((abs(arb(y) / 210 - w / total) for y, w in enumerate(weights, 1)), arb(0))
    return (f"{float(apart / 2):.3f}",)


@quoted(
    "explanation/coverage-and-compute.md",
    "A factor of «6» to «12» of it is nobody's fault",
)
def _() -> tuple[str, ...]:
    return extremes(needed_of_all(setting) / bound for setting, bound in needle_bounds())


@quoted("explanation/coverage-and-compute.md", "cheapest learner that we know is at «7» to «12».")
def _() -> tuple[str, ...]:
    return extremes(separation(setting)["search when asked"][1] / bound for setting, bound in needle_bounds())


@quoted(
    "explanation/coverage-and-compute.md",
    "From $C = 16$ on, about $«5»\\, C$ queries are enough instead of $«112»\\, C$: «13» to «16» times what no learner "
    "can go below.",
)
def _() -> tuple[str, ...]:
    settings = [setting for setting, _ in needle_bounds() if setting.C >= FIRST]
    per_c = [fmpq(tuned(setting).t_comp, setting.C) for setting in settings]
    listed = [fmpq(separation(setting)["SpannerSampling"][1], setting.C) for setting in settings]
    over = [fmpq(tuned(setting).t_comp, needed_of_all(setting)) for setting in settings]
    return (nearest(sorted(per_c)[len(per_c) // 2]), nearest(sorted(listed)[len(listed) // 2]), *extremes(over))


@quoted(
    "explanation/coverage-profile.md",
    "`smollm2-facts` has $\\Ccov \\approx «71»$, but from $N = «3»$ on only one prompt in four is left",
)
def _() -> tuple[str, ...]:
    profile = ref.coverage_profile(ref.load("smollm2-facts"))
    tops = sorted(max(prompt.ratios) for prompt in profile.prompts)
    return (digits(tops[-1], 2), next(str(n) for n in range(1, 99) if sum(top >= n for top in tops) == 1))


@quoted("explanation/coverage-profile.md", "nearly all of its $\\pi^*$ («0.9992») is at the last step.")
def _() -> tuple[str, ...]:
    (prompt,) = ref.coverage_profile(needle := ref.load("needle-1024")).prompts
    return (digits(ref.coverage_profile(needle).at(max(prompt.ratios)), 4),)


@quoted("explanation/kl-estimators.md", "it pulls towards $\\piref$ «1,792» times as strongly as KL would.")
def _() -> tuple[str, ...]:
    problem = ref.load("different-supports")
    law, base = ref.optimum(problem).law(1), problem.pi_ref(1)
    return (f"{float(ref.kl_estimator('k3', law, base).gradient[1] / ref.kl_gradient(law, base)[1]):,.0f}",)


@quoted("explanation/tokens-instead-of-sequences.md", "Every layer is covered with probability above «99.6» %.")
def _() -> tuple[str, ...]:
    missed = fmpq(1, 2**8)  # all 8 pairs of a layer are equal; and of SpannerSampling, at H = 1
    return (truncated(real(100 * (1 - missed)), 1),)


@quoted(
    "explanation/number-tower.md",
    "Of 100,000 `exp` enclosures by another interval library, `mpmath.iv`, at random arguments, «15» missed the true "
    "value",
)
def _() -> tuple[str, ...]:
    draw, missed = Random(2026), 0
    with ctx.workprec(160):
        for _ in range(100_000):
            argument = draw.uniform(-700, 700)
            low, high = (dyadic(*end) for end in iv.exp(iv.mpf(argument))._mpi_)
            true = arb(argument).exp()
            missed += not low <= true <= high
    return (str(missed),)


@quoted("how-to/grade-an-implementation.md", "for each of the «65,279» finite numbers `x` of bfloat16")
def _() -> tuple[str, ...]:
    exponents, mantissas = 2**8 - 1, 2**7  # the largest exponent is that of infinities and NaN
    return (f"{2 * exponents * mantissas - 1:,}",)  # and zero is one number


@quoted(
    "how-to/logits.md", "outcome 1 has one chance in «37» under the base model, the optimum takes it with about «0.18»"
)
def _() -> tuple[str, ...]:
    law = logits_of_the_guide()
    base, gained = law[1], 8 * law[1]
    return (digits(real(1) / base, 2), digits(gained / (law[0] + gained + law[2]), 2))


@quoted("how-to/logits.md", "model needs about «6.7» draws for one accepted response.")
def _() -> tuple[str, ...]:
    law = logits_of_the_guide()
    return (digits(8 / (law[0] + 8 * law[1] + law[2]), 2),)


@quoted("how-to/real-base-model.md", "| `smollm2-facts` | «4, 26» | rational | «71.2» |")
def _() -> tuple[str, ...]:
    return sizes_and_coverage("smollm2-facts", 3)


@quoted("how-to/real-base-model.md", "| `smollm2-opposites` | «3, 21» | log-rational | «4.3» |")
def _() -> tuple[str, ...]:
    return sizes_and_coverage("smollm2-opposites", 2)


@quoted("how-to/real-base-model.md", "| `smollm2-two-plus-two` | «1, 6» | log-rational | «5.4» |")
def _() -> tuple[str, ...]:
    return sizes_and_coverage("smollm2-two-plus-two", 2)


@quoted("how-to/real-base-model.md", "multiplies that token's mass by «56»")
def _() -> tuple[str, ...]:
    return (digits(ref.token_coverage(ref.load("smollm2-tokens-answers")), 2),)


@quoted("reference/theory/lower-bound.md", "beyond $e^4 \\approx «54.6»$, the gap of $\\piref$ is still «0.467».")
def _() -> tuple[str, ...]:
    member = Accuracy.of(64, "1/8").member
    return (digits(exp(4), 3), digits(ref.gap(member, ref.base_policy(member)), 3))


@quoted("reference/theory/multi-turn.md", "among the «48» trees of fair or sure bits")
def _() -> tuple[str, ...]:
    return (str(sum(1 for _ in fair_trees())),)


@quoted("reference/theory/multi-turn.md", "at $H = 64$ about $«1.9» \\cdot 10^{«11»}$")
def _() -> tuple[str, ...]:
    mantissa, exponent = f"{(1.5**64):.1e}".split("e+")
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


@quoted("tutorials/spanner-in-the-plane.md", "is rare: $«1/64»$ in the base model, $«8/31»$ in the optimum.")
def _() -> tuple[str, ...]:
    problem = plane()
    return tuple(str(law.mass("f")) for law in (problem.pi_ref("x"), ref.optimum(problem).law("x")))


@quoted("tutorials/spanner-in-the-plane.md", "Six responses have «30» differences.")
def _() -> tuple[str, ...]:
    return (str(len([*permutations("abcdef", 2)])),)


@quoted("tutorials/spanner-in-the-plane.md", "a few times the coverage, here about $«16.5»$.")
def _() -> tuple[str, ...]:
    return (digits(ref.coverage(plane()), 3),)


# ---------------------------------------------------------------------- as pages write numbers


def digits(value: Any, count: int) -> str:  # noqa: ANN401 (whatever to_decimal takes)
    """Return the number, rounded to some digits."""
    return to_decimal(value, count).text


def nearest(value: Any) -> str:  # noqa: ANN401
    """Return the integer next to the number."""
    return str(floor(real(value) + fmpq(1, 2)))


def extremes(values: Iterable[Any]) -> tuple[str, str]:
    """Return the integers next to the least and the largest number."""
    rounded = [int(nearest(value)) for value in values]
    return (str(min(rounded)), str(max(rounded)))


def side(value: "Number | None") -> Real:
    """Return a side of a decided case."""
    if value is None:
        raise TypeError("the case is not about numbers")
    return real(value)


def floor(value: Real) -> int:
    """Return the largest integer below a number that is none."""
    below = value.enclosure(256).floor().unique_fmpz()
    if below is None:
        raise ArithmeticError("256 bits do not tell the integer part")
    return int(below)


def truncated(value: Any, places: int) -> str:  # noqa: ANN401
    """Return the number, cut off after some decimal places."""
    whole, part = divmod(floor(real(value) * 10**places), 10**places)
    return f"{whole}.{part:0{places}}"


def dyadic(sign: int, mantissa: int, exponent: int, _bits: int) -> arb:
    """Return an end of mpmath's interval."""
    return arb(-int(mantissa) if sign else int(mantissa)) * arb(2) ** int(exponent)


# ---------------------------------------------------------------------- what several of them are about


def needle_bounds() -> Iterator[tuple[NeedleSetting, Real]]:
    """Yield the settings of the page on coverage and compute, with ``3/(32 qbar)``."""
    for j in range(1, 13):
        setting = NeedleSetting(2**j)
        yield setting, NeedleFamily.of(1024, setting.C, int(1 / setting.beta), setting.beta).our_bound()


def logits_of_the_guide() -> list[Real]:
    """Return the softmax of the logits 2.5, -1 and 1/8."""
    weights = [real(exp(rational(logit))) for logit in ("5/2", "-1", "1/8")]
    return [weight / real_sum(weights) for weight in weights]


def sizes_and_coverage(name: str, count: int) -> tuple[str, str]:
    """Return prompts and responses of an instance, and its coverage."""
    problem = ref.load(name)
    if not isinstance(problem, ref.LinearProblem):
        raise TypeError(f"{name} is no linear problem")
    responses = sum(len(problem.responses(x)) for x in range(len(problem.prompts)))
    return (f"{len(problem.prompts)}, {responses}", digits(ref.coverage(problem), count))


def plane() -> ref.LinearProblem:
    """Return the six responses of the tutorial."""
    table = {
        "a": ("3/8", 0, 0),
        "b": ("1/4", 2, -2),
        "c": ("3/16", -1, 2),
        "d": ("1/8", -2, 3),
        "e": ("3/64", 3, -1),
        "f": ("1/64", 3, 2),
    }
    responses = [ref.Response.of(y, mass, [f"{u}/4", f"{v}/4"]) for y, (mass, u, v) in table.items()]
    prompt = ref.Prompt.of("x", responses)
    return ref.LinearProblem.of("plane", [prompt], theta=["4*log(2)"] * 2, beta=1, B=4, R_max=4)
