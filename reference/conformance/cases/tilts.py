"""``log_partition``, ``softmax`` and ``coverage``: a base law, rewards and a temperature."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from reference.conformance.cases.family import Asked, CaseFamily, NumberIn, Stream, in_row, nearest_floats, over, two
from reference.conformance.vectors import Argument, Entries, Note


def tilt_inputs(pi: Sequence[NumberIn], r: Sequence[NumberIn], beta: NumberIn = 1) -> dict[str, Argument]:
    """Return the inputs of a tilt."""
    return {"pi": in_row(*pi), "r": in_row(*r), "beta": str(beta)}


_HALF = Fraction(1, 2)

_HAND = [
    Asked(tilt_inputs(over(4, 1, 1, 2), [1, 0, 2]), "three responses"),
    Asked(tilt_inputs([_HALF, _HALF, 0], [1, 0, 3]), "the best response has base mass 0", "ZeroBaseMass"),
    Asked(tilt_inputs([_HALF, _HALF], [710, 0]), "exp(r) is the largest of binary64, and one beyond", "HugeReward"),
    Asked(tilt_inputs([_HALF, _HALF], [800, 0]), "exp(r) overflows", "HugeReward"),
    Asked(tilt_inputs(over(4, 1, 3), [-800, -801]), "every exp(r) underflows", "HugeReward"),
    Asked(tilt_inputs(over(4, 1, 3), [2**20, 2**20 + 1]), "rewards of a million, one apart", "HugeReward"),
    Asked(tilt_inputs(over(4, 1, 3), [2**100, 2**100]), "equal rewards of 1e30", "HugeReward"),
    Asked(
        tilt_inputs([_HALF, 0, _HALF], [0, 1000, 1]), "shifted by 1000, all weights underflow", "OffSupportBestReward"
    ),
    Asked(
        tilt_inputs([0, _HALF, _HALF], [800, 0, -1]), "shifted by 800, all weights underflow", "OffSupportBestReward"
    ),
    Asked(tilt_inputs(over(8, 1, 2, 5), [1, 2, 3], 2), "beta = 2"),
    Asked(tilt_inputs(over(8, 1, 2, 5), [1, 2, 3], _HALF), "beta = 1/2"),
    Asked(tilt_inputs(over(8, 1, 2, 5), [3, 1, 0], 4), "beta = 4"),
    Asked(tilt_inputs([_HALF, _HALF], [1, 0], Fraction(1, 1024)), "a small beta: exp(1024)", "HugeReward"),
    Asked(tilt_inputs([_HALF, _HALF], [1024, 0], 1024), "a large beta"),
    Asked(tilt_inputs([1], [3]), "one response"),
    Asked(tilt_inputs([1], [3], 2), "one response, beta = 2"),
    Asked(tilt_inputs([1, 0], [-2, 5]), "one response has all the mass", "ZeroBaseMass"),
    Asked(tilt_inputs(over(4, 1, 1, 1, 1), [-1, -1, -1, -1]), "equal rewards"),
    Asked(
        tilt_inputs(over(4, 1, 1, 2), [60, 30, -60]),
        "rewards beyond the bounds to which logits are clamped",
        "WideLogits",
    ),
    Asked(tilt_inputs(over(4, 1, 1, 2), [120, 100, -100]), "the same, wider", "WideLogits"),
    Asked(
        tilt_inputs([1 - two(-30), two(-30)], [0, 20]), "a mass of 2^-30 weighs as much as the rest", "TinyMassMatters"
    ),
    Asked(
        tilt_inputs([1 - two(-50), two(-50)], [0, 40]), "a mass of 2^-50, beyond float32's epsilon", "TinyMassMatters"
    ),
    Asked(tilt_inputs(over(16, 1, 2, 3, 4, 6), [5, 4, 3, 2, 1]), "the last response counts little"),
    Asked(tilt_inputs(over(16, 6, 4, 3, 2, 1), [0, 0, 0, 0, 9]), "the last response counts most"),
]
"""What the three functions are all asked."""


def _seeded(name: str, count: int) -> list[Asked]:
    stream, found = Stream(f"tilt {name}"), list[Asked]()
    for k in range(count):
        size, beta = (2, 3, 5, 8)[k % 4], (Fraction(1), Fraction(3, 4), Fraction(5, 2))[k % 3]
        found.append(Asked(tilt_inputs(stream.law(size, 6), stream.dyadics(size, -4, 4, 3), beta), "seeded"))
    return found


def _wide(name: str) -> list[Asked]:
    stream = Stream(f"wide {name}")
    pi = stream.law(64, 12)
    r = stream.dyadics(64, -8, 8, 4)
    return [Asked(tilt_inputs(pi, r), "64 responses", "ManyResponses")]


def catalog_tilts() -> list[tuple[dict[str, Argument], Entries, str]]:
    """Return instances of the catalog with the nearest floats as rewards, the rewards themselves, and a name."""
    return [
        (tilt_inputs(pi, nearest_floats(*texts)), [*texts], f"{name} of the catalog, rounded")
        for name, (pi, *texts) in _CATALOG
    ]


_CATALOG: list[tuple[str, tuple[list[Fraction], *tuple[str, ...]]]] = [
    ("two-arms", ([_HALF, _HALF], "log(2)", "0")),
    ("antipodal", ([_HALF, _HALF], "1/2*log(2)", "-1/2*log(2)")),
    ("different-supports", ([_HALF, _HALF], "5*log(2)", "0")),
    ("rank-deficient", (over(4, 2, 1, 1), "1/2 + 2*log(2)", "1/2", "1/2 + log(2)")),
    ("zero-base-mass", (over(4, 0, 1, 3), "5", "log(3)", "0")),
]


def _rounded_inputs() -> list[Asked]:
    return [Asked(given, name, "RoundedInput", ideal={"r": exact}) for given, exact, name in catalog_tilts()]


_ROUNDED = Note(
    "INFORMATION", "rewards that are logarithms, rounded to binary64: two truths",
    "judged by the floats that were given; the ideal answer says what their rounding cost",
)  # fmt: skip

_BAD = [
    Asked(tilt_inputs([_HALF, _HALF + two(-52)], [1, 0]), "the masses sum to 1 + 2^-52", "BadLaw", "invalid"),
    Asked(tilt_inputs([_HALF, _HALF - two(-53)], [1, 0]), "the masses sum to 1 - 2^-53", "BadLaw", "invalid"),
    Asked(tilt_inputs([Fraction(3, 2), -_HALF], [1, 0]), "a negative mass", "BadLaw", "invalid"),
    Asked(tilt_inputs([0, 0], [1, 0]), "no mass at all", "BadLaw", "invalid"),
    Asked(tilt_inputs([_HALF, _HALF], [1, 0], 0), "beta = 0", "BadTemperature", "invalid"),
    Asked(tilt_inputs([_HALF, _HALF], [1, 0], -1), "beta < 0", "BadTemperature", "invalid"),
    Asked(tilt_inputs([_HALF, _HALF], [1]), "two masses, one reward", "BadShape", "invalid"),
    Asked(tilt_inputs([_HALF, _HALF], [1, 0, 2]), "two masses, three rewards", "BadShape", "invalid"),
    Asked(tilt_inputs([], []), "no responses", "BadShape", "invalid"),
    Asked(tilt_inputs([_HALF, _HALF], ["nan", 0]), "a reward that is no number", "NotANumber", "invalid"),
    Asked(tilt_inputs([_HALF, _HALF], ["inf", 0]), "an infinite reward", "NotANumber", "invalid"),
    Asked(tilt_inputs(["inf", _HALF], [1, 0]), "an infinite mass", "NotANumber", "invalid"),
]


def has_temperature(given: Mapping[str, Argument]) -> bool:
    """Whether beta is not 1."""
    return given["beta"] != "1"


def has_base(given: Mapping[str, Argument]) -> bool:
    """Whether the base law is not uniform over the responses."""
    pi = given["pi"]
    return isinstance(pi, list) and len(set(map(str, pi))) > 1


REFUSALS = {
    "BadLaw": Note("VALIDATION", "masses that do not sum to 1, or are negative", "a number that means nothing",
        mutants=["renormalises"]),
    "BadTemperature": Note("VALIDATION", "beta must be positive", "an infinity, or the law of the worst response",
        mutants=["any-temperature"]),
    "BadShape": Note("VALIDATION", "arrays of lengths that do not fit", "broadcasting, or a tail left out",
        mutants=["broadcasts"]),
    "NotANumber": Note("VALIDATION", "NaN or an infinity comes in", "NaN comes out", mutants=["lets-nan-through"]),
}  # fmt: skip
"""Notes on what must be refused."""

_TEMPERATURE = Note(
    "TEMPERATURE", "beta is left out, inverted, applied twice, or applied after the softmax", "right at beta = 1 only",
    ["RL-Align/RL-Kernel#81", "PrimeIntellect-ai/prime-rl#697", "IBM/fms-dgt#194", "MoonshotAI/Kimi-Audio#161"],
    ["temperature-missing", "temperature-inverted", "temperature-twice", "temperature-after-softmax"],
)  # fmt: skip
_BASE = Note("BASE", "the base law is left out", "right for a uniform base law only", mutants=["base-ignored"])
_HUGE = Note(
    "OVERFLOW", "the largest reward is not taken off before exp", "inf, NaN, or a logarithm of 0",
    ["tensorflow/tensorflow#10142", "uTensor/uTensor#175"], ["no-max-shift"],
)  # fmt: skip
_OFF_SUPPORT = Note(
    "SUPPORT", "the largest reward is taken over responses of base mass 0, too", "every weight underflows: 0/0, log 0",
    mutants=["shift-over-unsupported"],
)  # fmt: skip
_MANY = Note(
    "ACCUMULATION", "a long sum in few bits, or one response short", "digits lost; off by one term",
    ["torch/torch7#418"], ["float32-accumulator", "drops-last"],
)  # fmt: skip

LOG_PARTITION = CaseFamily(
    "log_partition",
    {
        "UnequalBase": _BASE,
        "Temperature": _TEMPERATURE,
        "HugeReward": _HUGE,
        "OffSupportBestReward": _OFF_SUPPORT,
        "ZeroBaseMass": Note(
            "SUPPORT", "epsilon is added to masses, or inside the logarithm", "digits lost where a mass is 0",
            mutants=["epsilon-mass", "epsilon-in-log"],
        ),
        "WideLogits": Note("CLAMP", "logits are clamped", "wrong beyond the bound", mutants=["clamped-logits"]),
        "TinyMassMatters": Note(
            "PRECISION", "masses pass through float32", "1 - 2^-30 becomes 1", mutants=["float32-throughout"]
        ),
        "ManyResponses": _MANY,
        "TinyRewards": Note(
            "CANCELLATION", "log of a sum near 1", "the value has the size of an ulp of 1; log1p and expm1 keep it",
            mutants=["log-of-nearly-one"],
        ),
        "UnequalRewards": Note(
            "FORMULA", "another base of logarithms, a mean in place of the sum, the shift not added back",
            "wrong wherever the value is not 0",
            mutants=["log-base-2", "log-base-10", "mean-not-sum", "shift-not-added-back"],
        ),
        "RoundedInput": _ROUNDED,
        **REFUSALS,
    },
    {
        1: _HAND,
        101: [
            Asked(tilt_inputs([_HALF, _HALF], [two(-40), 0]), "rewards of 2^-40", "TinyRewards"),
            Asked(tilt_inputs(over(8, 3, 5), [two(-30), -two(-31)]), "rewards of 2^-30, both signs", "TinyRewards"),
            Asked(tilt_inputs(over(8, 3, 5), [5 * two(-30), -3 * two(-30)]), "the mean reward is 0", "TinyRewards"),
            Asked(tilt_inputs([_HALF, _HALF], [1, 0], two(40)), "a beta so large that r/beta is 2^-40", "TinyRewards"),
        ],
        251: _rounded_inputs(),
        201: _seeded("log_partition", 12) + _wide("log_partition"),
        301: _BAD,
    },
    {
        "UnequalBase": has_base,
        "Temperature": has_temperature,
        "UnequalRewards": lambda given: any(each != "0" for each in given["r"]) if isinstance(given["r"],
            list) else False,
    },
)  # fmt: skip

_HARD = {
    "the middle of two floats": (51529, 157619, 68800, 117142),
    "a float": (3, 208226, 6, 153002),
}
"""Of 1/(1 + exp(k/2^15)), k up to 400,000: those hardest to round to binary64, found once by balls of 130 bits."""

SOFTMAX = CaseFamily(
    "softmax",
    {
        "UnequalBase": _BASE,
        "Temperature": _TEMPERATURE,
        "HugeReward": _HUGE,
        "OffSupportBestReward": _OFF_SUPPORT,
        "ZeroBaseMass": Note(
            "SUPPORT", "epsilon is added to masses", "mass where the base model has none", mutants=["off-support-mass"]
        ),
        "WideLogits": Note("CLAMP", "logits are clamped", "wrong beyond the bound", mutants=["clamped-logits"]),
        "TinyMassMatters": Note("PRECISION", "masses pass through float32", "1 - 2^-30 becomes 1",
            mutants=["float32-throughout"]),
        "ManyResponses": Note(
            "TRUNCATION", "only the 50 likeliest responses are kept, as is the default of top-k",
                "the rest has no mass",
            mutants=["top-k-ties"],
        ),
        "SmallMass": Note(
            "PRECISION", "masses are rounded to six places, or formed from a logarithm of the sum",
                "small masses vanish",
            mutants=["rounds-to-6", "log-shortcut"],
        ),
        "SubnormalMass": Note(
            "UNDERFLOW", "subnormal numbers are flushed to 0", "a mass of 1e-310 becomes 0; so do XLA's on CPUs",
            mutants=["flushes-subnormals"],
        ),
        "UnequalRewards": Note(
            "FORMULA", "the weights are not divided by their sum", "no law", mutants=["not-normalised"]
        ),
        "NearMidpoint": Note(
            "INFORMATION", "a mass next to the middle of two floats, or next to a float, found among 400,000",
            "rounded twice, or not to the last bit",
        ),
        "RoundedInput": _ROUNDED,
        **REFUSALS,
    },
    {
        1: _HAND,
        101: [
            Asked(tilt_inputs([_HALF, _HALF], [0, -20]), "a mass of 2e-9", "SmallMass"),
            Asked(tilt_inputs([_HALF, _HALF], [0, -700]), "a mass of 1e-304", "SmallMass"),
            Asked(tilt_inputs([two(-20), 1 - two(-20)], [-300, 300]), "a mass of 1e-267", "SmallMass"),
            Asked(tilt_inputs([_HALF, _HALF], [0, -88]), "a mass that is subnormal in float32", "SmallMass"),
            Asked(
                tilt_inputs([_HALF, _HALF], [0, -712]), "a subnormal mass", "SubnormalMass",
                "acceptable", [["", "0"]],
            ),
            Asked(tilt_inputs([_HALF, _HALF], [0, -740]), "a mass of few bits", "SubnormalMass", "acceptable", [["",
                "0"]]),
            Asked(
                tilt_inputs([_HALF, _HALF], [0, -745]), "a mass half of the smallest number", "SubnormalMass",
                    "acceptable",
                [["", "0"]],
            ),
            Asked(tilt_inputs(over(4, 1, 1, 2), [Fraction(5, 16), 0, 3]), "masses of the same size"),
            *[
                Asked(
                    tilt_inputs([_HALF, _HALF], [Fraction(k, 1 << 15), 0]),
                    "the smaller mass is within 2e-5 half units of " + what,
                    "NearMidpoint",
                )
                for what, found in _HARD.items()
                for k in found
            ],
        ],
        201: [
            *_seeded("softmax", 8),
            Asked(
                tilt_inputs([Fraction(1, 64)] * 64, [Fraction(k % 8, 8) for k in range(64)]),
                    "64 responses, eight values",
                "ManyResponses",
            )
        ],
        251: _rounded_inputs(),
        301: _BAD,
    },
    {
        "UnequalBase": has_base,
        "Temperature": has_temperature,
        "UnequalRewards": lambda given: isinstance(given["r"], list) and any(each != "0" for each in given["r"]),
    },
)  # fmt: skip

COVERAGE = CaseFamily(
    "coverage",
    {
        "UnequalBase": _BASE,
        "Temperature": _TEMPERATURE,
        "HugeReward": _HUGE,
        "OffSupportBestReward": _OFF_SUPPORT,
        "ZeroBaseMass": Note(
            "SUPPORT", "responses of base mass 0 are counted", "inf, NaN, or the ratio of a response that never comes",
            mutants=["unsupported-counted"],
        ),
        "WideLogits": Note("CLAMP", "logits are clamped", "wrong beyond the bound", mutants=["clamped-logits"]),
        "TinyMassMatters": Note("PRECISION", "masses pass through float32", "1 - 2^-30 becomes 1",
            mutants=["float32-throughout"]),
        "ManyResponses": _MANY,
        "UnequalRewards": Note(
            "FORMULA", "pi_ref/pi*, its logarithm, a mean, the bound exp(R_max/beta), or the largest mass of pi*",
            "each is 1 where rewards are equal",
            mutants=["inverted", "mean", "bound-instead", "no-base", "logarithm"],
        ),
        "RoundedInput": _ROUNDED,
        **REFUSALS,
    },
    {1: _HAND, 201: _seeded("coverage", 8) + _wide("coverage"), 251: _rounded_inputs(), 301: _BAD},
    {
        "UnequalBase": has_base,
        "Temperature": has_temperature,
        "UnequalRewards": lambda given: isinstance(given["r"], list) and len(set(map(str, given["r"]))) > 1,
    },
)  # fmt: skip
