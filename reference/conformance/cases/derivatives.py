"""Derivatives: of KL, of the objective, of the estimator k3, of the DPO loss; by logits, or by log-probabilities."""

from collections.abc import Mapping
from fractions import Fraction

from reference.conformance.cases.divergences import pair_of, point_of
from reference.conformance.cases.family import Asked, CaseFamily, NumberIn, Stream, over, two
from reference.conformance.cases.tilts import REFUSALS, has_base, has_temperature
from reference.conformance.vectors import Argument, Note

_HALF = Fraction(1, 2)

_PAIRS = [
    Asked(pair_of([_HALF, _HALF], over(4, 1, 3)), "two outcomes"),
    Asked(pair_of(over(4, 1, 3), [_HALF, _HALF]), "the other direction"),
    Asked(pair_of(over(8, 1, 2, 5), over(8, 5, 2, 1)), "a law and its mirror image"),
    Asked(pair_of([_HALF, _HALF], [_HALF, _HALF]), "equal laws: 0"),
    Asked(pair_of([1, 0], [_HALF, _HALF]), "a point mass: 0", "ZeroMass"),
    Asked(pair_of([0, _HALF, _HALF], over(8, 2, 1, 5)), "p has no mass on an outcome", "ZeroMass"),
    Asked(pair_of([1 - two(-10), two(-10)], [_HALF, _HALF]), "a mass of 2^-10"),
    Asked(pair_of([_HALF, _HALF], [1 - two(-30), two(-30)]), "a reference mass of 2^-30"),
]

_BAD_PAIRS = [
    Asked(pair_of([_HALF, _HALF], [1, 0]), "p leaves the support of q", "OffSupport", "invalid"),
    Asked(pair_of([_HALF, _HALF + two(-52)], [_HALF, _HALF]), "p sums to 1 + 2^-52", "BadLaw", "invalid"),
    Asked(pair_of([_HALF, _HALF], [1]), "laws on two outcomes and on one", "BadShape", "invalid"),
    Asked(pair_of(["nan", 1], [_HALF, _HALF]), "a mass that is no number", "NotANumber", "invalid"),
    Asked(pair_of([_HALF, _HALF, 0], over(4, 1, 0, 3)), "both laws have no mass somewhere", "OffSupport", "invalid"),
]


def _of_pairs(name: str) -> list[Asked]:
    stream = Stream(f"gradient {name}")
    return [Asked(pair_of(stream.law(size, 6), stream.law(size, 6)), "seeded") for size in (2, 3, 4, 6)]


def _differs(given: Mapping[str, Argument]) -> bool:
    return given["p"] != given["q"]


_OFF_SUPPORT = Note("SUPPORT", "p leaves the support", "a finite derivative of what is infinite",
    mutants=["any-support"])  # fmt: skip
_ZERO = Note("SUPPORT", "0 log 0 is computed", "NaN where p has no mass", mutants=["zero-log-zero-nan"])
_PAIR_REFUSALS = {flag: note for flag, note in REFUSALS.items() if flag != "BadTemperature"}

KL_GRADIENT = CaseFamily(
    "kl_gradient",
    {
        "Different": Note(
            "FORMULA", "the mean is not taken off, the other direction, or the derivative by masses in place of logits",
            "entries that do not sum to 0", mutants=["no-baseline", "direction-swapped", "by-masses"],
        ),
        "ZeroMass": _ZERO,
        "OffSupport": _OFF_SUPPORT,
        **_PAIR_REFUSALS,
    },
    {1: _PAIRS, 201: _of_pairs("kl"), 301: _BAD_PAIRS},
    {"Different": _differs},
)  # fmt: skip

K3_GRADIENT = CaseFamily(
    "k3_gradient",
    {
        "Different": Note(
            "FORMULA",
            "the derivative of KL(p || q) in place of that of the estimator, whose mean is that of KL(q || p)",
            "the value of the loss is right, and its gradient is another",
            mutants=["kl-gradient-instead", "sign"],
        ),
        "ZeroMass": _ZERO,
        "OffSupport": _OFF_SUPPORT,
        **_PAIR_REFUSALS,
    },
    {1: _PAIRS, 201: _of_pairs("k3"), 301: _BAD_PAIRS},
    {"Different": _differs},
)  # fmt: skip


def _of_points() -> list[Asked]:
    stream, found = Stream("objective gradient"), list[Asked]()
    for k, size in enumerate((2, 3, 5, 3)):
        laws = stream.law(size, 6), stream.law(size, 6)
        beta = (Fraction(1), Fraction(5, 2))[k % 2]
        found.append(Asked(point_of(*laws, stream.dyadics(size, -4, 4, 3), beta), "seeded"))
    return found


