"""Span mode, truncation, and the elliptic potential: ``in_span``, ``span_fit``, ``truncated_f``, ``log_det``."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from reference.conformance.cases.family import Asked, CaseFamily, NumberIn, Stream, in_row, in_rows, two
from reference.conformance.vectors import Argument, Note

_HALF = Fraction(1, 2)

_Features = Sequence[Iterable[NumberIn]]


def _question(phis: _Features, phi: Sequence[NumberIn]) -> dict[str, Argument]:
    return {"phis": in_rows(*phis), "phi": in_row(*phi)}


def _data(phis: _Features, rewards: Sequence[NumberIn]) -> dict[str, Argument]:
    return {"phis": in_rows(*phis), "rewards": in_row(*rewards)}


def _truncation(
    phis: _Features,
    theta: Sequence[NumberIn],
    candidates: _Features,
    drawn: Sequence[NumberIn],
    ridge: NumberIn,
    nu: NumberIn,
) -> dict[str, Argument]:
    return {
        "phis": in_rows(*phis), "theta": in_row(*theta), "candidates": in_rows(*candidates), "drawn": in_row(*drawn),
        "ridge": str(ridge), "nu": str(nu),
    }  # fmt: skip


def _potential(phis: _Features, ridge: NumberIn) -> dict[str, Argument]:
    return {"phis": in_rows(*phis), "ridge": str(ridge)}


def _size(d: int, ridge: NumberIn, nu: NumberIn) -> dict[str, Argument]:
    return {"d": d, "ridge": str(ridge), "nu": str(nu)}


_SHAPE = Note("VALIDATION", "features of lengths that do not fit", "broadcasting", mutants=["broadcasts"])
_NAN = Note("VALIDATION", "NaN comes in", "any answer comes out", mutants=["lets-nan-through"])
_RIDGE = Note(
    "VALIDATION", "the ridge must be positive", "a logarithm of 0, or a singular matrix", mutants=["any-ridge"]
)

IN_SPAN = CaseFamily(
    "in_span",
    {
        "Inside": Note("FORMULA", "only multiples of one accepted difference count", "a combination is taken for new",
            mutants=["multiples-only", "never"]),
        "Outside": Note("FORMULA", "as many differences as dimensions are taken for all of space",
            "nothing new is seen",
            mutants=["counts-vectors", "always"]),
        "NearlyInside": Note("PRECISION", "a rank by tolerance", "what is 2^-40 off counts as covered",
            mutants=["rank-by-tolerance"]),
        "NearlyDependent": Note("PRECISION", "a rank by tolerance", "what is covered counts as new",
            mutants=["rank-by-coarse-tolerance"]),
        "BadShape": _SHAPE,
        "NotANumber": _NAN,
    },
    {
        1: [
            Asked(_question([[1, 0]], [3, 0]), "a multiple"),
            Asked(_question([[1, 0]], [0, 1]), "another direction", ""),
            Asked(_question([[1, 1, 0], [0, 1, 1]], [1, 2, 1]), "a sum", "Inside"),
            Asked(_question([[1, 1, 0], [0, 1, 1]], [1, 1, 1]), "outside of a plane", ""),
            Asked(_question([], [0, 0]), "nothing accepted, phi = 0: covered", ""),
            Asked(_question([], [1, 0]), "nothing accepted", ""),
            Asked(_question([[1, 0], [2, 0], [3, 0]], [0, 1]), "three times the same direction", "Outside"),
            Asked(_question([[1, 0, 0], [0, 1, 0], [1, 1, 0]], [0, 0, 1]), "three in a plane", "Outside"),
            Asked(_question([[1, 0]], [1, two(-40)]), "2^-40 outside", "NearlyInside"),
            Asked(_question([[1, 0, 0], [0, 1, 0]], [1, 1, two(-52)]), "2^-52 outside", "NearlyInside"),
            Asked(_question([[1, 1], [1, 1 + two(-40)]], [0, 1]), "two differences that nearly agree span the plane",
                "NearlyDependent Inside"),
            Asked(_question([[1, 2], [3, 1]], [-5, 7]), "all of the plane", "Inside"),
        ],
        301: [
            Asked(_question([[1, 0]], [1]), "features of two lengths", "BadShape", "invalid"),
            Asked(_question([[1, 0]], ["nan", 0]), "a feature that is no number", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip


def _fits() -> list[Asked]:
    stream, found = Stream("span fit"), list[Asked]()
    for size in (2, 3, 4):
        phis = [stream.dyadics(size, -1, 1, 4) for _ in range(size + 1)]
        found.append(Asked(_data(phis, stream.dyadics(size + 1, -2, 2, 4)), "seeded", "Several"))
    return found


SPAN_FIT = CaseFamily(
    "span_fit",
    {
        "Several": Note("FORMULA", "only the first data that determine theta are used", "right where the data fit",
            mutants=["first-data"]),
        "Underdetermined": Note("RANK", "a theta that fits, but not that of smallest norm",
            "entries outside of the span",
            mutants=["not-minimal", "refuses-singular"]),
        "Ridged": Note("FORMULA", "a small ridge", "shrunk, even where the data fit exactly", mutants=["ridge"]),
        "NearlyDependent": Note("CONDITION", "the normal equations are formed", "the condition number is squared",
            mutants=["normal-equations"]),
        "BadShape": _SHAPE,
        "NotANumber": _NAN,
    },
    {
        1: [
            Asked(_data([[1]], [2]), "one datum", "Ridged"),
            Asked(_data([[1, 0], [0, 1]], [1, -1]), "interpolated", "Ridged"),
            Asked(_data([[1, 1]], [1]), "a line in the plane: 1/2 and 1/2", "Underdetermined Ridged"),
            Asked(_data([[1, 2, 2]], [9]), "a line in space", "Underdetermined Ridged"),
            Asked(_data([[1, 1, 0], [0, 1, 1]], [1, 1]), "a plane in space", "Underdetermined Ridged"),
            Asked(_data([[1, 1], [2, 2]], [1, 3]), "a line, and data that contradict each other",
                "Underdetermined Several Ridged"),
            Asked(_data([[0, 0]], [5]), "a feature that is 0: 0", ""),
            Asked(_data([[1, 0], [1, 1], [0, 1]], [1, 0, 1]), "no theta fits", "Several Ridged"),
            Asked(_data([[1, 1], [1, 1 + two(-26)]], [1, 2]), "features that nearly depend", "NearlyDependent Ridged"),
        ],
        201: _fits(),
        301: [
            Asked(_data([[1, 0], [0, 1]], [1]), "two features, one reward", "BadShape", "invalid"),
            Asked(_data([], []), "no data: the dimension is unknown", "BadShape", "invalid"),
            Asked(_data([[1, 0]], ["nan"]), "a reward that is no number", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip

_PLANE: list[list[NumberIn]] = [[1, 0], [0, 1], [1, 1], [_HALF, 0]]

TRUNCATED_F = CaseFamily(
    "truncated_f",
    {
        "Covered": Note("FORMULA", "theta phi(y), without what was drawn; or the sign", "right where 0 was drawn",
            mutants=["not-differences", "sign"]),
        "Uncovered": Note("FORMULA", "no truncation, or by the feature and not the difference",
            "an extrapolated reward",
            mutants=["no-truncation", "covers-phi"]),
        "Tie": Note("BOUNDARY", "the norm is nu exactly: covered", "0 in place of the value",
            mutants=["strictly-less"]),
        "Squared": Note("FORMULA", "nu is not squared", "another ellipsoid", mutants=["nu-not-squared"]),
        "BadRidge": _RIDGE,
        "BadShape": _SHAPE,
        "NotANumber": _NAN,
        "BadNu": Note("VALIDATION", "the threshold must be positive", "an empty ellipsoid", mutants=["any-nu"]),
    },
    {
        1: [
            Asked(_truncation([], [1, 2], _PLANE, [0, 0], 1, 2), "everything is covered", ""),
            Asked(_truncation([], [1, 2], _PLANE, [1, 0], 1, 2), "differences to the first", "Covered"),
            Asked(_truncation([], [1, 2], _PLANE, [0, 1], 1, 1), "one of norm 2 is not covered",
                "Covered Uncovered Tie"),
            Asked(_truncation([[1, 0]] * 3, [1, 2], _PLANE, [0, 0], 1, _HALF), "one direction is covered",
                "Uncovered Tie"),
            Asked(_truncation([[1, 0]] * 3, [1, 2], _PLANE, [1, 1], 1, Fraction(5, 8)), "1/4 and 1 against 25/64",
                "Covered Uncovered"),
            Asked(_truncation([[1, 0]], [1, 2], _PLANE, [0, 0], 1, Fraction(3, 4)), "1/2 against 9/16",
                "Uncovered"),
            Asked(_truncation([[2, 1], [1, 2]], [-1, 4], _PLANE, [_HALF, _HALF], 2, _HALF), "correlated features",
                "Covered"),
            Asked(_truncation([[1, 0]], [1, 2], _PLANE, [0, 0], 1, Fraction(9, 16)), "1/2 between 81/256 and 9/16",
                "Uncovered Squared"),
            Asked(_truncation([[1, 0]], [1, 2], _PLANE, [0, 0], 1, Fraction(5, 4)), "3/2 between 5/4 and 25/16",
                "Squared"),
            Asked(_truncation([[1, 0]], [1, 2], _PLANE, [0, 0], Fraction(1, 4), 1), "lambda = 1/4: 4/5 and 4",
                "Uncovered"),
        ],
        301: [
            Asked(_truncation([], [1, 2], _PLANE, [0, 0], 0, 1), "lambda = 0", "BadRidge", "invalid"),
            Asked(_truncation([], [1], _PLANE, [0, 0], 1, 1), "theta of another length", "BadShape", "invalid"),
            Asked(_truncation([], ["nan", 1], _PLANE, [0, 0], 1, 1), "no number", "NotANumber", "invalid"),
            Asked(_truncation([], [1, 2], _PLANE, [0, 0], 1, 0), "nu = 0", "BadNu", "invalid"),
            Asked(_truncation([[1]], [1, 2], _PLANE, [0, 0], 1, 1), "a feature of another length", "BadShape",
                "invalid"),
            Asked(_truncation([], [1, 2], [[1]], [0, 0], 1, 1), "a candidate of another length", "BadShape", "invalid"),
        ],
    },
)  # fmt: skip

LOG_DET = CaseFamily(
    "log_det",
    {
        "Some": Note("FORMULA", "the trace, logarithms to base 2, or lambda^d not divided out",
            "right for one direction",
            mutants=["log-trace", "base-2", "not-normalised"]),
        "Correlated": Note("FORMULA", "the diagonal alone", "right for orthogonal features", mutants=["diagonal-only"]),
        "TinyFeatures": Note("CANCELLATION", "log det for a determinant next to 1",
            "the value has the size of an ulp of 1",
            mutants=["log-of-determinant"]),
        "LargeDeterminant": Note("OVERFLOW", "the determinant is formed", "inf; a factorisation adds logarithms",
            mutants=["determinant-overflows"]),
        "BadRidge": _RIDGE,
        "NotANumber": _NAN,
        "BadShape": _SHAPE,
    },
    {
        1: [
            Asked(_potential([[1]], 1), "log 2", "Some"),
            Asked(_potential([[1, 0], [0, 1]], 1), "two directions: 2 log 2", "Some"),
            Asked(_potential([[1, 0], [1, 1]], _HALF), "correlated features", "Some Correlated"),
            Asked(_potential([[1, 2, 0], [0, 1, 1], [1, 1, 1]], 2), "three dimensions", "Some Correlated"),
            Asked(_potential([[0, 0]], 3), "a feature that is 0: 0", ""),
            Asked(_potential([[two(-20), 0]], 1), "log(1 + 2^-40)", "Some"),
            Asked(_potential([[two(500), 0, 0], [0, two(400), 0], [0, 0, two(300)]], 1), "a determinant of 2^2400",
                "Some LargeDeterminant"),
            Asked(_potential([[two(-30), 0], [0, two(-31)]], 1), "log(1 + 2^-60) + log(1 + 2^-62)",
                "Some TinyFeatures"),
        ],
        301: [
            Asked(_potential([[1, 0]], 0), "lambda = 0", "BadRidge", "invalid"),
            Asked(_potential([["nan", 0]], 1), "a feature that is no number", "NotANumber", "invalid"),
            Asked(_potential([[1, 0], [1]], 1), "features of two lengths", "BadShape", "invalid"),
            Asked(_potential([], 1), "no features: the dimension is unknown", "BadShape", "invalid"),
            Asked(_potential([[1, 0]], "inf"), "an infinite lambda", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip

SPANNER_SIZE = CaseFamily(
    "spanner_size",
    {
        "Any": Note("FORMULA", "the first n that is too large, nu in place of nu^2, 1 in place of 4",
            "off by one, or more",
            mutants=["one-more", "nu-not-squared", "one-for-four"]),
        "Large": Note("OVERFLOW", "powers in floats", "inf <= inf", mutants=["powers-overflow"]),
        "Tie": Note("BOUNDARY", "both sides are equal: n is allowed", "one less", mutants=["strictly-less"]),
        "BadParameters": Note("VALIDATION", "d >= 1, lambda > 0, nu > 0", "a loop that does not end",
            mutants=["any-parameters"]),
        "NotANumber": _NAN,
    },
    {
        1: [
            Asked(_size(1, 1, 1), "2^n <= 1 + 4n", "Any"),
            Asked(_size(2, 1, 1), "d = 2", "Any"),
            Asked(_size(3, _HALF, _HALF), "d = 3", "Any"),
            Asked(_size(8, Fraction(1, 8), Fraction(1, 4)), "d = 8", "Any Large"),
            Asked(_size(1, 1, 8), "nu = 8", "Any"),
            Asked(_size(16, two(-10), two(-3)), "d = 16, small lambda and nu", "Any Large"),
            Asked(_size(1, 4, 1), "2^1 = 1 + 1: equal at n = 1", "Any Tie"),
            Asked(_size(1, _HALF, 1), "2^n <= 1 + 8n: an odd number", "Any"),
        ],
        301: [
            Asked(_size(0, 1, 1), "d = 0", "BadParameters", "invalid"),
            Asked(_size(2, 0, 1), "lambda = 0", "BadParameters", "invalid"),
            Asked(_size(2, 1, 0), "nu = 0", "BadParameters", "invalid"),
            Asked(_size(2, "nan", 1), "lambda is no number", "NotANumber", "invalid"),
            Asked(_size(2, 1, "inf"), "nu is infinite", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip
