"""``kl``, ``objective`` and ``gap``: of laws that agree nearly, hardly, or not at all."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from reference.conformance.cases.family import Asked, CaseFamily, NumberIn, Stream, in_row, over, two
from reference.conformance.cases.tilts import REFUSALS, has_base, has_temperature
from reference.conformance.vectors import Argument, Note

_HALF = Fraction(1, 2)


def pair_of(p: Sequence[NumberIn], q: Sequence[NumberIn]) -> dict[str, Argument]:
    """Return the inputs of a divergence."""
    return {"p": in_row(*p), "q": in_row(*q)}


def point_of(
    p: Sequence[NumberIn], pi: Sequence[NumberIn], r: Sequence[NumberIn], beta: NumberIn = 1
) -> dict[str, Argument]:
    """Return the inputs of an objective."""
    return {"p": in_row(*p), "pi": in_row(*pi), "r": in_row(*r), "beta": str(beta)}


def _of_pairs() -> list[Asked]:
    stream, found = Stream("kl"), list[Asked]()
    for k in range(12):
        size = (2, 3, 4, 6, 8)[k % 5]
        found.append(Asked(pair_of(stream.law(size, 6), stream.law(size, 6)), "seeded"))
    found.append(Asked(pair_of(stream.law(64, 12), stream.law(64, 12)), "64 outcomes", "ManyOutcomes"))
    return found


def _of_points(name: str) -> list[Asked]:
    stream, found = Stream(f"point {name}"), list[Asked]()
    for k in range(9):
        size, beta = (2, 3, 5)[k % 3], (Fraction(1), Fraction(3, 4), Fraction(5, 2))[k // 3]
        laws = stream.law(size, 6), stream.law(size, 6)
        found.append(Asked(point_of(*laws, stream.dyadics(size, -4, 4, 3), beta), "seeded"))
    return found


def _leaves(given: Mapping[str, Argument], base: str) -> bool:
    p, q = given["p"], given[base]
    return isinstance(p, list) and isinstance(q, list) and any(
        x != "0" and y == "0" for x, y in zip(p, q, strict=True)
    )  # fmt: skip


def _vanishes(given: Mapping[str, Argument]) -> bool:
    p = given["p"]
    return isinstance(p, list) and "0" in p


def _differs(given: Mapping[str, Argument]) -> bool:
    return given["p"] != given["q"]


_ZERO_LOG_ZERO = Note(
    "SUPPORT", "0 log 0 is computed", "NaN where p has no mass", mutants=["zero-log-zero-nan"]
)  # fmt: skip
_OFF = Note(
    "SUPPORT", "p leaves the support of the base law", "a finite number where the divergence is infinite",
    mutants=["epsilon"],
)  # fmt: skip
_NEAR = Note(
    "CANCELLATION", "two laws that nearly agree", "the divergence has the size of the rounding errors of its terms",
    mutants=["float32"],
)  # fmt: skip

_INFINITE = (("refused",),)

_BAD_PAIRS = [
    Asked(pair_of([_HALF, _HALF + two(-52)], [_HALF, _HALF]), "p sums to 1 + 2^-52", "BadLaw", "invalid"),
    Asked(pair_of([_HALF, _HALF], [_HALF, _HALF - two(-53)]), "q sums to 1 - 2^-53", "BadLaw", "invalid"),
    Asked(pair_of([Fraction(3, 2), -_HALF], [_HALF, _HALF]), "a negative mass", "BadLaw", "invalid"),
    Asked(pair_of([_HALF, _HALF], [1]), "laws on two outcomes and on one", "BadShape", "invalid"),
    Asked(pair_of(["nan", 1], [_HALF, _HALF]), "a mass that is no number", "NotANumber", "invalid"),
]


def _bad_points() -> list[Asked]:
    good = [_HALF, _HALF]
    return [
        Asked(point_of([_HALF, _HALF + two(-52)], good, [1, 0]), "p sums to 1 + 2^-52", "BadLaw", "invalid"),
        Asked(point_of(good, [_HALF, _HALF - two(-53)], [1, 0]), "pi sums to 1 - 2^-53", "BadLaw", "invalid"),
        Asked(point_of(good, good, [1, 0], 0), "beta = 0", "BadTemperature", "invalid"),
        Asked(point_of(good, good, [1, 0], -2), "beta < 0", "BadTemperature", "invalid"),
        Asked(point_of(good, good, [1]), "two masses, one reward", "BadShape", "invalid"),
        Asked(point_of([1], good, [1, 0]), "p on one response, pi on two", "BadShape", "invalid"),
        Asked(point_of(good, good, ["nan", 0]), "a reward that is no number", "NotANumber", "invalid"),
        Asked(point_of(good, good, ["-inf", 0]), "an infinite reward", "NotANumber", "invalid"),
    ]


KL = CaseFamily(
    "kl",
    {
        "Different": Note(
            "FORMULA",
            "the other direction, symmetrised, the mean of an estimator, cross entropy, a mean over outcomes, "
            "terms clamped or made positive, logarithms to base 2",
            "each agrees where the laws do",
            ["pytorch/pytorch#57459", "huggingface/trl#4935", "volcengine/verl#2953"],
            [
                "direction-swapped", "symmetrised", "k3-mean", "k2-mean", "cross-entropy", "mean-reduction",
                "termwise-clamp", "absolute-value", "base-2",
            ],
        ),
        "ZeroMass": _ZERO_LOG_ZERO,
        "OffSupport": _OFF,
        "NearlyEqual": _NEAR,
        "ManyOutcomes": Note("ACCUMULATION", "a long sum, or one term short", "off by one term",
            mutants=["drops-last"]),
        "TinyMass": Note("PRECISION", "epsilon is added to masses", "logarithms of tiny masses change",
            mutants=["epsilon-small"]),
        **{flag: note for flag, note in REFUSALS.items() if flag != "BadTemperature"},
    },
    {
        1: [
            Asked(pair_of([_HALF, _HALF], over(4, 1, 3)), "two outcomes"),
            Asked(pair_of(over(4, 1, 3), [_HALF, _HALF]), "the other direction"),
            Asked(pair_of(over(8, 1, 2, 5), over(8, 5, 2, 1)), "a law and its mirror image: both directions are equal"),
            Asked(pair_of(over(8, 1, 3, 4), over(16, 7, 4, 5)), "three outcomes"),
            Asked(pair_of([1, 0], [_HALF, _HALF]), "a point mass"),
            Asked(pair_of([0, _HALF, _HALF], over(4, 2, 1, 1)), "p has no mass on an outcome"),
            Asked(pair_of([0, _HALF, _HALF], over(4, 0, 1, 3)), "neither law has mass on an outcome"),
            Asked(pair_of([_HALF, _HALF], [_HALF, _HALF]), "equal laws"),
            Asked(pair_of([1], [1]), "one outcome"),
            Asked(
                pair_of([_HALF, _HALF], [1, 0]), "q has no mass where p has", "OffSupport", "acceptable", _INFINITE
            ),
            Asked(
                pair_of([two(-40), 1 - two(-40)], [0, 1]), "and p hardly any", "OffSupport", "acceptable", _INFINITE
            ),
            Asked(pair_of([_HALF, _HALF], [two(-40), 1 - two(-40)]), "a mass of 2^-40", "TinyMass"),
            Asked(pair_of(over(4, 3, 1), [two(-53), 1 - two(-53)]), "a mass of 2^-53", "TinyMass"),
            Asked(pair_of([two(-40), 1 - two(-40)], [_HALF, _HALF]), "p has a mass of 2^-40", "TinyMass"),
        ],
        101: [
            Asked(pair_of([_HALF + two(-20), _HALF - two(-20)], [_HALF, _HALF]), "2^-20 apart, ratios exact",
                "NearlyEqual"),
            Asked(pair_of([_HALF + two(-40), _HALF - two(-40)], [_HALF, _HALF]), "2^-40 apart, ratios exact",
                "NearlyEqual"),
            Asked(
                pair_of([Fraction(3, 8) + two(-20), Fraction(5, 8) - two(-20)], over(8, 3, 5)),
                "2^-20 apart, and ratios are rounded: log1p of the difference keeps the digits", "NearlyEqual",
            ),
            Asked(
                pair_of(over(8, 3, 5), [Fraction(3, 8) + two(-30), Fraction(5, 8) - two(-30)]), "2^-30 apart",
                    "NearlyEqual"
            ),
            Asked(pair_of([_HALF, _HALF], [_HALF + two(-26), _HALF - two(-26)]), "2^-26 apart", "NearlyEqual"),
        ],
        201: _of_pairs(),
        301: _BAD_PAIRS,
    },
    {"Different": _differs, "ZeroMass": _vanishes},
)  # fmt: skip

_POINTS = [
    Asked(point_of([_HALF, _HALF], over(4, 1, 3), [1, 0]), "two responses"),
    Asked(point_of(over(4, 3, 1), over(4, 1, 3), [2, 0], 2), "beta = 2"),
    Asked(point_of(over(4, 1, 3), [_HALF, _HALF], [2, 0], _HALF), "beta = 1/2"),
    Asked(point_of(over(8, 1, 2, 5), over(4, 1, 1, 2), [3, -1, 2]), "three responses"),
    Asked(point_of([_HALF, _HALF], [_HALF, _HALF], [1, 0]), "p is the base law"),
    Asked(point_of([1, 0], [_HALF, _HALF], [1, 0]), "p is a point mass"),
    Asked(point_of([0, _HALF, _HALF], over(4, 0, 1, 3), [1000, 1, 0]), "the best response has base mass 0"),
    Asked(point_of([0, 1, 0], over(4, 2, 1, 1), [1, 2, 3], 4), "a point mass, beta = 4"),
    Asked(point_of([_HALF, _HALF], [1, 0], [1, 0]), "p leaves the support", "OffSupport", "acceptable", _INFINITE),
    Asked(point_of([two(-30), 1 - two(-30)], [0, 1], [100, 0], 2), "and hardly", "OffSupport", "acceptable", _INFINITE),
    Asked(point_of([_HALF, _HALF], over(4, 1, 3), [-3, 5]), "rewards of both signs"),
    Asked(point_of(over(16, 1, 15), over(16, 15, 1), [10, 10]), "equal rewards"),
]

OBJECTIVE = CaseFamily(
    "objective",
    {
        "Away": Note(
            "FORMULA", "the divergence is added, reversed, or to the uniform law; the reward is the base law's",
            "right where p is the base law",
            mutants=["plus-kl", "kl-reversed", "kl-to-uniform", "reward-under-base"],
        ),
        "Temperature": Note("TEMPERATURE", "beta is left out or inverted", "right at beta = 1 only",
            mutants=["beta-missing", "beta-inverted"]),
        "UnequalBase": Note("BASE", "the divergence is to the uniform law", "entropy in place of the divergence",
            mutants=["kl-to-uniform"]),
        "Shifted": Note("FORMULA", "rewards are centred", "wrong unless their mean is 0", mutants=["rewards-centred"]),
        "ZeroMass": _ZERO_LOG_ZERO,
        "OffSupport": _OFF,
        "Cancelling": Note("CANCELLATION", "reward and divergence nearly cancel", "digits lost in float32",
            mutants=["float32"]),
        **REFUSALS,
    },
    {
        1: _POINTS,
        101: [
            Asked(point_of(over(4, 3, 1), over(4, 1, 3), [1, Fraction(-5, 4)]), "J is 0.44 - 0.55", "Cancelling"),
            Asked(
                point_of([1, 0], [two(-10), 1 - two(-10)], [Fraction(7098, 1024), 0]), "J is 2^-8 of its terms",
                "Cancelling",
            ),
        ],
        201: _of_points("objective"),
        301: _bad_points(),
    },
    {
        "Away": lambda given: given["p"] != given["pi"],
        "Temperature": has_temperature,
        "UnequalBase": has_base,
        "Shifted": lambda given: isinstance(given["r"], list) and sum(map(Fraction, _texts(given["r"]))) != 0,
        "ZeroMass": _vanishes,
    },
)  # fmt: skip


def _texts(values: Sequence[object]) -> list[str]:
    return [str(value) for value in values]


GAP = CaseFamily(
    "gap",
    {
        "Away": Note(
            "FORMULA", "the divergence is reversed, or the optimum is that of the reward alone", "wrong for most laws",
            mutants=["kl-reversed", "optimum-of-reward-only"],
        ),
        "Temperature": Note("TEMPERATURE", "beta is left out", "right at beta = 1 only", mutants=["beta-missing"]),
        "Underflow": Note(
            "UNDERFLOW", "the gap through the masses of the optimum", "a mass underflows, and the gap is infinite",
            mutants=["through-probabilities"],
        ),
        "NearOptimum": Note(
            "CANCELLATION", "a gap of the size of rounding errors",
            "negative, or clipped to 0; sum pi* ((1+u) log1p(u) - u) with u = p/pi* - 1 keeps the digits",
            mutants=["negative-clipped-float32"],
        ),
        "ZeroMass": _ZERO_LOG_ZERO,
        "OffSupport": _OFF,
        **REFUSALS,
    },
    {
        1: _POINTS,
        101: [
            Asked(point_of([_HALF, _HALF], [_HALF, _HALF], [800, 0]), "the optimum has a mass of 1e-348", "Underflow"),
            Asked(point_of(over(4, 1, 3), [_HALF, _HALF], [0, 2000]), "and one of 1e-869", "Underflow"),
            Asked(point_of(over(4, 1, 3), [_HALF, _HALF], [4, 0], two(-9)), "beta = 2^-9", "Underflow"),
            Asked(point_of([_HALF, _HALF], [_HALF, _HALF], [3, 3]), "p is the optimum", "NearOptimum"),
            Asked(point_of(over(4, 1, 3), over(4, 1, 3), [0, 0], 2), "p is the optimum, beta = 2", "NearOptimum"),
            Asked(
                point_of([_HALF + two(-20), _HALF - two(-20)], [_HALF, _HALF], [0, 0]), "2^-20 from the optimum",
                    "NearOptimum"
            ),
            Asked(
                point_of([Fraction(749, 1024), Fraction(275, 1024)], [_HALF, _HALF], [1, 0]),
                "p is the optimum to ten bits", "NearOptimum",
            ),
            Asked(
                point_of([Fraction(24803, 32768), Fraction(7965, 32768)], over(8, 5, 3), [Fraction(1, 2), Fraction(-1,
                    8)]),
                "p is near the optimum", "NearOptimum",
            ),
        ],
        201: _of_points("gap"),
        301: _bad_points(),
    },
    {
        "Away": lambda given: given["p"] != given["pi"],
        "Temperature": has_temperature,
        "ZeroMass": _vanishes,
    },
)  # fmt: skip