OBJECTIVE_GRADIENT = CaseFamily(
    "objective_gradient",
    {
        "Away": Note("FORMULA", "the divergence is left out or added, or nothing is taken off",
            "wrong where p is not the base law", mutants=["no-kl", "plus-kl", "no-baseline"]),
        "Temperature": Note("TEMPERATURE", "beta is left out", "right at beta = 1 only", mutants=["beta-missing"]),
        "UnequalBase": Note("BASE", "the divergence is to the uniform law", "entropy in place of the divergence",
            mutants=["base-ignored"]),
        "ZeroMass": _ZERO,
        "OffSupport": _OFF_SUPPORT,
        **REFUSALS,
    },
    {
        1: [
            Asked(point_of([_HALF, _HALF], over(4, 1, 3), [1, 0]), "two responses"),
            Asked(point_of(over(4, 3, 1), over(4, 1, 3), [2, 0], 2), "beta = 2"),
            Asked(point_of([_HALF, _HALF], [_HALF, _HALF], [1, 0]), "p is the base law"),
            Asked(point_of([_HALF, _HALF], [_HALF, _HALF], [5, 5]), "p is the optimum: 0"),
            Asked(point_of([1, 0], [_HALF, _HALF], [1, 0]), "a point mass: 0", "ZeroMass"),
            Asked(point_of([0, _HALF, _HALF], over(4, 0, 1, 3), [9, 1, 0]), "the best response has base mass 0",
                "ZeroMass"),
        ],
        201: _of_points(),
        301: [
            Asked(point_of([_HALF, _HALF], [1, 0], [1, 0]), "p leaves the support", "OffSupport", "invalid"),
            Asked(point_of([_HALF, _HALF], [_HALF, _HALF + two(-52)], [1, 0]), "pi sums to 1 + 2^-52", "BadLaw",
                "invalid"),
            Asked(point_of([_HALF, _HALF], [_HALF, _HALF], [1, 0], 0), "beta = 0", "BadTemperature", "invalid"),
            Asked(point_of([_HALF, _HALF], [_HALF, _HALF], [1]), "two masses, one reward", "BadShape", "invalid"),
            Asked(point_of([_HALF, _HALF], [_HALF, _HALF], ["nan", 1]), "no number", "NotANumber", "invalid"),
            Asked(point_of([_HALF, _HALF, 0], over(4, 1, 0, 3), [1, 0, 0]), "both laws have no mass somewhere",
                "OffSupport", "invalid"),
        ],
    },
    {
        "Away": lambda given: given["p"] != given["pi"],
        "Temperature": lambda given: has_temperature(given) and given["p"] != given["pi"],
        "UnequalBase": has_base,
    },
)  # fmt: skip


def _pair(
    chosen: NumberIn, rejected: NumberIn, base: NumberIn, other: NumberIn, beta: NumberIn = 1
) -> dict[str, Argument]:
    return {
        "chosen": str(chosen), "rejected": str(rejected), "base_chosen": str(base), "base_rejected": str(other),
        "beta": str(beta),
    }  # fmt: skip


def _losses() -> list[Asked]:
    stream, found = Stream("dpo gradient"), list[Asked]()
    for k in range(5):
        chosen, rejected, base, other = stream.dyadics(4, -6, 0, 3)
        found.append(Asked(_pair(chosen, rejected, base, other, (Fraction(1), Fraction(1, 8))[k % 2]), "seeded", "Any"))
    return found


DPO_GRADIENT = CaseFamily(
    "dpo_gradient",
    {
        "Any": Note("FORMULA", "the sign, or both of sigma", "the loss rises", mutants=["sign", "sigma-of-h"]),
        "Temperature": Note("TEMPERATURE", "beta is left out, outside or inside of sigma", "right at beta = 1 only",
            mutants=["beta-missing-outside", "beta-missing-inside"]),
        "FarApart": Note("OVERFLOW", "exp(-h) overflows", "NaN where the slope is -1", mutants=["naive-sigmoid"]),
        "BadTemperature": REFUSALS["BadTemperature"],
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_pair(-1, -1, -1, -1), "no preference: -1/2 and 1/2", ""),
            Asked(_pair(-1, -2, -1, -1), "the chosen one is likelier", "Any"),
            Asked(_pair(-3, -1, -2, -2, 2), "the rejected one is likelier, beta = 2", "Any"),
            Asked(_pair(-1000, -1, -1, -1), "h = -999: -1 and 1", "Any FarApart"),
            Asked(_pair(-1, -1000, -1, -1), "h = 999: nearly 0", "Any"),
            Asked(_pair(-2, -401, -1, -1, 2), "h = 798", "Any FarApart"),
        ],
        201: _losses(),
        301: [
            Asked(_pair(-1, -1, -1, -1, 0), "beta = 0", "BadTemperature", "invalid"),
            Asked(_pair(-1, "-inf", -1, -1), "a log-probability of -inf", "NotANumber", "invalid"),
        ],
    },
    {"Temperature": has_temperature},
)  # fmt: skip
