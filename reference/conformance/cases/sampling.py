"""``draws``, ``sampler_law`` and ``accept_prob``: the pieces of SoftmaxSampler."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from reference.conformance.cases.family import Asked, CaseFamily, NumberIn, Stream, in_row, over, two
from reference.conformance.cases.tilts import REFUSALS, has_temperature
from reference.conformance.vectors import Argument, Note

_HALF = Fraction(1, 2)


def _draws(M: NumberIn, delta: NumberIn) -> dict[str, Argument]:
    return {"M": str(M), "delta": str(delta)}


def _law(pi: Sequence[NumberIn], f: Sequence[NumberIn], beta: NumberIn, M: NumberIn, N: int) -> dict[str, Argument]:
    return {"pi": in_row(*pi), "f": in_row(*f), "beta": str(beta), "M": str(M), "N": N}


def _coin(f: Sequence[NumberIn], drawn: list[int], y: int, beta: NumberIn, M: NumberIn) -> dict[str, Argument]:
    return {"f": in_row(*f), "drawn": [*drawn], "y": y, "beta": str(beta), "M": str(M)}


_CONVERGENTS = {
    Fraction(1): [116249714, 44885196135847, 208012476621874, 2243252046704767],
    Fraction(1, 4): [22, 985, 58124857, 497468477, 162137842952, 104006238310937, 2243252046704767],
    Fraction(1, 1024): [3062, 23650825, 389965976845, 678413190027631, 782419428338568],
    Fraction(3, 4): [684, 116404487, 9077406598, 327488036729, 251349639491198, 2134001302189255],
    Fraction(3, 8): [365, 619698007, 1218873798313, 539804095122521, 1484765980036511],
    Fraction(5, 8): [7, 1014195232, 22010519358133, 516703847091453],
    Fraction(7, 8): [892006313, 3062118484, 787824019999385],
    Fraction(5, 1024): [24, 1475366683, 5916368458070, 794389900595992, 927774278771669],
}
"""By delta: denominators q of convergents of log(4/delta), found once; at M = q/4 the product is near an integer."""

DRAWS = CaseFamily(
    "draws",
    {
        "Plain": Note(
            "FORMULA", "floor or round in place of ceil, one more or one less, log to base 2, log(2/delta), no 4",
            "a count that guarantees nothing",
            mutants=["floors", "rounds", "one-more", "one-less", "log2", "log-2-over-delta", "no-4"],
        ),
        "FractionalM": Note("FORMULA", "the ceiling of M, or of 4M, is taken first", "too many",
            mutants=["ceil-inside"]),
        "LargeM": Note("PRECISION", "float32 in between", "off by many", mutants=["float32"]),
        "NearInteger": Note(
            "BOUNDARY",
            "4 M log(4/delta) is nearer to an integer than its rounding error",
                "off by one, in every language",
            mutants=["float-ceiling"],
        ),
        "BadParameters": Note("VALIDATION", "M >= 1 and 0 < delta <= 1", "a count below 1, or an infinity",
            mutants=["any-parameters"]),
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_draws(1, 1), "the smallest: ceil(4 log 4) = 6", "Plain"),
            Asked(_draws(1, _HALF), "delta = 1/2", "Plain"),
            Asked(_draws(2, two(-3)), "delta = 1/8", "Plain"),
            Asked(_draws(Fraction(3, 2), two(-4)), "M = 3/2", "Plain FractionalM"),
            Asked(_draws(Fraction(9, 8), two(-7)), "M = 9/8", "Plain FractionalM"),
            Asked(_draws(Fraction(17, 16), two(-10)), "M = 17/16: its ceiling is nearly twice as much",
                "Plain FractionalM"),
            Asked(_draws(64, two(-20)), "delta = 2^-20", "Plain"),
            Asked(_draws(2, two(-1000)), "delta = 2^-1000", "Plain"),
            Asked(_draws(2**20, Fraction(3, 4)), "M = 2^20", "Plain"),
            Asked(_draws(2**30 + 1, _HALF), "M = 2^30 + 1: the count has ten digits", "Plain LargeM"),
            Asked(_draws(Fraction(2**24 + 1), two(-5)), "M = 2^24 + 1 is none of float32", "Plain LargeM"),
            Asked(_draws(2**52 + 1, two(-2)), "the count is beyond 2^53", "LargeM NearInteger"),
        ],
        101: [
            Asked(_draws(Fraction(q, 4), delta), f"q = {q}", "NearInteger" if q > 10**6 else "Plain")
            for delta, found in _CONVERGENTS.items() for q in found
        ],
        301: [
            Asked(_draws(_HALF, _HALF), "M < 1", "BadParameters", "invalid"),
            Asked(_draws(0, _HALF), "M = 0", "BadParameters", "invalid"),
            Asked(_draws(-1, _HALF), "M < 0", "BadParameters", "invalid"),
            Asked(_draws(2, 0), "delta = 0", "BadParameters", "invalid"),
            Asked(_draws(2, 2), "delta > 1", "BadParameters", "invalid"),
            Asked(_draws(2, -_HALF), "delta < 0", "BadParameters", "invalid"),
            Asked(_draws("inf", _HALF), "an infinite M", "NotANumber", "invalid"),
            Asked(_draws(2, "nan"), "a delta that is no number", "NotANumber", "invalid"),
        ],
    },
    {
        "Plain": lambda _: True,
        "FractionalM": lambda given: "/" in str(given["M"]),
        "LargeM": lambda given: Fraction(str(given["M"])) > 2**24,
    },
)  # fmt: skip


def _laws() -> list[Asked]:
    stream, found = Stream("sampler"), list[Asked]()
    for k in range(6):
        size, beta = (2, 3)[k % 2], (Fraction(1), Fraction(3, 2), Fraction(3, 4))[k % 3]
        M, N = (Fraction(3, 2), Fraction(2), Fraction(4))[k % 3], 2 + k % 3
        case = _law(stream.law(size, 4), stream.dyadics(size, -2, 2, 3), beta, M, N)
        found.append(Asked(case, "seeded", "FewTrials Fallback"))
    return found


SAMPLER_LAW = CaseFamily(
    "sampler_law",
    {
        "FewTrials": Note("FORMULA",
            "a trial or a draw for Zhat more or less; Zhat a maximum, or Z itself; M left out, or clipped elsewhere",
            "the law differs little, and more the smaller N is",
            mutants=[
                "one-trial-fewer", "one-trial-more", "zhat-n-plus-1", "zhat-n-minus-1", "zhat-max", "true-z",
                "returns-target", "M-missing", "clip-before-M", "not-clipped-normalised",
            ]),
        "Fallback": Note("FORMULA", "what is returned if no trial accepts", "mass at the wrong responses",
            mutants=["fallback-uniform", "fallback-best", "fallback-target"]),
        "Temperature": Note("TEMPERATURE", "beta is left out", "right at beta = 1 only", mutants=["beta-missing"]),
        "HugeValue": Note("OVERFLOW", "exp(f/beta) is formed", "inf/inf", mutants=["no-max-shift"]),
        "ZeroBaseMass": Note("SUPPORT", "a response of base mass 0 takes part", "mass off the support",
            mutants=["off-support-mass"]),
        **{flag: note for flag, note in REFUSALS.items() if flag != "BadParameters"},
        "BadBound": Note("VALIDATION", "M > 0 and N >= 1", "a division by 0", mutants=["any-bound"]),
    },
    {
        1: [
            Asked(_law([_HALF, _HALF], [0, 0], 1, 2, 3), "equal values: the base law"),
            Asked(_law(over(4, 1, 3), [0, 0], 1, 1, 1), "equal values, M = 1"),
            Asked(_law([_HALF, _HALF], [1, 0], 1, 3, 2), "two responses", "FewTrials Fallback"),
            Asked(_law([_HALF, _HALF], [1, 0], 1, 3, 1), "one draw, one trial", "FewTrials Fallback"),
            Asked(_law(over(4, 1, 3), [2, 0], 2, 4, 3), "beta = 2", "FewTrials Fallback"),
            Asked(_law(over(4, 1, 1, 2), [1, 0, 2], 1, 2, 2), "three responses",
                "FewTrials Fallback"),
            Asked(_law([_HALF, _HALF], [3, 0], 1, Fraction(5, 4), 4), "M is too small: clipped", "FewTrials"),
            Asked(_law([_HALF, _HALF], [1, 0], 1, Fraction(1, 2), 2), "M < 1: clipped nearly always",
                "FewTrials"),
            Asked(_law([_HALF, _HALF], [1, 0], 1, 1000, 2), "M is too large: the fallback mostly", "Fallback"),
            Asked(_law(over(8, 1, 7), [0, -1], 1, 2, 8), "eight draws", "FewTrials"),
            Asked(_law(over(8, 7, 1), [0, 4], 1, 8, 40), "forty draws", "FewTrials"),
            Asked(_law([1], [5], 1, 2, 3), "one response"),
            Asked(_law([_HALF, _HALF, 0], [1, 0, 9], 1, 2, 2), "the best response has base mass 0",
                "ZeroBaseMass FewTrials"),
            Asked(_law([_HALF, _HALF], [800, 799], 1, 2, 2), "exp(f) overflows", "HugeValue FewTrials"),
            Asked(_law([_HALF, _HALF], [-800, -801], 1, 2, 2), "exp(f) underflows", "HugeValue FewTrials"),
            Asked(_law([_HALF, _HALF], [40, 0], 1, 2, 2), "values far apart", "FewTrials"),
        ],
        201: _laws(),
        301: [
            Asked(_law([_HALF, _HALF + two(-52)], [1, 0], 1, 2, 2), "the masses sum to 1 + 2^-52", "BadLaw", "invalid"),
            Asked(_law([_HALF, _HALF], [1, 0], 0, 2, 2), "beta = 0", "BadTemperature", "invalid"),
            Asked(_law([_HALF, _HALF], [1, 0], 1, 0, 2), "M = 0", "BadBound", "invalid"),
            Asked(_law([_HALF, _HALF], [1, 0], 1, 2, 0), "N = 0", "BadBound", "invalid"),
            Asked(_law([_HALF, _HALF], [1], 1, 2, 2), "two masses, one value", "BadShape", "invalid"),
            Asked(_law([_HALF, _HALF], ["nan", 0], 1, 2, 2), "a value that is no number", "NotANumber", "invalid"),
        ],
    },
    {"Temperature": lambda given: has_temperature(given) and not _is_constant(given)},
)  # fmt: skip


def _is_constant(given: Mapping[str, Argument]) -> bool:
    return isinstance(given["f"], list) and len(set(map(str, given["f"]))) == 1


def _coins() -> list[Asked]:
    stream, found = Stream("coin"), list[Asked]()
    for k in range(8):
        beta, M = (Fraction(1), Fraction(3, 2))[k % 2], stream.dyadic(2, 6, 2)
        drawn = [stream.below(4) for _ in range(3 + k % 3)]
        found.append(Asked(_coin(stream.dyadics(4, -2, 2, 3), drawn, stream.below(4), beta, M), "seeded", "Several"))
    return found


ACCEPT_PROB = CaseFamily(
    "accept_prob",
    {
        "BoundM": Note("FORMULA", "M is left out", "right at M = 1 only", mutants=["M-missing"]),
        "Temperature": Note("TEMPERATURE", "beta is left out", "right at beta = 1 only", mutants=["beta-missing"]),
        "Several": Note("FORMULA", "a sum in place of the mean", "right for one draw", mutants=["sum-not-mean"]),
        "Clipped": Note("FORMULA", "probabilities beyond 1, as where speculative decoding clips later", "above 1",
            mutants=["not-clipped"]),
        "HugeValue": Note("OVERFLOW", "exp(f/beta) is formed", "inf/inf, or 0/0", mutants=["no-shift"]),
        "BadTemperature": REFUSALS["BadTemperature"],
        "BadBound": Note("VALIDATION", "M > 0", "a negative probability, or a division by 0", mutants=["any-bound"]),
        "BadIndex": Note("VALIDATION", "a response that does not exist, or no draws", "the last one, or 0/0",
            mutants=["any-index"]),
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_coin([1, 0], [0, 1], 0, 1, 2), "two draws", "Several"),
            Asked(_coin([1, 0], [0], 0, 1, 2), "one draw, the response itself: 1/M"),
            Asked(_coin([1, 0], [1], 0, 1, 4), "e/4"),
            Asked(_coin([1, 0], [1], 0, 1, 2), "e/2, clipped", "Clipped"),
            Asked(_coin([1, 0, -1], [0, 1, 2, 2], 1, 2, 1), "M = 1, beta = 2, clipped", "Several Clipped"),
            Asked(_coin([3, 3], [0, 1], 1, 1, 1), "exactly 1", "Several"),
            Asked(_coin([2, 0], [0, 0, 1], 0, 1, Fraction(1, 2)), "M < 1", "Several Clipped"),
            Asked(_coin([0, 5], [0, 0, 0, 0], 1, 1, 200), "a value not drawn", "Several"),
            Asked(_coin([1, 0], [0, 1], 1, Fraction(1, 4), 3), "beta = 1/4", "Several"),
            Asked(_coin([800, 799], [0, 1], 1, 1, 2), "exp(f) overflows", "HugeValue Several"),
            Asked(_coin([-800, -799], [0, 1], 0, 1, 2), "exp(f) underflows", "HugeValue Several"),
            Asked(_coin([2**40, 2**40 + 1], [0, 1], 0, 1, 2), "values of 1e12, one apart", "HugeValue Several"),
            Asked(_coin([0, -700], [0, 0], 1, 1, 2), "a probability of 1e-305", "Several"),
            Asked(_coin([1, 0], [0, 1] * 8, 0, 1, 2), "sixteen draws", "Several"),
            Asked(_coin([709, 0], [1], 0, 1, 2**1023), "exp(709) against M = 2^1023", "HugeValue"),
            Asked(_coin([800, 0], [1], 0, 1, 2**60), "a ratio beyond the largest number, clipped", "HugeValue Clipped"),
        ],
        201: _coins(),
        301: [
            Asked(_coin([1, 0], [0, 1], 0, 0, 2), "beta = 0", "BadTemperature", "invalid"),
            Asked(_coin([1, 0], [0, 1], 0, 1, 0), "M = 0", "BadBound", "invalid"),
            Asked(_coin([1, 0], [0, 1], 0, 1, -1), "M < 0", "BadBound", "invalid"),
            Asked(_coin([1, 0], [], 0, 1, 2), "no draws", "BadIndex", "invalid"),
            Asked(_coin([1, 0], [0, 2], 0, 1, 2), "a draw that does not exist", "BadIndex", "invalid"),
            Asked(_coin([1, 0], [0, 1], 2, 1, 2), "a response that does not exist", "BadIndex", "invalid"),
            Asked(_coin(["nan", 0], [0, 1], 0, 1, 2), "a value that is no number", "NotANumber", "invalid"),
            Asked(_coin([1, 0], [0, 1], 0, 1, "inf"), "an infinite M", "NotANumber", "invalid"),
        ],
    },
    {"Temperature": has_temperature, "BoundM": lambda given: given["M"] != "1"},
)  # fmt: skip
