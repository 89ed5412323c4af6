"""``spanner``: tables of vectors, and how large coefficients may be."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from reference.conformance.cases.family import Asked, CaseFamily, NumberIn, Stream, in_rows, two
from reference.conformance.vectors import Argument, Note


def _table(vectors: Sequence[Iterable[NumberIn]], C: NumberIn = 2) -> dict[str, Argument]:
    return {"vectors": in_rows(*vectors), "C": str(C)}


_CROSS = [[1, 0], [0, 1]]
_STEPS = [[1, 0, 0], [1, 1, 0], [1, 1, 1], [8, 0, 0], [0, 8, 0], [0, 0, 8]]


def _seeded() -> list[Asked]:
    stream, found = Stream("spanner"), list[Asked]()
    for k in range(10):
        size, C = (2, 3, 4)[k % 3], (Fraction(5, 4), Fraction(3, 2), Fraction(2))[k % 3]
        vectors = [stream.dyadics(size, -1, 1, 4) for _ in range(3 * size + 2)]
        found.append(Asked(_table(vectors, C), "seeded", "Swaps"))
    return found


SPANNERS = CaseFamily(
    "spanner",
    {
        "Swaps": Note(
            "LISTING", "the vectors that come first, or a first basis without swaps", "coefficients beyond C",
            ["VowpalWabbit/vowpal_wabbit#3957"], ["no-swaps", "first-vectors"],
        ),
        "TightC": Note("PARAMETER", "C is taken for 2, or met with a tolerance", "coefficients between C and 2",
            ["VowpalWabbit/vowpal_wabbit#3957"], ["tolerance-too-wide", "C-fixed-at-2"]),
        "RankDeficient": Note("RANK", "d vectors are returned, whatever the rank is", "dependent vectors",
            mutants=["always-d"]),
        "LongVectors": Note("FORMULA", "lengths in place of volumes", "parallel vectors, or coefficients beyond C",
            mutants=["largest-norms", "norm-for-volume"]),
        "NearlyDependent": Note("PRECISION", "vectors that a tolerance takes for dependent", "a spanner of too few",
            mutants=["rank-by-tolerance"]),
        "BadC": Note("VALIDATION", "C must be above 1", "swaps that never end", mutants=["any-C"]),
        "BadShape": Note("VALIDATION", "no vectors, or of several lengths", "broadcasting", mutants=["broadcasts"]),
        "NotANumber": Note("VALIDATION", "NaN comes in", "any indices come out", mutants=["lets-nan-through"]),
    },
    {
        1: [
            Asked(_table(_CROSS), "a basis", ""),
            Asked(_table([[1, 0], [3, 1], [0, 2]]), "three vectors in the plane", "Swaps"),
            Asked(_table([[1]]), "d = 1"),
            Asked(_table([[1], [2], [-3], [4]]), "d = 1: the longest, or one of more than half its length", "Swaps"),
            Asked(_table([[1], [Fraction(5, 4)], [2]], Fraction(9, 8)), "d = 1, C = 9/8", "Swaps TightC"),
            Asked(_table([[0, 0], [0, 0]]), "all 0: the spanner is empty", "RankDeficient"),
            Asked(_table([[0, 0], [1, 2]]), "one of two is 0", "RankDeficient"),
            Asked(_table([[1, 1], [2, 2], [-4, -4]]), "a line in the plane", "RankDeficient Swaps LongVectors"),
            Asked(_table([[1, 0, 1], [0, 1, 1], [1, 1, 2]]), "a plane in space", "RankDeficient"),
            Asked(_table([[1, 0], [1, 0], [0, 1], [0, 1]]), "each vector twice"),
            Asked(_table([[1, 0], [-1, 0], [0, 1]]), "a vector and its opposite"),
            Asked(_table([[16, 0], [15, 1], [0, 1]]), "long vectors that are nearly parallel", "LongVectors"),
            Asked(_table([[16, 0, 0], [15, 1, 0], [15, 0, 1], [0, 1, 0], [0, 0, 1]]), "the same in space",
                "LongVectors"),
            Asked(_table(_STEPS), "a triangular basis comes first", "Swaps"),
            Asked(_table([[4, 1], [1, 4], [4, 4], [4, -4]], Fraction(17, 16)), "C = 17/16", "Swaps TightC"),
            Asked(_table([[2, 0], [0, 2], [3, 0], [0, 3]], Fraction(5, 4)), "3/2 lies between C and 2", "Swaps TightC"),
            Asked(_table([[8, 0], [0, 8], [9, 9]], Fraction(9, 8)), "a coefficient of C exactly", "TightC"),
            Asked(_table([[1, 1], [1, 1 + two(-30)], [1, 1]]), "2^-30 from a line", "NearlyDependent"),
            Asked(_table([[1, 0], [1, two(-40)], [2, 0]]), "2^-40 from a line", "NearlyDependent"),
            Asked(_table([[two(40), 0], [0, two(-40)], [1, two(-41)]]), "lengths of 2^40 and 2^-40", "NearlyDependent"),
        ],
        201: _seeded(),
        301: [
            Asked(_table(_CROSS, 1), "C = 1", "BadC", "invalid"),
            Asked(_table(_CROSS, Fraction(1, 2)), "C < 1", "BadC", "invalid"),
            Asked(_table([], 2), "no vectors", "BadShape", "invalid"),
            Asked({"vectors": [["1", "0"], ["1"]], "C": "2"}, "a ragged table", "BadShape", "invalid"),
            Asked(_table([["nan", 0], [0, 1]], 2), "an entry that is no number", "NotANumber", "invalid"),
            Asked(_table([[1, 0], ["inf", 1]], 2), "an infinite entry", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip
