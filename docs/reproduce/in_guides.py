"""The numbers in sentences of explanations, how-tos and tutorials."""

from collections.abc import Iterator
from itertools import permutations
from random import Random
from typing import Final

from flint import arb, ctx, fmpq
from mpmath import iv
from reproduce.quotations import Quotation, digits, entering, extremes, nearest, truncated

import reference as ref
from proofs_check.claims.lower_bound.tuning import cost, needed_of_all, separation, tuned
from proofs_check.claims.spanner_sampling.needles import NeedleSetting
from reference.constructions.needles import NeedleFamily
from reference.exact import Real, exp, rational, real, real_sum

FIRST: Final = 16
"""From where on the page on coverage and compute speaks of tuned inputs."""

IN_GUIDES: Final[list[Quotation]] = []

quoted = entering(IN_GUIDES)


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


# ---------------------------------------------------------------------- what several of them are about


@quoted("reference/tightness.md", "at $C = 3$ it is «3,060» times.")
def _() -> tuple[str, ...]:
    setting = NeedleSetting(3)
    family = NeedleFamily.of(1024, 3, int(1 / setting.beta), setting.beta)
    return (f"{int(nearest(cost(setting.inputs()) / family.our_bound())):,}",)


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


def dyadic(sign: int, mantissa: int, exponent: int, _bits: int) -> arb:
    """Return an end of mpmath's interval."""
    return arb(-int(mantissa) if sign else int(mantissa)) * arb(2) ** int(exponent)
