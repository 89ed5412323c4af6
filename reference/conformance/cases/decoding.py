"""What decoders, best-of-n and rejection make of a law."""

from collections.abc import Sequence
from fractions import Fraction

from reference.conformance.cases.divergences import pair_of
from reference.conformance.cases.family import Asked, CaseFamily, NumberIn, Stream, in_row, over, two
from reference.conformance.cases.tilts import REFUSALS, has_base, has_temperature, tilt_inputs
from reference.conformance.vectors import Argument, Note

_HALF = Fraction(1, 2)


def _kept(p: Sequence[NumberIn], k: int) -> dict[str, Argument]:
    return {"p": in_row(*p), "k": k}


def _share(p: Sequence[NumberIn], share: NumberIn) -> dict[str, Argument]:
    return {"p": in_row(*p), "share": str(share)}


def _heated(p: Sequence[NumberIn], temperature: NumberIn) -> dict[str, Argument]:
    return {"p": in_row(*p), "temperature": str(temperature)}


def _drawn(pi: Sequence[NumberIn], f: Sequence[NumberIn], N: int) -> dict[str, Argument]:
    return {"pi": in_row(*pi), "f": in_row(*f), "N": N}


def _tried(pi: Sequence[NumberIn], r: Sequence[NumberIn], beta: NumberIn, M: NumberIn, N: int) -> dict[str, Argument]:
    return {**tilt_inputs(pi, r, beta), "M": str(M), "N": N}


_LAW = over(16, 6, 4, 3, 2, 1)
_TIED = over(8, 2, 2, 2, 1, 1)

TOP_K = CaseFamily(
    "top_k",
    {
        "Cut": Note("FORMULA", "the law is not renormalised, or one outcome more is kept",
            "masses that do not sum to 1",
            mutants=["not-renormalised", "one-more"]),
        "Ties": Note("BOUNDARY", "the last of the k ties with others: the first are kept, in the order of the law",
            "more than k are kept, or the last of those that tie", mutants=["all-ties", "last-of-ties"]),
        "BadLaw": REFUSALS["BadLaw"],
        "BadCount": Note("VALIDATION", "k >= 1", "no law", mutants=["any-k"]),
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_kept(_LAW, 2), "two of five", "Cut"),
            Asked(_kept(_LAW, 1), "the likeliest", "Cut"),
            Asked(_kept(_LAW, 4), "four of five", "Cut"),
            Asked(_kept(over(16, 1, 2, 3, 4, 6), 3), "the likeliest come last", "Cut"),
            Asked(_kept(_TIED, 2), "two of three that tie", "Cut Ties"),
            Asked(_kept(_TIED, 4), "one of two that tie", "Cut Ties"),
            Asked(_kept(over(4, 1, 1, 1, 1), 3), "a uniform law", "Cut Ties"),
            Asked(
                _kept(_LAW, 9), "more than there are: the law itself", "Cut", "acceptable", [["refused"]]
            ),
        ],
        301: [
            Asked(_kept(_LAW, 0), "k = 0", "BadCount", "invalid"),
            Asked(_kept([_HALF, _HALF + two(-52)], 1), "the masses sum to 1 + 2^-52", "BadLaw", "invalid"),
            Asked(_kept(["nan", 1], 1), "a mass that is no number", "NotANumber", "invalid"),
            Asked(_kept([Fraction(3, 2), -_HALF], 1), "a mass below 0", "BadLaw", "invalid"),
        ],
    },
)  # fmt: skip

TOP_P = CaseFamily(
    "top_p",
    {
        "Cut": Note("FORMULA", "the law is not renormalised, or the outcome that completes the nucleus is left out",
            "too little mass", mutants=["not-renormalised", "last-left-out"]),
        "Boundary": Note(
            "BOUNDARY", "the mass so far is exactly p: the nucleus is complete",
            "one outcome more, where > stands for >=, or where float sums fall short",
            mutants=["strictly-more", "float-sums"],
        ),
        "Ties": Note("BOUNDARY", "outcomes of equal mass: the first are kept", "all of them, or the last",
            mutants=["all-ties", "last-of-ties"]),
        "BadLaw": REFUSALS["BadLaw"],
        "BadShare": Note("VALIDATION", "0 < p <= 1", "no law", mutants=["any-share"]),
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_share(_LAW, Fraction(11, 16)), "11/16, between 10/16 and 13/16", "Cut"),
            Asked(_share(_LAW, Fraction(10, 16)), "the first two have exactly 10/16", "Cut Boundary"),
            Asked(_share(_LAW, Fraction(13, 16)), "the first three have exactly 13/16", "Cut Boundary"),
            Asked(_share(_LAW, Fraction(10, 16) + two(-52)), "and 2^-52 more is asked for", "Cut Boundary"),
            Asked(_share(_LAW, Fraction(10, 16) - two(-53)), "and 2^-53 less", "Cut Boundary"),
            Asked(_share(_LAW, Fraction(1, 16)), "the likeliest alone", "Cut"),
            Asked(_share(_LAW, 1), "everything", ""),
            Asked(_share(_TIED, _HALF), "two of three that tie: exactly 1/2", "Cut Boundary Ties"),
            Asked(_share(_TIED, Fraction(5, 8)), "three of three", "Cut"),
            Asked(_share(_TIED, Fraction(7, 8)), "one of two that tie", "Cut Boundary Ties"),
            Asked(_share([two(-30)] * 4 + [1 - two(-28)], 1 - two(-30)), "masses of 2^-30 that tie",
                "Cut Boundary Ties"),
        ],
        301: [
            Asked(_share(_LAW, 0), "p = 0", "BadShare", "invalid"),
            Asked(_share(_LAW, Fraction(5, 4)), "p > 1", "BadShare", "invalid"),
            Asked(_share([_HALF, _HALF + two(-52)], 1), "the masses sum to 1 + 2^-52", "BadLaw", "invalid"),
            Asked(_share(["nan", 1], _HALF), "a mass that is no number", "NotANumber", "invalid"),
            Asked(_share([_HALF, _HALF], "nan"), "p is no number", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip

MIN_P = CaseFamily(
    "min_p",
    {
        "Cut": Note("FORMULA",
            "the law is not renormalised, or the threshold is p itself and not p times the largest mass",
            "too many are cut", mutants=["not-renormalised", "absolute-threshold"]),
        "Boundary": Note("BOUNDARY", "a mass exactly at the threshold stays", "it goes", mutants=["strictly-more"]),
        "BadLaw": REFUSALS["BadLaw"],
        "BadShare": Note("VALIDATION", "0 < p <= 1", "no law", mutants=["any-share"]),
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_share(_LAW, Fraction(1, 4)), "1/4 of 6/16 is between 1/16 and 2/16", "Cut"),
            Asked(_share(_LAW, _HALF), "half of 6/16 is 3/16 exactly", "Cut Boundary"),
            Asked(_share(_LAW, _HALF + two(-50)), "a little more than half", "Cut Boundary"),
            Asked(_share(_LAW, 1), "the likeliest", "Cut"),
            Asked(_share(_TIED, 1), "the likeliest three", "Cut Boundary"),
            Asked(_share(_LAW, two(-10)), "nothing is cut", ""),
            Asked(_share(over(16, 1, 2, 3, 4, 6), _HALF), "the likeliest come last", "Cut Boundary"),
        ],
        301: [
            Asked(_share(_LAW, Fraction(5, 4)), "p > 1", "BadShare", "invalid"),
            Asked(_share([_HALF, _HALF + two(-52)], 1), "the masses sum to 1 + 2^-52", "BadLaw", "invalid"),
            Asked(_share(["nan", 1], _HALF), "a mass that is no number", "NotANumber", "invalid"),
            Asked(_share([_HALF, _HALF], "nan"), "p is no number", "NotANumber", "invalid"),
            Asked(_share(_LAW, 0), "p = 0", "BadShare", "invalid"),
        ],
    },
)  # fmt: skip

TEMPERED = CaseFamily(
    "tempered",
    {
        "Temperature": Note("TEMPERATURE", "T in place of 1/T, or not at all", "right at T = 1 only",
            mutants=["inverted", "missing"]),
        "Small": Note("UNDERFLOW", "powers of masses underflow", "0/0", mutants=["no-max-shift"]),
        "ZeroMass": Note("SUPPORT", "log 0", "NaN, or mass where there is none", mutants=["log-0"]),
        "BadLaw": REFUSALS["BadLaw"],
        "BadTemperature": REFUSALS["BadTemperature"],
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_heated(over(4, 1, 3), 1), "T = 1"),
            Asked(_heated(over(4, 1, 3), _HALF), "T = 1/2: squares", "Temperature"),
            Asked(_heated(over(4, 1, 3), 2), "T = 2: square roots", "Temperature"),
            Asked(_heated(over(16, 1, 4, 11), Fraction(3, 2)), "T = 3/2", "Temperature"),
            Asked(_heated(over(8, 1, 3, 4), two(-6)), "T = 1/64: powers of 64", "Temperature"),
            Asked(_heated([two(-40), 1 - two(-40)], 8), "T = 8: a mass of 2^-40 grows", "Temperature"),
            Asked(_heated(over(1024, 511, 513), two(-8)), "T = 1/256: masses of 2^-256", "Temperature"),
            Asked(_heated(over(64, *([1] * 62), 2), two(-8)), "masses of 2^-1536", "Small Temperature"),
            Asked(_heated([0, *over(4, 1, 3)], _HALF), "an outcome of mass 0", "ZeroMass Temperature"),
        ],
        301: [
            Asked(_heated(over(4, 1, 3), 0), "T = 0", "BadTemperature", "invalid"),
            Asked(_heated(over(4, 1, 3), -1), "T < 0", "BadTemperature", "invalid"),
            Asked(_heated([_HALF, _HALF + two(-52)], 2), "the masses sum to 1 + 2^-52", "BadLaw", "invalid"),
            Asked(_heated(["nan", 1], 2), "a mass that is no number", "NotANumber", "invalid"),
            Asked(_heated([_HALF, _HALF], "inf"), "an infinite temperature", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip


def _residuals() -> list[Asked]:
    stream = Stream("residual")
    return [Asked(pair_of(stream.law(size, 6), stream.law(size, 6)), "seeded", "Any") for size in (2, 3, 4, 6)]


RESIDUAL = CaseFamily(
    "residual",
    {
        "Any": Note("FORMULA", "the other direction, absolute differences, or not renormalised",
            "speculative decoding draws from another law than the target",
            mutants=["direction-swapped", "absolute", "not-renormalised"]),
        "NearlyEqual": Note("CANCELLATION", "laws that nearly agree", "0/0, where both are rounded first",
            mutants=["float32"]),
        "EqualLaws": Note("VALIDATION", "equal laws leave nothing", "0/0", mutants=["zero-over-zero"]),
        **{flag: note for flag, note in REFUSALS.items() if flag != "BadTemperature"},
    },
    {
        1: [
            Asked(pair_of([_HALF, _HALF], over(4, 1, 3)), "two outcomes", "Any"),
            Asked(pair_of(over(8, 4, 3, 1), over(8, 1, 1, 6)), "two of three gain", "Any"),
            Asked(pair_of([1, 0], [0, 1]), "no common outcome", ""),
            Asked(pair_of([_HALF, 0, _HALF], over(4, 1, 2, 1)), "p has no mass on an outcome", "Any"),
            Asked(pair_of([_HALF + two(-40), _HALF - two(-40), 0], [_HALF, _HALF - two(-39), two(-39)]), "2^-40 apart",
                "NearlyEqual Any"),
        ],
        201: _residuals(),
        301: [
            Asked(pair_of([_HALF, _HALF], [_HALF, _HALF]), "equal laws", "EqualLaws", "invalid"),
            Asked(pair_of([_HALF, _HALF + two(-52)], [_HALF, _HALF]), "p sums to 1 + 2^-52", "BadLaw", "invalid"),
            Asked(pair_of([_HALF, _HALF], [1]), "laws on two outcomes and on one", "BadShape", "invalid"),
            Asked(pair_of(["nan", 1], [_HALF, _HALF]), "a mass that is no number", "NotANumber", "invalid"),
            Asked(pair_of(over(4, 1, 3), [_HALF, _HALF + two(-52)]), "q sums to 1 + 2^-52", "BadLaw", "invalid"),
        ],
    },
)  # fmt: skip

BEST_OF_N = CaseFamily(
    "best_of_n",
    {
        "Any": Note("FORMULA", "the worst of n, a draw more or less, or n times a softmax",
            "right for equal values only", mutants=["worst-of-n", "one-more", "one-less"]),
        "Ties": Note("BOUNDARY", "equal values: the smallest index is best", "the largest index, or shared",
            mutants=["largest-index", "shared"]),
        "TinyMass": Note("CANCELLATION", "F^n - (F - p)^n for a mass p of 2^-40",
            "digits lost; expm1 and log1p keep them",
            mutants=["difference-of-powers"]),
        "BadLaw": REFUSALS["BadLaw"],
        "BadCount": Note("VALIDATION", "n >= 1", "no draw", mutants=["any-n"]),
        "BadShape": REFUSALS["BadShape"],
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_drawn([_HALF, _HALF], [1, 0], 3), "7/8 and 1/8", "Any"),
            Asked(_drawn(over(8, 1, 2, 5), [3, 2, 1], 4), "the best is least likely", "Any"),
            Asked(_drawn(over(8, 1, 2, 5), [1, 3, 2], 1), "one draw: the base law", ""),
            Asked(_drawn(over(4, 1, 1, 2), [1, 1, 0], 2), "two values tie", "Any Ties"),
            Asked(_drawn(over(4, 2, 1, 1), [0, 0, 0], 3), "all tie", "Any Ties"),
            Asked(_drawn([_HALF, _HALF, 0], [1, 0, 9], 2), "the best response has base mass 0", "Any"),
            Asked(_drawn([two(-40), 1 - two(-40)], [1, 0], 2), "the best has mass 2^-40", "Any TinyMass"),
            Asked(_drawn([1 - two(-40), two(-40)], [1, 0], 2), "and the worst", "Any"),
            Asked(_drawn([0, _HALF, _HALF], [0, 1, 2], 2), "the worst response has base mass 0", "Any"),
        ],
        301: [
            Asked(_drawn([_HALF, _HALF], [1, 0], 0), "n = 0", "BadCount", "invalid"),
            Asked(_drawn([_HALF, _HALF], [1], 2), "two masses, one value", "BadShape", "invalid"),
            Asked(_drawn([_HALF, _HALF + two(-52)], [1, 0], 2), "the masses sum to 1 + 2^-52", "BadLaw", "invalid"),
            Asked(_drawn([_HALF, _HALF], ["nan", 1], 2), "a value that is no number", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip

REJECTION_FAILURE = CaseFamily(
    "rejection_failure",
    {
        "Enough": Note("FORMULA", "1 - N/M, exp(-N/M), or 1/M^N, for M >= C_cov", "a bound in place of the value",
            mutants=["union-bound", "exponential-bound", "inverted"]),
        "Truncated": Note("FORMULA", "(1 - 1/M)^N although M < C_cov", "too small", mutants=["coverage-assumed"]),
        "Temperature": Note("TEMPERATURE", "beta is left out", "right at beta = 1, or where M is large",
            mutants=["beta-missing"]),
        "Unlikely": Note("CANCELLATION", "1 - acceptance for an acceptance near 1", "digits lost",
            mutants=["float32"]),
        "BadLaw": REFUSALS["BadLaw"],
        "BadTemperature": REFUSALS["BadTemperature"],
        "BadBound": Note("VALIDATION", "M > 0", "a division by 0", mutants=["any-bound"]),
        "BadShape": REFUSALS["BadShape"],
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_tried(over(4, 1, 3), [1, 0], 1, 2, 2), "M = 2 covers: 1/4", "Enough"),
            Asked(_tried([_HALF, _HALF], [1, 0], 1, 4, 10), "(3/4)^10", "Enough"),
            Asked(_tried(over(4, 1, 3), [3, 0], 1, 2, 2), "M = 2 is too small", "Truncated"),
            Asked(_tried(over(8, 1, 7), [4, 0], 2, Fraction(3, 2), 3), "beta = 2, M = 3/2", "Truncated Temperature"),
            Asked(_tried(over(8, 1, 2, 5), [4, 1, 0], _HALF, 3, 2), "beta = 1/2, three responses",
                "Truncated Temperature"),
            Asked(_tried([_HALF, _HALF], [1, 0], 1, 2, 0), "no trials: 1", ""),
            Asked(_tried([_HALF, _HALF], [0, 0], 1, 1, 3), "M = 1 and pi* = pi: 0", ""),
            Asked(_tried([_HALF, _HALF], [0, 0], 1, 1 + two(-20), 2), "M = 1 + 2^-20", "Unlikely Enough"),
            Asked(_tried([_HALF, _HALF, 0], [1, 0, 5], 1, 2, 2), "a response of base mass 0", "Enough"),
        ],
        301: [
            Asked(_tried([_HALF, _HALF], [1, 0], 1, 0, 2), "M = 0", "BadBound", "invalid"),
            Asked(_tried([_HALF, _HALF], [1, 0], 0, 2, 2), "beta = 0", "BadTemperature", "invalid"),
            Asked(_tried([_HALF, _HALF + two(-52)], [1, 0], 1, 2, 2), "the masses sum to 1 + 2^-52", "BadLaw",
                "invalid"),
            Asked(_tried([_HALF, _HALF], [1], 1, 2, 2), "two masses, one reward", "BadShape", "invalid"),
            Asked(_tried([_HALF, _HALF], ["nan", 0], 1, 2, 2), "a reward that is no number", "NotANumber", "invalid"),
            Asked(_tried([_HALF, _HALF], [1, 0], 1, "inf", 2), "M is infinite", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip

L1_COVERAGE = CaseFamily(
    "l1_coverage",
    {
        "UnequalRewards": Note("FORMULA",
            "the largest ratio, its mean under the base law, or chi-squared, which is 1 less",
            "wrong unless all ratios are 1", mutants=["largest-ratio", "base-mean", "chi-squared"]),
        "Temperature": Note("TEMPERATURE", "beta is left out", "right at beta = 1 only", mutants=["beta-missing"]),
        "UnequalBase": Note("BASE", "the base law is left out", "right for a uniform one", mutants=["base-ignored"]),
        "HugeReward": Note("OVERFLOW", "exp(2r) is formed", "inf/inf", mutants=["no-max-shift"]),
        "BadLaw": REFUSALS["BadLaw"],
        "BadTemperature": REFUSALS["BadTemperature"],
        "BadShape": REFUSALS["BadShape"],
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(tilt_inputs(over(4, 1, 1, 2), [1, 0, 2]), "three responses"),
            Asked(tilt_inputs([_HALF, _HALF], [0, 0]), "pi* = pi: 1"),
            Asked(tilt_inputs([_HALF, _HALF, 0], [1, 0, 3]), "the best response has base mass 0"),
            Asked(tilt_inputs(over(8, 1, 2, 5), [1, 2, 3], 2), "beta = 2"),
            Asked(tilt_inputs([_HALF, _HALF], [400, 0]), "exp(2r) overflows", "HugeReward"),
            Asked(tilt_inputs([two(-20), 1 - two(-20)], [500, 0]), "a coverage of 2^20", "HugeReward"),
            Asked(tilt_inputs([_HALF, _HALF, 0], [1, 0, 2000]), "a huge reward off the support", "HugeReward"),
        ],
        301: [
            Asked(tilt_inputs([_HALF, _HALF], [1, 0], 0), "beta = 0", "BadTemperature", "invalid"),
            Asked(tilt_inputs([_HALF, _HALF + two(-52)], [1, 0]), "the masses sum to 1 + 2^-52", "BadLaw", "invalid"),
            Asked(tilt_inputs([_HALF, _HALF], [1]), "two masses, one reward", "BadShape", "invalid"),
            Asked(tilt_inputs([_HALF, _HALF], ["nan", 0]), "a reward that is no number", "NotANumber", "invalid"),
            Asked(tilt_inputs([_HALF, _HALF], [1, 0], "inf"), "an infinite beta", "NotANumber", "invalid"),
        ],
    },
    {
        "UnequalRewards": lambda given: isinstance(given["r"], list) and len(set(map(str, given["r"]))) > 1,
        "Temperature": has_temperature,
        "UnequalBase": has_base,
    },
)  # fmt: skip
